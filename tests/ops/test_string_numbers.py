"""AsString, StringToNumber: cases, messages."""

import numpy as np
import pytest
from cases import Case
from hypothesis import given
from hypothesis import strategies as st
from strategies import real, shapes, whole

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.ops.string import strings
from minitf.ops.string_numbers import as_string_op, string_to_number_op


@st.composite
def written(draw):
    kind = draw(
        st.sampled_from([np.int8, np.int32, np.int64, bool, np.float32, np.float64, np.complex64])
    )
    shape = draw(shapes())
    if np.dtype(kind).kind in "fc":
        attrs = {
            "precision": draw(st.sampled_from([-1, 0, 3])),
            **draw(st.sampled_from([{}, {"scientific": True}, {"shortest": True}])),
        }
        x = draw(real(shape, kind))
    else:
        low = 0 if kind is bool else -8
        x, attrs = draw(whole(shape, kind, low, 1 if kind is bool else 8)), {}
    attrs["width"] = draw(st.sampled_from([-1, 3, 9]))
    if kind is not bool:
        attrs["fill"] = (
            draw(st.sampled_from(["", " ", "0", "-", "+"])) if attrs["width"] > 0 else ""
        )
    return Case((x,), attrs)


@st.composite
def read(draw):
    target = draw(st.sampled_from(["float32", "float64", "int32", "int64"]))
    number = st.integers(-1000, 1000) if target[0] == "i" else st.floats(-1e6, 1e6)
    shape = draw(shapes(max_dims=2))
    size = int(np.prod(shape))
    texts = draw(st.lists(number.map(lambda x: f" {x}".encode()), min_size=size, max_size=size))
    return Case((strings(texts, shape),), {"out_type": dtypes.DTYPES[target]}, ulps=1)


CASES = {"AsString": written(), "StringToNumber": read()}


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
