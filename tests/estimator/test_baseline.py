"""Baseline models: TensorFlow's variables and metrics after five steps; what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

X = np.arange(12, dtype=np.float32).reshape(6, 2)
WEIGHTS = np.array([1, 2, 1, 1, 1, 1], np.float32)
TWO = np.array([0, 1, 1, 0, 1, 1])
THREE = np.array([0, 1, 2, 2, 2, 1])
NUMBERS = np.arange(1, 7, dtype=np.float32)
classifier, regressor = tf.estimator.BaselineClassifier, tf.estimator.BaselineRegressor


def inputs(labels, num_epochs):
    return tf.estimator.inputs.numpy_input_fn(
        {"x": X, "w": WEIGHTS}, labels, batch_size=3, num_epochs=num_epochs, shuffle=False
    )


@pytest.mark.parametrize(
    ("make", "labels", "bias", "metrics"),
    [
        (classifier, TWO, [0.585844], {"accuracy": 2 / 3, "auc": 0.5, "loss": 1.91343}),
        (
            lambda: classifier(n_classes=3),
            THREE,
            [-0.311633, 0.050751, 0.298808],
            {"accuracy": 0.5, "average_loss": 1.02747, "loss": 3.08241},
        ),
        (
            lambda: classifier(n_classes=3, label_vocabulary=["a", "b", "c"]),
            np.array(["a", "b", "c"])[THREE],
            [-0.311633, 0.050751, 0.298808],
            {"accuracy": 0.5, "average_loss": 1.02747, "loss": 3.08241},
        ),
        (
            lambda: classifier(weight_column="w", loss_reduction=tf.losses.Reduction.MEAN),
            TWO,
            [0.524672],
            {"accuracy": 0.71429, "loss": 0.61786, "prediction/mean": 0.62824},
        ),
        (regressor, NUMBERS, [0.896365], {"average_loss": 9.69558, "loss": 29.08674}),
        (
            lambda: regressor(label_dimension=2, optimizer="SGD", weight_column="w"),
            np.stack([NUMBERS, 2 * NUMBERS], 1),
            [-10.514879, -21.029758],
            {"average_loss": 483.07968, "label/mean": 4.92857, "prediction/mean": -15.77232},
        ),
        (
            lambda: regressor(optimizer=lambda: tf.train.AdamOptimizer(0.5)),
            NUMBERS,
            [2.242554],
            {"average_loss": 4.49784},
        ),
    ],
)
def test_five_steps_are_those_of_tensorflow(make, labels, bias, metrics):
    model = make()
    model.train(inputs(labels, None), steps=5)
    found = model.evaluate(inputs(labels, 1))

    assert model.get_variable_value("baseline/bias") == pytest.approx(bias, rel=1e-5)
    assert {name: found[name] for name in metrics} == pytest.approx(metrics, rel=1e-5)
    first = next(model.predict(inputs(None, 1)))
    assert first["predictions" if "predictions" in first else "logits"] == pytest.approx(
        bias, rel=1e-5
    )


@pytest.mark.parametrize(
    ("features", "error", "message"),
    [
        (lambda: tf.constant(X), ValueError, "should be a dictionary"),
        (dict, ValueError, "There must be a feature"),
        (lambda: {"a": tf.constant(1.0)}, ValueError, "Feature 'a' is a scalar"),
        (
            lambda: {"a": tf.constant(X), "b": tf.constant(X[:3])},
            tf.errors.InvalidArgumentError,
            "Feature 'b' has another number of examples",
        ),
    ],
)
def test_features_tell_how_many_examples_there_are(features, error, message):
    with pytest.raises(error, match=message):
        regressor().train(lambda: (features(), tf.constant(NUMBERS)), steps=1)


def test_sparse_features_tell_it_too():
    features = {"a": tf.SparseTensorValue([[0, 0], [5, 1]], [1, 2], [6, 2])}
    model = regressor().train(
        lambda: ({"a": tf.SparseTensor(*features["a"])}, tf.constant(NUMBERS)), steps=1
    )

    assert model.get_variable_value("baseline/bias").shape == (1,)
