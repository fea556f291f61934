"""`tf.python_io`: files of records, written and read by the program itself.

    with tf.python_io.TFRecordWriter("digits.tfrecord") as writer:
        writer.write(example.SerializeToString())
    for record in tf.python_io.tf_record_iterator("digits.tfrecord"):
        example = tf.train.Example.FromString(record)

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, ClassVar, Self

from minitf.errors import FailedPreconditionError
from minitf.io.compressed import BUFFER_BYTES, open_stream, window_bits_of
from minitf.io.os_errors import as_op_error, told
from minitf.io.records import frame, read_records


class TFRecordCompressionType:
    """How a file of records is compressed."""

    NONE = 0
    ZLIB = 1
    GZIP = 2


class TFRecordOptions:
    """How a file of records is written and read.

    Args:
        compression_type: "", "ZLIB", "GZIP", or a TFRecordCompressionType; None is "".
        flush_mode: zlib's number of what `flush` does; None lets what was flushed be read.
        input_buffer_size: how many bytes are read ahead.
        output_buffer_size: how many bytes are gathered before they are written.
        window_bits, compression_level, compression_method, mem_level, compression_strategy:
            zlib's numbers; None leaves the choice to zlib.

    Raises:
        ValueError: if there is no such compression.
    """

    compression_type_map: ClassVar[dict[int, str]] = {
        TFRecordCompressionType.ZLIB: "ZLIB",
        TFRecordCompressionType.GZIP: "GZIP",
        TFRecordCompressionType.NONE: "",
    }

    def __init__(
        self,
        compression_type: Any = None,
        flush_mode: int | None = None,
        input_buffer_size: int | None = None,
        output_buffer_size: int | None = None,
        window_bits: int | None = None,
        compression_level: int | None = None,
        compression_method: int | None = None,
        mem_level: int | None = None,
        compression_strategy: int | None = None,
    ) -> None:
        self.get_compression_type_string(compression_type)  # complains of what is none
        self.compression_type = compression_type
        self.flush_mode = flush_mode
        self.input_buffer_size = input_buffer_size
        self.output_buffer_size = output_buffer_size
        self.window_bits = window_bits
        self.compression_level = compression_level
        self.compression_method = compression_method
        self.mem_level = mem_level
        self.compression_strategy = compression_strategy

    @classmethod
    def get_compression_type_string(cls, options: Any) -> str:
        """Return "", "ZLIB" or "GZIP" for options, or for a compression type.

        Raises:
            ValueError: if there is no such compression.
        """
        if isinstance(options, TFRecordOptions):
            options = options.compression_type
        if options is None:
            return ""
        found = options if isinstance(options, str) else cls.compression_type_map.get(options)
        if found not in cls.compression_type_map.values():
            raise ValueError(f'Not a valid compression_type: "{options}"')
        return str(found)

    def compressor(self) -> zlib._Compress | None:
        """Return what compresses a file, None if nothing does."""
        window_bits = window_bits_of(self.get_compression_type_string(self))
        if window_bits is None:
            return None
        return zlib.compressobj(
            _given(self.compression_level, zlib.Z_DEFAULT_COMPRESSION),
            _given(self.compression_method, zlib.DEFLATED),
            _given(self.window_bits, window_bits),
            _given(self.mem_level, zlib.DEF_MEM_LEVEL),
            _given(self.compression_strategy, zlib.Z_DEFAULT_STRATEGY),
        )


def _given(value: int | None, default: int) -> int:
    return default if value is None else value


def _options(options: Any) -> TFRecordOptions:
    """Return options as they are, and a compression type as options."""
    return options if isinstance(options, TFRecordOptions) else TFRecordOptions(options)


class TFRecordWriter:
    """Writes a file of records.

    Args:
        path: the file, which is replaced.
        options: TFRecordOptions, or a compression type.

    Raises:
        NotFoundError: if its directory does not exist; likewise the other errors of opening.
    """

    def __init__(self, path: Any, options: Any = None) -> None:
        self._file: BinaryIO | None = None
        self._options = _options(options)
        self._compress = self._options.compressor()
        self._path = os.fsdecode(path)
        buffer_bytes = max(_given(self._options.output_buffer_size, BUFFER_BYTES), 1)
        with told(self._path):
            self._file = io.BufferedWriter(io.FileIO(self._path, "w"), buffer_bytes)

    def write(self, record: bytes | str) -> None:
        """Add a record.

        Args:
            record: bytes; text is written as UTF-8.

        Raises:
            FailedPreconditionError: if the file is closed.
        """
        data = frame(record.encode() if isinstance(record, str) else bytes(memoryview(record)))
        self._put(data if self._compress is None else self._compress.compress(data))

    def flush(self) -> None:
        """Write out what is buffered, so that the records so far can be read."""
        mode = _given(self._options.flush_mode, zlib.Z_SYNC_FLUSH)
        file = self._put(b"" if self._compress is None else self._compress.flush(mode))
        with told(self._path):
            file.flush()

    def close(self) -> None:
        """Write out what is buffered and close the file."""
        if self._file is None:
            return
        file, compress = self._file, self._compress
        try:
            self._put(b"" if compress is None else compress.flush())
        finally:
            self._file = None
            with told(self._path):
                file.close()

    def _put(self, data: bytes) -> BinaryIO:
        if self._file is None:
            raise FailedPreconditionError(None, None, f"Writer is closed.\n  file: {self._path}")
        try:
            self._file.write(data)
        except OSError as error:
            raise as_op_error(error, self._path) from None
        return self._file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def tf_record_iterator(path: Any, options: Any = None) -> Iterator[bytes]:
    """Yield the records of a file.

    Args:
        path: the file.
        options: TFRecordOptions, or a compression type.

    Raises:
        DataLossError: at a record that is cut short or damaged, after those before it.
        NotFoundError: if there is no such file; likewise the other errors of opening.
    """
    how = _options(options)
    name = os.fsdecode(path)
    compression = how.get_compression_type_string(how)
    with open_stream(name, compression, _given(how.input_buffer_size, BUFFER_BYTES)) as stream:
        for _, record in read_records(stream, name):
            yield record
