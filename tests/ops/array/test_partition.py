"""DynamicPartition, DynamicStitch, ParallelDynamicStitch: cases, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.array.partition import dynamic_partition_op, dynamic_stitch_op
from minitf.testing.strategies import whole


@given(x=whole((5, 2)), to=st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_stitching_what_was_dealt_out_gives_it_back(x, to):
    partitions = np.array(to, np.int32)
    rows = dynamic_partition_op.body(x, partitions, num_partitions=3)
    numbers = dynamic_partition_op.body(np.arange(5, dtype=np.int32), partitions, num_partitions=3)

    np.testing.assert_array_equal(dynamic_stitch_op.body(numbers, rows), x)


def test_the_last_of_several_stays():
    merged = dynamic_stitch_op.body(
        [np.array([0, 1]), np.array(1)], [np.array([1, 2]), np.array(9)]
    )

    assert merged.tolist() == [1, 9]


def test_what_dealing_refuses():
    with pytest.raises(InvalidArgumentError, match=r"partitions\[1\] = 2 is not in \[0, 2\)"):
        dynamic_partition_op.body(np.zeros(2), np.array([0, 2]), num_partitions=2)
    with pytest.raises(InvalidArgumentError, match=r"data.shape must start with partitions.shape"):
        dynamic_partition_op.body(np.zeros(2), np.array([0, 1, 1]), num_partitions=2)
    with pytest.raises(InvalidArgumentError, match=r"data\[0\].shape = \[3\] does not start with"):
        dynamic_stitch_op.body([np.array([0, 1])], [np.zeros(3)])


def test_the_gradient_of_a_part_that_is_not_used_is_zero():
    import minitf as tf

    x = tf.constant([1.0, 2.0, 3.0])
    (grad,) = tf.gradients(tf.dynamic_partition(x, [1, 0, 1], 2)[1] * 7.0, x)
    with tf.Session() as session:
        assert session.run(grad).tolist() == [7, 0, 7]
