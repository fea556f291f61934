"""Metrics that take predictions before labels."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

metrics = tf.contrib.metrics


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def test_accuracy_is_a_weighted_share():
    predictions, labels = tf.constant([1, 2, 3, 4]), tf.constant([1, 2, 0, 0])
    plain = metrics.accuracy(predictions, labels)
    weighted = metrics.accuracy(predictions, labels, weights=[3.0, 0.0, 1.0, 0.0])
    words = metrics.accuracy(tf.constant(["a", "b"]), tf.constant(["a", "c"]), name="words")
    with tf.Session() as session:
        np.testing.assert_allclose(session.run([plain, weighted, words]), [0.5, 0.75, 0.5])
    assert words.op.name.startswith("words/")


def test_types_of_accuracy_must_match():
    whole, real = tf.constant([1]), tf.constant([1.0])
    with pytest.raises(ValueError, match="Labels should have bool, integer, or string dtype"):
        metrics.accuracy(whole, real)
    with pytest.raises(ValueError, match="Dtypes of predictions and labels should match"):
        metrics.accuracy(real, whole)


def test_streaming_metrics_know_predictions_from_labels():
    predictions, labels = tf.placeholder(tf.int64, [None]), tf.placeholder(tf.int64, [None])
    pairs = [
        metrics.streaming_accuracy(predictions, labels),
        metrics.streaming_precision(predictions, labels),
        metrics.streaming_recall(predictions, labels),
        metrics.streaming_mean(predictions),
    ]
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        for batch in (([1, 1, 1], [1, 0, 0]), ([0], [1])):
            feeds = {predictions: batch[0], labels: batch[1]}
            session.run([pair[1] for pair in pairs], feeds)
        found = session.run([pair[0] for pair in pairs])

    np.testing.assert_allclose(found, [1 / 4, 1 / 3, 1 / 2, 3 / 4], rtol=1e-6)
