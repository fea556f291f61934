"""Split, SplitV, Pack, Unpack: cases, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.array.joining import concat_v2_op
from minitf.ops.array.splitting import pack_op, split_op, split_v_op, unpack_op
from minitf.testing.strategies import whole


@given(x=whole((4, 6)), axis=st.sampled_from([-2, -1, 0, 1]))
def test_joining_what_was_split_gives_it_back(x, axis):
    parts = split_op.body(np.array(axis), x, num_split=2)

    np.testing.assert_array_equal(concat_v2_op.body(parts, np.array(axis)), x)


@given(x=whole((3, 4, 5)), axis=st.integers(-3, 2))
def test_packing_what_was_unpacked_gives_it_back(x, axis):
    parts = unpack_op.body(x, num=x.shape[axis], axis=axis)

    np.testing.assert_array_equal(pack_op.body(parts, axis=axis), x)


def test_the_parts_must_be_equal():
    with pytest.raises(
        InvalidArgumentError,
        match=r"evenly divide the split dimension, but got split_dim 0 \(size = 5\) and num_split",
    ):
        split_op.body(np.array(0), np.zeros(5), num_split=2)


def test_the_sizes_must_add_up():
    with pytest.raises(InvalidArgumentError, match=r"Determined shape must either match .*Got: 4"):
        split_v_op.body(np.zeros(5), np.array([1, 3]), np.array(0), num_split=2)
    with pytest.raises(InvalidArgumentError, match="There can only be one -1"):
        split_v_op.body(np.zeros(5), np.array([-1, -1]), np.array(0), num_split=2)


def test_shapes_to_pack_must_match():
    import minitf as tf

    with pytest.raises(
        InvalidArgumentError, match=r"values\[0\].shape = \[2\] != values\[1\].shape = \[3\]"
    ):
        pack_op.body([np.zeros(2), np.zeros(3)])
    with pytest.raises(ValueError, match="From merging shape 0 with other shapes"):
        tf.stack([tf.zeros([2]), tf.zeros([3])])


def test_a_part_that_is_not_used_has_gradient_zero():
    import minitf as tf

    x = tf.constant([1.0, 2.0, 3.0, 4.0])
    (grad,) = tf.gradients(tf.split(x, 2)[1] * 5.0, x)
    with tf.Session() as session:
        assert session.run(grad).tolist() == [0, 0, 5, 5]
