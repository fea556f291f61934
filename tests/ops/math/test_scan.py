"""Running sums and products, logarithms of sums: a scan ends with the reduction."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.testing.strategies import whole


def test_the_four_kinds_of_running_sum():
    x, axis = np.int32([1, 2, 3]), np.int32(0)

    assert ops.cumsum_op.body(x, axis).tolist() == [1, 3, 6]
    assert ops.cumsum_op.body(x, axis, exclusive=True).tolist() == [0, 1, 3]
    assert ops.cumsum_op.body(x, axis, reverse=True).tolist() == [6, 5, 3]
    assert ops.cumsum_op.body(x, axis, exclusive=True, reverse=True).tolist() == [5, 3, 0]


@given(x=whole((3, 4), np.int64, 1, 4), axis=st.integers(-2, 1))
def test_a_scan_ends_with_the_reduction(x, axis):
    at = np.int32(axis)

    np.testing.assert_array_equal(ops.cumsum_op.body(x, at).take(-1, axis), ops.sum_op.body(x, at))
    np.testing.assert_array_equal(
        ops.cumprod_op.body(x, at, exclusive=True) * x, ops.cumprod_op.body(x, at)
    )


def test_an_axis_out_of_range_is_refused():
    with pytest.raises(InvalidArgumentError, match=r"Expected scan axis in the range \[-1, 1\)"):
        ops.cumsum_op.body(np.zeros(2), np.int32(1))


def test_logarithms_of_running_sums():
    x = np.log(np.float64([1, 2, 4]))
    found = ops.cumulative_logsumexp_op.body(x, np.int32(0))
    from_the_end = ops.cumulative_logsumexp_op.body(x, np.int32(0), exclusive=True, reverse=True)

    np.testing.assert_allclose(found, np.log([1, 3, 7]), rtol=1e-15)
    np.testing.assert_allclose(from_the_end, [np.log(6), np.log(4), -np.inf], rtol=1e-15)


def test_a_sum_that_overflows_has_a_logarithm():
    found = ops.cumulative_logsumexp_op.body(np.float64([1000, 1000]), np.int32(0))

    np.testing.assert_allclose(found, [1000, 1000 + np.log(2)], rtol=1e-15)


def test_the_gradient_of_exclusive_logarithms_of_sums_is_each_terms_share():
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant(np.log(np.float64([1, 2, 4])))
        y = tf.math.cumulative_logsumexp(x, exclusive=True)  # -inf, log 1, log 3
        (grad,) = tf.gradients(y[1:], x)

        np.testing.assert_allclose(session.run(grad), [1 + 1 / 3, 2 / 3, 0], rtol=1e-14)
