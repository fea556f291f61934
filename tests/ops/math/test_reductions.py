"""Reductions: cases, empty and repeated axes, the bound on sums, what integers do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.errors import GraphBuildError, InvalidArgumentError
from minitf.shapes import UNKNOWN
from minitf.testing.strategies import real, whole

ALL = [ops.sum_op, ops.mean_op, ops.prod_op, ops.max_op, ops.min_op, ops.euclidean_norm_op]


@pytest.mark.parametrize("op", ALL, ids=lambda op: op.name)
def test_an_axis_out_of_range_or_given_twice_is_refused(op):
    x = np.zeros((2, 3), np.float32)

    with pytest.raises(InvalidArgumentError, match=r"Invalid reduction dimension \(2 for input"):
        op.body(x, np.int32([2]))
    with pytest.raises(InvalidArgumentError, match="Axes contains duplicate dimension: 1"):
        op.body(x, np.int32([1, -1]))


def test_a_reduction_of_nothing_gives_its_neutral_element():
    nothing, axis = np.zeros((0, 2), np.float32), np.int32(0)
    with np.errstate(invalid="ignore"):
        found = {op.name: op.body(nothing, axis).tolist() for op in ALL}

    assert np.isnan(found.pop("Mean")).all()
    assert found == {
        "Sum": [0, 0],
        "Prod": [1, 1],
        "Max": [-np.inf] * 2,
        "Min": [np.inf] * 2,
        "EuclideanNorm": [0, 0],
    }
    assert ops.all_op.body(nothing > 0, axis).all()
    assert not ops.any_op.body(nothing > 0, axis).any()


@given(x=whole((3, 4), np.float32))
def test_axes_may_be_reduced_one_by_one(x):
    at_once = ops.sum_op.body(x, np.int32([0, 1]))
    one_by_one = ops.sum_op.body(ops.sum_op.body(x, np.int32(1)), np.int32(0))

    assert at_once == one_by_one
    assert ops.max_op.body(x, np.int32([0, 1])) == -ops.min_op.body(-x, np.int32([0, 1]))


@pytest.mark.parametrize("axis", [0, 1])
def test_a_sum_of_many_small_floats_keeps_its_digits_along_any_axis(axis):
    x = np.full((100_000, 2), 0.1, np.float32)
    if axis:
        x = np.ascontiguousarray(x.T)
    exact = 100_000 * float(np.float32(0.1))

    found = ops.sum_op.body(x, np.int32(axis))

    bound = (19 + np.log2(100_000)) * np.finfo(np.float32).eps * exact
    assert np.abs(found.astype(np.float64) - exact).max() <= bound


def test_sixteen_bit_floats_are_summed_in_float32():
    ones = np.ones(4096, np.float16)

    assert ops.sum_op.body(ones, np.int32(0)) == 4096  # in float16, 2048 + 1 is 2048


def test_the_mean_of_integers_is_rounded_towards_zero():
    x = np.int32([[1, 2], [-1, -2]])

    assert ops.mean_op.body(x, np.int32(1)).tolist() == [1, -1]


@given(x=real((2, 3, 2)), keep=st.booleans())
def test_the_gradient_of_a_mean_does_not_need_to_know_shapes_or_axes(x, keep):
    import minitf as tf

    with tf.Graph().as_default(), tf.Session() as session:
        known = tf.constant(x)
        hidden = tf.placeholder(tf.float64)
        axes = tf.placeholder(tf.int32, [2])
        for op in (tf.reduce_mean, tf.reduce_prod, tf.reduce_max):
            of_known = tf.gradients(op(known, [0, 2], keepdims=keep), known)
            of_hidden = tf.gradients(op(hidden, axes, keepdims=keep), hidden)
            one, other = session.run([of_known, of_hidden], {hidden: x, axes: [2, 0]})

            np.testing.assert_allclose(one, other, rtol=1e-14)


def test_the_extreme_shares_its_gradient_among_equals():
    import minitf as tf

    x = tf.constant([[1.0, 3.0, 3.0]])
    with tf.Session() as session:
        (found,) = session.run(tf.gradients(tf.reduce_max(x), x))

    assert found.tolist() == [[0, 0.5, 0.5]]


@pytest.mark.paper("O-02")
def test_shapes_follow_axes_that_are_known_while_building():
    import minitf as tf

    x = tf.placeholder(tf.float32, [None, 3, 5])

    assert tf.reduce_sum(x, 1).shape.as_list() == [None, 5]
    assert tf.reduce_sum(x, [0, -1], keepdims=True).shape.as_list() == [1, 3, 1]
    assert tf.reduce_sum(x, tf.placeholder(tf.int32, [1])).shape.rank is None
    assert tf.reduce_sum(tf.placeholder(tf.float32)).shape.as_list() == []
    with pytest.raises(GraphBuildError, match="Invalid reduction dimension"):
        tf.reduce_sum(x, 3)


def test_the_size_of_an_array_is_a_product_known_while_building():
    import minitf as tf
    from minitf.static_value import static_value

    full, partial = tf.placeholder(tf.float32, [2, 3]), tf.placeholder(tf.float32, [None, 3])

    assert static_value(tf.reduce_prod(tf.shape(full))).item() == 6
    assert static_value(tf.reduce_prod(tf.shape(partial))).item() is UNKNOWN
