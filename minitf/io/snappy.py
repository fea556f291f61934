"""Snappy's compression, undone: TensorFlow writes tables of the first checkpoint format so.

A compressed block begins with the size of what it stands for; then come *literals*, bytes as they
are, and *copies*, which repeat what came `offset` bytes ago, also beyond what is there yet.

Source: Snappy's format description.
"""

from __future__ import annotations

_SHORT_LITERAL = 60  # lengths from here on stand in one to four bytes of their own


def decompressed(data: bytes) -> bytes:
    """Return what a compressed block stands for.

    Raises:
        ValueError: if it is damaged.
    """
    size, place = _size(data)
    made = bytearray()
    while place < len(data):
        tag = data[place]
        place += 1
        kind = tag & 3
        if kind == 0:
            length = (tag >> 2) + 1
            if length > _SHORT_LITERAL:
                count = length - _SHORT_LITERAL
                length = _number(data, place, count) + 1
                place += count
            made += _literal(data, place, length)
            place += length
            continue
        if kind == 1:
            length, offset = (tag >> 2 & 7) + 4, tag >> 5 << 8 | _number(data, place, 1)
            place += 1
        else:
            count = 2 if kind == 2 else 4
            length, offset = (tag >> 2) + 1, _number(data, place, count)
            place += count
        _copy(made, offset, length)
        if len(made) > size:
            raise ValueError("more bytes than announced")
    if len(made) != size:
        raise ValueError(f"{len(made)} bytes instead of {size}")
    return bytes(made)


def _size(data: bytes) -> tuple[int, int]:
    size = 0
    for i, byte in enumerate(data[:5]):
        size |= (byte & 127) << 7 * i
        if byte < 128:
            return size, i + 1
    raise ValueError("the size has no end")


def _number(data: bytes, place: int, count: int) -> int:
    if place + count > len(data):
        raise ValueError("it ends within a tag")
    return int.from_bytes(data[place : place + count], "little")


def _literal(data: bytes, place: int, length: int) -> bytes:
    if place + length > len(data):
        raise ValueError("it ends within a literal")
    return data[place : place + length]


def _copy(made: bytearray, offset: int, length: int) -> None:
    if not 0 < offset <= len(made):
        raise ValueError("a copy of what was not there")
    start = len(made) - offset
    if offset >= length:
        made += made[start : start + length]
        return
    period = bytes(made[start:])  # the copy runs into itself: what is there repeats
    made += (period * (length // offset + 1))[:length]
