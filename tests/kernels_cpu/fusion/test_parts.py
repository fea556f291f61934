"""Parts of arrays are read where they lie, and what is put together is written in place."""

from __future__ import annotations

import numpy as np
import pytest
from executor.clustered import CPU
from kernels_cpu.fusion.whole import Trial, assert_same_bits

import minitf as tf

RNG = np.random.default_rng(0)


def floats(*shape):
    return RNG.standard_normal(shape).astype(np.float32)


CUTS = {
    "split of columns": lambda x: tf.add_n(tf.split(x + 1.0, 3, 1)),
    "split of rows": lambda x: tf.add_n(tf.split(x * 2.0, 2, 0)),
    "unequal split": lambda x: [part * 2.0 for part in tf.split(x, [2, 5, 2], 1)],
    "rows": lambda x: x[1:3] + x[2:4],
    "a block": lambda x: tf.slice(x - 1.0, [1, 2], [2, 4]) * x[1:3, 5:9],
    "one row": lambda x: x * x[2],
    "one column": lambda x: x * x[:, 3:4] + x[:, 4][:, tf.newaxis],
    "one element": lambda x: x * x[1, 2] + x[0, 0],
    "unstacked": lambda x: tf.add_n(tf.unstack(x, axis=1)),
    "a part of a part": lambda x: (x[:, 2:8] * 2.0)[1:, 1:4] + 1.0,
    "reduced": lambda x: [tf.reduce_max(x[:, 2:], 1), tf.reduce_max(x, 1, keepdims=True)[1:3]],
}
IN_SHORT = ("split of columns", "a block", "one element")


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[] if n in IN_SHORT else [pytest.mark.thorough]) for n in CUTS],
)
def test_cuts_give_the_bits_of_the_operations(name):
    assert_same_bits(Trial(CUTS[name], [floats(4, 9)]))


def joined_columns(x, y):
    both = tf.concat([x * 2.0, y, x], 1)
    return both, tf.reduce_max(both, 0), both - 1.0


JOINS = {
    "columns": (joined_columns, [(5, 3), (5, 4)]),
    "rows": (lambda x, y: tf.concat([x, y + y], 0) * 2.0, [(5, 3), (2, 3)]),
    "single ones": (lambda x, y: tf.concat([x + 1.0, y], -1), [(5, 1), (5, 1)]),
    "vectors": (lambda x, y: tf.concat([x * x, y], 0), [(5,), (7,)]),
    "part of a reduction": (
        lambda x, y: tf.reduce_sum(x, 0, keepdims=True)[:, 1:] * y[:, :2],
        [(5, 3), (5, 4)],
    ),
    "sums": (
        lambda x, y: tf.concat([tf.reduce_sum(x * 2.0, 1), tf.reduce_max(y, 0)], 0),
        [(5, 3), (5, 4)],
    ),
    "a join of joins": (
        lambda x, y: tf.concat([tf.concat([x, y * 2.0], 1) + 1.0, x], 1),
        [(5, 3), (5, 4)],
    ),
    "cut again": (lambda x, y: tf.split(x * tf.concat([x[:, :1], y], 1), 2, 1), [(5, 4), (5, 3)]),
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[] if n == "columns" else [pytest.mark.thorough]) for n in JOINS],
)
def test_joins_give_the_bits_of_the_operations(name):
    build, shapes = JOINS[name]
    assert_same_bits(Trial(build, [floats(*shape) for shape in shapes]))


def lstm_cell(gates, bias, cell):
    i, j, f, o = tf.split(tf.nn.bias_add(gates, bias), 4, 1)
    new_cell = cell * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * tf.tanh(j)
    new = tf.tanh(new_cell) * tf.sigmoid(o)
    return [new, new_cell, *tf.gradients(new * new + new_cell, [gates, bias, cell])]


def test_a_cell_with_four_gates_and_its_gradient_are_one_cluster():
    trial = Trial(lstm_cell, [RNG.standard_normal(shape) for shape in ((6, 20), (20,), (6, 5))])

    for got, want in trial.both():
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-13)


def test_other_sizes_of_parts_have_the_same_source():
    sources = {
        Trial(CUTS["split of columns"], [floats(*shape)]).source() for shape in ((4, 9), (7, 30))
    }

    assert len(sources) == 1


@pytest.mark.parametrize(
    "build", [lambda x: x[::-1] + 1.0, lambda x: x[:, ::2] * 2.0], ids=["reversed", "every second"]
)
def test_parts_with_steps_are_left_to_their_operation(build):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [4, 9])
        cut = next(op for op in build(x).graph.get_operations() if op.type == "StridedSlice")

    assert not CPU.fuses(cut)
