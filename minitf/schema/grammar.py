"""The words in which message tables are written; they read as protobuf's own language does.

A class is a message or an enum, a call gives a field its number:

    class NodeDef(Message):
        name = string(1)                             # string name = 1;
        input = repeated(string(3))                  # repeated string input = 3;
        attr = mapping(string, AttrValue(5))         # map<string, AttrValue> attr = 5;

Nested classes are nested messages, and `__qualname__` is the name within the package.  Nothing
here loads protobuf: `minitf.schema.descriptors` turns tables into protobuf's descriptors.

Source: protobuf's language guide for proto3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Field(NamedTuple):
    """One field of a message: `type` is a scalar's name, "message" or "enum"."""

    number: int
    type: str
    type_name: str = ""  # of a message or an enum: its full name, with a leading dot
    is_repeated: bool = False
    is_deprecated: bool = False
    key: Field | None = None  # of a map; the field itself describes the map's values


class OneOf(dict[str, Field]):
    """Fields of which at most one is set: `value = OneOf(i=int64(3), f=float_(4))`."""


class Table:
    """What messages and enums share: a table called with a number is a field of that type."""

    package: str  # of protobuf
    field_type: str

    def __new__(cls, number: int) -> Field:  # type: ignore[misc]  # tables have no instances
        """Make a field: `shape = TensorShapeProto(2)`."""
        return Field(number, cls.field_type, f".{cls.package}.{cls.__qualname__}")

    def __init_subclass__(cls, package: str = "tensorflow") -> None:
        cls.package = package


class Message(Table):
    """A message: its fields, its OneOfs, the messages and enums within it."""

    field_type = "message"


class Enum(Table):
    """An enum: its names and numbers, the default (0) first."""

    field_type = "enum"


Word = Callable[[int], Field]


def _scalar(name: str) -> Word:
    return lambda number: Field(number, name)


bool_ = _scalar("bool")
bytes_ = _scalar("bytes")
double = _scalar("double")
fixed32 = _scalar("fixed32")
fixed64 = _scalar("fixed64")
float_ = _scalar("float")
int32 = _scalar("int32")
int64 = _scalar("int64")
sint64 = _scalar("sint64")
string = _scalar("string")
uint32 = _scalar("uint32")
uint64 = _scalar("uint64")


def repeated(field: Field) -> Field:
    """Hold any number of values; numbers are packed, as always in proto3."""
    return field._replace(is_repeated=True)


def mapping(key: Word, value: Field) -> Field:
    """Hold a map from keys to values; the field's number is the value's."""
    return value._replace(is_repeated=True, key=key(1))


def deprecated(field: Field) -> Field:
    """Mark a field that is read but should not be written."""
    return field._replace(is_deprecated=True)


def message_named(full_name: str, number: int) -> Field:
    """Refer to a message that is defined further down, or outside the tables."""
    return Field(number, "message", f".{full_name}")
