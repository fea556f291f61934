"""tf.metrics builds TensorFlow's graphs and computes its values over several batches."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import as_in_1_15, fed

import minitf
from minitf.errors import InvalidArgumentError

RNG = np.random.default_rng(11)
X = RNG.standard_normal((3, 4), np.float32)
Y = RNG.standard_normal((3, 4), np.float32)
SCORES = RNG.random((3, 4), np.float32)
TRUTH = RNG.integers(0, 2, (3, 4)).astype(np.float32)
SAID = RNG.integers(0, 2, (3, 4)).astype(np.float32)
ROWS = np.float32([[1], [0], [2]])
CLASSES = np.int64([0, 3, 1, 1])
GUESSES = np.int64([0, 2, 1, 3])
FOUR = np.float32([1, 0, 2, 0.5])
LIMITS = [0.2, 0.5, 0.9]


def pair(tf, labels, predictions):
    return {"labels": fed(tf, labels), "predictions": fed(tf, predictions)}


METRICS = {
    "mean": lambda tf: tf.metrics.mean(fed(tf, X)),
    "weighted mean": lambda tf: tf.metrics.mean(fed(tf, X), fed(tf, ROWS), name="m"),
    "mean weighted by a scalar": lambda tf: tf.metrics.mean(fed(tf, X), 2.0),
    "mean of equal shapes": lambda tf: tf.metrics.mean(fed(tf, X), fed(tf, SCORES)),
    "mean with an expanded weight": lambda tf: tf.metrics.mean(fed(tf, X), fed(tf, ROWS[:, 0])),
    "mean of integers": lambda tf: tf.metrics.mean(fed(tf, CLASSES)),
    "mean_tensor": lambda tf: tf.metrics.mean_tensor(fed(tf, X)),
    "weighted mean_tensor": lambda tf: tf.metrics.mean_tensor(fed(tf, X), fed(tf, ROWS)),
    "percentage_below": lambda tf: tf.metrics.percentage_below(fed(tf, X), 0.1),
    "accuracy": lambda tf: tf.metrics.accuracy(**pair(tf, CLASSES, GUESSES)),
    "accuracy of a column": lambda tf: tf.metrics.accuracy(
        **pair(tf, CLASSES, np.int32(GUESSES)[:, None]), weights=fed(tf, FOUR)
    ),
    "mean_absolute_error": lambda tf: tf.metrics.mean_absolute_error(**pair(tf, X, Y)),
    "mean_squared_error": lambda tf: tf.metrics.mean_squared_error(
        **pair(tf, X, Y), weights=fed(tf, ROWS)
    ),
    "root_mean_squared_error": lambda tf: tf.metrics.root_mean_squared_error(**pair(tf, X, Y)),
    "mean_relative_error": lambda tf: tf.metrics.mean_relative_error(
        **pair(tf, X, Y), normalizer=fed(tf, TRUTH)
    ),
    "mean_cosine_distance": lambda tf: tf.metrics.mean_cosine_distance(**pair(tf, X, Y), dim=1),
    "mean_per_class_accuracy": lambda tf: tf.metrics.mean_per_class_accuracy(
        **pair(tf, CLASSES, np.int32(GUESSES)), num_classes=5, weights=fed(tf, FOUR)
    ),
    "mean_iou": lambda tf: tf.metrics.mean_iou(**pair(tf, CLASSES, GUESSES), num_classes=5),
    "weighted mean_iou": lambda tf: tf.metrics.mean_iou(
        **pair(tf, CLASSES.reshape(2, 2), GUESSES.reshape(2, 2)),
        num_classes=4,
        weights=fed(tf, FOUR.reshape(2, 2)),
    ),
    "precision": lambda tf: tf.metrics.precision(**pair(tf, TRUTH, SAID)),
    "recall": lambda tf: tf.metrics.recall(**pair(tf, TRUTH, SAID), weights=fed(tf, SCORES)),
    **{
        name: lambda tf, name=name: getattr(tf.metrics, name)(
            **pair(tf, TRUTH, SAID), weights=fed(tf, SCORES)
        )
        for name in ("true_positives", "true_negatives", "false_positives", "false_negatives")
    },
    **{
        f"{name} at thresholds": lambda tf, name=name: getattr(tf.metrics, f"{name}_at_thresholds")(
            **pair(tf, TRUTH, SCORES), thresholds=LIMITS, weights=fed(tf, ROWS)
        )
        for name in ("precision", "recall")
    },
    **{
        f"{name} at thresholds": lambda tf, name=name: getattr(tf.metrics, f"{name}_at_thresholds")(
            **pair(tf, TRUTH, SCORES), thresholds=LIMITS
        )
        for name in ("true_positives", "true_negatives", "false_positives", "false_negatives")
    },
    "sensitivity": lambda tf: tf.metrics.sensitivity_at_specificity(
        **pair(tf, TRUTH, SCORES), specificity=0.6, num_thresholds=9
    ),
    "specificity": lambda tf: tf.metrics.specificity_at_sensitivity(
        **pair(tf, TRUTH, SCORES), sensitivity=0.6, num_thresholds=9
    ),
    "auc": lambda tf: tf.metrics.auc(**pair(tf, TRUTH, SCORES)),
    "auc of thresholds": lambda tf: tf.metrics.auc(
        **pair(tf, TRUTH, SCORES), thresholds=[0.7, 0.3], weights=fed(tf, ROWS)
    ),
    **{
        f"{curve} auc {method}": lambda tf, curve=curve, method=method: tf.metrics.auc(
            **pair(tf, TRUTH, SCORES), num_thresholds=7, curve=curve, summation_method=method
        )
        for curve in ("ROC", "PR")
        for method in ("minoring", "majoring", "careful_interpolation")
    },
    "auc of precision and recall": lambda tf: tf.metrics.auc(**pair(tf, TRUTH, SCORES), curve="PR"),
}


@pytest.fixture
def tensorflow_1_15(tensorflow, monkeypatch):
    """Return a TensorFlow that divides, and sums scalars, with the nodes of 1.15."""
    from tensorflow.python.ops import math_ops

    theirs = math_ops._ReductionDims

    def axes(x, axis):
        if axis is None and x.shape.rank == 0:
            return tensorflow.constant([], tensorflow.int32)
        return theirs(x, axis)

    monkeypatch.setattr(math_ops, "_ReductionDims", axes)
    monkeypatch.setattr(math_ops, "divide", math_ops.div)
    return tensorflow


def run(tf, make, batches=3):
    """Return the nodes of a metric's graph, what each update gave, and the value at the end."""
    with tf.Graph().as_default() as graph, tf.Session() as session:
        value, update = make(tf)
        nodes = {op.name: (op.type, []) for op in graph.get_operations()}
        session.run(tf.local_variables_initializer())
        feeds = dict(tf.get_collection("feeds"))
        updates = [session.run(update, feeds) for _ in range(batches)]
        return nodes, [*updates, session.run(value)]


