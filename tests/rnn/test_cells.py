"""Cells: their steps worked by hand, their states, variables and errors."""

from __future__ import annotations

import logging
import math

import numpy as np
import pytest

import minitf as tf
from minitf.rnn.cell import activation_function, sizes, static_sizes
from minitf.rnn.projection_wrappers import (
    EmbeddingWrapper,
    InputProjectionWrapper,
    OutputProjectionWrapper,
)

cells = tf.nn.rnn_cell


def logistic(x):
    return 1 / (1 + math.exp(-x))


def stepped(cell, x, state, **weights):
    """Return outputs and next state of one step, with weights set by the ends of their names."""
    results = cell(tf.constant(x, tf.float64), state)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for end, value in weights.items():
            (variable,) = (
                v for v in tf.global_variables() if v.op.name.endswith(end.replace("__", "/"))
            )
            session.run(variable.assign(np.reshape(value, variable.shape.as_list())))
        return session.run(results)


@pytest.fixture
def warned(caplog):
    """Return what is logged, also where TensorFlow keeps its logger to itself."""
    logger = logging.getLogger("tensorflow")
    logger.addHandler(caplog.handler)
    with caplog.at_level(logging.WARNING, logger="tensorflow"):
        yield caplog
    logger.removeHandler(caplog.handler)


def column(value):
    return tf.constant([[value]], tf.float64)


# --- one step, worked by hand ---------------------------------------------------------------------


def test_a_plain_step_is_an_activated_sum():
    y, h = stepped(
        cells.BasicRNNCell(1, activation=lambda x: x * 2),
        [[3.0]],
        column(5.0),
        kernel=[2.0, 10.0],
        bias=[0.5],
    )

    assert y == h == 2 * (3 * 2 + 5 * 10 + 0.5)


def test_a_gated_step_mixes_the_state_with_a_candidate():
    # the kernel's columns are the reset gate and the update gate
    y, h = stepped(
        cells.GRUCell(1),
        [[1.0]],
        column(0.5),
        gates__kernel=[0.1, 0.2, 0.4, -0.6],
        gates__bias=[0.0, 1.0],
        candidate__kernel=[0.7, 0.9],
        candidate__bias=[-0.3],
    )

    reset = logistic(0.1 + 0.4 * 0.5)
    update = logistic(0.2 - 0.6 * 0.5 + 1.0)
    candidate = math.tanh(0.7 + 0.9 * reset * 0.5 - 0.3)
    assert y == h
    assert y == pytest.approx(update * 0.5 + (1 - update) * candidate)


def long_step(x, c, h, *, peepholes=(0.0, 0.0, 0.0)):
    """Return c' and h' of the cell whose weights `LONG` are, with forget bias 1."""
    w_f, w_i, w_o = peepholes
    i, j, f, o = (x * w + h * v + b for w, v, b in zip(KX, KH, BIAS, strict=True))
    c = logistic(f + 1.0 + w_f * c) * c + logistic(i + w_i * c) * math.tanh(j)
    return c, logistic(o + w_o * c) * math.tanh(c)


KX, KH, BIAS = (0.1, 0.2, 0.3, 0.4), (0.5, -0.6, 0.7, -0.8), (0.0, 0.1, -0.2, 0.3)
LONG = {"kernel": [*KX, *KH], "bias": BIAS}


@pytest.mark.parametrize("make", [cells.BasicLSTMCell, cells.LSTMCell])
def test_gates_of_a_long_memory_are_input_candidate_forget_output(make):
    state = cells.LSTMStateTuple(column(0.5), column(-0.25))
    y, (c, h) = stepped(make(1), [[2.0]], state, **LONG)

    want_c, want_h = long_step(2.0, 0.5, -0.25)
    assert y == h
    assert (c, h) == (pytest.approx(want_c), pytest.approx(want_h))


@pytest.mark.parametrize("make", [cells.BasicLSTMCell, cells.LSTMCell])
def test_memory_and_outputs_may_stand_side_by_side(make, warned):
    state = tf.constant([[0.5, -0.25]], tf.float64)
    y, both = stepped(make(1, state_is_tuple=False), [[2.0]], state, **LONG)

    want_c, want_h = long_step(2.0, 0.5, -0.25)
    assert both.tolist() == [[pytest.approx(want_c), pytest.approx(want_h)]]
    assert y == both[0, 1]
    assert "Using a concatenated state is slower" in warned.text


