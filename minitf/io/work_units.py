"""What readers make of a unit of work: of a file, or of the string itself, keyed records.

A *unit* is a string, mostly a file's name.  Each kind opens a unit at once, so that a missing file
is told before anything counts as begun, and returns an iterator of its records.

    >>> list(text_lines(b"poem.txt", skip=1))
    [(b'poem.txt:2', b'the second line'), (b'poem.txt:3', b'the third')]

Source: 2015 §4.5 "Input Operations"; TensorFlow 1.15's readers.
"""

from __future__ import annotations

import importlib
import itertools
import os
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from minitf.errors import (
    DataLossError,
    InvalidArgumentError,
    NotFoundError,
    OpError,
    UnimplementedError,
)
from minitf.io.compressed import open_stream
from minitf.io.os_errors import told
from minitf.io.records import read_records

Record = tuple[bytes, bytes]  # its key and its value


def _owning(stream: BinaryIO, records: Iterator[Record]) -> Iterator[Record]:
    """Let a stream be closed when nobody holds the iterator over its records any more."""
    weakref.finalize(records, stream.close)
    return records


def text_lines(unit: bytes, compression_type: str = "", skip: int = 0) -> Iterator[Record]:
    """Open a text file: its records are lines without their ends, keyed by file and number.

    Args:
        unit: the file's name.
        compression_type: "", "ZLIB" or "GZIP".
        skip: how many lines at the top are left out; they count in the numbers.
    """
    stream = open_stream(os.fsdecode(unit), compression_type)
    return itertools.islice(_owning(stream, _numbered_lines(unit, stream)), skip, None)


def _numbered_lines(unit: bytes, stream: BinaryIO) -> Iterator[Record]:
    with stream:
        for number, line in enumerate(stream, 1):
            yield b"%b:%d" % (unit, number), without_end(line)


def without_end(line: bytes) -> bytes:
    """Return a line without the line feed, and a carriage return before it, at its end."""
    return line.removesuffix(b"\n").removesuffix(b"\r")


def fixed_length_records(
    unit: bytes,
    record_bytes: int,
    header_bytes: int = 0,
    footer_bytes: int = 0,
    hop_bytes: int = 0,
    encoding: str = "",
) -> Iterator[Record]:
    """Open a file of records of one length, keyed by file and number.

    Args:
        unit: the file's name.
        record_bytes: the length of a record; what is left at the end is no record.
        header_bytes: how much is left out at the top.
        footer_bytes: how much is left out at the end.
        hop_bytes: how far the next record begins after this one; 0 for its length.
        encoding: "", "ZLIB" or "GZIP".
    """
    stream = open_stream(os.fsdecode(unit), encoding)
    try:
        begun = len(stream.read(header_bytes)) == header_bytes
    except BaseException:
        stream.close()
        raise
    hop_bytes = hop_bytes or record_bytes
    return _owning(
        stream, _fixed_length(unit, stream, begun * record_bytes, footer_bytes, hop_bytes)
    )


def _fixed_length(
    unit: bytes, stream: BinaryIO, record_bytes: int, footer_bytes: int, hop_bytes: int
) -> Iterator[Record]:
    """Yield records; a window is kept that shows whether the footer has begun."""
    size = record_bytes + footer_bytes
    with stream:
        window = stream.read(size) if record_bytes else b""
        for number in itertools.count():
            if not window or len(window) < size:
                return
            yield b"%b:%d" % (unit, number), window[:record_bytes]
            stream.read(max(hop_bytes - size, 0))
            window = window[hop_bytes:]
            window += stream.read(size - len(window))


