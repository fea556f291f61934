"""Sparse probabilities and their loss (tf.contrib.sparsemax)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

import minitf as tf
from minitf.contrib.sparsemax import sparsemax, sparsemax_loss
from minitf.testing.strategies import real


@pytest.fixture(scope="module")
def values():
    """Return a function of scores: their probabilities, the loss for class 0, its gradient."""
    with tf.Graph().as_default():
        z = tf.placeholder(tf.float64, [None, None])
        p = sparsemax(z)
        first = tf.one_hot(tf.zeros_like(z[:, 0], tf.int32), tf.shape(z)[1], dtype=z.dtype)
        loss = sparsemax_loss(z, p, first)
        session = tf.Session()
        function = session.make_callable([p, loss, tf.gradients(loss, z)[0]], [z])
    yield function
    session.close()


@given(z=real((2, 5), np.float64))
def test_the_probabilities_are_the_nearest_to_the_scores(values, z):
    p, loss, gradient = values(z)
    taus = z - p  # one number where p is not 0, and no greater score elsewhere

    np.testing.assert_allclose(p.sum(1), 1)
    assert (p >= 0).all()
    for row, tau, own in zip(p, taus, z, strict=True):
        np.testing.assert_allclose(tau[row > 0], tau[row.argmax()], atol=1e-9)
        assert (own[row == 0] <= tau[row.argmax()] + 1e-9).all()
    np.testing.assert_allclose(gradient, p - [1, 0, 0, 0, 0], atol=1e-9)
    assert (loss >= -1e-9).all()


def test_a_score_of_minus_infinity_has_no_probability(values):
    p, loss, _ = values([[0.5, -np.inf, 0.5]])

    assert p.tolist() == [[0.5, 0, 0.5]]
    assert np.isfinite(loss).all()
