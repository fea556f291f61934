"""Elements of a database, and elements kept in files.

Source: TensorFlow 1.15's classes and functions of the same names in `tf.data.experimental`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.convert import convert_to_tensor
from minitf.data.dataset import Dataset
from minitf.data.parts import TensorPart
from minitf.data.structure import (
    flat_attrs,
    from_types,
    mapped,
    types_of,
)
from minitf.dtypes import string
from minitf.operation import Operation
from minitf.shapes import SCALAR

Transformation = Callable[[Any], Any]

COMPRESSION_GZIP = "GZIP"
COMPRESSION_NONE = None


class SqlDataset(Dataset):
    """The rows that a query of a database gives: a tuple of scalars each.

    Args:
        driver_name: "sqlite".
        data_source_name: the database's file.
        query: in SQL.
        output_types: a tuple of the columns' types.
    """

    def __init__(
        self, driver_name: Any, data_source_name: Any, query: Any, output_types: Any
    ) -> None:
        structure = from_types(output_types, mapped(lambda _: (), output_types))
        made = ops.sql_dataset_op(
            convert_to_tensor(driver_name, string, name="driver_name"),
            convert_to_tensor(data_source_name, string, name="data_source_name"),
            convert_to_tensor(query, string, name="query"),
            **flat_attrs(structure),
        )
        super().__init__(made, structure)


class MatchingFilesDataset(Dataset):
    """The names of files that match patterns.

    Args:
        patterns: string scalar or vector.
    """

    def __init__(self, patterns: Any) -> None:
        names = convert_to_tensor(patterns, string, name="patterns")
        super().__init__(ops.matching_files_dataset_op(names), TensorPart(string, SCALAR))


class TFRecordWriter:
    """Writes the elements of a dataset to a TFRecord file.

    Args:
        filename: the file's name.
        compression_type: "", "ZLIB" or "GZIP"; None is "".
    """

    def __init__(self, filename: Any, compression_type: Any = None) -> None:
        self._filename = convert_to_tensor(filename, string, name="filename")
        self._compression_type = convert_to_tensor(
            compression_type or "", string, name="compression_type"
        )

    def write(self, dataset: Any) -> Operation:
        """Return an operation that writes a dataset of string scalars.

        Raises:
            TypeError: if it is none.
        """
        if not isinstance(dataset, Dataset):
            raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
        if types_of(dataset.structure) != string or dataset.structure.shape.rank != 0:
            raise TypeError(
                "`dataset` must produce scalar `DT_STRING` tensors whereas it produces shape "
                f"{dataset.output_shapes} and types {dataset.output_types}"
            )
        made: Operation = ops.dataset_to_tf_record_op(
            dataset.variant_tensor, self._filename, self._compression_type
        )
        return made


def snapshot(
    path: Any,
    compression: str | None = None,
    reader_path_prefix: str | None = None,
    writer_path_prefix: str | None = None,
    shard_size_bytes: int | None = None,
    pending_snapshot_expiry_seconds: int | None = None,
    num_reader_threads: int | None = None,
    reader_buffer_size: int | None = None,
    num_writer_threads: int | None = None,
    writer_buffer_size: int | None = None,
) -> Transformation:
    """Keep elements in a file of a folder; later iterations, also of other programs, read that.

    Args:
        path: the folder.
        compression: accepted for compatibility.
        reader_path_prefix: stands before `path` when it is read.
        writer_path_prefix: stands before `path` when it is written.
        shard_size_bytes, pending_snapshot_expiry_seconds, num_reader_threads, reader_buffer_size,
            num_writer_threads, writer_buffer_size: accepted for compatibility.
    """
    given = {
        "compression": compression,
        "reader_path_prefix": reader_path_prefix,
        "writer_path_prefix": writer_path_prefix,
        "shard_size_bytes": shard_size_bytes,
        "pending_snapshot_expiry_seconds": pending_snapshot_expiry_seconds,
        "num_reader_threads": num_reader_threads,
        "reader_buffer_size": reader_buffer_size,
        "num_writer_threads": num_writer_threads,
        "writer_buffer_size": writer_buffer_size,
    }
    attrs = {name: value for name, value in given.items() if value is not None}
    return lambda dataset: dataset.made_by(ops.snapshot_dataset_op, path, **attrs)