def whole_records(
    unit: bytes, record_bytes: int, header_bytes: int, footer_bytes: int, encoding: str = ""
) -> Iterator[Record]:
    """Open a file that holds nothing between header and footer but whole records of one length.

    Args:
        unit: the file's name.
        record_bytes: the length of a record.
        header_bytes: how much is left out at the top.
        footer_bytes: how much is left out at the end.
        encoding: "", "ZLIB" or "GZIP".

    Returns:
        The records.

    Raises:
        InvalidArgumentError: if something would be left over.
        DataLossError: likewise, for a compressed file, whose length shows at its end only.
    """

    def left_over(kind: type[OpError], body: int) -> OpError:
        return kind(
            None,
            None,
            f"Excluding the header ({header_bytes} bytes) and footer ({footer_bytes} bytes), input "
            f'file "{os.fsdecode(unit)}" has body length {body} bytes, which is not an exact '
            f"multiple of the record length ({record_bytes} bytes).",
        )

    def checked(stream: BinaryIO) -> Iterator[Record]:
        with stream:
            window = stream.read(footer_bytes + record_bytes)
            for number in itertools.count():
                if len(window) < footer_bytes + record_bytes:
                    break
                yield b"%b:%d" % (unit, number), window[:record_bytes]
                window = window[record_bytes:] + stream.read(record_bytes)
            if len(window) != footer_bytes:
                body = number * record_bytes + len(window) - footer_bytes
                raise left_over(DataLossError, body)

    stream = open_stream(os.fsdecode(unit), encoding)
    try:
        if encoding:
            missing = header_bytes - len(stream.read(header_bytes))
            if missing:
                raise left_over(DataLossError, -missing - footer_bytes)
        else:
            body = stream.seek(0, os.SEEK_END) - header_bytes - footer_bytes
            if body < 0 or body % record_bytes:
                raise left_over(InvalidArgumentError, body)
            stream.seek(header_bytes)
    except BaseException:
        stream.close()
        raise
    return _owning(stream, checked(stream))


def tf_records(unit: bytes, compression_type: str = "") -> Iterator[Record]:
    """Open a file of records, keyed by file and offset.

    Args:
        unit: the file's name.
        compression_type: "", "ZLIB" or "GZIP".
    """
    name = os.fsdecode(unit)
    stream = open_stream(name, compression_type)
    return _owning(stream, _keyed_records(unit, name, stream))


def _keyed_records(unit: bytes, name: str, stream: BinaryIO) -> Iterator[Record]:
    with stream:
        for offset, record in read_records(stream, name):
            yield b"%b:%d" % (unit, offset), record


def whole_file(unit: bytes) -> Iterator[Record]:
    """Make a file one record, keyed by its name; it is opened when that is read."""
    name = os.fsdecode(unit)
    with told(name):
        content = Path(name).read_bytes()
    yield unit, content


def itself(unit: bytes) -> Iterator[Record]:
    """Make the unit itself the only record, and its key."""
    yield unit, unit


def lmdb_entries(unit: bytes, compression_type: str = "") -> Iterator[Record]:
    """Yield the entries of an LMDB database, in the order of their keys.

    Args:
        unit: its folder, or its file.
        compression_type: accepted: a database has none.

    Raises:
        UnimplementedError: if the package lmdb is not installed.
        NotFoundError, InvalidArgumentError: if there is no database.
    """
    path = os.fsdecode(unit)
    name = os.path.realpath(Path(path, "data.mdb") if Path(path).is_dir() else path)
    with _DATABASES_LOCK:
        database = _DATABASES.get(name)
        if database is None:
            database = _DATABASES[name] = _database(path)
    with database.begin() as reading:
        for key, value in reading.cursor():
            yield bytes(key), bytes(value)


# Those that are being read, by their files: a process may not open one twice.
_DATABASES: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()
_DATABASES_LOCK = threading.Lock()


def _database(path: str) -> Any:
    try:
        lmdb: Any = importlib.import_module("lmdb")
    except ImportError:
        raise UnimplementedError(
            None, None, "LMDB databases need the package lmdb: pip install 'minitf[lmdb]'"
        ) from None
    if not Path(path).exists():
        raise NotFoundError(None, None, f"{path}; No such file or directory")
    try:
        return lmdb.open(path, readonly=True, lock=False, subdir=Path(path).is_dir())
    except lmdb.Error as error:
        raise InvalidArgumentError(None, None, f"{path}: {error}") from None
