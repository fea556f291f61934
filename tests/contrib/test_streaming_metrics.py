"""Metrics of `tf.contrib.metrics` over batches: those with other orders, and those of their own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.testing.strategies import real

metrics = tf.contrib.metrics
RANDOM = np.random.RandomState(1)
SCORES = RANDOM.rand(2, 12).astype(np.float32)
TRUTHS = RANDOM.rand(2, 12) < 0.5
WEIGHTS = RANDOM.randint(0, 3, [2, 12]).astype(np.float32)
EVERY = SCORES, TRUTHS, WEIGHTS


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def over_batches(metric, *batches):
    """Return the value of a metric after it was updated with each batch, and the last update."""
    value, update = metric
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        for feeds in batches:
            last = session.run(update, feeds)
        return session.run(value), last


def placeholders():
    return [tf.placeholder(each.dtype, [None]) for each in EVERY]


def of_all(make):
    """Return value and update of a metric of scores, truths and weights."""
    parts = placeholders()
    batches = [dict(zip(parts, each, strict=True)) for each in zip(*EVERY, strict=True)]
    return over_batches(make(*parts), *batches)


SWAPPED = [
    *["true_positives", "true_negatives", "false_positives", "false_negatives"],
    *["precision", "recall", "accuracy", "mean_absolute_error", "mean_squared_error"],
    *["root_mean_squared_error", "auc"],
]
AT = [
    *["precision", "recall", "true_positives"],
    *["true_negatives", "false_positives", "false_negatives"],
]


@pytest.mark.parametrize(
    ("name", "extra"),
    [(name, []) for name in SWAPPED]
    + [(f"{name}_at_thresholds", [[0.2, 0.7]]) for name in AT]
    + [("sensitivity_at_specificity", [0.6]), ("specificity_at_sensitivity", [0.6])]
    + [("mean_cosine_distance", [0]), ("mean_relative_error", [np.float32(2)])],
)
def test_older_names_take_predictions_first(name, extra):
    def both(scores, truths, weights):
        whole = not any(part in name for part in ("at_", "auc", "error", "cosine"))
        scores = tf.cast(scores > 0.5, tf.int64) if whole else scores
        truths = tf.cast(truths, tf.float32) if "error" in name or "cosine" in name else truths
        truths = tf.cast(truths, tf.int64) if whole else truths
        more = [tf.fill(tf.shape(scores), each) if "relative" in name else each for each in extra]
        weights = None if "cosine" in name else weights
        older = getattr(metrics, f"streaming_{name}")(scores, truths, *more, weights)
        newer = getattr(tf.metrics, name)(truths, scores, *more, weights)
        return list(zip(older, newer, strict=True))

    (older, newer), (older_update, newer_update) = of_all(both)
    np.testing.assert_array_equal(older, newer)
    np.testing.assert_array_equal(older_update, newer_update)


def test_older_names_of_values_and_of_best_classes():
    scores, labels = tf.constant([[0.1, 0.5, 0.4], [0.2, 0.3, 0.9]]), tf.constant([[2], [0]])
    labels = tf.cast(labels, tf.int64)
    best = tf.cast(tf.nn.top_k(scores, 2)[1], tf.int64)
    made = [
        metrics.streaming_mean_tensor(scores),
        metrics.streaming_percentage_less(scores, 0.35),
        metrics.streaming_mean_iou(labels, labels, 3),
        metrics.streaming_recall_at_k(scores, labels[:, 0], 2),
        metrics.streaming_sparse_recall_at_k(scores, labels, 2),
        metrics.streaming_sparse_precision_at_k(scores, labels, 2),
        metrics.streaming_sparse_precision_at_top_k(best, labels),
        metrics.sparse_recall_at_top_k(labels, best),
        metrics.streaming_sparse_average_precision_at_k(scores, labels, 2),
        metrics.streaming_sparse_average_precision_at_top_k(best, labels),
    ]
    values, updates = metrics.aggregate_metrics(*made)
    found, _ = over_batches((values, updates), {}, {})

    np.testing.assert_allclose(found[0], [[0.1, 0.5, 0.4], [0.2, 0.3, 0.9]])
    np.testing.assert_allclose(found[1:], [0.5, 1, 0.5, 0.5, 0.25, 0.25, 0.5, 0.25, 0.25])


@pytest.fixture(scope="module")
def moments():
    """Return a function of three batches of x, y, w: covariance and correlation, and updates."""
    with tf.Graph().as_default():
        parts = [tf.placeholder(tf.float32, [None]) for _ in "xyw"]
        makers = metrics.streaming_covariance, metrics.streaming_pearson_correlation
        values, updates = metrics.aggregate_metrics(*(make(*parts) for make in makers))
        session = tf.Session()
        update = session.make_callable(updates, parts)
        value = session.make_callable(values)
        restart = session.make_callable(tf.local_variables_initializer())

    def run(x, y, w):
        restart()
        for batch in zip(x, y, w, strict=True):
            last = update(*batch)
        return value(), last

    yield run
    session.close()


@given(
    x=real((3, 4), np.float32),
    y=real((3, 4), np.float32),
    w=st.lists(st.integers(0, 3), min_size=12, max_size=12),
)
def test_covariance_and_correlation_are_numpys_over_all_batches(moments, x, y, w):
    x, y = np.tanh(x), np.tanh(y)
    y, w = x + y, np.reshape(w, [3, 4])
    (found, r), last = moments(x, y, w)
    if w.sum() <= 1:
        assert np.isnan(found)
        return
    wide = [each.ravel().astype(np.float64) for each in (x, y)]
    wanted = np.cov(*wide, fweights=w.ravel())
    np.testing.assert_allclose(found, wanted[0, 1], atol=1e-5)
    np.testing.assert_array_equal([found, r], last)
    if min(wanted[0, 0], wanted[1, 1]) > 1e-3:
        wanted = np.corrcoef(np.repeat(wide, w.ravel(), 1))[0, 1]
        np.testing.assert_allclose(r, wanted, atol=1e-3)


def test_covariance_without_weights():
    found, _ = of_all(lambda s, t, w: metrics.streaming_covariance(s, w))
    np.testing.assert_allclose(found, np.cov(SCORES.ravel(), WEIGHTS.ravel())[0, 1], rtol=1e-5)


@pytest.mark.parametrize("weighted", [False, True])
def test_kappa_is_agreement_beyond_chance(weighted):
    labels, said = RANDOM.randint(0, 3, [2, 2, 12])
    w = WEIGHTS if weighted else np.ones_like(WEIGHTS)
    parts = [tf.placeholder(each, [None]) for each in (tf.int64, tf.int64, tf.float32)]
    metric = metrics.cohen_kappa(parts[0], parts[1], 3, parts[2] if weighted else None)
    batches = [dict(zip(parts, each, strict=True)) for each in zip(labels, said, w, strict=True)]
    before, _ = over_batches(metric, {part: [] for part in parts})
    found, last = over_batches(metric, *batches)

    table = np.zeros([3, 3])
    np.add.at(table, (labels.ravel(), said.ravel()), w.ravel())
    chance = (table.sum(0) * table.sum(1)).sum() / table.sum() ** 2
    share = np.trace(table) / table.sum()
    np.testing.assert_allclose([found, last, before], [(share - chance) / (1 - chance)] * 2 + [0])
    with pytest.raises(ValueError, match="num_classes"):
        metrics.cohen_kappa(parts[0], parts[1], 1)


def test_count_is_the_number_or_the_weight():
    assert of_all(lambda s, t, w: metrics.count(s)) == (24, 24)
    assert of_all(lambda s, t, w: metrics.count(s, w)) == (WEIGHTS.sum(), WEIGHTS.sum())


@pytest.mark.parametrize("limit", [None, 5])
@pytest.mark.parametrize("axis", [0, 1])
def test_values_end_to_end(axis, limit):
    values = tf.placeholder(tf.float32, [None, 2] if axis == 0 else [2, None])
    every = [RANDOM.rand(n, 2).astype(np.float32) for n in (1, 3, 0, 4, 2, 1)]
    batches = [{values: each if axis == 0 else each.T} for each in every]
    metric = metrics.streaming_concat(values, axis, limit)
    found, length = over_batches(metric, *batches)
    wanted = np.concatenate(every)[:limit]

    np.testing.assert_array_equal(found if axis == 0 else found.T, wanted)
    assert length == len(wanted)
    assert metric[0].shape.as_list() == values.shape.as_list()


def test_what_cannot_be_put_end_to_end_is_refused():
    with pytest.raises(ValueError, match="rank"):
        metrics.streaming_concat(tf.placeholder(tf.float32))
    with pytest.raises(ValueError, match=r"axis = 1 not in \[0, 1\)"):
        metrics.streaming_concat([1.0], 1)
    with pytest.raises(ValueError, match="statically known size"):
        metrics.streaming_concat(tf.placeholder(tf.float32, [None, None]))


def confusion(thresholds, at_least=False):
    scores, truths, w = (each.ravel() for each in EVERY)
    said = np.array([scores >= t if at_least else scores > t for t in thresholds])
    cases = {"tp": said & truths, "fp": said & ~truths, "tn": ~said & ~truths, "fn": ~said & truths}
    return {key: (case * w).sum(1) for key, case in cases.items()}


def test_rates_of_wrong_answers():
    c = confusion([0.5])
    for at, make in enumerate(
        [metrics.streaming_false_positive_rate, metrics.streaming_false_negative_rate]
    ):
        found = of_all(lambda s, t, w, make=make: make(s > 0.5, t, w))
        wanted = [c["fp"] / (c["fp"] + c["tn"]), c["fn"] / (c["fn"] + c["tp"])][at]
        np.testing.assert_allclose(found, [wanted[0]] * 2, rtol=1e-6)
    c = confusion([0.2, 0.6])
    found = of_all(
        lambda s, t, w: metrics.streaming_false_positive_rate_at_thresholds(s, t, [0.2, 0.6], w)
    )
    np.testing.assert_allclose(found[1], c["fp"] / (c["fp"] + c["tn"]), rtol=1e-6)
    found = of_all(
        lambda s, t, w: metrics.streaming_false_negative_rate_at_thresholds(s, t, [0.2, 0.6], w)
    )
    np.testing.assert_allclose(found[0], c["fn"] / (c["fn"] + c["tp"]), rtol=1e-6)


def test_curves_at_many_thresholds():
    t = np.arange(11) / 10
    t[0], t[-1] = -1e-7, 1 + 1e-7
    c = confusion(t)
    with np.errstate(invalid="ignore"):
        precision = c["tp"] / (c["tp"] + c["fp"])
        recall = c["tp"] / (c["tp"] + c["fn"])
        f1 = np.nanmax(2 * precision * recall / (precision + recall))
    wanted = {"ROC": [c["fp"] / (c["fp"] + c["tn"]), recall], "PR": [recall, precision]}
    for curve, points in wanted.items():
        found, _ = of_all(
            lambda s, t, w, curve=curve: metrics.streaming_curve_points(t, s, w, 11, curve=curve)
        )
        np.testing.assert_allclose(found[:10], np.transpose(points)[:10], atol=1e-5)
    found, last = of_all(lambda s, t, w: metrics.f1_score(t, s, w, 11))
    np.testing.assert_allclose([found, last], [f1, f1], rtol=1e-5)
    for goal in (0.0, 0.4, 0.55, 1.0):
        found, _ = of_all(lambda s, t, w, g=goal: metrics.precision_at_recall(t, s, g, w, 11))
        at = np.flatnonzero(recall >= goal)[-1]
        np.testing.assert_allclose(found, np.nan_to_num(precision, nan=1)[at], rtol=1e-5)
    known = np.nan_to_num(precision)
    for goal in (0.35, 0.5, 1.0):
        found, _ = of_all(lambda s, t, w, g=goal: metrics.recall_at_precision(t, s, g, w, 11))
        np.testing.assert_allclose(found, recall[np.abs(known - goal).argmin()], rtol=1e-5)
        strict, _ = of_all(
            lambda s, t, w, g=goal: metrics.recall_at_precision(t, s, g, w, 11, strict_mode=True)
        )
        enough = [(p, at) for at, p in enumerate(known) if p >= goal]
        np.testing.assert_allclose(strict, recall[min(enough)[1]] if enough else 0, rtol=1e-5)


@pytest.mark.parametrize("count", [2, 5, None])
def test_precision_and_recall_by_buckets(count):
    data, _ = of_all(lambda s, t, w: metrics.precision_recall_at_equal_thresholds(t, s, w, count))
    thresholds = np.linspace(0, 1, count or 201)
    c = confusion(thresholds.astype(np.float32), at_least=True)

    for key in ("tp", "fp", "tn", "fn"):
        np.testing.assert_array_equal(getattr(data, key), c[key])
    np.testing.assert_allclose(data.recall, c["tp"] / (c["tp"] + c["fn"]), rtol=1e-6)
    np.testing.assert_allclose(data.thresholds, thresholds, rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "arguments", "match"),
    [
        ("precision_recall_at_equal_thresholds", {"num_thresholds": 1}, "must be >= 2"),
        ("streaming_curve_points", {"curve": "X"}, "X unknown"),
        ("recall_at_precision", {"precision": 2}, "range"),
        ("precision_at_recall", {"target_recall": -1}, "range"),
    ],
)
def test_what_is_no_curve_is_refused(name, arguments, match):
    with pytest.raises(ValueError, match=match):
        getattr(metrics, name)(labels=TRUTHS, predictions=SCORES, **arguments)
