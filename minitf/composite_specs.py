"""`tf.SparseTensorSpec` and `tf.IndexedSlicesSpec`: what is known of values of several tensors.

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.composite import (
    IndexedSlices,
    IndexedSlicesValue,
    SparseTensor,
    SparseTensorValue,
)
from minitf.dtypes import DType
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.tensor_spec import TensorSpec
from minitf.type_spec import (
    BatchableTypeSpec,
    TypeSpec,
    register_type_spec_from_value_converter,
)


class SparseTensorSpec(BatchableTypeSpec):
    """The shape and type that a SparseTensor shall have.

    Args:
        shape: what is known of its dense shape.
        dtype: the type of its values.
    """

    def __init__(self, shape: Any = None, dtype: Any = dtypes.float32) -> None:
        self._shape = TensorShape(shape)
        self._dtype = dtypes.as_dtype(dtype)

    @classmethod
    def from_value(cls, value: Any) -> SparseTensorSpec:
        """Return that of a SparseTensor, or of a SparseTensorValue.

        Raises:
            TypeError: if it is neither.
        """
        if isinstance(value, SparseTensor):
            return cls(value.shape, value.dtype)
        if isinstance(value, SparseTensorValue):
            return cls([int(size) for size in value.dense_shape], value.values.dtype)
        raise TypeError(f"Expected SparseTensor or SparseTensorValue, got {value!r}")

    @property
    def shape(self) -> TensorShape:
        """What is known of the dense shape."""
        return self._shape

    @property
    def dtype(self) -> DType:
        """The type of the values."""
        return self._dtype

    @property
    def value_type(self) -> type[SparseTensor]:
        """SparseTensor."""
        return SparseTensor

    def _serialize(self) -> tuple[Any, ...]:
        return self._shape, self._dtype

    @property
    def _component_specs(self) -> list[TensorSpec]:
        rank = self._shape.ndims
        return [
            TensorSpec([None, rank], dtypes.int64),
            TensorSpec([None], self._dtype),
            TensorSpec([rank], dtypes.int64),
        ]

    def _to_components(self, value: Any) -> list[Any]:
        return [value.indices, value.values, value.dense_shape]

    def _from_components(self, components: Any) -> Any:
        if all(hasattr(each, "__array_interface__") for each in components):
            return SparseTensorValue(*components)
        return SparseTensor(*components)

    # Through datasets a SparseTensor travels as one tensor of three variants.

    def _flat_tensor_specs(self) -> list[Any]:
        return [TensorSpec(None, dtypes.variant)]

    def _to_tensor_list(self, value: Any) -> list[Tensor]:
        from minitf import ops

        parts = self._to_components(value)
        return [ops.find_op("SerializeSparse")(*parts, out_type=dtypes.variant)]

    def _to_batched_tensor_list(self, value: Any) -> list[Tensor]:
        from minitf import ops

        if value.dense_shape.static_shape.dims == (0,):
            raise ValueError("Unbatching a sparse tensor is only supported for rank >= 1")
        parts = self._to_components(value)
        return [ops.find_op("SerializeManySparse")(*parts, out_type=dtypes.variant)]

    def _from_compatible_tensor_list(self, tensor_list: Any) -> SparseTensor:
        from minitf import ops

        parts = ops.find_op("DeserializeSparse")(tensor_list[0], dtype=self._dtype)
        rank = self._shape.ndims
        parts[0].set_shape([None, rank])
        parts[2].set_shape([rank])
        made = SparseTensor(*parts)
        made.given_shape = self._shape.static_shape
        return made

    def _to_legacy_output_types(self) -> DType:
        return self._dtype

    def _to_legacy_output_shapes(self) -> TensorShape:
        return self._shape

    def _batch(self, batch_size: int | None) -> SparseTensorSpec:
        return SparseTensorSpec(TensorShape([batch_size]).concatenate(self._shape), self._dtype)

    def _unbatch(self) -> SparseTensorSpec:
        if self._shape.ndims == 0:
            raise ValueError("Unbatching a tensor is only supported for rank >= 1")
        return SparseTensorSpec(self._shape[1:], self._dtype)


class IndexedSlicesSpec(TypeSpec):
    """The shape and types that IndexedSlices shall have.

    Args:
        shape: what is known of the shape of the whole.
        dtype: the type of the values.
        indices_dtype: the type of the indices.
        dense_shape_dtype: the type of the dense shape; None if there is none.
        indices_shape: what is known of the shape of the indices; a vector if None.
    """

    def __init__(
        self,
        shape: Any = None,
        dtype: Any = dtypes.float32,
        indices_dtype: Any = dtypes.int64,
        dense_shape_dtype: Any = None,
        indices_shape: Any = None,
    ) -> None:
        self._shape = TensorShape(shape)
        self._values_dtype = dtypes.as_dtype(dtype)
        self._indices_dtype = dtypes.as_dtype(indices_dtype)
        given = dense_shape_dtype
        self._dense_shape_dtype = None if given is None else dtypes.as_dtype(given)
        self._indices_shape = TensorShape(indices_shape).with_rank(1)

    @property
    def value_type(self) -> type[IndexedSlices]:
        """IndexedSlices."""
        return IndexedSlices

    def _serialize(self) -> tuple[Any, ...]:
        return (
            self._shape,
            self._values_dtype,
            self._indices_dtype,
            self._dense_shape_dtype,
            self._indices_shape,
        )

    @property
    def _component_specs(self) -> tuple[TensorSpec, ...]:
        values = self._indices_shape.concatenate(self._shape[1:])
        specs = (
            TensorSpec(values, self._values_dtype),
            TensorSpec(self._indices_shape, self._indices_dtype),
        )
        if self._dense_shape_dtype is None:
            return specs
        return *specs, TensorSpec([self._shape.ndims], self._dense_shape_dtype)

    def _to_components(self, value: Any) -> tuple[Any, ...]:
        whole = () if value.dense_shape is None else (value.dense_shape,)
        return value.values, value.indices, *whole

    def _from_components(self, components: Any) -> Any:
        if all(hasattr(each, "__array_interface__") for each in components):
            return IndexedSlicesValue(*components, *[None] * (3 - len(components)))
        return IndexedSlices(*components)


def spec_of_slices(slices: IndexedSlices) -> IndexedSlicesSpec:
    """Return what is known of IndexedSlices."""
    sizes = slices.dense_shape
    named = None if sizes is None else constant_value(sizes)
    whole = slices.values.shape[1:]
    shape = TensorShape([None]).concatenate(whole) if named is None else TensorShape(list(named))
    return IndexedSlicesSpec(
        shape,
        slices.dtype,
        slices.indices.dtype,
        None if sizes is None else sizes.dtype,
        slices.indices.shape,
    )


register_type_spec_from_value_converter(SparseTensorValue, SparseTensorSpec.from_value)
