"""Strings cut into pieces: a sparse matrix with a row per string.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.op_def import op
from minitf.ops.strings.arrays import strings
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import int64, n, string

Array = np.ndarray[Any, Any]

# --- StringSplit ---------------------------------------------------------------------------------


@op("StringSplit", outputs=("indices", "values", "shape"))
def string_split_op(
    input: string[n], delimiter: string[()], *, skip_empty: bool = True
) -> tuple[int64, string, int64]:
    """Cut each string of a vector at any of several bytes.

    Args:
        input: string[n].
        delimiter: the bytes; empty: between all bytes.
        skip_empty: leave empty pieces out.

    Returns:
        A sparse matrix with a row per string: its indices, values and shape.

    Source: TensorFlow's op of the same name.
    """
    bytes_ = delimiter.item()
    rows = [[p for p in _cut(text, bytes_) if p or not skip_empty] for text in input]
    return _sparse(rows)


def _cut(text: bytes, delimiters: bytes) -> list[bytes]:
    if not delimiters or not text:
        return [bytes([byte]) for byte in text]
    for byte in delimiters[1:]:
        text = text.replace(bytes([byte]), delimiters[:1])
    return text.split(delimiters[:1])


def _sparse(rows: list[list[bytes]]) -> tuple[Array, Array, Array]:
    places = [(i, j) for i, row in enumerate(rows) for j in range(len(row))]
    values = strings((piece for row in rows for piece in row), (len(places),))
    shape = (len(rows), max(map(len, rows), default=0))
    return np.array(places, np.int64).reshape(-1, 2), values, np.array(shape, np.int64)


@string_split_op.shape
def string_split_shape(input: Shape, delimiter: Shape, *, skip_empty: bool) -> list[Shape]:
    return [Shape([UNKNOWN, 2]), Shape([UNKNOWN]), Shape([2])]


string_split_op.no_gradient("text has no slope")

# --- StringSplitV2 -------------------------------------------------------------------------------


@op("StringSplitV2", outputs=("indices", "values", "shape"))
def string_split_v2_op(
    input: string[n], sep: string[()], *, maxsplit: int = -1
) -> tuple[int64, string, int64]:
    """Cut each string of a vector at a separator, as Python's `split`.

    Cut at runs of white space `maxsplit` times, a string has one piece more, be it empty.

    Args:
        input: string[n].
        sep: the separator; empty: runs of white space.
        maxsplit: cut at most so often; -1: everywhere.

    Returns:
        A sparse matrix with a row per string: its indices, values and shape.

    Source: TensorFlow's op of the same name.
    """
    return _sparse([_cut_at(text, sep.item(), maxsplit) for text in input])


def _cut_at(text: bytes, separator: bytes, most: int) -> list[bytes]:
    if most == 0:
        return [text]
    pieces = text.split(separator or None, most)
    return [*pieces, b""] if not separator and len(pieces) == most else pieces


@string_split_v2_op.shape
def string_split_v2_shape(input: Shape, sep: Shape, *, maxsplit: int) -> list[Shape]:
    return [Shape([UNKNOWN, 2]), Shape([UNKNOWN]), Shape([2])]


string_split_v2_op.no_gradient("text has no slope")
