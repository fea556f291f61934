"""Pooling of volumes: the greatest or the average value of each window, and their gradients.

All is as for images (`minitf.ops.conv.pooling`), with one axis more: windows slide along depth,
height and width.

Letters: N batch, D H W input, C channels, G P Q output.

Source: 2015 Table 1, row "Neural-net building blocks"; TensorFlow's ops of these names.
"""

from typing import Any, Literal

import numpy as np

from minitf import ops
from minitf.dtypes import FLOATS, REAL_NUMBERS, types
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.ops.conv.pooling import (
    Padding,
    average,
    greatest,
    share,
    take_at_greatest,
)
from minitf.ops.conv.pools import Pool, check_shape
from minitf.ops.conv.windows import Windows, given
from minitf.ops.precision import wide
from minitf.shapes import Shape, merge, shape_of_value
from minitf.symbols import C, D, G, H, N, P, Q, T, TInput, W, float32, int32, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Format = Literal["NDHWC", "NCDHW"]
FIVE = at_least(5)
POOLED = types("float16", "bfloat16", "float32")

# --- MaxPool3D ---------------------------------------------------------------------------------


@op("MaxPool3D", T=POOLED, ksize=FIVE, strides=FIVE)
def max_pool3d_op(
    input: T[N, D, H, W, C],
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    padding: Padding,
    data_format: Format = "NDHWC",
) -> T[N, G, P, Q, C]:
    """Take the greatest value of each window.

    Args:
        input: float[N, D, H, W, C], or [N, C, D, H, W] for "NCDHW".
        ksize: five ints >= 1, the window along each axis, in `data_format`'s order.
        strides: five ints >= 1, cells from one window to the next.
        padding: "SAME": G = ceil(D / stride); "VALID": no padding.
        data_format: where the channels are.

    Returns:
        float[N, G, P, Q, C], or [N, C, G, P, Q].

    Raises:
        InvalidArgumentError: if a window exceeds the volume.
        UnimplementedError: for a window over the batch or the channels.

    Source: 2015 Table 1.
    """
    return Pool.of_volumes(ksize, strides, padding, data_format).applied(greatest, input)


@max_pool3d_op.shape
def max_pool3d_shape(input: Shape, **attrs: Any) -> Shape:
    return Pool.of_volumes(**attrs).shape(input)


@max_pool3d_op.gradient
def max_pool3d_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [ops.max_pool3d_grad_op(op.inputs[0], op.outputs[0], grad, **given(op))]


# --- MaxPool3DGrad -----------------------------------------------------------------------------


@op(
    "MaxPool3DGrad",
    T=POOLED.default(float32),
    TInput=POOLED.default(float32),
    ksize=FIVE,
    strides=FIVE,
)
def max_pool3d_grad_op(
    orig_input: TInput[N, D, H, W, C],
    orig_output: TInput[N, G, P, Q, C],
    grad: T[N, G, P, Q, C],
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    padding: Padding,
    data_format: Format = "NDHWC",
) -> T[N, D, H, W, C]:
    """Give each window's gradient back to the cell that was its greatest.

    Each of several equal ones gets it in full, as in TensorFlow; of images only the first does.

    Args:
        orig_input: float[N, D, H, W, C], what was pooled.
        orig_output: float[N, G, P, Q, C], the greatest values.
        grad: float[N, G, P, Q, C].
        ksize: as the pooling's, and so are the other attributes.

    Returns:
        float[N, D, H, W, C].

    Raises:
        InvalidArgumentError: if `grad` or `orig_output` is not as large as the pooling's output.

    Source: 2015 §4.1.
    """
    pool = Pool.of_volumes(ksize, strides, padding, data_format)
    return pool.applied(give_to_all_greatest, orig_input, orig_output, grad)


def give_to_all_greatest(volumes: Array, pooled: Array, grads: Array, windows: Windows) -> Array:
    """Add each window's gradient to all its cells that equal the greatest value."""
    for what, array in (("orig_output", pooled), ("grad", grads)):
        check_shape(what, array, (len(volumes), *windows.counts))
    given = wide(grads)
    cells, total = windows.padded(volumes), windows.padded(np.zeros(volumes.shape, given.dtype))
    for _, at in windows.taps():
        total[at] += np.where(cells[at] == pooled, given, 0)
    return windows.cropped(total).astype(grads.dtype)


@max_pool3d_grad_op.shape
def max_pool3d_grad_shape(
    orig_input: Shape, orig_output: Shape, grad: Shape, **attrs: Any
) -> Shape:
    return orig_input


@max_pool3d_grad_op.gradient
def max_pool3d_grad_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    volume, pooled, _ = op.inputs
    return [None, None, ops.max_pool3d_grad_grad_op(volume, pooled, grad, **given(op))]


