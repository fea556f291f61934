"""Orthogonal initial values: rows or columns of length 1 at right angles."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf


def drawn(shape, **options):
    with tf.Graph().as_default(), tf.Session() as session:
        return session.run(tf.orthogonal_initializer(seed=3, **options)(shape))


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4), (2, 2, 3, 4), (2, 1, 3)])
def test_columns_or_rows_are_orthonormal(shape):
    matrix = drawn(shape, gain=2.0, dtype=tf.float64).reshape(-1, shape[-1]) / 2
    if matrix.shape[0] < matrix.shape[1]:
        matrix = matrix.T

    np.testing.assert_allclose(matrix.T @ matrix, np.eye(matrix.shape[1]), atol=1e-14)


@pytest.mark.tensorflow
@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (2, 2, 3, 4)])
def test_the_numbers_are_tensorflows(shape, tensorflow):
    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        theirs = session.run(tensorflow.orthogonal_initializer(seed=3)(shape))

    np.testing.assert_allclose(drawn(shape), theirs, atol=1e-6)


def test_a_vector_and_integers_are_refused():
    with pytest.raises(ValueError, match="must be at least two-dimensional"):
        tf.orthogonal_initializer()([3])
    with pytest.raises(ValueError, match="Expected floating point type"):
        tf.orthogonal_initializer(dtype=tf.int32)
