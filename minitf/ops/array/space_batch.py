"""Blocks of space moved into the batch dimension, and back.

A dilated convolution is a plain one on such blocks: each holds every `block`-th row and column.

Source: TensorFlow's ops of the same names.
"""

import math
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.ops.array.padding import pad_op
from minitf.shapes import UNKNOWN, Shape, known
from minitf.symbols import T, Tblock_shape, Tcrops, Tidx, Tpaddings, int32, m, two
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]


def _to_batch(input: Array, blocks: list[int], paddings: list[list[int]]) -> Array:
    """Return out[b * N + n, p] = padded[n, p * blocks + b], b over the places in a block."""
    count, rest = len(blocks), input.shape[1 + len(blocks) :]
    padded = pad_op.body(input, np.array([[0, 0], *paddings, *[[0, 0]] * len(rest)]))
    outer = [size // block for size, block in zip(padded.shape[1:], blocks, strict=False)]
    pairs = [size for pair in zip(outer, blocks, strict=True) for size in pair]
    parts = padded.reshape(input.shape[0], *pairs, *rest)
    places = [2 * i + 2 for i in range(count)]
    order = [*places, 0, *[p - 1 for p in places], *range(2 * count + 1, parts.ndim)]
    return parts.transpose(order).reshape(input.shape[0] * math.prod(blocks), *outer, *rest)


def _from_batch(input: Array, blocks: list[int], crops: list[list[int]]) -> Array:
    """Return uncropped[n, p * blocks + b] = input[b * N + n, p] without its borders."""
    count, outer = len(blocks), input.shape[1 : 1 + len(blocks)]
    rest, batch = input.shape[1 + count :], input.shape[0] // math.prod(blocks)
    parts = input.reshape(*blocks, batch, *outer, *rest)
    pairs = [axis for i in range(count) for axis in (count + 1 + i, i)]
    moved = parts.transpose(count, *pairs, *range(2 * count + 1, parts.ndim))
    sizes = [size * block for size, block in zip(outer, blocks, strict=True)]
    inside = (slice(a, size - b) for size, (a, b) in zip(sizes, crops, strict=True))
    return moved.reshape(batch, *sizes, *rest)[:, *inside]


def _blocked_shape(input: Shape, blocks: Any, borders: Any, *, to_batch: bool) -> Shape:
    """Return the result's shape, checked as far as the sizes are known.

    Args:
        input: the input's shape.
        blocks: sizes of a block, UNKNOWN among them; None if not even their number is known.
        borders: per dimension what is padded or cropped before and after; None if unknown.
        to_batch: whether space moves to the batch, not back.
    """
    if blocks is None:
        return Shape.unknown()
    count, what = len(blocks), "paddings" if to_batch else "crops"
    if borders is None:
        borders = np.full((count, 2), UNKNOWN, object)
    if np.shape(borders) != (count, 2):
        raise invalid(
            f"{what} should have shape [{count}, 2] instead of {Shape(np.shape(borders))}"
        )
    if input.dims is not None and len(input) < 1 + count:
        raise invalid(f"input rank should be >= {1 + count} instead of {len(input)}")
    if any(known(block) and block < 1 for block in blocks):
        raise invalid(f"block_shape must be positive: {Shape(blocks)}")
    volume = Shape(blocks).size
    batch = input[0] * volume if to_batch else _divided(input[0], volume, "batch size")
    sizes = []
    for axis, (block, (before, after)) in enumerate(zip(blocks, borders, strict=True), 1):
        if any(known(border) and border < 0 for border in (before, after)):
            raise invalid(f"{what} must be non-negative: {before}, {after}")
        if to_batch:
            sizes.append(_divided(input[axis] + before + after, block, f"padded_shape[{axis - 1}]"))
            continue
        size = input[axis] * block - before - after
        if known(size) and size < 0:
            raise invalid(f"cropped_shape[{axis - 1}]={size} must be non-negative")
        sizes.append(size)
    if input.dims is None:
        return input
    return Shape((batch, *sizes, *input.dims[1 + count :]))


def _divided(size: Any, parts: Any, what: str) -> Any:
    if known(size, parts) and size % parts:
        raise invalid(f"{what}={size} is not divisible by {parts}")
    return size // parts if known(parts) else UNKNOWN


def _checked(
    input: Array, blocks: Array, borders: Array, *, to_batch: bool
) -> tuple[list[int], list[list[int]]]:
    _blocked_shape(Shape(input.shape), blocks, borders, to_batch=to_batch)
    return blocks.tolist(), borders.tolist()


# --- SpaceToBatchND ------------------------------------------------------------------------------


@op("SpaceToBatchND", T=ANY, Tblock_shape=INDICES.default(int32), Tpaddings=INDICES.default(int32))
def space_to_batch_nd_op(input: T, block_shape: Tblock_shape[m], paddings: Tpaddings[m, two]) -> T:
    """Pad, and move the places within blocks of space to the batch dimension.

    out[b * N + n, p] = padded[n, p * block_shape + b], where b counts the places of a block.

    Args:
        input: T[N, ...].
        block_shape: sizes of a block, along the m dimensions after the first.
        paddings: per dimension how many zeros before and after.

    Returns:
        T[N * prod(block_shape), ...].

    Raises:
        InvalidArgumentError: if a padded size is not a multiple of the block's.

    Source: TensorFlow's op of the same name.
    """
    return _to_batch(input, *_checked(input, block_shape, paddings, to_batch=True))


@space_to_batch_nd_op.shape(values_of=("block_shape", "paddings"))
def space_to_batch_nd_shape(input: Shape, block_shape: Any, paddings: Any) -> Shape:
    return _blocked_shape(input, block_shape, paddings, to_batch=True)


@space_to_batch_nd_op.gradient
def space_to_batch_nd_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.batch_to_space_nd_op(grad, *op.inputs[1:]), None, None]


