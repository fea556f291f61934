"""The parts of elements: what stands at a leaf of a structure, and how it becomes a tensor.

A sparse tensor travels as a variant that holds its three arrays, a dataset and an optional as the
variant that they are, and a value of any other kind as its spec says.

Source: TensorFlow 1.15, `tf.data`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from minitf import ops
from minitf.composite import SparseTensor
from minitf.composite_specs import SparseTensorSpec
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType, variant
from minitf.shapes import SCALAR, UNKNOWN, Shape
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.tensor_spec import TensorSpec

Structure = Any  # a part, or a tuple, namedtuple or dict of structures


@dataclass(frozen=True)
class TensorPart:
    """A tensor."""

    dtype: DType
    shape: Shape

    value_class = Tensor

    @property
    def spec(self) -> TensorSpec:
        """What programs see of it."""
        return TensorSpec(TensorShape(self.shape), self.dtype)

    @property
    def flat(self) -> tuple[DType, Shape]:
        """Type and shape of the tensor that an op sees."""
        return self.dtype, self.shape

    def packed(self, value: Any) -> Tensor:
        """Return a value as the tensor that an op sees."""
        return convert_to_tensor(value, self.dtype)

    def unpacked(self, tensor: Tensor) -> Any:
        """Return the value that a tensor is."""
        return tensor

    def with_shape(self, shape: Shape) -> TensorPart:
        """Return the part of a value of another shape."""
        return TensorPart(self.dtype, shape)


@dataclass(frozen=True)
class SparsePart:
    """A sparse tensor."""

    dtype: DType
    shape: Shape

    value_class = SparseTensor

    @property
    def spec(self) -> SparseTensorSpec:
        """What programs see of it."""
        return SparseTensorSpec(TensorShape(self.shape), self.dtype)

    @property
    def flat(self) -> tuple[DType, Shape]:
        """Type and shape of the tensor that an op sees."""
        return variant, Shape.unknown()

    def packed(self, value: Any) -> Tensor:
        """Return a value as the tensor that an op sees."""
        indices, values, shape = value.indices, value.values, value.dense_shape
        made: Tensor = ops.serialize_sparse_op(indices, values, shape, out_type=variant)
        return made

    def unpacked(self, tensor: Tensor) -> Any:
        """Return the value that a tensor is."""
        made = ops.deserialize_sparse_op(tensor, dtype=self.dtype)
        rank = UNKNOWN if self.shape.rank is None else self.shape.rank
        made.sparse_indices.static_shape = Shape([UNKNOWN, rank])
        made.sparse_shape.static_shape = Shape([rank])
        sparse = SparseTensor(*made)
        sparse.given_shape = self.shape
        return sparse

    def with_shape(self, shape: Shape) -> SparsePart:
        """Return the part of a value of another shape."""
        return SparsePart(self.dtype, shape)


@dataclass(frozen=True)
class DatasetPart:
    """A dataset, with the structure of its elements."""

    structure: Structure
    make: Callable[[Tensor, Structure], Any]  # tensor, structure -> Dataset

    dtype = variant
    shape = SCALAR

    @property
    def value_class(self) -> Any:
        """What programs see as class, type and shape of the values."""
        return self.spec

    @property
    def spec(self) -> Any:
        """What programs see of it."""
        from minitf.data.specs import DatasetSpec
        from minitf.data.structure import specs_of

        return DatasetSpec(specs_of(self.structure))

    @property
    def flat(self) -> tuple[DType, Shape]:
        """Type and shape of the tensor that an op sees."""
        return variant, SCALAR

    def packed(self, value: Any) -> Tensor:
        """Return a value as the tensor that an op sees."""
        tensor: Tensor = value.variant_tensor
        return tensor

    def unpacked(self, tensor: Tensor) -> Any:
        """Return the value that a tensor is."""
        return self.make(tensor, self.structure)

    def with_shape(self, shape: Shape) -> DatasetPart:
        """Return the part itself: a dataset has no shape."""
        return self


@dataclass(frozen=True)
class OptionalPart:
    """An optional, with the structure of its element."""

    structure: Structure
    make: Callable[[Tensor, Structure], Any]  # tensor, structure -> Optional

    dtype = variant
    shape = SCALAR

    @property
    def value_class(self) -> Any:
        """What programs see as class, type and shape of the values."""
        return self.spec

    @property
    def spec(self) -> Any:
        """What programs see of it."""
        from minitf.data.specs import OptionalSpec
        from minitf.data.structure import specs_of

        return OptionalSpec(specs_of(self.structure))

    @property
    def flat(self) -> tuple[DType, Shape]:
        """Type and shape of the tensor that an op sees."""
        return variant, SCALAR

    def packed(self, value: Any) -> Tensor:
        """Return a value as the tensor that an op sees."""
        tensor: Tensor = value.variant_tensor
        return tensor

    def unpacked(self, tensor: Tensor) -> Any:
        """Return the value that a tensor is."""
        return self.make(tensor, self.structure)

    def with_shape(self, shape: Shape) -> OptionalPart:
        """Return the part itself: an optional has no shape."""
        return self


@dataclass(frozen=True)
class SpecPart:
    """A value of any other kind that travels as one tensor, as its spec says."""

    spec: Any  # a TypeSpec

    @property
    def dtype(self) -> DType:
        """The type of its values, or of the tensor that an op sees."""
        found: DType = getattr(self.spec, "dtype", None) or self.flat[0]
        return found

    @property
    def shape(self) -> Shape:
        """What is known of its shape."""
        shape = getattr(self.spec, "shape", None)
        return Shape.unknown() if shape is None else TensorShape(shape).static_shape

    @property
    def value_class(self) -> Any:
        """The class of the values."""
        return self.spec._to_legacy_output_classes()

    @property
    def flat(self) -> tuple[DType, Shape]:
        """Type and shape of the tensor that an op sees."""
        (flat,) = flat_specs(self.spec)
        return flat.dtype, flat.shape.static_shape

    def packed(self, value: Any) -> Tensor:
        """Return a value as the tensor that an op sees."""
        (made,) = self.spec._to_tensor_list(value)
        tensor: Tensor = made
        return tensor

    def unpacked(self, tensor: Tensor) -> Any:
        """Return the value that a tensor is."""
        return self.spec._from_compatible_tensor_list([tensor])

    def with_shape(self, shape: Shape) -> SpecPart:
        """Return the part of a stack of values, or of a slice of one.

        Raises:
            ValueError: if its kind cannot be stacked.
        """
        if not hasattr(self.spec, "_batch"):
            raise ValueError(f"Batching of {self.spec} is not supported")
        rank = self.shape.rank
        if rank is not None and shape.rank == rank - 1:
            return SpecPart(self.spec._unbatch())
        size = None if not shape.dims or shape[0] is UNKNOWN else shape[0]
        return SpecPart(self.spec._batch(size))


def flat_specs(spec: Any) -> list[TensorSpec]:
    """Return the specs of the tensors that a value travels as."""
    found = spec._flat_tensor_specs
    return list(found() if callable(found) else found)
