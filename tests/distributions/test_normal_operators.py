"""Vectors of normal numbers scaled by linear operators, of every kind."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.errors import InvalidArgumentError

of = tf.linalg
LOC = np.array([1.0, -1.0, 0.5])
U = np.array([[1.0], [0.5], [-1.0]])
TRIANGLE = np.array([[2.0, 0, 0], [-1.0, 0.5, 0], [0.25, 1.0, 1.5]])
COVARIANCE = TRIANGLE @ TRIANGLE.T
FACTORS = np.array([0.5, 2.0, 1.5])
KINDS = {
    "Diag": (lambda d: d.MultivariateNormalDiag(LOC, FACTORS), np.diag(FACTORS**2)),
    "Diag of the identity": (lambda d: d.MultivariateNormalDiag(LOC), np.eye(3)),
    "Diag of a multiple": (
        lambda d: d.MultivariateNormalDiag(LOC, scale_identity_multiplier=2.0),
        4 * np.eye(3),
    ),
    "Diag of both": (
        lambda d: d.MultivariateNormalDiag(LOC, FACTORS, 1.0),
        np.diag((FACTORS + 1) ** 2),
    ),
    "DiagWithSoftplusScale": (
        lambda d: d.MultivariateNormalDiagWithSoftplusScale(LOC, FACTORS),
        np.diag(np.log1p(np.exp(FACTORS)) ** 2),
    ),
    "DiagPlusLowRank": (
        lambda d: d.MultivariateNormalDiagPlusLowRank(
            LOC, FACTORS, scale_perturb_factor=U, scale_perturb_diag=np.array([0.5])
        ),
        np.linalg.matrix_power(np.diag(FACTORS) + 0.5 * U @ U.T, 2),
    ),
    "TriL": (lambda d: d.MultivariateNormalTriL(LOC, TRIANGLE), COVARIANCE),
    "TriL of the identity": (lambda d: d.MultivariateNormalTriL(LOC), np.eye(3)),
    "FullCovariance": (
        lambda d: d.MultivariateNormalFullCovariance(LOC, COVARIANCE, validate_args=True),
        COVARIANCE,
    ),
    "LinearOperator": (
        lambda d: d.MultivariateNormalLinearOperator(
            LOC, of.LinearOperatorFullMatrix(TRIANGLE, is_non_singular=True)
        ),
        COVARIANCE,
    ),
}


def _value(make):
    with tf.Graph().as_default(), tf.Session() as sess:
        return sess.run(make(tf.contrib.distributions))


@pytest.mark.parametrize("kind", KINDS)
def test_a_scale_gives_the_covariance_and_the_probabilities_that_go_with_it(kind):
    make, covariance = KINDS[kind]
    x = np.random.default_rng(3).normal(size=(4, 2, 3))
    statistics = ("mean", "mode", "covariance", "variance", "stddev", "entropy")
    mean, mode, found, variance, stddev, entropy = _value(
        lambda d: [getattr(make(d), each)() for each in statistics]
    )
    log_prob = _value(lambda d: make(d).log_prob(x))

    off = x - LOC
    exponents = np.einsum("abi,ij,abj->ab", off, np.linalg.inv(covariance), off)
    norm = 1.5 * np.log(2 * np.pi) + 0.5 * np.log(np.linalg.det(covariance))
    np.testing.assert_allclose(log_prob, -0.5 * exponents - norm, rtol=1e-5)
    np.testing.assert_allclose(found, covariance, rtol=1e-5)
    np.testing.assert_allclose(variance, np.diag(covariance), rtol=1e-5)
    np.testing.assert_allclose(stddev, np.sqrt(np.diag(covariance)), rtol=1e-5)
    np.testing.assert_allclose(entropy, norm + 1.5, rtol=1e-5)
    np.testing.assert_allclose([mean, mode], [LOC, LOC])


def test_samples_have_the_mean_and_the_covariance():
    drawn = _value(lambda d: d.MultivariateNormalTriL(LOC, TRIANGLE).sample(20000, seed=3))

    np.testing.assert_allclose(drawn.mean(0), LOC, atol=0.06)
    np.testing.assert_allclose(np.cov(drawn.T), COVARIANCE, atol=0.2)


def test_divergences_are_those_of_the_covariances():
    other = np.diag([1.0, 2.0, 0.5])
    found, nothing, diagonal = _value(
        lambda d: [
            d.MultivariateNormalTriL(LOC, TRIANGLE).kl_divergence(
                d.MultivariateNormalFullCovariance(0 * LOC, other)
            ),
            KINDS["TriL"][0](d).kl_divergence(KINDS["FullCovariance"][0](d)),
            d.MultivariateNormalDiag(LOC, FACTORS).kl_divergence(
                d.MultivariateNormalTriL(0 * LOC, np.diag(np.sqrt(np.diag(other))))
            ),
        ]
    )

    def wanted(covariance):
        squares = np.trace(np.linalg.solve(other, covariance)) + LOC @ np.linalg.solve(other, LOC)
        return 0.5 * (squares - 3 + np.log(np.linalg.det(other) / np.linalg.det(covariance)))

    np.testing.assert_allclose(found, wanted(COVARIANCE), rtol=1e-6)
    np.testing.assert_allclose(nothing, 0, atol=1e-6)
    np.testing.assert_allclose(diagonal, wanted(np.diag(FACTORS**2)), rtol=1e-6)


def test_means_and_scales_broadcast_to_a_batch():
    loc = np.zeros((2, 1, 3))
    with tf.Graph().as_default():
        made = tf.contrib.distributions.MultivariateNormalTriL(loc, np.stack([TRIANGLE] * 4))
        drawn = made.sample(5)

        assert made.batch_shape == [2, 4]
        assert made.event_shape == [3]
        assert drawn.shape == [5, 2, 4, 3]
        assert made.covariance().shape == [2, 4, 3, 3]
        assert made.scale.shape == [4, 3, 3]


def test_a_scale_that_does_not_fit_is_refused():
    d = tf.contrib.distributions

    with pytest.raises(ValueError, match="Missing required `scale`"):
        d.MultivariateNormalLinearOperator(LOC)
    with pytest.raises(TypeError, match="floating-point dtype"):
        d.MultivariateNormalLinearOperator(scale=of.LinearOperatorIdentity(2, dtype="complex64"))
    with pytest.raises(ValueError, match="one or both of `loc`"):
        d.MultivariateNormalTriL()
    with pytest.raises(ValueError, match="not compatible"):
        d.MultivariateNormalTriL(np.zeros(2), TRIANGLE)
    with pytest.raises(InvalidArgumentError, match="non-zero diagonal"):
        _value(lambda d: d.MultivariateNormalTriL(LOC, 0 * TRIANGLE, validate_args=True).entropy())
    with pytest.raises(InvalidArgumentError, match="non-zero"):
        _value(lambda d: d.MultivariateNormalDiag(LOC, 0 * LOC, validate_args=True).entropy())
    with pytest.raises(InvalidArgumentError, match="not symmetric"):
        _value(
            lambda d: d.MultivariateNormalFullCovariance(
                LOC, TRIANGLE, validate_args=True
            ).entropy()
        )


def test_the_bijector_of_an_operator_and_its_inverse():
    x = np.random.default_rng(1).normal(size=(2, 3))
    with tf.Graph().as_default(), tf.Session() as sess:
        scale = of.LinearOperatorLowerTriangular(TRIANGLE, is_non_singular=True)
        bijector = tf.contrib.distributions.bijectors.AffineLinearOperator(LOC, scale, True)
        y = bijector.forward(tf.constant(x))
        volumes = bijector.forward_log_det_jacobian(tf.constant(x), 1)
        found, back, volume = sess.run([y, bijector.inverse(tf.identity(y)), volumes])
        plain = tf.contrib.distributions.bijectors.AffineLinearOperator()
        same, nothing = sess.run([plain.forward(x), plain.forward_log_det_jacobian(x, 1)])

    np.testing.assert_allclose(found, x @ TRIANGLE.T + LOC)
    np.testing.assert_allclose(back, x)
    np.testing.assert_allclose(volume, np.log(np.linalg.det(TRIANGLE)))
    np.testing.assert_allclose(same, x)
    assert nothing == 0
    with pytest.raises(TypeError, match=r"not an instance of tf\.LinearOperator"):
        tf.contrib.distributions.bijectors.AffineLinearOperator(scale=TRIANGLE)
    with pytest.raises(ValueError, match="non-singular"):
        tf.contrib.distributions.bijectors.AffineLinearOperator(
            scale=of.LinearOperatorFullMatrix(TRIANGLE), validate_args=True
        )
