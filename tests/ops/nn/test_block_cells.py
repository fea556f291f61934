"""LSTMBlockCell, BlockLSTM, GRUBlockCell: values and gradients of the same steps in single ops."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.errors import InvalidArgumentError

INPUTS, CELLS, BATCH, STEPS = 3, 2, 2, 3
NAMES = ("cs_prev", "h_prev", "w", "wci", "wcf", "wco", "b")
SIZES = [(BATCH, CELLS)] * 2 + [(INPUTS + CELLS, 4 * CELLS)] + [(CELLS,)] * 3 + [(4 * CELLS,)]


def drawn(*size):
    return np.random.default_rng(sum(size)).uniform(-1, 1, size).astype(np.float32)


def lstm(x, c, h, w, wci, wcf, wco, b):
    """Compute one step in single ops."""
    i, g, f, o = tf.split(tf.matmul(tf.concat([x, h], 1), w) + b, 4, 1)
    i, f = tf.sigmoid(i + wci * c), tf.sigmoid(f + 1 + wcf * c)
    c = tf.tanh(g) * i + c * f
    return c, tf.tanh(c) * tf.sigmoid(o + wco * c)


def assert_same(one, other, inputs):
    """Check values, and gradients of a sum with unlike weights."""
    pairs = []
    for outputs in (one, other):
        total = tf.add_n([tf.reduce_sum(y * drawn(*y.shape.as_list())) for y in outputs])
        pairs.append([*outputs, *tf.gradients(total, inputs)])
    with tf.Session() as session:
        for got, want in zip(*session.run(pairs), strict=True):
            np.testing.assert_allclose(got, want, rtol=2e-5, atol=2e-6)


def test_a_step_is_the_long_short_term_memory():
    x, *rest = inputs = [tf.constant(drawn(*size)) for size in [(BATCH, INPUTS), *SIZES]]
    made = tf.raw_ops.LSTMBlockCell(
        x=x, **dict(zip(NAMES, rest, strict=True)), use_peephole=True, cell_clip=0.0
    )

    assert_same([made.cs, made.h], lstm(*inputs), inputs)


@pytest.mark.parametrize("name", ["BlockLSTM", "BlockLSTMV2"])
def test_a_sequence_is_a_step_after_the_other(name):
    inputs = [tf.constant(drawn(*size)) for size in [(STEPS, BATCH, INPUTS), *SIZES]]
    x, c, h, *weights = inputs
    named = dict(zip(NAMES, inputs[1:], strict=True))
    if name == "BlockLSTMV2":  # another order of gates, and the extra bias written out
        for key, part in (("w", weights[0]), ("b", weights[-1])):
            i, g, f, o = tf.split(part, 4, -1)
            named[key] = tf.concat([i, f + (1 if key == "b" else 0), g, o], -1)
    made = getattr(tf.raw_ops, name)(
        seq_len_max=STEPS, x=x, **named, use_peephole=True, cell_clip=0.0
    )
    memories, outputs = [], []
    for step in range(STEPS):
        c, h = lstm(x[step], c, h, *weights)
        memories.append(c)
        outputs.append(h)

    assert_same([made.cs, made.h], [tf.stack(memories), tf.stack(outputs)], inputs)


def test_a_memory_is_clipped_and_steps_behind_the_end_are_zeros():
    made = tf.raw_ops.BlockLSTM(
        seq_len_max=1,
        x=drawn(STEPS, BATCH, INPUTS),
        **{name: drawn(*size) for name, size in zip(NAMES, SIZES, strict=True)},
        cell_clip=0.125,
    )
    with tf.Session() as session:
        memory, outputs = session.run([made.cs, made.h])

    assert np.abs(memory[0]).max() <= 0.125
    assert not outputs[1:].any()
    assert outputs[0].any()


def test_a_step_is_the_gated_recurrent_unit():
    both = INPUTS + CELLS
    sizes = [(BATCH, INPUTS), (BATCH, CELLS), (both, 2 * CELLS), (both, CELLS), (2 * CELLS,)]
    inputs = [tf.constant(drawn(*size)) for size in (*sizes, (CELLS,))]
    x, before, w_ru, w_c, b_ru, b_c = inputs
    r, u = tf.split(tf.sigmoid(tf.matmul(tf.concat([x, before], 1), w_ru) + b_ru), 2, 1)
    c = tf.tanh(tf.matmul(tf.concat([x, before * r], 1), w_c) + b_c)

    made = tf.raw_ops.GRUBlockCell(x=x, h_prev=before, w_ru=w_ru, w_c=w_c, b_ru=b_ru, b_c=b_c)
    assert_same([made.h], [u * before + (1 - u) * c], inputs)


def test_sizes_that_do_not_fit_are_told():
    sizes = dict(zip(NAMES, SIZES, strict=True)) | {"b": (5,)}
    made = tf.raw_ops.LSTMBlockCell(
        x=drawn(BATCH, INPUTS), **{name: drawn(*size) for name, size in sizes.items()}
    )
    with tf.Session() as session, pytest.raises(InvalidArgumentError, match=r"b.dim_size\(0\)"):
        session.run(made.h)
