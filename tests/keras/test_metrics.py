"""Metrics as objects: worked by hand, and compared with TensorFlow's own Keras."""

from __future__ import annotations

import numpy as np
import pytest

import minitf

metrics = minitf.keras.metrics


def measured(make, *batches):
    """Return the result of a metric after batches, each the arguments of an update."""
    with minitf.Graph().as_default(), minitf.Session() as session:
        metric = make(metrics)
        updates = [
            metric.update_state(*(minitf.constant(each, minitf.float32) for each in batch))
            for batch in batches
        ]
        session.run([each.initializer for each in metric.variables])
        for each in updates:
            session.run(each)
        return session.run(metric.result())


def test_the_mean_iou_is_worked_out_by_hand():
    # class 0: 1 hit of 2; class 1: 1 hit of 3; class 2 is missing and does not count
    found = measured(lambda m: m.MeanIoU(3), ([0, 0, 1], [0, 1, 1]))

    assert found == pytest.approx((1 / 2 + 1 / 2) / 2)
    assert measured(lambda m: m.MeanIoU(2), ([[0], [1]], [[0], [0]], [3.0, 1.0])) == pytest.approx(
        (3 / 4 + 0) / 2
    )


def test_the_mean_of_a_tensor_is_one_of_each_cell():
    found = measured(lambda m: m.MeanTensor(), ([1.0, 2.0], [1.0, 0.0]), ([3.0, 4.0], [3.0, 1.0]))

    assert found.tolist() == [2.5, 4.0]
    with minitf.Graph().as_default():
        metric = metrics.MeanTensor()
        with pytest.raises(ValueError, match="does not have any result yet"):
            metric.result()
        metric.update_state([1.0, 2.0])
        with pytest.raises(ValueError, match=r"must always have the same shape.*\(2,\).*\(3,\)"):
            metric.update_state([1.0, 2.0, 3.0])


def test_shares_at_a_share_are_those_of_the_nearest_threshold():
    rows = [0, 0, 0, 1, 1, 1], [0.0, 0.3, 0.6, 0.4, 0.7, 0.9]

    # at 1/2 two of three rows of each kind are right
    assert measured(lambda m: m.SensitivityAtSpecificity(0.7, 3), rows) == pytest.approx(2 / 3)
    assert measured(lambda m: m.SpecificityAtSensitivity(0.7, 3), rows) == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match=r"`specificity` must be in the range \[0, 1\]"):
        metrics.SensitivityAtSpecificity(1.5)
    with pytest.raises(ValueError, match="`num_thresholds` must be > 0"):
        metrics.SpecificityAtSensitivity(0.5, num_thresholds=0)


@pytest.mark.parametrize(
    "make",
    [
        lambda: metrics.MeanIoU(3, name="iou"),
        lambda: metrics.SensitivityAtSpecificity(0.5, 7),
        lambda: metrics.AUC(9, "PR", "minoring"),
        lambda: metrics.Precision([0.25, 0.5], class_id=1),
        lambda: metrics.TopKCategoricalAccuracy(3),
    ],
)
def test_a_metric_is_made_again_of_its_configuration(make):
    config = make().get_config()

    again = metrics.deserialize({"class_name": type(make()).__name__, "config": config})

    assert again.get_config() == config


ROWS = [0, 1, 1, 0], [0.2, 0.6, 0.3, 0.9]
WEIGHTED = *ROWS, [1.0, 2.0, 0.5, 1.0]
SCORES = np.random.default_rng(4).uniform(-1, 1, (3, 4))
CLASSES = np.eye(4)[[0, 1, 2]], SCORES
KINDS = {
    "auc": (lambda m: m.AUC(5), ROWS),
    "auc of weighted rows": (lambda m: m.AUC(5), WEIGHTED),
    "auc of precision and recall": (lambda m: m.AUC(5, curve="PR"), WEIGHTED),
    "auc of greater ends": (lambda m: m.AUC(7, summation_method="majoring"), ROWS),
    "auc at thresholds": (lambda m: m.AUC(thresholds=[0.3, 0.5]), WEIGHTED),
    "precision": (lambda m: m.Precision(), WEIGHTED),
    "precision of the greatest": (lambda m: m.Precision(top_k=2), CLASSES),
    "recall": (lambda m: m.Recall([0.25, 0.5]), WEIGHTED),
    "recall of a class": (lambda m: m.Recall(top_k=1, class_id=1), CLASSES),
    "false positives": (lambda m: m.FalsePositives([0.1, 0.95]), WEIGHTED),
    "true negatives": (lambda m: m.TrueNegatives(), WEIGHTED),
    "root": (lambda m: m.RootMeanSquaredError(), ([[1.0], [2.0]], [[2.0], [4.0]], [1.0, 3.0])),
    "sum": (lambda m: m.Sum(), ([1.0, 2.0], [1.0, 3.0])),
    "top 2": (lambda m: m.TopKCategoricalAccuracy(k=2), CLASSES),
    "cross entropy": (lambda m: m.CategoricalCrossentropy(from_logits=True), CLASSES),
    "mean iou": (lambda m: m.MeanIoU(num_classes=3), ([0, 1, 2, 1], [0, 1, 1, 1])),
    "relative error": (
        lambda m: m.MeanRelativeError([1.0, 2.0, 2.0, 0.0]),
        ([1.0, 2.0, 3.0, 4.0], [2.0, 2.0, 1.0, 4.0]),
    ),
    "sensitivity": (lambda m: m.SensitivityAtSpecificity(0.5, num_thresholds=5), ROWS),
    "specificity": (lambda m: m.SpecificityAtSensitivity(0.5, num_thresholds=5), ROWS),
    "cells": (lambda m: m.MeanTensor(), ([[1.0, 2.0]],)),
}


def measured_twice(tf):
    """Return what each metric says of two equal batches, all of them in one graph."""
    tf.keras.backend.clear_session()
    with tf.Graph().as_default(), tf.Session() as session:
        made = {name: make(tf.keras.metrics) for name, (make, _) in KINDS.items()}
        updates = [
            made[name].update_state(*(tf.constant(each, tf.float32) for each in batch))
            for name, (_, batch) in KINDS.items()
        ]
        session.run([each.initializer for metric in made.values() for each in metric.variables])
        for _ in range(2):
            session.run(updates)
        return session.run({name: metric.result() for name, metric in made.items()})


@pytest.fixture(scope="module")
def both(tensorflow_with_keras):
    return measured_twice(minitf), measured_twice(tensorflow_with_keras)


@pytest.mark.tensorflow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", KINDS)
def test_two_batches_measure_what_they_do_in_tensorflow(both, name):
    got, want = (each[name] for each in both)

    np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)
