"""Strings as code points of Unicode, and from one encoding to another.

Source: TensorFlow's ops of the same names.
"""

import codecs
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np

from minitf.dtypes import INDICES, DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.strings.arrays import strings
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import Tsplits, int32, int64, m, n, string

Array = np.ndarray[Any, Any]
Errors = Literal["strict", "replace", "ignore"]
OutputErrors = Literal["ignore", "replace", "strict"]
Encoding = Literal["UTF-8", "UTF-16-BE", "UTF-32-BE"]
LAST_CONTROL = 0x1F


def _code_points(text: bytes, encoding: str) -> Iterator[tuple[int, int]]:
    """Walk the letters of a string: code point, -1 for bytes that are none, and where it begins."""
    at = 0
    while at < len(text):
        try:
            whole, wrong = text[at:].decode(encoding), b""
        except UnicodeDecodeError as error:
            whole, wrong = text[at : at + error.start].decode(encoding), error.object[: error.end]
        stop = at + len(wrong)
        for letter in whole:
            yield ord(letter), at
            at += len(letter.encode(encoding))
        if wrong:
            yield -1, at
            at = stop


def _decoded(
    text: bytes, encoding: str, errors: str, replacement: int, *, no_controls: bool
) -> list[tuple[int, int]]:
    """Return code points with where they begin; what is wrong is replaced, left out or refused."""
    found = []
    for point, start in _code_points(text, encoding):
        if point < 0 and errors == "strict":
            raise invalid("Invalid formatting on input string", text=repr(text))
        if point >= 0 and not (no_controls and point <= LAST_CONTROL):
            found.append((point, start))
        elif errors != "ignore":
            found.append((replacement, start))
    return found


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise invalid(f"Could not create converter for input encoding: {encoding}") from None


def _is_letter(point: int) -> bool:
    """Tell whether a number is a code point: in range, and no half of a UTF-16 pair."""
    return 0 <= point < 0xD800 or 0xE000 <= point < 0x110000


# --- UnicodeTranscode ----------------------------------------------------------------------------


@op("UnicodeTranscode")
def unicode_transcode_op(
    input: string,
    *,
    input_encoding: str,
    output_encoding: Encoding,
    errors: Errors = "replace",
    replacement_char: int = 65533,
    replace_control_characters: bool = False,
) -> string:
    """Write each string in another encoding.

    Args:
        input: string[...].
        input_encoding: the encoding it is in, any that Python knows.
        output_encoding: the encoding wanted.
        errors: what happens to bytes that are no letter: replaced, left out, or refused.
        replacement_char: the code point that stands for them.
        replace_control_characters: do the same to control characters, U+0000 to U+001F.

    Returns:
        string[...] of the same shape.

    Raises:
        InvalidArgumentError: if the encoding is unknown, or `errors` is strict and there are some.

    Source: TensorFlow's op of the same name.
    """
    source, controls = _known(input_encoding), replace_control_characters
    texts = (
        _decoded(text, source, errors, replacement_char, no_controls=controls)
        for text in input.flat
    )
    made = ("".join([chr(point) for point, _ in text]) for text in texts)
    return strings((text.encode(output_encoding) for text in made), input.shape)


@unicode_transcode_op.shape
def unicode_transcode_shape(input: Shape, **_: Any) -> Shape:
    return input


unicode_transcode_op.no_gradient("text has no slope")

# --- UnicodeDecodeWithOffsets --------------------------------------------------------------------


@op(
    "UnicodeDecodeWithOffsets",
    Tsplits=INDICES,
    outputs=("row_splits", "char_values", "char_to_byte_starts"),
)
def unicode_decode_with_offsets_op(
    input: string,
    *,
    input_encoding: str,
    errors: Errors = "replace",
    replacement_char: int = 65533,
    replace_control_characters: bool = False,
    Tsplits: DType = int64,
) -> tuple[Tsplits, int32, int64]:
    """Give the code points of the letters of all strings, and where each begins.

    Args:
        input: string[...].
        input_encoding: the encoding it is in, any that Python knows.
        errors: what happens to bytes that are no letter: replaced, left out, or refused.
        replacement_char: the code point that stands for them.
        replace_control_characters: do the same to control characters, U+0000 to U+001F.
        Tsplits: int32 or int64.

    Returns:
        row_splits: Tsplits[strings + 1], where each string's letters begin; char_values:
        int32[letters]; char_to_byte_starts: int64[letters], within their string.

    Raises:
        InvalidArgumentError: if the encoding is unknown, or `errors` is strict and there are some.

    Source: TensorFlow's op of the same name.
    """
    source, controls = _known(input_encoding), replace_control_characters
    rows = [
        _decoded(text, source, errors, replacement_char, no_controls=controls)
        for text in input.flat
    ]
    splits = np.cumsum([0, *map(len, rows)])
    points = np.array([pair for row in rows for pair in row], np.int64).reshape(-1, 2)
    return splits.astype(Tsplits.numpy), points[:, 0].astype(np.int32), points[:, 1]


