"""Where datasets begin: variants of new datasets, each with the structure of an element.

Source: TensorFlow 1.15, the static methods of `tf.data.Dataset`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.api.files import matching_files
from minitf.api.framework import name_scope
from minitf.api.random import get_seed
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor
from minitf.data.generator import generated
from minitf.data.parts import SparsePart, Structure, TensorPart
from minitf.data.structure import (
    NUMBER,
    converted,
    flat_attrs,
    flat_tensors,
    from_types,
    leaves,
    mapped,
    sliced_structure,
    structure_of,
)
from minitf.dtypes import int64, variant
from minitf.dtypes import string as string_type
from minitf.shapes import SCALAR, UNKNOWN, Shape
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

Made = tuple[Tensor, Structure]

MANY_FILES = 1 << 20  # more than a directory holds: a buffer for any order of their names


def seeds(seed: int | None) -> tuple[int, int]:
    """Return the two seeds of a dataset; 0 and 0 if nobody gave any."""
    first, second = get_seed(seed)
    return first or 0, second or 0


def of_tensors(tensors: Any) -> Made:
    """Return a dataset of one element."""
    with name_scope("tensors"):
        element = converted(tensors)
    structure = structure_of(element)
    shapes = flat_attrs(structure)["output_shapes"]
    made = ops.tensor_dataset_op(flat_tensors(structure, element), output_shapes=shapes)
    return made, structure


def of_slices(tensors: Any) -> Made:
    """Return a dataset of the slices of tensors along their first dimension.

    Raises:
        ValueError: if they have different numbers of slices.
    """
    with name_scope("tensors"):
        element = converted(tensors)
    whole = structure_of(element)
    structure = sliced_structure(whole)
    flat = [_rows(part, value) for part, value in zip(leaves(whole), leaves(element), strict=True)]
    counts = [TensorShape(Shape((part.shape[0],)))[0] for part in leaves(whole)]
    for count in counts[1:]:
        counts[0].assert_is_compatible_with(count)
    shapes = flat_attrs(structure)["output_shapes"]
    return ops.tensor_slice_dataset_op(flat, output_shapes=shapes), structure


def _rows(part: Any, value: Any) -> Tensor:
    """Return a value as a tensor whose rows are its slices: a sparse one in variants."""
    if isinstance(part, SparsePart):
        made: Tensor = ops.serialize_many_sparse_op(
            value.indices, value.values, value.dense_shape, out_type=variant
        )
        return made
    packed: Tensor = part.packed(value)
    return packed


def of_sparse_slices(sparse_tensor: Any) -> Made:
    """Return a dataset of the slices of a sparse tensor, as indices, values and shape.

    Raises:
        TypeError: if it is none.
    """
    if not isinstance(sparse_tensor, SparseTensor):
        raise TypeError(f"`sparse_tensor` must be a `tf.SparseTensor` object. Was {sparse_tensor}.")
    indices, values, shape = sparse_tensor.indices, sparse_tensor.values, sparse_tensor.dense_shape
    rank = shape.static_shape[0]
    inner = UNKNOWN if rank is UNKNOWN else rank - 1
    structure = (
        TensorPart(int64, Shape([UNKNOWN, inner])),
        TensorPart(values.dtype, Shape([UNKNOWN])),
        TensorPart(int64, Shape([inner])),
    )
    return ops.sparse_tensor_slice_dataset_op(indices, values, shape), structure


def of_generator(
    generator: Callable[..., Any], output_types: Any, output_shapes: Any, arguments: Any
) -> Made:
    """Return a dataset of what a Python generator yields.

    Raises:
        TypeError: if it cannot be called.
    """
    if not callable(generator):
        raise TypeError("`generator` must be callable.")
    structure = from_types(output_types, output_shapes)
    given = arguments or ()
    return generated(generator, structure, given if isinstance(given, tuple) else tuple(given)), (
        structure
    )


def of_range(*args: Any) -> Made:
    """Return a dataset of whole numbers.

    Raises:
        ValueError: if there are no or more than three arguments.
    """
    if not 1 <= len(args) <= 3:
        raise ValueError(f"Invalid arguments to RangeDataset: {args}")
    start, stop, step = (*((0, *args) if len(args) == 1 else args), 1)[:3]
    structure = NUMBER
    return ops.range_dataset_op(start, stop, step, **flat_attrs(structure)), structure


def of_files(pattern: Any) -> Made:
    """Return a dataset of the names of files that match a pattern; their absence is an error."""
    names = matching_files(pattern)
    condition = ops.greater_op(ops.size_op(names, out_type=int64), convert_to_tensor(0, int64))
    message = ["No files matched pattern: ", pattern]
    with names.graph.control_dependencies([ops.assert_op(condition, message)]):
        found = ops.identity_op(names)
    structure = TensorPart(string_type, SCALAR)
    return ops.tensor_slice_dataset_op([found], output_shapes=(SCALAR,)), structure


def side_by_side(datasets: Any) -> Made:
    """Return a dataset whose elements are those of several side by side.

    Raises:
        TypeError: if it is no structure of datasets.
    """
    several = list(leaves(datasets))
    for each in several:
        if isinstance(each, list):
            raise TypeError(
                "The argument to `Dataset.zip()` must be a nested structure of `Dataset` objects. "
                "Nested structures do not support Python lists; please use a tuple instead."
            )
        if not hasattr(each, "structure"):
            raise TypeError(
                "The argument to `Dataset.zip()` must be a nested structure of `Dataset` objects. "
                f"Got {each}."
            )
    structure = mapped(lambda each: each.structure, datasets)
    tensors = [each.variant_tensor for each in several]
    return ops.zip_dataset_op(tensors, **flat_attrs(structure)), structure
