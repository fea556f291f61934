"""SpaceToBatch and SpaceToDepth with their reverses: hand-worked examples, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.array.space_batch import batch_to_space_nd_op, space_to_batch_nd_op
from minitf.ops.array.space_depth import depth_to_space_op, space_to_depth_op
from minitf.testing.strategies import whole

NONE = np.zeros((2, 2), int)
BLOCK = np.array([2, 2])


def test_four_pixels_become_four_images():
    image = np.arange(1, 5).reshape(1, 2, 2, 1)

    assert space_to_batch_nd_op.body(image, BLOCK, NONE).ravel().tolist() == [1, 2, 3, 4]
    assert space_to_depth_op.body(image, block_size=2).tolist() == [[[[1, 2, 3, 4]]]]


def test_padding_fills_the_blocks():
    row = np.array([[1, 2, 3]])
    made = space_to_batch_nd_op.body(row, np.array([2]), np.array([[1, 0]]))

    assert made.tolist() == [[0, 2], [1, 3]]


@given(x=whole((2, 3, 5, 2)), top=st.integers(0, 1), left=st.integers(0, 2))
def test_batch_to_space_undoes_space_to_batch(x, top, left):
    blocks, borders = np.array([2, 3]), np.array([[top, 1 - top], [left, 4 - left]])
    batch = space_to_batch_nd_op.body(x, blocks, borders)

    np.testing.assert_array_equal(batch_to_space_nd_op.body(batch, blocks, borders), x)


@given(x=whole((2, 4, 6, 4)))
def test_depth_to_space_undoes_space_to_depth_in_every_layout(x):
    last = space_to_depth_op.body(x, block_size=2)
    np.testing.assert_array_equal(depth_to_space_op.body(last, block_size=2), x)

    first = space_to_depth_op.body(x.transpose(0, 3, 1, 2), block_size=2, data_format="NCHW")
    np.testing.assert_array_equal(first, last.transpose(0, 3, 1, 2))

    lanes = x.reshape(2, 4, 6, 1, 4).transpose(0, 3, 1, 2, 4)
    vectors = space_to_depth_op.body(lanes, block_size=2, data_format="NCHW_VECT_C")
    joined = vectors.transpose(0, 2, 3, 1, 4).reshape(last.shape)
    np.testing.assert_array_equal(joined, last)


def test_what_blocks_refuse():
    x = np.zeros((3, 3, 3))
    with pytest.raises(InvalidArgumentError, match=r"padded_shape\[0\]=3 is not divisible by 2"):
        space_to_batch_nd_op.body(x, BLOCK, NONE)
    with pytest.raises(InvalidArgumentError, match="paddings must be non-negative: -1, 0"):
        space_to_batch_nd_op.body(x, BLOCK, np.array([[-1, 0], [0, 0]]))
    with pytest.raises(InvalidArgumentError, match="block_shape must be positive"):
        space_to_batch_nd_op.body(x, np.array([0, 2]), NONE)
    with pytest.raises(InvalidArgumentError, match="batch size=3 is not divisible by 4"):
        batch_to_space_nd_op.body(x, BLOCK, NONE)
    with pytest.raises(InvalidArgumentError, match=r"cropped_shape\[1\]=-1 must be non-negative"):
        batch_to_space_nd_op.body(np.zeros((4, 1, 1)), BLOCK, np.array([[0, 0], [1, 2]]))
    with pytest.raises(InvalidArgumentError, match="evenly divisible by 2 but is 3"):
        space_to_depth_op.body(np.zeros((1, 3, 4, 1)), block_size=2)
