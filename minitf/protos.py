"""TensorFlow's wire messages as protobuf classes: `protos.GraphDef`, `protos.ConfigProto`, ...

They are what protoc would make of TensorFlow 1.15's files, with the same full names, and bytes
written by one are read by the other.  They live in a DescriptorPool of their own, so that
TensorFlow can live in the same process; for protobuf its classes and ours are strangers, and
bytes are the way between them: `protos.GraphDef.FromString(theirs.SerializeToString())`.

Touching the first name loads protobuf and builds all classes (PEP 562); importing this module
does neither, so a program without messages never pays for them.

    >>> options = protos.RunOptions(trace_level=protos.RunOptions.FULL_TRACE)
    >>> protos.RunOptions.FromString(options.SerializeToString()).trace_level
    3

State: the classes, as globals of this module, all set at once under a lock; constant afterwards.

Source: 2015 §3.1 and OSDI §3.1 name the GraphDef; the tables are in `minitf/schema`.
"""

from __future__ import annotations

import threading
from typing import Any

# each may refer to those before it
_PACKAGES = ("tensorflow.error", "tensorflow", "tensorflow.tfprof")
_building = threading.Lock()


def __getattr__(name: str) -> Any:
    """Give a message's class, an enum or its value, building all of them at the first touch."""
    from minitf.schema import TABLES

    if name not in TABLES and not name.isupper():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with _building:
        if "GraphDef" not in globals():
            globals().update(_build())
    if name not in globals():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals()[name]


def __dir__() -> list[str]:
    """List the messages and enums, built or not."""
    from minitf.schema import TABLES

    return sorted(TABLES)


def _build() -> dict[str, Any]:
    """Make the class of each message, the wrapper and values of each enum, by its short name."""
    from google.protobuf import any_pb2, descriptor_pool
    from google.protobuf.internal import enum_type_wrapper

    from minitf.schema import TABLES
    from minitf.schema.descriptors import file_descriptor

    pool = descriptor_pool.DescriptorPool()
    files = [any_pb2.DESCRIPTOR.name]
    pool.AddSerializedFile(any_pb2.DESCRIPTOR.serialized_pb)
    built: dict[str, Any] = {}
    for package in _PACKAGES:
        tables = [table for table in TABLES.values() if table.package == package]
        file = file_descriptor(package, tables, files)
        pool.AddSerializedFile(file.SerializeToString())
        files.append(file.name)
        described = pool.FindFileByName(file.name)
        for name, message in described.message_types_by_name.items():
            built[name] = _message_class(message, name)
        for name, enum in described.enum_types_by_name.items():
            built[name] = enum_type_wrapper.EnumTypeWrapper(enum)
            built.update(built[name].items())
    return built


def _message_class(described: Any, qualname: str) -> Any:
    """Make a message's class and those within it; pickle and repr want to know where they are."""
    from google.protobuf import message_factory

    made = message_factory.GetMessageClass(described)
    made.__module__, made.__qualname__ = __name__, qualname
    for inner in described.nested_types:
        if not inner.GetOptions().map_entry:
            # protobuf's own Python implementation, unlike its C one, does not do this by itself
            setattr(made, inner.name, _message_class(inner, f"{qualname}.{inner.name}"))
    return made
