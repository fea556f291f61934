"""Protobuf messages as tensors, a field each, and back.

Source: TensorFlow 1.15's `tf.io.decode_proto` and `tf.io.encode_proto`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import ops
from minitf.dtypes import as_dtype


def decode_proto(
    bytes: Any,
    message_type: str,
    field_names: Sequence[str],
    output_types: Sequence[Any],
    descriptor_source: Any = "local://",
    message_format: str = "binary",
    sanitize: bool = False,
    name: str | None = None,
) -> Any:
    """Read fields of serialized messages.

    Args:
        bytes: string[...], a message each.
        message_type: their full name, with its package.
        field_names: the fields that are wanted.
        output_types: the type of each; whole numbers without a sign may be had in the two's
            complement, messages as their bytes.
        descriptor_source: the path of a file with a FileDescriptorSet; "bytes://" and such a set;
            or "local://" for TensorFlow's messages and those that the program has loaded.
        message_format: "binary" or "text".
        sanitize: whether messages are parsed as a whole and written anew first.
        name: name of the operation.

    Returns:
        `sizes`, int32[..., n], how many values each field has; `values`, for each field a tensor
        [..., most], with defaults behind the values.
    """
    return ops.decode_proto_v2_op(
        bytes,
        message_type=message_type,
        field_names=tuple(field_names),
        output_types=tuple([as_dtype(each) for each in output_types]),
        descriptor_source=descriptor_source,
        message_format=message_format,
        sanitize=sanitize,
        name=name,
    )


def encode_proto(
    sizes: Any,
    values: Sequence[Any],
    field_names: Sequence[str],
    message_type: str,
    descriptor_source: Any = "local://",
    name: str | None = None,
) -> Any:
    """Write messages of which the values of fields are given.

    Args:
        sizes: int32[..., n], how many values each field has.
        values: for each field a tensor [..., most].
        field_names: the fields.
        message_type: the messages' full name.
        descriptor_source: as of `decode_proto`.
        name: name of the operation.

    Returns:
        string[...], a message each.
    """
    return ops.encode_proto_op(
        sizes,
        list(values),
        field_names=tuple(field_names),
        message_type=message_type,
        descriptor_source=descriptor_source,
        name=name,
    )
