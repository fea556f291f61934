"""Tensor bundles: the files of a checkpoint, format V2.

    model.ckpt-10.index                     a table: name -> type, shape, where the bytes are
    model.ckpt-10.data-00000-of-00002       the bytes of tensors, one behind the other
    model.ckpt-10.data-00001-of-00002

The table's first pair, under the empty key, is the header.  Numbers are bytes as in memory,
little-endian.  Strings are all lengths, their checksum, then all bytes.  Of a partitioned variable
the table has the whole's type and shape with a list of boxes, and each box as a tensor of its own
under a key that begins with a zero byte (`minitf.io.tensor_slice`).

    with BundleWriter("model.ckpt-10") as writer:
        writer.add("w", np.ones((2, 3), np.float32))
    reader = BundleReader("model.ckpt-10")
    reader.read("w")

**State** of a writer: the data file under a temporary name; the table to be, of which the entries
of partitioned tensors are still messages, to which further boxes are added.

**Invariants**
1. Files have their names only when they are whole: bytes are written under another name, which is
   then changed.  At any moment there is the old bundle or the new one (`minitf.io.bundle_files`).
2. A tensor is written once, under one name.
3. Large tensors are written, and go to the disk, while later ones are checksummed
   (`minitf.io.write_behind`): the bundle is whole when `finish` returns, not before.
4. It is on the disk then, too, unless somebody has promised to bring it there.

**Departure**: TensorFlow overwrites the data of a bundle before its index, so that a crash in
between leaves the old index with new data.

Source: 2015 §3.3; OSDI §4.3; TensorFlow 1.15, `tensor_bundle.h`.
"""

from __future__ import annotations

import contextlib
import functools
import struct
import uuid
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from minitf import protos
from minitf.dtypes import DType, by_numpy, string
from minitf.errors import InvalidArgumentError
from minitf.io import durable
from minitf.io.bundle_files import (
    data_path,
    index_path,
    is_promised,
    keep_replaced,
    remove_bundle,
    replaced,
)
from minitf.io.bundle_reader import HEADER_KEY, VERSION, BundleReader
from minitf.io.checksums import crc32c, masked
from minitf.io.string_tensors import packed_strings
from minitf.io.table import TableWriter, varint
from minitf.io.tensor_slice import TensorSlice
from minitf.io.write_behind import LARGE, WriteBehind

Array = np.ndarray[Any, Any]

_LONG_TO_SYNC = 1 << 24  # bytes

# --- writing --------------------------------------------------------------------------------------


class BundleWriter:
    """Writes a bundle of one data file.

    Args:
        prefix: the bundle's path, without endings; its folder is made if need be.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._is_promised = is_promised(prefix)
        self._path = data_path(prefix, 0, 1)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # a name of its own: several may write to one prefix at once, and the last one wins
        self._part = self._path.with_name(f"{self._path.name}.{uuid.uuid4().hex}.part")
        self._file = self._part.open("w+b")  # it is read while it grows (`WriteBehind`)
        self._stream = WriteBehind(self._file, syncs=not self._is_promised)
        self._offset = 0
        self._entries: dict[bytes, bytes] = {}
        self._partitioned: dict[bytes, Any] = {}

    def add(self, name: str, array: Array) -> None:
        """Write a tensor, which must not change before the bundle is finished.

        Raises:
            InvalidArgumentError: if there is one of that name.
        """
        self._add(name.encode(), array)

    def add_slice(self, name: str, shape: tuple[int, ...], box: TensorSlice, array: Array) -> None:
        """Write a box of the tensor `name`, which has that shape.

        Raises:
            InvalidArgumentError: if another box of it has another type or shape.
        """
        if box.is_all_of(shape):
            self.add(name, array)
            return
        whole = _message(_dtype_of(array.dtype), shape)
        found = self._partitioned.setdefault(name.encode(), whole)
        if (found.dtype, found.shape) != (whole.dtype, whole.shape):
            raise InvalidArgumentError(
                None, None, f"slices of tensor {name} differ in type or shape of the whole"
            )
        found.slices.append(box.message())
        self._add(box.encoded(name), array)

    def finish(self) -> None:
        """Give the files their names: the bundle is there from here on."""
        self._stream.finish()
        self._file.flush()
        wholes = {key: each.SerializeToString() for key, each in self._partitioned.items()}
        _name(
            self._prefix,
            [(self._part, self._path)],
            self._entries | wholes,
            is_promised=self._is_promised,
        )
        self._file.close()

    def abandon(self) -> None:
        """Remove what was written; after `finish` there is nothing to remove."""
        self._stream.abandon()
        self._file.close()
        self._part.unlink(missing_ok=True)

    def _add(self, key: bytes, array: Array) -> None:
        if key in self._entries or key in self._partitioned:
            raise InvalidArgumentError(None, None, f"Adding duplicate key: {key.decode()}")
        data: Any
        if array.dtype.kind == "O":
            data, crc = packed_strings(array)
            self._stream.write(data)
        else:
            data = (
                array.tobytes()
                if array.nbytes < LARGE
                else np.ascontiguousarray(array).reshape(-1).view(np.uint8)
            )
            self._stream.write(data)  # first: it is written while its checksum is computed
            crc = crc32c(data)
        size = len(data)
        self._entries[key] = _entry(array.dtype, array.shape, self._offset, size, masked(crc))
        self._offset += size

    def __enter__(self) -> Self:
        """Write in a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Finish, unless the block raised."""
        try:
            if kind is None:
                self.finish()
        finally:
            self.abandon()


def _name(
    prefix: str, renames: list[tuple[Path, Path]], entries: dict[bytes, bytes], *, is_promised: bool
) -> None:
    """Give the files of a bundle their names, and write its table.

    It is on the disk then unless that is promised, and nothing is lost if it is torn.
    """
    size = sum(part.stat().st_size for part, _ in renames)
    may_wait = not index_path(prefix).exists() or (size >= _LONG_TO_SYNC and keep_replaced(prefix))
    is_synced = not (is_promised and may_wait)
    if is_synced:
        for part, _ in renames:
            durable.sync_path(part)
        keep_replaced(prefix)
    remove_bundle(prefix)
    for part, path in renames:
        part.replace(path)
    with contextlib.nullcontext() if is_synced else durable.named():
        write_index(prefix, len(renames), entries)
    if is_synced:
        remove_bundle(replaced(prefix))


def write_index(prefix: str, shards: int, entries: dict[bytes, bytes]) -> None:
    """Write a bundle's table."""
    header = protos.BundleHeaderProto(num_shards=shards)
    header.version.producer = VERSION
    with durable.file(index_path(prefix)) as file:
        table = TableWriter(file)
        table.add(HEADER_KEY, header.SerializeToString())
        for key in sorted(entries):
            table.add(key, entries[key])
        table.finish()


