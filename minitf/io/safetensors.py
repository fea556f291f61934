"""Files of arrays in the safetensors format, which other frameworks write and read.

    [8 bytes: N] [N bytes: JSON] [bytes of the arrays, without holes]

    {"__metadata__": {"by": "me"}, "w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}

Numbers are little-endian, arrays in C order.  As the format's own library does, types of larger
alignment come first, names of one type in order, and spaces fill the JSON up to a multiple of
eight: the same arrays make the same bytes.

    write("model.safetensors", {"w": (float32, (2, 3))}, {"w": np.ones((2, 3), np.float32)}.get)
    SafetensorsFile("model.safetensors").read("w")

**State** of a file that is read: what its JSON says, and the file, open.

**Invariants**
1. A file has its name only when it is whole and on the disk (`minitf.io.durable`).
2. Nothing that a foreign file says is believed before it is checked: sizes fit types and shapes,
   and arrays fill the file without holes or overlaps.

Source: no paper; the safetensors format, https://github.com/huggingface/safetensors.
"""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from minitf.dtypes import DTYPES, DType
from minitf.errors import DataLossError, InvalidArgumentError, NotFoundError
from minitf.io import durable
from minitf.io.random_access import RandomAccessFile

Array = np.ndarray[Any, Any]
Described = tuple[DType, tuple[int, ...]]  # a tensor's type and shape

_METADATA = "__metadata__"
_LENGTH = struct.Struct("<Q")
_MOST_JSON = 100_000_000  # bytes
_ALIGNMENT = 8
_CODES = {  # in the order in which the format's library sorts arrays, last ones first
    "BOOL": "bool",
    "U8": "uint8",
    "I8": "int8",
    "I16": "int16",
    "U16": "uint16",
    "F16": "float16",
    "BF16": "bfloat16",
    "I32": "int32",
    "U32": "uint32",
    "F32": "float32",
    "C64": "complex64",
    "F64": "float64",
    "I64": "int64",
    "U64": "uint64",
}
_CODE_OF = {DTYPES[name]: code for code, name in _CODES.items()}
_RANK = {dtype: rank for rank, dtype in enumerate(_CODE_OF)}

# --- writing --------------------------------------------------------------------------------------


