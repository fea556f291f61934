"""Reading tensors of a bundle; `minitf.io.tensor_bundle` tells how one is laid out.

**State**: the table's pairs, and those parsed that were asked for; the data files that were read
from, open, with a window of each: the bytes that the last small tensor was read among, since those
beside it are mostly wanted next.  Several threads may read at once.

**Invariants**
1. Nothing is handed out before its checksum holds: DataLossError names tensor and file.
2. Numbers are handed out in the bytes that were read, so nobody can write to them: a variable may
   hold them as they are.

Source: 2015 §3.3; OSDI §4.3; TensorFlow 1.15, `tensor_bundle.h`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import protos
from minitf.constant_memory import FilledOnce
from minitf.dtypes import DType, string
from minitf.errors import DataLossError, InvalidArgumentError, NotFoundError
from minitf.io.bundle_entries import Described, Entry, entry_of, plain_entries
from minitf.io.bundle_files import data_path, index_path
from minitf.io.checksums import crc32c
from minitf.io.random_access import RandomAccessFile
from minitf.io.string_tensors import unpacked_strings
from minitf.io.table import read_table
from minitf.io.tensor_slice import TensorSlice

Array = np.ndarray[Any, Any]

HEADER_KEY = b""
VERSION = 1  # of the format
_SMALL = 1 << 16  # bytes of a tensor below which reading takes longer to ask for than to do
_WINDOW = 1 << 18  # bytes read for a small one
_NO_WINDOW = 0, b""
NO_MATCH = "Unsuccessful TensorSliceReader constructor: Failed to find any matching files for "


class BundleReader:
    """Reads tensors of a bundle.

    Args:
        prefix: the bundle's path, without endings.

    Raises:
        NotFoundError: if there is no bundle.
        DataLossError: if its table is damaged.
    """

    def __init__(self, prefix: str) -> None:
        from google.protobuf.message import DecodeError

        self._decode_error = DecodeError
        self.prefix = prefix
        try:
            pairs = dict(read_table(index_path(prefix)))
        except (FileNotFoundError, NotADirectoryError):
            raise NotFoundError(None, None, f"{NO_MATCH}{prefix}") from None
        if HEADER_KEY not in pairs:
            raise DataLossError(None, None, f"{index_path(prefix)} has no header of a bundle")
        self._pairs = pairs
        self._data: dict[int, RandomAccessFile] = {}
        self._windows: dict[int, tuple[int, bytes]] = {}  # shard -> offset, bytes
        self._parsed_entry = protos.BundleEntryProto.FromString
        try:
            header = protos.BundleHeaderProto.FromString(pairs.pop(HEADER_KEY))
        except DecodeError:
            raise self._unreadable("the header") from None
        self._entries = plain_entries(pairs)
        if header.version.min_consumer > VERSION:
            raise InvalidArgumentError(
                None,
                None,
                f"Checkpoint min consumer version {header.version.min_consumer} above current "
                f"version {VERSION} for {prefix}",
            )
        self._shards = header.num_shards
        self._is_swapped = header.endianness == protos.BundleHeaderProto.BIG

    @property
    def shards(self) -> int:
        """How many data files it has."""
        return int(self._shards)

    def names(self) -> list[str]:
        """Return the names of all tensors, sorted."""
        return [key.decode() for key in self._pairs if key[:1] != b"\0"]

    def __contains__(self, name: object) -> bool:
        """Tell whether it has a tensor."""
        return isinstance(name, str) and name.encode() in self._pairs

    def entries(self) -> dict[bytes, Any]:
        """Return all table entries, those of boxes included, by key; the caller may change them."""
        return {key: self._entry_message(key, data) for key, data in self._pairs.items()}

    def is_torn(self) -> bool:
        """Tell whether a data file is gone or ends too early; no tensor is read.

        Raises:
            DataLossError: if the table is damaged.
        """
        ends: dict[int, int] = {}
        for entry in map(self._entry, self._pairs):
            if not entry.boxes:
                ends[entry.shard] = max(ends.get(entry.shard, 0), entry.offset + entry.size)
        paths = {data_path(self.prefix, shard, self._shards): end for shard, end in ends.items()}
        return any(not path.exists() or path.stat().st_size < end for path, end in paths.items())

    def find(self, name: str) -> Described | None:
        """Return a tensor's type and shape, None if there is none of that name."""
        key = name.encode()
        entry = self._entries.get(key)
        if entry is None:
            if key not in self._pairs:
                return None
            entry = self._entry(key)
        return entry.described

    def dtype(self, name: str) -> DType:
        """Return a tensor's type."""
        return self._entry_of(name).described[0]

    def shape(self, name: str) -> tuple[int, ...]:
        """Return a tensor's shape."""
        return self._entry_of(name).described[1]

    def read(self, name: str) -> Array:
        """Return a tensor, to which nobody can write.

        Raises:
            NotFoundError: if there is none of that name.
            DataLossError: if its bytes are damaged.
        """
        entry = self._entry_of(name)
        if entry.boxes:
            return self.read_slice(name, TensorSlice.full(len(entry.described[1])))
        return self._tensor(name, entry)

    def read_slice(self, name: str, box: TensorSlice) -> Array:
        """Return a box of a tensor, put together of those that it is kept in.

        Raises:
            NotFoundError: if there is no tensor of that name, or not all of the box.
            DataLossError: if its bytes are damaged.
        """
        entry = self._entry_of(name)
        dtype, shape = entry.described
        if not entry.boxes:
            whole = self._tensor(name, entry)
            return whole if box.is_all_of(shape) else whole[_ranges(box.within(shape))]
        return assembled(
            f"{name} in {self.prefix}",
            shape,
            dtype,
            box,
            list(entry.boxes),
            lambda each: self._tensor(name, self._entry(each.encoded(name))),
        )

    def _entry_of(self, name: str) -> Entry:
        key = name.encode()
        entry = self._entries.get(key)
        if entry is None:
            if key not in self._pairs:
                raise NotFoundError(None, None, f"Key {name} not found in checkpoint {self.prefix}")
            entry = self._entry(key)
        return entry

    def _entry(self, key: bytes) -> Entry:
        found = self._entries.get(key)
        if found is None:
            data = self._pairs.get(key)
            if data is None:
                raise DataLossError(
                    None, None, f"{index_path(self.prefix)} lacks a slice that it names: {key!r}"
                )
            message = self._entry_message(key, data)
            try:
                found = self._entries[key] = entry_of(message)
            except (TypeError, ValueError) as error:
                raise self._unreadable(f"{key!r} ({error})") from None
        return found

    def _entry_message(self, key: bytes, data: bytes) -> Any:
        try:
            return self._parsed_entry(data)
        except self._decode_error:
            raise self._unreadable(repr(key)) from None

    def _unreadable(self, what: str) -> DataLossError:
        return DataLossError(None, None, f"{index_path(self.prefix)}: {what} cannot be read")

    def _tensor(self, name: str, entry: Entry) -> Array:
        """Return the tensor that an entry tells of."""
        dtype, shape = entry.described
        if dtype is string:
            try:
                strings, crc = unpacked_strings(self._bytes(name, entry), shape)
            except ValueError as error:
                raise self._damage(name, entry, str(error)) from None
            self._check(name, entry, crc)
            return strings
        numbers = dtype.numpy
        if math.prod(shape) * numbers.itemsize != entry.size:
            raise self._damage(
                name, entry, f"{entry.size} bytes are no {dtype.name} of shape {list(shape)}"
            )
        array: Array
        if entry.size < _SMALL:
            octets: Any = self._bytes(name, entry)
            array = np.ndarray(shape, numbers, octets)  # `frombuffer` and `reshape` in one
        else:
            octets = FilledOnce(entry.size, np.uint8)  # in large pages, unlike bytes
            count = self._file(entry.shard).read_into(memoryview(octets), entry.offset)
            self._must_have_come(name, entry, count)
            octets.flags.writeable = False
            array = np.ndarray(shape, numbers, octets)
        if (crc := crc32c(octets)) != entry.crc:
            self._check(name, entry, crc)
        return array.byteswap() if self._is_swapped else array

    def _bytes(self, name: str, entry: Entry) -> bytes:
        """Return a tensor's bytes; those of a small one are read with what follows them."""
        _, shard, offset, size, _, _ = entry
        start, window = self._windows.get(shard, _NO_WINDOW)
        place = offset - start
        if not 0 <= place <= len(window) - size:
            asked = size if size >= _SMALL else _WINDOW
            place, window = 0, self._file(shard).read(asked, offset)
            self._must_have_come(name, entry, len(window))
            if size < _SMALL:
                self._windows[shard] = offset, window
        return window[place : place + size]

    def _must_have_come(self, name: str, entry: Entry, count: int) -> None:
        if count < entry.size:
            missing = entry.size - count
            raise self._damage(name, entry, f"the file ends {missing} bytes too early")

    def _file(self, shard: int) -> RandomAccessFile:
        if shard not in self._data:
            path = data_path(self.prefix, shard, self._shards)
            try:
                self._data[shard] = RandomAccessFile(path)
            except FileNotFoundError:
                raise NotFoundError(None, None, f"{path}; No such file or directory") from None
        return self._data[shard]

    def _check(self, name: str, entry: Entry, crc: int) -> None:
        if entry.crc != crc:
            raise self._damage(
                name,
                entry,
                f"Checksum does not match: stored {entry.crc} vs. calculated on the restored bytes "
                f"{crc}",
            )

    def _damage(self, name: str, entry: Entry, what: str) -> DataLossError:
        path = data_path(self.prefix, entry.shard, self._shards)
        return DataLossError(
            None, None, f"TensorBundle at {self.prefix}: {what}\n  tensor: {name}\n  file: {path}"
        )


