"""Letters: how many there are, which ones, small and capital, blanks.

Letters and their number are those of UTF-8 where an op says so; elsewhere a string is its bytes.

Source: TensorFlow's ops of the same names.
"""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from minitf.dtypes import INDICES
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.strings.arrays import strings
from minitf.shapes import Shape, broadcast, merge
from minitf.symbols import T, int32, string

Array = np.ndarray[Any, Any]
Unit = Literal["BYTE", "UTF8_CHAR"]

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
        raise invalid(f"pos {pos} out of range for string {text!r} at index {index}")
    first = pos + size if pos < 0 else pos
    return text[places[first] : places[min(size, first + max(count, 0))]]


@substr_op.shape
def substr_shape(input: Shape, pos: Shape, len: Shape, *, unit: str) -> Shape:
    return broadcast(input, merge(pos, len))


substr_op.no_gradient("text has no slope")

# --- letters -------------------------------------------------------------------------------------


def _is_utf8(encoding: str) -> bool:
    if encoding not in ("", "utf-8"):
        raise invalid(f"only utf-8 or '' (no encoding) is supported, received {encoding}")
    return bool(encoding)


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
    if not _is_utf8(encoding):
        return strings((text.lower() for text in input.flat), input.shape)
    texts = (text.decode("utf-8", "replace").lower() for text in input.flat)
    return strings((text.encode() for text in texts), input.shape)


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
    if not _is_utf8(encoding):
        return strings((text.upper() for text in input.flat), input.shape)
    texts = (text.decode("utf-8", "replace").upper() for text in input.flat)
    return strings((text.encode() for text in texts), input.shape)


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
