"""`tf.RaggedTensorSpec`: what is known of a RaggedTensor.

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes, ops
from minitf.dtypes import DType
from minitf.ragged.tensor import RaggedTensor
from minitf.ragged.value import RaggedTensorValue
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.tensor_spec import TensorSpec
from minitf.type_spec import BatchableTypeSpec, register_type_spec_from_value_converter


class RaggedTensorSpec(BatchableTypeSpec):
    """The shape and types that a RaggedTensor shall have.

    Args:
        shape: what is known of the shape.
        dtype: the type of the values.
        ragged_rank: the number of ragged dimensions; all but the first if None.
        row_splits_dtype: the type of the splits, int32 or int64.

    Raises:
        ValueError: if neither shape nor number of ragged dimensions are known, or do not fit.
        TypeError: if that number is none.
    """

    def __init__(
        self,
        shape: Any = None,
        dtype: Any = dtypes.float32,
        ragged_rank: int | None = None,
        row_splits_dtype: Any = dtypes.int64,
    ) -> None:
        self._shape = TensorShape(shape)
        self._dtype = dtypes.as_dtype(dtype)
        self._row_splits_dtype = dtypes.as_dtype(row_splits_dtype)
        rank = self._shape.ndims
        if ragged_rank is None:
            if rank is None:
                raise ValueError("Must specify ragged_rank or a shape with a known rank.")
            ragged_rank = rank - 1
        if not isinstance(ragged_rank, int):
            raise TypeError(f"Argument `ragged_rank` must be an int. Received {ragged_rank!r}.")
        if rank is not None and ragged_rank >= rank:
            raise ValueError(
                f"Argument `ragged_rank` ({ragged_rank}) must be less than rank ({rank})."
            )
        self._ragged_rank = ragged_rank

    @classmethod
    def from_value(cls, value: Any) -> RaggedTensorSpec:
        """Return that of a RaggedTensor, a RaggedTensorValue, or a tensor with no ragged dimension.

        Raises:
            TypeError: if it is none of these.
        """
        if isinstance(value, RaggedTensor):
            return cls(value.shape, value.dtype, value.ragged_rank, value.row_splits.dtype)
        if isinstance(value, RaggedTensorValue):
            dtype = dtypes.by_numpy(value.flat_values.dtype)
            splits = dtypes.by_numpy(value.row_splits.dtype)
            return cls(value.shape, dtype, value.ragged_rank, splits)
        if isinstance(value, Tensor):
            return cls(value.shape, value.dtype, 0)
        raise TypeError(f"Expected RaggedTensor or RaggedTensorValue, got {value!r}")

    dtype = property(lambda self: self._dtype)
    shape = property(lambda self: self._shape)
    ragged_rank = property(lambda self: self._ragged_rank)
    row_splits_dtype = property(lambda self: self._row_splits_dtype)

    @property
    def value_type(self) -> Any:
        """RaggedTensor; Tensor if there are no ragged dimensions."""
        return RaggedTensor if self._ragged_rank else Tensor

    def _serialize(self) -> tuple[Any, ...]:
        return self._shape, self._dtype, self._ragged_rank, self._row_splits_dtype

    @property
    def _component_specs(self) -> list[TensorSpec]:
        if not self._ragged_rank:
            return [TensorSpec(self._shape, self._dtype)]
        sizes = None if self._shape.ndims is None else self._shape.as_list()
        values: Any = None if sizes is None else [None, *sizes[self._ragged_rank + 1 :]]
        rows = None if sizes is None or sizes[0] is None else sizes[0] + 1
        splits = [[rows], *[[None]] * (self._ragged_rank - 1)]
        return [
            TensorSpec(values, self._dtype),
            *(TensorSpec(each, self._row_splits_dtype) for each in splits),
        ]

    def _to_components(self, value: Any) -> list[Any]:
        if isinstance(value, (RaggedTensor, RaggedTensorValue)):
            return [value.flat_values, *value.nested_row_splits]
        return [value]

    def _from_components(self, components: Any) -> Any:
        values, *splits = components
        arrays = all(hasattr(each, "__array_interface__") for each in components)
        for each in reversed(splits):
            if arrays:
                values = RaggedTensorValue(values, each)
            else:
                values = RaggedTensor.from_row_splits(values, each, validate=False)
        return values

    # Through datasets a RaggedTensor travels as one variant.

    def _flat_tensor_specs(self) -> list[Any]:
        return [TensorSpec(None, dtypes.variant)]

    def _to_tensor_list(self, value: Any) -> list[Tensor]:
        return [self._variant(value, batched=False)]

    def _to_batched_tensor_list(self, value: Any) -> list[Tensor]:
        return [self._variant(value, batched=True)]

    def _variant(self, value: Any, *, batched: bool) -> Tensor:
        rank = value.ragged_rank if isinstance(value, RaggedTensor) else 0
        if rank != self._ragged_rank:
            raise ValueError(
                f"Ragged rank of value ({rank}) does not match ragged rank of type "
                f"({self._ragged_rank})"
            )
        if isinstance(value, RaggedTensor):
            return value._to_variant(batched)  # noqa: SLF001 its own room
        made: Tensor = ops.ragged_tensor_to_variant_op([], value, batched_input=batched)
        return made

    def _from_compatible_tensor_list(self, tensor_list: Any) -> Any:
        made = RaggedTensor._from_variant(  # noqa: SLF001 its own room
            tensor_list[0], self._dtype, self._ragged_rank, row_splits_dtype=self._row_splits_dtype
        )
        sizes = None if self._shape.ndims is None else self._shape.as_list()
        if sizes is not None and isinstance(made, RaggedTensor):
            made.row_splits.set_shape([None if sizes[0] is None else sizes[0] + 1])
            made.flat_values.set_shape([None, *sizes[self._ragged_rank + 1 :]])
        elif sizes is not None:
            made.set_shape(self._shape)
        return made

    def _to_legacy_output_types(self) -> DType:
        return self._dtype

    def _to_legacy_output_shapes(self) -> TensorShape:
        return self._shape

    def _to_legacy_output_classes(self) -> Any:
        return self

    def _batch(self, batch_size: int | None) -> RaggedTensorSpec:
        shape = TensorShape([batch_size]).concatenate(self._shape)
        return RaggedTensorSpec(shape, self._dtype, self._ragged_rank + 1, self._row_splits_dtype)

    def _unbatch(self) -> RaggedTensorSpec:
        shape = self._shape[1:]
        rank = max(self._ragged_rank - 1, 0)
        return RaggedTensorSpec(shape, self._dtype, rank, self._row_splits_dtype)


register_type_spec_from_value_converter(RaggedTensorValue, RaggedTensorSpec.from_value)


def RaggedTensorStructure(dtype: Any, shape: Any, ragged_rank: int) -> RaggedTensorSpec:  # noqa: N802
    """Return a spec, by the name of `tf.data.experimental`: the type, then the shape."""
    return RaggedTensorSpec(shape, dtype, ragged_rank)
