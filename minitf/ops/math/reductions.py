"""Reductions: sums, means, products, extremes and truth over some axes of an array.

An empty sum is 0, an empty product 1, an empty maximum -inf (or the least integer), an empty mean
NaN.  Sums of floats add in pairs (NumPy's order: up to 128 elements by eight partial sums, then a
tree), whatever the axes, so that their error is at most (19 + log2 n) * eps * sum |x|.

Source: TensorFlow's ops of these names; 2015 Table 1, row "Element-wise mathematical operations".
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import INDICES, NUMBERS, QUANTIZED, REAL_NUMBERS
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise.rows import conjugate
from minitf.ops.math.axes import axes_last, normal_axes, reduced_shape, with_axes_kept
from minitf.ops.precision import wide
from minitf.symbols import T, Tidx, int32
from minitf.symbols import bool as boolean
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]


def reduced(
    ufunc: Any, x: Array, axes: tuple[int, ...], *, keep_dims: bool, **options: Any
) -> Array:
    """Apply a NumPy function of two arrays between all elements along normal axes."""
    return np.asarray(ufunc.reduce(x, axis=axes, keepdims=keep_dims, **options))


def add_up(x: Array, axes: tuple[int, ...], *, keep_dims: bool) -> Array:
    """Sum over normal axes, in x's own type; floats in pairs."""
    if x.dtype.kind in "fc" and axes:
        # NumPy adds in pairs only along the last axis in memory.
        kept = [axis for axis in range(x.ndim) if axis not in axes]
        sizes = [x.shape[axis] for axis in kept]
        count = int(np.prod([x.shape[axis] for axis in axes]))
        rows = np.ascontiguousarray(x.transpose(*kept, *axes)).reshape(*sizes, count)
        total = reduced(np.add, rows, (-1,), keep_dims=False, dtype=x.dtype)
        return np.expand_dims(total, axes) if keep_dims else total
    return reduced(np.add, x, axes, keep_dims=keep_dims, dtype=x.dtype)


def _broadcast_to_input(op: Operation, grad: Tensor) -> Tensor:
    """Repeat a reduction's gradient along the axes that it summed over."""
    (kept,) = with_axes_kept(op, [grad])
    result: Tensor = ops.broadcast_to_op(kept, ops.shape_op(op.inputs[0]))
    return result


# --- Sum ---------------------------------------------------------------------------------------


@op("Sum", T=NUMBERS, Tidx=INDICES.default(int32))
def sum_op(input: T, reduction_indices: Tidx, *, keep_dims: bool = False) -> T:
    """Add up the elements along some axes.

    Args:
        input: number[...].  Integers wrap around; sixteen-bit floats are summed in float32.
        reduction_indices: the axes, in [-rank, rank), each once.
        keep_dims: keep the axes with size 1.

    Returns:
        number, shaped as `input` without the axes; 0 where there is nothing to add.

    Raises:
        InvalidArgumentError: if an axis is out of range or stands twice.

    Source: TensorFlow's op.
    """
    axes = normal_axes(reduction_indices, input.ndim)
    return add_up(wide(input), axes, keep_dims=keep_dims).astype(input.dtype, copy=False)


sum_op.shape(values_of=("reduction_indices",))(reduced_shape)
sum_op.value_by_body(needs=("reduction_indices",))


@sum_op.gradient
def sum_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [_broadcast_to_input(op, grad), None]


# --- Mean --------------------------------------------------------------------------------------


@op("Mean", T=NUMBERS, Tidx=INDICES.default(int32))
def mean_op(input: T, reduction_indices: Tidx, *, keep_dims: bool = False) -> T:
    """Average the elements along some axes: their sum divided by their number.

    Args:
        input: number[...].  The mean of integers is rounded towards zero.
        reduction_indices: the axes, in [-rank, rank), each once.
        keep_dims: keep the axes with size 1.

    Returns:
        number, shaped as `input` without the axes; NaN (0 of integers) where there is nothing.

    Raises:
        InvalidArgumentError: if an axis is out of range or stands twice.

    Source: TensorFlow's op.
    """
    axes = normal_axes(reduction_indices, input.ndim)
    total = add_up(wide(input), axes, keep_dims=keep_dims)
    count = int(np.prod([input.shape[axis] for axis in axes]))
    if total.dtype.kind in "iu":
        return np.trunc(total / max(count, 1)).astype(input.dtype)
    return np.asarray(total / total.dtype.type(count)).astype(input.dtype, copy=False)