def test_peepholes_let_the_gates_see_the_memory():
    state = cells.LSTMStateTuple(column(0.5), column(-0.25))
    cell = cells.LSTMCell(1, use_peepholes=True)
    peepholes = {"w_f_diag": [0.3], "w_i_diag": [-0.4], "w_o_diag": [0.9]}
    _, (c, h) = stepped(cell, [[2.0]], state, **LONG, **peepholes)

    want_c, want_h = long_step(2.0, 0.5, -0.25, peepholes=(0.3, -0.4, 0.9))
    assert (c, h) == (pytest.approx(want_c), pytest.approx(want_h))


def test_memory_is_clipped_before_the_outputs_are_made_and_the_projection_after():
    state = cells.LSTMStateTuple(column(5.0), tf.constant([[-0.25, 0.0]], tf.float64))
    cell = cells.LSTMCell(1, cell_clip=0.75, num_proj=2, proj_clip=0.5)
    kernel = [*KX, *KH, 0.0, 0.0, 0.0, 0.0]
    y, (c, h) = stepped(
        cell, [[2.0]], state, cell__kernel=kernel, bias=BIAS, projection__kernel=[3.0, -0.1]
    )

    output_gate = logistic(2.0 * 0.4 + -0.25 * -0.8 + 0.3)
    output = output_gate * math.tanh(0.75)
    assert c == 0.75
    assert y.tolist() == h.tolist() == [[0.5, pytest.approx(-0.1 * output)]]
    assert cell.output_size == 2
    assert cell.state_size == (1, 2)


# --- cells around cells ---------------------------------------------------------------------------


def test_layers_read_what_the_layer_below_gives():
    cell = cells.MultiRNNCell([cells.BasicRNNCell(1), cells.BasicRNNCell(1)])
    states = column(0.25), column(0.5)
    weights = {
        "cell_0__basic_rnn_cell__kernel": [1.0, 2.0],
        "cell_1__basic_rnn_cell__kernel": [3.0, 4.0],
    }
    y, (low, high) = stepped(cell, [[0.1]], states, **weights)

    assert low == pytest.approx(math.tanh(0.1 + 2 * 0.25))
    assert y == high == pytest.approx(np.tanh(3 * low + 4 * 0.5))
    assert [v.op.name for v in cell.trainable_variables] == [
        f"multi_rnn_cell/cell_{i}/basic_rnn_cell/{what}" for i in (0, 1) for what in WEIGHTS
    ]


WEIGHTS = "kernel", "bias"


def test_states_of_layers_may_stand_side_by_side():
    layers = [cells.BasicRNNCell(2), cells.GRUCell(3)]
    cell = cells.MultiRNNCell(layers, state_is_tuple=False)
    _, state = cell(tf.zeros([4, 2]), cell.zero_state(4, tf.float32))

    assert cell.state_size == 5
    assert state.shape.as_list() == [4, 5]


def test_one_cell_on_top_of_itself_shares_its_weights(warned):
    cell = cells.MultiRNNCell([cells.GRUCell(2)] * 3)
    cell(tf.zeros([1, 2]), cell.zero_state(1, tf.float32))

    assert {v.op.name.partition("/gru_cell")[0] for v in tf.global_variables()} == {
        "multi_rnn_cell/cell_0"
    }
    assert "are the same object and will share weights" in warned.text


def test_a_residual_cell_adds_its_inputs():
    plain = cells.BasicRNNCell(2)
    summed = cells.ResidualWrapper(plain)
    product = cells.ResidualWrapper(plain, residual_fn=lambda x, y: x * y)
    x = tf.constant([[1.0, 2.0]])
    zero = plain.zero_state(1, tf.float32)
    results = [cell(x, zero)[0] for cell in (plain, summed, product)]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        y, s, p = session.run(results)

    np.testing.assert_allclose(s, y + np.array([1.0, 2.0]))
    np.testing.assert_allclose(p, y * np.array([1.0, 2.0]))
    assert len(tf.global_variables()) == 2
    assert summed.variables == plain.variables == tf.global_variables()


def test_residual_widths_must_agree():
    cell = cells.ResidualWrapper(cells.BasicRNNCell(3))
    with pytest.raises(ValueError, match="are incompatible"):
        cell(tf.zeros([1, 2]), cell.zero_state(1, tf.float32))


def test_a_placed_cell_is_on_its_device():
    cell = cells.DeviceWrapper(cells.BasicRNNCell(3), "/cpu:7")
    y, _ = cell(tf.zeros([1, 2]), cell.zero_state(1, tf.float32))

    assert y.device.endswith("CPU:7")
    assert {v.device for v in cell.weights} == {y.device}
    assert cell.zero_state(1, tf.float32).device == y.device


