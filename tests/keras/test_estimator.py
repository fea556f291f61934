"""Compiled models as Estimators."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

layers = tf.keras.layers
X = np.linspace(-1.0, 1.0, 24, dtype=np.float32).reshape(8, 3)
Y = X @ np.array([[1.0], [-2.0], [0.5]], np.float32)
to_estimator = tf.keras.estimator.model_to_estimator


@pytest.fixture(autouse=True)
def clear():
    tf.keras.backend.clear_session()
    tf.set_random_seed(0)


class Own(tf.keras.optimizers.SGD):
    """An optimizer of a program."""


def data(features=X, labels=Y, batch=4):
    return lambda: tf.data.Dataset.from_tensor_slices((features, labels)).repeat().batch(batch)


def model(optimizer="sgd"):
    made = tf.keras.Sequential(
        [
            layers.Dense(4, input_shape=(3,), name="first"),
            layers.BatchNormalization(),
            layers.Dense(1, name="last"),
        ]
    )
    made.compile(optimizer, "mse", metrics=["mae"])
    return made


@pytest.mark.parametrize("kind", ["sgd", "momentum of tf.train", "scaled"])
def test_a_model_trains_is_measured_and_predicts(tmp_path, kind):
    optimizer = {
        "sgd": "sgd",
        "momentum of tf.train": tf.train.MomentumOptimizer(0.05, 0.5),
        "scaled": tf.keras.mixed_precision.experimental.LossScaleOptimizer(Own(0.05), "dynamic"),
    }[kind]
    estimator = to_estimator(model(optimizer), model_dir=str(tmp_path))
    before = estimator.evaluate(data(), steps=2)
    estimator.train(data(), steps=6)
    after = estimator.evaluate(data(), steps=2)
    predictions = estimator.predict(lambda: tf.data.Dataset.from_tensors({"first_input": X}))
    found = np.array([each["last"] for each in predictions])

    assert (before["global_step"], after["global_step"]) == (0, 6)
    assert after["loss"] != before["loss"]
    np.testing.assert_allclose(np.abs(found - Y).mean(), after["mean_absolute_error"], rtol=1e-4)
    np.testing.assert_allclose(((found - Y) ** 2).mean(), after["loss"], rtol=1e-4)


def test_steps_are_those_of_the_model_itself(tmp_path):
    given = tf.keras.Sequential([layers.Dense(2, input_shape=(3,)), layers.Dense(1)])
    given.compile(tf.keras.optimizers.SGD(0.1, momentum=0.5), "mse")
    estimator = to_estimator(given, model_dir=str(tmp_path))
    estimator.train(data(batch=8), steps=3)
    for _ in range(3):
        given.train_on_batch(X, Y)

    for variable, value in zip(given.weights, given.get_weights(), strict=True):
        found = estimator.get_variable_value(variable.op.name)
        np.testing.assert_allclose(found, value, rtol=1e-5, atol=1e-6)


def test_values_of_the_model_are_where_it_begins(tmp_path):
    given = model()
    given.fit(X, Y, epochs=2, verbose=0)
    given.optimizer.lr = 0.0
    wanted = dict(zip([each.op.name for each in given.weights], given.get_weights(), strict=True))
    estimator = to_estimator(given, model_dir=str(tmp_path))
    estimator.train(data(), steps=1)
    trained = [name for name in wanted if "moving" not in name]

    for name in trained:
        np.testing.assert_array_equal(estimator.get_variable_value(name), wanted[name])
    reader = tf.train.load_checkpoint(str(tmp_path / "keras" / "keras_model.ckpt"))
    assert set(reader.get_variable_to_shape_map()) == set(wanted)


def test_inputs_and_outputs_have_names(tmp_path):
    a, b = layers.Input((3,), name="a"), layers.Input((1,), name="b")
    joined = layers.concatenate([a, b])
    outputs = [layers.Dense(1, name="y")(joined), layers.Dense(1, name="z")(joined)]
    given = tf.keras.Model([a, b], outputs)
    given.compile("sgd", {"y": "mse", "z": "mae"}, loss_weights={"y": 1.0, "z": 0.5})
    estimator = to_estimator(given, model_dir=str(tmp_path))
    estimator.train(data({"b": Y, "a": X}, {"z": Y, "y": Y}), steps=3)
    served = estimator.export_saved_model(
        str(tmp_path / "out"),
        tf.estimator.export.build_raw_serving_input_receiver_fn(
            {"a": tf.placeholder(tf.float32, [None, 3]), "b": tf.placeholder(tf.float32, [None, 1])}
        ),
    )
    loaded = tf.saved_model.load_v2(served)

    assert set(loaded.signatures["serving_default"].structured_outputs) == {"y", "z"}
    with pytest.raises(KeyError, match="does not have the expected keys"):
        estimator.train(data({"a": X}, {"z": Y, "y": Y}), steps=1)


def test_what_is_no_compiled_model_is_refused(tmp_path):
    with pytest.raises(ValueError, match="needs to be provided"):
        to_estimator()
    with pytest.raises(ValueError, match="but not both"):
        to_estimator(model(), "path")
    with pytest.raises(ValueError, match="has not been compiled yet"):
        to_estimator(tf.keras.Sequential([layers.Dense(1, input_shape=(3,))]))
    with pytest.raises(ValueError, match="unsupported checkpoint_format"):
        to_estimator(model(), checkpoint_format="other")
    with pytest.raises(tf.errors.UnimplementedError):
        to_estimator(model(), checkpoint_format="checkpoint")
    path = str(tmp_path / "model.h5")
    model().save(path)
    assert isinstance(to_estimator(keras_model_path=path), tf.estimator.Estimator)
