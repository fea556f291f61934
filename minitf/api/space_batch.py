"""Blocks of space in the batch or the channels, and the borders that make sizes fit.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.api.array import renamed_argument, stack
from minitf.api.constants import zeros
from minitf.api.framework import name_scope
from minitf.convert import convert_to_tensor
from minitf.static_value import constant_value
from minitf.tensor import Tensor


def space_to_batch_nd(
    input: Any, block_shape: Any, paddings: Any, name: str | None = None
) -> Tensor:
    """Pad with zeros, and move the places within blocks of space to the batch dimension.

    Args:
        input: a tensor with the batch first, space next.
        block_shape: the sizes of a block, along each dimension of space.
        paddings: per dimension of space how many zeros before and after.
        name: name of the operation.
    """
    return ops.space_to_batch_nd_op(input, block_shape, paddings, name=name)


def batch_to_space_nd(input: Any, block_shape: Any, crops: Any, name: str | None = None) -> Tensor:
    """Move places from the batch dimension back to blocks of space, and crop.

    Args:
        input: a tensor with the batch first, space next.
        block_shape: the sizes of a block, along each dimension of space.
        crops: per dimension of space how many are cut off before and after.
        name: name of the operation.
    """
    return ops.batch_to_space_nd_op(input, block_shape, crops, name=name)


def space_to_batch(
    input: Any,
    paddings: Any,
    block_size: int | None = None,
    name: str | None = None,
    block_shape: int | None = None,
) -> Tensor:
    """Pad images, and move the places within square blocks to the batch dimension.

    Args:
        input: images, [N, H, W, C].
        paddings: two rows: how many zeros before and after.
        block_size: a block's side.
        name: name of the operation.
        block_shape: another name of `block_size`.
    """
    size = renamed_argument("block_shape", block_shape, "block_size", block_size)
    made = space_to_batch_nd(input, np.array([size, size], np.int64), paddings, name)
    made.set_shape(made.get_shape().with_rank(4))
    return made


def batch_to_space(
    input: Any,
    crops: Any,
    block_size: int,
    name: str | None = None,
    block_shape: int | None = None,
) -> Tensor:
    """Move places from the batch dimension back to square blocks of space, and crop.

    Args:
        input: images, [N * block_size^2, P, Q, C].
        crops: two rows: how many are cut off before and after.
        block_size: a block's side.
        name: name of the operation.
        block_shape: another name of `block_size`.
    """
    size = renamed_argument("block_shape", block_shape, "block_size", block_size)
    made = batch_to_space_nd(input, np.array([size, size], np.int64), crops, name)
    made.set_shape(made.get_shape().with_rank(4))
    return made


def space_to_depth(
    input: Any, block_size: int, name: str | None = None, data_format: str = "NHWC"
) -> Tensor:
    """Move the places within square blocks of an image to its channels."""
    return ops.space_to_depth_op(input, block_size=block_size, data_format=data_format, name=name)


def depth_to_space(
    input: Any, block_size: int, name: str | None = None, data_format: str = "NHWC"
) -> Tensor:
    """Move channels of an image to the places within square blocks."""
    return ops.depth_to_space_op(input, block_size=block_size, data_format=data_format, name=name)


def required_space_to_batch_paddings(
    input_shape: Any, block_shape: Any, base_paddings: Any = None, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Return the borders with which blocks fill space exactly, and what to crop of it afterwards.

    Args:
        input_shape: the sizes of space, int32[n].
        block_shape: the sizes of a block, int32[n].
        base_paddings: int32[n, 2], borders that there are at least; none by default.
        name: name of the scope.

    Returns:
        paddings: int32[n, 2]; crops: int32[n, 2], what was added after space to fill blocks.

    Raises:
        ValueError: if n is not known, or the shapes do not fit each other.
    """
    with name_scope(name, "required_space_to_batch_paddings", [input_shape, block_shape]):
        sizes = convert_to_tensor(input_shape, dtypes.int32, "input_shape")
        blocks = convert_to_tensor(block_shape, dtypes.int32, "block_shape")
        blocks.get_shape().assert_is_fully_defined()
        blocks.get_shape().assert_has_rank(1)
        (count,) = blocks.static_shape
        if count == 0:
            return zeros([0, 2], dtypes.int32), zeros([0, 2], dtypes.int32)
        sizes.get_shape().assert_is_compatible_with([count])
        if base_paddings is None:
            borders = zeros([count, 2], dtypes.int32)
        else:
            borders = convert_to_tensor(base_paddings, dtypes.int32, "base_paddings")
            borders.get_shape().assert_is_compatible_with([count, 2])
        known: Any = [constant_value(each) for each in (sizes, blocks, borders)]
        if all(value is not None for value in known):
            sizes, blocks, borders = known
        before, after = borders[:, 0], borders[:, 1]
        extra = (blocks - (sizes + before + after) % blocks) % blocks
        after = after + extra
        return (
            stack([[before[i], after[i]] for i in range(count)], name="paddings"),
            stack([[0, extra[i]] for i in range(count)], name="crops"),
        )
