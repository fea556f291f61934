"""The bytes of a tensor of strings in a bundle: all lengths, their checksum, then all strings.

    [b"ab", b""]    ->    02 00 | masked CRC-32C of 02000000 00000000 | 61 62

Source: TensorFlow 1.15, `tensor_bundle.cc`.
"""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np

from minitf.io.checksums import crc32c, masked
from minitf.io.table import read_varint, varint

Array = np.ndarray[Any, Any]

_MOST_32 = 0xFFFFFFFF
_CHECKSUM = struct.Struct("<I")


def packed_strings(array: Array) -> tuple[bytes, int]:
    """Return the bytes of an array of strings, and the checksum of its table entry."""
    strings = [bytes(each) for each in array.ravel()]
    lengths = [len(each) for each in strings]
    crc = _crc_of_lengths(lengths)
    checksum, body = _CHECKSUM.pack(masked(crc)), b"".join(strings)
    packed = b"".join([*map(varint, lengths), checksum, body])
    return packed, crc32c(body, crc32c(checksum, crc))


def unpacked_strings(data: bytes, shape: tuple[int, ...]) -> tuple[Array, int]:
    """Return an array of strings of its bytes, and the checksum that its table entry should have.

    Raises:
        ValueError: if the bytes are damaged.
    """
    if math.prod(shape) > len(data):  # a length takes a byte at least
        raise ValueError(f"{len(data)} bytes are no strings of shape {list(shape)}")
    array = np.empty(shape, object)
    flat, place, lengths = array.reshape(-1), 0, []
    for _ in range(flat.size):
        length, place = read_varint(data, place)
        lengths.append(length)
    crc = _crc_of_lengths(lengths)
    checksum = data[place : place + _CHECKSUM.size]
    if checksum != _CHECKSUM.pack(masked(crc)):
        raise ValueError("the length checksum does not match")
    place += _CHECKSUM.size
    if place + sum(lengths) != len(data):
        raise ValueError(f"{sum(lengths)} bytes of strings are announced")
    crc = crc32c(data[place:], crc32c(checksum, crc))
    for i, length in enumerate(lengths):
        flat[i] = data[place : place + length]
        place += length
    return array, crc


def _crc_of_lengths(lengths: list[int]) -> int:
    """Return the checksum of lengths as numbers of four bytes, long ones of eight."""
    return crc32c(b"".join(struct.pack("<I" if x <= _MOST_32 else "<Q", x) for x in lengths))
