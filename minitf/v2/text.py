"""Strings and records read, with TensorFlow 2's arguments.

Source: TensorFlow 1.15's functions of the same names in tf.compat.v2.strings and tf.compat.v2.io.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from minitf import ops
from minitf.api import parsing, string_codes, strings
from minitf.dtypes import as_dtype, float32
from minitf.tensor import Tensor

# --- strings -------------------------------------------------------------------------------------


def reduce_join(
    inputs: Any,
    axis: Any = None,
    keepdims: bool = False,
    separator: str = "",
    name: str | None = None,
) -> Tensor:
    """Join the strings along some dimensions, the first one named running fastest."""
    return strings.reduce_join(inputs, axis, separator=separator, name=name, keepdims=keepdims)


def string_length(input: Any, unit: str = "BYTE", name: str | None = None) -> Tensor:
    """Count the bytes (BYTE), or the letters (UTF8_CHAR), of each string."""
    return strings.string_length(input, name, unit)


def substr(input: Any, pos: Any, len: Any, unit: str = "BYTE", name: str | None = None) -> Tensor:
    """Cut a piece out of each string."""
    return strings.substr(input, pos, len, name, unit)


def string_to_number(input: Any, out_type: Any = float32, name: str | None = None) -> Tensor:
    """Read each string as a number."""
    return strings.string_to_number(input, out_type, name)


def string_to_hash_bucket(input: Any, num_buckets: int, name: str | None = None) -> Tensor:
    """Give each string the number of one of `num_buckets` buckets."""
    return string_codes.string_to_hash_bucket(input, num_buckets, name)


# --- records -------------------------------------------------------------------------------------


def decode_raw(
    input_bytes: Any,
    out_type: Any,
    little_endian: bool = True,
    fixed_length: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Read each string as a vector of numbers.

    Args:
        input_bytes: strings, all of one length unless there is a `fixed_length`.
        out_type: the numbers' type.
        little_endian: whether the least significant byte of a number comes first.
        fixed_length: how many bytes each string is cut or filled up with zeros to.
        name: name of the operation.
    """
    if fixed_length is None:
        return string_codes.decode_raw(input_bytes, out_type, little_endian, name)
    return ops.decode_padded_raw_op(
        input_bytes,
        fixed_length,
        out_type=as_dtype(out_type),
        little_endian=little_endian,
        name=name,
    )


def decode_csv(
    records: Any,
    record_defaults: Any,
    field_delim: str = ",",
    use_quote_delim: bool = True,
    na_value: str = "",
    select_cols: Sequence[int] | None = None,
    name: str | None = None,
) -> list[Tensor]:
    """Read strings as lines of fields, a column each."""
    return parsing.decode_csv(
        records, record_defaults, field_delim, use_quote_delim, name, na_value, select_cols
    )


def parse_example(
    serialized: Any,
    features: Mapping[str, Any],
    example_names: Any = None,
    name: str | None = None,
) -> dict[str, Any]:
    """Read features of a batch of Examples."""
    return parsing.parse_example(serialized, features, name, example_names)


def parse_single_example(
    serialized: Any,
    features: Mapping[str, Any],
    example_names: Any = None,
    name: str | None = None,
) -> dict[str, Any]:
    """Read features of one Example."""
    return parsing.parse_single_example(serialized, features, name, example_names)
