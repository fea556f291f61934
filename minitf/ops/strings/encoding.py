"""Bytes read as numbers, and written in letters that are safe everywhere.

Source: TensorFlow's ops of the same names.
"""

import base64
import binascii
import sys
from typing import Any

import numpy as np

from minitf.dtypes import COMPLEX, FLOATS, DType, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.strings.arrays import strings
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import int32, out_type, string

Array = np.ndarray[Any, Any]
SMALL = types("int8", "int16", "int32", "int64", "uint8", "uint16")


def _numbers(rows: Array, dtype: DType, *, little_endian: bool) -> Array:
    """Return rows of bytes as rows of numbers; a complex number is two of them."""
    size = np.dtype(dtype.numpy).itemsize // (2 if dtype.is_complex else 1)
    if little_endian != (sys.byteorder == "little"):
        rows = rows.reshape(len(rows), rows.shape[1] // size, size)[:, :, ::-1].reshape(rows.shape)
    return np.ascontiguousarray(rows).view(dtype.numpy)


# --- DecodeRaw -----------------------------------------------------------------------------------


@op("DecodeRaw", out_type=FLOATS | SMALL | COMPLEX | types("bool"))
def decode_raw_op(bytes: string, *, out_type: DType, little_endian: bool = True) -> out_type:
    """Read each string as a vector of numbers.

    Args:
        bytes: string[...], all of one length.
        out_type: the numbers' type.
        little_endian: whether the least significant byte of a number comes first.

    Returns:
        out_type[..., length / size of a number].

    Raises:
        InvalidArgumentError: if lengths differ, or are not a multiple of a number's size.

    Source: TensorFlow's op of the same name.
    """
    texts = bytes.ravel().tolist()
    length, size = len(texts[0]) if texts else 0, np.dtype(out_type.numpy).itemsize
    for i, text in enumerate(texts):
        if len(text) != length:
            raise invalid(
                "DecodeRaw requires input strings to all be the same size, but element "
                f"{i} has size {len(text)} != {length}"
            )
    if length % size:
        raise invalid(
            f"Input to DecodeRaw has length {length} that is not a multiple of {size}, the size of "
            f"{out_type.name}"
        )
    rows = np.frombuffer(b"".join(texts), np.uint8).reshape(len(texts), length)
    numbers = _numbers(rows, out_type, little_endian=little_endian) if length else rows
    return numbers.astype(out_type.numpy, copy=False).reshape(*bytes.shape, length // size)


@decode_raw_op.shape
def decode_raw_shape(bytes: Shape, **_: Any) -> Shape:
    return bytes if bytes.dims is None else Shape((*bytes, UNKNOWN))


decode_raw_op.no_gradient("text has no slope")

# --- DecodePaddedRaw -----------------------------------------------------------------------------


@op("DecodePaddedRaw", out_type=FLOATS | SMALL)
def decode_padded_raw_op(
    input_bytes: string, fixed_length: int32[()], *, out_type: DType, little_endian: bool = True
) -> out_type:
    """Read each string, cut or filled with zeros to one length, as a vector of numbers.

    Args:
        input_bytes: string[...].
        fixed_length: the length in bytes.
        out_type: the numbers' type.
        little_endian: whether the least significant byte of a number comes first.

    Returns:
        out_type[..., fixed_length / size of a number].

    Raises:
        InvalidArgumentError: if the length is not a positive multiple of a number's size.

    Source: TensorFlow's op of the same name.
    """
    length, size = int(fixed_length), np.dtype(out_type.numpy).itemsize
    if length <= 0:
        raise invalid(f"`fixed_length` must be greater than zero, but is {length}")
    if length % size:
        raise invalid(
            f"fixed_length ({length}) must be a multiple of the size of out_type ({size})"
        )
    texts = [text[:length].ljust(length, b"\0") for text in input_bytes.flat]
    rows = np.frombuffer(b"".join(texts), np.uint8).reshape(len(texts), length)
    numbers = _numbers(rows, out_type, little_endian=little_endian)
    return numbers.reshape(*input_bytes.shape, length // size)


@decode_padded_raw_op.shape(values_of=("fixed_length",))
def decode_padded_raw_shape(
    input_bytes: Shape, fixed_length: int | None, *, out_type: DType, little_endian: bool
) -> Shape:
    if input_bytes.dims is None:
        return input_bytes
    if fixed_length is None:
        return Shape((*input_bytes, UNKNOWN))
    return Shape((*input_bytes, fixed_length // np.dtype(out_type.numpy).itemsize))


decode_padded_raw_op.no_gradient("text has no slope")

# --- EncodeBase64 --------------------------------------------------------------------------------


@op("EncodeBase64")
def encode_base64_op(input: string, *, pad: bool = False) -> string:
    """Write each string in base 64, with the letters that are safe in file names and URLs.

    Args:
        input: string[...].
        pad: fill up with `=` to a multiple of four letters.

    Returns:
        string[...] of the same shape.

    Source: TensorFlow's op of the same name.
    """
    texts = (base64.urlsafe_b64encode(text) for text in input.flat)
    return strings((text if pad else text.rstrip(b"=") for text in texts), input.shape)


@encode_base64_op.shape
def encode_base64_shape(input: Shape, *, pad: bool) -> Shape:
    return input


encode_base64_op.no_gradient("text has no slope")

# --- DecodeBase64 --------------------------------------------------------------------------------


@op("DecodeBase64")
def decode_base64_op(input: string) -> string:
    """Read each string as base 64, with or without `=` at its end.

    Args:
        input: string[...].

    Returns:
        string[...] of the same shape.

    Raises:
        InvalidArgumentError: if a letter is none of base 64's, or one is missing.

    Source: TensorFlow's op of the same name.
    """
    return strings(map(_from_base64, input.flat), input.shape)


def _from_base64(text: bytes) -> bytes:
    if len(text) % 4 == 1:
        raise invalid("Base64 string length cannot be 1 modulo 4.", text=repr(text))
    bare = text.rstrip(b"=") if len(text) % 4 == 0 else text
    if len(text) - len(bare) > 2 or set(bare) & set(b"+/="):
        raise invalid("Invalid character found in base64.", text=repr(text))
    try:
        return base64.b64decode(bare + b"=" * (-len(bare) % 4), b"-_", validate=True)
    except binascii.Error:
        raise invalid("Invalid character found in base64.", text=repr(text)) from None


@decode_base64_op.shape
def decode_base64_shape(input: Shape) -> Shape:
    return input


decode_base64_op.no_gradient("text has no slope")
