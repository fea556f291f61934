"""Checkpoints of the first format: Save, SaveSlices, Restore, RestoreSlice.

A file is one table with the tensors themselves (`minitf.io.slices_v1`).  Both kinds of Restore read
bundles as well, as RestoreV2 reads these files.

Source: 2015 §3.3; TensorFlow 1.15's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType
from minitf.errors import NotFoundError
from minitf.io.checkpoints import open_checkpoint
from minitf.io.os_errors import told
from minitf.io.slices_v1 import write_slices
from minitf.op_def import op
from minitf.ops.io.checkpoint import (
    EFFECT,
    must_have_type,
    read_tensor,
    slices,
    static_shape,
    text_of,
)
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import T, TypeList, dt, n, string

Array = np.ndarray[Any, Any]

# --- Save, SaveSlices ----------------------------------------------------------------------------


@op("Save", "stateful", T=ANY.at_least(1))
def save_op(
    filename: string[()], tensor_names: string[n], data: TypeList[T], *, context: Context
) -> None:
    """Write tensors to a file of the first format, all or nothing.

    Args:
        filename: its path.
        tensor_names: a name for each tensor.
        data: the tensors.

    Raises:
        InvalidArgumentError: if the lengths differ.

    Source: 2015 §3.3.
    """
    with told(text_of(filename)):
        write_slices(text_of(filename), slices(tensor_names, None, data))


@op("SaveSlices", "stateful", T=ANY.at_least(1))
def save_slices_op(
    filename: string[()],
    tensor_names: string[n],
    shapes_and_slices: string[n],
    data: TypeList[T],
    *,
    context: Context,
) -> None:
    """Write boxes of tensors to a file of the first format, all or nothing.

    Args:
        filename: its path.
        tensor_names: a name for each tensor.
        shapes_and_slices: for each, the box of the whole tensor that it is, or "".
        data: the tensors.

    Raises:
        InvalidArgumentError: if the lengths differ, or a box does not fit.

    Source: TensorFlow's op of the same name.
    """
    with told(text_of(filename)):
        write_slices(text_of(filename), slices(tensor_names, shapes_and_slices, data))


@save_op.shape
@save_slices_op.shape
def save_shape(*_: Shape) -> tuple[()]:
    return ()


# --- Restore, RestoreSlice -----------------------------------------------------------------------


@op("Restore", "stateful", dt=ANY, outputs=("tensor",))
def restore_op(
    file_pattern: string[()],
    tensor_name: string[()],
    *,
    dt: DType,
    preferred_shard: int = -1,
    context: Context,
) -> dt:
    """Read a tensor of a checkpoint, of either format.

    Args:
        file_pattern: its path, or a pattern that all its files match.
        tensor_name: the tensor's name.
        dt: its type.
        preferred_shard: accepted for compatibility: in which file to look first.

    Returns:
        The tensor.

    Raises:
        NotFoundError: if there is no checkpoint, or it lacks the tensor.
        InvalidArgumentError: if the tensor has another type.
        DataLossError: if the files are damaged.

    Source: 2015 §3.3.
    """
    return _restored(file_pattern, tensor_name, "", dt)


@restore_op.shape
def restore_shape(
    file_pattern: Shape, tensor_name: Shape, *, dt: DType, preferred_shard: int
) -> Shape:
    return Shape.unknown()


@op("RestoreSlice", "stateful", dt=ANY, outputs=("tensor",))
def restore_slice_op(
    file_pattern: string[()],
    tensor_name: string[()],
    shape_and_slice: string[()],
    *,
    dt: DType,
    preferred_shard: int = -1,
    context: Context,
) -> dt:
    """Read a box of a tensor of a checkpoint, of either format.

    Args:
        file_pattern: its path, or a pattern that all its files match.
        tensor_name: the tensor's name.
        shape_and_slice: the box that is wanted, or "" for all.
        dt: its type.
        preferred_shard: accepted for compatibility: in which file to look first.

    Returns:
        The box.

    Raises:
        NotFoundError: if there is no checkpoint, or it lacks the tensor.
        InvalidArgumentError: if the tensor has another type, or the box does not fit its shape.
        DataLossError: if the files are damaged.

    Source: TensorFlow's op of the same name.
    """
    return _restored(file_pattern, tensor_name, text_of(shape_and_slice), dt)


@restore_slice_op.shape(values_of=("shape_and_slice",))
def restore_slice_shape(
    file_pattern: Shape,
    tensor_name: Shape,
    shape_and_slice: Any,
    *,
    dt: DType,
    preferred_shard: int,
) -> Shape:
    return Shape.unknown() if shape_and_slice is None else static_shape(shape_and_slice)


def _restored(pattern: Array, name: Array, text: str, dtype: DType) -> Array:
    files, key = open_checkpoint(text_of(pattern)), text_of(name)
    if key not in files:
        message = f'Tensor name "{key}" not found in checkpoint files {text_of(pattern)}'
        raise NotFoundError(None, None, message)
    must_have_type(key, files.dtype(key), dtype)
    return read_tensor(files, key, text)


for _op in (save_op, save_slices_op, restore_op, restore_slice_op):
    _op.no_gradient(EFFECT)
