"""What `padded_batch` fills elements up to, and with what.

Source: TensorFlow 1.15, `tf.data.Dataset.padded_batch`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import ops
from minitf.convert import convert_to_tensor
from minitf.data.parts import Structure, TensorPart
from minitf.data.structure import (
    leaves,
    mapped,
)
from minitf.dtypes import int64
from minitf.dtypes import string as string_type
from minitf.shapes import UNKNOWN, Shape, shape_of_value
from minitf.static_value import static_value
from minitf.tensor import Tensor
from minitf.tensor_shape import Dimension, TensorShape


def padded(
    tensor: Tensor,
    structure: Structure,
    batch_size: Any,
    padded_shapes: Any,
    padding_values: Any,
    drop_remainder: Any,
    count: Any,
) -> tuple[Tensor, Structure]:
    """Return the variant of a dataset of batches of padded elements, and their structure.

    Args:
        tensor: the variant of the dataset.
        structure: of its elements.
        batch_size: how many elements a batch has.
        padded_shapes: for each component a shape, whose unknown sizes are the greatest of a batch.
        padding_values: for each component a scalar; None for zeros and empty strings.
        drop_remainder: whether to leave out a last batch that would be smaller.
        count: the first dimension of a batch, or UNKNOWN.

    Raises:
        TypeError: if a component is sparse, or a value is of another type.
        ValueError: if a shape does not fit.
    """
    for part in leaves(structure):
        if not isinstance(part, TensorPart):
            raise TypeError("Batching of padded sparse tensors is not currently supported")
    shapes = mapped(_padded_shape, structure, padded_shapes)
    if padding_values is None:
        padding_values = mapped(_nothing, structure)
    values = mapped(_padding_value, structure, padding_values)
    known = mapped(lambda shape: shape_of_value(static_value(shape)), shapes)
    made = mapped(lambda part, shape: part.with_shape(Shape([count, *shape])), structure, known)
    variant: Tensor = ops.padded_batch_dataset_v2_op(
        tensor,
        batch_size,
        list(leaves(shapes)),
        list(leaves(values)),
        drop_remainder,
        output_shapes=tuple([part.shape for part in leaves(made)]),
    )
    return variant, made


def _padded_shape(part: TensorPart, wanted: Any) -> Tensor:
    if isinstance(wanted, Tensor):
        return wanted
    if isinstance(wanted, TensorShape):
        sizes = wanted.as_list()
    else:
        sizes = [each.value if isinstance(each, Dimension) else each for each in wanted]
    filled = [-1 if size is None else int(size) for size in sizes]
    if part.shape.rank not in (None, len(filled)):
        raise ValueError(
            f"The padded shape {tuple(sizes)} is not compatible with the corresponding input "
            f"component shape {TensorShape(part.shape)}."
        )
    for size, have in zip(filled, part.shape if part.shape.dims is not None else (), strict=False):
        if have is not UNKNOWN and -1 < size < have:
            raise ValueError(
                f"The padded shape {tuple(sizes)} is not compatible with the corresponding input "
                f"component shape {TensorShape(part.shape)}."
            )
    return convert_to_tensor(np.array(filled, np.int64), int64)


def _nothing(part: TensorPart) -> Any:
    return b"" if part.dtype is string_type else np.zeros((), part.dtype.numpy)


def _padding_value(part: TensorPart, value: Any) -> Tensor:
    if value is None:
        value = _nothing(part)
    tensor = convert_to_tensor(value, name="padding_value")
    if tensor.dtype is not part.dtype:
        if isinstance(value, Tensor):
            raise TypeError(
                f"The padding value type mismatched: component of type {part.dtype.name}, padding "
                f"of type {tensor.dtype.name}."
            )
        tensor = convert_to_tensor(value, part.dtype)
    if tensor.static_shape.rank not in (0, None):
        raise ValueError(f"The padding value should be a scalar, but it is not. {tensor}")
    return tensor
