"""Layers with the library's formulas: against cells, and by the names that checkpoints have."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

cudnn = tf.contrib.cudnn_rnn
RNG = np.random.default_rng(1)
X = RNG.normal(size=(4, 2, 3)).astype(np.float32)
KINDS = {
    "CudnnLSTM": cudnn.CudnnCompatibleLSTMCell,
    "CudnnGRU": cudnn.CudnnCompatibleGRUCell,
    "CudnnRNNTanh": tf.nn.rnn_cell.BasicRNNCell,
    "CudnnRNNRelu": lambda n: tf.nn.rnn_cell.BasicRNNCell(n, "relu"),
}


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(2)
        yield graph


def run(fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches)


@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_is_cells_on_each_other_whose_variables_it_has(kind):
    layer = getattr(cudnn, kind)(2, 3)
    outputs, state = layer(tf.constant(X), sequence_lengths=[4, 2])
    with tf.variable_scope("", reuse=True):
        cells = tf.nn.rnn_cell.MultiRNNCell([KINDS[kind](3) for _ in range(2)])
        expected, last = tf.nn.dynamic_rnn(cells, X, [4, 2], dtype=tf.float32, time_major=True)
    if kind == "CudnnLSTM":
        expected_state = tf.stack([each.h for each in last]), tf.stack([each.c for each in last])
    else:
        expected_state = (tf.stack(last),)
    one, two = run([(outputs, state), (expected, expected_state)])

    for ours, theirs in zip(tf.nest.flatten(one), tf.nest.flatten(two), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert layer.variables == tf.global_variables()
    assert layer.state_shape(2) == ([2, 2, 3],) * len(state)
    assert (layer.input_size, layer.num_dirs) == (3, 1)


def test_variables_have_the_names_that_tensorflow_saves():
    with tf.variable_scope("net"):
        cudnn.CudnnGRU(1, 2)(tf.constant(X))
        cudnn.CudnnLSTM(1, 2, direction="bidirectional")(tf.constant(X))
        cudnn.CudnnLSTM(1, 2, name="again")(tf.constant(X))
    names = {variable.op.name for variable in tf.global_variables()}
    gru = "net/rnn/multi_rnn_cell/cell_0/cudnn_compatible_gru_cell"
    lstm = "cudnn_compatible_lstm_cell/kernel"

    assert f"{gru}/candidate/hidden_projection/kernel" in names
    assert f"net/stack_bidirectional_rnn/cell_0/bidirectional_rnn/bw/{lstm}" in names
    assert f"net/again/rnn/multi_rnn_cell/cell_0/{lstm}" in names


@pytest.mark.parametrize("time_major", [True, False])
def test_both_directions_go_on_from_a_state(time_major):
    layer = cudnn.CudnnLSTM(2, 3, direction="bidirectional", name="l")
    order = [0, 1, 2] if time_major else [1, 0, 2]
    state = tuple(RNG.normal(size=(4, 2, 3)).astype(np.float32).transpose(order) for _ in "hc")
    one, last = layer(X.transpose(order), state, time_major=time_major)
    other, _ = layer(X.transpose(order), time_major=time_major)
    again, _ = layer(X.transpose(order), state, None, time_major)
    one, other, again, last = run([one, other, again, last])

    assert one.shape == (*X.transpose(order).shape[:2], 6)
    assert [each.shape for each in last] == [state[0].shape] * 2
    assert not np.allclose(one, other)
    np.testing.assert_array_equal(one, again)
    h = last[0] if time_major else last[0].transpose(1, 0, 2)
    ahead = one if time_major else one.transpose(1, 0, 2)
    np.testing.assert_allclose(ahead[-1, :, :3], h[2], atol=1e-6)
    np.testing.assert_allclose(ahead[0, :, 3:], h[3], atol=1e-6)


def test_outputs_between_layers_are_left_out_in_training_only():
    layer = cudnn.CudnnRNNTanh(2, 50, dropout=0.5, seed=3)
    trained, _ = layer(tf.constant(X))
    used, _ = layer(tf.constant(X), training=False)
    again, _ = layer(tf.constant(X), training=False)
    trained, used, again = run([trained, used, again])

    assert not np.allclose(trained, used)
    np.testing.assert_array_equal(used, again)


def test_the_reset_gate_stands_behind_the_product():
    cell = cudnn.CudnnCompatibleGRUCell(2)
    h = RNG.normal(size=(2, 2)).astype(np.float32)
    made, _ = cell(tf.constant(X[0]), tf.constant(h))
    made, values = run([made, cell.variables])
    kernel, bias, of_inputs, of_state, *biases = values
    r, u = np.split(1 / (1 + np.exp(-(np.hstack([X[0], h]) @ kernel + bias))), 2, 1)
    c = np.tanh(X[0] @ of_inputs + biases[0] + r * (h @ of_state + biases[1]))

    np.testing.assert_allclose(made, (1 - u) * c + u * h, rtol=1e-5)
    assert bias.tolist() == [1.0] * 4


def test_first_values_may_be_chosen():
    layer = cudnn.CudnnGRU(
        1, 2, kernel_initializer=tf.ones_initializer(), bias_initializer=tf.zeros_initializer()
    )
    layer(tf.constant(X))
    kernels = [each for each in layer.variables if each.op.name.endswith("kernel")]
    biases = [each for each in layer.variables if each.op.name.endswith("bias")]
    ones, zeros = run([kernels, biases])

    assert all((each == 1).all() for each in ones)
    assert all((each == 0).all() for each in zeros)


def test_what_a_layer_cannot_be_is_refused():
    layer = cudnn.CudnnLSTM(1, 2)
    with pytest.raises(ValueError, match="'input_size' is unknown"):
        _ = layer.input_size
    with pytest.raises(TypeError, match="Invalid initial_state type: list, expecting tuple"):
        layer(tf.constant(X), [tf.zeros([1, 2, 2])] * 2)
    for options, message in (
        ({"dtype": tf.int32}, "Only support float16, float32, float64"),
        ({"input_mode": "skip_input"}, "Invalid input_mode"),
        ({"direction": "back"}, "Invalid direction"),
    ):
        with pytest.raises(ValueError, match=message):
            cudnn.CudnnLSTM(1, 2, **options)
    for shape, message in (([2, 3], "3 dims, got 2"), ([2, 3, None], "should be defined")):
        with pytest.raises(ValueError, match=message):
            cudnn.CudnnGRU(1, 2)(tf.placeholder(tf.float32, shape))
