"""Turn message tables into protobuf's own description of a file.

Source: protobuf's `descriptor.proto`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from google.protobuf import descriptor_pb2

from minitf.schema.grammar import Enum, Field, OneOf, Table


def file_descriptor(
    package: str, tables: Iterable[type[Table]], dependencies: Iterable[str]
) -> descriptor_pb2.FileDescriptorProto:
    """Describe the tables of one package as one file, which may refer to its dependencies."""
    file = descriptor_pb2.FileDescriptorProto(
        name=f"minitf/{package}.proto", package=package, syntax="proto3", dependency=dependencies
    )
    for table in tables:
        _add_table(table, file.enum_type, file.message_type)
    return file


def _add_table(table: type[Table], enums: Any, messages: Any) -> None:
    if issubclass(table, Enum):
        enum = enums.add(name=table.__name__)
        for name, number in _entries(table, int):
            enum.value.add(name=name, number=number)
        return
    message = messages.add(name=table.__name__)
    for _, inner in _entries(table, type):
        _add_table(inner, message.enum_type, message.nested_type)
    for name, field in _entries(table, Field):
        _add_field(message, name, field)
    for name, one_of in _entries(table, OneOf):
        message.oneof_decl.add(name=name)
        for member, field in one_of.items():
            _add_field(message, member, field).oneof_index = len(message.oneof_decl) - 1


def _entries(table: type[Table], of: type) -> Iterator[tuple[str, Any]]:
    """Yield what the table's body defines, leaving out what Python adds to a class."""
    for name, value in vars(table).items():
        if isinstance(value, of) and not name.startswith("_"):
            yield name, value


def _add_field(message: Any, name: str, field: Field) -> Any:
    if field.key is not None:
        # protobuf stores a map as repeated entries; the name of their type is its convention.
        entry = message.nested_type.add(name=f"{name.title().replace('_', '')}Entry")
        entry.options.map_entry = True
        _add_field(entry, "key", field.key)
        _add_field(entry, "value", field._replace(number=2, is_repeated=False, key=None))
        field = field._replace(type="message", type_name=entry.name)
    described = message.field.add(
        name=name,
        number=field.number,
        label=_label("repeated" if field.is_repeated else "optional"),
        type=_type(field.type),
    )
    if field.type_name:
        described.type_name = field.type_name
    if field.is_deprecated:
        described.options.deprecated = True
    return described


def _label(name: str) -> int:
    return int(descriptor_pb2.FieldDescriptorProto.Label.Value(f"LABEL_{name.upper()}"))


def _type(name: str) -> int:
    return int(descriptor_pb2.FieldDescriptorProto.Type.Value(f"TYPE_{name.upper()}"))
