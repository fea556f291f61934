"""Optional: an element of a dataset, or none.

    optional = tf.data.experimental.get_next_as_optional(iterator)
    more, element = optional.has_value(), optional.get_value()

So a program may look whether there is a next element without an error at the end.

Source: TensorFlow 1.15, `tf.data.experimental.Optional`.
"""

from __future__ import annotations

import abc
from typing import Any

from minitf import ops
from minitf.data.parts import OptionalPart, Structure
from minitf.data.structure import (
    converted,
    element_of,
    flat_attrs,
    flat_tensors,
    specs_of,
    structure_of,
    structure_of_specs,
)
from minitf.tensor import Tensor


class Optional(abc.ABC):
    """An element, or none: the value of one tensor."""

    @abc.abstractmethod
    def has_value(self, name: str | None = None) -> Tensor:
        """Return a bool scalar: whether there is an element."""

    @abc.abstractmethod
    def get_value(self, name: str | None = None) -> Any:
        """Return the element; where there is none, InvalidArgumentError is raised in the step."""

    @property
    @abc.abstractmethod
    def value_structure(self) -> Any:
        """The specs of the element, in its structure."""

    @staticmethod
    def from_value(value: Any) -> Optional:
        """Return an optional that has an element."""
        element = converted(value)
        structure = structure_of(element)
        made = ops.optional_from_value_op(flat_tensors(structure, element))
        return OptionalOfTensor(made, structure)

    @staticmethod
    def none_from_structure(value_structure: Any) -> Optional:
        """Return an optional that has none of the elements that specs describe."""
        return OptionalOfTensor(ops.optional_none_op(), structure_of_specs(value_structure))


class OptionalOfTensor(Optional):
    """An optional that an op gives.

    Args:
        variant_tensor: what the op gives.
        structure: of the element.
    """

    def __init__(self, variant_tensor: Tensor, structure: Structure) -> None:
        self.variant_tensor = variant_tensor
        self.structure = structure

    @property
    def element_part(self) -> OptionalPart:
        """What it is as a part of an element."""
        return OptionalPart(self.structure, OptionalOfTensor)

    @property
    def value_structure(self) -> Any:
        """The specs of the element, in its structure."""
        return specs_of(self.structure)

    def has_value(self, name: str | None = None) -> Tensor:
        """Return a bool scalar: whether there is an element."""
        made: Tensor = ops.optional_has_value_op(self.variant_tensor, name=name)
        return made

    def get_value(self, name: str | None = None) -> Any:
        """Return the element; where there is none, InvalidArgumentError is raised in the step."""
        attrs = flat_attrs(self.structure)
        found = ops.optional_get_value_op(self.variant_tensor, **attrs, name=name)
        return element_of(self.structure, found)


def get_next_as_optional(iterator: Any) -> Optional:
    """Return the next element of an iterator, as an optional that has none at the end."""
    structure = iterator.structure
    made = ops.iterator_get_next_as_optional_op(iterator._resource, **flat_attrs(structure))
    return OptionalOfTensor(made, structure)
