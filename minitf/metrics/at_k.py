"""Precision and recall of the k best classes of each example, of which several may be true.

Labels and predictions are rows of classes, compared as sets: what both hold is a true positive.

Source: TensorFlow 1.15's functions of the same names in tf.metrics.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat, expand_dims, reshape
from minitf.api.casting import cast
from minitf.api.comparison import equal
from minitf.api.constants import fill, ones
from minitf.api.framework import (
    control_dependencies,
    convert_to_tensor_or_sparse_tensor,
    name_scope,
)
from minitf.api.math import add, div, multiply
from minitf.api.nn_layers import top_k
from minitf.api.reductions import reduce_sum
from minitf.api.sets import set_difference, set_intersection, set_size
from minitf.api.sizes import rank, shape, size
from minitf.api.sparse import sparse_reshape
from minitf.api.sparse_slicing import sparse_retain
from minitf.api.state import assign_add
from minitf.api.weights import assert_broadcastable
from minitf.composite import SparseTensor
from minitf.dtypes import float64, int64
from minitf.metrics.streaming import Metric, gather, metric_variable, value_of
from minitf.tensor import Tensor

# --- public --------------------------------------------------------------------------------------


def precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the share of true classes among the k classes with the greatest scores.

    Args:
        labels: int64[..., L], the true classes of each example, dense or sparse; [...] for one.
        predictions: float[..., C], scores of the classes.
        k: how many classes count as predicted.
        class_id: the one class to count, if not all.
        weights: a scalar, or one weight per example; 1 by default.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name scope of the operations.

    Returns:
        value: float64, what is known so far; NaN before anything was predicted.
        update: adds a batch, and returns the value with it.
    """
    with name_scope(name, at_k("precision", k, class_id), [predictions, labels]) as scope:
        _, best = top_k(predictions, k)
        collections = metrics_collections, updates_collections
        return precision_at_top_k(labels, best, k, class_id, weights, *collections, name=scope)


def precision_at_top_k(
    labels: Any,
    predictions_idx: Any,
    k: int | None = None,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the share of true classes among the predicted ones, `predictions_idx` int[..., k].

    Other arguments and results as of `precision_at_k`.
    """
    with name_scope(name, at_k("precision", k, class_id), [predictions_idx, labels]) as scope:
        labels, best = expanded_labels(labels, predictions_idx), cast(predictions_idx, int64)
        right, new_right = _counted("true_positive", k, labels, best, class_id, weights)
        wrong, new_wrong = _counted("false_positive", k, labels, best, class_id, weights)
        totals, updates = (right, wrong), (new_right, new_wrong)
        return _share(totals, updates, metrics_collections, updates_collections, scope)


def recall_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the share of the true classes that are among the k with the greatest scores.

    Arguments and results as of `precision_at_k`.
    """
    with name_scope(name, at_k("recall", k, class_id), [predictions, labels]) as scope:
        _, best = top_k(predictions, k)
        collections = metrics_collections, updates_collections
        return recall_at_top_k(labels, best, k, class_id, weights, *collections, name=scope)


def recall_at_top_k(
    labels: Any,
    predictions_idx: Any,
    k: int | None = None,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the share of the true classes that are predicted, `predictions_idx` int[..., k].

    Other arguments and results as of `precision_at_k`.
    """
    with name_scope(name, at_k("recall", k, class_id), [predictions_idx, labels]) as scope:
        labels, best = expanded_labels(labels, predictions_idx), cast(predictions_idx, int64)
        found, new_found = _counted("true_positive", k, labels, best, class_id, weights)
        missed, new_missed = _counted("false_negative", k, labels, best, class_id, weights)
        totals, updates = (found, missed), (new_found, new_missed)
        return _share(totals, updates, metrics_collections, updates_collections, scope)


def sparse_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Do as `precision_at_k`, of which it is the deprecated name."""
    collections = metrics_collections, updates_collections
    return precision_at_k(labels, predictions, k, class_id, weights, *collections, name=name)


# --- parts ---------------------------------------------------------------------------------------


def at_k(name: str, k: int | None, class_id: int | None = None) -> str:
    """Return the default name of a metric: "precision_at_5_class2"."""
    name = f"{name}_at_{'k' if k is None else k}"
    return name if class_id is None else f"{name}_class{class_id}"


def _share(
    totals: tuple[Any, Any],
    updates: tuple[Any, Any],
    metrics_collections: Any,
    updates_collections: Any,
    scope: str,
) -> Metric:
    """Return the metric part / (part + rest)."""
    value = value_of(lambda: div(totals[0], add(*totals), name=scope), metrics_collections)
    update = div(updates[0], add(*updates), name="update")
    gather(updates_collections, update)
    return value, update


def _counted(
    kind: str, k: int | None, labels: Any, best: Any, class_id: int | None, weights: Any
) -> tuple[Any, Tensor]:
    """Return the total weight of true positives (or others), and the total with a batch."""
    with name_scope(None, at_k(kind, k, class_id), [best]) as scope:
        counts = per_example(kind, labels, best, class_id, weights)
        batch = cast(reduce_sum(counts), float64)
        total = metric_variable([], float64, scope)
        return total, assign_add(total, batch, name="update")


def per_example(
    kind: str,
    labels: Any,
    best: Any,
    class_id: int | None = None,
    weights: Any = None,
    name: str | None = None,
) -> Tensor:
    """Return how many classes of each example are true positives (or others), weighted."""
    with name_scope(name, f"{kind}s", [best]):
        if class_id is not None:
            labels, best = _only(labels, class_id), _only(best, class_id)
        if kind == "true_positive":
            found = set_intersection(best, labels)
        else:
            found = set_difference(best, labels, aminusb=kind == "false_positive")
        counts: Tensor = cast(set_size(found), float64)
        if weights is None:
            return counts
        with control_dependencies([assert_broadcastable(weights, counts)]):
            return multiply(counts, cast(weights, float64))


def _only(classes: Any, class_id: int) -> SparseTensor:
    """Return the rows of classes without all but one class."""
    classes = convert_to_tensor_or_sparse_tensor(classes)
    if isinstance(classes, SparseTensor):
        return sparse_retain(classes, equal(classes.values, class_id))
    sizes = shape(classes, out_type=int64)
    column = concat([sizes[:-1], [1]], 0)
    kept = set_intersection(fill(column, cast(class_id, int64)), classes)
    return SparseTensor(kept.indices, kept.values, sizes)


def expanded_labels(labels: Any, predictions: Any) -> Any:
    """Return labels of one class per example with a last dimension of size 1.

    Raises:
        ValueError: if the labels have neither the rank of the predictions nor one less.
    """
    with name_scope(None, "expand_labels", [predictions]) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            missing = rank(predictions) - size(labels.dense_shape)
            sizes = concat([labels.dense_shape, ones(reshape(missing, [1]), int64)], 0)
            return sparse_reshape(labels, sizes, name=scope)
        ranks = labels.shape.ndims, predictions.shape.ndims
        if ranks[0] is None or ranks[1] is None:
            missing = rank(predictions) - rank(labels)
            sizes = concat([shape(labels), fill(reshape(missing, [1]), 1)], 0)
            return reshape(labels, sizes, name=scope)
        if ranks[1] == ranks[0]:
            return labels
        if ranks[1] == ranks[0] + 1:
            return expand_dims(labels, -1, name=scope)
        raise ValueError(
            f"Unexpected labels shape {labels.shape} for predictions shape {predictions.shape}."
        )
