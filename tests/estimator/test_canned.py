"""Canned models: what they learn, what their variables are called, what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

fc = tf.feature_column
numpy_input_fn = tf.estimator.inputs.numpy_input_fn

RNG = np.random.RandomState(3)
X = RNG.normal(size=(60, 2)).astype(np.float32)
WORDS = np.array(["to", "be", "or"])[RNG.randint(0, 3, 60)]
TWO = (X[:, 0] > 0).astype(np.int64)
THREE = (X[:, 0] > 0).astype(np.int64) + (X[:, 1] > 0)
NUMBER = (X @ [1.0, -2.0] + 0.5).astype(np.float32)
FEATURES = {"x": X, "w": WORDS, "importance": np.ones(60, np.float32)}

numbers = fc.numeric_column("x", shape=2)
words = fc.categorical_column_with_vocabulary_list("w", ["to", "be", "or"])
embedded = fc.embedding_column(words, 2)
BINARY = {
    *("accuracy", "accuracy_baseline", "auc", "auc_precision_recall", "average_loss"),
    *("global_step", "label/mean", "loss", "precision", "prediction/mean", "recall"),
}


def inputs(labels, num_epochs=None, features=FEATURES):
    return numpy_input_fn(features, labels, batch_size=20, num_epochs=num_epochs, shuffle=False)


def results_of(estimator, labels, steps=60):
    """Train, and return the metrics and the first prediction."""
    estimator.train(inputs(labels), steps=steps)
    first = next(estimator.predict(inputs(None, 1)))
    return estimator.evaluate(inputs(labels, 1)), first


@pytest.fixture
def folder(tmp_path):
    return tf.estimator.RunConfig(model_dir=str(tmp_path), tf_random_seed=1)


def test_a_deep_model_tells_two_classes(folder):
    model = tf.estimator.DNNClassifier([8], [numbers, embedded], config=folder)
    results, first = results_of(model, TWO)

    assert set(results) == BINARY
    assert results["accuracy"] > 0.9
    assert results["loss"] == pytest.approx(20 * results["average_loss"], rel=1e-4)
    assert first["probabilities"].sum() == pytest.approx(1)
    assert first["classes"].tolist() == [str(first["class_ids"][0]).encode()]
    assert first["all_classes"].tolist() == [b"0", b"1"]
    slots = [
        "dnn/hiddenlayer_0/bias",
        "dnn/hiddenlayer_0/kernel",
        "dnn/input_from_feature_columns/input_layer/w_embedding/embedding_weights",
        "dnn/logits/bias",
        "dnn/logits/kernel",
    ]
    assert model.get_variable_names() == sorted(
        [*slots, *(f"{name}/t_0/Adagrad" for name in slots), "global_step"]
    )


def test_a_deep_model_tells_several_classes_by_name(folder):
    names = np.array(["low", "middle", "high"])
    model = tf.estimator.DNNClassifier(
        [8],
        [numbers],
        n_classes=3,
        label_vocabulary=list(names),
        optimizer=lambda: tf.train.AdamOptimizer(0.1),
        config=folder,
    )
    results, first = results_of(model, names[THREE])

    assert set(results) == {"accuracy", "average_loss", "global_step", "loss"}
    assert results["accuracy"] > 0.9
    assert first["classes"][0].decode() in names
    assert first["all_classes"].tolist() == [b"low", b"middle", b"high"]


def test_a_deep_model_tells_numbers(folder):
    model = tf.estimator.DNNRegressor(
        [8], [numbers], optimizer="Adam", weight_column="importance", config=folder
    )
    results, first = results_of(model, NUMBER)

    assert set(results) == {"average_loss", "global_step", "label/mean", "loss", "prediction/mean"}
    assert results["label/mean"] == pytest.approx(NUMBER.mean(), rel=1e-5)
    assert results["average_loss"] < NUMBER.var() / 3
    assert first["predictions"].shape == (1,)


def test_hidden_layers_can_be_normalized_and_thinned(folder):
    model = tf.estimator.DNNClassifier(
        [8, 4], [numbers], batch_norm=True, dropout=0.1, config=folder
    )
    results_of(model, TWO, steps=5)
    names = model.get_variable_names()

    assert "dnn/hiddenlayer_1/batchnorm_1/moving_mean" in names
    assert np.any(model.get_variable_value("dnn/hiddenlayer_0/batchnorm_0/moving_mean"))


def test_a_linear_model_tells_classes(folder):
    model = tf.estimator.LinearClassifier([numbers, words], config=folder)
    results, _ = results_of(model, TWO)

    assert set(results) == BINARY
    assert results["accuracy"] > 0.9
    assert "linear/linear_model/w/weights" in model.get_variable_names()
    assert "linear/linear_model/bias_weights/part_0/Ftrl_1" in model.get_variable_names()


def test_a_linear_model_tells_several_numbers(folder):
    model = tf.estimator.LinearRegressor([numbers], label_dimension=2, config=folder)
    results, first = results_of(model, np.stack([NUMBER, -NUMBER], axis=1))

    assert results["average_loss"] < NUMBER.var() / 3
    assert first["predictions"].shape == (2,)


@pytest.mark.parametrize("columns", ["both", "wide", "deep"])
def test_a_wide_and_deep_model_has_both_or_one(folder, columns):
    wide = [words, fc.crossed_column(["w", "w"], 5)] if columns != "deep" else None
    deep = [numbers, embedded] if columns != "wide" else None
    model = tf.estimator.DNNLinearCombinedClassifier(
        linear_feature_columns=wide,
        dnn_feature_columns=deep,
        dnn_hidden_units=[8],
        dnn_optimizer="Adam",
        config=folder,
    )
    results, _ = results_of(model, TWO, steps=20)
    names = {name.split("/")[0] for name in model.get_variable_names()}

    assert set(results) == BINARY
    assert results["global_step"] == 20
    assert ("linear" in names) == (columns != "deep")
    assert ("dnn" in names) == (columns != "wide")


def test_a_wide_and_deep_model_tells_numbers(folder):
    model = tf.estimator.DNNLinearCombinedRegressor(
        linear_feature_columns=[words],
        dnn_feature_columns=[numbers],
        dnn_hidden_units=[4],
        config=folder,
    )
    results, _ = results_of(model, NUMBER, steps=2)

    assert "average_loss" in results


def test_losses_can_be_means(folder):
    model = tf.estimator.LinearClassifier(
        [numbers], loss_reduction=tf.losses.Reduction.SUM_OVER_BATCH_SIZE, config=folder
    )
    results, _ = results_of(model, TWO, steps=2)

    assert results["loss"] == pytest.approx(results["average_loss"], rel=1e-4)


def test_examples_without_weight_do_not_count(folder):
    ignored = {**FEATURES, "importance": (np.arange(60) < 30).astype(np.float32)}
    labels = np.where(np.arange(60) < 30, NUMBER, 1e6).astype(np.float32)
    model = tf.estimator.LinearRegressor([numbers], weight_column="importance", config=folder)
    model.train(inputs(labels, features=ignored), steps=10)
    results = model.evaluate(inputs(labels, 1, ignored))

    assert results["label/mean"] == pytest.approx(NUMBER[:30].mean(), rel=1e-4)


def test_examples_are_parsed_for_a_model():
    spec = tf.estimator.classifier_parse_example_spec([numbers], "y", weight_column="importance")

    assert sorted(spec) == ["importance", "x", "y"]
    assert spec["y"].dtype is tf.int64
    assert tf.estimator.regressor_parse_example_spec([numbers], "y")["y"].dtype is tf.float32
    with pytest.raises(ValueError, match="label should not be used as feature"):
        tf.estimator.classifier_parse_example_spec([numbers], "x")
    with pytest.raises(ValueError, match="weight_column should not be used as feature"):
        tf.estimator.classifier_parse_example_spec([numbers], "y", weight_column="x")


WRONG = {
    "n_classes must be > 2": lambda: tf.estimator.DNNClassifier([1], [numbers], n_classes=1),
    "Length of label_vocabulary": lambda: tf.estimator.LinearClassifier(
        [numbers], n_classes=3, label_vocabulary=["a"]
    ),
    "Invalid loss_reduction": lambda: tf.estimator.LinearRegressor([numbers], loss_reduction="x"),
    "Either linear_feature_columns or": tf.estimator.DNNLinearCombinedRegressor,
    "dnn_hidden_units must be defined": lambda: tf.estimator.DNNLinearCombinedClassifier(
        dnn_feature_columns=[numbers]
    ),
    "Invalid label_dimension": lambda: tf.estimator.DNNRegressor([1], [numbers], label_dimension=0),
}


@pytest.mark.parametrize("message", WRONG)
def test_a_model_that_cannot_be_is_refused(message):
    with pytest.raises(ValueError, match=message):
        WRONG[message]()


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (None, "You must provide a labels Tensor"),
        (np.zeros((60, 2), np.int64), "Mismatched label shape"),
        (WORDS, "text needs a label_vocabulary"),
    ],
)
def test_labels_must_fit(folder, labels, message):
    model = tf.estimator.LinearClassifier([numbers], config=folder)
    with pytest.raises(ValueError, match=message):
        model.train(inputs(labels), steps=1)


def test_a_label_that_is_no_class_fails_the_step(folder):
    model = tf.estimator.LinearClassifier([numbers], config=folder)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Labels must <= n_classes - 1"):
        model.train(inputs(TWO + 1), steps=1)


def test_an_optimizer_must_be_known(folder):
    model = tf.estimator.LinearClassifier([numbers], optimizer="Fast", config=folder)
    with pytest.raises(ValueError, match="Unsupported optimizer name"):
        model.train(inputs(TWO), steps=1)
