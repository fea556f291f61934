"""Complex numbers and their parts: cases, and that the parts make the whole."""

import numpy as np
import pytest
from hypothesis import given

from minitf import dtypes, ops
from minitf.errors import InvalidArgumentError
from minitf.testing.strategies import real


@given(re=real((3,)), im=real((3,)))
def test_the_parts_make_the_whole(re, im):
    z = ops.complex_op.body(re, im, Tout=dtypes.complex128)
    length = ops.complex_abs_op.body(z, Tout=dtypes.float64)
    angle = ops.angle_op.body(z, Tout=dtypes.float64)

    np.testing.assert_array_equal(z, re + 1j * im)
    np.testing.assert_allclose(length * np.exp(1j * angle), z, atol=1e-14)
    np.testing.assert_allclose((ops.conj_op.body(z) * z).real, length**2, rtol=1e-13, atol=1e-300)


def test_parts_that_do_not_fit_are_refused():
    with pytest.raises(InvalidArgumentError, match="Incompatible shapes"):
        ops.complex_op.body(np.zeros(2), np.zeros(3), Tout=dtypes.complex128)


@pytest.mark.tensorflow
@pytest.mark.parametrize("function", ["abs", "angle", "real", "imag", "conj", "square", "sqrt"])
def test_gradients_of_complex_functions_follow_tensorflow(tensorflow, function):
    import minitf

    value = np.array([1 + 2j, -0.5 + 0.25j, 0.5 - 3j])

    def gradient(tf):
        with tf.Graph().as_default(), tf.Session() as session:
            z = tf.constant(value)
            y = getattr(tf, function)(z)
            weights = tf.cast(tf.constant([1.0, 2.0, -0.5]), y.dtype)
            return session.run(tf.gradients(y, z, weights)[0])

    np.testing.assert_allclose(gradient(minitf), gradient(tensorflow), rtol=1e-12)