def test_an_embedding_cell_looks_vectors_up():
    cell = EmbeddingWrapper(cells.BasicRNNCell(2), 5, 3)
    y, _ = cell(tf.constant([4, 0]), cell.zero_state(2, tf.float32))

    assert y.shape.as_list() == [2, 2]
    assert {v.op.name: v.shape.as_list() for v in tf.global_variables()} == {
        "embedding_wrapper/embedding": [5, 3],
        "embedding_wrapper/basic_rnn_cell/kernel": [5, 2],
        "embedding_wrapper/basic_rnn_cell/bias": [2],
    }
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        vectors = session.run(tf.global_variables()[0])
    assert np.abs(vectors).max() <= math.sqrt(3)


def test_projections_stand_before_and_behind_the_cell():
    inside = OutputProjectionWrapper(cells.BasicRNNCell(2), 4, activation=tf.nn.relu)
    cell = InputProjectionWrapper(inside, 3)
    y, _ = cell(tf.ones([2, 7]), cell.zero_state(2, tf.float32))
    y, _ = cell(tf.ones([2, 7]), cell.zero_state(2, tf.float32))

    assert y.op.type == "Relu"
    assert cell.output_size == 4
    assert {v.op.name: v.shape.as_list() for v in tf.global_variables()} == {
        "input_projection_wrapper/kernel": [7, 3],
        "input_projection_wrapper/bias": [3],
        "input_projection_wrapper/output_projection_wrapper/kernel": [2, 4],
        "input_projection_wrapper/output_projection_wrapper/bias": [4],
        "input_projection_wrapper/output_projection_wrapper/basic_rnn_cell/kernel": [5, 2],
        "input_projection_wrapper/output_projection_wrapper/basic_rnn_cell/bias": [2],
    }


# --- states and sizes -----------------------------------------------------------------------------


def test_a_zero_state_has_the_structure_of_the_state_size():
    cell = cells.MultiRNNCell([cells.LSTMCell(3, num_proj=2), cells.GRUCell(4)])
    batch = tf.placeholder(tf.int32, [])
    (c, h), s = cell.zero_state(batch, tf.float64)

    assert [each.shape.as_list() for each in (c, h, s)] == [[None, 3], [None, 2], [None, 4]]
    assert {each.dtype for each in (c, h, s)} == {tf.float64}
    with tf.Session() as session:
        assert session.run(s, {batch: 2}).tolist() == [[0.0] * 4] * 2


def test_the_initial_state_follows_the_inputs():
    cell = cells.GRUCell(4)

    assert cell.get_initial_state(tf.zeros([5, 2], tf.float64)).shape.as_list() == [5, 4]
    assert cell.get_initial_state(batch_size=3, dtype=tf.float16).dtype == tf.float16
    with pytest.raises(ValueError, match="batch size from input tensor is different"):
        cell.get_initial_state(tf.zeros([5, 2]), batch_size=6)
    with pytest.raises(ValueError, match="dtype from input tensor is different"):
        cell.get_initial_state(tf.zeros([5, 2]), dtype=tf.float64)
    with pytest.raises(ValueError, match="batch_size and dtype cannot be None"):
        cell.get_initial_state(batch_size=6)


def test_a_state_tuple_has_one_type():
    assert cells.LSTMStateTuple(tf.zeros([1]), tf.zeros([1])).dtype == tf.float32
    with pytest.raises(TypeError, match="Inconsistent internal state"):
        _ = cells.LSTMStateTuple(tf.zeros([1]), tf.zeros([1], tf.float64)).dtype


def test_sizes_are_joined_whether_known_or_not():
    part = tf.placeholder(tf.int32, [2])

    assert static_sizes(3, [4, 5]).as_list() == [3, 4, 5]
    assert static_sizes(None, 4).as_list() == [None, 4]
    assert static_sizes(tf.constant(3), part).as_list() == [3, None, None]
    assert sizes(3, part).shape.as_list() == [3]
    with pytest.raises(ValueError, match="prefix or suffix of None"):
        sizes(3, None)
    with pytest.raises(ValueError, match="must be either a scalar or vector"):
        sizes(tf.zeros([1, 1], tf.int32), 3)


# --- variables ------------------------------------------------------------------------------------


def test_a_cell_makes_its_variables_once():
    cell = cells.GRUCell(3)
    assert not cell.built
    with pytest.raises(ValueError, match="You must therefore call the layer before"):
        _ = cell.scope_name
    with pytest.raises(ValueError, match="isn't built"):
        cell.count_params()
    state = cell.zero_state(2, tf.float32)
    for _ in range(3):
        _, state = cell(tf.zeros([2, 4]), state)

    assert cell.built
    assert cell.scope_name == "gru_cell"
    assert cell.dtype == tf.float32
    assert cell.count_params() == 7 * 6 + 6 + 7 * 3 + 3
    assert cell.variables == tf.trainable_variables()
    assert len(cell.weights) == 4


