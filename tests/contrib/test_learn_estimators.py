"""Models of tf.contrib.learn, and columns of tf.contrib.layers."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

learn = tf.contrib.learn
layers = tf.contrib.layers
RNG = np.random.RandomState(0)
X = RNG.normal(size=(60, 4)).astype(np.float32)
Y = (X[:, 0] > 0).astype(np.int64) + (X[:, 1] > 0)


def test_iris_as_the_first_guide_has_it(tmp_path):
    feature_columns = [layers.real_valued_column("", dimension=4)]
    classifier = learn.DNNClassifier(
        feature_columns=feature_columns,
        hidden_units=[10],
        n_classes=3,
        optimizer=tf.train.AdamOptimizer(0.1),
        model_dir=str(tmp_path),
    )

    assert classifier.fit(x=X, y=Y, steps=60) is classifier
    assert classifier.evaluate(x=X, y=Y)["accuracy"] > 0.85
    classes = list(classifier.predict_classes(X[:5]))
    chances = list(classifier.predict_proba(X[:5], batch_size=2))
    assert [np.argmax(each) for each in chances] == classes
    (first, *_) = classifier.predict(X[:2], outputs=["class_ids"], as_iterable=False)
    assert first["class_ids"] == classes[:1]


def test_a_linear_regressor_of_inferred_columns(tmp_path):
    columns = learn.infer_real_valued_columns_from_input(X)
    model = learn.LinearRegressor(columns, model_dir=str(tmp_path))
    numbers = X @ [1, 2, 0, 0] + 3
    model.fit(X, numbers, steps=40, batch_size=30)
    found = np.array(list(model.predict_scores(X)))

    assert np.mean((found - numbers) ** 2) < np.var(numbers) / 2


def test_a_model_function_and_input_functions(tmp_path):
    def model_fn(features, labels, mode):
        weight = tf.get_variable("weight", initializer=1.0)
        loss = tf.reduce_sum(features["x"] * weight)
        step = tf.assign_add(tf.train.get_global_step(), 1)
        return tf.estimator.EstimatorSpec(mode, {"y": features["x"] * weight}, loss, step)

    def input_fn():
        return {"x": tf.constant([[2.0]])}, tf.constant([[1.0]])

    model = learn.Estimator(model_fn, model_dir=str(tmp_path))
    model.fit(input_fn=input_fn, steps=2)

    assert model.evaluate(input_fn=input_fn, steps=1)["loss"] == 2
    assert next(model.predict({"x": np.float32([[3.0]])}))["y"] == 3
    with pytest.raises(ValueError, match="Can not provide both"):
        model.fit(X, input_fn=input_fn)
    with pytest.raises(ValueError, match="Either x or input_fn"):
        model.fit(steps=1)


def test_columns_are_those_of_feature_column():
    fc = tf.feature_column
    words = layers.sparse_column_with_keys("w", ["to", "be"])
    hashed = layers.sparse_column_with_hash_bucket("h", 7)

    assert words == fc.categorical_column_with_vocabulary_list("w", ["to", "be"], tf.string)
    assert hashed == fc.categorical_column_with_hash_bucket("h", 7)
    assert layers.sparse_column_with_integerized_feature("i", 3).num_buckets == 3
    assert layers.crossed_column([hashed, words], 9) == fc.crossed_column(["h", words], 9)
    assert layers.one_hot_column(words) == fc.indicator_column(words)
    assert layers.weighted_sparse_column(words, "k").name == "w_weighted_by_k"
    assert list(layers.create_feature_spec_for_parsing([words])) == ["w"]
    numbers = layers.real_valued_column("x", 2, default_value=1.0)
    assert numbers == fc.numeric_column("x", (2,), default_value=1.0)
    assert layers.bucketized_column(layers.real_valued_column("x"), [1]).name == "x_bucketized"


def test_what_columns_cannot_do_is_refused(tmp_path):
    with pytest.raises(ValueError, match="combiner must be 'sum'"):
        layers.sparse_column_with_hash_bucket("h", 7, combiner="mean")
    with pytest.raises(ValueError, match="not loaded from a checkpoint"):
        layers.crossed_column(["a", "b"], 3, ckpt_to_load_from="x")
    with pytest.raises(ValueError, match="dimension must be an integer"):
        layers.real_valued_column("x", None)
    path = tmp_path / "words"
    path.write_text("to\nbe\n")
    column = layers.sparse_column_with_vocabulary_file("w", str(path), vocab_size=2)
    assert column.num_buckets == 2
