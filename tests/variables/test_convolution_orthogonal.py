"""Initial values of convolutions that keep the norm of what they read."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.variables import convolution_orthogonal

KINDS = {
    "ConvolutionOrthogonal1D": ((3, 2, 4), "three"),
    "ConvolutionOrthogonal2D": ((3, 3, 2, 3), "four"),
    "ConvolutionOrthogonal3D": ((2, 2, 2, 2, 2), "five"),
    "ConvolutionDeltaOrthogonal": ((3, 4, 2, 4), "at least three"),
}


def drawn(kind, shape, **options):
    with tf.Graph().as_default(), tf.Session() as session:
        return session.run(getattr(convolution_orthogonal, kind)(seed=1, **options)(shape))


@pytest.mark.parametrize("kind", KINDS)
def test_a_convolution_on_a_torus_keeps_the_norm(kind):
    shape, _ = KINDS[kind]
    kernel = drawn(kind, shape, gain=2.0, dtype=tf.float64)
    rank, n = len(shape) - 2, 5
    x = np.random.default_rng(0).normal(size=[n] * rank + [shape[-2]])
    axes = tuple(range(rank))
    spectrum = np.fft.fftn(kernel, [n] * rank, axes)
    product = (np.fft.fftn(x, axes=axes)[..., None, :] @ spectrum)[..., 0, :]
    y = np.fft.ifftn(product, axes=axes)

    np.testing.assert_allclose(np.linalg.norm(y), 2.0 * np.linalg.norm(x), rtol=1e-12)


@pytest.mark.tensorflow
@pytest.mark.parametrize("kind", KINDS)
def test_the_numbers_are_tensorflows(kind, tensorflow):
    from tensorflow.python.ops import init_ops

    shape, _ = KINDS[kind]
    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        theirs = session.run(getattr(init_ops, kind)(seed=1)(shape))

    np.testing.assert_allclose(drawn(kind, shape), theirs, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_other_shapes_and_types_are_refused(kind):
    shape, rank = KINDS[kind]
    make = getattr(convolution_orthogonal, kind)
    with pytest.raises(ValueError, match=f"The tensor to initialize must be {rank}-dimensional"):
        make()((2, 3))
    with pytest.raises(ValueError, match="In_filters cannot be greater than out_filters"):
        make()((*shape[:-2], 5, 4))
    with pytest.raises(ValueError, match="Expected floating point type"):
        make(dtype=tf.int32)
    assert make.from_config(make(2.0, 3).get_config()).get_config() == make(2.0, 3).get_config()


def test_windows_must_be_squares_and_may_have_one_tap():
    with pytest.raises(ValueError, match="Kernel sizes must be equal"):
        convolution_orthogonal.ConvolutionOrthogonal2D()((3, 2, 2, 2))
    one = drawn("ConvolutionOrthogonal2D", (1, 1, 2, 2))[0, 0]

    np.testing.assert_allclose(one @ one.T, np.eye(2), atol=1e-6)
