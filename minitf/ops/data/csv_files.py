"""Datasets of the lines of CSV files, field by field.

Source: RFC 4180; TensorFlow 1.15, `tf.data.experimental.CsvDataset`.
"""

import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.dtypes import by_numpy
from minitf.errors import invalid
from minitf.io.compressed import open_stream
from minitf.io.work_units import Record, without_end
from minitf.op_def import op
from minitf.ops.data.dataset import Dataset, Element, is_dataset
from minitf.ops.data.files import of_files
from minitf.ops.data.sources import SHAPES
from minitf.ops.parsing.csv import COLUMNS, check_columns, check_count, column, fields_of
from minitf.shapes import SCALAR, Shape
from minitf.symbols import TypeList, int64, output_types, string, variant
from minitf.symbols import bool as boolean

Array = np.ndarray[Any, Any]


def _records(unit: bytes, compression: str, *, header: bool, quotes: bool) -> Iterator[Record]:
    """Open a file: its records are lines, which go on where a quotation mark is not closed."""
    stream = open_stream(os.fsdecode(unit), compression)

    def lines() -> Iterator[Record]:
        held, number = b"", 0
        with stream:
            for line in stream:
                held += line
                if quotes and held.count(b'"') % 2:
                    continue
                if number or not header:
                    yield b"%d" % number, without_end(held)
                held, number = b"", number + 1
            if held:
                yield b"%d" % number, without_end(held)

    return lines()


def _csv_dataset(
    filenames: Array,
    compression_type: Array,
    header: Array,
    field_delim: Array,
    use_quote_delim: Array,
    na_value: Array,
    select_cols: Array,
    record_defaults: list[Array],
) -> Dataset:
    """Return the dataset of the fields of files; see `csv_dataset_op`."""
    delimiter, quotes = field_delim.item(), bool(use_quote_delim)
    if len(delimiter) != 1:
        raise invalid("field_delim should be only 1 char")
    columns = tuple(int(each) for each in select_cols)
    check_columns(columns, len(record_defaults))
    for default in record_defaults:
        if default.size > 1:
            raise invalid("There should only be 1 default per field but field has more")
    missing = (b"", na_value.item())

    def element_of(record: Record) -> Element:
        key, line = record
        fields = fields_of(line, delimiter, columns, quotes=quotes) if line else [b""]
        check_count(fields, len(record_defaults), int(key), line)
        return tuple(
            column([field], i, default, missing).reshape(())
            for i, (field, default) in enumerate(zip(fields, record_defaults, strict=True))
        )

    def open_file(unit: bytes, compression: str) -> Iterator[Record]:
        return _records(unit, compression, header=bool(header), quotes=quotes)

    kinds = tuple(by_numpy(each.dtype) for each in record_defaults)
    shapes = (SCALAR,) * len(kinds)
    return of_files(filenames, compression_type, open_file, kinds, shapes, element_of)


@op("CSVDataset", "stateful", output_types=COLUMNS, output_shapes=SHAPES, outputs=("handle",))
def csv_dataset_op(
    filenames: string,
    compression_type: string,
    buffer_size: int64,
    header: boolean,
    field_delim: string,
    use_quote_delim: boolean,
    na_value: string,
    select_cols: int64,
    record_defaults: TypeList[output_types],
    *,
    output_shapes: tuple[Shape, ...],
) -> variant:
    """Make a dataset of the fields of lines of CSV files.

    Args:
        filenames: string scalar or vector.
        compression_type: "", "ZLIB" or "GZIP".
        buffer_size: accepted for compatibility.
        header: whether the first line of each file is left out.
        field_delim: one character, which separates fields.
        use_quote_delim: whether `"` may begin a field that ends at the next `"`; within it `""` is
            a quotation mark, and separators and line ends are ordinary.
        na_value: a field of this text is as good as empty.
        select_cols: numbers of the columns that are wanted, in order; all if there are none.
        record_defaults: for each column what an empty field means, or an empty vector if a field
            must not be empty; its type is the column's.
        output_shapes: accepted: fields are scalars.

    Returns:
        The dataset of scalars, one of each column.

    Raises:
        InvalidArgumentError: if the separator is longer, or columns do not ascend; from a step, if
            a line has another number of fields, or a field is missing or no number.

    Source: RFC 4180; TensorFlow's op of the same name.
    """
    return _csv_dataset(
        *(filenames, compression_type, header, field_delim, use_quote_delim, na_value),
        *(select_cols, record_defaults),
    )


@op(
    "ExperimentalCSVDataset",
    "stateful",
    output_types=COLUMNS,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def experimental_csv_dataset_op(
    filenames: string,
    compression_type: string,
    buffer_size: int64,
    header: boolean,
    field_delim: string,
    use_quote_delim: boolean,
    na_value: string,
    select_cols: int64,
    record_defaults: TypeList[output_types],
    *,
    output_shapes: tuple[Shape, ...],
) -> variant:
    """Make a dataset of the fields of lines of CSV files; everything as of CSVDataset.

    Args:
        filenames: as of CSVDataset.
        compression_type: likewise.
        buffer_size: likewise.
        header: likewise.
        field_delim: likewise.
        use_quote_delim: likewise.
        na_value: likewise.
        select_cols: likewise.
        record_defaults: likewise.
        output_shapes: likewise.

    Returns:
        The dataset of scalars, one of each column.

    Raises:
        InvalidArgumentError: as CSVDataset.

    Source: TensorFlow 1.15's op of the same name.
    """
    return _csv_dataset(
        *(filenames, compression_type, header, field_delim, use_quote_delim, na_value),
        *(select_cols, record_defaults),
    )


for _op in (csv_dataset_op, experimental_csv_dataset_op):
    is_dataset(_op)
