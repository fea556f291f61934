"""Boxes within tensors: their text, their keys, and where they lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.io.tensor_slice import (
    FULL,
    TensorSlice,
    _number,
    _signed_number,
    _string,
    parse_shape_and_slice,
)

extents = st.one_of(st.just((0, FULL)), st.tuples(st.integers(0, 1 << 40), st.integers(1, 1 << 40)))
boxes = st.lists(extents, max_size=4).map(lambda each: TensorSlice(tuple(each)))


@given(boxes)
def test_text_and_message_tell_the_same_box(box):
    assert TensorSlice.of_message(box.message()) == box
    if box.extents:
        assert TensorSlice.parse(str(box)) == box


def test_a_specification_tells_shape_and_box():
    shape, box, own_shape = parse_shape_and_slice("10 20 0,5:-")

    assert (shape, box, own_shape) == ((10, 20), TensorSlice(((0, 5), (0, FULL))), (5, 20))
    assert box.within((10, 20)) == ((0, 5), (0, 20))
    assert not box.is_all_of((10, 20))
    assert box.is_all_of((5, 20))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0,5", "Need least two elements"),
        ("x 0,5", "Non numerical dimension"),
        ("10 a", "Expected a pair of numbers or '-'"),
        ("10 0,0", "Expected a pair of numbers or '-'"),
        ("10 8,5", "Extent out of bounds"),
        ("10 10 0,5", "Mismatching ranks"),
    ],
)
def test_what_is_no_specification_is_refused(text, words):
    with pytest.raises(InvalidArgumentError, match=words):
        parse_shape_and_slice(text)


# --- ordered code ---------------------------------------------------------------------------------


@given(st.integers(0, (1 << 64) - 1), st.integers(0, (1 << 64) - 1))
def test_codes_of_numbers_sort_as_the_numbers(one, other):
    assert (_number(one) < _number(other)) == (one < other)


@given(st.integers(-(1 << 63), (1 << 63) - 1), st.integers(-(1 << 63), (1 << 63) - 1))
def test_codes_of_signed_numbers_sort_as_the_numbers(one, other):
    assert (_signed_number(one) < _signed_number(other)) == (one < other)


@given(st.binary(max_size=6), st.binary(max_size=6), st.binary(max_size=3))
def test_codes_of_strings_sort_as_the_strings_whatever_follows(one, other, rest):
    if one != other:
        assert (_string(one) + rest < _string(other) + rest) == (one < other)


@pytest.mark.parametrize(
    ("number", "code"),
    [(0, "80"), (63, "bf"), (64, "c040"), (-1, "7f"), (-64, "40"), (-65, "3fbf"), (8191, "dfff")],
)
def test_codes_of_signed_numbers_by_hand(number, code):
    assert _signed_number(number).hex() == code


def test_a_key_by_hand():
    box = TensorSlice(((0, 3), (0, FULL)))

    # number 0 | "w" and its end | two dimensions | 0, 3 | 0, -1
    assert box.encoded("w").hex() == "00" + "77" + "0001" + "0102" + "8083" + "807f"
    assert TensorSlice(()).encoded("\0").hex() == "00" + "00ff" + "0001" + "00"
