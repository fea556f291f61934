"""Attributes as AttrValue messages and back.

An operation stores an attribute as a plain Python value: int, float, bool, str, DType, Shape,
array, Function, or a tuple of one of them.  Its Python type says which field of the message it
goes to, so values that no OpDef knows (`_class`, `_my_note`) travel too.  Strings hold any bytes:
what is not UTF-8 is kept as surrogates.

    >>> message = attr_value((1, 2))
    >>> message.list.i
    [1, 2]
    >>> stored_value(message)
    (1, 2)

Source: 2015 §2 "attributes"; TensorFlow 1.15, `attr_value.proto`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, protos, tensor_proto
from minitf.convert import natural_dtype
from minitf.dtypes import DType
from minitf.errors import GraphBuildError
from minitf.grammar import Attr, Function
from minitf.shapes import Shape
from minitf.tensor_shape import TensorShape

# Field of AttrValue -> name of the kind in an OpDef.
_KINDS = {
    "s": "string",
    "i": "int",
    "f": "float",
    "b": "bool",
    "type": "type",
    "shape": "shape",
    "tensor": "tensor",
    "func": "func",
}


def attr_value(value: Any, dtype: DType | None = None) -> Any:
    """Return a stored value as an AttrValue.

    Args:
        value: as operations store it.
        dtype: the type of an array, where NumPy's alone does not say it (quantized ones).

    Raises:
        TypeError: if no AttrValue can hold it.
    """
    message = protos.AttrValue()
    if isinstance(value, tuple):
        message.list.SetInParent()  # an empty list is a value too
        for item in value:
            _put(message.list, item, dtype, many=True)
    else:
        _put(message, value, dtype, many=False)
    return message


def _put(message: Any, value: Any, dtype: DType | None, *, many: bool) -> None:
    field = next((field for types, field in _FIELD_OF if isinstance(value, types)), None)
    if field is None:
        raise TypeError(f"Cannot write {value!r} as an attribute's value")
    wire = _WIRE[field](value, dtype) if field in _WIRE else value
    if many:
        getattr(message, field).append(wire)
    elif field in ("shape", "tensor", "func"):
        getattr(message, field).CopyFrom(wire)
    else:
        setattr(message, field, wire)


_FIELD_OF: tuple[tuple[Any, str], ...] = (
    (bool, "b"),  # before int: True is an int to Python
    (int, "i"),
    (float, "f"),
    (str, "s"),
    (DType, "type"),
    (Shape, "shape"),
    (np.ndarray, "tensor"),
    (Function, "func"),
)


def _function_message(function: Function, _: DType | None) -> Any:
    attrs = {name: attr_value(value) for name, value in function.attrs}
    return protos.NameAttrList(name=function.name, attr=attrs)


_WIRE: dict[str, Any] = {
    "s": lambda value, _: value.encode("utf-8", "surrogateescape"),
    "type": lambda value, _: value.enum,
    "shape": lambda value, _: TensorShape(value).as_proto(),
    "tensor": lambda value, dtype: tensor_proto.encode(value, dtype or natural_dtype(value)),
    "func": _function_message,
}


def stored_value(message: Any) -> Any:
    """Return an AttrValue as operations store it.

    Raises:
        ValueError: if it is empty, or holds nothing that an attribute can be.
    """
    field = message.WhichOneof("value")
    if field == "list":
        lists = message.list
        filled = [each for each, _ in lists.ListFields()]
        if len(filled) > 1:
            names = ", ".join(each.name for each in filled)
            raise GraphBuildError(None, None, f"AttrValue has a list of several kinds: {names}")
        items = getattr(lists, filled[0].name) if filled else ()
        return tuple([_stored(filled[0].name, item) for item in items])
    if field not in _KINDS:
        raise GraphBuildError(None, None, "AttrValue missing value")
    return _stored(field, getattr(message, field))


def stored_value_of(attr: Attr, message: Any) -> Any:
    """Return an AttrValue as operations store it, if it has the kind that an OpDef asks for.

    Raises:
        ValueError: if it has another kind.
    """
    kind = _kind(message)
    if kind != attr.kind and not (kind == "list()" and attr.kind.startswith("list(")):
        found = f"had value with type '{kind}' when" if kind else "missing value with expected type"
        said = f"{found} '{attr.kind}'{' expected' if kind else ''}"
        raise GraphBuildError(None, None, f"AttrValue {said}\n  for attr '{attr.name}'")
    return stored_value(message)


def _kind(message: Any) -> str:
    """Return the kind that an AttrValue has by itself; "list()" for an empty list."""
    field = message.WhichOneof("value") or ""
    if field != "list":
        return _KINDS.get(field, field)
    return f"list({','.join(_KINDS[each.name] for each, _ in message.list.ListFields())})"


def _stored(field: str, value: Any) -> Any:
    if field == "s":
        return value.decode("utf-8", "surrogateescape")
    if field == "type":
        return _dtype(value)
    if field == "shape":
        return _shape(value)
    if field == "tensor":
        array = tensor_proto.decode_listed(value)
        array.flags.writeable = False
        return array
    if field == "func":
        attrs = [(name, stored_value(value.attr[name])) for name in sorted(value.attr)]
        return Function(value.name, tuple(attrs))
    return value


def _dtype(enum: int) -> DType:
    try:
        return dtypes.by_enum(enum)
    except TypeError:
        text = f"invalid DataType enum: {enum}" if enum else "invalid DataType"
        raise GraphBuildError(None, None, f"AttrValue has {text}") from None


def _shape(proto: Any) -> Shape:
    sizes = [dim.size for dim in proto.dim]
    if any(size < -1 for size in sizes):
        raise GraphBuildError(
            None,
            None,
            f"Shape {sizes} has dimensions with values below -1 (where -1 means unknown)",
        )
    return TensorShape(proto).static_shape


def is_blank(message: Any) -> bool:
    """Tell whether an AttrValue says nothing: unset, false, zero, or empty."""
    field = message.WhichOneof("value")
    if field == "list":
        return not message.list.ListFields()
    return field is None or (field in ("s", "i", "f", "b") and not getattr(message, field))


def attribute_value(value: Any) -> Any:
    """Return an AttrValue, or a Python value that a user gives, as operations store it."""
    if hasattr(value, "WhichOneof"):
        return stored_value(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if isinstance(value, (list, tuple)):
        return tuple([attribute_value(item) for item in value])
    return value.static_shape if isinstance(value, TensorShape) else value


def public_value(value: Any) -> Any:
    """Return a stored value as `Operation.get_attr` gives it: bytes, lists, messages, DTypes."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape")
    if isinstance(value, tuple):
        return [public_value(item) for item in value]
    if isinstance(value, (Shape, np.ndarray, Function)):
        message = attr_value(value)
        return getattr(message, message.WhichOneof("value"))
    return value
