"""Letters: laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.strings.arrays import strings
from minitf.ops.strings.letters import string_length_op, substr_op


def one(text):
    return strings([text.encode()], (1,))


@given(st.text(st.characters(codec="utf-8")))
def test_letters_are_counted_as_python_counts_them(text):
    assert string_length_op.body(one(text), unit="UTF8_CHAR").tolist() == [len(text)]
    assert string_length_op.body(one(text)).tolist() == [len(text.encode())]


def test_a_piece_must_begin_inside_its_string():
    with pytest.raises(InvalidArgumentError, match="pos 4 out of range for string"):
        substr_op.body(one("abc"), np.array(4), np.array(1))