def test_cells_of_one_kind_have_scopes_of_their_own():
    for _ in range(2):
        cells.BasicRNNCell(1)(tf.zeros([1, 1]), tf.zeros([1, 1]))

    assert [v.op.name for v in tf.global_variables()] == [
        *("basic_rnn_cell/kernel", "basic_rnn_cell/bias"),
        *("basic_rnn_cell_1/kernel", "basic_rnn_cell_1/bias"),
    ]


def test_a_cell_that_reuses_finds_the_variables_of_its_name():
    first = cells.BasicRNNCell(1, name="cell")
    second = cells.BasicRNNCell(1, name="cell", reuse=True)
    for cell in (first, second):
        cell(tf.zeros([1, 1]), tf.zeros([1, 1]))

    assert second.weights == first.weights
    stranger = cells.BasicRNNCell(1, name="other", reuse=True)
    with pytest.raises(ValueError, match="does not exist"):
        stranger(tf.zeros([1, 1]), tf.zeros([1, 1]))


def test_a_frozen_cell_has_no_trainable_variables():
    cell = cells.BasicRNNCell(1, trainable=False)
    cell(tf.zeros([1, 1]), tf.zeros([1, 1]))

    assert cell.trainable_weights == tf.trainable_variables() == []
    assert cell.non_trainable_weights == tf.global_variables()


def test_a_scope_that_is_given_holds_the_variables():
    cells.GRUCell(1)(tf.zeros([1, 1]), tf.zeros([1, 1]), scope="here")
    with tf.variable_scope("outside", regularizer=tf.reduce_sum):
        cells.BasicRNNCell(1)(tf.zeros([1, 1]), tf.zeros([1, 1]))

    assert [v.op.name for v in tf.global_variables()][::2] == [
        *("here/gates/kernel", "here/candidate/kernel", "outside/basic_rnn_cell/kernel"),
    ]
    assert len(tf.losses.get_regularization_losses()) == 2


def test_a_cell_that_makes_variables_in_its_call_knows_them():
    class Decay(cells.RNNCell):
        state_size = output_size = 3

        def call(self, inputs, state):
            w = tf.get_variable("w", [3])
            tf.get_variable("steps", [], trainable=False)
            return state / 2 + w * inputs, state

    cell = Decay()
    for _ in range(2):
        cell(tf.zeros([1, 3]), cell.zero_state(1, tf.float32))

    assert [v.op.name for v in cell.trainable_weights] == ["decay/w"]
    assert [v.op.name for v in cell.non_trainable_weights] == ["decay/steps"]


def test_a_users_cell_runs_in_the_scope_that_is_given():
    class Scaled(cells.RNNCell):
        state_size = output_size = 1

        def call(self, inputs, state, scope=None):
            seen.append(scope.name)
            return inputs * tf.get_variable("w", []), state

    seen = []
    cell = Scaled(name="unused")
    cell(tf.zeros([1, 1]), tf.zeros([1, 1]), scope="here")
    cell(tf.zeros([1, 1]), tf.zeros([1, 1]))
    other = Scaled(_scope="there")
    other.apply(tf.zeros([1, 1]), tf.zeros([1, 1]))

    assert seen == ["here", "here", "there"]
    assert [v.op.name for v in tf.global_variables()] == ["here/w", "there/w"]
    assert cell.variables == tf.global_variables()[:1]
    assert cell.non_trainable_variables == []


def test_layers_are_frozen_together():
    inside = cells.BasicLSTMCell(2), cells.GRUCell(3, trainable=False)
    cell = cells.MultiRNNCell(inside)
    cell(tf.zeros([1, 1]), cell.zero_state(1, tf.float32))

    assert cell.output_size == 3
    assert cell.trainable_weights == inside[0].weights
    assert cell.non_trainable_weights == inside[1].weights
    cell.trainable = False
    assert cell.trainable_weights == []
    assert set(cell.non_trainable_weights) == set(tf.global_variables())


def test_a_layer_adds_weights_of_its_own():
    class Scaled(cells.RNNCell):
        state_size = output_size = 1

        def build(self, input_shape):
            self.scale = self.add_variable("scale", shape=[input_shape[-1].value])
            self.built = True

        def call(self, inputs, state):
            return inputs * self.scale, state

    cell = Scaled(dtype=tf.float64)
    cell(np.ones([1, 4]), tf.zeros([1, 1]))

    assert cell.weights[0].dtype.base_dtype == tf.float64
    assert cell.weights[0].shape.as_list() == [4]
    with pytest.raises(TypeError, match="Unknown keyword argument: colour"):
        cell.add_weight("w", [], colour="red")
    with pytest.raises(TypeError, match="Keyword argument not understood: colour"):
        cells.GRUCell(3, colour="red")


