"""Rows of varints are what protobuf writes, whatever their number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import protos
from minitf.io.varints import one_varint, varints

NUMBERS = st.lists(st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(-300, 300), max_size=60)


def packed(numbers):
    message = protos.Int64List(value=numbers).SerializeToString()
    return message[one_varint(message, 1)[1] :] if numbers else b""


@given(NUMBERS)
def test_rows_are_read_as_protobuf_wrote_them(numbers):
    data = packed(numbers)

    assert varints(data).tolist() == numbers
    assert varints(data).dtype == np.int64


def test_a_row_of_the_chapter():
    assert varints(bytes([1, 0xAC, 0x02])).tolist() == [1, 300]
    assert one_varint(b"x\xac\x02", 1) == (300, 3)
    assert varints(b"").tolist() == []


def test_a_number_without_end_is_refused():
    for read in (varints, lambda data: one_varint(data, 0)):
        with pytest.raises(ValueError, match="a number without end"):
            read(b"\xff" * 10 + b"\x01")
