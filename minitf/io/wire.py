r"""Fields of protobuf messages as arrays: the bytes of a message without its class.

A message is a row of (number, kind, content); how content reads is told by a field's descriptor.

    FIELDS["sint32"].read(3)        -2
    fields_of(b"\x08\x05")          [(1, 0, 5)]

Source: protobuf, "Encoding"; TensorFlow 1.15's ops DecodeProtoV2 and EncodeProto.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from minitf.io.table import read_varint, varint

VARINT, EIGHT, BYTES, GROUP, END_GROUP, FOUR = range(6)
_U64 = 2**64 - 1


class FieldKind(NamedTuple):
    """How a type of fields stands in bytes.

    Attributes:
        wire: which of the forms of content.
        dtypes: the types of arrays that may hold it.
        read: makes the value of the content.
        write: makes the content, with its length, of a value.
    """

    wire: int
    dtypes: tuple[str, ...]
    read: Callable[[Any], Any]
    write: Callable[[Any], bytes]


def _signed(number: int, bits: int) -> int:
    number &= (1 << bits) - 1
    return number - (1 << bits) if number >> (bits - 1) else number


def _zigzag(number: int) -> int:
    return (number >> 1) ^ -(number & 1)


def _number(bits: int) -> FieldKind:
    names = ("int32", "int64") if bits == 32 else ("int64",)
    return FieldKind(
        VARINT,
        names,
        lambda content: _signed(content, bits),
        lambda value: varint(_signed(int(value), bits) & _U64),
    )


def _natural(bits: int) -> FieldKind:
    names = ("uint32", "uint64", "int64", "int32") if bits == 32 else ("uint64", "int64")
    mask = (1 << bits) - 1
    return FieldKind(
        VARINT,
        names,
        lambda content: content & mask,
        lambda value: varint(int(value) & mask),
    )


def _zigzagged(bits: int) -> FieldKind:
    names = ("int32", "int64") if bits == 32 else ("int64",)

    def written(value: Any) -> bytes:
        number = _signed(int(value), bits)
        return varint(2 * number if number >= 0 else -2 * number - 1)

    return FieldKind(VARINT, names, lambda content: _zigzag(content & ((1 << bits) - 1)), written)


def _fixed(letter: str, *names: str) -> FieldKind:
    form = struct.Struct(f"<{letter}")
    bits = form.size * 8
    if letter in "fd":
        return FieldKind(
            EIGHT if bits == 64 else FOUR,
            names,
            lambda content: form.unpack(content)[0],
            form.pack,
        )
    mask = (1 << bits) - 1

    def written(value: Any) -> bytes:
        number = int(value) & mask
        return form.pack(_signed(number, bits) if letter.islower() else number)

    return FieldKind(
        EIGHT if bits == 64 else FOUR, names, lambda content: form.unpack(content)[0], written
    )


def _sized(content: bytes) -> bytes:
    return varint(len(content)) + content


_TEXT = FieldKind(BYTES, ("string",), bytes, _sized)
FIELDS = {  # in the order of the numbers that protobuf gives the types
    "double": _fixed("d", "float64"),
    "float": _fixed("f", "float32", "float64"),
    "int64": _number(64),
    "uint64": _natural(64),
    "int32": _number(32),
    "fixed64": _fixed("Q", "uint64", "int64"),
    "fixed32": _fixed("I", "uint32", "uint64", "int64", "int32"),
    "bool": FieldKind(VARINT, ("bool",), bool, lambda value: varint(int(bool(value)))),
    "string": _TEXT,
    "group": _TEXT._replace(wire=GROUP, write=bytes),
    "message": _TEXT,
    "bytes": _TEXT,
    "uint32": _natural(32),
    "enum": FieldKind(
        VARINT,
        ("int32",),
        lambda content: _signed(content, 32),
        lambda value: varint(int(value) & _U64),
    ),
    "sfixed32": _fixed("i", "int32", "int64"),
    "sfixed64": _fixed("q", "int64"),
    "sint32": _zigzagged(32),
    "sint64": _zigzagged(64),
}
_SIZES = {EIGHT: 8, FOUR: 4}
_MOST_GROUPS = 100  # within one another, as in protobuf


def fields_of(message: bytes) -> Iterator[tuple[int, int, Any]]:
    """Yield number, form and content of the fields of a message.

    Raises:
        ValueError: if the bytes are no message.
    """
    place = 0
    while place < len(message):
        number, form, content, place = _field(message, place)
        if form == END_GROUP:
            raise ValueError(f"a group ends before byte {place} that did not begin")
        yield number, form, content


def _field(message: bytes, place: int, groups: int = 0) -> tuple[int, int, Any, int]:
    """Return number, form and content of a field within so many groups, and where it ends."""
    tag, place = read_varint(message, place)
    number, form = tag >> 3, tag & 7
    if not number:
        raise ValueError(f"field 0 before byte {place}")
    if form == VARINT:
        content, end = read_varint(message, place)
        return number, form, content, end
    if form == GROUP:
        return number, form, *_group(message, place, number, groups + 1)
    if form == END_GROUP:
        return number, form, b"", place
    if form == BYTES:
        size, place = read_varint(message, place)
    elif form in _SIZES:
        size = _SIZES[form]
    else:
        raise ValueError(f"no such form of content: {form}, before byte {place}")
    if place + size > len(message):
        raise ValueError(f"the message ends before field {number} does")
    return number, form, message[place : place + size], place + size


def _group(message: bytes, place: int, number: int, groups: int) -> tuple[bytes, int]:
    """Return the bytes within a group, and where it ends."""
    if groups > _MOST_GROUPS:
        raise ValueError(f"more than {_MOST_GROUPS} groups are within one another")
    start = place
    while place < len(message):
        before = place
        inner, form, _, place = _field(message, place, groups)
        if form == END_GROUP:
            if inner != number:
                break
            return message[start:before], place
    raise ValueError(f"group {number} has no end")


def values_of(kind: FieldKind, form: int, content: Any) -> list[Any]:
    """Return the values in the content of a field, several if it is packed.

    Args:
        kind: of the field.
        form: of the content.
        content: as of `fields_of`.

    Raises:
        ValueError: if packed values are torn.
    """
    if form == kind.wire:
        return [kind.read(content)]
    if form != BYTES or kind.wire in (BYTES, GROUP):
        return []  # unknown to who wrote the descriptor
    found, place = [], 0
    while place < len(content):
        if kind.wire == VARINT:
            number, place = read_varint(content, place)
            found.append(kind.read(number))
            continue
        size = _SIZES[kind.wire]
        if place + size > len(content):
            raise ValueError("packed values are torn")
        found.append(kind.read(content[place : place + size]))
        place += size
    return found


def written(number: int, kind: FieldKind, values: list[Any], *, is_packed: bool) -> bytes:
    """Return the bytes of a field.

    Args:
        number: of the field.
        kind: of the field.
        values: what it holds.
        is_packed: whether they stand in one row.
    """
    if is_packed:
        content = b"".join(map(kind.write, values))
        return varint(number << 3 | BYTES) + _sized(content) if values else b""
    tag = varint(number << 3 | kind.wire)
    end = varint(number << 3 | END_GROUP) if kind.wire == GROUP else b""
    return b"".join([tag + kind.write(each) + end for each in values])