def test_shards_cut_the_kernels(warned):
    cell = cells.LSTMCell(4, num_unit_shards=2, num_proj=2, num_proj_shards=2)
    cell(tf.zeros([1, 4]), cell.zero_state(1, tf.float32))

    assert [v.op.name for v in tf.global_variables()] == [
        *("lstm_cell/kernel/part_0", "lstm_cell/kernel/part_1", "lstm_cell/bias"),
        *("lstm_cell/projection/kernel/part_0", "lstm_cell/projection/kernel/part_1"),
    ]
    assert "parameters are deprecated" in warned.text


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: cells.MultiRNNCell([]), ValueError, "Must specify at least one cell"),
        (lambda: cells.MultiRNNCell(cells.GRUCell(1)), TypeError, "cells must be a list or tuple"),
        (
            lambda: cells.MultiRNNCell([cells.LSTMCell(1)], state_is_tuple=False),
            ValueError,
            "Some cells return tuples of states, but the flag state_is_tuple is not set",
        ),
        (lambda: cells.GRUCell(1, dtype=tf.int32), ValueError, "only supports floating point"),
        (lambda: cells.GRUCell(1, activation="no"), ValueError, "Unknown activation function: no"),
        (lambda: cells.ResidualWrapper(3), TypeError, "is not an RNNCell: 'output_size' property"),
        (
            lambda: EmbeddingWrapper(cells.GRUCell(1), 0, 1),
            ValueError,
            "Both embedding_classes and embedding_size must be > 0: 0, 1",
        ),
        (
            lambda: OutputProjectionWrapper(cells.GRUCell(1), 0),
            ValueError,
            "Parameter output_size must be > 0: 0",
        ),
    ],
)
def test_bad_arguments_are_refused(make, kind, message):
    with pytest.raises(kind, match=message):
        make()


@pytest.mark.parametrize(
    ("cell", "inputs", "state", "message"),
    [
        (cells.GRUCell(1), [2, 3, 4], [2, 1], "expected ndim=2, found ndim=3"),
        (cells.BasicRNNCell(1), [2, None], [2, 1], "Expected inputs.shape.-1. to be known"),
        (cells.BasicLSTMCell(1), [2, None], [2, 1], "Expected inputs.shape.-1. to be known"),
        (cells.LSTMCell(1), [2, None], [2, 1], "Expected inputs.shape.-1. to be known"),
        (cells.MultiRNNCell([cells.GRUCell(1)]), [2, 3], [2, 1], "to be a tuple of length 1"),
        (InputProjectionWrapper(cells.GRUCell(1), 2), [2], [2, 1], "expecting 2D arguments"),
        (InputProjectionWrapper(cells.GRUCell(1), 2), [2, None], [2, 1], "expects shape.1."),
    ],
)
def test_inputs_of_a_wrong_shape_are_refused(cell, inputs, state, message):
    with pytest.raises(ValueError, match=message):
        cell(tf.placeholder(tf.float32, inputs), tf.zeros(state))


def test_the_width_of_later_inputs_must_be_known_too():
    cell = cells.LSTMCell(1)
    state = cell.zero_state(2, tf.float32)
    cell(tf.zeros([2, 3]), state)
    with pytest.raises(ValueError, match="Could not infer input size"):
        cell(tf.placeholder(tf.float32, [2, None]), state)


def test_inputs_of_a_wrong_type_are_refused():
    with pytest.raises(ValueError, match="only supports floating point inputs, but saw dtype"):
        cells.GRUCell(1)(tf.zeros([2, 3], tf.int32), tf.zeros([2, 1]))


def test_an_abstract_cell_has_no_sizes():
    for size in ("state_size", "output_size"):
        with pytest.raises(NotImplementedError, match="Abstract method"):
            getattr(cells.RNNCell(), size)


@pytest.mark.parametrize(
    ("name", "want"), [("relu", [0.0, 2.0]), ("linear", [-1.0, 2.0]), ("softsign", [-0.5, 2 / 3])]
)
def test_activations_have_names(name, want):
    with tf.Session() as session:
        got = session.run(activation_function(name)(tf.constant([-1.0, 2.0])))

    np.testing.assert_allclose(got, want, rtol=1e-6)