# --- MaxPool3DGradGrad -------------------------------------------------------------------------


@op("MaxPool3DGradGrad", T=REAL_NUMBERS, ksize=FIVE, strides=FIVE)
def max_pool3d_grad_grad_op(
    orig_input: T[N, D, H, W, C],
    orig_output: T[N, G, P, Q, C],
    grad: T[N, D, H, W, C],
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    padding: Padding,
    data_format: Format = "NDHWC",
) -> T[N, G, P, Q, C]:
    """Take `grad` at the cell that is each window's greatest: the adjoint of MaxPool3DGrad.

    Args:
        orig_input: number[N, D, H, W, C], what was pooled.
        orig_output: number[N, G, P, Q, C], the greatest values.
        grad: number[N, D, H, W, C].
        ksize: as the pooling's, and so are the other attributes.

    Returns:
        number[N, G, P, Q, C].

    Raises:
        InvalidArgumentError: if `grad` is not as large as `orig_input`.

    Source: 2015 §4.1.
    """
    pool = Pool.of_volumes(ksize, strides, padding, data_format)
    return pool.applied(take_at_greatest, orig_input, grad)


@max_pool3d_grad_grad_op.shape
def max_pool3d_grad_grad_shape(
    orig_input: Shape, orig_output: Shape, grad: Shape, **attrs: Any
) -> Shape:
    return merge(Pool.of_volumes(**attrs).shape(merge(orig_input, grad)), orig_output)


@max_pool3d_grad_grad_op.gradient
def max_pool3d_grad_grad_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    volume, pooled, _ = op.inputs
    return [None, None, ops.max_pool3d_grad_op(volume, pooled, grad, **given(op))]


# --- AvgPool3D ---------------------------------------------------------------------------------


@op("AvgPool3D", T=FLOATS, ksize=FIVE, strides=FIVE)
def avg_pool3d_op(
    input: T[N, D, H, W, C],
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    padding: Padding,
    data_format: Format = "NDHWC",
) -> T[N, G, P, Q, C]:
    """Average each window over its cells inside the volume.

    Args:
        input: float[N, D, H, W, C], or [N, C, D, H, W] for "NCDHW".
        ksize: five ints >= 1, the window along each axis, in `data_format`'s order.
        strides: five ints >= 1, cells from one window to the next.
        padding: "SAME": G = ceil(D / stride); "VALID": no padding.
        data_format: where the channels are.

    Returns:
        float[N, G, P, Q, C], or [N, C, G, P, Q].

    Raises:
        InvalidArgumentError: if a window exceeds the volume.
        UnimplementedError: for a window over the batch or the channels.

    Source: 2015 Table 1.
    """
    return Pool.of_volumes(ksize, strides, padding, data_format).applied(average, input)


@avg_pool3d_op.shape
def avg_pool3d_shape(input: Shape, **attrs: Any) -> Shape:
    return Pool.of_volumes(**attrs).shape(input)


@avg_pool3d_op.gradient
def avg_pool3d_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [ops.avg_pool3d_grad_op(ops.shape_op(op.inputs[0]), grad, **given(op))]


# --- AvgPool3DGrad -----------------------------------------------------------------------------


@op("AvgPool3DGrad", T=FLOATS, ksize=FIVE, strides=FIVE)
def avg_pool3d_grad_op(
    orig_input_shape: int32[n],
    grad: T[N, G, P, Q, C],
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    padding: Padding,
    data_format: Format = "NDHWC",
) -> T[N, D, H, W, C]:
    """Share each window's gradient equally among its cells inside the volume.

    Args:
        orig_input_shape: int32[5], the shape of what was pooled.
        grad: float[N, G, P, Q, C].
        ksize: as the pooling's, and so are the other attributes.

    Returns:
        float of shape `orig_input_shape`.

    Raises:
        InvalidArgumentError: if `grad` is not as large as the pooling's output.

    Source: 2015 §4.1.
    """
    pool = Pool.of_volumes(ksize, strides, padding, data_format)
    volumes = np.broadcast_to(grad.dtype.type(0), orig_input_shape)
    return pool.applied(share, volumes, grad)


@avg_pool3d_grad_op.shape(values_of=("orig_input_shape",))
def avg_pool3d_grad_shape(orig_input_shape: Any, grad: Shape, **attrs: Any) -> Shape:
    return shape_of_value(orig_input_shape).with_rank(5, "orig_input_shape")


@avg_pool3d_grad_op.gradient
def avg_pool3d_grad_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [None, ops.avg_pool3d_op(grad, **given(op))]
