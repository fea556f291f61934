"""Rows of varints, protobuf's form of whole numbers, as arrays.

A varint holds seven bits a byte, the least significant first; the top bit of a byte says that
another one follows.  A negative number takes ten bytes: it is written as if it had no sign.

    >>> varints(bytes([1, 0xAC, 0x02]))
    array([  1, 300])

Source: protobuf's encoding guide.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

MOST_BYTES = 10
NOT_LAST = bytes(range(128, 256))  # the bytes of a varint before its last one


def one_varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the varint at a place and where it ends.

    Raises:
        ValueError: if it has no end.
    """
    value = 0
    for place, byte in enumerate(data[at : at + MOST_BYTES]):
        value |= (byte & 127) << 7 * place
        if byte < 128:
            return value, at + place + 1
    raise ValueError("a number without end")


def varints(data: bytes) -> Array:
    """Return a row of varints as int64.

    Raises:
        ValueError: if one is too long.
    """
    octets = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(octets < 128)
    if len(ends) == len(octets):
        return octets.astype(np.int64)
    starts = np.empty_like(ends)
    starts[0], starts[1:] = 0, ends[:-1] + 1
    widths = ends - starts + 1
    if widths.max() > MOST_BYTES:
        raise ValueError("a number without end")
    places = np.arange(len(octets)) - np.repeat(starts, widths)
    parts = (octets & 127).astype(np.uint64) << (7 * places).astype(np.uint64)
    return np.bitwise_or.reduceat(parts, starts).view(np.int64)
