"""Splitting: laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.ops.strings.arrays import strings
from minitf.ops.strings.splitting import string_split_op, string_split_v2_op
from minitf.testing.text_cases import LINES, scalar


@given(st.lists(LINES, max_size=3))
def test_splitting_at_white_space_is_pythons(lines):
    texts = strings(lines, (len(lines),))
    indices, values, shape = string_split_v2_op.body(texts, scalar(b""))
    rows = [line.split() for line in lines]

    assert values.tolist() == [word for row in rows for word in row]
    assert shape.tolist() == [len(rows), max(map(len, rows), default=0)]
    assert len(indices) == len(values)


@pytest.mark.parametrize(
    ("most", "pieces"),
    [(0, [b" a b "]), (1, [b"a", b"b "]), (2, [b"a", b"b", b""]), (3, [b"a", b"b"])],
)
def test_cut_so_often_there_is_one_piece_more_be_it_empty(most, pieces):
    _, values, _ = string_split_v2_op.body(strings([b" a b "], (1,)), scalar(b""), maxsplit=most)

    assert values.tolist() == pieces


def test_a_string_is_cut_at_any_of_several_bytes():
    indices, values, shape = string_split_op.body(strings([b"a,b c", b""], (2,)), scalar(b", "))

    assert values.tolist() == [b"a", b"b", b"c"]
    assert indices.tolist() == [[0, 0], [0, 1], [0, 2]]
    np.testing.assert_array_equal(shape, [2, 3])
