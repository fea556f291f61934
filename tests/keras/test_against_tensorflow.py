"""Layers, losses, metrics, optimizers and files compared with TensorFlow's own Keras.

Both get the same weights: outputs, losses and what a few steps of training leave are the same.
"""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

import minitf

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore"),  # of TensorFlow and of the packages that it loads
]

SEQUENCES, IMAGES, ROWS = (4, 5, 3), (3, 6, 6, 2), (4, 6)
VOLUMES = (2, 4, 4, 4, 2)

LAYERS = {
    "dense": (ROWS, lambda k: k.layers.Dense(3, activation="relu")),
    "dense of sequences": (SEQUENCES, lambda k: k.layers.Dense(2, "tanh", use_bias=False)),
    "flatten": (IMAGES, lambda k: k.layers.Flatten()),
    "reshape": (ROWS, lambda k: k.layers.Reshape((-1, 2))),
    "permute": (IMAGES, lambda k: k.layers.Permute((3, 1, 2))),
    "repeat": (ROWS, lambda k: k.layers.RepeatVector(3)),
    "softmax": (SEQUENCES, lambda k: k.layers.Activation("softmax")),
    "dropout": (ROWS, lambda k: k.layers.Dropout(0.5)),
    "batch normalization": (ROWS, lambda k: k.layers.BatchNormalization()),
    "fused normalization": (IMAGES, lambda k: k.layers.BatchNormalization(scale=False)),
    "layer normalization": (SEQUENCES, lambda k: k.layers.LayerNormalization(axis=(1, 2))),
    "conv1d": (SEQUENCES, lambda k: k.layers.Conv1D(4, 3, padding="causal", activation="elu")),
    "conv2d": (IMAGES, lambda k: k.layers.Conv2D(4, (3, 2), strides=2, padding="same")),
    "dilated": (IMAGES, lambda k: k.layers.Conv2D(4, 2, dilation_rate=2)),
    "conv3d": (VOLUMES, lambda k: k.layers.Conv3D(2, 2)),
    "separable": (IMAGES, lambda k: k.layers.SeparableConv2D(4, 3, depth_multiplier=2)),
    "depthwise": (IMAGES, lambda k: k.layers.DepthwiseConv2D(3, depth_multiplier=2)),
    "transposed": (IMAGES, lambda k: k.layers.Conv2DTranspose(3, 3, 2, "same", output_padding=1)),
    "transposed, valid": (IMAGES, lambda k: k.layers.Conv2DTranspose(3, 3, 2, output_padding=0)),
    "max pool": (IMAGES, lambda k: k.layers.MaxPooling2D()),
    "average pool": (SEQUENCES, lambda k: k.layers.AveragePooling1D(2, padding="same")),
    "global pool": (IMAGES, lambda k: k.layers.GlobalAveragePooling2D()),
    "padding": (IMAGES, lambda k: k.layers.ZeroPadding2D(((1, 0), (2, 1)))),
    "cropping": (IMAGES, lambda k: k.layers.Cropping2D(((1, 0), (2, 1)))),
    "nearest": (IMAGES, lambda k: k.layers.UpSampling2D((2, 3))),
    "leaky": (ROWS, lambda k: k.layers.LeakyReLU(0.1)),
    "prelu": (IMAGES, lambda k: k.layers.PReLU(shared_axes=[1, 2])),
    "relu": (ROWS, lambda k: k.layers.ReLU(0.8, 0.1, 0.2)),
    "elu": (ROWS, lambda k: k.layers.ELU(0.7)),
    "thresholded": (ROWS, lambda k: k.layers.ThresholdedReLU(0.3)),
    "simple rnn": (SEQUENCES, lambda k: k.layers.SimpleRNN(4, return_sequences=True)),
    "lstm": (SEQUENCES, lambda k: k.layers.LSTM(4, go_backwards=True)),
    "lstm unrolled": (SEQUENCES, lambda k: k.layers.LSTM(4, unroll=True, implementation=2)),
    "gru": (SEQUENCES, lambda k: k.layers.GRU(4)),
    "gru reset after": (SEQUENCES, lambda k: k.layers.GRU(4, reset_after=True)),
    "bidirectional": (SEQUENCES, lambda k: k.layers.Bidirectional(k.layers.GRU(3))),
    "time distributed": (SEQUENCES, lambda k: k.layers.TimeDistributed(k.layers.Dense(2))),
    "stacked cells": (
        SEQUENCES,
        lambda k: k.layers.RNN([k.layers.GRUCell(3), k.layers.LSTMCell(4)]),
    ),
}


def values(shape, seed):
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)


