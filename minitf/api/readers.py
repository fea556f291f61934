"""Readers: classes that read records from the files whose names a queue holds.

    names = tf.train.string_input_producer(["a.csv", "b.csv"])
    key, line = tf.TextLineReader(skip_header_lines=1).read(names)

Source: 2015 §4.5 "Input Operations"; TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.dtypes import resource
from minitf.io.tf_record import TFRecordOptions
from minitf.operation import Operation
from minitf.tensor import Tensor


class ReaderBase:
    """A reader: its handle, and what is done with it.

    Args:
        reader_ref: the handle that an op gives.
        supports_serialize: whether the reader's state can be written.
    """

    def __init__(self, reader_ref: Tensor, supports_serialize: bool = False) -> None:
        self._reader_ref = reader_ref
        self._supports_serialize = supports_serialize

    @property
    def reader_ref(self) -> Tensor:
        """The handle."""
        return self._reader_ref

    @property
    def supports_serialize(self) -> bool:
        """Whether the reader's state can be written."""
        return self._supports_serialize

    def read(self, queue: Any, name: str | None = None) -> Any:
        """Read a record, from the next file of the queue where the last one has come to its end.

        Args:
            queue: a queue of the files' names, or its handle.
            name: name of the operation.

        Returns:
            (key, value): string scalars.
        """
        return self._do("reader_read", self._of_queue(queue), name=name)

    def read_up_to(self, queue: Any, num_records: Any, name: str | None = None) -> Any:
        """Read up to that many records, at least one: fewer where a file ends.

        Args:
            queue: a queue of the files' names, or its handle.
            num_records: how many at most.
            name: name of the operation.

        Returns:
            (keys, values): string vectors.
        """
        return self._do("reader_read_up_to", self._of_queue(queue), num_records, name=name)

    def num_records_produced(self, name: str | None = None) -> Tensor:
        """Return how many records were read."""
        return self._do("reader_num_records_produced", name=name)

    def num_work_units_completed(self, name: str | None = None) -> Tensor:
        """Return how many files were read to their end."""
        return self._do("reader_num_work_units_completed", name=name)

    def serialize_state(self, name: str | None = None) -> Tensor:
        """Return the state as a string; only where `supports_serialize` says so."""
        return self._do("reader_serialize_state", name=name)

    def restore_state(self, state: Any, name: str | None = None) -> Operation:
        """Take back what `serialize_state` gave."""
        return self._do("reader_restore_state", state, name=name)

    def reset(self, name: str | None = None) -> Operation:
        """Forget the file that is being read and all counts."""
        return self._do("reader_reset", name=name)

    def _do(self, what: str, *inputs: Any, name: str | None) -> Any:
        """Make the operation that does it: one for resource handles, another for refs."""
        version = "_v2_op" if self._reader_ref.dtype is resource else "_op"
        return getattr(ops, what + version)(self._reader_ref, *inputs, name=name)

    def _of_queue(self, queue: Any) -> Tensor:
        """Return the handle of a queue, of the kind that this reader's is."""
        handle: Tensor = queue if isinstance(queue, Tensor) else queue.queue_ref
        if handle.dtype is resource and self._reader_ref.dtype is not resource:
            handle = ops.fake_queue_op(handle)
        return handle


class WholeFileReader(ReaderBase):
    """Reads whole files; a key is a file's name."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(ops.whole_file_reader_v2_op(name=name), supports_serialize=True)


class TextLineReader(ReaderBase):
    """Reads lines without their ends; a key is `file:number`, from 1 on.

    Args:
        skip_header_lines: how many lines at the top of each file are left out.
        name: name of the operation.
    """

    def __init__(self, skip_header_lines: int | None = None, name: str | None = None) -> None:
        skipped = skip_header_lines or 0
        super().__init__(ops.text_line_reader_v2_op(skip_header_lines=skipped, name=name))


class FixedLengthRecordReader(ReaderBase):
    """Reads records of one length; a key is `file:number`, from 0 on.

    Args:
        record_bytes: the length of a record.
        header_bytes: how much is left out at the top of each file.
        footer_bytes: how much is left out at the end.
        hop_bytes: how far the next record begins after this one; None or 0 for its length.
        name: name of the operation.
        encoding: "ZLIB" or "GZIP" for compressed files.
    """

    def __init__(
        self,
        record_bytes: int,
        header_bytes: int | None = None,
        footer_bytes: int | None = None,
        hop_bytes: int | None = None,
        name: str | None = None,
        encoding: str | None = None,
    ) -> None:
        super().__init__(
            ops.fixed_length_record_reader_v2_op(
                record_bytes=record_bytes,
                header_bytes=header_bytes or 0,
                footer_bytes=footer_bytes or 0,
                hop_bytes=hop_bytes or 0,
                encoding=encoding or "",
                name=name,
            )
        )


class TFRecordReader(ReaderBase):
    """Reads TFRecord files; a key is `file:offset`.

    Args:
        name: name of the operation.
        options: TFRecordOptions, or a compression type.
    """

    def __init__(self, name: str | None = None, options: Any = None) -> None:
        compression_type = TFRecordOptions.get_compression_type_string(options)
        super().__init__(ops.tf_record_reader_v2_op(compression_type=compression_type, name=name))


class IdentityReader(ReaderBase):
    """Gives the strings of the queue as they are, for keys and for values."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(ops.identity_reader_v2_op(name=name), supports_serialize=True)


class LMDBReader(ReaderBase):
    """Reads the entries of LMDB databases; needs the package lmdb.

    Args:
        name: name of the operation.
        options: accepted.
    """

    def __init__(self, name: str | None = None, options: Any = None) -> None:
        super().__init__(ops.lmdb_reader_op(name=name))
