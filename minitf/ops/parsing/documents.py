"""Tensors and examples as documents, and bytes that were compressed.

Source: TensorFlow's ops of the same names.
"""

import zlib
from base64 import b64encode
from typing import Any

import numpy as np

from minitf import protos, tensor_proto
from minitf.dtypes import ANY, DType, by_enum, by_numpy, c_name
from minitf.errors import DataLossError, invalid
from minitf.io.compressed import WINDOW_BITS
from minitf.op_def import op
from minitf.ops.strings.arrays import strings
from minitf.shapes import SCALAR, Shape
from minitf.symbols import T, out_type, string

Array = np.ndarray[Any, Any]

# --- SerializeTensor, ParseTensor ----------------------------------------------------------------


@op("SerializeTensor", T=ANY, outputs=("serialized",))
def serialize_tensor_op(tensor: T) -> string:
    """Write a tensor as a TensorProto.

    Args:
        tensor: T[...].

    Returns:
        string scalar.

    Source: TensorFlow's op of the same name.
    """
    dtype = by_numpy(tensor.dtype)
    encode = tensor_proto.encode if dtype is string else tensor_proto.encode_content
    proto = encode(tensor, dtype)
    return strings([proto.SerializeToString()], ())


@serialize_tensor_op.shape
def serialize_tensor_shape(tensor: Shape) -> Shape:
    return SCALAR


serialize_tensor_op.no_gradient("text has no slope")


@op("ParseTensor")
def parse_tensor_op(serialized: string, *, out_type: DType) -> out_type:
    """Read a tensor from a TensorProto.

    Args:
        serialized: string scalar.
        out_type: the type that it must have.

    Returns:
        out_type[...].

    Raises:
        InvalidArgumentError: if the string is no TensorProto, or one of another type.

    Source: TensorFlow's op of the same name.
    """
    from google.protobuf.message import DecodeError

    if serialized.ndim:
        raise invalid(f"Expected `serialized` to be a scalar, got shape: {list(serialized.shape)}")
    text = serialized.item()
    try:
        proto = protos.TensorProto.FromString(text)
    except DecodeError:
        raise invalid(
            f"Could not parse `serialized` as TensorProto, base64: {b64encode(text[:120]).decode()}"
        ) from None
    try:
        have = by_enum(proto.dtype)
        array = tensor_proto.decode(proto)
    except (TypeError, ValueError) as error:
        reason = str(error).removeprefix("Cannot parse tensor from proto: ")
        raise invalid(f"Cannot parse tensor from proto: {reason}") from None
    if have is not out_type:
        raise invalid(
            f"Type mismatch between parsed tensor ({c_name(have)}) and dtype ({c_name(out_type)})"
        )
    return array


@parse_tensor_op.shape
def parse_tensor_shape(serialized: Shape, *, out_type: DType) -> Shape:
    return Shape.unknown()


parse_tensor_op.no_gradient("text has no slope")

# --- DecodeJSONExample ---------------------------------------------------------------------------


@op("DecodeJSONExample", outputs=("binary_examples",))
def decode_json_example_op(json_examples: string) -> string:
    """Read Examples from JSON and write them in protobuf's binary form.

    Args:
        json_examples: string[...], each an Example as protobuf maps it to JSON.

    Returns:
        string[...] of the same shape.

    Raises:
        InvalidArgumentError: if a string is no such JSON.

    Source: TensorFlow's op of the same name.
    """
    return strings(map(_from_json, json_examples.flat), json_examples.shape)


def _from_json(text: bytes) -> bytes:
    from google.protobuf import json_format

    example = protos.Example()
    try:
        json_format.Parse(text, example)
    except (json_format.ParseError, UnicodeDecodeError, RecursionError) as error:
        raise invalid(f"Error while parsing JSON: {error}") from None
    written: bytes = example.SerializeToString(deterministic=True)
    return written


@decode_json_example_op.shape
def decode_json_example_shape(json_examples: Shape) -> Shape:
    return json_examples


decode_json_example_op.no_gradient("text has no slope")

# --- DecodeCompressed ----------------------------------------------------------------------------


@op("DecodeCompressed")
def decode_compressed_op(bytes: string, *, compression_type: str = "") -> string:
    """Decompress strings.

    Args:
        bytes: string[...], each compressed.
        compression_type: "", "ZLIB" or "GZIP".

    Returns:
        string[...] of the same shape.

    Raises:
        InvalidArgumentError: if there is no such compression.
        DataLossError: if a string is damaged or cut short.

    Source: TensorFlow's op of the same name.
    """
    if not compression_type:
        return bytes
    if compression_type not in WINDOW_BITS:
        raise invalid("Only ZLIB, GZIP or NONE are supported compressions")
    window_bits = WINDOW_BITS[compression_type]
    return strings((_inflated(each, window_bits) for each in bytes.flat), bytes.shape)


def _inflated(data: bytes, window_bits: int) -> bytes:
    """Decompress all streams that stand in a row."""
    parts = []
    while data:
        decompress = zlib.decompressobj(window_bits)
        try:
            parts.append(decompress.decompress(data))
        except zlib.error as error:
            reason = str(error).removeprefix("Error -3 while decompressing data: ")
            raise DataLossError(None, None, f"inflate() failed with error -3: {reason}") from None
        if not decompress.eof:
            raise DataLossError(None, None, "the compressed stream is cut short")
        data = decompress.unused_data
    return b"".join(parts)


@decode_compressed_op.shape
def decode_compressed_shape(bytes: Shape, *, compression_type: str) -> Shape:
    return bytes


decode_compressed_op.no_gradient("text has no slope")