def _message(dtype: DType, shape: tuple[int, ...]) -> Any:
    """Return a BundleEntryProto with a type and a shape."""
    entry = protos.BundleEntryProto(dtype=dtype.enum)
    entry.shape.SetInParent()
    for size in shape:
        entry.shape.dim.add(size=size)
    return entry


_OFFSET, _SIZE, _CRC = b"\x20", b"\x28", struct.Struct("<BI")  # fields 4, 5 and 6


def _entry(dtype: np.dtype[Any], shape: tuple[int, ...], offset: int, size: int, crc: int) -> bytes:
    """Return a BundleEntryProto's bytes."""
    head, tail = _ends(dtype, shape, size)
    place = _OFFSET + varint(offset) if offset else b""
    return head + place + tail + _CRC.pack(0x35, crc) if crc else head + place + tail


@functools.lru_cache(maxsize=1024)
def _ends(dtype: np.dtype[Any], shape: tuple[int, ...], size: int) -> tuple[bytes, bytes]:
    """Return what stands before the offset and between it and the checksum: many are alike."""
    head: bytes = _message(_dtype_of(dtype), shape).SerializeToString()
    return head, _SIZE + varint(size) if size else b""


def _dtype_of(dtype: np.dtype[Any]) -> DType:
    return string if dtype.kind == "O" else by_numpy(dtype)


# --- several bundles into one ---------------------------------------------------------------------


def merge_bundles(prefixes: Iterable[str], merged: str) -> None:
    """Make one bundle of several, whose data files are renamed.

    It is on the disk then, unless somebody has promised to bring it there.

    Raises:
        NotFoundError: if one is not there.
        InvalidArgumentError: if two hold the same tensor.
    """
    readers = [BundleReader(prefix) for prefix in dict.fromkeys(prefixes)]
    shards = sum(reader.shards for reader in readers)
    entries: dict[bytes, Any] = {}
    renames: list[tuple[Path, Path]] = []
    for reader in readers:
        first = len(renames)
        for key, entry in reader.entries().items():
            if not entry.slices:
                entry.shard_id += first
            if key not in entries:
                entries[key] = entry
            else:
                _join_slices(entries[key], entry, key)
        renames += [
            (
                data_path(reader.prefix, shard, reader.shards),
                data_path(merged, first + shard, shards),
            )
            for shard in range(reader.shards)
        ]
    index_path(merged).parent.mkdir(parents=True, exist_ok=True)
    wholes = {key: each.SerializeToString() for key, each in entries.items()}
    _name(merged, renames, wholes, is_promised=is_promised(merged))
    for reader in readers:
        index_path(reader.prefix).unlink()


def _join_slices(one: Any, other: Any, key: bytes) -> None:
    """Put the boxes of another entry of a partitioned tensor into the first one."""
    if not (one.slices and other.slices):
        raise InvalidArgumentError(
            None, None, f"Merging bundles: tensor {key.decode()} is in two of them"
        )
    if (one.dtype, one.shape) != (other.dtype, other.shape):
        raise InvalidArgumentError(
            None, None, f"Merging bundles: types or shapes of {key.decode()} differ"
        )
    one.slices.extend(other.slices)
