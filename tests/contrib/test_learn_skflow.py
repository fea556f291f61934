"""Models of TensorFlow 0.8: functions of x and y, their layers, their folders."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

learn = tf.contrib.learn
RNG = np.random.RandomState(0)
X = RNG.normal(size=(60, 4)).astype(np.float32)
Y = (X[:, 0] > 0).astype(np.int64) + (X[:, 1] > 0)
WORDS = RNG.randint(0, 5, size=(24, 3))


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        yield graph


def run(fetches, feeds=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches, feeds)


# --- estimators ----------------------------------------------------------------------------------


def test_a_function_of_x_and_y_is_trained_and_predicts():
    seen = []

    def model(x, y):
        seen.append((x.shape.as_list(), y.shape.as_list(), y.dtype))
        return learn.models.logistic_regression(learn.ops.dnn(x, [8, 8]), y)

    estimator = learn.TensorFlowEstimator(
        model_fn=model, n_classes=3, batch_size=30, steps=60, optimizer="Adam", learning_rate=0.05
    )
    with pytest.raises(learn.estimators.NotFittedError):
        estimator.predict(X)

    assert estimator.fit(X, Y, logdir=None) is estimator
    assert seen == [([None, 4], [None, 3], tf.float32)]
    assert np.mean(estimator.predict(X) == Y) > 0.9
    chances = estimator.predict_proba(X[:7], batch_size=3)
    assert chances.shape == (7, 3)
    assert chances.argmax(1).tolist() == estimator.predict(X[:7]).tolist()
    spec = {"right": learn.MetricSpec(right)}
    found = estimator.evaluate(X, Y, batch_size=7, metrics=spec)
    assert found["right"] == pytest.approx(np.mean(estimator.predict(X) == Y))
    assert (found["global_step"], found["loss"] < 0.5) == (60, True)


def right(predictions, labels):
    """Return which share of rows is right."""
    return tf.metrics.accuracy(tf.argmax(labels, 1), tf.argmax(predictions, 1))


def test_fit_starts_anew_unless_it_is_to_go_on():
    again = learn.TensorFlowLinearClassifier(n_classes=3, steps=5)
    further = learn.TensorFlowLinearClassifier(n_classes=3, steps=5, continue_training=True)
    for each in (again, further):
        each.fit(X, Y)
        each.fit(X, Y)
    again_step = again.get_variable_value("global_step")

    assert (again_step, further.get_variable_value("global_step")) == (5, 10)
    again.partial_fit(X, Y)
    assert again.get_variable_value("global_step") == 10


def test_a_model_is_restored_without_its_function_and_trains_on(tmp_path):
    def model(x, y):
        hidden = learn.ops.dnn(x, [6], activation=tf.tanh, dropout=0.1)
        return learn.models.logistic_regression(hidden, y)

    rate = lambda step: tf.train.exponential_decay(0.1, step, 10, 0.9)  # noqa: E731
    given = {"n_classes": 3, "steps": 30, "learning_rate": rate}
    estimator = learn.TensorFlowEstimator(model, **given)
    estimator.fit(X, Y)
    estimator.save(tmp_path / "model")
    restored = learn.TensorFlowEstimator.restore(str(tmp_path / "model"))

    assert (tmp_path / "model" / "graph.pbtxt").exists()
    np.testing.assert_array_equal(restored.predict_proba(X), estimator.predict_proba(X))
    restored.fit(X, Y, steps=3)
    assert restored.get_variable_value("global_step") == 33
    with pytest.raises(ValueError, match="doesn't contain model definition"):
        learn.TensorFlowEstimator.restore(str(tmp_path))


def test_a_ready_model_is_restored_as_its_own_kind(tmp_path):
    model = learn.TensorFlowDNNClassifier(hidden_units=[5, 4], n_classes=3, steps=4).fit(X, Y)
    model.save(tmp_path)
    restored = learn.TensorFlowEstimator.restore(tmp_path)

    assert type(restored) is learn.TensorFlowDNNClassifier
    assert [each.shape for each in restored.weights_] == [(4, 5), (5, 4), (4, 3)]
    assert [each.shape for each in restored.bias_] == [(5,), (4,), (3,)]
    assert restored.get_params()["hidden_units"] == [5, 4]
    assert restored.set_params(steps=2).steps == 2
    with pytest.raises(ValueError, match="Invalid parameter layers"):
        restored.set_params(layers=2)


def test_linear_models_find_lines_and_planes():
    numbers = X @ np.float32([1, 2, 0, 0]) + 3
    line = learn.TensorFlowLinearRegressor(steps=150, optimizer="SGD", learning_rate=0.1)
    line.fit(X, numbers)

    np.testing.assert_allclose(line.weights_.ravel(), [1, 2, 0, 0], atol=0.02)
    np.testing.assert_allclose(line.bias_, [3], atol=0.02)
    assert line.score(X, numbers) > 0.99
    pair = learn.TensorFlowDNNRegressor([6], steps=4).fit(X, np.stack([numbers, -numbers], 1))
    assert pair.predict(X).shape == (60, 2)
    assert learn.TensorFlowClassifier is learn.TensorFlowLinearClassifier
    assert learn.TensorFlowRegressor is learn.TensorFlowLinearRegressor


def test_an_autoencoder_makes_its_input_again():
    low = X[:, :2] @ np.float32([[1, 0, 1, 1], [0, 1, 1, -1]])
    model = learn.TensorFlowDNNAutoencoder(
        [2], activation=None, steps=150, optimizer="Adam", learning_rate=0.05
    )
    made = model.fit_transform(low)

    assert np.mean((made - low) ** 2) < 0.1 * np.var(low)
    assert [each.shape for each in model.weights_] == [(4, 2), (2, 4)]
    assert [each.shape for each in model.bias_] == [(2,), (4,)]


@pytest.mark.parametrize("cell", ["rnn", "gru", pytest.param("lstm", marks=pytest.mark.thorough)])
def test_recurrent_models_read_a_list_of_places(cell):
    def as_list(x):
        return tf.unstack(learn.ops.one_hot_matrix(x, 5), axis=1)

    options = {"cell_type": cell, "input_op_fn": as_list, "steps": 1, "batch_size": 8}
    classes = learn.TensorFlowRNNClassifier(4, 5, bidirectional=True, **options)
    numbers = learn.TensorFlowRNNRegressor(4, attn_length=2, attn_vec_size=3, **options)

    assert classes.fit(WORDS, WORDS[:, 0]).predict_proba(WORDS).shape == (24, 5)
    assert numbers.fit(WORDS, WORDS[:, 0] / 2).predict(WORDS).shape == (24,)
    assert any("attn_w" in name for name in numbers.get_variable_names())


def test_what_a_model_cannot_be_is_refused():
    with pytest.raises(ValueError, match="Optimizer name should be one of"):
        learn.TensorFlowEstimator(None, 2, optimizer="Steepest")
    with pytest.raises(ValueError, match="cell_type tree is not supported"):
        learn.TensorFlowRNNClassifier(4, 2, cell_type="tree")
    with pytest.raises(ValueError, match="x has no rows"):
        learn.TensorFlowLinearClassifier(2).fit(X[:0], Y[:0])


def test_streams_of_rows_train_and_are_predicted():
    model = learn.TensorFlowLinearClassifier(n_classes=3, steps=100, batch_size=25)
    model.fit(iter(X), iter(Y))

    assert model.get_variable_value("global_step") == 3  # 25, 25 and 10 rows
    assert model.predict(iter(X)).tolist() == model.predict(X).tolist()


def test_class_weights_are_factors_of_logits():
    def model(x, y):
        return learn.models.logistic_regression_zero_init(x, y)

    estimator = learn.TensorFlowEstimator(model, 3, steps=9, class_weight=[1.0, 0.0, 0.0])
    chances = estimator.fit(X, Y).predict_proba(X)

    np.testing.assert_array_equal(chances[:, 1], chances[:, 2])
    assert np.ptp(chances[:, 0]) > 0.1


def test_summaries_and_a_checkpoint_stand_in_the_log_folder(tmp_path):
    learn.TensorFlowLinearClassifier(n_classes=3, steps=3).fit(X, Y, logdir=tmp_path)
    (events,) = tmp_path.glob("events*")
    tags = {
        value.tag for each in tf.train.summary_iterator(str(events)) for value in each.summary.value
    }

    assert tf.train.latest_checkpoint(tmp_path).endswith("model-3")
    assert {f"logistic_regression/logistic_regression.{each}" for each in ("x", "bias")} <= tags


# --- layers --------------------------------------------------------------------------------------


def test_layers_have_the_variables_of_older_checkpoints():
    pictures = np.ones([2, 5, 5, 3], np.float32)
    made = learn.ops.conv2d(pictures, 4, [3, 3], activation=tf.nn.relu, batch_norm=True)
    with tf.variable_scope("bare"):
        bare = learn.ops.conv2d(pictures, 2, [1, 1], [1, 2, 2, 1], "VALID", bias=False)
    deep = learn.ops.dnn(X, [3, 2])
    words = learn.ops.categorical_variable([[1, 2]], n_classes=4, embedding_size=3, name="words")
    names = [each.op.name for each in tf.global_variables()]

    assert [each.shape.as_list() for each in (made, bare, deep, words)] == [
        [2, 5, 5, 4],
        [2, 3, 3, 2],
        [60, 2],
        [1, 2, 3],
    ]
    assert [each for each in names if "BatchNorm" not in each] == [
        "convolution/filters",
        "convolution/bias",
        "bare/convolution/filters",
        "dnn/layer0/fully_connected/weights",
        "dnn/layer0/fully_connected/bias",
        "dnn/layer1/fully_connected/weights",
        "dnn/layer1/fully_connected/bias",
        "words/words_embeddings",
    ]
    assert run(made).min() >= 0


def test_dropout_drops_in_training_alone():
    trains = tf.placeholder(tf.bool, [])
    tf.add_to_collection("IS_TRAINING", trains)
    made = learn.ops.dropout(tf.ones([1000]), 0.8)

    assert run(made, {trains: False}).tolist() == [1.0] * 1000
    assert 0.7 < np.mean(run(made, {trains: True}) > 0) < 0.9


def test_numbers_become_vectors_and_an_axis_a_list():
    hot = learn.ops.one_hot_matrix([[0, 2]], 3, on_value=5.0)
    parts = learn.ops.split_squeeze(1, 2, np.float32([[1, 2], [3, 4]]))

    assert run(hot).tolist() == [[[5, 0, 0], [0, 0, 5]]]
    assert [each.tolist() for each in run(parts)] == [[1, 3], [2, 4]]


def test_a_decoder_reads_a_sentinel_first_and_its_own_words_in_sampling():
    cell = tf.nn.rnn_cell.GRUCell(2)
    x, y = np.ones([3, 4, 2], np.float32), np.ones([3, 2, 2], np.float32)
    ahead, fed, wanted = learn.ops.seq2seq_inputs(x, y, 4, 2)
    made = learn.ops.rnn_seq2seq(ahead, fed, cell)
    chances, loss = learn.ops.sequence_classifier(made[0], wanted, made[2])
    found = run({"made": made, "chances": chances, "loss": loss, "fed": fed, "wanted": wanted})

    assert (len(ahead), len(fed), len(wanted)) == (4, 3, 3)
    assert not found["fed"][0].any()
    assert not found["wanted"][-1].any()
    assert [len(each) for each in made] == [3, 4, 3, 4]
    np.testing.assert_array_equal(found["made"][0][0], found["made"][2][0])
    assert not np.array_equal(found["made"][0][1], found["made"][2][1])
    assert found["chances"].shape == (3, 3, 2)
    assert found["loss"].shape == ()
