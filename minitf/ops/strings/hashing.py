"""Strings turned into whole numbers: buckets of a hash table, fingerprints of rows.

Source: TensorFlow's ops of the same names.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.dtypes import ANY
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.ops.strings.arrays import strings
from minitf.ops.strings.fingerprints import farmhash64, murmur64, siphash64
from minitf.shapes import Shape
from minitf.symbols import T, int64, string, uint8

Array = np.ndarray[Any, Any]


def _buckets(texts: Array, hash_of: Callable[[bytes], int], count: int) -> Array:
    found = [hash_of(text) % count for text in texts.flat]
    return np.array(found, np.int64).reshape(texts.shape)


# --- StringToHashBucketFast ----------------------------------------------------------------------


@op("StringToHashBucketFast", num_buckets=at_least(1))
def string_to_hash_bucket_fast_op(input: string, *, num_buckets: int) -> int64:
    """Give each string the number of a bucket: FarmHash's fingerprint mod `num_buckets`.

    Args:
        input: string[...].
        num_buckets: how many buckets there are.

    Returns:
        int64[...] of the same shape, in [0, num_buckets).

    Source: TensorFlow's op of the same name.
    """
    return _buckets(input, farmhash64, num_buckets)


@string_to_hash_bucket_fast_op.shape
def string_to_hash_bucket_fast_shape(input: Shape, *, num_buckets: int) -> Shape:
    return input


string_to_hash_bucket_fast_op.no_gradient("text has no slope")

# --- StringToHashBucketStrong --------------------------------------------------------------------


@op("StringToHashBucketStrong", num_buckets=at_least(1))
def string_to_hash_bucket_strong_op(
    input: string, *, num_buckets: int, key: tuple[int, ...]
) -> int64:
    """Give each string the number of a bucket, which nobody can foresee without the key: SipHash.

    Args:
        input: string[...].
        num_buckets: how many buckets there are.
        key: two numbers, secret.

    Returns:
        int64[...] of the same shape, in [0, num_buckets).

    Raises:
        InvalidArgumentError: if the key is not two numbers.

    Source: TensorFlow's op of the same name.
    """
    if len(key) != 2:
        raise invalid(f"Key must have 2 elements: {key}")
    return _buckets(input, lambda text: siphash64(text, key), num_buckets)


@string_to_hash_bucket_strong_op.shape
def string_to_hash_bucket_strong_shape(input: Shape, **_: Any) -> Shape:
    return input


string_to_hash_bucket_strong_op.no_gradient("text has no slope")

# --- StringToHashBucket --------------------------------------------------------------------------


@op("StringToHashBucket", num_buckets=at_least(1))
def string_to_hash_bucket_op(string_tensor: string, *, num_buckets: int) -> int64:
    """Give each string the number of a bucket: MurmurHash mod `num_buckets`.

    Args:
        string_tensor: string[...].
        num_buckets: how many buckets there are.

    Returns:
        int64[...] of the same shape, in [0, num_buckets).

    Source: TensorFlow's op of the same name.
    """
    return _buckets(string_tensor, murmur64, num_buckets)


@string_to_hash_bucket_op.shape
def string_to_hash_bucket_shape(string_tensor: Shape, *, num_buckets: int) -> Shape:
    return string_tensor


string_to_hash_bucket_op.no_gradient("text has no slope")

# --- Fingerprint ---------------------------------------------------------------------------------

METHOD = b"farmhash64"


@op("Fingerprint", T=ANY, outputs=("fingerprint",))
def fingerprint_op(data: T, method: string[()]) -> uint8:
    """Give each row of an array its FarmHash fingerprint.

    The fingerprint of a row of strings is that of its strings' fingerprints; a row that is one
    string has the string's own.

    Args:
        data: T[n, ...].
        method: "farmhash64".

    Returns:
        uint8[n, 8], the least significant byte first.

    Raises:
        InvalidArgumentError: if the method is another one, or `data` a scalar.

    Source: TensorFlow's op of the same name.
    """
    fingerprint_shape(Shape(data.shape), method)
    if data.dtype == object and data.size != len(data):
        data = strings([_as_bytes(text) for text in data.flat], data.shape)
    rows = [b"".join(row.flat) if row.dtype == object else row.tobytes() for row in _rows(data)]
    return np.frombuffer(b"".join(map(_as_bytes, rows)), np.uint8).reshape(-1, 8)


def _rows(data: Array) -> Array:
    return data.reshape(len(data), -1) if data.size else data.reshape(len(data), 0)


def _as_bytes(text: bytes) -> bytes:
    return farmhash64(text).to_bytes(8, "little")


@fingerprint_op.shape(values_of=("method",))
def fingerprint_shape(data: Shape, method: Any) -> Shape:
    if data.dims == ():
        raise invalid("Shape must be at least rank 1 but is rank 0")
    if method is not None and np.asarray(method).item() != METHOD:
        raise invalid(f"Unsupported method: {np.asarray(method).item()!r}")
    return Shape([data[0], None if method is None else 8])


fingerprint_op.no_gradient("a fingerprint is whole numbers")
