"""Counts: of whole numbers, of numbers in bins, of labels against predictions.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes, ops
from minitf.api.array import reshape, stack
from minitf.api.assertions import assert_less, assert_non_negative
from minitf.api.casting import cast
from minitf.api.clipping import clip_by_value
from minitf.api.constants import constant, ones_like
from minitf.api.control import after
from minitf.api.elementary import floor
from minitf.api.framework import name_scope
from minitf.api.gathering import scatter_nd
from minitf.api.math import truediv
from minitf.api.reductions import reduce_max, reduce_prod
from minitf.api.sizes import shape
from minitf.api.weights import remove_squeezable_dimensions
from minitf.convert import convert_to_tensor
from minitf.dtypes import int32, int64
from minitf.tensor import Tensor

# --- whole numbers -------------------------------------------------------------------------------


def bincount(
    arr: Any,
    weights: Any = None,
    minlength: Any = None,
    maxlength: Any = None,
    dtype: Any = dtypes.int32,
) -> Tensor:
    """Return how often each of 0, 1, 2, ... occurs, up to the greatest number that does.

    Args:
        arr: int32[...] >= 0.
        weights: shaped as `arr`, to add up instead of counting.
        minlength: how many counts there are at least.
        maxlength: how many counts there are at most: greater numbers are not counted.
        dtype: the type of the counts without weights.
    """
    return bincount_v2(arr, weights, minlength, maxlength, dtype)


def bincount_v2(
    arr: Any,
    weights: Any = None,
    minlength: Any = None,
    maxlength: Any = None,
    dtype: Any = dtypes.int32,
    name: str | None = None,
) -> Tensor:
    """Return what `bincount` does, of operations in a scope of that name."""
    with name_scope("bincount" if name is None else name):
        arr = convert_to_tensor(arr, name="arr", dtype=int32)
        is_not_empty = reduce_prod(shape(arr)) > 0
        size = cast(is_not_empty, int32) * (reduce_max(arr) + 1)
        if minlength is not None:
            size = ops.maximum_op(convert_to_tensor(minlength, int32, name="minlength"), size)
        if maxlength is not None:
            size = ops.minimum_op(convert_to_tensor(maxlength, int32, name="maxlength"), size)
        if weights is None:
            return ops.bincount_op(arr, size, constant([], dtype))
        return ops.unsorted_segment_sum_op(convert_to_tensor(weights, name="weights"), arr, size)


# --- bins of equal width -------------------------------------------------------------------------


def histogram_fixed_width(
    values: Any,
    value_range: Any,
    nbins: Any = 100,
    dtype: Any = dtypes.int32,
    name: str | None = None,
) -> Tensor:
    """Return how many numbers fall into each of `nbins` equal parts of a range.

    Args:
        values: real[...]; those outside the range count in the first or last part.
        value_range: the two ends of the range, of the same type.
        nbins: how many parts.
        dtype: int32 or int64, the type of the counts.
        name: name of the operation.
    """
    with name_scope(name, "histogram_fixed_width", [values, value_range, nbins]) as scope:
        return ops.histogram_fixed_width_op(
            values, value_range, nbins, dtype=dtypes.as_dtype(dtype), name=scope
        )


def histogram_fixed_width_bins(
    values: Any,
    value_range: Any,
    nbins: Any = 100,
    dtype: Any = dtypes.int32,
    name: str | None = None,
) -> Tensor:
    """Return into which of `nbins` equal parts of a range each number falls.

    Args:
        values: real[...]; those outside the range belong to the first or last part.
        value_range: the two ends of the range, of the same type.
        nbins: how many parts.
        dtype: without effect: the result is int32.
        name: name scope of the operations.
    """
    with name_scope(name, "histogram_fixed_width_bins", [values, value_range, nbins]):
        values = convert_to_tensor(values, name="values")
        sizes = shape(values)
        values = reshape(values, [-1])
        value_range = convert_to_tensor(value_range, name="value_range")
        count = cast(convert_to_tensor(nbins, int32, name="nbins"), values.dtype)
        low = value_range[0]
        share = truediv(values - low, value_range[1] - value_range[0], name="scaled_values")
        places = floor(count * share, name="indices")
        return reshape(cast(clip_by_value(places, 0, count - 1), int32), sizes)


# --- labels against predictions ------------------------------------------------------------------


def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: Any = None,
    dtype: Any = dtypes.int32,
    name: str | None = None,
    weights: Any = None,
) -> Tensor:
    """Return how often each class (row) was predicted to be each class (column).

    Args:
        labels: int[N], the true classes, from 0 on.
        predictions: int[N].
        num_classes: how many classes there are; None for one more than the greatest that occurs.
        dtype: the type of the counts.
        name: name scope of the operations.
        weights: number[N], to add up instead of counting.

    Returns:
        dtype[num_classes, num_classes].
    """
    with name_scope(name, "confusion_matrix", [predictions, labels, num_classes, weights]):
        labels, predictions = remove_squeezable_dimensions(
            convert_to_tensor(labels, name="labels"),
            convert_to_tensor(predictions, name="predictions"),
        )
        predictions, labels = cast(predictions, int64), cast(labels, int64)
        labels = _not_negative(labels, "labels")
        predictions = _not_negative(predictions, "predictions")
        if num_classes is None:
            num_classes = ops.maximum_op(reduce_max(predictions), reduce_max(labels)) + 1
        else:
            limit = cast(num_classes, int64)
            labels = _below(labels, limit, "labels")
            predictions = _below(predictions, limit, "predictions")
        if weights is not None:
            weights = convert_to_tensor(weights, name="weights")
            predictions.shape.assert_is_compatible_with(weights.shape)
            weights = cast(weights, dtype)
        sizes = stack([num_classes, num_classes])
        places = stack([labels, predictions], axis=1)
        counted = ones_like(predictions, dtype) if weights is None else weights
        return scatter_nd(places, counted, cast(sizes, int64))


def _not_negative(classes: Tensor, what: str) -> Tensor:
    check = assert_non_negative(classes, message=f"`{what}` contains negative values")
    return after([check], classes)


def _below(classes: Tensor, limit: Tensor, what: str) -> Tensor:
    check = assert_less(classes, limit, message=f"`{what}` out of bound")
    return after([check], classes)
