"""Cells and stacks of tf.contrib.rnn against their formulas and their parts."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

rnn = tf.contrib.rnn
RNG = np.random.default_rng(3)


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        yield graph


def evaluated(*tensors):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(tensors)


def state_of(width, batch=2):
    c, h = (tf.constant(RNG.normal(size=(batch, width)), tf.float32) for _ in "ch")
    return rnn.LSTMStateTuple(c, h)


@pytest.mark.parametrize("peephole", [False, True])
def test_a_block_cell_is_an_lstm_cell(peephole):
    x, state = tf.constant(RNG.normal(size=(2, 3)), tf.float32), state_of(4)
    with tf.variable_scope("net"):
        block = rnn.LSTMBlockCell(4, forget_bias=0.5, cell_clip=0.7, use_peephole=peephole)
        one = block(x, state)
    with tf.variable_scope("net", reuse=True):
        cell = rnn.LSTMCell(
            4, peephole, cell_clip=0.7, forget_bias=0.5, name="lstm_cell", reuse=True
        )
        other = cell(x, state)

    for left, right in zip(*evaluated(tf.nest.flatten(one), tf.nest.flatten(other)), strict=True):
        np.testing.assert_array_equal(left, right)
    names = {v.op.name for v in tf.global_variables()}
    assert {"net/lstm_cell/kernel", "net/lstm_cell/bias"} <= names
    assert len(names) == (5 if peephole else 2)


def test_a_clip_below_zero_is_none():
    huge = rnn.LSTMStateTuple(tf.fill([1, 2], 100.0), tf.zeros([1, 2]))
    _, state = rnn.LSTMBlockCell(2, forget_bias=50.0, cell_clip=-1)(tf.zeros([1, 1]), huge)

    assert evaluated(state.c)[0].min() > 99


def logistic(x):
    return 1 / (1 + np.exp(-x))


def normalised(x, gain, shift):
    mean, variance = x.mean(1, keepdims=True), x.var(1, keepdims=True)
    return gain * (x - mean) / np.sqrt(variance + 1e-12) + shift


@pytest.mark.parametrize("norm", [True, False])
def test_a_layer_norm_cell_does_what_its_formula_says(norm):
    x, state = tf.constant(RNG.normal(size=(2, 3)), tf.float32), state_of(4)
    cell = rnn.LayerNormBasicLSTMCell(4, layer_norm=norm, norm_gain=0.5, norm_shift=0.25)
    output, new = cell(x, state)
    kernel, *others = tf.trainable_variables()
    bias = tf.zeros([16]) if norm else others[0]
    y, c1, w, b, a, c, h = evaluated(output, new.c, kernel, bias, x, state.c, state.h)

    def adjust(z):
        return normalised(z, 0.5, 0.25) if norm else z

    i, j, f, o = (adjust(z) for z in np.split(np.concatenate([a, h], 1) @ w + b, 4, 1))
    memory = adjust(c * logistic(f + 1) + logistic(i) * np.tanh(j))
    np.testing.assert_allclose(c1, memory, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(y, np.tanh(memory) * logistic(o), rtol=1e-4, atol=1e-5)
    made = {v.op.name.removeprefix("layer_norm_basic_lstm_cell/") for v in tf.global_variables()}
    scopes = ("input", "transform", "forget", "output", "state")
    weights = {f"{scope}/{name}" for scope in scopes for name in ("gamma", "beta")}
    assert made == ({"kernel"} | weights if norm else {"kernel", "bias"})


def test_dropout_hits_only_the_candidate():
    cell = rnn.LayerNormBasicLSTMCell(
        50, layer_norm=False, dropout_keep_prob=0.5, dropout_prob_seed=4
    )
    zero = cell.zero_state(1, tf.float32)
    _, new = cell(tf.ones([1, 2]), zero)

    dropped = evaluated(new.c)[0] == 0
    assert 5 < dropped.sum() < 45


def cells(widths):
    return [rnn.GRUCell(width) for width in widths]


def test_a_stack_along_time_is_its_layers_one_by_one():
    x = tf.constant(RNG.normal(size=(2, 5, 3)), tf.float32)
    lengths = tf.constant([5, 3])
    outputs, forward, backward = rnn.stack_bidirectional_dynamic_rnn(
        cells([4, 2]), cells([4, 2]), x, dtype=tf.float32, sequence_length=lengths
    )
    layer = x
    with tf.variable_scope("stack_bidirectional_rnn", reuse=True):
        for i, width in enumerate([4, 2]):
            with tf.variable_scope(f"cell_{i}"):
                both, last = tf.nn.bidirectional_dynamic_rnn(
                    *cells([width, width]), layer, lengths, dtype=tf.float32
                )
                layer = tf.concat(both, 2)
    one, other, *ends = evaluated(outputs, layer, forward[1], last[0], backward[1], last[1])

    assert one.shape == (2, 5, 4)
    np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(ends[0], ends[1])
    np.testing.assert_array_equal(ends[2], ends[3])


def test_a_stack_of_steps_is_its_layers_one_by_one():
    x = tf.unstack(tf.constant(RNG.normal(size=(2, 4, 3)), tf.float32), axis=1)
    first = [tf.constant(RNG.normal(size=(2, 3)), tf.float32)]
    outputs, forward, backward = rnn.stack_bidirectional_rnn(
        cells([3]), cells([3]), x, first, first, scope="net"
    )
    with tf.variable_scope("net/cell_0", reuse=True) as scope:
        layer, *last = rnn.static_bidirectional_rnn(*cells([3, 3]), x, *first, *first, scope=scope)

    for one, other in ((outputs, layer), ([forward[0], backward[0]], last)):
        np.testing.assert_array_equal(*evaluated(tf.stack(one), tf.stack(other)))


@pytest.mark.parametrize(
    ("forward", "backward", "states", "message"),
    [
        (None, [], None, "at least one fw cell"),
        ([], None, None, "at least one bw cell"),
        ((), [], None, "cells_fw must be a list"),
        ([1], [], None, "the same depth"),
        ([1], [1], 3, "initial_states_fw must be a list"),
        ([1], [1], [], "initial_states_fw must be a list"),
    ],
)
def test_what_stacks_refuse(forward, backward, states, message):
    for stack in (rnn.stack_bidirectional_rnn, rnn.stack_bidirectional_dynamic_rnn):
        with pytest.raises(ValueError, match=message):
            stack(forward, backward, tf.zeros([1, 1, 1]), states)