def mostly_long(cases, every_time):
    """Leave all cases but some to the long tier: each builds and compiles a model twice."""
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else [case]),
            marks=pytest.mark.thorough if case in every_time else pytest.mark.long,
        )
        for case in cases
    ]


def with_own_weights(model):
    """Give a model weights that depend on their places and shapes only."""
    model.set_weights([values(each.shape, i) + 0.1 for i, each in enumerate(model.get_weights())])


def in_fresh_graph(tf, run):
    tf.keras.backend.clear_session()
    with tf.Graph().as_default(), tf.Session().as_default():
        return run(tf.keras)


@pytest.mark.long
@pytest.mark.parametrize("name", LAYERS)
def test_equal_weights_give_equal_outputs(tensorflow_with_keras, name):
    shape, make = LAYERS[name]
    x = values(shape, 77)

    def run(keras):
        begin = keras.layers.Input(shape[1:])
        model = keras.models.Model(begin, make(keras)(begin))
        model.compile("sgd", "mse")
        with_own_weights(model)
        shapes = [each.shape for each in model.get_weights()]
        before = model.predict(x)
        step = model.train_on_batch if model.trainable_weights else model.test_on_batch
        loss = step(x, np.zeros_like(before))
        # TensorFlow 2 has the variables of cells in scopes of their own
        cells = r"/\w+_cells?(_\d+)?(?=/)|_\d+(?=:)"
        names = [re.sub(cells, "", each.name) for each in model.weights]
        return names, shapes, model.output_shape, before, loss, model.predict(x)

    ours, theirs = (in_fresh_graph(tf, run) for tf in (minitf, tensorflow_with_keras))

    assert ours[:3] == theirs[:3]
    for got, want in zip(ours[3:], theirs[3:], strict=True):
        np.testing.assert_allclose(got, want, rtol=2e-4, atol=2e-5)


OPTIMIZERS = {
    "sgd": lambda o: o.SGD(0.1, decay=0.1),
    "momentum": lambda o: o.SGD(0.1, momentum=0.9),
    "nesterov": lambda o: o.SGD(0.1, momentum=0.9, nesterov=True),
    "rmsprop": lambda o: o.RMSprop(0.01),
    "rmsprop with momentum": lambda o: o.RMSprop(0.01, momentum=0.8, centered=True),
    "adagrad": lambda o: o.Adagrad(0.1),
    "adadelta": lambda o: o.Adadelta(1.0),
    "adam": lambda o: o.Adam(0.01, clipnorm=0.1),
    "amsgrad": lambda o: o.Adam(0.01, amsgrad=True),
    "adamax": lambda o: o.Adamax(0.01),
    "nadam": lambda o: o.Nadam(0.01),
}


@pytest.mark.parametrize("name", mostly_long(OPTIMIZERS, ("nesterov", "rmsprop", "adam")))
def test_steps_leave_equal_weights(tensorflow_with_keras, name):
    numbers = np.random.default_rng(3).integers(0, 9, (6, 4))
    y = values((6, 2), 5)

    def run(keras):
        begin = keras.layers.Input((4,))
        rows = keras.layers.Embedding(12, 3)(begin)
        outputs = keras.layers.Dense(2)(keras.layers.Flatten()(rows))
        model = keras.models.Model(begin, outputs)
        legacy = getattr(keras.optimizers, "legacy", keras.optimizers)
        model.compile(OPTIMIZERS[name](legacy), "mse", metrics=["mae"])
        with_own_weights(model)
        losses = [model.train_on_batch(numbers, y) for _ in range(3)]
        return [np.asarray(losses), *model.get_weights()]

    ours, theirs = (in_fresh_graph(tf, run) for tf in (minitf, tensorflow_with_keras))

    for got, want in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=2e-6)


LOSSES = [
    ("mean_squared_error", None),
    ("mean_absolute_error", None),
    ("mean_absolute_percentage_error", None),
    ("mean_squared_logarithmic_error", None),
    ("binary_crossentropy", "sigmoid"),
    ("categorical_crossentropy", "softmax"),
    ("categorical_crossentropy", "softplus"),
    ("sparse_categorical_crossentropy", "softmax"),
    ("hinge", None),
    ("squared_hinge", None),
    ("categorical_hinge", None),
    ("logcosh", None),
    ("kullback_leibler_divergence", "softmax"),
    ("poisson", "sigmoid"),
]


