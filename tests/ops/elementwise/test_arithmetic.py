"""Add, Sub, Mul, Maximum, Minimum, SquaredDifference, Neg, Abs, Sign: cases and laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.shapes import UNKNOWN
from minitf.static_value import static_value
from minitf.testing.strategies import anything, broadcastable, whole


@given(data=st.data())
def test_addition_commutes_and_subtraction_undoes_it(data):
    x, y = (data.draw(whole(shape, np.int32)) for shape in data.draw(broadcastable()))
    total = ops.add_v2_op.body(x, y)

    np.testing.assert_array_equal(total, ops.add_v2_op.body(y, x))
    np.testing.assert_array_equal(ops.sub_op.body(total, y), np.broadcast_to(x, total.shape))


@pytest.mark.paper("W-04")
def test_integers_wrap_around():
    greatest = np.array([2**31 - 1], np.int32)

    assert ops.add_v2_op.body(greatest, np.int32([1])).tolist() == [-(2**31)]
    assert ops.mul_op.body(greatest, np.int32([2])).tolist() == [-2]
    assert ops.neg_op.body(np.int8([-128])).tolist() == [-128]


def test_strings_are_joined():
    left, right = np.array([b"a", b"b\0"], object), np.array(b"c", object)

    assert ops.add_op.body(left, right).tolist() == [b"ac", b"b\0c"]


@given(x=anything((3,), "float32"), y=anything((3,), "float32"))
def test_an_extreme_with_nan_is_nan_else_one_of_the_two(x, y):
    for op in (ops.maximum_op, ops.minimum_op):
        for found, a, b in zip(op.body(x, y), x, y, strict=True):
            assert np.isnan(found) if np.isnan(a) or np.isnan(b) else found in (a, b)


def test_shapes_that_do_not_fit_are_named_in_a_run():
    with pytest.raises(InvalidArgumentError, match=r"Incompatible shapes: \[2\] vs. \[3\]"):
        ops.add_v2_op.body(np.zeros(2), np.zeros(3))


def test_a_tie_sends_the_gradient_of_the_extreme_to_the_first_input():
    import minitf as tf

    x, y = tf.constant([1.0, 2.0]), tf.constant([1.0, 5.0])
    with tf.Session() as session:
        of_x, of_y = session.run(tf.gradients(tf.maximum(x, y), [x, y]))

    assert (of_x.tolist(), of_y.tolist()) == ([1, 0], [0, 1])


def test_sizes_are_computed_while_the_graph_is_built():
    import minitf as tf

    x = tf.placeholder(tf.float32, [None, 4])
    rows, columns = tf.unstack(tf.shape(x))

    assert static_value(columns * 3 - 2).item() == 10
    assert static_value(tf.maximum(columns, 9) // 2).item() == 4
    assert static_value(rows * columns).item() is UNKNOWN
    assert static_value(rows * 0).item() == 0
    assert static_value(columns // 0).item() is UNKNOWN


def test_a_static_value_that_would_wrap_around_is_not_claimed():
    import minitf as tf

    assert static_value(tf.constant(2**31 - 1) + 1).item() is UNKNOWN
