"""Pooling: the greatest or the average value of each window, and their gradients.

Padding takes no part: it is never the greatest, and an average counts only cells of the image.
Each op takes one *tap* of all windows at once, a strided slice of the padded images
(`minitf.ops.conv.windows`).  Of several greatest cells of a window the first in row order gets the
gradient.

Letters: N batch, H W input, C its channels, U V strides, P Q output, D its channels (C, unless
`ksize` pools over channels too).

Source: 2015 Table 1, row "Neural-net building blocks".
"""

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np

from minitf import ops
from minitf.dtypes import FLOATS, REAL_NUMBERS, types
from minitf.errors import UnimplementedError
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.ops.conv.pools import Pool, check_shape
from minitf.ops.conv.windows import Index, Windows, given
from minitf.ops.precision import wide
from minitf.shapes import Shape, merge, shape_of_value
from minitf.symbols import C, D, H, N, P, Q, T, W, float32, int32, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Padding = Literal["SAME", "VALID"]
AnyPadding = Literal["SAME", "VALID", "EXPLICIT"]
Format = Literal["NHWC", "NCHW"]
FOUR = at_least(4)
POOLED = (REAL_NUMBERS - types("uint32", "uint64")) | types("qint8")

# --- MaxPool -----------------------------------------------------------------------------------


@op("MaxPool", T=POOLED.default(float32), ksize=FOUR, strides=FOUR)
def max_pool_op(
    input: T[N, H, W, C],
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    padding: AnyPadding,
    explicit_paddings: tuple[int, ...] = (),
    data_format: Literal["NHWC", "NCHW", "NCHW_VECT_C"] = "NHWC",
) -> T[N, P, Q, D]:
    """Take the greatest value of each window.

    out[n, p, q, c] = max over r, s of input[n, p * U + r - top, q * V + s - left, c].

    Args:
        input: number[N, H, W, C], or [N, C, H, W] for "NCHW".
        ksize: four ints >= 1, the window along each axis, in `data_format`'s order.
        strides: four ints >= 1, cells from one window to the next.
        padding: "SAME": P = ceil(H / U); "VALID": no padding; "EXPLICIT".
        explicit_paddings: eight ints >= 0, (before, after) of each axis, for "EXPLICIT".
        data_format: where the channels are.

    Returns:
        number[N, P, Q, D], or [N, D, P, Q].

    Raises:
        InvalidArgumentError: if a window exceeds the padded image.

    Source: 2015 Table 1.
    """
    return Pool.of(ksize, strides, padding, data_format, explicit_paddings).applied(greatest, input)


def greatest(images: Array, windows: Windows) -> Array:
    """Return the greatest value of each window."""
    least = least_value(images.dtype)
    padded = windows.padded(images, least)
    out = np.full((len(images), *windows.counts), least)
    for _, at in windows.taps():
        np.maximum(out, padded[at], out=out)
    return out


@max_pool_op.shape
def max_pool_shape(input: Shape, **attrs: Any) -> Shape:
    return Pool.of(**attrs).shape(input)


@max_pool_op.gradient
def max_pool_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [ops.max_pool_grad_op(op.inputs[0], op.outputs[0], grad, **given(op))]


def least_value(dtype: np.dtype[Any]) -> Any:
    """Return the value that no value of the type is less than."""
    if dtype.kind in "iu":
        return dtype.type(np.iinfo(dtype).min)
    return dtype.type(-np.inf)


# --- MaxPoolGrad -------------------------------------------------------------------------------


@op("MaxPoolGrad", T=REAL_NUMBERS.default(float32), ksize=FOUR, strides=FOUR)
def max_pool_grad_op(
    orig_input: T[N, H, W, C],
    orig_output: T[N, P, Q, D],
    grad: T[N, P, Q, D],
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    padding: AnyPadding,
    explicit_paddings: tuple[int, ...] = (),
    data_format: Format = "NHWC",
) -> T[N, H, W, C]:
    """Give each window's gradient back to the cell that was its greatest, the first of several.

    Args:
        orig_input: number[N, H, W, C], what was pooled.
        orig_output: number[N, P, Q, D], the greatest values.
        grad: number[N, P, Q, D].
        ksize: as the pooling's, and so are the other attributes.

    Returns:
        number[N, H, W, C].

    Raises:
        InvalidArgumentError: if `grad` is not as large as the pooling's output.

    Source: 2015 §4.1.
    """
    pool = Pool.of(ksize, strides, padding, data_format, explicit_paddings)
    return pool.applied(give_to_greatest, orig_input, grad)


