"""ArgMax, ArgMin: cases, ties, empty axes."""

import numpy as np
import pytest
from hypothesis import given

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.testing.strategies import whole


@given(x=whole((3, 5), np.float32, -2, 2))
def test_of_equal_elements_the_first_is_found(x):
    greatest = ops.arg_max_op.body(x, np.int32(1))

    for row, index in zip(x, greatest, strict=True):
        assert row[index] == row.max()
        assert not np.any(row[:index] == row.max())
    np.testing.assert_array_equal(greatest, ops.arg_min_op.body(-x, np.int32(1)))


def test_an_empty_axis_has_no_greatest_element():
    with pytest.raises(InvalidArgumentError, match=r"Reduction axis 1 is empty in shape \[2,0\]"):
        ops.arg_max_op.body(np.zeros((2, 0)), np.int32(-1))


def test_the_axis_shapes_the_result_while_the_graph_is_built():
    import minitf as tf

    x = tf.placeholder(tf.float32, [None, 3, 5])

    assert tf.argmax(x, 1).shape.as_list() == [None, 5]
    assert tf.argmax(x).shape.as_list() == [3, 5]
    assert tf.argmax(x, tf.placeholder(tf.int32, [])).shape.as_list() == [None, None]
    assert tf.argmin(x, -1, output_type=tf.int32).dtype == tf.int32