# --- BatchToSpaceND ------------------------------------------------------------------------------


@op("BatchToSpaceND", T=ANY, Tblock_shape=INDICES.default(int32), Tcrops=INDICES.default(int32))
def batch_to_space_nd_op(input: T, block_shape: Tblock_shape[m], crops: Tcrops[m, two]) -> T:
    """Move places from the batch dimension back to blocks of space, and crop.

    Args:
        input: T[N * prod(block_shape), ...].
        block_shape: sizes of a block, along the m dimensions after the first.
        crops: per dimension how many are cut off before and after.

    Returns:
        T[N, ...].

    Raises:
        InvalidArgumentError: if the batch is not a multiple of the block, or less than nothing
            would be left.

    Source: TensorFlow's op of the same name.
    """
    return _from_batch(input, *_checked(input, block_shape, crops, to_batch=False))


@batch_to_space_nd_op.shape(values_of=("block_shape", "crops"))
def batch_to_space_nd_shape(input: Shape, block_shape: Any, crops: Any) -> Shape:
    return _blocked_shape(input, block_shape, crops, to_batch=False)


@batch_to_space_nd_op.gradient
def batch_to_space_nd_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.space_to_batch_nd_op(grad, *op.inputs[1:]), None, None]


# --- SpaceToBatch --------------------------------------------------------------------------------


@op("SpaceToBatch", T=ANY, Tpaddings=INDICES.default(int32), block_size=at_least(2))
def space_to_batch_op(input: T, paddings: Tpaddings[two, two], *, block_size: int) -> T:
    """Pad images, and move the places within square blocks to the batch dimension.

    Args:
        input: T[N, H, W, C].
        paddings: per dimension of space how many zeros before and after.
        block_size: a block's side.

    Returns:
        T[N * block_size^2, P, Q, C].

    Raises:
        InvalidArgumentError: if a padded side is not a multiple of the block's.

    Source: TensorFlow's op of the same name.
    """
    return space_to_batch_nd_op.body(input, np.array([block_size] * 2), paddings)


@space_to_batch_op.shape(values_of=("paddings",))
def space_to_batch_shape(input: Shape, paddings: Any, *, block_size: int) -> Shape:
    return _blocked_shape(input.with_rank(4), [block_size] * 2, paddings, to_batch=True)


@space_to_batch_op.gradient
def space_to_batch_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    size = op.attrs["block_size"]
    return [ops.batch_to_space_op(grad, op.inputs[1], block_size=size), None]


# --- BatchToSpace --------------------------------------------------------------------------------


@op("BatchToSpace", T=ANY, Tidx=INDICES.default(int32), block_size=at_least(2))
def batch_to_space_op(input: T, crops: Tidx[two, two], *, block_size: int) -> T:
    """Move places from the batch dimension back to square blocks of space, and crop.

    Args:
        input: T[N * block_size^2, P, Q, C].
        crops: per dimension of space how many are cut off before and after.
        block_size: a block's side.

    Returns:
        T[N, H, W, C].

    Raises:
        InvalidArgumentError: if the batch is not a multiple of the block, or less than nothing
            would be left.

    Source: TensorFlow's op of the same name.
    """
    return batch_to_space_nd_op.body(input, np.array([block_size] * 2), crops)


@batch_to_space_op.shape(values_of=("crops",))
def batch_to_space_shape(input: Shape, crops: Any, *, block_size: int) -> Shape:
    return _blocked_shape(input.with_rank(4), [block_size] * 2, crops, to_batch=False)


@batch_to_space_op.gradient
def batch_to_space_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    size = op.attrs["block_size"]
    return [ops.space_to_batch_op(grad, op.inputs[1], block_size=size), None]
