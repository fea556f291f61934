"""`tensorflow.python.data.util.structure`: elements as lists of tensors, as their specs say.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api.framework import name_scope
from minitf.compat.internal import data_nest as nest
from minitf.composite import SparseTensor, SparseTensorValue
from minitf.composite_specs import SparseTensorSpec
from minitf.data.base import BaseDataset
from minitf.data.optional import OptionalOfTensor
from minitf.data.parts import flat_specs
from minitf.data.structure import converted, from_types, specs_of
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec
from minitf.type_spec import CompositeTensor, TypeSpec, register_type_spec_from_value_converter
from minitf.type_spec import type_spec_from_value as spec_of_leaf


def normalize_element(element: Any) -> Any:
    """Return an element whose leaves are Tensors, SparseTensors, datasets and the like."""
    with name_scope("normalize_element"):
        return converted(element)


def convert_legacy_structure(output_types: Any, output_shapes: Any, output_classes: Any) -> Any:
    """Return the specs that types, shapes and classes say.

    Raises:
        TypeError: if a class is none of elements.
    """
    return specs_of(from_types(output_types, output_shapes, output_classes))


def from_compatible_tensor_list(element_spec: Any, tensor_list: Sequence[Tensor]) -> Any:
    """Return the element that tensors are, which are known to fit."""
    return _element(element_spec, tensor_list, "_from_compatible_tensor_list")


def from_tensor_list(element_spec: Any, tensor_list: Sequence[Tensor]) -> Any:
    """Return the element that tensors are.

    Raises:
        ValueError: if they are not as many, or do not fit.
    """
    return _element(element_spec, tensor_list, "_from_tensor_list")


def _element(element_spec: Any, tensor_list: Sequence[Tensor], method: str) -> Any:
    specs = nest.flatten(element_spec)
    counts = [len(flat_specs(spec)) for spec in specs]
    if sum(counts) != len(tensor_list):
        raise ValueError(f"Expected {sum(counts)} tensors but got {len(tensor_list)}.")
    found, at = [], 0
    for spec, count in zip(specs, counts, strict=True):
        found.append(getattr(spec, method)(list(tensor_list[at : at + count])))
        at += count
    return nest.pack_sequence_as(element_spec, found)


def get_flat_tensor_specs(element_spec: Any) -> list[TensorSpec]:
    """Return the specs of the tensors that an element is."""
    return [flat for spec in nest.flatten(element_spec) for flat in flat_specs(spec)]


def get_flat_tensor_shapes(element_spec: Any) -> list[Any]:
    """Return the shapes of the tensors that an element is."""
    return [spec.shape for spec in get_flat_tensor_specs(element_spec)]


def get_flat_tensor_types(element_spec: Any) -> list[Any]:
    """Return the types of the tensors that an element is."""
    return [spec.dtype for spec in get_flat_tensor_specs(element_spec)]


def to_tensor_list(element_spec: Any, element: Any) -> list[Tensor]:
    """Return an element as tensors.

    Raises:
        ValueError, TypeError: if it is nested otherwise.
    """
    return _tensors(element_spec, element, "_to_tensor_list")


def to_batched_tensor_list(element_spec: Any, element: Any) -> list[Tensor]:
    """Return a batch of elements as tensors.

    Raises:
        ValueError, TypeError: if it is nested otherwise, or a scalar.
    """
    return _tensors(element_spec, element, "_to_batched_tensor_list")


def _tensors(element_spec: Any, element: Any, method: str) -> list[Tensor]:
    nest.assert_same_structure(element_spec, element)
    pairs = zip(nest.flatten(element_spec), nest.flatten(element), strict=True)
    return [tensor for spec, part in pairs for tensor in getattr(spec, method)(part)]


def are_compatible(spec1: Any, spec2: Any) -> bool:
    """Tell whether specs are nested in the same way and fit each other."""
    try:
        nest.assert_same_structure(spec1, spec2)
    except (TypeError, ValueError):
        return False
    return all(
        one.is_compatible_with(other) and other.is_compatible_with(one)
        for one, other in zip(nest.flatten(spec1), nest.flatten(spec2), strict=True)
    )


def type_spec_from_value(element: Any, use_fallback: bool = True) -> Any:
    """Return the specs of an element, in its structure.

    Args:
        element: the element.
        use_fallback: whether what is nothing else may become a Tensor.

    Raises:
        TypeError: if there is no spec for a part of it.
    """
    if nest.is_sequence(element):
        parts = [type_spec_from_value(each) for each in nest._parts(element)]
        return nest._like(element, parts)
    if isinstance(element, (SparseTensor, SparseTensorValue)):
        return SparseTensorSpec.from_value(element)
    if use_fallback or isinstance(element, (Tensor, CompositeTensor)):
        return spec_of_leaf(element)
    if hasattr(element, "_type_spec"):
        return element._type_spec
    raise TypeError(
        f"Could not build a TypeSpec for {element!r} with type {type(element).__name__}"
    )


def _spec(value: Any) -> TypeSpec:
    spec: TypeSpec = value.element_part.spec
    return spec


register_type_spec_from_value_converter(BaseDataset, _spec, allow_subclass=True)
register_type_spec_from_value_converter(OptionalOfTensor, _spec)
