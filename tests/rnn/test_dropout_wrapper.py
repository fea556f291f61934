"""DropoutWrapper: what is dropped, what is left alone, one choice for all steps."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.rnn.dropout_wrapper import DropoutWrapper

cells = tf.nn.rnn_cell
ROWS = 400


class Copy(cells.RNNCell):
    """Outputs are the inputs, the state gets a one more at each step."""

    def __init__(self, width=3, state_size=3):
        super().__init__()
        self._sizes = state_size, width

    state_size = property(lambda self: self._sizes[0])
    output_size = property(lambda self: self._sizes[1])

    def call(self, inputs, state):
        return inputs, tf.nest.map_structure(lambda s: s + 1, state)


def one_step(cell, inputs=None):
    """Return outputs and state of a step on ones, computed."""
    x = tf.ones([ROWS, 3]) if inputs is None else inputs
    results = cell(x, cell.zero_state(ROWS, tf.float32))
    with tf.Session() as session:
        return session.run(results)


def kept_of(values):
    return float(np.mean(values != 0))


def test_what_is_kept_is_scaled():
    y, state = one_step(DropoutWrapper(Copy(), input_keep_prob=0.8, output_keep_prob=0.5, seed=1))

    assert set(np.unique(y)) == {0.0, np.float32(1 / 0.8 / 0.5)}
    assert kept_of(y) == pytest.approx(0.4, abs=0.06)
    assert (state == 1).all()


def test_states_are_dropped_but_the_memory_is_not():
    sizes = cells.LSTMStateTuple(3, 3), (3,)
    cell = DropoutWrapper(Copy(3, sizes), state_keep_prob=0.25, seed=1)
    y, ((c, h), (s,)) = one_step(cell)

    assert (y == 1).all()
    assert (c == 1).all()
    assert kept_of(h) == pytest.approx(0.25, abs=0.05)
    assert kept_of(s) == pytest.approx(0.25, abs=0.05)
    assert (h != s).any()


def test_a_visitor_chooses_the_states_that_are_dropped():
    def visitor(part):
        if isinstance(part, dict):
            return {"a": True, "b": False}
        return True

    sizes = {"a": (3, 3), "b": (3,)}
    cell = DropoutWrapper(Copy(3, sizes), state_keep_prob=0.5, dropout_state_filter_visitor=visitor)
    _, state = one_step(cell)

    assert (state["b"][0] == 1).all()
    assert [kept_of(each) for each in state["a"]] == [pytest.approx(0.5, abs=0.1)] * 2


def test_a_probability_may_be_a_tensor():
    keep = tf.placeholder(tf.float32, [])
    cell = DropoutWrapper(Copy(), output_keep_prob=keep)
    y, _ = cell(tf.ones([ROWS, 3]), cell.zero_state(ROWS, tf.float32))
    with tf.Session() as session:
        assert (session.run(y, {keep: 1.0}) == 1).all()
        assert kept_of(session.run(y, {keep: 0.5})) == pytest.approx(0.5, abs=0.06)


def test_nothing_is_added_where_everything_is_kept():
    inside = Copy()
    x = tf.ones([2, 3])
    y, _ = DropoutWrapper(inside, tf.constant(1.0))(x, inside.zero_state(2, tf.float32))

    assert y is x


def test_steps_are_dropped_each_in_its_own_way_or_all_alike():
    inputs = tf.ones([4, 50, 8])
    each = DropoutWrapper(Copy(8), output_keep_prob=0.5)
    alike = DropoutWrapper(
        Copy(8),
        input_keep_prob=0.5,
        output_keep_prob=0.5,
        variational_recurrent=True,
        input_size=8,
        dtype=tf.float32,
        seed=7,
    )
    runs = [tf.nn.dynamic_rnn(c, inputs, dtype=tf.float32)[0] for c in (each, alike)]
    with tf.Session() as session:
        one, other = session.run(runs)
        again = session.run(runs[1])

    assert len(np.unique(one.reshape(-1, 8), axis=0)) > 100
    assert len(np.unique(other.reshape(-1, 8), axis=0)) == 1
    assert set(np.unique(other)) <= {0.0, 4.0}
    assert (again != other).any()


def test_the_cell_inside_is_the_one_that_has_variables():
    inside = cells.GRUCell(3, dtype=tf.float32)
    cell = DropoutWrapper(inside, 0.5)
    cell.build(tf.TensorShape([None, 4]))

    assert cell.wrapped_cell is inside
    assert inside.built
    assert cell.built
    assert cell.weights == inside.weights == tf.global_variables()
    assert (cell.state_size, cell.output_size) == (3, 3)


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"input_keep_prob": 1.5}, ValueError, "input_keep_prob must be between 0 and 1: 1.5"),
        ({"state_keep_prob": -1.0}, ValueError, "state_keep_prob must be between 0 and 1: -1"),
        ({"dropout_state_filter_visitor": 3}, TypeError, "filter_visitor must be callable"),
        ({"variational_recurrent": True}, ValueError, "dtype must be provided"),
        (
            {"variational_recurrent": True, "dtype": tf.float32, "input_keep_prob": 0.5},
            ValueError,
            "input_size must be provided",
        ),
    ],
)
def test_bad_options_are_refused(options, kind, message):
    with pytest.raises(kind, match=message):
        DropoutWrapper(Copy(), **options)
