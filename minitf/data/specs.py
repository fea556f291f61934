"""`tf.data.DatasetSpec` and `tf.OptionalSpec`: what is known of a dataset or an optional.

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf.data.parts import DatasetPart, OptionalPart
from minitf.data.structure import (
    classes_of,
    shapes_of,
    structure_of_specs,
    types_of,
)
from minitf.dtypes import variant
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.tensor_spec import TensorSpec
from minitf.type_spec import BatchableTypeSpec, TypeSpec


class DatasetSpec(BatchableTypeSpec):
    """What the elements of a dataset shall be.

    Args:
        element_spec: the specs of an element, in its structure.
        dataset_shape: of a tensor of such datasets; a scalar is one dataset.
    """

    def __init__(self, element_spec: Any, dataset_shape: Any = ()) -> None:
        self._element_spec = element_spec
        self._dataset_shape = TensorShape(dataset_shape)

    @staticmethod
    def from_value(value: Any) -> DatasetSpec:
        """Return that of a dataset."""
        return DatasetSpec(value.element_spec)

    @property
    def element_spec(self) -> Any:
        """The specs of an element, in its structure."""
        return self._element_spec

    @property
    def value_type(self) -> Any:
        """The class of datasets."""
        return self.part.make

    @property
    def part(self) -> DatasetPart:
        """What stands for such a dataset in the structure of an element."""
        from minitf.data.base import BaseDataset

        return DatasetPart(structure_of_specs(self._element_spec), BaseDataset.plain)

    def _serialize(self) -> tuple[Any, ...]:
        return self._element_spec, self._dataset_shape

    @property
    def _component_specs(self) -> TensorSpec:
        return TensorSpec(self._dataset_shape, variant)

    def _to_components(self, value: Any) -> Tensor:
        return self.part.packed(value)

    def _from_components(self, components: Any) -> Any:
        return self.part.unpacked(components)

    def _to_tensor_list(self, value: Any) -> list[Tensor]:
        return [self._to_components(value)]

    def _from_compatible_tensor_list(self, tensor_list: Any) -> Any:
        return self._from_components(tensor_list[0])

    def _flat_tensor_specs(self) -> list[Any]:
        return [self._component_specs]

    def _batch(self, batch_size: int | None) -> DatasetSpec:
        shape = TensorShape([batch_size]).concatenate(self._dataset_shape)
        return DatasetSpec(self._element_spec, shape)

    def _unbatch(self) -> DatasetSpec:
        if self._dataset_shape.ndims == 0:
            raise ValueError("Unbatching a dataset is only supported for rank >= 1")
        return DatasetSpec(self._element_spec, self._dataset_shape[1:])

    def _to_legacy_output_types(self) -> Any:
        return types_of(structure_of_specs(self._element_spec))

    def _to_legacy_output_shapes(self) -> Any:
        return shapes_of(structure_of_specs(self._element_spec))

    def _to_legacy_output_classes(self) -> Any:
        return classes_of(structure_of_specs(self._element_spec))


class OptionalSpec(TypeSpec):
    """What the element of an optional shall be.

    Args:
        value_structure: the specs of the element, in its structure.
    """

    def __init__(self, value_structure: Any) -> None:
        self._value_structure = value_structure

    @staticmethod
    def from_value(value: Any) -> OptionalSpec:
        """Return that of an optional."""
        return OptionalSpec(value.value_structure)

    @property
    def value_type(self) -> Any:
        """The class of optionals."""
        return self.part.make

    @property
    def part(self) -> OptionalPart:
        """What stands for such an optional in the structure of an element."""
        from minitf.data.optional import OptionalOfTensor

        return OptionalPart(structure_of_specs(self._value_structure), OptionalOfTensor)

    def _serialize(self) -> tuple[Any, ...]:
        return (self._value_structure,)

    @property
    def _component_specs(self) -> list[TensorSpec]:
        return [TensorSpec((), variant)]

    def _to_components(self, value: Any) -> list[Tensor]:
        return [self.part.packed(value)]

    def _from_components(self, components: Any) -> Any:
        return self.part.unpacked(components[0])

    def _to_tensor_list(self, value: Any) -> list[Tensor]:
        return self._to_components(value)

    def _from_compatible_tensor_list(self, tensor_list: Any) -> Any:
        return self._from_components(tensor_list)

    def _flat_tensor_specs(self) -> list[Any]:
        return self._component_specs

    def _to_legacy_output_types(self) -> OptionalSpec:
        return self

    def _to_legacy_output_shapes(self) -> OptionalSpec:
        return self

    def _to_legacy_output_classes(self) -> OptionalSpec:
        return self
