"""Reductions and running sums.

An axis may be an int, a list or a Tensor; None means all axes.  `reduction_indices` and `keep_dims`
are older names of `axis` and `keepdims`.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.api import sequences
from minitf.api.array import renamed_argument
from minitf.api.casting import cast
from minitf.api.constants import zeros, zeros_like
from minitf.api.framework import name_scope
from minitf.api.sizes import rank, shape
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.dtypes import DType, as_dtype
from minitf.shapes import SCALAR
from minitf.tensor import Tensor, hooks

# --- what all reductions share -------------------------------------------------------------------


def _all_axes(x: Any) -> Tensor:
    """Return every axis of a tensor: a constant if its rank is known."""
    if isinstance(x, Tensor) and x.static_shape.rank is not None:
        return hooks.constant(np.arange(x.static_shape.rank, dtype=np.int32), dtypes.int32, None)
    return sequences.range(0, rank(x))


def _reduced(
    op: Callable[..., Tensor],
    input_tensor: Any,
    axis: Any,
    keepdims: Any,
    name: str | None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
) -> Tensor:
    """Build a reduction from its arguments under both names."""
    axis = renamed_argument("axis", axis, "reduction_indices", reduction_indices)
    keepdims = bool(renamed_argument("keepdims", keepdims, "keep_dims", keep_dims))
    axes = _all_axes(input_tensor) if axis is None else axis
    return _scalar_if_all(op(input_tensor, axes, keep_dims=keepdims, name=name), axis, keepdims)


def _scalar_if_all(reduced: Tensor, axis: Any, keepdims: bool) -> Tensor:
    if axis is None and not keepdims:
        reduced.set_shape(SCALAR)  # also of a tensor of unknown rank
    return reduced


# --- reductions ----------------------------------------------------------------------------------


@dispatchable
def reduce_sum(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return the sum of the elements along some axes.

    Args:
        input_tensor: a Tensor of numbers.
        axis: one axis, or several; negative ones count from the end.  All of them by default.
        keepdims: whether the axes stay, with size 1.
        reduction_indices, keep_dims: old names of `axis` and `keepdims`.

    Returns:
        a Tensor of that type; 0 where there are no elements.

    Raises:
        ValueError: if an axis does not exist, or an argument is given under both names.
    """
    return _reduced(ops.sum_op, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


@dispatchable
def reduce_mean(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return the mean of the elements along some axes; of integers rounded towards zero.

    Args:
        input_tensor: a Tensor of numbers.
        axis: one axis, or several; negative ones count from the end.  All of them by default.
        keepdims: whether the axes stay, with size 1.
        reduction_indices, keep_dims: old names of `axis` and `keepdims`.

    Returns:
        a Tensor of that type; NaN where there are no elements, of floats.

    Raises:
        ValueError: if an axis does not exist, or an argument is given under both names.
    """
    return _reduced(ops.mean_op, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


@dispatchable
def reduce_prod(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return the product of the elements along some axes; arguments as of `reduce_sum`.

    Returns:
        a Tensor of that type; 1 where there are no elements.
    """
    return _reduced(ops.prod_op, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


@dispatchable
def reduce_max(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return the greatest element along some axes.

    Args:
        input_tensor: a Tensor of real numbers.
        axis: one axis, or several; negative ones count from the end.  All of them by default.
        keepdims: whether the axes stay, with size 1.
        reduction_indices, keep_dims: old names of `axis` and `keepdims`.

    Returns:
        a Tensor of that type; the least number of it where there are no elements.

    Raises:
        ValueError: if an axis does not exist, or an argument is given under both names.
    """
    return _reduced(ops.max_op, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


@dispatchable
def reduce_min(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return the smallest element along some axes; arguments as of `reduce_sum`.

    Returns:
        a Tensor of that type; the greatest number of it where there are no elements.
    """
    return _reduced(ops.min_op, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


@dispatchable
def reduce_all(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Tell whether all elements along some axes are true; arguments as of `reduce_sum`.

    Returns:
        a Tensor of bool; True where there are no elements.
    """
    return _reduced(ops.all_op, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


@dispatchable
def reduce_any(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Tell whether any element along some axes is true; arguments as of `reduce_sum`.

    Returns:
        a Tensor of bool; False where there are no elements.
    """
    return _reduced(ops.any_op, input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_euclidean_norm(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Return the lengths of the vectors along some axes: sqrt(sum x^2)."""
    return _reduced(ops.euclidean_norm_op, input_tensor, axis, keepdims, name)


def reduce_logsumexp(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return log(sum(e^x)) along some axes; the greatest x is taken out first, so none overflows.

    Args:
        input_tensor: float[...].
        axis: axes to reduce; None for all.
        keepdims: keep them with size 1.
    """
    axis = renamed_argument("axis", axis, "reduction_indices", reduction_indices)
    keepdims = bool(renamed_argument("keepdims", keepdims, "keep_dims", keep_dims))
    x = convert_to_tensor(input_tensor)
    with name_scope(name, "ReduceLogSumExp", [x]):
        greatest = reduce_max(x, axis, keepdims=True)
        finite = ops.is_finite_op(greatest)
        shift = ops.stop_gradient_op(ops.select_op(finite, greatest, zeros_like(greatest)))
        logarithm = ops.log_op(reduce_sum(ops.exp_op(ops.sub_op(x, shift)), axis, keepdims))
        if not keepdims:
            shift = ops.reshape_op(shift, shape(logarithm))
        return _scalar_if_all(ops.add_op(logarithm, shift), axis, keepdims)


def reduce_variance(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Return the mean squared distance from the mean along some axes."""
    with name_scope(name, "reduce_variance", [input_tensor]):
        mean = reduce_mean(input_tensor, axis, keepdims=True)
        distance = convert_to_tensor(input_tensor) - mean
        return reduce_mean(ops.square_op(distance), axis, keepdims)


def reduce_std(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Return the standard deviation along some axes: the square root of the variance."""
    with name_scope(name, "reduce_std", [input_tensor]):
        return ops.sqrt_op(reduce_variance(input_tensor, axis, keepdims))


def count_nonzero(
    input_tensor: Any = None,
    axis: Any = None,
    keepdims: bool | None = None,
    dtype: Any = dtypes.int64,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
    input: Any = None,
) -> Tensor:
    """Return how many elements along some axes are not zero (of strings: not empty).

    Args:
        input_tensor: any type.
        axis: axes to reduce; None for all.
        keepdims: keep them with size 1.
        dtype: the type of the counts.
        reduction_indices: older name of `axis`.
        keep_dims: older name of `keepdims`.
        input: another name of `input_tensor`.
    """
    values = renamed_argument("input", input, "input_tensor", input_tensor)
    axis = renamed_argument("axis", axis, "reduction_indices", reduction_indices)
    keepdims = bool(renamed_argument("keepdims", keepdims, "keep_dims", keep_dims))
    with name_scope(name, "count_nonzero", [values]):
        values = convert_to_tensor(values, name="input")
        is_set = ops.not_equal_op(values, zeros([], values.dtype.base_dtype))
        return cast(reduce_sum(cast(is_set, dtypes.int64), axis, keepdims), dtype)


# --- where the extremes are ----------------------------------------------------------------------


def argmax(
    input: Any,
    axis: Any = None,
    name: str | None = None,
    dimension: Any = None,
    output_type: DType = dtypes.int64,
) -> Tensor:
    """Return the index of the greatest element along an axis, the first of equal ones.

    Args:
        input: number[...].
        axis: one axis; None for axis 0.
        dimension: older name of `axis`.
        output_type: int32 or int64.
    """
    axis = renamed_argument("axis", axis, "dimension", dimension)
    return arg_max(input, 0 if axis is None else axis, output_type, name)


def argmin(
    input: Any,
    axis: Any = None,
    name: str | None = None,
    dimension: Any = None,
    output_type: DType = dtypes.int64,
) -> Tensor:
    """Return the index of the smallest element along an axis, the first of equal ones.

    Args:
        input: number[...].
        axis: one axis; None for axis 0.
        dimension: older name of `axis`.
        output_type: int32 or int64.
    """
    axis = renamed_argument("axis", axis, "dimension", dimension)
    return arg_min(input, 0 if axis is None else axis, output_type, name)


def arg_max(
    input: Any, dimension: Any, output_type: DType = dtypes.int64, name: str | None = None
) -> Tensor:
    """Return the index of the greatest element along an axis.  Deprecated: use `argmax`."""
    return ops.arg_max_op(input, dimension, output_type=as_dtype(output_type), name=name)


def arg_min(
    input: Any, dimension: Any, output_type: DType = dtypes.int64, name: str | None = None
) -> Tensor:
    """Return the index of the smallest element along an axis.  Deprecated: use `argmin`."""
    return ops.arg_min_op(input, dimension, output_type=as_dtype(output_type), name=name)


# --- running sums and products -------------------------------------------------------------------


def cumsum(
    x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None
) -> Tensor:
    """Return running sums along an axis.

    Args:
        x: number[...].
        axis: in [-rank, rank).
        exclusive: leave out the element itself, so that the first sum is 0.
        reverse: sum from the end.
    """
    return ops.cumsum_op(x, axis, exclusive=exclusive, reverse=reverse, name=name or "Cumsum")


def cumprod(
    x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None
) -> Tensor:
    """Return running products along an axis; arguments as of `cumsum`."""
    return ops.cumprod_op(x, axis, exclusive=exclusive, reverse=reverse, name=name or "Cumprod")


def cumulative_logsumexp(
    x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None
) -> Tensor:
    """Return log(sum(e^x)) of the elements up to each, along an axis; none overflows.

    Arguments as of `cumsum`; with `exclusive` the first result is -inf.
    """
    return ops.cumulative_logsumexp_op(
        x, axis, exclusive=exclusive, reverse=reverse, name=name or "CumulativeLogsumexp"
    )
