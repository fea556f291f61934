"""ReverseV2, Reverse, ReverseSequence, Roll: cases, laws, messages."""

import numpy as np
import pytest
from array_cases import COMMON, arrays_of, elements, index_types, moving, types
from hypothesis import given
from hypothesis import strategies as st
from strategies import shapes, whole

from minitf.errors import InvalidArgumentError
from minitf.ops.array.reversing import reverse_sequence_op, reverse_v2_op, roll_op


@st.composite
def reversals(draw, *, marks=False):
    x = draw(elements(draw(shapes()), draw(types(COMMON))))
    chosen = [draw(st.booleans()) for _ in range(x.ndim)]
    if marks:
        oracle = "" if x.size else "TensorFlow's kernel refuses arrays without elements"
        return moving((x, np.array(chosen, bool)), oracle=oracle)
    signed = [i - draw(st.sampled_from([0, x.ndim])) for i in np.flatnonzero(chosen).tolist()]
    return moving((x, np.array(signed, draw(index_types()))))


@st.composite
def sequences(draw):
    shape = draw(shapes(min_dims=2, max_dims=4))
    seq_dim, batch_dim = draw(st.permutations(range(len(shape))))[:2]
    x = draw(elements(shape, draw(types(("bool", "int32", "float32", "float64", "complex64")))))
    lengths = [draw(st.integers(0, shape[seq_dim])) for _ in range(shape[batch_dim])]
    attrs = {"seq_dim": seq_dim, "batch_dim": batch_dim}
    return moving((x, np.array(lengths, draw(index_types()))), attrs)


@st.composite
def rolls(draw):
    x = draw(elements(draw(shapes(min_dims=1)), draw(types())))
    count = draw(st.integers(1, 3))
    shifts = [draw(st.integers(-5, 5)) for _ in range(count)]
    axes = [draw(st.integers(-x.ndim, x.ndim - 1)) for _ in range(count)]
    if count == 1 and draw(st.booleans()):
        (shifts,), (axes,) = shifts, axes
    return moving((x, np.array(shifts, draw(index_types())), np.array(axes, draw(index_types()))))


CASES = {
    "ReverseV2": reversals(),
    "Reverse": reversals(marks=True),
    "ReverseSequence": sequences(),
    "Roll": rolls(),
}


@given(x=arrays_of(("int32",), min_dims=1))
def test_reversing_twice_changes_nothing(x):
    axis = np.array([0])

    np.testing.assert_array_equal(reverse_v2_op.body(reverse_v2_op.body(x, axis), axis), x)


@given(x=whole((3, 5)), shift=st.integers(-9, 9))
def test_rolling_back_changes_nothing(x, shift):
    there = roll_op.body(x, np.array(shift), np.array(1))

    np.testing.assert_array_equal(roll_op.body(there, np.array(-shift), np.array(1)), x)


def test_each_sequence_is_turned_up_to_its_length():
    x = np.array([[1, 2, 3, 4], [5, 6, 7, 8]])

    turned = reverse_sequence_op.body(x, np.array([3, 0]), seq_dim=1)
    assert turned.tolist() == [[3, 2, 1, 4], [5, 6, 7, 8]]


def test_what_reversing_refuses():
    x = np.zeros((2, 3))
    with pytest.raises(InvalidArgumentError, match=r"'axis'\[0\] = 2 is out of valid range \[0, 1"):
        reverse_v2_op.body(x, np.array([2]))
    with pytest.raises(InvalidArgumentError, match=r"axis 1 specified more than once"):
        reverse_v2_op.body(x, np.array([1, -1]))
    with pytest.raises(InvalidArgumentError, match=r"seq_lens\(1\) > input.dims\(1\)"):
        reverse_sequence_op.body(x, np.array([3, 4]), seq_dim=1)
    with pytest.raises(InvalidArgumentError, match="batch_dim == seq_dim == 0"):
        reverse_sequence_op.body(x, np.array([1, 1]), seq_dim=0)
    with pytest.raises(InvalidArgumentError, match="shift and axis must have the same size"):
        roll_op.body(x, np.array([1, 2]), np.array([0]))
