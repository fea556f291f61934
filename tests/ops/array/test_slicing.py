"""Slice, StridedSlice, StridedSliceGrad: cases against NumPy's indexing, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.array.slicing import slice_op, strided_slice_grad_op, strided_slice_op
from minitf.testing.cases.array.slicing import indices
from minitf.testing.strategies import shapes


@given(data=st.data())
def test_a_strided_slice_is_numpys(data):
    shape = data.draw(shapes())
    index, rows, masks = data.draw(indices(shape))
    x = np.arange(np.prod(shape)).reshape(shape)
    bounds = [np.array([row[i] for row in rows], np.int32) for i in range(3)]

    np.testing.assert_array_equal(strided_slice_op.body(x, *bounds, **masks), x[index])


@given(data=st.data())
def test_a_tensor_is_indexed_as_an_array(data):
    import minitf as tf

    shape = data.draw(shapes())
    index, _, _ = data.draw(indices(shape))
    x = np.arange(np.prod(shape)).reshape(shape)
    with tf.Graph().as_default(), tf.Session() as session:
        t = tf.placeholder(tf.int64, data.draw(st.sampled_from([shape, [None] * len(shape), None])))
        made = t[index]
        got = session.run(made, {t: x})

    np.testing.assert_array_equal(got, x[index])
    assert made.shape.is_compatible_with(got.shape)


@pytest.mark.parametrize(
    ("begin", "size", "phrase"),
    [
        ([4, 0], [1, 1], r"Expected begin\[0\] in \[0, 2\], but got 4"),
        ([1, 0], [2, 1], r"Expected size\[0\] in \[0, 1\], but got 2"),
        ([0], [1], "Expected begin and size arguments to be 1-D tensors of size 2"),
    ],
)
def test_a_rectangle_lies_inside(begin, size, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        slice_op.body(np.zeros((2, 3)), np.array(begin), np.array(size))


def strided_slice(x, begin, end, strides, **masks):
    return strided_slice_op.body(x, np.array(begin), np.array(end), np.array(strides), **masks)


def test_what_an_index_must_not_do():
    x = np.zeros((2, 3))
    with pytest.raises(InvalidArgumentError, match="slice index 2 of dimension 0 out of bounds"):
        strided_slice(x, [2], [3], [1], shrink_axis_mask=1)
    with pytest.raises(InvalidArgumentError, match=r"strides\[0\] must be non-zero"):
        strided_slice(x, [0], [1], [0])
    with pytest.raises(InvalidArgumentError, match="only stride 1 allowed on non-range indexing"):
        strided_slice(x, [0], [1], [-1], shrink_axis_mask=1)
    with pytest.raises(InvalidArgumentError, match="Multiple ellipses in slice spec not allowed"):
        strided_slice(x, [0, 0], [0, 0], [1, 1], ellipsis_mask=3)
    with pytest.raises(
        InvalidArgumentError, match="Index out of range using input dim 2; input has only 2 dims"
    ):
        strided_slice(x, [0, 0, 0], [1, 1, 1], [1, 1, 1])


def test_a_gradient_of_another_shape_is_refused():
    one = np.array([1])
    with pytest.raises(InvalidArgumentError, match=r"shape of dy was \[2\] instead of \[1\]"):
        strided_slice_grad_op.body(np.array([3]), one - 1, one, one, np.zeros(2))
