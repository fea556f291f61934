"""Datasets of what is in files: lines, records of one length, TFRecords.

A file that cannot be opened, or is damaged, is told once; the next step goes on with the next file.

Source: TensorFlow 1.15, `tf.data.TextLineDataset` and its kin.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.dtypes import string as string_type
from minitf.errors import invalid
from minitf.io import work_units
from minitf.io.compressed import window_bits_of
from minitf.io.work_units import Record
from minitf.op_def import op
from minitf.ops.data.dataset import Dataset, Element, Elements, is_dataset
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.shapes import SCALAR, Shape
from minitf.symbols import int64, string, variant

Array = np.ndarray[Any, Any]


def _text(record: Record) -> Element:
    return (np.array(record[1], object),)


def of_files(
    filenames: Array,
    compression_type: Array,
    open_file: Callable[..., Iterator[Record]],
    types: tuple[Any, ...] = (string_type,),
    shapes: tuple[Any, ...] = (SCALAR,),
    element_of: Callable[[Record], Element] = _text,
) -> Dataset:
    """Return the dataset of the records of files, one file after the other.

    Args:
        filenames: a name, or a vector of them.
        compression_type: "", "ZLIB" or "GZIP".
        open_file: gives the records of a name and a compression.
        types: of an element.
        shapes: likewise.
        element_of: makes an element of a record.

    Raises:
        InvalidArgumentError: if names are no scalar or vector, or there is no such compression.
    """
    if filenames.ndim > 1:
        raise invalid("`filenames` must be a scalar or a vector.")
    compression = compression_type.item().decode()
    window_bits_of(compression)  # complains of what is none
    names = filenames.ravel().tolist()

    def begin() -> Elements:
        left = iter(names)
        records: Iterator[Record] = iter(())

        def step() -> Element:
            nonlocal records
            while True:
                try:
                    found = next(records, None)
                except BaseException:
                    records = iter(())
                    raise
                if found is not None:
                    return element_of(found)
                records = open_file(next(left), compression)

        return Elements(step)

    return Dataset(types, shapes, begin)


@op("TextLineDataset", "stateful", outputs=("handle",))
def text_line_dataset_op(
    filenames: string, compression_type: string, buffer_size: int64, *, metadata: str = ""
) -> variant:
    """Make a dataset of the lines of files, without their ends.

    Args:
        filenames: string scalar or vector.
        compression_type: "", "ZLIB" or "GZIP".
        buffer_size: accepted for compatibility.
        metadata: likewise.

    Returns:
        The dataset of string scalars.

    Raises:
        InvalidArgumentError: if there is no such compression.

    Source: TensorFlow's op of the same name.
    """
    return of_files(filenames, compression_type, work_units.text_lines)


@op("TFRecordDataset", "stateful", outputs=("handle",))
def tf_record_dataset_op(
    filenames: string, compression_type: string, buffer_size: int64, *, metadata: str = ""
) -> variant:
    """Make a dataset of the records of TFRecord files.

    Args:
        filenames: string scalar or vector.
        compression_type: "", "ZLIB" or "GZIP".
        buffer_size: accepted for compatibility.
        metadata: likewise.

    Returns:
        The dataset of string scalars.

    Raises:
        InvalidArgumentError: if there is no such compression.

    Source: TensorFlow's op of the same name.
    """
    return of_files(filenames, compression_type, work_units.tf_records)


def _fixed_length(
    filenames: Array,
    header_bytes: Array,
    record_bytes: Array,
    footer_bytes: Array,
    compression_type: Array,
) -> Dataset:
    record, header, footer = int(record_bytes), int(header_bytes), int(footer_bytes)
    if record <= 0:
        raise invalid("`record_bytes` must be > 0", record_bytes=record)
    for name, size in (("header_bytes", header), ("footer_bytes", footer)):
        if size < 0:
            raise invalid(f"`{name}` must be >= 0", size=size)

    def open_file(unit: bytes, compression: str) -> Iterator[Record]:
        return work_units.whole_records(unit, record, header, footer, compression)

    return of_files(filenames, compression_type, open_file)


@op("FixedLengthRecordDataset", "stateful", outputs=("handle",))
def fixed_length_record_dataset_op(
    filenames: string,
    header_bytes: int64,
    record_bytes: int64,
    footer_bytes: int64,
    buffer_size: int64,
    *,
    metadata: str = "",
) -> variant:
    """Make a dataset of the records of one length in files.

    Args:
        filenames: string scalar or vector.
        header_bytes: how much is left out at the top of each file.
        record_bytes: the length of a record.
        footer_bytes: how much is left out at the end of each file.
        buffer_size: accepted for compatibility.
        metadata: likewise.

    Returns:
        The dataset of string scalars.

    Raises:
        InvalidArgumentError: if a size is negative, or a record has no length.

    Source: TensorFlow's op of the same name.
    """
    plain = np.array(b"", object)
    return _fixed_length(filenames, header_bytes, record_bytes, footer_bytes, plain)


@op("FixedLengthRecordDatasetV2", "stateful", outputs=("handle",))
def fixed_length_record_dataset_v2_op(
    filenames: string,
    header_bytes: int64,
    record_bytes: int64,
    footer_bytes: int64,
    buffer_size: int64,
    compression_type: string,
    *,
    metadata: str = "",
) -> variant:
    """Make a dataset of the records of one length in files, which may be compressed.

    Args:
        filenames: string scalar or vector.
        header_bytes: how much is left out at the top of each file.
        record_bytes: the length of a record.
        footer_bytes: how much is left out at the end of each file.
        buffer_size: accepted for compatibility.
        compression_type: "", "ZLIB" or "GZIP".
        metadata: accepted for compatibility.

    Returns:
        The dataset of string scalars.

    Raises:
        InvalidArgumentError: if a size is negative, a record has no length, or there is no such
            compression.

    Source: TensorFlow's op of the same name.
    """
    return _fixed_length(filenames, header_bytes, record_bytes, footer_bytes, compression_type)


# --- LMDBDataset ----------------------------------------------------------------------------------


@op("LMDBDataset", "stateful", outputs=("handle",), output_types=TYPES, output_shapes=SHAPES)
def lmdb_dataset_op(
    filenames: string, *, output_types: tuple[DType, ...], output_shapes: tuple[Shape, ...]
) -> variant:
    """Make a dataset of the entries of LMDB databases.

    Args:
        filenames: string scalar or vector.
        output_types: string, string.
        output_shapes: two scalars.

    Returns:
        The dataset of pairs of a key and a value.

    Raises:
        InvalidArgumentError: if another type is asked for.

    Source: TensorFlow's op of the same name.
    """
    if output_types != (string_type, string_type):
        raise invalid("LMDBDataset only supports two unique string outputs")
    return of_files(
        filenames, np.array(b"", object), work_units.lmdb_entries, output_types, (SCALAR, SCALAR),
        lambda record: (np.array(record[0], object), np.array(record[1], object)),
    )  # fmt: skip


for _op in (
    lmdb_dataset_op,
    text_line_dataset_op,
    tf_record_dataset_op,
    fixed_length_record_dataset_op,
    fixed_length_record_dataset_v2_op,
):
    is_dataset(_op)
