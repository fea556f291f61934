"""Layers with filters of each window, of images along time, of a library, of feature columns."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import minitf as tf

K = tf.keras
keras = K.layers


def numbers(*shape):
    return np.sin(np.arange(np.prod(shape)) * 0.7).reshape(shape).astype(np.float32)


def with_numbers(layer):
    layer.set_weights([numbers(*each.shape.as_list()) for each in layer.weights])
    return layer


def outputs_of(layer, inputs, **options):
    x = K.Input(batch_shape=inputs.shape)
    model = K.Model(x, layer(x, **options))
    with_numbers(layer)
    return model.predict(inputs, batch_size=len(inputs))


# --- windows with filters of their own -----------------------------------------------------------


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize(
    ("implementation", "padding"), [(1, "valid"), (2, "valid"), (3, "valid"), (2, "same")]
)
def test_each_window_has_filters_of_its_own(implementation, padding, data_format):
    layer = keras.LocallyConnected2D(
        2,
        (2, 3),
        strides=(1, 2),
        padding=padding,
        data_format=data_format,
        implementation=implementation,
    )
    first = data_format == "channels_first"
    x = numbers(2, 3, 4, 5) if first else numbers(2, 4, 5, 3)
    y = outputs_of(layer, x)
    kernel, bias = layer.get_weights()
    rows, columns = (3, 2) if padding == "valid" else (4, 3)
    images = np.moveaxis(x, 1, -1) if first else x
    images = np.pad(images, ((0, 0), (1, 1), (1, 2), (0, 0)))
    origin = 1 if padding == "valid" else 0
    expected = np.zeros((2, rows, columns, 2))
    number = itertools.count()
    for i, j in itertools.product(range(rows), range(columns)):
        window = images[:, i + origin :, 2 * j + origin :][:, :2, :3]
        if implementation == 1:
            order = (0, 3, 1, 2) if first else (0, 1, 2, 3)
            own = kernel[next(number)]
            expected[:, i, j] = window.transpose(order).reshape(2, -1) @ own
        elif implementation == 2:
            of_space = np.moveaxis(kernel[..., i, j], 0, 2) if first else kernel[..., i, j, :]
            whole = np.pad(of_space, ((1, 1), (1, 2), (0, 0), (0, 0)))
            own = whole[i + origin :, 2 * j + origin :][:2, :3]
            expected[:, i, j] = np.einsum("nabc,abck->nk", window, own)
    if implementation == 3:
        assert kernel.size == 6 * 3 * 6 * 2
        return
    shifted = np.moveaxis(bias.reshape(2, rows, columns), 0, -1) if first else bias
    expected += shifted

    np.testing.assert_allclose(np.moveaxis(y, 1, -1) if first else y, expected, atol=2e-5)


def test_windows_that_share_their_filters_are_a_convolution():
    x = numbers(2, 6, 3)
    for implementation in (1, 3):
        own = keras.LocallyConnected1D(4, 2, strides=2, implementation=implementation)
        shared = keras.Conv1D(4, 2, strides=2)
        expected = outputs_of(shared, x)
        kernel, bias = shared.get_weights()
        outputs_of(own, x)
        taps = np.broadcast_to(kernel.reshape(6, 4), (3, 6, 4))
        flat = taps if implementation == 1 else taps.transpose(0, 2, 1).ravel()
        own.set_weights([flat, np.broadcast_to(bias, (3, 4))])
        found = K.Model(own.input, own.output).predict(x)

        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_windows_may_not_leave_the_image_unless_the_kernel_is_whole():
    with pytest.raises(ValueError, match="Invalid border mode for LocallyConnected1D"):
        keras.LocallyConnected1D(1, 2, padding="same")
    with pytest.raises(ValueError, match="Unrecognized implementation mode: 4"):
        keras.LocallyConnected1D(1, 2, implementation=4)
    with pytest.raises(ValueError, match="should be fully-defined"):
        keras.LocallyConnected2D(1, 2)(K.Input((None, 3, 1)))


# --- along time ----------------------------------------------------------------------------------


def test_images_of_one_cell_are_rows():
    x = numbers(2, 3, 4)
    rows = outputs_of(keras.LSTM(3, return_sequences=True), x)
    layer = keras.ConvLSTM2D(3, 1, return_sequences=True)
    images = outputs_of(layer, x[:, :, None, None])

    np.testing.assert_allclose(images[:, :, 0, 0], rows, atol=1e-6)
    again = keras.ConvLSTM2D.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert "units" not in layer.get_config()


def test_images_are_remembered_from_batch_to_batch():
    layer = keras.ConvLSTM2D(2, (2, 3), padding="same", data_format="channels_first", stateful=True)
    x = numbers(2, 3, 2, 4, 5)
    first = outputs_of(layer, x)
    model = K.Model(layer.input, layer.output)
    second = model.predict(x, batch_size=2)
    layer.reset_states()

    assert first.shape == (2, 2, 4, 5)
    assert not np.allclose(first, second)
    np.testing.assert_allclose(model.predict(x, batch_size=2), first, atol=1e-6)
    assert layer.compute_output_shape((None, 3, 2, 4, 5)).as_list() == [None, 2, 4, 5]


def test_the_layers_of_the_library_are_those_with_sigmoids():
    x = numbers(2, 3, 4)
    lstm, library = keras.LSTM(3, recurrent_activation="sigmoid"), keras.CuDNNLSTM(3)
    outputs_of(lstm, x)
    found = outputs_of(library, x)
    kernel, recurrent, bias = library.get_weights()
    lstm.set_weights([kernel, recurrent, bias[:12] + bias[12:]])

    np.testing.assert_allclose(K.Model(lstm.input, lstm.output).predict(x), found, atol=1e-6)

    gru = keras.GRU(3, recurrent_activation="sigmoid", reset_after=True, return_state=True)
    library = keras.CuDNNGRU(3, return_state=True)
    outputs_of(gru, x)
    found = outputs_of(library, x)
    kernel, recurrent, bias = library.get_weights()
    gru.set_weights([kernel, recurrent, bias.reshape(2, 9)])
    for ours, theirs in zip(K.Model(gru.input, gru.output).predict(x), found, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


@pytest.mark.parametrize("kind", ["CuDNNGRU", "CuDNNLSTM"])
def test_what_the_library_fixes_is_not_told(kind):
    layer = getattr(keras, kind)(2, bias_initializer="ones", return_sequences=True)
    config = layer.get_config()

    assert not {"activation", "dropout", "unroll", "implementation"} & set(config)
    assert type(layer).from_config(config).get_config() == config
    layer(K.Input((3, 2)))
    assert layer.get_weights()[2].tolist() == [1.0] * (12 if kind == "CuDNNGRU" else 16)


def test_gates_may_see_the_memory():
    x = numbers(2, 3, 4)
    plain, seeing = keras.RNN(keras.LSTMCell(3)), keras.RNN(K.experimental.PeepholeLSTMCell(3))
    expected = outputs_of(plain, x)
    changed = outputs_of(seeing, x)
    seeing.set_weights([*plain.get_weights(), *np.zeros((3, 3))])

    assert len(seeing.weights) == 6
    assert not np.allclose(changed, expected)
    found = K.Model(seeing.input, seeing.output).predict(x)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_cell_of_a_program_says_its_sizes():
    class Sum(keras.AbstractRNNCell):
        state_size = output_size = 4

        def call(self, inputs, states):
            return inputs + states[0], [inputs + states[0]]

    x = numbers(2, 3, 4)

    np.testing.assert_allclose(outputs_of(keras.RNN(Sum()), x), x.sum(1), atol=1e-6)
    empty = keras.AbstractRNNCell()
    for ask in (lambda: empty.state_size, lambda: empty.output_size, lambda: empty.call(1, 2)):
        with pytest.raises(NotImplementedError, match="Abstract method"):
            ask()


# --- feature columns -----------------------------------------------------------------------------


def test_feature_columns_are_a_layer_that_makes_its_variables_once():
    fc = tf.feature_column
    identity = fc.categorical_column_with_identity("e", 4)
    columns = [fc.numeric_column("x", 2), fc.embedding_column(identity, 3)]
    layer = keras.DenseFeatures(columns)
    features = {"x": tf.constant(numbers(2, 2)), "e": tf.constant([[1], [3]], tf.int64)}
    outputs, again = layer(features), layer(features)
    with_numbers(layer)
    values, twice = K.backend.batch_get_value([outputs, again])
    table = numbers(4, 3)

    np.testing.assert_allclose(values, np.hstack([table[[1, 3]], numbers(2, 2)]), atol=1e-6)
    np.testing.assert_array_equal(values, twice)
    assert [each.op.name for each in layer.trainable_weights] == [
        "dense_features/e_embedding/embedding_weights"
    ]
    with pytest.raises(ValueError, match="must be a DenseColumn"):
        keras.DenseFeatures([identity])
    with pytest.raises(ValueError, match="We expected a dictionary here"):
        layer(features["x"])


def test_sequences_of_features_are_a_layer():
    fc = tf.feature_column
    column = fc.sequence_numeric_column("x")
    layer = K.experimental.SequenceFeatures(column)
    sparse = tf.SparseTensor([[0, 0], [1, 0], [1, 1]], [1.0, 2.0, 3.0], [2, 2])
    outputs, lengths = layer({"x": sparse})
    values = K.backend.batch_get_value([outputs, lengths])

    assert values[0].tolist() == [[[1.0], [0.0]], [[2.0], [3.0]]]
    assert values[1].tolist() == [1, 2]
