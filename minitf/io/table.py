"""Tables: immutable files of sorted keys and their values, as LevelDB lays them out.

    block, block, ..., metaindex block (empty), index block, footer

A block holds pairs in order, keys cut by what they share with the key before; every so many pairs a
key is whole (a *restart*, listed at the block's end).  Behind each block stand one byte, how it is
compressed, and a masked CRC-32C of both.  The index block has a pair for each other block: a key
that is not less than its last one and less than the next block's first, and where it is.  The
footer tells where the two indexes are and ends with a magic number.

    with open(path, "wb") as file:
        table = TableWriter(file)
        table.add(b"apple", b"1")
        table.add(b"apricot", b"22")
        table.finish()
    dict(read_table(path))              # {b"apple": b"1", b"apricot": b"22"}

**Invariant**: nothing is believed before its checksum holds; damage raises DataLossError with the
file and the place.

Source: TensorFlow 1.15, `lib/io/table`; LevelDB's table format.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from minitf.errors import DataLossError
from minitf.io.checksums import crc32c, masked
from minitf.io.snappy import decompressed

MAGIC = 0xDB4775248B80FB57
BLOCK_SIZE = 1 << 18  # bytes after which a block ends
RESTART_INTERVAL = 16  # pairs from one whole key to the next
_FOOTER = struct.Struct("<40sQ")
_TRAILER = struct.Struct("<BI")
_PLAIN, _SNAPPY = 0, 1  # how a block is compressed
_MOST_VARINT = 10  # bytes


class TableWriter:
    """Writes a table to a file that is open for bytes.

    Args:
        file: where to write; it stays open.
        block_size: bytes after which a block ends.
    """

    def __init__(self, file: IO[bytes], block_size: int = BLOCK_SIZE) -> None:
        self._file = file
        self._block_size = block_size
        self._offset = 0
        self._block = _Block(RESTART_INTERVAL)
        self._index = _Block(1)
        self._last_key: bytes | None = None
        self._unlisted: bytes | None = None  # where the last block is, if the index lacks it

    def add(self, key: bytes, value: bytes) -> None:
        """Add a pair; its key is greater than all before."""
        assert self._last_key is None or key > self._last_key, "keys come in order"
        if self._unlisted is not None:
            self._list_block(key)
        self._last_key = key
        if self._block.add(key, value) >= self._block_size:
            self._end_block()

    def finish(self) -> None:
        """Write what is left."""
        self._end_block()
        metaindex = self._write(_Block(RESTART_INTERVAL))
        self._list_block(None)
        handles = metaindex + self._write(self._index)
        self._file.write(_FOOTER.pack(handles, MAGIC))

    def _end_block(self) -> None:
        if self._block.is_empty:
            return
        self._unlisted = self._write(self._block)
        self._block = _Block(RESTART_INTERVAL)

    def _list_block(self, next_key: bytes | None) -> None:
        """Put the last block in the index, by a short key between its last and the next one."""
        if self._unlisted is None:
            return
        assert self._last_key is not None
        self._index.add(_short_key(self._last_key, next_key), self._unlisted)
        self._unlisted = None

    def _write(self, block: _Block) -> bytes:
        """Write a block; return its handle: where it is and its size."""
        content = block.content()
        crc = crc32c(bytes([_PLAIN]), crc32c(content))
        self._file.write(content + _TRAILER.pack(_PLAIN, masked(crc)))
        handle = varint(self._offset) + varint(len(content))
        self._offset += len(content) + _TRAILER.size
        return handle


class _Block:
    """The pairs of a block that is being filled."""

    def __init__(self, interval: int) -> None:
        self._interval = interval
        self._content = bytearray()
        self._restarts = [0]
        self._since_restart = 0
        self._last_key = b""
        self._last_shared = 0

    @property
    def is_empty(self) -> bool:
        """Whether it has no pair."""
        return not self._content

    def add(self, key: bytes, value: bytes) -> int:
        """Add a pair; return how many bytes the block has."""
        shared = 0
        if self._since_restart < self._interval:
            last, shared, past = self._last_key, self._last_shared, self._last_shared + 1
            # mostly as much as of the pair before, as in w100, w101, w102
            if key[:shared] != last[:shared] or key[shared:past] == last[shared:past]:
                shared = self._last_shared = _shared(last, key)
        else:
            self._restarts.append(len(self._content))
            self._since_restart = 0
        content = self._content
        rest, size = len(key) - shared, len(value)
        if shared | rest | size < 128:
            content += bytes((shared, rest, size))
        else:
            content += varint(shared) + varint(rest) + varint(size)
        content += key[shared:]
        content += value
        self._last_key = key
        self._since_restart += 1
        return len(content) + 4 * len(self._restarts) + 4

    def content(self) -> bytes:
        """Return its bytes."""
        count = len(self._restarts)
        return bytes(self._content) + struct.pack(f"<{count}II", *self._restarts, count)


def _shared(one: bytes, other: bytes) -> int:
    """Return how many bytes two keys have in common at their start."""
    size = min(len(one), len(other))
    # as one number each: the first byte that differs holds the highest bit that does
    differing = int.from_bytes(one[:size]) ^ int.from_bytes(other[:size])
    return size - (differing.bit_length() + 7) // 8


def _short_key(last: bytes, following: bytes | None) -> bytes:
    """Return a key >= `last` that is less than the following one, as short as is easy to find."""
    if following is None:
        for i, byte in enumerate(last):
            if byte != 0xFF:
                return last[:i] + bytes([byte + 1])
        return last
    shared = _shared(last, following)
    if shared < min(len(last), len(following)) and last[shared] + 1 < following[shared]:
        return last[:shared] + bytes([last[shared] + 1])
    return last


# --- reading --------------------------------------------------------------------------------------


def read_table(path: str | os.PathLike[str]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the pairs of a table in the order of their keys.

    Raises:
        OSError: if the file cannot be read.
        DataLossError: if it is no table, or damaged.
    """
    data = Path(path).read_bytes()
    damage = _Damage(path)
    if len(data) < _FOOTER.size:
        raise damage.at("file is too short to be an sstable", 0)
    handles, magic = _FOOTER.unpack_from(data, len(data) - _FOOTER.size)
    if magic != MAGIC:
        raise damage.at(
            "not an sstable (bad magic number): perhaps your file is in a different file format "
            "and you need to use a different restore operator?",
            len(data) - 8,
        )
    try:
        _, end = _handle(handles, 0)
        index, _ = _handle(handles, end)
    except ValueError:
        raise damage.at("bad block handle", len(data) - _FOOTER.size) from None
    for _, handle in _pairs(*_content(data, *index, damage), damage):
        try:
            place, _ = _handle(handle, 0)
        except ValueError:
            raise damage.at("bad block handle", index[0]) from None
        yield from _pairs(*_content(data, *place, damage), damage)


