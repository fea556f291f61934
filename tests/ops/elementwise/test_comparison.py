"""Comparisons and logic: cases, the laws of order and of truth, NaN."""

import numpy as np
import pytest
from cases import Case
from elementwise_cases import of_one, of_two
from hypothesis import given
from hypothesis import strategies as st
from strategies import anything, broadcastable, dtype_names, whole

from minitf import dtypes, ops
from minitf.dtypes import FLOATS, NUMBERS, QUANTIZED, REAL_NUMBERS, as_dtype, types
from minitf.errors import InvalidArgumentError

COMPARABLE = (NUMBERS - QUANTIZED) | types("bool", "string")
TRUTHS = types("bool")


@st.composite
def equalities(draw):
    dtype, fits = as_dtype(draw(dtype_names(COMPARABLE))), {"incompatible_shape_error": True}
    if dtype is dtypes.string:
        x, y = (draw(anything(shape, "string")) for shape in draw(broadcastable()))
        return Case((x, y), fits)
    case = draw(of_two(dtypes.TypeSet({dtype}), -1, 1, smooth=False))
    return Case(tuple(np.round(x) if x.dtype.kind == "f" else x for x in case.inputs), fits)


@st.composite
def nearly_equal(draw):
    case = draw(of_two(REAL_NUMBERS, same_shape=True, smooth=False))
    return Case(case.inputs, {"tolerance": 0.5}, oracle=case.oracle)


@st.composite
def any_floats(draw):
    dtype = as_dtype(draw(dtype_names(FLOATS)))
    return Case((draw(anything((4,), dtype)),))


CASES = {
    "Equal": equalities(),
    "NotEqual": equalities(),
    **{
        name: of_two(REAL_NUMBERS, -2, 2, smooth=False)
        for name in ("Less", "LessEqual", "Greater", "GreaterEqual")
    },
    "LogicalAnd": of_two(TRUTHS, 0, 1, smooth=False),
    "LogicalOr": of_two(TRUTHS, 0, 1, smooth=False),
    "LogicalNot": of_one(TRUTHS, 0, 1, smooth=False),
    **{name: any_floats() for name in ("IsNan", "IsInf", "IsFinite")},
    "ApproximateEqual": nearly_equal(),
}


@given(x=anything((4,), "float32"), y=anything((4,), "float32"))
def test_numbers_are_less_equal_or_greater_unless_one_is_nan(x, y):
    ordered = [op.body(x, y) for op in (ops.less_op, ops.equal_op, ops.greater_op)]
    has_nan = ops.is_nan_op.body(x) | ops.is_nan_op.body(y)

    np.testing.assert_array_equal(np.sum(ordered, axis=0), np.where(has_nan, 0, 1))
    np.testing.assert_array_equal(ops.not_equal_op.body(x, y), ~ops.equal_op.body(x, y))


@given(x=whole((5,), bool, 0, 1), y=whole((5,), bool, 0, 1))
def test_negation_turns_and_into_or(x, y):
    turn = ops.logical_not_op.body

    np.testing.assert_array_equal(
        turn(ops.logical_and_op.body(x, y)), ops.logical_or_op.body(turn(x), turn(y))
    )


def test_shapes_that_do_not_fit_are_an_error_or_simply_unequal():
    x, y = np.zeros(2), np.zeros(3)

    assert not ops.equal_op.body(x, y, incompatible_shape_error=False)
    assert ops.not_equal_op.body(x, y, incompatible_shape_error=False)
    with pytest.raises(InvalidArgumentError, match="Incompatible shapes"):
        ops.equal_op.body(x, y)


def test_near_numbers_are_of_one_shape():
    with pytest.raises(InvalidArgumentError, match="must be of the same shape"):
        ops.approximate_equal_op.body(np.zeros(2), np.zeros(1))
