"""TypeSpec: what is known of a value before it is computed; CompositeTensor: a value of several.

A spec names the tensors that a value of its kind is made of, and takes values apart and together:

    spec = SparseTensorSpec([None, 3], tf.int32)
    spec._component_specs               # of indices, values and the dense shape
    spec._to_components(sparse)         # [sparse.indices, sparse.values, sparse.dense_shape]
    spec._from_components([i, v, s])    # a SparseTensor again

What `_serialize` returns decides equality, the hash, the text and the copy of a spec; two specs are
compatible if what they serialize to is, part by part: shapes, types, and anything else by `==`.

Source: TensorFlow 1.15's `tf.TypeSpec`.
"""

from __future__ import annotations

import abc
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from minitf.convert import convert_to_tensor
from minitf.default_graph import entered
from minitf.dtypes import DType
from minitf.graph import Graph
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

Converter = Callable[[Any], Any]


class CompositeTensor(abc.ABC):
    """A value that is several tensors; `tf.nest` takes it apart where it is asked to."""

    @property
    @abc.abstractmethod
    def _type_spec(self) -> TypeSpec:
        """What is known of the value."""

    def _shape_invariant_to_type_spec(self, shape: Any) -> TypeSpec:
        """Return the spec that a shape invariant of a loop stands for.

        Raises:
            NotImplementedError: if the class takes none.
        """
        raise NotImplementedError(f"{type(self).__name__}._shape_invariant_to_type_spec: {shape}")


class TypeSpec(abc.ABC):
    """What is known of a value: its class, and the types and shapes of its tensors."""

    @property
    @abc.abstractmethod
    def value_type(self) -> Any:
        """The class of the values."""

    @abc.abstractmethod
    def _serialize(self) -> tuple[Any, ...]:
        """Return the arguments that make another spec equal to this."""

    @property
    @abc.abstractmethod
    def _component_specs(self) -> Any:
        """The specs of what a value is made of, nested."""

    @abc.abstractmethod
    def _to_components(self, value: Any) -> Any:
        """Return what a value is made of, nested as `_component_specs`."""

    @abc.abstractmethod
    def _from_components(self, components: Any) -> Any:
        """Make a value of what it is made of."""

    @classmethod
    def _deserialize(cls, serialization: tuple[Any, ...]) -> TypeSpec:
        return cls(*serialization)

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """Tell whether a value, or one of another spec, may be one of this."""
        if not isinstance(spec_or_value, TypeSpec):
            spec_or_value = type_spec_from_value(spec_or_value)
        if type(self) is not type(spec_or_value):
            return False
        return _compatible(self._serialize(), spec_or_value._serialize())

    def most_specific_compatible_type(self, other: Any) -> Any:
        """Return the spec that knows most of what both know.

        Raises:
            ValueError: if no spec is compatible with both.
        """
        if type(self) is not type(other):
            raise ValueError(f"No TypeSpec is compatible with both {self!r} and {other!r}")
        merged = _merged(self._serialize(), other._serialize())
        return self._deserialize(merged)

    def _flat_tensor_specs(self) -> list[Any]:
        """Return the specs of the tensors that a value travels as through datasets."""
        from minitf import nest

        return nest.flatten(self._component_specs, expand_composites=True)

    def _to_tensor_list(self, value: Any) -> list[Tensor]:
        """Return the tensors that a value travels as through datasets."""
        from minitf import nest

        parts: list[Tensor] = nest.flatten(self._to_components(value), expand_composites=True)
        return parts

    def _from_tensor_list(self, tensor_list: Any) -> Any:
        """Make a value of the tensors that it travels as.

        Raises:
            ValueError: if they do not fit.
        """
        specs = self._flat_tensor_specs()
        if len(specs) != len(tensor_list):
            raise ValueError(
                f"Cannot create a value of {self!r} from {len(tensor_list)} tensors: it has "
                f"{len(specs)} components"
            )
        for index, (spec, tensor) in enumerate(zip(specs, tensor_list, strict=True)):
            if not spec.is_compatible_with(tensor):
                raise ValueError(
                    f"Cannot create a value of {self!r}: tensor {index} ({tensor}) is not "
                    f"compatible with its TypeSpec {spec!r}"
                )
        return self._from_compatible_tensor_list(tensor_list)

    def _from_compatible_tensor_list(self, tensor_list: Any) -> Any:
        """Make a value of tensors that are known to fit."""
        from minitf import nest

        parts = nest.pack_sequence_as(self._component_specs, tensor_list, expand_composites=True)
        return self._from_components(parts)

    def _to_legacy_output_types(self) -> Any:
        """Return what `tf.compat.v1.data.get_output_types` says of such a value."""
        raise NotImplementedError(f"{type(self).__name__}._to_legacy_output_types")

    def _to_legacy_output_shapes(self) -> Any:
        """Return what `tf.compat.v1.data.get_output_shapes` says of such a value."""
        raise NotImplementedError(f"{type(self).__name__}._to_legacy_output_shapes")

    def _to_legacy_output_classes(self) -> Any:
        """Return what `tf.compat.v1.data.get_output_classes` says of such a value."""
        return self.value_type

    def __eq__(self, other: object) -> bool:
        """Tell whether both know the same of the same class."""
        return type(self) is type(other) and self._key() == other._key()

    def __ne__(self, other: object) -> bool:
        """Tell whether they differ."""
        return not self == other

    def __hash__(self) -> int:
        """Hash by what is known."""
        return hash(self._key())

    def __reduce__(self) -> Any:
        """Copy and pickle by the arguments that make an equal one."""
        return type(self), self._serialize()

    def __repr__(self) -> str:
        """Show the arguments that make an equal one."""
        return f"{type(self).__name__}{self._serialize()!r}"

    def _key(self) -> tuple[Any, ...]:
        return type(self), _comparable(self._serialize())


