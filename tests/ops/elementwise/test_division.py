"""Quotients and remainders: cases, the law that joins them, zeros."""

import numpy as np
import pytest
from cases import Case
from elementwise_cases import of_two
from hypothesis import given
from hypothesis import strategies as st
from strategies import dtype_names, real, shapes, whole

from minitf import ops
from minitf.dtypes import COMPLEX, INTEGERS, as_dtype
from minitf.errors import InvalidArgumentError


def types_of(name):
    return ops.find_op(name).attrs["T"].allowed


def quotients(name, **options):
    """Draw divisors >= 1."""
    return of_two(types_of(name), lowest=1, high=8, **options)


def steps(name):
    """Draw whole numbers: the quotient of reals may round across a step elsewhere."""
    return dtype_names(types_of(name) - COMPLEX).flatmap(lambda n: whole_quotient(as_dtype(n)))


@st.composite
def whole_quotient(draw, dtype):
    low = 0 if dtype.numpy.kind == "u" else -8
    x = draw(whole((3, 2), dtype.numpy, low, 8))
    y = draw(whole(draw(st.sampled_from([(3, 2), (2,), ()])), dtype.numpy, 1, 5))
    if dtype.numpy.kind != "u":
        y = (y * draw(st.sampled_from([-1, 1]))).astype(dtype.numpy)
    return Case((x, y), ulps=0)


@st.composite
def broken_remainders(draw):
    """Draw numbers whose quotient lies well between whole numbers: derivatives exist."""
    shape = draw(shapes(0, 2))
    y = draw(whole(shape, np.float64, 1, 5)) * draw(st.sampled_from([-1, 1]))
    quotient = draw(whole(shape, np.float64, -3, 3)) + draw(real(shape, low=0.25, high=0.75))
    return Case((quotient * y, y), scale=20, smooth=True)


def remainders(name):
    return st.one_of(steps(name), broken_remainders())


CASES = {
    "Div": quotients("Div"),
    "RealDiv": quotients("RealDiv"),
    "TruncateDiv": steps("TruncateDiv"),
    "FloorDiv": steps("FloorDiv"),
    "FloorMod": remainders("FloorMod"),
    "Mod": remainders("Mod"),
    "TruncateMod": remainders("TruncateMod"),
    "DivNoNan": quotients("DivNoNan"),
    "MulNoNan": of_two(types_of("MulNoNan"), scale=16),
}

ALL_INTEGERS = [ops.div_op, ops.truncate_div_op, ops.floor_div_op, ops.floor_mod_op]


@pytest.mark.parametrize("op", [*ALL_INTEGERS, ops.mod_op], ids=lambda op: op.name)
def test_integers_are_not_divided_by_zero(op):
    with pytest.raises(InvalidArgumentError, match="Integer division by zero"):
        op.body(np.int32([1, 2]), np.int32([1, 0]))


@given(data=st.data())
def test_quotient_times_divisor_plus_remainder_is_the_number(data):
    dtype = as_dtype(data.draw(dtype_names(INTEGERS))).numpy
    x, y = data.draw(whole((4,), dtype, 0, 8)), data.draw(whole((4,), dtype, 1, 5))
    if dtype.kind == "i":
        x, y = x * data.draw(whole((4,), dtype, -1, 1)), y * data.draw(st.sampled_from([-1, 1]))
    for divide, remainder in (
        (ops.floor_div_op, ops.floor_mod_op),
        (ops.truncate_div_op, np.fmod),
    ):
        rest = getattr(remainder, "body", remainder)(x, y)

        np.testing.assert_array_equal(divide.body(x, y) * y + rest, x)


def test_floor_rounds_down_and_truncation_towards_zero():
    x, y = np.int32([7, -7, 7, -7]), np.int32([2, 2, -2, -2])

    assert ops.floor_div_op.body(x, y).tolist() == [3, -4, -4, 3]
    assert ops.truncate_div_op.body(x, y).tolist() == [3, -3, -3, 3]
    assert ops.floor_mod_op.body(x, y).tolist() == [1, 1, -1, -1]


@given(x=whole((3,), np.int64, -(2**62), 2**62), y=whole((3,), np.int64, 1, 9))
def test_large_integers_are_divided_exactly(x, y):
    expected = [abs(int(a)) // int(b) * (1 if a >= 0 else -1) for a, b in zip(x, y, strict=True)]

    assert ops.truncate_div_op.body(x, y).tolist() == expected


def test_no_nan_division_of_anything_by_zero_is_zero():
    x = np.float32([0, 1, np.inf, np.nan])
    with np.errstate(all="ignore"):
        assert ops.div_no_nan_op.body(x, np.zeros(4, np.float32)).tolist() == [0, 0, 0, 0]
        assert ops.mul_no_nan_op.body(x, np.zeros(4, np.float32)).tolist() == [0, 0, 0, 0]
