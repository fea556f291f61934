"""Further cells of tf.contrib.rnn against their formulas, and fused cells against loops."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

rnn = tf.contrib.rnn
RNG = np.random.default_rng(5)
X, H, C = (RNG.normal(size=(2, n)) for n in (3, 4, 4))


def logistic(x):
    return 1 / (1 + np.exp(-x))


def stepped(cell, *state):
    """Return outputs, new state and variables of one step in float64, variables at random."""
    given = [tf.constant(part) for part in state]
    made = cell(tf.constant(X), rnn.LSTMStateTuple(*given) if len(given) > 1 else given[0])
    variables = {each.op.name.partition("/")[2]: each for each in cell.variables}
    numbers = {
        name: RNG.normal(size=each.shape.as_list()) for name, each in sorted(variables.items())
    }
    with tf.Session() as session:
        session.run([each.assign(numbers[name]) for name, each in variables.items()])
        outputs, after = session.run(made)
    return outputs, after, numbers


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def test_a_ugrnn_has_one_gate():
    y, after, v = stepped(rnn.UGRNNCell(4, forget_bias=0.5), H)
    g, c = np.split(np.hstack([X, H]) @ v["kernel"] + v["bias"], 2, 1)
    g = logistic(g + 0.5)

    np.testing.assert_allclose(y, g * H + (1 - g) * np.tanh(c))
    np.testing.assert_array_equal(y, after)
    with pytest.raises(ValueError, match="Could not infer input size"):
        rnn.UGRNNCell(4)(tf.placeholder(tf.float32, [2, None]), tf.zeros([2, 4]))


def test_an_sru_has_gates_of_the_inputs_only():
    y, after, v = stepped(rnn.SRUCell(4), H)
    bar, f, r, through = np.split(X @ v["kernel"], 4, 1)
    f, r = logistic(f + v["bias"][:4]), logistic(r + v["bias"][4:])
    c = f * H + (1 - f) * bar

    np.testing.assert_allclose(after, c)
    np.testing.assert_allclose(y, r * np.tanh(c) + (1 - r) * through)


def test_units_may_see_their_own_state_only():
    y, _, v = stepped(rnn.IndRNNCell(4, "relu"), H)

    expected = X @ v["kernel_w"] + H * v["kernel_u"] + v["bias"]
    np.testing.assert_allclose(y, np.maximum(expected, 0))


def test_the_cell_that_a_search_found():
    y, (c, h), v = stepped(rnn.NASCell(4, num_proj=4, use_bias=True), C, H)
    a = np.split(X @ v["kernel"], 8, 1)
    b = np.split(H @ v["recurrent_kernel"] + v["bias"], 8, 1)
    s, t = logistic, np.tanh
    left = t(t(s(a[0] + b[0]) * np.maximum(a[1] + b[1], 0)) + C)
    new_c = left * t(s(a[2] + b[2]) + np.maximum(a[3] * b[3], 0))
    inner = t(t(a[4] + b[4]) * s(a[5] + b[5])) + s(t(a[6] + b[6]) + s(a[7] + b[7]))

    np.testing.assert_allclose(c, new_c)
    np.testing.assert_allclose(h, t(new_c * t(inner)) @ v["projection_weights"])
    np.testing.assert_array_equal(y, h)


@pytest.mark.parametrize("coupled", [True, False])
def test_outputs_are_mixed_with_inputs(coupled):
    x, h = (tf.constant(RNG.normal(size=(2, 3))) for _ in "xh")
    cell = rnn.GRUCell(3, dtype=tf.float64)
    wrapper = rnn.HighwayWrapper(cell, coupled, carry_bias_init=2.0)
    with tf.variable_scope("s", dtype=tf.float64):
        mixed, _ = wrapper(x, h)
    plain, _ = cell(x, h)
    names = ["carry_w", "carry_b"] + ([] if coupled else ["transform_w", "transform_b"])
    with tf.variable_scope("s", reuse=True, dtype=tf.float64):
        held = [tf.get_variable(name) for name in names]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        y, out, inputs, values = session.run([mixed, plain, x, held])
    carry = logistic(inputs @ values[0] + values[1])
    transform = 1 - carry if coupled else logistic(inputs @ values[2] + values[3])

    np.testing.assert_allclose(y, inputs * carry + out * transform)
    assert (values[1] == 2.0).all()


def test_a_compiled_cell_is_the_cell():
    cell = rnn.GRUCell(4, dtype=tf.float64)
    wrapper = rnn.CompiledWrapper(cell)
    both = [each(tf.constant(X), tf.constant(H))[0] for each in (cell, wrapper)]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        np.testing.assert_array_equal(*session.run(both))
    assert wrapper.state_size == wrapper.output_size == 4


@pytest.mark.parametrize("joint", [True, False])
def test_a_cell_may_attend_to_its_own_outputs(joint):
    cell = rnn.AttentionCellWrapper(rnn.GRUCell(4), 2, state_is_tuple=not joint)
    window = RNG.normal(size=(2, 8))
    parts = [tf.constant(each, tf.float32) for each in (H, C, window)]
    state = tf.concat(parts, 1) if joint else tuple(parts)
    y, after = cell(tf.constant(X, tf.float32), state)
    names = {each.op.name: each for each in tf.global_variables()}
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        y, after, v = session.run([y, after, names])
    if joint:
        after = after[:, :4], after[:, 4:8], after[:, 8:]
    v = {name.removeprefix("attention_cell_wrapper/"): value for name, value in v.items()}
    places = window.reshape(2, 2, 4)
    asked = after[0] @ v["attention/kernel"] + v["attention/bias"]
    scores = np.tanh(places @ v["attention/attn_w"][0, 0] + asked[:, None]) @ v["attention/attn_v"]
    weights = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    attention = (weights[..., None] * places).sum(1)
    projection = (v[f"attn_output_projection/{name}"] for name in ("kernel", "bias"))
    kernel, bias = projection

    np.testing.assert_allclose(after[1], attention, rtol=1e-4)
    np.testing.assert_allclose(y, np.hstack([after[0], attention]) @ kernel + bias, rtol=1e-4)
    np.testing.assert_allclose(after[2], np.hstack([window[:, 4:], y]), rtol=1e-5)
    assert cell.state_size == (16 if joint else (4, 4, 8))


def test_a_wrapper_with_attention_checks_its_arguments():
    with pytest.raises(ValueError, match="attn_length should be greater than zero"):
        rnn.AttentionCellWrapper(rnn.GRUCell(2), 0)
    with pytest.raises(ValueError, match="the flag state_is_tuple is not set"):
        rnn.AttentionCellWrapper(rnn.BasicLSTMCell(2), 1, state_is_tuple=False)


def test_states_may_be_images():
    cell = rnn.Conv2DLSTMCell(input_shape=[4, 5, 3], output_channels=2, kernel_shape=[1, 1])
    x = RNG.normal(size=(2, 4, 5, 3)).astype(np.float32)
    y, (c, _) = cell(tf.constant(x), cell.zero_state(2, tf.float32))
    kernel, bias = (each for each in cell.variables)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        y, c, w, b = session.run([y, c, kernel, bias])
    i, j, _, o = np.split(x @ w[0, 0, :3] + b, 4, -1)

    np.testing.assert_allclose(c, logistic(i) * np.tanh(j), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(y, np.tanh(c) * logistic(o), rtol=1e-4, atol=1e-6)
    assert bias.op.name == "conv_2d_lstm_cell/biases"


@pytest.mark.parametrize(("rank", "make"), [(1, rnn.Conv1DLSTMCell), (3, rnn.Conv3DLSTMCell)])
def test_states_have_the_sizes_of_the_inputs(rank, make):
    cell = make(
        input_shape=(*(3,) * rank, 2),
        output_channels=4,
        kernel_shape=(2,) * rank,
        use_bias=False,
        skip_connection=True,
    )
    outputs, _ = cell(tf.ones([2, *(3,) * rank, 2]), cell.zero_state(2, tf.float32))

    assert outputs.shape.as_list() == [2, *(3,) * rank, 6]
    assert cell.output_size.as_list() == [*(3,) * rank, 6]
    assert len(cell.variables) == 1
    with pytest.raises(ValueError, match=f"Invalid input_shape .* for conv_ndims={rank}"):
        make(input_shape=[3], output_channels=1, kernel_shape=[1] * rank)


@pytest.mark.parametrize("dynamic", [True, False])
@pytest.mark.parametrize("listed", [True, False])
def test_a_fused_cell_takes_whole_sequences_in_both_directions(dynamic, listed):
    cell = rnn.GRUBlockCellV2(4)
    fused = rnn.FusedRNNCellAdaptor(cell, dynamic)
    steps = tf.constant(RNG.normal(size=(3, 2, 3)), tf.float32)
    inputs = tf.unstack(steps) if listed else steps
    forward, _ = fused(inputs, dtype=tf.float32, scope="a")
    lengths = None if listed else [3, 2]
    backward, last = rnn.TimeReversedFusedRNN(fused)(
        inputs, dtype=tf.float32, sequence_length=lengths, scope="a"
    )
    turned = steps[::-1] if listed else tf.reverse_sequence(steps, lengths, 0, 1)
    expected, state = tf.nn.dynamic_rnn(
        cell, turned, lengths, dtype=tf.float32, time_major=True, scope="b"
    )
    expected = expected[::-1] if listed else tf.reverse_sequence(expected, lengths, 0, 1)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        one, two, *states = session.run([tf.convert_to_tensor(backward), expected, last, state])

    np.testing.assert_allclose(one, two, atol=1e-6)
    np.testing.assert_allclose(*states, atol=1e-6)
    assert isinstance(forward, list) is listed
    with pytest.raises(NotImplementedError):
        rnn.FusedRNNCell()(inputs)


def test_block_cells_have_the_names_of_their_ops():
    for make, first in ((rnn.GRUBlockCell, "w_ru"), (rnn.GRUBlockCellV2, "gates/kernel")):
        cell = make(cell_size=2, name=f"cell_{first[0]}")
        cell(tf.ones([1, 3]), tf.ones([1, 2]))

        assert cell.variables[0].op.name.endswith(first)
    with pytest.raises(ValueError, match="exactly one of num_units or cell_size"):
        rnn.GRUBlockCell()
