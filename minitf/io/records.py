"""Record files: byte strings one after the other, each with its length and two checksums.

    length       8 bytes, little-endian
    its CRC      4 bytes
    data         `length` bytes
    their CRC    4 bytes

A CRC is CRC-32C, rotated by 15 bits and added to a constant (*masked*), so that a record that
holds records does not hold their checksums as they are.  TFRecord files and event files are both
made of such records; what the bytes mean is not told here.

**Invariants** of reading
1. A record is delivered only if both checksums fit, so what is delivered was written.
2. Whatever stands before damage is delivered before the error is raised.
3. A length is not believed before its checksum, nor is memory taken for more than there is.

    >>> frame(b"abc").hex(" ", -4)
    '03000000 00000000 b099490e 6162636e 57f121'

Source: TensorFlow 1.15, "TFRecords format details"; RFC 3720 (CRC-32C).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO

from crc32c import crc32c

from minitf.errors import DataLossError, house_message

_MASK = 0xA282EAD8
_LENGTH = struct.Struct("<Q")
_CRC = struct.Struct("<I")
_HEADER = struct.Struct("<QI")
FRAME_BYTES = _HEADER.size + _CRC.size  # what a record takes besides its data
_PIECE_BYTES = 1 << 24
_remember = lru_cache(1024)  # records of one file often have few lengths


def masked_crc(data: bytes | memoryview) -> int:
    """Return the masked CRC-32C of some bytes."""
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + _MASK) & 0xFFFFFFFF


def frame(data: bytes) -> bytes:
    """Return the record of these data."""
    return b"".join((_header(len(data)), data, _CRC.pack(masked_crc(data))))


@_remember
def _header(length: int) -> bytes:
    packed = _LENGTH.pack(length)
    return packed + _CRC.pack(masked_crc(packed))


@_remember
def _length(header: bytes) -> int | None:
    """Return the length that a header tells, None if its checksum does not fit."""
    length, crc = _HEADER.unpack(header)
    return int(length) if masked_crc(header[: _LENGTH.size]) == crc else None


def read_records(stream: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    """Yield the records of a stream, each with its offset.

    Args:
        stream: plain bytes, from the first record on.
        name: the file's, for messages.

    Raises:
        DataLossError: if a record is cut short or a checksum does not fit.
    """
    offset = 0
    read = stream.read
    while header := read(_HEADER.size):
        if len(header) < _HEADER.size:
            raise _data_loss("truncated", offset, name, f"{len(header)} bytes of its header")
        length = _length(header)
        if length is None:
            raise _data_loss("corrupted", offset, name, "the checksum of its length")
        size = length + _CRC.size
        rest = read(size) if size <= _PIECE_BYTES else _read(stream, size)
        data = rest[:length]
        if len(rest) < size:
            raise _data_loss("truncated", offset, name, f"{len(data)} of {length} bytes")
        if masked_crc(data) != _CRC.unpack_from(rest, length)[0]:
            raise _data_loss("corrupted", offset, name, "the checksum of its data")
        yield offset, data
        offset += length + FRAME_BYTES


def _read(stream: BinaryIO, size: int) -> bytes:
    """Read that many bytes, or all that are left, a piece at a time."""
    pieces = []
    while size and (piece := stream.read(min(size, _PIECE_BYTES))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _data_loss(what: str, offset: int, name: str, found: str) -> DataLossError:
    doubt = " (Is this even a TFRecord file?)" if what == "corrupted" and not offset else ""
    verb = "read" if what == "truncated" else "wrong"
    facts = {"file": name, verb: found}
    hint = "is it compressed?  TFRecordOptions say so" if doubt else ""
    return DataLossError(
        None, None, house_message(f"{what} record at {offset}{doubt}", facts, hint)
    )
