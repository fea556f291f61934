"""Strings: cases, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.string import string_length_op, string_split_v2_op, strings, substr_op
from minitf.testing.cases.string import LINES


def one(text):
    return strings([text.encode()], (1,))


@given(st.text(st.characters(codec="utf-8")))
def test_letters_are_counted_as_python_counts_them(text):
    assert string_length_op.body(one(text), unit="UTF8_CHAR").tolist() == [len(text)]
    assert string_length_op.body(one(text)).tolist() == [len(text.encode())]


@given(st.lists(LINES, max_size=3))
def test_splitting_at_white_space_is_pythons(lines):
    indices, values, shape = string_split_v2_op.body(
        strings(lines, (len(lines),)), np.array(b"", object)
    )
    rows = [line.split() for line in lines]

    assert values.tolist() == [word for row in rows for word in row]
    assert shape.tolist() == [len(rows), max(map(len, rows), default=0)]
    assert len(indices) == len(values)


def test_a_piece_must_begin_inside_its_string():
    with pytest.raises(InvalidArgumentError, match="pos 4 out of range for string"):
        substr_op.body(one("abc"), np.array(4), np.array(1))
