"""Numbers written as strings, and strings read as numbers.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import COMPLEX, FLOATS, INTEGERS, DType, by_numpy, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.strings.arrays import strings
from minitf.shapes import Shape
from minitf.symbols import T, float32, out_type, string

Array = np.ndarray[Any, Any]

# --- AsString ------------------------------------------------------------------------------------


@op("AsString", T=FLOATS | INTEGERS | COMPLEX | types("bool", "variant", "string"))
def as_string_op(
    input: T,
    *,
    precision: int = -1,
    scientific: bool = False,
    shortest: bool = False,
    width: int = -1,
    fill: str = "",
) -> string:
    """Write numbers as text, as C's printf does.

    Args:
        input: T[...].
        precision: digits after the point; 6 by default.
        scientific: write with an exponent.
        shortest: write with an exponent where that is shorter.
        width: pad to this many characters.
        fill: what to pad with on the left: " ", "0", "+", "#"; "-" pads on the right.

    Returns:
        string[...] of the same shape.

    Raises:
        InvalidArgumentError: if the options do not fit each other or the type.

    Source: TensorFlow's op of the same name.
    """
    kind = by_numpy(input.dtype)
    is_float = kind.is_floating or kind.is_complex
    if len(fill) > 1:
        raise invalid(f"Fill string must be one or fewer characters: {fill}")
    if fill not in " 0+-#":
        raise invalid(f"Fill argument not supported: {fill}")
    if scientific and shortest:
        raise invalid("Cannot select both scientific and shortest notation")
    if not is_float and (scientific or shortest or precision != -1):
        what = "precision" if precision != -1 else "scientific and shortest format"
        raise invalid(f"{what} not supported for datatype {kind.name}")
    letter = "e" if scientific else "g" if shortest else "f"
    size = (str(width) if width != -1 else "") + (f".{precision}" if precision != -1 else "")
    number = f"%{fill}{size}{letter if is_float else 'd'}"
    if kind.is_complex:
        texts = [f"({number % x.real},{number % x.imag})".encode() for x in input.flat]
    elif is_float:
        texts = [(number % x).encode() for x in input.astype(np.float64).flat]
    elif kind.is_integer:
        texts = [(number % x).encode() for x in input.ravel().tolist()]
    elif kind.is_bool:
        texts = [b"true" if x else b"false" for x in input.flat]
    else:
        texts = [x.ljust(width) if fill == "-" else x.rjust(width) for x in input.flat]
    return strings(texts, input.shape)


@as_string_op.shape
def as_string_shape(input: Shape, **_: Any) -> Shape:
    return input


as_string_op.no_gradient("text has no slope")

# --- StringToNumber ------------------------------------------------------------------------------


@op("StringToNumber", out_type=types("float32", "float64", "int32", "int64", "uint32", "uint64"))
def string_to_number_op(string_tensor: string, *, out_type: DType = float32) -> out_type:
    """Read each string as a number.

    Args:
        string_tensor: string[...], a number each, white space around it allowed.
        out_type: its type.

    Returns:
        out_type[...] of the same shape.

    Raises:
        InvalidArgumentError: if a string is no number, or one that does not fit the type.

    Source: TensorFlow's op of the same name.
    """
    out = np.empty(string_tensor.size, out_type.numpy)
    for i, text in enumerate(string_tensor.flat):
        try:
            put_number(out, i, text, is_floating=out_type.is_floating)
        except ValueError:
            raise invalid(
                "StringToNumberOp could not correctly convert string: "
                f"{text.decode(errors='replace')}"
            ) from None
    return out.reshape(string_tensor.shape)


def put_number(out: Array, index: int, text: bytes, *, is_floating: bool) -> None:
    """Read a string as a number and put it into an array of the type wanted.

    Raises:
        ValueError: if it is no number, or does not fit the type.
    """
    if b"_" in text:  # Python reads 1_000
        raise ValueError
    try:
        out[index] = float(text) if is_floating else int(text)
    except OverflowError as error:
        raise ValueError from error


@string_to_number_op.shape
def string_to_number_shape(string_tensor: Shape, *, out_type: DType) -> Shape:
    return string_tensor


string_to_number_op.no_gradient("text has no slope")
