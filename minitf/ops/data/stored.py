"""Datasets of files' names and of rows of a database, and elements written to files.

Source: TensorFlow 1.15, `tf.data.experimental.SqlDataset`, `TFRecordWriter`, `snapshot`.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from minitf.dtypes import DType, bool_, c_name, float64, types
from minitf.dtypes import string as string_type
from minitf.errors import UnknownError, invalid
from minitf.io.os_errors import told
from minitf.io.tf_record import TFRecordOptions, TFRecordWriter
from minitf.op_def import op
from minitf.ops.data.dataset import UNKNOWN_SIZE, Dataset, Element, Elements, is_dataset
from minitf.ops.data.keeping import FileCache
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.ops.io.files import matching
from minitf.shapes import SCALAR, Shape
from minitf.symbols import string, variant

Array = np.ndarray[Any, Any]

# --- MatchingFilesDataset ------------------------------------------------------------------------


@op("MatchingFilesDataset", "stateful", outputs=("handle",))
def matching_files_dataset_op(patterns: string) -> variant:
    """Make a dataset of the names of files that match patterns.

    Args:
        patterns: string scalar or vector.

    Returns:
        The dataset of string scalars: for each pattern in turn, in order.

    Source: TensorFlow's op of the same name.
    """

    def begin() -> Iterator[Element]:
        for each in patterns.ravel().tolist():
            for path in sorted(map(os.fsencode, matching(os.fsdecode(each)))):
                yield (np.array(path, object),)

    return Dataset((string_type,), (SCALAR,), begin, UNKNOWN_SIZE)


# --- DatasetToTFRecord ---------------------------------------------------------------------------


@op("DatasetToTFRecord", "stateful")
def dataset_to_tf_record_op(
    input_dataset: variant, filename: string, compression_type: string
) -> None:
    """Write the elements of a dataset to a TFRecord file.

    Args:
        input_dataset: of string scalars.
        filename: the file's name.
        compression_type: "", "ZLIB" or "GZIP".

    Raises:
        InvalidArgumentError: if elements are no strings.

    Source: TensorFlow's op of the same name.
    """
    if input_dataset.types != (string_type,):
        raise invalid("A dataset of records has one component, of strings")
    name = os.fsdecode(filename.item())
    options = TFRecordOptions(compression_type.item().decode())
    with told(name), TFRecordWriter(name, options) as writer:
        for (record,) in input_dataset.begin():
            writer.write(record.item())


dataset_to_tf_record_op.no_gradient("it has no outputs")

# --- SqlDataset ----------------------------------------------------------------------------------

_COLUMNS: Any = types(
    "string", "int8", "int16", "int32", "int64", "uint8", "uint16", "bool", "float64"
)


@op("SqlDataset", "stateful", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def sql_dataset_op(
    driver_name: string,
    data_source_name: string,
    query: string,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> variant:
    """Make a dataset of the rows that a query of a database gives.

    Args:
        driver_name: "sqlite".
        data_source_name: the database's file.
        query: in SQL.
        output_types: of the columns; a null is 0 or "".
        output_shapes: all scalars.

    Returns:
        The dataset.  The query runs anew in each iteration.

    Raises:
        InvalidArgumentError: if the driver, a type or the number of columns is another.
        UnknownError: if the query fails.

    Source: TensorFlow's op of the same name.
    """
    driver, name, text = (
        os.fsdecode(each.item()) for each in (driver_name, data_source_name, query)
    )
    if driver != "sqlite":
        raise invalid(
            f"The database type, {driver}, is not supported by SqlDataset. The set of supported "
            "databases is: {'sqlite'}."
        )
    for dtype in output_types:
        if dtype not in _COLUMNS:
            raise invalid(
                "Each element of `output_types_` must be one of: DT_STRING, DT_INT8, DT_INT16, "
                "DT_INT32, DT_INT64, DT_UINT8, DT_UINT16, DT_BOOL, DT_DOUBLE ",
                got=c_name(dtype),
            )
    for shape in output_shapes:
        if shape.rank not in (0, None):
            raise invalid("Each element of `output_shapes_` must be a scalar.")

    def begin() -> Elements:
        rows: sqlite3.Cursor | None = None

        def step() -> Element:
            nonlocal rows
            if rows is None:
                rows = _rows(name, text, len(output_types))
            row = next(rows)
            return tuple([_column(*each) for each in zip(row, output_types, strict=True)])

        return Elements(step)

    return Dataset(output_types, output_shapes, begin, UNKNOWN_SIZE)


def _rows(name: str, query: str, columns: int) -> sqlite3.Cursor:
    """Return the rows that a query gives.

    Raises:
        InvalidArgumentError: if they have another number of columns.
        UnknownError: if the query fails.
    """
    try:
        connection = sqlite3.connect(name, check_same_thread=False)
        connection.text_factory = bytes
        found = connection.execute(query)
    except sqlite3.Error as error:
        raise UnknownError(None, None, f"Prepare() failed: {error}: {query}") from None
    count = len(found.description or ())
    if count != columns:
        raise invalid(
            f"The number of columns in query ({count}) must match the number of elements in "
            f"output_types ({columns})."
        )
    return found


def _column(value: Any, dtype: DType) -> Array:
    """Return a value of a row in the type of its column, converted as SQLite does."""
    if dtype is string_type:
        text = value if isinstance(value, bytes) else str("" if value is None else value).encode()
        return np.array(text, object)
    number = 0 if value is None else value
    if isinstance(number, bytes):
        number = _leading_number(number)
    if dtype is bool_:
        return np.array(bool(int(number)))
    if dtype is float64:
        return np.array(number, np.float64)
    return np.array(int(number), np.int64).astype(dtype.numpy)


def _leading_number(text: bytes) -> float:
    for end in range(len(text), 0, -1):
        try:
            return float(text[:end])
        except ValueError:
            continue
    return 0


# --- SnapshotDataset -----------------------------------------------------------------------------


@op("SnapshotDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def snapshot_dataset_op(
    input_dataset: variant,
    path: string,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    compression: str = "",
    reader_path_prefix: str = "",
    writer_path_prefix: str = "",
    shard_size_bytes: int = 10 * 2**30,
    pending_snapshot_expiry_seconds: int = 86400,
    num_reader_threads: int = 1,
    reader_buffer_size: int = 1,
    num_writer_threads: int = 1,
    writer_buffer_size: int = 1,
    shuffle_on_read: bool = False,
    seed: int = 0,
    seed2: int = 0,
    mode: str = "auto",
    snapshot_name: str = "",
) -> variant:
    """Make a dataset that keeps the elements of another in a file of a folder.

    Args:
        input_dataset: the other.
        path: the folder.
        output_types, output_shapes: of an element.
        compression: "" or "GZIP"; accepted for compatibility.
        reader_path_prefix: stands before `path` when it is read.
        writer_path_prefix: stands before `path` when it is written.
        mode: "auto" reads if something is kept, else writes; "read", "write", "passthrough".
        snapshot_name: the file's name, "" is "snapshot".
        shard_size_bytes, pending_snapshot_expiry_seconds, num_reader_threads, reader_buffer_size,
            num_writer_threads, writer_buffer_size, shuffle_on_read, seed, seed2: accepted for
            compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if the mode or the compression is another.

    Source: TensorFlow's op of the same name.
    """
    if mode not in ("auto", "read", "write", "passthrough"):
        raise invalid(f"mode must be one of auto, read, write, passthrough. Got {mode}")
    if compression not in ("", "GZIP"):
        raise invalid(f"compression must be either '' or 'GZIP'. Got {compression}")
    name = os.fsdecode(path.item())
    reads, writes = (
        FileCache(os.path.join(f"{prefix}{name}", snapshot_name or "snapshot"), output_types)  # noqa: PTH118 a name, not yet a path
        for prefix in (reader_path_prefix, writer_path_prefix)
    )

    def begin() -> Iterator[Element]:
        source: Callable[[], Iterator[Element]] = input_dataset.begin
        if mode == "passthrough":
            return source()
        found = None if mode == "write" else reads.kept()
        if found is not None:
            return found
        if mode == "read":
            raise invalid("There is no snapshot to read", path=name)
        Path(f"{writer_path_prefix}{name}").mkdir(parents=True, exist_ok=True)
        return writes.filling(source())

    return Dataset(output_types, output_shapes, begin, input_dataset.size)


for _op in (matching_files_dataset_op, sql_dataset_op, snapshot_dataset_op):
    is_dataset(_op)