@pytest.mark.parametrize(("loss", "activation"), mostly_long(LOSSES, LOSSES[4:8:3]))
def test_losses_and_metrics_are_equal_with_weights_of_rows(tensorflow_with_keras, loss, activation):
    x = values((7, 3), 1)
    classes = np.arange(7) % 4
    y = classes if loss.startswith("sparse") else np.eye(4, dtype=np.float32)[classes]
    weights = np.linspace(0.5, 2, 7)

    def run(keras):
        model = keras.models.Sequential(
            [keras.layers.Dense(4, activation=activation, input_shape=(3,))]
        )
        model.compile("sgd", loss, metrics=["acc"], weighted_metrics=["acc"])
        with_own_weights(model)
        plain = model.evaluate(x, y, verbose=0, batch_size=3)
        return plain, model.evaluate(x, y, verbose=0, batch_size=3, sample_weight=weights)

    ours, theirs = (in_fresh_graph(tf, run) for tf in (minitf, tensorflow_with_keras))

    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


def test_masks_reach_the_loss(tensorflow_with_keras):
    numbers = np.array([[1, 2, 3, 0], [4, 0, 0, 0], [5, 6, 7, 8]])
    y = values((3, 4, 1), 2)

    def run(keras):
        model = keras.models.Sequential()
        model.add(keras.layers.Embedding(9, 3, mask_zero=True, input_length=4))
        model.add(keras.layers.LSTM(3, return_sequences=True))
        model.add(keras.layers.Dense(1))
        model.compile("sgd", "mse", metrics=["mae"])
        with_own_weights(model)
        return [*model.evaluate(numbers, y, verbose=0), model.predict(numbers)]

    ours, theirs = (in_fresh_graph(tf, run) for tf in (minitf, tensorflow_with_keras))
    theirs[0] *= 8 / 12  # TensorFlow 2 divides by the cells that count, 1.15 by all

    for got, want in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-6)


def leave_out_what_came_after_1_15(path):
    import h5py

    def without(data):
        if isinstance(data, list):
            return [without(each) for each in data]
        if isinstance(data, dict):
            later = {"is_legacy_optimizer", "optional"}
            return {key: without(each) for key, each in data.items() if key not in later}
        return data

    with h5py.File(path, "r+") as file:
        for name in ("model_config", "training_config"):
            file.attrs[name] = json.dumps(without(json.loads(file.attrs[name])))


@pytest.mark.parametrize(
    "make",
    [
        lambda k: k.layers.Attention(),
        lambda k: k.layers.Attention(use_scale=True),
        lambda k: k.layers.AdditiveAttention(),
    ],
)
def test_attention_weighs_the_values_that_are_not_masked(tensorflow_with_keras, make):
    words, others = np.array([[1, 2, 0], [3, 4, 5]]), np.array([[1, 2, 0, 0], [3, 4, 5, 6]])
    key = values((2, 4, 2), 5)

    def run(keras):
        begins = [keras.layers.Input(shape) for shape in ((3,), (4,), (4, 2))]
        table = keras.layers.Embedding(9, 2, mask_zero=True)
        rows = table(begins[0]), table(begins[1])
        ends = [make(keras)([*rows, begins[2]]), make(keras)(list(rows))]
        model = keras.models.Model(begins, ends)
        with_own_weights(model)
        return [*model.predict([words, others, key]), *model.get_weights()]

    ours, theirs = (in_fresh_graph(tf, run) for tf in (minitf, tensorflow_with_keras))

    for got, want in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("writer", "reader"), [(0, 1), (1, 0)])
def test_a_model_is_read_by_the_other(tensorflow_with_keras, tmp_path, writer, reader):
    pytest.importorskip("h5py", reason="h5py, which reads and writes HDF5, is missing")
    both = minitf, tensorflow_with_keras
    x, y = values((5, 4), 1), values((5, 2), 2)
    path = str(tmp_path / "model.h5")

    def write(keras):
        begin = keras.layers.Input((4,))
        inner = [keras.layers.BatchNormalization(input_shape=(4,)), keras.layers.Dense(3, "relu")]
        wide = keras.models.Sequential(inner, name="wide")(begin)
        ends = keras.layers.concatenate([wide, begin])
        model = keras.models.Model(begin, keras.layers.Dense(2, name="last")(ends))
        legacy = getattr(keras.optimizers, "legacy", keras.optimizers)
        model.compile(legacy.Adam(0.01), "mse", metrics=["mae"])
        model.fit(x, y, epochs=2, verbose=0)
        model.save(path)
        made = model.predict(x)
        model.reset_metrics()
        return made, model.train_on_batch(x, y)

    def read(keras):
        model = keras.models.load_model(path)
        made = model.predict(x)
        return made, model.train_on_batch(x, y)

    wrote = in_fresh_graph(both[writer], write)
    leave_out_what_came_after_1_15(path)
    found = in_fresh_graph(both[reader], read)

    np.testing.assert_allclose(found[0], wrote[0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found[1], wrote[1], rtol=1e-4)