def give_to_greatest(images: Array, grads: Array, windows: Windows) -> Array:
    """Add each window's gradient to its first greatest cell."""
    check_shape("grad", grads, (len(images), *windows.counts))
    given = wide(grads)
    padded = windows.padded(np.zeros(images.shape, given.dtype))
    for at, is_first in first_greatest(images, windows):
        padded[at] += np.where(is_first, given, 0)
    return windows.cropped(padded).astype(grads.dtype)


def first_greatest(images: Array, windows: Windows) -> Iterator[tuple[Index, Array]]:
    """Walk the taps: where a tap lies, and in which windows it is the first greatest cell.

    Cells of padding take no part, so that they lose even against the least value of the type.
    """
    padded = windows.padded(images, least_value(images.dtype))
    in_image = windows.padded(np.ones((1, *images.shape[1:]), np.bool_), fill=False)
    greatest_values = greatest(images, windows)
    undecided = np.ones(greatest_values.shape, np.bool_)
    for _, at in windows.taps():
        cells = padded[at]
        is_greatest = (cells == greatest_values) | np.isnan(wide(cells))
        is_first = is_greatest & in_image[at] & undecided
        undecided &= ~is_first
        yield at, is_first


@max_pool_grad_op.shape
def max_pool_grad_shape(orig_input: Shape, orig_output: Shape, grad: Shape, **attrs: Any) -> Shape:
    return orig_input


@max_pool_grad_op.gradient
def max_pool_grad_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    image, pooled, _ = op.inputs
    attrs = given(op)
    margins = attrs.pop("explicit_paddings")
    if margins:  # MaxPoolGradGrad knows none
        image, grad = with_margins(image, margins, low=True), with_margins(grad, margins)
        attrs["padding"] = "VALID"
    return [None, None, ops.max_pool_grad_grad_op(image, pooled, grad, **attrs)]


def with_margins(images: Tensor, margins: tuple[int, ...], *, low: bool = False) -> Tensor:
    """Build images that hold their explicit padding: zeros, or cells that are never greatest."""
    fill = least_value(images.dtype.numpy) if low else 0
    value = ops.const_op(value=np.array(fill, images.dtype.numpy), dtype=images.dtype)
    return ops.pad_v2_op(images, np.array(margins, np.int32).reshape(4, 2), value)


# --- MaxPoolGradGrad ---------------------------------------------------------------------------


@op("MaxPoolGradGrad", T=REAL_NUMBERS, ksize=FOUR, strides=FOUR)
def max_pool_grad_grad_op(
    orig_input: T[N, H, W, C],
    orig_output: T[N, P, Q, D],
    grad: T[N, H, W, C],
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    padding: Padding,
    data_format: Format = "NHWC",
) -> T[N, P, Q, D]:
    """Take `grad` at the cell that is each window's greatest: the adjoint of MaxPoolGrad.

    Args:
        orig_input: number[N, H, W, C], what was pooled.
        orig_output: number[N, P, Q, D], the greatest values.
        grad: number[N, H, W, C].
        ksize: as the pooling's, and so are the other attributes.

    Returns:
        number[N, P, Q, D].

    Raises:
        InvalidArgumentError: if `grad` is not as large as `orig_input`.

    Source: 2015 §4.1.
    """
    pool = Pool.of(ksize, strides, padding, data_format)
    return pool.applied(take_at_greatest, orig_input, grad)


def take_at_greatest(images: Array, grads: Array, windows: Windows) -> Array:
    """Return the gradient at each window's first greatest cell."""
    check_shape("grad", grads, images.shape)
    padded = windows.padded(grads)
    out = np.zeros((len(images), *windows.counts), grads.dtype)
    for at, is_first in first_greatest(images, windows):
        np.copyto(out, padded[at], where=is_first)
    return out


@max_pool_grad_grad_op.shape
def max_pool_grad_grad_shape(
    orig_input: Shape, orig_output: Shape, grad: Shape, **attrs: Any
) -> Shape:
    return merge(Pool.of(**attrs).shape(merge(orig_input, grad)), orig_output)


@max_pool_grad_grad_op.gradient
def max_pool_grad_grad_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    image, pooled, _ = op.inputs
    return [None, None, ops.max_pool_grad_op(image, pooled, grad, **given(op))]


