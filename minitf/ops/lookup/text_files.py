"""Hash tables filled from text files: an entry for each line.

    a,1          key_index=0, value_index=1, delimiter=",":  a -> 1
    b,2                                                      b -> 2
                 key_index=-2, value_index=-1:               "a,1" -> 0

Source: TensorFlow's ops of the same names.
"""

import os
from pathlib import Path
from typing import Any

import numpy as np

from minitf.errors import InvalidArgumentError, invalid
from minitf.io.os_errors import told
from minitf.op_def import at_least, op
from minitf.ops.handles import ref_twin
from minitf.ops.lookup.tables import Table
from minitf.ops.queue.sharing import behind
from minitf.shapes import Shape
from minitf.symbols import Resource, string

Array = np.ndarray[Any, Any]
WHOLE_LINE = -2
LINE_NUMBER = -1


@op(
    "InitializeTableFromTextFileV2",
    "stateful",
    key_index=at_least(-2),
    value_index=at_least(-2),
    vocab_size=at_least(-1),
)
def initialize_table_from_text_file_v2_op(
    table_handle: Resource,
    filename: string[()],
    *,
    key_index: int,
    value_index: int,
    vocab_size: int = -1,
    delimiter: str = "\t",
    offset: int = 0,
) -> None:
    """Fill a table with the lines of a file.

    Args:
        table_handle: its handle.
        filename: the file's path.
        key_index: the column of the keys; -2 is the whole line, -1 its number from 0.
        value_index: the column of the values, likewise.
        vocab_size: how many lines to read; -1 for all.
        delimiter: what stands between columns.
        offset: how many bytes to leave out at the file's start.

    Raises:
        NotFoundError: if there is no such file.
        InvalidArgumentError: if it has fewer lines or columns, or a column is not of its type.
        FailedPreconditionError: if a key has two values, or the table has other entries.

    Source: TensorFlow's op of the same name.
    """
    if len(delimiter) != 1:
        raise invalid(f"delimiter must be only 1 char, got '{delimiter}'")
    table = behind(table_handle, Table)
    path = os.fsdecode(filename.item())
    with told(path):
        lines = Path(path).read_bytes()[offset:].split(b"\n")
    if not lines[-1]:
        lines.pop()
    if vocab_size > len(lines):
        raise invalid(f"Invalid vocab_size in {path}: expected {vocab_size} but got {len(lines)}.")
    if vocab_size != -1:
        lines = lines[:vocab_size]
    lines = [line.removesuffix(b"\r") for line in lines]
    columns = [
        _column(lines, index, delimiter.encode(), dtype, path)
        for index, dtype in ((key_index, table.key_dtype), (value_index, table.value_dtype))
    ]
    table.fill(*columns)


def _column(lines: list[bytes], index: int, delimiter: bytes, dtype: Any, path: str) -> list[Any]:
    """Return the entries of a column in Python's types."""
    if index == LINE_NUMBER:
        return list(range(len(lines)))
    if index == WHOLE_LINE:
        return [_read(line, dtype, number) for number, line in enumerate(lines)]
    entries = []
    for number, line in enumerate(lines):
        fields = line.split(delimiter)
        if len(fields) <= index:
            raise invalid(
                f"Invalid number of columns in {path} line {number} ({line.decode()}) : "
                f"expected {index + 1} got {len(fields)}"
            )
        entries.append(_read(fields[index], dtype, number))
    return entries


def _read(field: bytes, dtype: Any, number: int) -> Any:
    """Return what a field says."""
    if dtype.name == "string":
        return field
    try:
        value = int(field) if dtype.is_integer else float(field)
        return np.array(value, dtype.numpy).item()
    except (ValueError, OverflowError):
        raise InvalidArgumentError(
            None,
            None,
            f"Field {field.decode('utf-8', 'replace')} in line {number} is not a valid "
            f"{dtype.name}.",
        ) from None


@initialize_table_from_text_file_v2_op.shape
def initialize_table_from_text_file_v2_shape(
    table_handle: Shape, filename: Shape, **attrs: Any
) -> tuple[()]:
    return ()


initialize_table_from_text_file_v2_op.no_gradient("a table has no slope")

initialize_table_from_text_file_op = ref_twin(
    "InitializeTableFromTextFile", initialize_table_from_text_file_v2_op
)
