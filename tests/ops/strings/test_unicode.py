"""Unicode: examples, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.strings.arrays import strings
from minitf.ops.strings.unicode import (
    unicode_decode_op,
    unicode_decode_with_offsets_op,
    unicode_encode_op,
    unicode_transcode_op,
)

TEXTS = st.lists(st.text(st.characters(codec="utf-8"), max_size=5), max_size=3)


def array(*texts):
    return strings(texts, (len(texts),))


def test_letters_begin_where_their_bytes_begin():
    splits, points, starts = unicode_decode_with_offsets_op.body(
        array("aé日".encode(), b"", b"\xffb"), input_encoding="UTF-8"
    )

    assert splits.tolist() == [0, 3, 3, 5]
    assert points.tolist() == [97, 233, 0x65E5, 0xFFFD, 98]
    assert starts.tolist() == [0, 1, 3, 0, 1]


@given(TEXTS)
def test_code_points_are_pythons_and_survive(texts):
    splits, points = unicode_decode_op.body(
        array(*[text.encode() for text in texts]), input_encoding="UTF-8"
    )

    assert points.tolist() == [ord(letter) for text in texts for letter in text]
    made = unicode_encode_op.body(points, splits, output_encoding="UTF-16-BE")
    assert made.tolist() == [text.encode("utf-16-be") for text in texts]


def test_what_is_no_letter_is_replaced_or_left_out():
    text, how = array(b"a\xff\tb"), {"input_encoding": "UTF-8", "output_encoding": "UTF-8"}

    assert unicode_transcode_op.body(text, **how, replacement_char=63).tolist() == [b"a?\tb"]
    without = unicode_transcode_op.body(
        text, **how, errors="ignore", replace_control_characters=True
    )
    assert without.tolist() == [b"ab"]


def test_what_unicode_refuses():
    how = {"input_encoding": "UTF-8", "output_encoding": "UTF-8"}
    with pytest.raises(InvalidArgumentError, match="Invalid formatting on input string"):
        unicode_transcode_op.body(array(b"\xff"), **how, errors="strict")
    with pytest.raises(InvalidArgumentError, match="Could not create converter"):
        unicode_transcode_op.body(array(b""), input_encoding="none", output_encoding="UTF-8")
    with pytest.raises(InvalidArgumentError, match="Code point is out of range for Unicode"):
        unicode_encode_op.body(
            np.array([-1]), np.array([0, 1]), output_encoding="UTF-8", errors="strict"
        )
    for splits in ([], [1], [0, 2], [0, 1, 0, 1]):
        with pytest.raises(InvalidArgumentError, match="in input_splits must be"):
            unicode_encode_op.body(np.array([97]), np.array(splits, int), output_encoding="UTF-8")
