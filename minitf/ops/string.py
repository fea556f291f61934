"""Strings: arrays of byte strings of any length.

Letters and their number are those of UTF-8 where an op says so; elsewhere a string is its bytes.

Source: OSDI §3.1 (strings as elements of dense tensors); TensorFlow's ops of the same names.
"""

from collections.abc import Callable, Iterable
from typing import Any, Literal

import numpy as np

from minitf.dtypes import INDICES
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.shapes import UNKNOWN, Shape, broadcast, merge
from minitf.symbols import List, N, T, int32, int64, n, string

Array = np.ndarray[Any, Any]
Unit = Literal["BYTE", "UTF8_CHAR"]


def strings(values: Iterable[bytes], shape: tuple[int, ...]) -> Array:
    """Return an object array of bytes; NumPy's own type would drop trailing zero bytes."""
    values = list(values)
    out = np.empty(len(values), object)
    out[:] = values
    return out.reshape(shape)


# --- StringJoin ----------------------------------------------------------------------------------


@op("StringJoin", N=at_least(0))
def string_join_op(inputs: List[string, N], *, separator: str = "") -> string:
    """Join the strings at the same place of several arrays.

    Args:
        inputs: N arrays of one shape; scalars count for every place.
        separator: what stands between two of them.

    Returns:
        string[...] of that shape.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: TensorFlow's op of the same name.
    """
    string_join_shape([Shape(x.shape) for x in inputs], separator=separator)
    if not inputs:
        return strings([b""], ())
    parts = np.broadcast_arrays(*inputs)
    rows = zip(*(part.flat for part in parts), strict=True)
    return strings((separator.encode().join(row) for row in rows), parts[0].shape)


@string_join_op.shape
def string_join_shape(inputs: list[Shape], *, separator: str) -> Shape:
    if any(x.dims is None for x in inputs):
        return Shape.unknown()
    joined = Shape(())
    for shape in inputs:
        if shape.dims:
            joined = merge(joined, shape) if joined.dims else shape
    return joined


string_join_op.no_gradient("text has no slope")

# --- StringLength --------------------------------------------------------------------------------


@op("StringLength")
def string_length_op(input: string, *, unit: Unit = "BYTE") -> int32:
    """Count the bytes, or the letters, of each string.

    Args:
        input: string[...].
        unit: BYTE, or UTF8_CHAR for letters.

    Returns:
        int32[...] of the same shape.

    Source: TensorFlow's op of the same name.
    """
    count: Callable[[bytes], int] = len if unit == "BYTE" else lambda text: len(_starts(text)) - 1
    return np.array([count(text) for text in input.flat], np.int32).reshape(input.shape)


def _starts(text: bytes) -> list[int]:
    """Return where each UTF-8 letter of a string begins, and its end."""
    return [i for i, byte in enumerate(text) if byte & 0xC0 != 0x80] + [len(text)]


@string_length_op.shape
def string_length_shape(input: Shape, *, unit: str) -> Shape:
    return input


string_length_op.no_gradient("text has no slope")

# --- Substr --------------------------------------------------------------------------------------


@op("Substr", T=INDICES)
def substr_op(input: string, pos: T, len: T, *, unit: Unit = "BYTE") -> string:
    """Cut a piece out of each string.

    Args:
        input: string[...].
        pos: T[...]: where it begins; negative: counted from the end; broadcast with `input`.
        len: T[...]: how long it is at most.
        unit: BYTE, or UTF8_CHAR for letters.

    Returns:
        string[...] of the common shape.

    Raises:
        InvalidArgumentError: if a piece begins outside its string.

    Source: TensorFlow's op of the same name.
    """
    texts, starts, counts = np.broadcast_arrays(input, pos, len)
    rows = zip(texts.flat, starts.flat, counts.flat, strict=True)
    return strings(
        (_piece(i, text, int(p), int(c), unit) for i, (text, p, c) in enumerate(rows)), texts.shape
    )


def _piece(index: int, text: bytes, pos: int, count: int, unit: str) -> bytes:
    places = range(len(text) + 1) if unit == "BYTE" else _starts(text)
    size = len(places) - 1
    if not -size <= pos <= size:
        raise invalid(f"pos {pos} out of range for string b'{text!r}' at index {index}")
    first = pos + size if pos < 0 else pos
    return text[places[first] : places[min(size, first + max(count, 0))]]


@substr_op.shape
def substr_shape(input: Shape, pos: Shape, len: Shape, *, unit: str) -> Shape:
    return broadcast(input, merge(pos, len))


substr_op.no_gradient("text has no slope")

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

    Args:
        input: string[n].
        sep: the separator; empty: runs of white space.
        maxsplit: cut at most so often; -1: everywhere.

    Returns:
        A sparse matrix with a row per string: its indices, values and shape.

    Source: TensorFlow's op of the same name.
    """
    separator = sep.item() or None
    return _sparse([text.split(separator, maxsplit) for text in input])


@string_split_v2_op.shape
def string_split_v2_shape(input: Shape, sep: Shape, *, maxsplit: int) -> list[Shape]:
    return [Shape([UNKNOWN, 2]), Shape([UNKNOWN]), Shape([2])]


string_split_v2_op.no_gradient("text has no slope")

# --- StringLower ---------------------------------------------------------------------------------


@op("StringLower")
def string_lower_op(input: string, *, encoding: str = "") -> string:
    """Write each string in small letters.

    Args:
        input: string[...].
        encoding: "utf-8", or "" to change ASCII letters only.

    Returns:
        string[...] of the same shape.

    Source: TensorFlow's op of the same name.
    """
    if not encoding:
        return strings((text.lower() for text in input.flat), input.shape)
    texts = (text.decode(encoding, "replace").lower() for text in input.flat)
    return strings((text.encode(encoding) for text in texts), input.shape)


@string_lower_op.shape
def string_lower_shape(input: Shape, *, encoding: str) -> Shape:
    return input


string_lower_op.no_gradient("text has no slope")

# --- StringUpper ---------------------------------------------------------------------------------


@op("StringUpper")
def string_upper_op(input: string, *, encoding: str = "") -> string:
    """Write each string in capital letters.

    Args:
        input: string[...].
        encoding: "utf-8", or "" to change ASCII letters only.

    Returns:
        string[...] of the same shape.

    Source: TensorFlow's op of the same name.
    """
    if not encoding:
        return strings((text.upper() for text in input.flat), input.shape)
    texts = (text.decode(encoding, "replace").upper() for text in input.flat)
    return strings((text.encode(encoding) for text in texts), input.shape)


@string_upper_op.shape
def string_upper_shape(input: Shape, *, encoding: str) -> Shape:
    return input


string_upper_op.no_gradient("text has no slope")

# --- StringStrip ---------------------------------------------------------------------------------


@op("StringStrip")
def string_strip_op(input: string) -> string:
    """Cut white space off both ends of each string.

    Args:
        input: string[...].

    Returns:
        string[...] of the same shape.

    Source: TensorFlow's op of the same name.
    """
    return strings((text.strip() for text in input.flat), input.shape)


@string_strip_op.shape
def string_strip_shape(input: Shape) -> Shape:
    return input


string_strip_op.no_gradient("text has no slope")
