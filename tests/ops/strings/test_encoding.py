"""Bytes as numbers and as base 64: examples, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.ops.strings.arrays import strings
from minitf.ops.strings.encoding import (
    decode_base64_op,
    decode_padded_raw_op,
    decode_raw_op,
    encode_base64_op,
)


def test_the_order_of_bytes_can_be_chosen():
    texts = strings([b"\1\2\3\4"], (1,))

    assert decode_raw_op.body(texts, out_type=dtypes.int16).tolist() == [[513, 1027]]
    big = decode_raw_op.body(texts, out_type=dtypes.int16, little_endian=False)
    assert big.tolist() == [[258, 772]]


def test_strings_are_cut_or_filled_to_one_length():
    texts = strings([b"\1", b"\1\2\3\4\5"], (2,))
    made = decode_padded_raw_op.body(texts, np.array(2), out_type=dtypes.uint8)

    assert made.tolist() == [[1, 0], [1, 2]]


@given(st.lists(st.complex_numbers(width=64, allow_nan=False), max_size=4), st.booleans())
def test_numbers_survive_being_bytes(numbers, little):
    x = np.array(numbers, "<c8" if little else ">c8")
    texts = strings([x.tobytes()], (1,))
    made = decode_raw_op.body(texts, out_type=dtypes.complex64, little_endian=little)

    np.testing.assert_array_equal(made, x[None])


@given(st.binary(), st.booleans())
def test_bytes_survive_being_base_64(text, pad):
    written = encode_base64_op.body(strings([text], (1,)), pad=pad)

    assert decode_base64_op.body(written).tolist() == [text]
    assert (b"=" in written[0]) <= pad


def test_what_encodings_refuse():
    for text in (b"YQ=", b"====", b"a b", b"/+/+", b"YW==YQ==", b"Y===", b"YQ=a"):
        with pytest.raises(InvalidArgumentError, match="Invalid character found in base64"):
            decode_base64_op.body(strings([text], (1,)))
    with pytest.raises(InvalidArgumentError, match="cannot be 1 modulo 4"):
        decode_base64_op.body(strings([b"YWJjY"], (1,)))
    with pytest.raises(InvalidArgumentError, match="element 1 has size 1 != 2"):
        decode_raw_op.body(strings([b"ab", b"a"], (2,)), out_type=dtypes.int16)
    with pytest.raises(InvalidArgumentError, match="length 3 that is not a multiple of 2"):
        decode_raw_op.body(strings([b"abc"], (1,)), out_type=dtypes.int16)
    for length, words in ((0, "must be greater than zero"), (3, "must be a multiple of the size")):
        with pytest.raises(InvalidArgumentError, match=words):
            decode_padded_raw_op.body(
                strings([b"a"], (1,)), np.array(length), out_type=dtypes.int16
            )
