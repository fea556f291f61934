"""Metrics of the k best classes: TensorFlow's values, hand-worked examples, messages."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import fed

import minitf

SCORES = np.float32([[0.1, 0.6, 0.2, 0.9], [0.8, 0.1, 0.7, 0.3], [0.5, 0.4, 0.3, 0.2]])
LABELS = np.int64([[3, 1], [1, 1], [2, 9]])
ONES = np.int64([3, 2, 1])
WEIGHTS = np.float32([1, 0.5, 2])


def sparse(tf):
    return tf.SparseTensor(
        [[0, 0], [0, 1], [1, 0], [2, 0]], tf.constant([3, 2, 0, 3], tf.int64), [3, 2]
    )


METRICS = {
    f"{name} {what}": (name, labels, options)
    for name in ("precision_at_k", "recall_at_k", "average_precision_at_k")
    for what, labels, options in [
        ("of rows", lambda tf: fed(tf, LABELS), {}),
        ("weighted", lambda tf: fed(tf, LABELS), {"weights": WEIGHTS}),
        ("of vectors", lambda tf: fed(tf, ONES), {}),
        ("of sparse labels", sparse, {}),
        ("of one class", lambda tf: fed(tf, LABELS), {"class_id": 1}),
        ("of one sparse class", sparse, {"class_id": 3}),
        ("of unknown rank", lambda tf: fed(tf, ONES, tf.TensorShape(None)), {}),
    ]
    if "class_id" not in options or name != "average_precision_at_k"
}


def run(tf, name, labels, options, k=2):
    """Return what two updates and the value give, and the names of the variables."""
    with tf.Graph().as_default(), tf.Session() as session:
        value, update = getattr(tf.metrics, name)(labels(tf), fed(tf, SCORES), k, **options)
        session.run(tf.local_variables_initializer())
        feeds = dict(tf.get_collection("feeds"))
        found = [session.run(each, feeds) for each in (update, update, value)]
        # since 2.x TensorFlow has a node "Max" there, too like "max"
        variables = [v.op.name.removesuffix("_1") for v in tf.local_variables()]
        return found, value.op.name, update.op.name, variables


@pytest.mark.tensorflow
@pytest.mark.parametrize("case", METRICS.values(), ids=METRICS)
def test_values_and_names_are_tensorflows(case, tensorflow):
    ours, theirs = run(minitf, *case), run(tensorflow, *case)

    np.testing.assert_allclose(ours[0], theirs[0])
    assert ours[1:] == theirs[1:]


@pytest.mark.tensorflow
def test_one_best_class_is_tensorflows(tensorflow):
    for labels in (sparse, lambda tf: fed(tf, LABELS)):
        case = "sparse_average_precision_at_k", labels, {}, 1

        np.testing.assert_allclose(run(minitf, *case)[0], run(tensorflow, *case)[0])


def of_ranking(name, labels, ranking, **options):
    """Return a metric of one example whose classes are ranked so, best first."""
    scores = np.zeros((1, len(ranking)), np.float32)
    scores[0, ranking] = np.arange(len(ranking), 0, -1)
    with minitf.Graph().as_default(), minitf.Session() as session:
        _, update = getattr(minitf.metrics, name)(labels[np.newaxis], scores, **options)
        session.run(minitf.local_variables_initializer())
        return session.run(update)


def test_hits_are_divided_by_k_and_by_the_number_of_true_classes():
    labels, ranking = np.int64([0, 1, 2]), [0, 3, 2, 1]

    assert of_ranking("precision_at_k", labels, ranking, k=2) == 0.5
    assert of_ranking("recall_at_k", labels, ranking, k=2) == pytest.approx(1 / 3)


def test_the_average_precision_rewards_early_hits():
    labels = np.int64([0, 1])

    assert of_ranking("average_precision_at_k", labels, [0, 1, 2], k=3) == 1
    assert of_ranking("average_precision_at_k", labels, [0, 2, 1], k=3) == pytest.approx(5 / 6)
    assert of_ranking("average_precision_at_k", labels, [2, 0, 1], k=3) == pytest.approx(7 / 12)


def test_the_best_classes_may_be_given():
    for name in ("precision_at_top_k", "recall_at_top_k"):
        with minitf.Graph().as_default(), minitf.Session() as session:
            best = minitf.constant([[3, 1]])
            value, update = getattr(minitf.metrics, name)(np.int64([[3]]), best, k=2)
            session.run(minitf.local_variables_initializer())

            assert np.isnan(session.run(value))
            assert session.run(update) == (0.5 if name.startswith("precision") else 1)


def test_what_is_wrong_is_refused():
    with pytest.raises(ValueError, match="Invalid k=0"):
        minitf.metrics.average_precision_at_k(LABELS, SCORES, 0)
    with pytest.raises(ValueError, match="Unexpected labels shape"):
        minitf.metrics.precision_at_k(np.int64(3), minitf.constant(SCORES), 1)
