"""Programs as TensorFlow's guides have them: iris, digits with a model of one's own, the census."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

pytestmark = pytest.mark.thorough


def test_iris_by_a_deep_classifier(tmp_path):
    iris = tf.contrib.learn.datasets.load_iris()
    order = np.random.RandomState(0).permutation(len(iris.data))
    data, target = iris.data[order].astype(np.float32), iris.target[order].astype(np.int64)
    feature_columns = [tf.feature_column.numeric_column("x", shape=[4])]
    classifier = tf.estimator.DNNClassifier(
        feature_columns=feature_columns,
        hidden_units=[10, 20, 10],
        n_classes=3,
        optimizer=tf.train.AdamOptimizer(0.01),
        model_dir=str(tmp_path),
        config=tf.estimator.RunConfig(tf_random_seed=1),
    )
    train_input_fn = tf.estimator.inputs.numpy_input_fn(
        x={"x": data[:120]}, y=target[:120], num_epochs=None, shuffle=True
    )
    classifier.train(input_fn=train_input_fn, steps=100)
    test_input_fn = tf.estimator.inputs.numpy_input_fn(
        x={"x": data[120:]}, y=target[120:], num_epochs=1, shuffle=False
    )

    assert classifier.evaluate(input_fn=test_input_fn)["accuracy"] > 0.85
    new_samples = np.array([[6.4, 3.2, 4.5, 1.5], [5.8, 3.1, 5.0, 1.7]], np.float32)
    predict_input_fn = tf.estimator.inputs.numpy_input_fn(
        x={"x": new_samples}, num_epochs=1, shuffle=False
    )
    classes = [p["classes"] for p in classifier.predict(input_fn=predict_input_fn)]
    assert [len(each) for each in classes] == [1, 1]


def cnn_model_fn(features, labels, mode):
    """Model function of the guide to layers."""
    input_layer = tf.reshape(features["x"], [-1, 28, 28, 1])
    conv1 = tf.layers.conv2d(
        inputs=input_layer, filters=4, kernel_size=[5, 5], padding="same", activation=tf.nn.relu
    )
    pool1 = tf.layers.max_pooling2d(inputs=conv1, pool_size=[2, 2], strides=2)
    flat = tf.reshape(pool1, [-1, 14 * 14 * 4])
    dense = tf.layers.dense(inputs=flat, units=16, activation=tf.nn.relu)
    dropout = tf.layers.dropout(
        inputs=dense, rate=0.4, training=mode == tf.estimator.ModeKeys.TRAIN
    )
    logits = tf.layers.dense(inputs=dropout, units=10)
    predictions = {
        "classes": tf.argmax(input=logits, axis=1),
        "probabilities": tf.nn.softmax(logits, name="softmax_tensor"),
    }
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode=mode, predictions=predictions)
    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    if mode == tf.estimator.ModeKeys.TRAIN:
        optimizer = tf.train.AdamOptimizer(learning_rate=0.01)
        train_op = optimizer.minimize(loss=loss, global_step=tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode=mode, loss=loss, train_op=train_op)
    eval_metric_ops = {
        "accuracy": tf.metrics.accuracy(labels=labels, predictions=predictions["classes"])
    }
    return tf.estimator.EstimatorSpec(mode=mode, loss=loss, eval_metric_ops=eval_metric_ops)


def test_digits_by_a_model_of_ones_own(tmp_path):
    rng = np.random.RandomState(0)
    labels = rng.randint(0, 2, 40).astype(np.int32)
    images = rng.uniform(size=(40, 784)).astype(np.float32) * 0.2
    images[:, :392] += labels[:, None]
    config = tf.estimator.RunConfig(tf_random_seed=1)
    classifier = tf.estimator.Estimator(
        model_fn=cnn_model_fn, model_dir=str(tmp_path), config=config
    )
    logging_hook = tf.train.LoggingTensorHook(
        tensors={"probabilities": "softmax_tensor"}, every_n_iter=10
    )
    train_input_fn = tf.estimator.inputs.numpy_input_fn(
        x={"x": images}, y=labels, batch_size=20, num_epochs=None, shuffle=True
    )
    classifier.train(input_fn=train_input_fn, steps=25, hooks=[logging_hook])
    eval_input_fn = tf.estimator.inputs.numpy_input_fn(
        x={"x": images}, y=labels, num_epochs=1, shuffle=False
    )
    results = classifier.evaluate(input_fn=eval_input_fn)

    assert set(results) == {"accuracy", "global_step", "loss"}
    assert results["accuracy"] > 0.7


CENSUS = """39, State-gov, Bachelors, 40, <=50K
50, Private, Masters, 13, >50K
38, Private, HS-grad, 40, <=50K
53, Private, 11th, 40, <=50K
28, ?, Masters, 45, >50K
37, State-gov, Masters, 50, >50K
"""
NAMES = ["age", "workclass", "education", "hours", "income"]


def census_input_fn(path, repeats):
    """A dataset of the lines of a file, as the guide to wide and deep models reads it."""

    def parse_csv(line):
        columns = tf.decode_csv(line, record_defaults=[[0], [""], [""], [0], [""]])
        features = dict(zip(NAMES, columns, strict=True))
        return features, tf.equal(features.pop("income"), " >50K")

    return tf.data.TextLineDataset(str(path)).map(parse_csv).repeat(repeats).batch(3)


def test_the_census_by_a_wide_and_deep_model(tmp_path):
    path = tmp_path / "census.csv"
    path.write_text(CENSUS)
    fc = tf.feature_column
    age = fc.numeric_column("age")
    hours = fc.numeric_column("hours")
    education = fc.categorical_column_with_vocabulary_list(
        "education", [" Bachelors", " Masters", " HS-grad", " 11th"]
    )
    workclass = fc.categorical_column_with_hash_bucket("workclass", hash_bucket_size=50)
    age_buckets = fc.bucketized_column(age, boundaries=[18, 25, 30, 35, 40, 45, 50])
    wide_columns = [
        education,
        workclass,
        age_buckets,
        fc.crossed_column(["education", "workclass"], hash_bucket_size=100),
        fc.crossed_column([age_buckets, "education"], hash_bucket_size=100),
    ]
    deep_columns = [
        age,
        hours,
        fc.indicator_column(education),
        fc.embedding_column(workclass, dimension=4),
    ]
    model = tf.estimator.DNNLinearCombinedClassifier(
        model_dir=str(tmp_path / "model"),
        linear_feature_columns=wide_columns,
        linear_optimizer=tf.train.FtrlOptimizer(0.5),
        dnn_feature_columns=deep_columns,
        dnn_hidden_units=[10, 5],
    )
    results, _ = tf.estimator.train_and_evaluate(
        model,
        tf.estimator.TrainSpec(lambda: census_input_fn(path, None), max_steps=40),
        tf.estimator.EvalSpec(lambda: census_input_fn(path, 1), steps=None),
    )

    assert results["global_step"] == 40
    assert results["accuracy"] > 0.8
    assert results["label/mean"] == pytest.approx(0.5)
