"""AsString, StringToNumber: cases, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.ops.strings.arrays import strings
from minitf.ops.strings.numbers import as_string_op, string_to_number_op


@given(st.integers(-(2**31), 2**31 - 1))
def test_a_number_survives_being_written(number):
    text = as_string_op.body(np.array([number], np.int32))

    assert string_to_number_op.body(text, out_type=dtypes.int32).tolist() == [number]


@pytest.mark.parametrize("text", ["", "abc", "1_000", "1.5.2"])
def test_what_is_no_number_is_named(text):
    with pytest.raises(
        InvalidArgumentError, match=f"StringToNumberOp could not correctly convert string: {text}"
    ):
        string_to_number_op.body(strings([text.encode()], (1,)))


def test_options_must_fit_the_type():
    with pytest.raises(InvalidArgumentError, match="not supported for datatype int32"):
        as_string_op.body(np.array([1], np.int32), precision=2)
    with pytest.raises(InvalidArgumentError, match="Cannot select both scientific and shortest"):
        as_string_op.body(np.array([1.0]), scientific=True, shortest=True)
    with pytest.raises(InvalidArgumentError, match="Fill argument not supported: x"):
        as_string_op.body(np.array([1.0]), fill="x")
