"""Inner functions of metrics, which libraries build their own on."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.compat.internal.metrics_impl import confusion_matrix_at_thresholds
from minitf.metrics.average_precision import average_precision_of_best


def run(*fetches):
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        return [session.run(each) for each in fetches]


def test_what_is_right_and_wrong_is_counted_at_each_threshold():
    with tf.Graph().as_default():
        labels, scores = [1, 0, 1, 0], [0.9, 0.6, 0.4, 0.1]
        values, updates = confusion_matrix_at_thresholds(labels, scores, [0.2, 0.5])
        some, _ = confusion_matrix_at_thresholds(labels, scores, [0.5], includes=("tp",))
        _, counted = run(updates, values)

        assert {key: each.tolist() for key, each in counted.items()} == {
            "tp": [2, 1],
            "fn": [0, 1],
            "tn": [1, 1],
            "fp": [1, 1],
        }
        assert list(some) == ["tp"]
        with pytest.raises(ValueError, match="Invalid key: tpr"):
            confusion_matrix_at_thresholds(labels, scores, [0.5], includes=("tpr",))


def test_average_precision_of_the_best_classes_is_that_of_scores():
    scores = np.random.RandomState(0).rand(4, 6).astype(np.float32)
    labels = np.array([[0, 3], [2, 1], [5, 4], [1, 0]])
    with tf.Graph().as_default():
        _, best = tf.nn.top_k(scores, 3)
        _, ours = average_precision_of_best(labels, best)
        _, theirs = tf.metrics.average_precision_at_k(labels, scores, 3)
        found, wanted = run(ours, theirs)

        assert found == wanted
        assert ours.op.name == "average_precision_at_top_k"
