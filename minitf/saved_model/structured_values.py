"""Nested Python values as StructuredValue messages, and back.

    encoded((tf.TensorSpec([None], tf.float32), {"training": False}))

Known are None, numbers, text, shapes, types, `tf.TensorSpec`, the specs of sparse and ragged
tensors, of IndexedSlices and TensorArrays, and lists, tuples, namedtuples and dicts of all these.

Source: TensorFlow 1.15, `struct.proto`, `nested_structure_coder`.
"""

from __future__ import annotations

import collections
import numbers
from collections.abc import Mapping
from typing import Any

from minitf import protos
from minitf.composite_specs import IndexedSlicesSpec, SparseTensorSpec
from minitf.dtypes import DType, as_dtype
from minitf.ragged.spec import RaggedTensorSpec
from minitf.shapes import Shape
from minitf.tensor_array_spec import TensorArraySpec
from minitf.tensor_shape import Dimension, TensorShape
from minitf.tensor_spec import TensorSpec
from minitf.type_spec import CompositeTensor, TypeSpec, type_spec_from_value

_KINDS: dict[type[TypeSpec], str] = {
    SparseTensorSpec: "SPARSE_TENSOR_SPEC",
    IndexedSlicesSpec: "INDEXED_SLICES_SPEC",
    RaggedTensorSpec: "RAGGED_TENSOR_SPEC",
    TensorArraySpec: "TENSOR_ARRAY_SPEC",
}


class NotEncodableError(Exception):
    """A value that no StructuredValue can tell of.

    Source: TensorFlow 1.15's error of the same name.
    """


def encoded(value: Any) -> Any:
    """Return a nested value as a StructuredValue.

    Raises:
        NotEncodableError: if something in it cannot be written.
    """
    message = protos.StructuredValue()
    if not _fill_leaf(message, value) and not _fill_structure(message, value):
        raise NotEncodableError(
            f"No encoder for object {value!r} of type {type(value)}: a SavedModel holds None, "
            "numbers, text, shapes, types, tf.TensorSpecs, lists, tuples and dicts"
        )
    return message


def _fill_leaf(message: Any, value: Any) -> bool:
    if value is None:
        message.none_value.SetInParent()
    elif isinstance(value, bool):
        message.bool_value = value
    elif isinstance(value, numbers.Integral):
        message.int64_value = int(value)
    elif isinstance(value, float):
        message.float64_value = value
    elif isinstance(value, str):
        message.string_value = value
    elif isinstance(value, (TensorShape, Shape)):
        message.tensor_shape_value.CopyFrom(TensorShape(value).as_proto())
    elif isinstance(value, Dimension):
        return _fill_leaf(message, value.value)
    elif isinstance(value, DType):
        message.tensor_dtype_value = value.as_datatype_enum
    elif isinstance(value, TensorSpec):
        message.tensor_spec_value.name = value.name or ""
        message.tensor_spec_value.shape.CopyFrom(value.shape.as_proto())
        message.tensor_spec_value.dtype = value.dtype.as_datatype_enum
    elif type(value) in _KINDS:
        spec = message.type_spec_value
        spec.type_spec_class = getattr(protos.TypeSpecProto, _KINDS[type(value)])
        spec.type_spec_class_name = type(value).__name__
        spec.type_state.CopyFrom(encoded(value._serialize()))  # noqa: SLF001 TensorFlow's name
    elif isinstance(value, CompositeTensor):
        return _fill_leaf(message, type_spec_from_value(value))
    else:
        return False
    return True


def _fill_structure(message: Any, value: Any) -> bool:
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        message.named_tuple_value.name = type(value).__name__
        for key, each in zip(value._fields, value, strict=True):
            message.named_tuple_value.values.add(key=key, value=encoded(each))
    elif isinstance(value, (list, tuple)):
        held = message.list_value if isinstance(value, list) else message.tuple_value
        held.SetInParent()
        held.values.extend([encoded(each) for each in value])
    elif isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        message.dict_value.SetInParent()
        for key, each in value.items():
            message.dict_value.fields[key].CopyFrom(encoded(each))
    else:
        return False
    return True


def decoded(message: Any) -> Any:
    """Return the value that a StructuredValue tells of.

    Raises:
        NotEncodableError: if it tells of something that MiniTF has not.
    """
    kind = message.WhichOneof("kind")
    if kind is None:
        raise NotEncodableError("A StructuredValue holds a value of a kind that MiniTF has not")
    value = getattr(message, kind)
    return _DECODERS[kind](value) if kind in _DECODERS else value


def _tensor_spec(message: Any) -> TensorSpec:
    return TensorSpec(TensorShape(message.shape), as_dtype(message.dtype), message.name or None)


def _type_spec(message: Any) -> TypeSpec:
    name = protos.TypeSpecProto.TypeSpecClass.Name(message.type_spec_class)
    for cls, known in _KINDS.items():
        if known == name:
            return cls._deserialize(decoded(message.type_state))
    raise NotEncodableError(
        f"The spec {message.type_spec_class_name or name} of a value is none that MiniTF has"
    )


def _named_tuple(message: Any) -> Any:
    fields = [each.key for each in message.values]
    cls = collections.namedtuple(message.name, fields)  # type: ignore[misc]  # noqa: PYI024 made at run time
    return cls(*[decoded(each.value) for each in message.values])


_DECODERS = {
    "none_value": lambda _: None,
    "tensor_shape_value": TensorShape,
    "tensor_dtype_value": as_dtype,
    "tensor_spec_value": _tensor_spec,
    "type_spec_value": _type_spec,
    "list_value": lambda held: [decoded(each) for each in held.values],
    "tuple_value": lambda held: tuple([decoded(each) for each in held.values]),
    "dict_value": lambda held: {key: decoded(each) for key, each in held.fields.items()},
    "named_tuple_value": _named_tuple,
}
