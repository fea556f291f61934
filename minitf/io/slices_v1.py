"""Checkpoint files of the first format: one table with the tensors themselves.

The pair under the empty key tells of all tensors: name, type, shape, the boxes that there are.  A
further pair is a box with its values as a TensorProto; its key is the name and the box in ordered
code (`minitf.io.tensor_slice`).  A checkpoint may be several such files, found by a pattern.

    write_slices("model.ckpt", [Slice("w", (2,), TensorSlice.full(1), np.ones(2))])
    SliceReader("model.ckpt").read("w")
    SliceReader("model.ckpt-?????-of-00004").names()

Source: TensorFlow 1.15, `tensor_slice_writer.h`, `tensor_slice_reader.h`; 2015 §3.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from minitf import protos, tensor_proto
from minitf.dtypes import DType, by_enum, by_numpy, string
from minitf.errors import DataLossError, InvalidArgumentError, NotFoundError
from minitf.io import durable
from minitf.io.bundle_reader import NO_MATCH, assembled
from minitf.io.table import TableWriter, read_table
from minitf.io.tensor_slice import TensorSlice

Array = np.ndarray[Any, Any]

_META_KEY = b""
_VERSION = 1  # of the format


class Slice(NamedTuple):
    """A box of a tensor, with its values."""

    name: str
    shape: tuple[int, ...]  # of the whole tensor
    box: TensorSlice
    array: Array


def write_slices(path: str, slices: Iterable[Slice]) -> None:
    """Write a file of boxes.

    Raises:
        InvalidArgumentError: if boxes of one tensor differ in type or shape of the whole.
    """
    head = protos.SavedTensorSlices()
    metas: dict[str, Any] = {}
    pairs: dict[bytes, bytes] = {}
    for name, shape, box, array in slices:
        dtype = string if array.dtype == object else by_numpy(array.dtype)
        meta = metas.get(name)
        if meta is None:
            meta = metas[name] = head.meta.tensor.add(name=name, type=dtype.enum)
            meta.shape.SetInParent()
            for size in shape:
                meta.shape.dim.add(size=size)
        elif (meta.type, _shape_of(meta)) != (dtype.enum, shape):
            raise InvalidArgumentError(
                None, None, f"slices of tensor {name} differ in type or shape of the whole"
            )
        meta.slice.append(box.message())
        item = protos.SavedTensorSlices()
        item.data.name = name
        item.data.slice.CopyFrom(box.message())
        item.data.data.SetInParent()
        tensor_proto.add_numbers(item.data.data, array, dtype)
        pairs[box.encoded(name)] = item.SerializeToString()
    head.meta.versions.producer = _VERSION
    with durable.file(path) as file:
        table = TableWriter(file)
        table.add(_META_KEY, head.SerializeToString())
        for key in sorted(pairs):
            table.add(key, pairs[key])
        table.finish()


class SliceReader:
    """Reads tensors of a checkpoint of the first format.

    Args:
        pattern: the file's path, or a pattern that all its files match.

    Raises:
        NotFoundError: if no file matches.
        DataLossError: if a file is damaged.
    """

    def __init__(self, pattern: str) -> None:
        self.prefix = pattern
        path = Path(pattern)
        paths = sorted(path.parent.glob(path.name)) or [path]
        self._metas: dict[str, Any] = {}
        self._pairs: dict[bytes, tuple[Path, bytes]] = {}  # key -> file, value
        for path in paths:
            try:
                pairs = dict(read_table(path))
            except OSError:
                continue
            if _META_KEY not in pairs:
                raise DataLossError(None, None, f"{path} does not say what it holds")
            self._add(_parsed(pairs.pop(_META_KEY), path).meta)
            self._pairs |= {key: (path, value) for key, value in pairs.items()}
        if not self._metas and not self._pairs:
            raise NotFoundError(None, None, f"{NO_MATCH}{pattern}")

    def _add(self, meta: Any) -> None:
        for each in meta.tensor:
            found = self._metas.setdefault(each.name, each)
            if found is not each:
                found.slice.extend(each.slice)

    def names(self) -> list[str]:
        """Return the names of all tensors, sorted."""
        return sorted(self._metas)

    def __contains__(self, name: object) -> bool:
        """Tell whether it has a tensor."""
        return name in self._metas

    def find(self, name: str) -> tuple[DType, tuple[int, ...]] | None:
        """Return a tensor's type and shape, None if there is none of that name."""
        return (self.dtype(name), self.shape(name)) if name in self else None

    def dtype(self, name: str) -> DType:
        """Return a tensor's type."""
        return by_enum(self._meta_of(name).type)

    def shape(self, name: str) -> tuple[int, ...]:
        """Return a tensor's shape."""
        return _shape_of(self._meta_of(name))

    def read(self, name: str) -> Array:
        """Return a tensor.

        Raises:
            NotFoundError: if there is none of that name.
            DataLossError: if it is damaged.
        """
        return self.read_slice(name, TensorSlice.full(len(self.shape(name))))

    def read_slice(self, name: str, box: TensorSlice) -> Array:
        """Return a box of a tensor, put together of those that there are.

        Raises:
            NotFoundError: if there is no tensor of that name, or not all of the box.
            DataLossError: if it is damaged.
        """
        kept = [TensorSlice.of_message(each) for each in self._meta_of(name).slice]
        return assembled(
            f"{name} in {self.prefix}",
            self.shape(name),
            self.dtype(name),
            box,
            kept,
            lambda each: self._values(name, each),
        )

    def _meta_of(self, name: str) -> Any:
        if name not in self._metas:
            raise NotFoundError(None, None, f"Key {name} not found in checkpoint {self.prefix}")
        return self._metas[name]

    def _values(self, name: str, box: TensorSlice) -> Array:
        path, value = self._pairs.get(box.encoded(name), (Path(self.prefix), b""))
        proto = _parsed(value, path).data.data
        meta = self._meta_of(name)
        proto.dtype = meta.type
        for _, length in box.within(_shape_of(meta)):
            proto.tensor_shape.dim.add(size=length)
        try:
            return tensor_proto.decode(proto)
        except (TypeError, ValueError) as error:
            raise DataLossError(
                None, None, f"{path}: slice {box} of tensor {name} is damaged: {error}"
            ) from None


def _parsed(value: bytes, path: Path) -> Any:
    from google.protobuf.message import DecodeError

    try:
        return protos.SavedTensorSlices.FromString(value)
    except DecodeError:
        raise DataLossError(None, None, f"{path}: an entry cannot be read") from None


def _shape_of(meta: Any) -> tuple[int, ...]:
    return tuple(dim.size for dim in meta.shape.dim)
