"""The graphs of recurrent networks are TensorFlow's, node by node: later seeds count them."""

from __future__ import annotations

import pytest
import same_graph

import minitf
from minitf import nest

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.thorough,
    pytest.mark.filterwarnings("ignore:.*is deprecated:UserWarning"),
    pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning"),
]


def basic(tf, n=4):
    return tf.nn.rnn_cell.BasicRNNCell(n)


def assert_same_wiring(tensorflow, make):
    """Check that nodes are TensorFlow's, and are made in its order: default seeds count them."""
    ours, theirs = same_graph.wiring(minitf, make), same_graph.wiring(tensorflow, make)

    assert list(ours) == list(theirs)
    assert ours == theirs


CELLS = {
    "rnn": basic,
    "rnn with an activation": lambda tf: tf.nn.rnn_cell.BasicRNNCell(4, activation=tf.nn.relu),
    "gru": lambda tf: tf.nn.rnn_cell.GRUCell(4),
    "basic lstm": lambda tf: tf.nn.rnn_cell.BasicLSTMCell(4, forget_bias=0.5),
    "basic lstm of one state": lambda tf: tf.nn.rnn_cell.BasicLSTMCell(4, state_is_tuple=False),
    "lstm": lambda tf: tf.nn.rnn_cell.LSTMCell(4, name="memory"),
    "lstm of one state": lambda tf: tf.nn.rnn_cell.LSTMCell(4, num_proj=2, state_is_tuple=False),
    "lstm with all": lambda tf: tf.nn.rnn_cell.LSTMCell(
        4, use_peepholes=True, cell_clip=2.0, num_proj=3, proj_clip=0.5
    ),
    "layers": lambda tf: tf.nn.rnn_cell.MultiRNNCell([basic(tf, 4), tf.nn.rnn_cell.LSTMCell(3)]),
    "layers of one state": lambda tf: tf.nn.rnn_cell.MultiRNNCell(
        [basic(tf, 4), tf.nn.rnn_cell.GRUCell(2)], state_is_tuple=False
    ),
    "residual": lambda tf: tf.nn.rnn_cell.ResidualWrapper(basic(tf, 3)),
    "placed": lambda tf: tf.nn.rnn_cell.DeviceWrapper(basic(tf), "/cpu:0"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_loop_of_a_cell_is_tensorflows(tensorflow_with_cells, name):
    def make(tf):
        x = tf.placeholder(tf.float32, [None, 7, 3], name="x")
        return nest.flatten([*tf.nn.dynamic_rnn(CELLS[name](tf), x, dtype=tf.float32)])

    assert_same_wiring(tensorflow_with_cells, make)


@pytest.mark.parametrize("name", ["rnn", "lstm", "layers"])
def test_a_loop_with_lengths_is_tensorflows(tensorflow_with_cells, name):
    def make(tf):
        x = tf.placeholder(tf.float32, [None, None, 3], name="x")
        lengths = tf.placeholder(tf.int64, [None], name="n")
        return nest.flatten(
            [
                *tf.nn.dynamic_rnn(
                    CELLS[name](tf), x, lengths, dtype=tf.float32, time_major=True, scope="net"
                )
            ]
        )

    assert_same_wiring(tensorflow_with_cells, make)


@pytest.mark.parametrize("name", ["gru", "basic lstm", "layers"])
@pytest.mark.parametrize("has_lengths", [False, True])
def test_an_unrolled_cell_is_tensorflows(tensorflow_with_cells, name, has_lengths):
    def make(tf):
        x = [tf.placeholder(tf.float32, [5, 3], name="x") for _ in range(3)]
        lengths = tf.placeholder(tf.int32, [5], name="n") if has_lengths else None
        return nest.flatten(
            [*tf.nn.static_rnn(CELLS[name](tf), x, dtype=tf.float32, sequence_length=lengths)]
        )

    assert_same_wiring(tensorflow_with_cells, make)


@pytest.mark.parametrize("has_lengths", [False, True])
def test_two_directions_are_tensorflows(tensorflow_with_cells, has_lengths):
    def make(tf):
        x = tf.placeholder(tf.float32, [5, 4, 3], name="x")
        lengths = tf.placeholder(tf.int32, [5], name="n") if has_lengths else None
        loop = tf.nn.bidirectional_dynamic_rnn(
            CELLS["gru"](tf), basic(tf), x, lengths, dtype=tf.float32
        )
        unrolled = tf.nn.static_bidirectional_rnn(
            CELLS["gru"](tf),
            basic(tf),
            tf.unstack(x, axis=1),
            dtype=tf.float32,
            sequence_length=lengths,
            scope="unrolled",
        )
        return nest.flatten([loop, unrolled])

    assert_same_wiring(tensorflow_with_cells, make)


def decoder(tf):
    """Return outputs of a decoder that reads what it has written."""
    cell = tf.nn.rnn_cell.GRUCell(3)
    ends = tf.placeholder(tf.int32, [None], name="ends")
    start = tf.placeholder(tf.float32, [None, 3], name="start")

    def loop_fn(time, output, state, loop_state):
        if output is None:
            return time >= ends, start, start, None, tf.constant(0)
        return time >= ends, output, state, output, loop_state + 1

    array, state, steps = tf.nn.raw_rnn(cell, loop_fn)
    return [array.stack(), state, steps]


def test_a_raw_loop_is_tensorflows(tensorflow_with_cells):
    assert_same_wiring(tensorflow_with_cells, decoder)


def test_a_cell_of_a_user_is_named_as_in_tensorflow(tensorflow_with_cells):
    def make(tf):
        class Decay(tf.nn.rnn_cell.RNNCell):
            state_size = output_size = 3

            def call(self, inputs, state):
                w = tf.get_variable("w", [3], initializer=tf.ones_initializer())
                state = state / 2 + w * inputs
                return state, state

        x = tf.placeholder(tf.float32, [5, 4, 3], name="x")
        layers = tf.nn.rnn_cell.MultiRNNCell([Decay(), Decay()])
        steps = tf.unstack(x, axis=1)
        return nest.flatten(
            [
                tf.nn.dynamic_rnn(Decay(), x, dtype=tf.float32),
                tf.nn.static_rnn(Decay(), steps, dtype=tf.float32, scope="unrolled"),
                tf.nn.static_rnn(layers, steps, dtype=tf.float32, scope="layers"),
            ]
        )

    assert_same_wiring(tensorflow_with_cells, make)


def test_a_cell_that_is_called_again_reuses_its_scope(tensorflow_with_cells):
    def make(tf):
        x = tf.placeholder(tf.float32, [5, 3], name="x")
        cell, other = CELLS["lstm with all"](tf), CELLS["layers"](tf)
        state = cell.zero_state(5, tf.float32)
        y, state = cell(x, state)
        z, state = cell(x, state)
        states = other.zero_state(5, tf.float32)
        a, states = other(x, states)
        b, states = other(x, states)
        return nest.flatten([y, z, a, b, states])

    assert_same_wiring(tensorflow_with_cells, make)


def test_scopes_that_are_given_are_entered_as_in_tensorflow(tensorflow_with_cells):
    def make(tf):
        class Scaled(tf.nn.rnn_cell.RNNCell):
            state_size = output_size = 3

            def call(self, inputs, state):
                return inputs * tf.get_variable("w", [3], initializer=tf.ones_initializer()), state

        x = tf.placeholder(tf.float32, [5, 3], name="x")
        own, gru = Scaled(), CELLS["gru"](tf)
        zero = own.zero_state(5, tf.float32)
        state = gru.zero_state(5, tf.float32)
        first, _ = own(x, zero, scope="here")
        second, _ = own(x, zero)
        third, _ = gru(x, state, scope="there")
        fourth, _ = gru(x, state)
        wrapped, _ = tf.nn.rnn_cell.ResidualWrapper(Scaled())(x, zero, scope="inside")
        with tf.variable_scope("there", reuse=True):
            fifth, _ = tf.nn.rnn_cell.GRUCell(4, name="gru_cell", reuse=tf.AUTO_REUSE)(
                x, state, scope=tf.get_variable_scope()
            )
        return nest.flatten([first, second, third, fourth, wrapped, fifth])

    assert_same_wiring(tensorflow_with_cells, make)


def test_settings_of_the_scope_around_hold_inside(tensorflow_with_cells):
    def make(tf):
        x = tf.placeholder(tf.float32, [5, 4, 3], name="x")
        with tf.variable_scope(
            "outer",
            initializer=tf.constant_initializer(0.5),
            partitioner=tf.fixed_size_partitioner(2),
        ):
            return nest.flatten([*tf.nn.dynamic_rnn(CELLS["gru"](tf), x, dtype=tf.float32)])

    assert_same_wiring(tensorflow_with_cells, make)


def test_a_network_in_a_loop_is_tensorflows(tensorflow_with_cells):
    def make(tf):
        x = tf.placeholder(tf.float32, [5, 4, 3], name="x")
        cell = tf.nn.rnn_cell.BasicRNNCell(3)

        def again(i, y):
            return i + 1, tf.nn.dynamic_rnn(cell, y, dtype=tf.float32)[0]

        return [tf.while_loop(lambda i, _: i < 2, again, [0, x])[1]]

    assert_same_wiring(tensorflow_with_cells, make)
