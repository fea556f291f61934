"""Average precision: how early in a ranking of classes the true ones come.

For an example with m true classes, the mean over its true classes among the first k of the share
of true classes up to there: (1 / min(m, k)) * sum over i <= k of precision_at_i * [class i true].

Source: TensorFlow 1.15's tf.metrics.average_precision_at_k.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat, expand_dims, tile
from minitf.api.casting import cast
from minitf.api.comparison import greater_equal
from minitf.api.constants import ones_like, zeros_like
from minitf.api.framework import convert_to_tensor_or_sparse_tensor, name_scope
from minitf.api.gathering import where
from minitf.api.math import div, div_no_nan, minimum, multiply
from minitf.api.nn_layers import top_k
from minitf.api.reductions import cumsum, reduce_sum
from minitf.api.sets import set_size
from minitf.api.sizes import shape, size
from minitf.api.sparse import sparse_reshape
from minitf.api.sparse_slicing import sparse_concat
from minitf.api.state import assign_add
from minitf.api.weights import broadcast_weights
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor
from minitf.dtypes import float64, int64
from minitf.metrics.at_k import at_k, expanded_labels, per_example
from minitf.metrics.streaming import Metric, gather, metric_variable, value_of
from minitf.tensor import Tensor


def average_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the mean over examples of the average precision of their k best classes.

    Args:
        labels: int64[..., L], the true classes of each example, dense or sparse; [...] for one;
            classes that are none do not count.
        predictions: float[..., C], scores of the classes.
        k: how many classes are looked at.
        weights: a scalar, or one weight per example; 1 by default.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name scope of the operations.

    Returns:
        value: float64, the mean so far.
        update: adds a batch, and returns the mean with it.

    Raises:
        ValueError: if k < 1.
    """
    if k < 1:
        raise ValueError(f"Invalid k={k}.")
    with name_scope(name, at_k("average_precision", k), [predictions]) as scope:
        _, best = top_k(predictions, k)
        labels = _without_others(labels, cast(shape(predictions)[-1], int64))
        collections = metrics_collections, updates_collections
        return average_precision_of_best(labels, best, weights, *collections, name=scope)


def average_precision_of_best(
    labels: Any,
    predictions_idx: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Do as `average_precision_at_k` of the k best classes themselves.

    Args:
        labels: int64[..., L], the true classes of each example, dense or sparse; [...] for one.
        predictions_idx: int[..., k], the best classes, k known.
        weights: a scalar, or one weight per example; 1 by default.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name scope of the operations.
    """
    best = convert_to_tensor(predictions_idx)
    with name_scope(name, "average_precision_at_top_k", [best]) as scope:
        average = _average_precision(labels, best, best.shape[-1].value)
        if weights is not None:
            weights = broadcast_weights(cast(weights, float64), average)
            average = multiply(average, weights)
        count, new_count = _summed("max", average, weights)
        total, new_total = _summed("total", average, average)
        value = value_of(lambda: div_no_nan(total, count, name="mean"), metrics_collections)
        update = div_no_nan(new_total, new_count, name=scope)
        gather(updates_collections, update)
        return value, update


def sparse_average_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Do as `average_precision_at_k`, of which it is the deprecated name."""
    collections = metrics_collections, updates_collections
    return average_precision_at_k(labels, predictions, k, weights, *collections, name=name)


def _summed(name: str, average: Tensor, values: Tensor | None) -> tuple[Any, Tensor]:
    """Return a total of values (of examples, if there are none), and the total with a batch."""
    with name_scope(None, name, [average]) as scope:
        total = metric_variable([], float64, scope)
        if values is None:
            batch = cast(size(average, name=f"batch_{name}"), float64)
        else:
            batch = reduce_sum(values, name=f"batch_{name}")
        return total, assign_add(total, batch, name="update")


def _without_others(labels: Any, classes: Tensor) -> Any:
    """Return labels with -1, which is never predicted, in the place of those that are no class."""
    labels = convert_to_tensor_or_sparse_tensor(labels)
    values = labels.values if isinstance(labels, SparseTensor) else labels
    cleaned = where(greater_equal(values, classes), -1 * ones_like(values), values)
    if isinstance(labels, SparseTensor):
        return SparseTensor(labels.indices, cleaned, labels.dense_shape)
    return cleaned


def _average_precision(labels: Any, best: Tensor, k: int) -> Tensor:
    """Return the average precision of each example."""
    with name_scope(None, "average_precision", [best]) as scope:
        best = cast(best, int64, name="predictions_idx")
        labels = expanded_labels(labels, best)
        each_class = expand_dims(best, -1, name="predictions_idx_per_k")
        repeated = _repeated(labels, k)
        relevant = per_example("true_positive", repeated, each_class, name="relevant_per_k")
        found = cumsum(relevant, axis=-1, name="tp_per_k")
        seen = cumsum(ones_like(relevant), axis=-1, name="retrieved_per_k")
        precision = div(found, seen, name="precision_per_k")
        gained = multiply(precision, relevant, name="relevant_precision_per_k")
        total = reduce_sum(gained, axis=(-1,), name="precision_sum")
        return div(total, cast(_num_relevant(labels, k), float64), name=scope)


def _repeated(labels: Any, k: int) -> Any:
    """Return labels [..., L] as [..., k, L], the same for each of the k classes."""
    with name_scope("labels_per_k") as scope:
        if isinstance(labels, SparseTensor):
            sizes = labels.dense_shape
            widened = concat([sizes[:-1], [1], sizes[-1:]], 0, name="expanded_shape")
            rows = sparse_reshape(labels, widened, name="expand")
            return rows if k == 1 else sparse_concat(-2, [rows] * k, name=scope)
        expanded = expand_dims(labels, -2, name="expand")
        if k == 1:
            return expanded
        once = ones_like(shape(labels))
        times = concat([once[:-1], (k,), once[-1:]], 0, name="multiples")
        return tile(expanded, times, name=scope)


def _num_relevant(labels: Any, k: int) -> Tensor:
    """Return of each example how many of its true classes can be among the k best."""
    with name_scope(None, "num_relevant") as scope:
        if isinstance(labels, SparseTensor):
            return minimum(set_size(labels), k, name=scope)
        is_class = where(greater_equal(labels, 0), ones_like(labels), zeros_like(labels))
        return minimum(reduce_sum(is_class, axis=-1), k, name=scope)