@unicode_decode_with_offsets_op.shape
def unicode_decode_with_offsets_shape(input: Shape, **_: Any) -> list[Shape]:
    return [Shape([input.size + 1]), Shape([UNKNOWN]), Shape([UNKNOWN])]


unicode_decode_with_offsets_op.no_gradient("text has no slope")

# --- UnicodeDecode -------------------------------------------------------------------------------


@op("UnicodeDecode", Tsplits=INDICES, outputs=("row_splits", "char_values"))
def unicode_decode_op(
    input: string,
    *,
    input_encoding: str,
    errors: Errors = "replace",
    replacement_char: int = 65533,
    replace_control_characters: bool = False,
    Tsplits: DType = int64,
) -> tuple[Tsplits, int32]:
    """Give the code points of the letters of all strings.

    Args:
        input: string[...].
        input_encoding: the encoding it is in, any that Python knows.
        errors: what happens to bytes that are no letter: replaced, left out, or refused.
        replacement_char: the code point that stands for them.
        replace_control_characters: do the same to control characters, U+0000 to U+001F.
        Tsplits: int32 or int64.

    Returns:
        row_splits: Tsplits[strings + 1], where each string's letters begin; char_values:
        int32[letters].

    Raises:
        InvalidArgumentError: if the encoding is unknown, or `errors` is strict and there are some.

    Source: TensorFlow's op of the same name.
    """
    return unicode_decode_with_offsets_op.body(
        input,
        input_encoding=input_encoding,
        errors=errors,
        replacement_char=replacement_char,
        replace_control_characters=replace_control_characters,
        Tsplits=Tsplits,
    )[:2]


@unicode_decode_op.shape
def unicode_decode_shape(input: Shape, **_: Any) -> list[Shape]:
    return [Shape([input.size + 1]), Shape([UNKNOWN])]


unicode_decode_op.no_gradient("text has no slope")

# --- UnicodeEncode -------------------------------------------------------------------------------


@op("UnicodeEncode", Tsplits=INDICES.default(int64))
def unicode_encode_op(
    input_values: int32[n],
    input_splits: Tsplits[m],
    *,
    errors: OutputErrors = "replace",
    output_encoding: Encoding,
    replacement_char: int = 65533,
) -> string:
    """Write rows of code points as strings.

    Args:
        input_values: the code points of all rows.
        input_splits: where each row begins, and the end.
        errors: what happens to numbers that are no code points: replaced, left out, or refused.
        output_encoding: the encoding wanted.
        replacement_char: the code point that stands for them.

    Returns:
        string[m - 1].

    Raises:
        InvalidArgumentError: if the places are not in order from 0 to n, or `errors` is strict and
            there are some.

    Source: TensorFlow's op of the same name.
    """
    if not input_splits.size or input_splits[0] != 0:
        raise invalid(f"First value in input_splits must be zero: {input_splits.tolist()}")
    if (np.diff(input_splits) < 0).any() or input_splits[-1] != input_values.size:
        raise invalid(
            f"Values in input_splits must be in order, up to {input_values.size}: "
            f"{input_splits.tolist()}"
        )
    rows = np.split(input_values, input_splits[1:-1]) if input_splits.size > 1 else []
    texts = ("".join(_letters(row.tolist(), errors, replacement_char)) for row in rows)
    return strings((text.encode(output_encoding) for text in texts), (input_splits.size - 1,))


def _letters(points: list[int], errors: str, replacement: int) -> Iterator[str]:
    for point in points:
        if _is_letter(point):
            yield chr(point)
        elif errors == "strict":
            raise invalid("Code point is out of range for Unicode, or a noncharacter.")
        elif errors == "replace":
            yield chr(replacement)


@unicode_encode_op.shape
def unicode_encode_shape(input_values: Shape, input_splits: Shape, **_: Any) -> Shape:
    return Shape([input_splits[0] - 1])


unicode_encode_op.no_gradient("text has no slope")
