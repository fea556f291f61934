"""`reader_dataset_ops_test_base` of `tf.data`: files that tests of readers read.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from minitf.compat.internal.data_test_base import DatasetTestBase
from minitf.io.tf_record import TFRecordWriter

Place = tuple[int, int]  # of a file, of a record in it


class FixedLengthRecordDatasetTestBase(DatasetTestBase):
    """Files of records of three bytes."""

    def setUp(self) -> None:
        """Say how files are."""
        super().setUp()
        self._num_files, self._num_records = 2, 7
        self._header_bytes, self._record_bytes, self._footer_bytes = 5, 3, 2

    def _record(self, f: int, r: int) -> bytes:
        return str(2 * f + r).encode() * self._record_bytes

    def _createFiles(self) -> list[str]:
        names = []
        for f in range(self._num_files):
            path = Path(self.get_temp_dir(), f"fixed_length_record.{f}.txt")
            records = b"".join(self._record(f, r) for r in range(self._num_records))
            path.write_bytes(b"H" * self._header_bytes + records + b"F" * self._footer_bytes)
            names.append(str(path))
        return names


class TextLineDatasetTestBase(DatasetTestBase):
    """Files of lines, the last one of a file after the first without its end."""

    def _lineText(self, f: int, l: int) -> bytes:  # noqa: E741 the name is TensorFlow's
        return f"{f}: {l}".encode()

    def _createFiles(
        self,
        num_files: int,
        num_lines: int,
        crlf: bool = False,
        compression_type: str | None = None,
    ) -> list[str]:
        end = b"\r\n" if crlf else b"\n"
        pack: dict[Any, Any] = {
            None: bytes,
            "": bytes,
            "GZIP": gzip.compress,
            "ZLIB": zlib.compress,
        }
        if compression_type not in pack:
            raise ValueError("Unsupported compression_type", compression_type)
        names = []
        for f in range(num_files):
            text = end.join(self._lineText(f, line) for line in range(num_lines))
            path = Path(self.get_temp_dir(), f"text_line.{f}.txt")
            path.write_bytes(pack[compression_type](text + end if not f and num_lines else text))
            names.append(str(path))
        return names


class TFRecordDatasetTestBase(DatasetTestBase):
    """TFRecord files."""

    def setUp(self) -> None:
        """Write the files."""
        super().setUp()
        self._num_files, self._num_records = 2, 7
        self.test_filenames = self._createFiles()

    def _record(self, f: int, r: int) -> bytes:
        return f"Record {r} of file {f}".encode()

    def _createFiles(self) -> list[str]:
        names = []
        for f in range(self._num_files):
            name = str(Path(self.get_temp_dir(), f"tf_record.{f}.txt"))
            with TFRecordWriter(name) as writer:
                for r in range(self._num_records):
                    writer.write(self._record(f, r))
            names.append(name)
        return names

    def _interleave(self, iterators: list[Iterator[Place]], cycle_length: int) -> Iterator[Place]:
        """Yield from several in turn; where one is over, the next that waits begins."""
        waiting = list(iterators)
        first = waiting[:cycle_length]
        del waiting[:cycle_length]
        in_turn: list[Iterator[Place] | None] = list(first)
        while any(each is not None for each in in_turn):
            for i, each in enumerate(in_turn):
                found = None if each is None else next(each, None)
                if found is not None:
                    yield found
                elif each is not None:
                    in_turn[i] = waiting.pop(0) if waiting else None

    def _next_expected_batch(
        self,
        file_indices: Iterable[int],
        batch_size: int,
        num_epochs: int,
        cycle_length: int,
        drop_final_batch: bool,
        use_parser_fn: bool,
    ) -> Iterator[list[bytes]]:
        files = list(file_indices)
        places: list[Place] = []
        for _ in range(num_epochs):
            several = [iter([(f, r) for r in range(self._num_records)]) for f in files]
            places += self._interleave(several, cycle_length)
        records = [self._record(*place)[1 if use_parser_fn else 0 :] for place in places]
        for at in range(0, len(records), batch_size):
            batch = records[at : at + batch_size]
            if len(batch) == batch_size or not drop_final_batch:
                yield batch

    def _verify_records(
        self,
        outputs: Any,
        batch_size: int,
        file_index: Any,
        num_epochs: int,
        interleave_cycle_length: int,
        drop_final_batch: bool,
        use_parser_fn: bool,
    ) -> None:
        if file_index is None:
            files = list(range(self._num_files))
        else:
            files = file_index if isinstance(file_index, list) else [file_index]
        for expected in self._next_expected_batch(
            files,
            batch_size,
            num_epochs,
            interleave_cycle_length,
            drop_final_batch,
            use_parser_fn,
        ):
            self.assertAllEqual(expected, self.evaluate(outputs()))
