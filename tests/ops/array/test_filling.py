"""Fill, ZerosLike, OnesLike, Range, LinSpace, OneHot: cases, messages."""

import numpy as np
import pytest
from array_cases import EVERY, NUMBERS, arrays_of, elements, index_types, types
from cases import Case
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import shapes

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.ops.array.filling import fill_op, lin_space_op, one_hot_op, range_op

FLOATS = ("float16", "bfloat16", "float32", "float64")


@st.composite
def fills(draw):
    dims = np.array(draw(shapes()), draw(index_types()))
    value = draw(elements((), draw(types())))
    return Case((dims, value), ulps=0, smooth=value.dtype == np.float64)


@st.composite
def ranges(draw):
    name = draw(st.sampled_from(["int32", "int64", "bfloat16", "float32", "float64"]))
    kind = dtypes.DTYPES[name].numpy
    number = st.integers(-20, 20) if np.dtype(kind).kind == "i" else st.floats(-20, 20, width=16)
    start, limit = (np.array(draw(number)).astype(kind) for _ in range(2))
    size = st.integers(1, 7) if np.dtype(kind).kind == "i" else st.floats(0.5, 7, width=16)
    delta = np.array(draw(size)).astype(kind)
    return Case((start, limit, delta if start <= limit else -delta), ulps=0)


@st.composite
def lin_spaces(draw):
    kind = dtypes.DTYPES[draw(st.sampled_from(["float32", "float64"]))].numpy
    ends = [np.array(draw(st.floats(-100, 100, width=32)), kind) for _ in range(2)]
    num = np.array(draw(st.integers(1, 9)), draw(index_types()))
    return Case((*ends, num), ulps=4, scale=200)


@st.composite
def one_hots(draw):
    kind = dtypes.DTYPES[draw(st.sampled_from(["uint8", "int32", "int64"]))].numpy
    shape = draw(shapes(max_dims=3))
    low = 0 if kind == np.uint8 else -2
    indices = np.array(
        draw(
            st.lists(
                st.integers(low, 6),
                min_size=int(np.prod(shape)),
                max_size=int(np.prod(shape)),
            )
        ),
        kind,
    ).reshape(shape)
    name = draw(types(("bool", "int32", "float32", "float64", "complex64")))
    on, off = draw(elements((), name)), draw(elements((), name))
    depth = np.array(draw(st.integers(0, 5)), np.int32)
    return Case((indices, depth, on, off), {"axis": draw(st.integers(-1, len(shape)))}, ulps=0)


CASES = {
    "Fill": fills(),
    "ZerosLike": arrays_of(EVERY).map(lambda x: Case((x,))),
    "OnesLike": arrays_of(("bool", *NUMBERS)).map(lambda x: Case((x,))),
    "Range": ranges(),
    "LinSpace": lin_spaces(),
    "OneHot": one_hots(),
}


def test_a_negative_size_cannot_be_filled():
    with pytest.raises(InvalidArgumentError, match="Dimension -1 must be >= 0"):
        fill_op.body(np.array([2, -1]), np.float32(0))


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-9, 9))
def test_range_counts_as_pythons(start, limit, delta):
    assume(delta and (limit - start) * delta >= 0)
    bounds = [np.array(each, np.int32) for each in (start, limit, delta)]

    assert range_op.body(*bounds).tolist() == list(range(start, limit, delta))


@pytest.mark.parametrize(
    ("bounds", "phrase"),
    [
        ((0, 5, 0), "Requires delta != 0"),
        ((5, 3, 1), "Requires start <= limit when delta > 0: 5/3"),
        ((3, 5, -1), "Requires start >= limit when delta < 0: 3/5"),
    ],
)
def test_range_refuses_steps_that_lead_away(bounds, phrase):
    import minitf as tf

    with pytest.raises(InvalidArgumentError, match=phrase):
        range_op.body(*map(np.asarray, bounds))
    with pytest.raises(ValueError, match=phrase):
        tf.range(*bounds)


def test_lin_space_ends_exactly_at_its_stop():
    ends = np.float32(0.1), np.float32(0.7)

    assert lin_space_op.body(*ends, np.int32(7))[[0, -1]].tolist() == list(map(float, ends))


def test_a_hot_place_out_of_range_is_nowhere():
    hot = one_hot_op.body(np.array([1, -1, 3]), np.int32(3), np.int32(1), np.int32(0))

    assert hot.tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 0]]