mean_op.shape(values_of=("reduction_indices",))(reduced_shape)


@mean_op.gradient
def mean_gradient(op: Operation, grad: Tensor) -> Gradients:
    x, y = op.inputs[0], op.outputs[0]
    if x.static_shape.is_full and y.static_shape.is_full:
        count: Any = x.static_shape.size // max(y.static_shape.size, 1)
    else:
        count = ops.floor_div_op(ops.size_op(x), ops.maximum_op(ops.size_op(y), 1))
        count = ops.cast_op(count, DstT=x.dtype.base_dtype)
    return [ops.real_div_op(_broadcast_to_input(op, grad), count), None]


# --- Prod --------------------------------------------------------------------------------------


@op("Prod", T=NUMBERS, Tidx=INDICES.default(int32))
def prod_op(input: T, reduction_indices: Tidx, *, keep_dims: bool = False) -> T:
    """Multiply the elements along some axes.

    Args:
        input: number[...].  Integers wrap around.
        reduction_indices: the axes, in [-rank, rank), each once.
        keep_dims: keep the axes with size 1.

    Returns:
        number, shaped as `input` without the axes; 1 where there is nothing to multiply.

    Raises:
        InvalidArgumentError: if an axis is out of range or stands twice.

    Source: TensorFlow's op.
    """
    axes = normal_axes(reduction_indices, input.ndim)
    x = wide(input)
    made = reduced(np.multiply, x, axes, keep_dims=keep_dims, dtype=x.dtype)
    return made.astype(input.dtype, copy=False)


prod_op.shape(values_of=("reduction_indices",))(reduced_shape)
prod_op.value_by_body(needs=("reduction_indices",))


@prod_op.gradient
def prod_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Multiply by the product of all others: no division, so that zeros are no trouble."""
    x, y = op.inputs[0], op.outputs[0]
    order, back = axes_last(op)
    moved = ops.transpose_op(x, order)
    rows = ops.reshape_op(moved, ops.pack_op([ops.size_op(y), -1]))
    before = ops.cumprod_op(rows, 1, exclusive=True)
    after = ops.cumprod_op(rows, 1, exclusive=True, reverse=True)
    others = ops.reshape_op(conjugate(ops.mul_op(before, after)), ops.shape_op(moved))
    (kept,) = with_axes_kept(op, [grad])
    return [ops.mul_op(kept, ops.transpose_op(others, back)), None]


# --- Max, Min ----------------------------------------------------------------------------------


@op("Max", T=REAL_NUMBERS | QUANTIZED, Tidx=INDICES.default(int32))
def max_op(input: T, reduction_indices: Tidx, *, keep_dims: bool = False) -> T:
    """Find the greatest element along some axes.

    Args:
        input: number[...].
        reduction_indices: the axes, in [-rank, rank), each once.
        keep_dims: keep the axes with size 1.

    Returns:
        number, shaped as `input` without the axes; NaN where an element is; -inf, or the least
        integer, where there is nothing.

    Raises:
        InvalidArgumentError: if an axis is out of range or stands twice.

    Source: TensorFlow's op.
    """
    axes = normal_axes(reduction_indices, input.ndim)
    return _extreme(np.maximum, input, axes, _lowest(input.dtype), keep_dims=keep_dims)


@op("Min", T=REAL_NUMBERS | QUANTIZED, Tidx=INDICES.default(int32))
def min_op(input: T, reduction_indices: Tidx, *, keep_dims: bool = False) -> T:
    """Find the smallest element along some axes.

    Args:
        input: number[...].
        reduction_indices: the axes, in [-rank, rank), each once.
        keep_dims: keep the axes with size 1.

    Returns:
        number, shaped as `input` without the axes; NaN where an element is; inf, or the greatest
        integer, where there is nothing.

    Raises:
        InvalidArgumentError: if an axis is out of range or stands twice.

    Source: TensorFlow's op.
    """
    axes = normal_axes(reduction_indices, input.ndim)
    return _extreme(np.minimum, input, axes, _highest(input.dtype), keep_dims=keep_dims)


def _extreme(choose: Any, x: Array, axes: tuple[int, ...], start: Any, *, keep_dims: bool) -> Array:
    made = reduced(choose, wide(x), axes, keep_dims=keep_dims, initial=start)
    return made.astype(x.dtype, copy=False)


def _lowest(dtype: np.dtype[Any]) -> Any:
    return np.iinfo(dtype).min if dtype.kind in "iu" else -np.inf


def _highest(dtype: np.dtype[Any]) -> Any:
    return np.iinfo(dtype).max if dtype.kind in "iu" else np.inf


max_op.shape(values_of=("reduction_indices",))(reduced_shape)
max_op.value_by_body(needs=("input", "reduction_indices"))
min_op.shape(values_of=("reduction_indices",))(reduced_shape)
min_op.value_by_body(needs=("input", "reduction_indices"))


@max_op.gradient
@min_op.gradient
def extreme_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Share the gradient equally among the elements that attain the extreme."""
    x, axes = op.inputs
    y, kept = with_axes_kept(op, [op.outputs[0], grad])
    attains = ops.cast_op(ops.equal_op(y, x), DstT=x.dtype.base_dtype)
    shares = ops.sum_op(attains, axes, keep_dims=True)
    return [ops.mul_op(ops.real_div_op(attains, shares), kept), None]