class BatchableTypeSpec(TypeSpec):
    """A spec of values that can be stacked, and taken apart along the first dimension."""

    @abc.abstractmethod
    def _batch(self, batch_size: int | None) -> TypeSpec:
        """Return the spec of so many values stacked."""

    @abc.abstractmethod
    def _unbatch(self) -> TypeSpec:
        """Return the spec of one of the values along the first dimension."""

    def _to_batched_tensor_list(self, value: Any) -> list[Tensor]:
        """Return the tensors that a batch of values travels as."""
        return self._to_tensor_list(value)


def components_of(value: Any) -> list[Any]:
    """Return what a composite value is made of."""
    return list(value._type_spec._to_components(value))


def made_like(value: CompositeTensor | TypeSpec, components: Any) -> Any:
    """Return a value like another, or of a spec, of what it is made of."""
    spec = value if isinstance(value, TypeSpec) else value._type_spec
    return spec._from_components(components)


# --- from values ---------------------------------------------------------------------------------

_CONVERTERS: list[tuple[type, Converter, bool]] = []


def type_spec_from_value(value: Any) -> Any:
    """Return what is known of a value.

    Args:
        value: a Tensor, a composite value, an instance of a class with a converter, or anything
            that can become a Tensor.

    Raises:
        TypeError: if it is nothing of these.
    """
    found = _spec_without_conversion(value)
    if found is None:
        try:
            with entered(Graph()):
                tensor = convert_to_tensor(value)
        except (TypeError, ValueError):
            raise TypeError(
                f"Could not build a TypeSpec for {value!r} with type {type(value).__name__}"
            ) from None
        found = _tensor_spec(tensor.shape, tensor.dtype)
    return found


def register_type_spec_from_value_converter(
    type_object: type, converter_fn: Converter, allow_subclass: bool = False
) -> None:
    """Say what is known of the instances of a class.

    Args:
        type_object: the class.
        converter_fn: instance -> TypeSpec.
        allow_subclass: whether instances of derived classes are meant too.
    """
    _CONVERTERS.append((type_object, converter_fn, allow_subclass))


def _spec_without_conversion(value: Any) -> Any:
    if isinstance(value, Tensor):
        return _tensor_spec(value.shape, value.dtype)
    if isinstance(value, CompositeTensor):
        return value._type_spec
    for kind, converter, allow_subclass in reversed(_CONVERTERS):
        if type(value) is kind or (allow_subclass and isinstance(value, kind)):
            return converter(value)
    if hasattr(value, "_as_graph_element") and hasattr(value, "dtype"):  # a Variable
        return _tensor_spec(value.shape, value.dtype)
    return None


def _tensor_spec(shape: Any, dtype: DType) -> Any:
    from minitf.tensor_spec import TensorSpec

    return TensorSpec(shape, dtype.base_dtype)


# --- what specs serialize to ---------------------------------------------------------------------


def _comparable(value: Any) -> Any:
    """Return something hashable that is equal for parts that say the same."""
    if isinstance(value, TensorShape):
        return "shape", None if value.ndims is None else tuple(value.as_list())
    if isinstance(value, (list, tuple)):
        return tuple(_comparable(each) for each in value)
    if isinstance(value, Mapping):
        return "dict", tuple((key, _comparable(value[key])) for key in sorted(value))
    if isinstance(value, np.ndarray):
        return "array", value.shape, tuple(value.ravel().tolist())
    return value


def _compatible(one: Any, other: Any) -> bool:
    if isinstance(one, TypeSpec):
        return one.is_compatible_with(other)
    if type(one) is not type(other):
        return False
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(_compatible, one, other))
    if isinstance(one, Mapping):
        return set(one) == set(other) and all(_compatible(one[key], other[key]) for key in one)
    if isinstance(one, (TensorShape, DType)):
        return bool(one.is_compatible_with(other))
    return _comparable(one) == _comparable(other)  # type: ignore[no-any-return]


def _merged(one: Any, other: Any) -> Any:
    if isinstance(one, TypeSpec):
        return one.most_specific_compatible_type(other)
    if type(one) is type(other):
        if isinstance(one, TensorShape):
            return one.most_specific_compatible_shape(other)
        if isinstance(one, (list, tuple)) and len(one) == len(other):
            return type(one)([_merged(a, b) for a, b in zip(one, other, strict=True)])
        if isinstance(one, dict) and set(one) == set(other):
            return {key: _merged(one[key], other[key]) for key in one}
        if _comparable(one) == _comparable(other):
            return one
    raise ValueError(f"Types are not compatible: {one!r} vs {other!r}")
