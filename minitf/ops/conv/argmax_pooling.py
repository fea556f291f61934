"""Max pooling that tells where in the image each greatest value stood, and its gradients.

A place is a number that counts the cells of an image: (y * W + x) * C + c, or, with the batch in
it, ((n * H + y) * W + x) * C + c.  Gradients need no comparison: places say where they belong.

Letters: N batch, H W input, C its channels, P Q output, D its channels (C, unless `ksize` pools
over channels too).

Source: 2015 Table 1, row "Neural-net building blocks"; TensorFlow's ops of these names.
"""

import math
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import INDICES, REAL_NUMBERS, DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.conv.pooling import FOUR, Padding, first_greatest
from minitf.ops.conv.pools import Pool, check_shape
from minitf.ops.conv.windows import Windows, given
from minitf.ops.precision import wide
from minitf.shapes import Shape, merge
from minitf.symbols import C, D, H, N, P, Q, T, Targmax, W, int64
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- MaxPoolWithArgmax -------------------------------------------------------------------------


@op(
    "MaxPoolWithArgmax",
    T=REAL_NUMBERS,
    Targmax=INDICES,
    ksize=FOUR,
    strides=FOUR,
    outputs=("output", "argmax"),
)
def max_pool_with_argmax_op(
    input: T[N, H, W, C],
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    Targmax: DType = int64,
    padding: Padding,
    include_batch_in_index: bool = False,
) -> tuple[T[N, P, Q, D], Targmax[N, P, Q, D]]:
    """Take the greatest value of each window, and its place; of several the first in row order.

    Args:
        input: number[N, H, W, C].
        ksize: four ints >= 1, the window along each axis.
        strides: four ints >= 1, cells from one window to the next.
        Targmax: type of the places.
        padding: "SAME": P = ceil(H / U); "VALID": no padding.
        include_batch_in_index: whether places count through all images, or within one.

    Returns:
        output: number[N, P, Q, D].
        argmax: Targmax[N, P, Q, D], each in [0, H * W * C), or in [0, N * H * W * C).

    Raises:
        InvalidArgumentError: if a window exceeds the image.

    Source: 2015 Table 1.
    """
    windows = Pool.of(ksize, strides, padding).windows(input)
    output, places = greatest_and_place(input, windows)
    return output, (places + starts(input, whole=include_batch_in_index)).astype(Targmax.numpy)


def greatest_and_place(images: Array, windows: Windows) -> tuple[Array, Array]:
    """Return the greatest value of each window and its place within its image."""
    cells = np.arange(math.prod(images.shape[1:])).reshape(1, *images.shape[1:])
    padded, places_of = windows.padded(images), windows.padded(cells)
    output = np.zeros((len(images), *windows.counts), images.dtype)
    places = np.zeros(output.shape, np.int64)
    for at, is_first in first_greatest(images, windows):
        np.copyto(output, padded[at], where=is_first)
        np.copyto(places, places_of[at], where=is_first)
    return output, places


def starts(images: Array, *, whole: bool) -> Array:
    """Return the place at which each image starts: int64[N, 1, 1, 1]; 0 unless `whole`."""
    size = math.prod(images.shape[1:]) if whole else 0
    return (np.arange(len(images)) * size).reshape(-1, 1, 1, 1)


@max_pool_with_argmax_op.shape
def max_pool_with_argmax_shape(
    input: Shape, *, include_batch_in_index: bool, Targmax: DType, **attrs: Any
) -> tuple[Shape, Shape]:
    shape = Pool.of(**attrs).shape(input)
    return shape, shape


@max_pool_with_argmax_op.gradient
def max_pool_with_argmax_gradient(
    op: Operation, grad: Tensor | None, _: Tensor | None
) -> list[Tensor | None]:
    if grad is None:
        return [None]
    attrs = given(op)
    attrs.pop("Targmax")
    return [ops.max_pool_grad_with_argmax_op(op.inputs[0], grad, op.outputs[1], **attrs)]


# --- MaxPoolGradWithArgmax ---------------------------------------------------------------------