# --- All, Any ----------------------------------------------------------------------------------


@op("All", Tidx=INDICES.default(int32))
def all_op(input: boolean, reduction_indices: Tidx, *, keep_dims: bool = False) -> boolean:
    """Tell whether all elements along some axes are true; true of none.

    Args:
        input: bool[...].
        reduction_indices: the axes, in [-rank, rank), each once.
        keep_dims: keep the axes with size 1.

    Returns:
        bool, shaped as `input` without the axes.

    Raises:
        InvalidArgumentError: if an axis is out of range or stands twice.

    Source: TensorFlow's op.
    """
    axes = normal_axes(reduction_indices, input.ndim)
    return reduced(np.logical_and, input, axes, keep_dims=keep_dims)


@op("Any", Tidx=INDICES.default(int32))
def any_op(input: boolean, reduction_indices: Tidx, *, keep_dims: bool = False) -> boolean:
    """Tell whether an element along some axes is true; false of none.

    Args:
        input: bool[...].
        reduction_indices: the axes, in [-rank, rank), each once.
        keep_dims: keep the axes with size 1.

    Returns:
        bool, shaped as `input` without the axes.

    Raises:
        InvalidArgumentError: if an axis is out of range or stands twice.

    Source: TensorFlow's op.
    """
    axes = normal_axes(reduction_indices, input.ndim)
    return reduced(np.logical_or, input, axes, keep_dims=keep_dims)


all_op.shape(values_of=("reduction_indices",))(reduced_shape)
any_op.shape(values_of=("reduction_indices",))(reduced_shape)
all_op.no_gradient("truth has no derivative")
any_op.no_gradient("truth has no derivative")


# --- EuclideanNorm -----------------------------------------------------------------------------


@op("EuclideanNorm", T=NUMBERS, Tidx=INDICES.default(int32))
def euclidean_norm_op(input: T, reduction_indices: Tidx, *, keep_dims: bool = False) -> T:
    """Compute the length of vectors along some axes: sqrt(sum |x|^2).

    Args:
        input: number[...].  The length of integers is rounded towards zero.
        reduction_indices: the axes, in [-rank, rank), each once.
        keep_dims: keep the axes with size 1.

    Returns:
        number, shaped as `input` without the axes.

    Raises:
        InvalidArgumentError: if an axis is out of range or stands twice.

    Source: TensorFlow's op.
    """
    axes = normal_axes(reduction_indices, input.ndim)
    x = wide(input)
    total = add_up(np.multiply(x, np.conjugate(x)), axes, keep_dims=keep_dims)
    return np.asarray(np.sqrt(total)).astype(input.dtype)


euclidean_norm_op.shape(values_of=("reduction_indices",))(reduced_shape)


@euclidean_norm_op.gradient
def euclidean_norm_gradient(op: Operation, grad: Tensor) -> Gradients:
    y, kept = with_axes_kept(op, [op.outputs[0], grad])
    return [ops.mul_op(op.inputs[0], ops.div_no_nan_op(kept, y)), None]
