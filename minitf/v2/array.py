"""Shapes and moves of tensors, with TensorFlow 2's arguments.

Source: TensorFlow 1.15's functions of the same names in tf.compat.v2.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.api import array, constants, gathering, sizes, space_batch
from minitf.dtypes import int32
from minitf.tensor import Tensor


def shape(input: Any, out_type: Any = int32, name: str | None = None) -> Tensor:
    """Return the sizes of a tensor's axes."""
    return sizes.shape(input, name, out_type)


def size(input: Any, out_type: Any = int32, name: str | None = None) -> Tensor:
    """Return how many elements a tensor has."""
    return sizes.size(input, name, out_type)


def zeros_like(input: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """Return zeros in the shape of a tensor."""
    return constants.zeros_like(input, dtype, name)


def ones_like(input: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """Return ones in the shape of a tensor."""
    return constants.ones_like(input, dtype, name)


def boolean_mask(tensor: Any, mask: Any, axis: Any = None, name: str = "boolean_mask") -> Tensor:
    """Return the elements where a mask is True."""
    return gathering.boolean_mask(tensor, mask, name, axis)


def transpose(a: Any, perm: Any = None, conjugate: bool = False, name: str = "transpose") -> Tensor:
    """Permute the axes of a tensor."""
    return array.transpose(a, perm, name, conjugate)


def gather(
    params: Any,
    indices: Any,
    validate_indices: bool | None = None,
    axis: Any = None,
    batch_dims: int = 0,
    name: str | None = None,
) -> Tensor:
    """Return slices of `params` along an axis."""
    return gathering.gather(params, indices, validate_indices, name, axis, batch_dims)


def gather_nd(params: Any, indices: Any, batch_dims: int = 0, name: str | None = None) -> Tensor:
    """Return slices of `params` at indices of several axes."""
    return gathering.gather_nd(params, indices, name, batch_dims)


def reverse_sequence(
    input: Any,
    seq_lengths: Any,
    seq_axis: int | None = None,
    batch_axis: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Reverse the beginning of each sequence, as far as its length."""
    return array.reverse_sequence(input, seq_lengths, seq_axis, batch_axis, name)


def pad(
    tensor: Any,
    paddings: Any,
    mode: str = "CONSTANT",
    constant_values: Any = 0,
    name: str | None = None,
) -> Tensor:
    """Put elements before and after those of each axis."""
    return array.pad(tensor, paddings, mode, name, constant_values)


# --- blocks --------------------------------------------------------------------------------------


def space_to_batch(input: Any, block_shape: Any, paddings: Any, name: str | None = None) -> Tensor:
    """Move blocks of any number of axes into the batch."""
    return space_batch.space_to_batch_nd(input, block_shape, paddings, name)


def batch_to_space(input: Any, block_shape: Any, crops: Any, name: str | None = None) -> Tensor:
    """Move parts of the batch back into blocks.

    Args:
        input: the tensor.
        block_shape: sizes of a block; one number for both axes of an image.
        crops: how much is cut off before and after each axis.
        name: name of the operation.
    """
    if isinstance(block_shape, int):
        block_shape = np.array([block_shape, block_shape], np.int64)
    return space_batch.batch_to_space_nd(input, block_shape, crops, name)


def space_to_depth(
    input: Any, block_size: int, data_format: str = "NHWC", name: str | None = None
) -> Tensor:
    """Move blocks of an image into its channels."""
    return space_batch.space_to_depth(input, block_size, name, data_format)


def depth_to_space(
    input: Any, block_size: int, data_format: str = "NHWC", name: str | None = None
) -> Tensor:
    """Move channels of an image back into blocks."""
    return space_batch.depth_to_space(input, block_size, name, data_format)
