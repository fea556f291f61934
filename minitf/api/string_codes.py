"""Strings as other things: bucket numbers, fingerprints, numbers in bytes, base 64.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import renamed_argument
from minitf.dispatch import dispatchable
from minitf.dtypes import as_dtype
from minitf.tensor import Tensor


@dispatchable
def string_to_hash_bucket(
    string_tensor: Any = None,
    num_buckets: int | None = None,
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """Give each string the number of one of `num_buckets` buckets; `input` names them too."""
    strings = renamed_argument("input", input, "string_tensor", string_tensor)
    return ops.string_to_hash_bucket_op(strings, num_buckets=num_buckets, name=name)


@dispatchable
def string_to_hash_bucket_fast(input: Any, num_buckets: int, name: str | None = None) -> Tensor:
    """Give each string the number of one of `num_buckets` buckets, by FarmHash."""
    return ops.string_to_hash_bucket_fast_op(input, num_buckets=num_buckets, name=name)


@dispatchable
def string_to_hash_bucket_strong(
    input: Any, num_buckets: int, key: Any, name: str | None = None
) -> Tensor:
    """Give each string the number of one of `num_buckets` buckets, by a key of two numbers."""
    return ops.string_to_hash_bucket_strong_op(input, num_buckets=num_buckets, key=key, name=name)


def fingerprint(data: Any, method: Any = "farmhash64", name: str | None = None) -> Tensor:
    """Give each row its fingerprint of eight bytes."""
    return ops.fingerprint_op(data, method, name=name)


def decode_raw(
    input_bytes: Any = None,
    out_type: Any = None,
    little_endian: bool = True,
    name: str | None = None,
    bytes: Any = None,
) -> Tensor:
    """Read each string as a vector of numbers.

    Args:
        input_bytes: strings, all of one length.
        out_type: the numbers' type.
        little_endian: whether the least significant byte of a number comes first.
        name: name of the operation.
        bytes: deprecated name of `input_bytes`.

    Raises:
        ValueError: if there is no type.
    """
    texts = renamed_argument("input_bytes", input_bytes, "bytes", bytes)
    if out_type is None:
        raise ValueError("decode_raw_v1() missing 1 positional argument: 'out_type'")
    return ops.decode_raw_op(
        texts, out_type=as_dtype(out_type), little_endian=little_endian, name=name
    )


@dispatchable
def encode_base64(input: Any, pad: bool = False, name: str | None = None) -> Tensor:
    """Write each string in base 64, with letters that are safe in URLs; `pad` adds `=`."""
    return ops.encode_base64_op(input, pad=pad, name=name)


@dispatchable
def decode_base64(input: Any, name: str | None = None) -> Tensor:
    """Read each string as base 64, with or without `=` at its end."""
    return ops.decode_base64_op(input, name=name)
