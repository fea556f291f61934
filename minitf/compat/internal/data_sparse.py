"""`tensorflow.python.data.util.sparse`: sparse elements, by structures of classes.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.compat.internal import data_nest as nest
from minitf.composite import SparseTensor
from minitf.data.parts import SparsePart
from minitf.dtypes import variant
from minitf.shapes import as_shape
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


def any_sparse(classes: Any) -> bool:
    """Tell whether one of the classes is SparseTensor."""
    return any(each is SparseTensor for each in nest.flatten(classes))


def get_classes(tensors: Any) -> Any:
    """Return the classes of a structure of Tensors and SparseTensors."""
    return nest.map_structure(
        lambda each: SparseTensor if isinstance(each, SparseTensor) else Tensor, tensors
    )


def as_dense_shapes(shapes: Any, classes: Any) -> Any:
    """Return shapes as ops see them: of sparse elements nothing is known."""
    return _chosen(lambda _: TensorShape(None), shapes, classes)


def as_dense_types(types: Any, classes: Any) -> Any:
    """Return types as ops see them: sparse elements are variants."""
    return _chosen(lambda _: variant, types, classes)


def _chosen(sparse: Any, values: Any, classes: Any) -> Any:
    flat = [
        sparse(value) if kind is SparseTensor else value
        for value, kind in zip(nest.flatten(values), nest.flatten(classes), strict=True)
    ]
    return nest.pack_sequence_as(values, flat)


def serialize_sparse_tensors(tensors: Any) -> Any:
    """Return a structure whose SparseTensors are variants."""
    return nest.map_structure(
        lambda each: (
            ops.serialize_sparse_op(each.indices, each.values, each.dense_shape, out_type=variant)
            if isinstance(each, SparseTensor)
            else each
        ),
        tensors,
    )


def serialize_many_sparse_tensors(tensors: Any) -> Any:
    """Return a structure whose SparseTensors are vectors of variants, one for each row."""
    return nest.map_structure(
        lambda each: (
            ops.serialize_many_sparse_op(
                each.indices, each.values, each.dense_shape, out_type=variant
            )
            if isinstance(each, SparseTensor)
            else each
        ),
        tensors,
    )


def deserialize_sparse_tensors(tensors: Any, types: Any, shapes: Any, classes: Any) -> Any:
    """Return a structure whose variants are SparseTensors where its classes say so."""
    columns = zip(*map(nest.flatten, (tensors, types, shapes, classes)), strict=True)
    flat = [
        SparsePart(dtype, as_shape(shape)).unpacked(tensor) if kind is SparseTensor else tensor
        for tensor, dtype, shape, kind in columns
    ]
    return nest.pack_sequence_as(tensors, flat)