class _Damage:
    """Makes the errors of one file."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)

    def at(self, what: str, offset: int) -> DataLossError:
        message = f"Unable to open table file {self._path}: Data loss: {what} (at byte {offset})"
        return DataLossError(None, None, message)


def _content(data: bytes, offset: int, size: int, damage: _Damage) -> tuple[bytes, int]:
    """Return a block's bytes, checked, and where it is."""
    if offset + size + _TRAILER.size > len(data):
        raise damage.at("truncated block read", offset)
    kind, stored = _TRAILER.unpack_from(data, offset + size)
    view = memoryview(data)[offset : offset + size]
    if masked(crc32c(bytes([kind]), crc32c(view))) != stored:
        raise damage.at("block checksum mismatch", offset)
    if kind == _PLAIN:
        return bytes(view), offset
    if kind == _SNAPPY:
        try:
            return decompressed(bytes(view)), offset
        except ValueError as error:
            raise damage.at(f"corrupted compressed block contents: {error}", offset) from None
    raise damage.at("bad block type", offset)


def _pairs(block: bytes, offset: int, damage: _Damage) -> Iterator[tuple[bytes, bytes]]:
    try:
        (count,) = struct.unpack_from("<I", block, len(block) - 4)
        end = len(block) - 4 - 4 * count
        place, key = 0, b""
        while place < end:
            shared, rest, size = block[place : place + 3]
            if shared < 128 and rest < 128 and size < 128:  # which is nearly always so
                place += 3
            else:
                shared, place = read_varint(block, place)
                rest, place = read_varint(block, place)
                size, place = read_varint(block, place)
            if shared > len(key) or place + rest + size > end:
                raise ValueError("a pair is longer than its block")
            key = key[:shared] + block[place : place + rest]
            place += rest
            yield key, block[place : place + size]
            place += size
    except (ValueError, struct.error) as error:
        raise damage.at(f"bad entry in block: {error}", offset) from None


def _handle(data: bytes, place: int) -> tuple[tuple[int, int], int]:
    """Return where a block is and its size, and where the handle ends."""
    offset, place = read_varint(data, place)
    size, place = read_varint(data, place)
    return (offset, size), place


# --- numbers of variable length -------------------------------------------------------------------


def varint(number: int) -> bytes:
    """Return a number >= 0 in groups of seven bits, the lowest first."""
    if number < 128:
        return bytes((number,))
    if number < 16384:
        return bytes((number & 127 | 128, number >> 7))
    if number < 2097152:
        return bytes((number & 127 | 128, number >> 7 & 127 | 128, number >> 14))
    groups = bytearray()
    while number >= 128:
        groups.append(number & 127 | 128)
        number >>= 7
    groups.append(number)
    return bytes(groups)


def read_varint(data: bytes, place: int) -> tuple[int, int]:
    """Return the number that begins at a place, and where it ends.

    Raises:
        ValueError: if it does not end.
    """
    number = 0
    for i, byte in enumerate(data[place : place + _MOST_VARINT]):
        number |= (byte & 127) << 7 * i
        if byte < 128:
            return number, place + i + 1
    raise ValueError(f"a number at byte {place} has no end")