@op("MaxPoolGradWithArgmax", T=REAL_NUMBERS, Targmax=INDICES, ksize=FOUR, strides=FOUR)
def max_pool_grad_with_argmax_op(
    input: T[N, H, W, C],
    grad: T[N, P, Q, D],
    argmax: Targmax[N, P, Q, D],
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    padding: Padding,
    include_batch_in_index: bool = False,
) -> T[N, H, W, C]:
    """Add each window's gradient to the cell at its place.

    Args:
        input: number[N, H, W, C], what was pooled; only its shape counts.
        grad: number[N, P, Q, D].
        argmax: int[N, P, Q, D], places.
        ksize: as the pooling's, and so are the other attributes.

    Returns:
        number[N, H, W, C].

    Raises:
        InvalidArgumentError: if a place is outside the image, or `grad` and `argmax` are not as
            large as the pooling's output.

    Source: 2015 §4.1.
    """
    windows = Pool.of(ksize, strides, padding).windows(input)
    check_shape("grad", grad, (len(input), *windows.counts))
    places = cells_of(input, argmax, windows, whole=include_batch_in_index)
    total = np.zeros(input.size, wide(input).dtype)
    np.add.at(total, places, wide(grad))
    return total.astype(input.dtype).reshape(input.shape)


def cells_of(images: Array, argmax: Array, windows: Windows, *, whole: bool) -> Array:
    """Return places as places in all images, checked.

    Raises:
        InvalidArgumentError: if one is outside the image of its window.
    """
    check_shape("argmax", argmax, (len(images), *windows.counts))
    size = math.prod(images.shape[1:])
    first = starts(images, whole=True)
    places = argmax if whole else argmax + first
    outside = (places < first) | (places >= first + size)
    if outside.any():
        where = tuple(int(i) for i in np.argwhere(outside)[0])
        raise invalid(
            f"Invalid argmax index: argmax[{', '.join(map(str, where))}] = {argmax[where]} is no "
            f"place in image {where[0]} of {len(images)}, which has {size} cells"
        )
    return places


@max_pool_grad_with_argmax_op.shape
def max_pool_grad_with_argmax_shape(
    input: Shape, grad: Shape, argmax: Shape, **attrs: Any
) -> Shape:
    return input


@max_pool_grad_with_argmax_op.gradient
def max_pool_grad_with_argmax_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    image, _, places = op.inputs
    return [None, ops.max_pool_grad_grad_with_argmax_op(image, grad, places, **given(op)), None]


# --- MaxPoolGradGradWithArgmax -----------------------------------------------------------------


@op("MaxPoolGradGradWithArgmax", T=REAL_NUMBERS, Targmax=INDICES, ksize=FOUR, strides=FOUR)
def max_pool_grad_grad_with_argmax_op(
    input: T[N, H, W, C],
    grad: T[N, H, W, C],
    argmax: Targmax[N, P, Q, D],
    *,
    ksize: tuple[int, ...],
    strides: tuple[int, ...],
    padding: Padding,
    include_batch_in_index: bool = False,
) -> T[N, P, Q, D]:
    """Take `grad` at the place of each window: the adjoint of MaxPoolGradWithArgmax.

    Args:
        input: number[N, H, W, C], what was pooled; only its shape counts.
        grad: number[N, H, W, C].
        argmax: int[N, P, Q, D], places.
        ksize: as the pooling's, and so are the other attributes.

    Returns:
        number[N, P, Q, D].

    Raises:
        InvalidArgumentError: if a place is outside the image, or an array is not as large as the
            pooling says.

    Source: 2015 §4.1.
    """
    windows = Pool.of(ksize, strides, padding).windows(input)
    check_shape("grad", grad, input.shape)
    return grad.reshape(-1)[cells_of(input, argmax, windows, whole=include_batch_in_index)]


@max_pool_grad_grad_with_argmax_op.shape
def max_pool_grad_grad_with_argmax_shape(
    input: Shape, grad: Shape, argmax: Shape, *, include_batch_in_index: bool, **attrs: Any
) -> Shape:
    return merge(Pool.of(**attrs).shape(merge(input, grad)), argmax)


@max_pool_grad_grad_with_argmax_op.gradient
def max_pool_grad_grad_with_argmax_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    image, _, places = op.inputs
    return [None, ops.max_pool_grad_with_argmax_op(image, grad, places, **given(op)), None]
