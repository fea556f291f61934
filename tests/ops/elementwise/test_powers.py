"""Roots, reciprocals and powers: cases, laws, and the gradient of a power at zero."""

import numpy as np
import pytest
from hypothesis import given

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.testing.strategies import real


@given(x=real((3,), low=0.125, high=8))
def test_the_square_of_the_root_is_the_number(x):
    root = ops.sqrt_op.body(x)

    np.testing.assert_allclose(ops.square_op.body(root), x, rtol=1e-15)
    np.testing.assert_allclose(ops.rsqrt_op.body(x) * root, 1, rtol=1e-15)


def test_sixteen_bit_floats_are_rounded_once():
    x = np.float16([3])

    assert ops.rsqrt_op.body(x)[0] == np.float16(1 / np.sqrt(3.0))


def test_an_integer_has_no_negative_power():
    with pytest.raises(
        InvalidArgumentError, match="Integers to negative integer powers are not allowed"
    ):
        ops.pow_op.body(np.int32([2]), np.int32([-1]))


@pytest.mark.parametrize("exponent", [0, 1, 2, 3])
def test_the_gradient_of_a_constant_whole_power_is_finite_everywhere(exponent):
    import minitf as tf

    x = tf.constant([-2.0, 0.0, 3.0])
    with tf.Session() as session:
        (found,) = session.run(tf.gradients(x ** float(exponent), x))

    expected = [exponent * v ** (exponent - 1) if exponent else 0 for v in (-2.0, 0.0, 3.0)]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_the_gradient_of_a_power_by_an_exponent_that_may_be_zero_is_finite():
    import minitf as tf

    x, y = tf.constant([0.0, -1.0, 2.0]), tf.placeholder(tf.float32, [3])
    with tf.Session() as session:
        of_x, of_y = session.run(tf.gradients(x**y, [x, y]), {y: [0, 2, 0]})

    np.testing.assert_allclose(of_x, [0, -2, 0])
    np.testing.assert_allclose(of_y, [0, 0, np.log(2)], rtol=1e-6)