def write(
    path: str | os.PathLike[str],
    described: Mapping[str, Described],
    value_of: Callable[[str], Any],
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write a file, whole or not at all.

    Args:
        path: where.
        described: name -> type and shape of each array.
        value_of: gives an array of a name; it is asked for one at a time.
        metadata: texts to keep beside them.

    Raises:
        InvalidArgumentError: if the format has no such type or name.
    """
    for name, (dtype, _) in described.items():
        if dtype not in _CODE_OF:
            raise InvalidArgumentError(
                None,
                None,
                f"safetensors has no type {dtype.name}, which {name} has; it has "
                f"{', '.join(_CODES.values())}",
            )
        if name == _METADATA:
            raise InvalidArgumentError(None, None, f"safetensors keeps the name {name} for itself")
    names = sorted(described, key=lambda name: (-_RANK[described[name][0]], name.encode()))
    header: dict[str, Any] = {_METADATA: dict(metadata)} if metadata else {}
    end = 0
    for name in names:
        dtype, shape = described[name]
        start, end = end, end + _size(dtype, shape)
        header[name] = {
            "dtype": _CODE_OF[dtype],
            "shape": list(shape),
            "data_offsets": [start, end],
        }
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    with durable.file(path) as file:
        file.write(_LENGTH.pack(len(text)) + text)
        for name in names:
            array = np.ascontiguousarray(value_of(name), described[name][0].numpy)
            assert array.nbytes == _size(*described[name]), "the value is as described"
            file.write(array.reshape(-1).view(np.uint8).data)


def _size(dtype: DType, shape: tuple[int, ...]) -> int:
    return dtype.size * math.prod(shape)


# --- reading --------------------------------------------------------------------------------------


class _Entry(NamedTuple):
    """What a file says of an array: its type, as the format calls it, shape and place."""

    code: str
    shape: tuple[int, ...]
    start: int
    end: int


class SafetensorsFile:
    """Reads arrays of a file.

    Args:
        path: where it is.

    Attributes:
        prefix: its path, as readers of checkpoints call it.
        metadata: the texts in it.

    Raises:
        NotFoundError: if there is none.
        DataLossError: if it is no such file, or damaged.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.prefix = os.fspath(path)
        try:
            self._file = RandomAccessFile(Path(path))
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise NotFoundError(None, None, f"{self.prefix}; No such file or directory") from None
        size = Path(path).stat().st_size
        header, self._begin = self._header(size)
        self.metadata: dict[str, str] = header.pop(_METADATA, None) or {}
        self._entries = {name: self._entry(name, each) for name, each in header.items()}
        self._check_places(size)

    def names(self) -> list[str]:
        """Return the names of all arrays, sorted."""
        return sorted(self._entries)

    def find(self, name: str) -> Described | None:
        """Return an array's type and shape, None if there is none of that name.

        Raises:
            InvalidArgumentError: if TensorFlow has no such type.
        """
        entry = self._entries.get(name)
        if entry is None:
            return None
        if entry.code not in _CODES:
            raise InvalidArgumentError(
                None,
                None,
                f"TensorFlow has no type {entry.code}, which {name} in {self.prefix} has",
            )
        return DTYPES[_CODES[entry.code]], entry.shape

    def read(self, name: str) -> Array:
        """Return an array, to which nobody can write.

        Raises:
            NotFoundError: if there is none of that name.
            InvalidArgumentError: if TensorFlow has no such type.
            DataLossError: if the file was cut since it was opened.
        """
        described = self.find(name)
        if described is None:
            raise NotFoundError(None, None, f"Key {name} not found in {self.prefix}")
        entry = self._entries[name]
        octets = self._file.read(entry.end - entry.start, self._begin + entry.start)
        if len(octets) < entry.end - entry.start:
            raise self._damage(f"it ends within {name}")
        return np.frombuffer(octets, described[0].numpy).reshape(entry.shape)

    def _header(self, size: int) -> tuple[dict[str, Any], int]:
        """Return what the JSON says, and where the arrays begin."""
        start = self._file.read(_LENGTH.size, 0)
        length = _LENGTH.unpack(start)[0] if len(start) == _LENGTH.size else 0
        if not 0 < length <= min(_MOST_JSON, size - _LENGTH.size):
            raise self._damage("it does not begin with the length of a JSON text")
        try:
            header = json.loads(self._file.read(length, _LENGTH.size), object_pairs_hook=_unique)
        except (ValueError, RecursionError) as error:
            raise self._damage(f"its JSON text cannot be read: {error}") from None
        if not isinstance(header, dict):
            raise self._damage("its JSON text is no object")
        return header, _LENGTH.size + length

    def _entry(self, name: str, said: Any) -> _Entry:
        try:
            code, shape, (start, end) = said["dtype"], said["shape"], said["data_offsets"]
        except (KeyError, TypeError, ValueError):
            raise self._damage(f"it does not say what {name} is: {said}") from None
        numbers = [*shape, start, end] if isinstance(shape, list) else [None]
        if not isinstance(code, str) or not all(type(x) is int and x >= 0 for x in numbers):
            raise self._damage(f"it does not say what {name} is: {said}")
        if code in _CODES and end - start != _size(DTYPES[_CODES[code]], tuple(shape)):
            raise self._damage(f"{end - start} bytes are no {code} of shape {shape}, as {name} is")
        return _Entry(code, tuple(shape), start, end)

    def _check_places(self, size: int) -> None:
        reached = 0
        for name, entry in sorted(self._entries.items(), key=lambda each: each[1][2:]):
            if entry.start != reached or entry.end < entry.start:
                raise self._damage(f"{name} begins at {entry.start}, not at {reached}")
            reached = entry.end
        if self._begin + reached != size:
            raise self._damage(f"it has {size - self._begin} bytes of arrays, not {reached}")

    def _damage(self, what: str) -> DataLossError:
        return DataLossError(None, None, f"{self.prefix} is no whole safetensors file: {what}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of JSON; ValueError if a name comes twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a name comes twice")
    return made
