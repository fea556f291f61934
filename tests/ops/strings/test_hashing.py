"""Hashes: values that others publish, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.strings.arrays import strings
from minitf.ops.strings.fingerprints import farmhash64, siphash64
from minitf.ops.strings.hashing import (
    fingerprint_op,
    string_to_hash_bucket_fast_op,
    string_to_hash_bucket_strong_op,
)
from minitf.testing.text_cases import scalar

METHOD = scalar(b"farmhash64")


def test_siphash_is_that_of_its_paper():
    key = [int.from_bytes(bytes(range(start, start + 8)), "little") for start in (0, 8)]

    assert siphash64(bytes(range(15)), key) == 0xA129CA6149BE45E5  # its appendix A


def test_the_fingerprint_of_nothing_is_a_constant():
    assert farmhash64(b"") == 0x9AE16A3B2F90404F


def test_the_fingerprint_of_a_row_is_that_of_its_bytes():
    x = np.arange(6, dtype=np.int16).reshape(2, 3)
    made = fingerprint_op.body(x, METHOD)

    assert made.shape == (2, 8)
    assert made[1].tobytes() == farmhash64(x[1].tobytes()).to_bytes(8, "little")


@given(st.lists(st.binary(max_size=100), min_size=1, max_size=5), st.integers(1, 50))
def test_equal_strings_share_a_bucket(texts, count):
    twice = string_to_hash_bucket_fast_op.body(
        strings(texts * 2, (2, len(texts))), num_buckets=count
    )

    np.testing.assert_array_equal(*twice)
    assert ((twice >= 0) & (twice < count)).all()


def test_what_hashing_refuses():
    with pytest.raises(InvalidArgumentError, match="Key must have 2 elements"):
        string_to_hash_bucket_strong_op.body(METHOD, num_buckets=2, key=(1,))
    with pytest.raises(InvalidArgumentError, match="Unsupported method: b'md5'"):
        fingerprint_op.body(np.zeros(2), scalar(b"md5"))
    with pytest.raises(InvalidArgumentError, match="at least rank 1"):
        fingerprint_op.body(np.zeros(()), METHOD)
