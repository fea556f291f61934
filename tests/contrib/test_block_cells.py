"""Cells of fused ops: what they compute is what the plain cells compute with the same variables."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.contrib import rnn

X = np.random.default_rng(1).uniform(-1, 1, [4, 3, 2]).astype(np.float32)  # [time, batch, inputs]


def run(fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches)


@pytest.mark.parametrize("peepholes", [False, True])
@pytest.mark.parametrize("lengths", [None, [4, 1, 0]])
def test_a_fused_sequence_is_a_cell_along_time(peepholes, lengths):
    fused = rnn.LSTMBlockFusedCell(5, use_peephole=peepholes, name="cell")
    with tf.variable_scope("rnn"):
        outputs, state = fused(X, dtype=tf.float32, sequence_length=lengths)
    with tf.variable_scope("", reuse=True):
        cell = rnn.LSTMBlockCell(5, use_peephole=peepholes, name="cell")
        plain = tf.nn.dynamic_rnn(cell, X, lengths, dtype=tf.float32, time_major=True)

    got, want = run([(outputs, state), plain])
    for one, other in zip(tf.nest.flatten(got), tf.nest.flatten(want), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


class Sums(rnn.LSTMBlockWrapper):
    """What a user may write: remembers sums, and its outputs are the sums of these."""

    num_units = 2

    def _call_cell(self, inputs, initial_cell_state, initial_output, dtype, sequence_length):
        cells = tf.cumsum(inputs) + tf.cast(initial_cell_state, dtype)
        return cells, tf.cumsum(cells) + initial_output


@pytest.mark.parametrize("listed", [False, True])
def test_a_wrapper_keeps_states_and_lengths(listed):
    first = tf.constant(np.full([3, 2], 10.0, np.float32)), tf.zeros([3, 2])
    inputs = [tf.constant(x) for x in X] if listed else X
    outputs, state = Sums()(inputs, initial_state=first, sequence_length=[4, 1, 0])
    assert isinstance(outputs, list) is listed
    outputs, (c, h) = run([tf.convert_to_tensor(outputs), state])
    cells = np.cumsum(X, 0) + 10
    wanted = np.cumsum(cells, 0)
    wanted[1:, 1] = wanted[:, 2] = 0

    np.testing.assert_allclose(outputs, wanted, rtol=1e-6)
    np.testing.assert_allclose(c, [cells[3, 0], cells[0, 1], [10, 10]], rtol=1e-6)
    np.testing.assert_allclose(h, [wanted[3, 0], wanted[0, 1], [0, 0]], rtol=1e-6)
    with pytest.raises(ValueError, match="a tuple with length 2 or None"):
        Sums()(X, initial_state=first[:1])
    with pytest.raises(NotImplementedError):
        rnn.LSTMBlockWrapper()(X)


def test_a_fused_cell_takes_a_list_of_steps():
    cell = rnn.LSTMBlockFusedCell(5)
    whole, _ = cell(X)
    steps, _ = cell([tf.constant(x) for x in X])

    np.testing.assert_array_equal(*run([whole, tf.stack(steps)]))


def test_a_gated_step_in_one_op_is_that_of_the_plain_cell():
    state = tf.constant(X[1, :, :1] * np.ones(5, np.float32))
    with tf.variable_scope("gated"):
        made, _ = rnn.GRUBlockCellV2(5)(X[0], state)
    with tf.variable_scope("gated", reuse=True):
        plain, _ = rnn.GRUCell(5)(X[0], state)

    np.testing.assert_allclose(*run([made, plain]), rtol=1e-5, atol=1e-6)


def test_the_first_version_names_its_variables_otherwise():
    cell = rnn.GRUBlockCell(num_units=5)
    cell(X[0], tf.zeros([3, 5]))

    assert (cell.state_size, cell.output_size) == (5, 5)
    names = [each.name for each in cell.variables]
    assert names == [f"gru_cell/{each}:0" for each in ("w_ru", "b_ru", "w_c", "b_c")]
    with pytest.raises(ValueError, match="exactly one of num_units or cell_size"):
        rnn.GRUBlockCellV2(5, 5)