def compared(nodes):
    """Leave out checks at run time, for which TensorFlow branches."""
    return {
        (name, kind)
        for name, (kind, _) in nodes.items()
        if not any(part.startswith(("assert_", "Assert")) for part in name.split("/"))
    }


@pytest.mark.tensorflow
@pytest.mark.parametrize("make", METRICS.values(), ids=METRICS)
def test_a_metric_is_tensorflows(make, tensorflow_1_15):
    ours, found = run(minitf, make)
    theirs, wanted = run(tensorflow_1_15, make)
    ours, theirs = compared(ours), compared(as_in_1_15(theirs))

    assert ours == theirs, (
        f"only ours: {sorted(ours - theirs)}, TensorFlow's: {sorted(theirs - ours)}"
    )
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-6, atol=2e-6)


def ranked(tf, value, shape=None):
    """Return a placeholder of unknown shape, fed with a value."""
    return fed(tf, value, tf.TensorShape(shape))


# TensorFlow branches here while the graph runs: its nodes differ, its values do not.
BY_VALUE = {
    "accuracy of unknown ranks": lambda tf: tf.metrics.accuracy(
        ranked(tf, CLASSES), ranked(tf, GUESSES[:, None])
    ),
    "error with labels of unknown rank": lambda tf: tf.metrics.mean_squared_error(
        ranked(tf, X[..., None]), fed(tf, Y), fed(tf, ROWS)
    ),
    "weights with a dimension too many": lambda tf: tf.metrics.mean(
        ranked(tf, X[0]), ranked(tf, FOUR[:, None])
    ),
    "weights with a dimension too few": lambda tf: tf.metrics.mean(
        ranked(tf, ROWS), ranked(tf, ROWS[:, 0])
    ),
    "scalar weights of unknown rank": lambda tf: tf.metrics.mean(fed(tf, X), ranked(tf, X[0, 0])),
    "auc of unknown size": lambda tf: tf.metrics.auc(
        fed(tf, TRUTH, [None, 4]), fed(tf, SCORES, [None, 4]), fed(tf, ROWS, [None, 1])
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("make", BY_VALUE.values(), ids=BY_VALUE)
def test_a_metric_has_tensorflows_values(make, tensorflow):
    for one, other in zip(run(minitf, make)[1], run(tensorflow, make)[1], strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-6, atol=2e-6)


# --- by hand -------------------------------------------------------------------------------------


def over_batches(make, batches):
    """Return what a metric of two placeholders gives after each batch."""
    with minitf.Graph().as_default(), minitf.Session() as session:
        labels, predictions = minitf.placeholder("float32"), minitf.placeholder("float32")
        _, update = make(labels, predictions)
        session.run(minitf.local_variables_initializer())
        return [session.run(update, {labels: z, predictions: x}) for z, x in batches]


def test_the_accuracy_counts_hits_of_all_batches():
    found = over_batches(minitf.metrics.accuracy, [([1, 2], [1, 3]), ([5, 6], [5, 6])])

    assert found == [0.5, 0.75]


def test_precision_and_recall_divide_hits_by_what_was_said_and_by_what_is():
    batch = [1, 1, 0, 0, 1], [1, 0, 1, 0, 1]  # two hits, one false alarm, one miss

    assert over_batches(minitf.metrics.precision, [batch]) == pytest.approx([2 / 3])
    assert over_batches(minitf.metrics.recall, [batch]) == pytest.approx([2 / 3])
    assert over_batches(minitf.metrics.precision, [([1], [0])]) == [0]


def test_perfect_scores_enclose_the_whole_square():
    found = over_batches(minitf.metrics.auc, [([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])])

    assert found == pytest.approx([1], abs=1e-5)


def test_intersection_over_union_is_averaged_over_the_classes_that_occur():
    with minitf.Graph().as_default(), minitf.Session() as session:
        labels, predictions = minitf.constant([0, 0, 1]), minitf.constant([0, 1, 1])
        value, update = minitf.metrics.mean_iou(labels, predictions, 3)
        session.run(minitf.local_variables_initializer())

        assert session.run(value) == 0
        assert session.run(update).tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]
        assert session.run(value) == pytest.approx(0.5)


def test_a_metric_joins_the_collections_that_it_is_given():
    with minitf.Graph().as_default():
        value, update = minitf.metrics.mean([1.0], None, ["values"], ["updates"])

        assert minitf.get_collection("values") == [value]
        assert minitf.get_collection("updates") == [update]
        names = [each.op.name for each in minitf.local_variables()]
        assert names == ["mean/total", "mean/count"]
        assert minitf.get_collection(minitf.GraphKeys.METRIC_VARIABLES) == minitf.local_variables()
        assert minitf.global_variables() == []


def test_scores_outside_the_unit_interval_fail():
    with pytest.raises(InvalidArgumentError, match=r"predictions must be in \[0, 1\]"):
        over_batches(minitf.metrics.auc, [([1], [1.5])])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda m: m.auc(TRUTH, SCORES, curve="RO"), "curve must be either ROC or PR"),
        (lambda m: m.auc(TRUTH, SCORES, summation_method="x"), "Invalid summation_method: x"),
        (lambda m: m.sensitivity_at_specificity(TRUTH, SCORES, 2), "must be in the range"),
        (lambda m: m.specificity_at_sensitivity(TRUTH, SCORES, -1), "must be in the range"),
        (lambda m: m.mean(X, np.ones((3, 2), np.float32)), "weights can not be broadcast"),
    ],
)
def test_what_is_wrong_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make(minitf.metrics)
