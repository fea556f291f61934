"""Reshape, ExpandDims, Squeeze: cases, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.array.reshape import expand_dims_op, reshape_op, squeeze_op
from minitf.testing.array_cases import arrays_of


@given(x=arrays_of(), data=st.data())
def test_squeeze_undoes_expand_dims(x, data):
    dim = data.draw(st.integers(-x.ndim - 1, x.ndim))
    there = expand_dims_op.body(x, np.array(dim))

    assert (
        squeeze_op.body(there, squeeze_dims=(dim,)).tolist() == x.tolist() or x.dtype.kind in "fcV"
    )
    assert squeeze_op.body(there, squeeze_dims=(dim,)).shape == x.shape


def test_an_empty_array_leaves_the_free_size_to_its_other_sizes():
    assert reshape_op.body(np.zeros((0, 3)), np.array([0, -1])).shape == (0, 3)
    assert reshape_op.body(np.zeros((0, 3)), np.array([-1, 3])).shape == (0, 3)


@pytest.mark.parametrize(
    ("shape", "phrase"),
    [
        ([4], "Input to reshape is a tensor with 6 values, but the requested shape has 4"),
        ([4, -1], "6 values, but the requested shape requires a multiple of 4"),
        ([-1, -1], "Only one input size may be -1, not both 0 and 1"),
        ([-2, 3], "Size 0 must be non-negative, not -2"),
    ],
)
def test_reshape_keeps_the_number_of_elements(shape, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        reshape_op.body(np.zeros((2, 3)), np.array(shape))


def test_the_same_is_refused_while_the_graph_is_built():
    import minitf as tf

    with pytest.raises(ValueError, match="Cannot reshape a tensor with 6 elements to shape") as got:
        tf.reshape(tf.zeros([2, 3]), [4])
    assert "test_reshape.py" in str(got.value)


def test_squeeze_refuses_other_sizes_than_1():
    with pytest.raises(
        InvalidArgumentError, match=r"Can not squeeze dim\[1\], expected a dimension of 1, got 3"
    ):
        squeeze_op.body(np.zeros((2, 3)), squeeze_dims=(1,))
    with pytest.raises(
        InvalidArgumentError, match="Tried to squeeze dim index 2 for tensor with 2"
    ):
        squeeze_op.body(np.zeros((2, 3)), squeeze_dims=(2,))


def test_expand_dims_tells_the_interval():
    with pytest.raises(InvalidArgumentError, match=r"dim 3 not in the interval \[-3, 2\]"):
        expand_dims_op.body(np.zeros((2, 3)), np.array(3))
