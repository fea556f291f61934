"""Running sums, products and logarithms of sums along one axis.

Source: TensorFlow's ops of these names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import FLOATS, INDICES, NUMBERS
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise.rows import conjugate
from minitf.ops.precision import wide
from minitf.shapes import Shape
from minitf.symbols import T, Tidx, int32
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]


def _scan(
    ufunc: Any, x: Array, axis: Any, identity: float, *, exclusive: bool, reverse: bool
) -> Array:
    """Accumulate along an axis; each result is made of the elements before it, or up to it."""
    if np.ndim(axis):
        raise invalid(f"ScanOp: axis must be a scalar, not {Shape(axis.shape)}")
    at = int(axis)
    if not -x.ndim <= at < x.ndim:
        raise invalid(
            f"ScanOp: Expected scan axis in the range [{-x.ndim}, {x.ndim}), but got {at}"
        )
    source = np.flip(wide(x), at) if reverse else wide(x)
    made = ufunc.accumulate(source, axis=at, dtype=source.dtype)
    if exclusive:
        made = np.roll(made, 1, at)
        np.moveaxis(made, at, 0)[:1] = identity
    return (np.flip(made, at) if reverse else made).astype(x.dtype, copy=False)


def _scan_shape(x: Shape, axis: Shape, *, exclusive: bool, reverse: bool) -> Shape:
    return x


# --- Cumsum ------------------------------------------------------------------------------------


@op("Cumsum", T=NUMBERS, Tidx=INDICES.default(int32), outputs=("out",))
def cumsum_op(x: T, axis: Tidx, *, exclusive: bool = False, reverse: bool = False) -> T:
    """Compute running sums: out[i] = x[0] + ... + x[i] along an axis.

    Args:
        x: number[...].  Sixteen-bit floats are summed in float32.
        axis: scalar in [-rank, rank).
        exclusive: leave x[i] out, so that out[0] is 0.
        reverse: sum from the end.

    Returns:
        number[...] of the same shape.

    Raises:
        InvalidArgumentError: if the axis is out of range.

    Source: TensorFlow's op.
    """
    return _scan(np.add, x, axis, 0, exclusive=exclusive, reverse=reverse)


cumsum_op.shape(_scan_shape)


@cumsum_op.gradient
def cumsum_gradient(op: Operation, grad: Tensor) -> Gradients:
    exclusive, reverse = op.attrs["exclusive"], op.attrs["reverse"]
    return [ops.cumsum_op(grad, op.inputs[1], exclusive=exclusive, reverse=not reverse), None]


# --- Cumprod -----------------------------------------------------------------------------------


@op("Cumprod", T=NUMBERS, Tidx=INDICES.default(int32), outputs=("out",))
def cumprod_op(x: T, axis: Tidx, *, exclusive: bool = False, reverse: bool = False) -> T:
    """Compute running products: out[i] = x[0] * ... * x[i] along an axis.

    Args:
        x: number[...].
        axis: scalar in [-rank, rank).
        exclusive: leave x[i] out, so that out[0] is 1.
        reverse: multiply from the end.

    Returns:
        number[...] of the same shape.

    Raises:
        InvalidArgumentError: if the axis is out of range.

    Source: TensorFlow's op.
    """
    return _scan(np.multiply, x, axis, 1, exclusive=exclusive, reverse=reverse)


cumprod_op.shape(_scan_shape)


@cumprod_op.gradient
def cumprod_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Sum grad * out from each element on, divided by the element (TensorFlow's rule).

    It is not defined where an element is 0.
    """
    x, axis = op.inputs
    exclusive, reverse = op.attrs["exclusive"], op.attrs["reverse"]
    terms = ops.mul_op(grad, conjugate(op.outputs[0]))
    total = ops.cumsum_op(terms, axis, exclusive=exclusive, reverse=not reverse)
    return [ops.real_div_op(total, conjugate(x)), None]


# --- CumulativeLogsumexp -----------------------------------------------------------------------


@op("CumulativeLogsumexp", T=FLOATS, Tidx=INDICES.default(int32), outputs=("out",))
def cumulative_logsumexp_op(
    x: T, axis: Tidx, *, exclusive: bool = False, reverse: bool = False
) -> T:
    """Compute log(e^x[0] + ... + e^x[i]) along an axis, also where the sum overflows.

    Args:
        x: real[...].
        axis: scalar in [-rank, rank).
        exclusive: leave x[i] out, so that out[0] is -inf.
        reverse: sum from the end.

    Returns:
        real[...] of the same shape.

    Raises:
        InvalidArgumentError: if the axis is out of range.

    Source: TensorFlow's op.
    """
    return _scan(np.logaddexp, x, axis, -np.inf, exclusive=exclusive, reverse=reverse)


cumulative_logsumexp_op.shape(_scan_shape)


@cumulative_logsumexp_op.gradient
def cumulative_logsumexp_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Sum grad * e^(x - out), its positive and its negative parts apart, as logarithms."""
    x, axis = op.inputs
    exclusive, reverse = op.attrs["exclusive"], op.attrs["reverse"]
    zeros, ones = ops.zeros_like_op(grad), ops.ones_like_op(grad)
    nothing = ops.mul_op(grad.dtype.min, ones)  # stands for log(0)

    def part(share: Tensor) -> Tensor:
        counts = ops.greater_op(share, zeros)
        size = ops.log_op(ops.select_v2_op(counts, share, ones))
        terms = ops.sub_op(ops.select_v2_op(counts, size, nothing), op.outputs[0])
        total = ops.cumulative_logsumexp_op(terms, axis, exclusive=exclusive, reverse=not reverse)
        return ops.exp_op(ops.add_v2_op(total, x))

    return [ops.sub_op(part(grad), part(ops.neg_op(grad))), None]