# --- AvgPool -----------------------------------------------------------------------------------


@op("AvgPool", T=FLOATS, ksize=FOUR, strides=FOUR)
def avg_pool_op(
    value: T[N, H, W, C],
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    padding: Padding,
    data_format: Format = "NHWC",
) -> T[N, P, Q, C]:
    """Average each window over its cells inside the image.

    Args:
        value: float[N, H, W, C], or [N, C, H, W] for "NCHW".
        ksize: four ints >= 1, the window along each axis, in `data_format`'s order.
        strides: four ints >= 1, cells from one window to the next.
        padding: "SAME": P = ceil(H / U); "VALID": no padding.
        data_format: where the channels are.

    Returns:
        float[N, P, Q, C], or [N, C, P, Q].

    Raises:
        InvalidArgumentError: if a window exceeds the image.
        UnimplementedError: for a window over channels.

    Source: 2015 Table 1.
    """
    return average_pool(ksize, strides, padding, data_format).applied(average, value)


def average(images: Array, windows: Windows) -> Array:
    """Return the average of each window."""
    padded = windows.padded(wide(images))
    out = np.zeros((len(images), *windows.counts), padded.dtype)
    for _, at in windows.taps():
        out += padded[at]
    return (out / cell_counts(windows, out.dtype)).astype(images.dtype)


def cell_counts(windows: Windows, dtype: np.dtype[Any]) -> Array:
    """Return how many cells of each window are inside the image: [1, P, Q, 1], alike of volumes."""
    *sizes, _ = (sweep.size for sweep in windows.sweeps)
    in_image = windows.padded(np.ones((1, *sizes, 1), dtype))
    return sum(in_image[at] for _, at in windows.taps())  # type: ignore[return-value]


def average_pool(
    ksize: tuple[int, ...], strides: tuple[int, ...], padding: str, data_format: str
) -> Pool:
    """Read the attributes of an average."""
    pool = Pool.of(ksize, strides, padding, data_format)
    if pool.window[2] != 1 or pool.frame.strides[2] != 1:
        raise UnimplementedError(
            None, None, "Non-spatial pooling is not yet supported: AvgPool over channels"
        )
    return pool


@avg_pool_op.shape
def avg_pool_shape(value: Shape, **attrs: Any) -> Shape:
    return average_pool(**attrs).shape(value)


@avg_pool_op.gradient
def avg_pool_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [ops.avg_pool_grad_op(ops.shape_op(op.inputs[0]), grad, **given(op))]


# --- AvgPoolGrad -------------------------------------------------------------------------------


@op("AvgPoolGrad", T=FLOATS, ksize=FOUR, strides=FOUR)
def avg_pool_grad_op(
    orig_input_shape: int32[n],
    grad: T[N, P, Q, C],
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    padding: Padding,
    data_format: Format = "NHWC",
) -> T[N, H, W, C]:
    """Share each window's gradient equally among its cells inside the image.

    Args:
        orig_input_shape: int32[4], the shape of what was pooled.
        grad: float[N, P, Q, C].
        ksize: as the pooling's, and so are the other attributes.

    Returns:
        float of shape `orig_input_shape`.

    Raises:
        InvalidArgumentError: if `grad` is not as large as the pooling's output.

    Source: 2015 §4.1.
    """
    pool = average_pool(ksize, strides, padding, data_format)
    images = np.broadcast_to(grad.dtype.type(0), orig_input_shape)
    return pool.applied(share, images, grad)


def share(images: Array, grads: Array, windows: Windows) -> Array:
    """Add to each cell its share of its windows' gradients; of `images` only the shape counts."""
    check_shape("grad", grads, (len(images), *windows.counts))
    padded = windows.padded(wide(images))
    shares = wide(grads) / cell_counts(windows, padded.dtype)
    for _, at in windows.taps():
        padded[at] += shares
    return windows.cropped(padded).astype(grads.dtype)


@avg_pool_grad_op.shape(values_of=("orig_input_shape",))
def avg_pool_grad_shape(orig_input_shape: Any, grad: Shape, **attrs: Any) -> Shape:
    return shape_of_value(orig_input_shape).with_rank(4, "orig_input_shape")


@avg_pool_grad_op.gradient
def avg_pool_grad_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [None, ops.avg_pool_op(grad, **given(op))]