# --- a box out of others --------------------------------------------------------------------------

Ranges = tuple[tuple[int, int], ...]  # (start, length) along each dimension


def assembled(
    what: str,
    shape: tuple[int, ...],
    dtype: DType,
    box: TensorSlice,
    kept: list[TensorSlice],
    read: Callable[[TensorSlice], Array],
) -> Array:
    """Return a box of a tensor of which other boxes are kept.

    Args:
        what: the tensor, for messages.
        shape: of the whole.
        dtype: of its elements.
        box: the one that is wanted.
        kept: those that there are.
        read: gives one of them.

    Raises:
        NotFoundError: if they do not cover what is wanted.
    """
    wanted = box.within(shape)
    for each in kept:
        if each.within(shape) == wanted:
            return read(each)
    made = np.empty([length for _, length in wanted], dtype.numpy)
    missing = made.size
    for each in kept:
        place = each.within(shape)
        common = _intersection(wanted, place)
        if common is not None:
            found = read(each)[_ranges(common, place)]
            made[_ranges(common, wanted)] = found
            missing -= found.size
    if missing > 0:
        raise NotFoundError(None, None, f"the slices of tensor {what} do not cover {box}")
    return made


def _intersection(one: Ranges, other: Ranges) -> Ranges | None:
    """Return the box that two have in common, None if there is none."""
    found = []
    for (a, m), (b, n) in zip(one, other, strict=True):
        start, end = max(a, b), min(a + m, b + n)
        if start >= end:
            return None
        found.append((start, end - start))
    return tuple(found)


def _ranges(box: Ranges, origin: Ranges = ()) -> tuple[slice, ...]:
    """Return the slices that pick a box out of an array that begins at `origin`."""
    firsts = [first for first, _ in origin] or [0] * len(box)
    return tuple(
        slice(start - first, start - first + length)
        for (start, length), first in zip(box, firsts, strict=True)
    )
