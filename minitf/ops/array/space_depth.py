"""Blocks of space moved into the channels of an image, and back.

Source: TensorFlow's ops of the same names.
"""

from typing import Any, Literal

import numpy as np

from minitf import ops
from minitf.dtypes import ANY
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.shapes import Shape, known
from minitf.symbols import T
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Format = Literal["NHWC", "NCHW", "NCHW_VECT_C"]
LANES = 4  # channels that NCHW_VECT_C keeps together in the last dimension

# --- layouts -------------------------------------------------------------------------------------


def _to_nhwc(images: Array, data_format: str) -> Array:
    if data_format == "NHWC":
        return images
    if data_format == "NCHW_VECT_C":
        N, C, H, W, lanes = images.shape
        images = images.transpose(0, 1, 4, 2, 3).reshape(N, C * lanes, H, W)
    return images.transpose(0, 2, 3, 1)


def _from_nhwc(images: Array, data_format: str) -> Array:
    if data_format == "NHWC":
        return images
    images = images.transpose(0, 3, 1, 2)
    if data_format == "NCHW":
        return images
    N, C, H, W = images.shape
    return images.reshape(N, C // LANES, LANES, H, W).transpose(0, 1, 3, 4, 2)


def _resized(input: Shape, data_format: str, block: int, *, to_depth: bool) -> Shape:
    """Return the result's shape, checked as far as the sizes are known."""
    rank = 5 if data_format == "NCHW_VECT_C" else 4
    dims = list(input.with_rank(rank))
    space, depth = ((1, 2), 3) if data_format == "NHWC" else ((2, 3), 1)
    for axis in (*space, depth):
        factor = block if axis in space else block**2
        if (axis in space) != to_depth:
            dims[axis] = dims[axis] * factor
            continue
        if known(dims[axis]) and dims[axis] % factor:
            raise invalid(
                f"Dimension size must be evenly divisible by {factor} but is {dims[axis]}"
            )
        dims[axis] = dims[axis] // factor
    if rank == 5 and known(dims[4]) and dims[4] != LANES:
        raise invalid(f"NCHW_VECT_C input must have {LANES} channels in the last dimension")
    return Shape(dims)


def _how(op: Operation) -> dict[str, Any]:
    """Return the attributes that the reverse of an operation has too."""
    return {name: op.attrs[name] for name in ("block_size", "data_format")}


# --- SpaceToDepth --------------------------------------------------------------------------------


@op("SpaceToDepth", T=ANY, block_size=at_least(2))
def space_to_depth_op(input: T, *, block_size: int, data_format: Format = "NHWC") -> T:
    """Move the places within square blocks of an image to its channels.

    out[n, p, q, (b * B + d) * C + c] = input[n, p * B + b, q * B + d, c] with B = block_size.

    Args:
        input: T[N, H, W, C], or [N, C, H, W], or [N, C / 4, H, W, 4].
        block_size: a block's side.
        data_format: which of these layouts input and result have.

    Returns:
        T[N, H / B, W / B, C * B^2] in the same layout.

    Raises:
        InvalidArgumentError: if a side is not a multiple of the block's.

    Source: TensorFlow's op of the same name.
    """
    _resized(Shape(input.shape), data_format, block_size, to_depth=True)
    images, B = _to_nhwc(input, data_format), block_size
    N, H, W, C = images.shape
    parts = images.reshape(N, H // B, B, W // B, B, C).transpose(0, 1, 3, 2, 4, 5)
    return _from_nhwc(parts.reshape(N, H // B, W // B, C * B * B), data_format)


@space_to_depth_op.shape
def space_to_depth_shape(input: Shape, *, block_size: int, data_format: str) -> Shape:
    return _resized(input, data_format, block_size, to_depth=True)


@space_to_depth_op.gradient
def space_to_depth_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [ops.depth_to_space_op(grad, **_how(op))]


# --- DepthToSpace --------------------------------------------------------------------------------


@op("DepthToSpace", T=ANY, block_size=at_least(2))
def depth_to_space_op(input: T, *, block_size: int, data_format: Format = "NHWC") -> T:
    """Move channels of an image to the places within square blocks: SpaceToDepth undone.

    Args:
        input: T[N, P, Q, C * B^2] with B = block_size, or channels first as SpaceToDepth's.
        block_size: a block's side.
        data_format: which layout input and result have.

    Returns:
        T[N, P * B, Q * B, C] in the same layout.

    Raises:
        InvalidArgumentError: if the number of channels is not a multiple of block_size^2.

    Source: TensorFlow's op of the same name.
    """
    _resized(Shape(input.shape), data_format, block_size, to_depth=False)
    images, B = _to_nhwc(input, data_format), block_size
    N, P, Q, depth = images.shape
    parts = images.reshape(N, P, Q, B, B, depth // B**2).transpose(0, 1, 3, 2, 4, 5)
    return _from_nhwc(parts.reshape(N, P * B, Q * B, depth // B**2), data_format)


@depth_to_space_op.shape
def depth_to_space_shape(input: Shape, *, block_size: int, data_format: str) -> Shape:
    return _resized(input, data_format, block_size, to_depth=False)


@depth_to_space_op.gradient
def depth_to_space_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [ops.space_to_depth_op(grad, **_how(op))]
