"""Mixtures of distributions: sums over the classes, and samples of them."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.errors import InvalidArgumentError

d = tf.contrib.distributions
P = np.array([0.25, 0.75], np.float32)
LOC, SCALE = np.float32([-1.0, 2.0]), np.float32([0.5, 1.5])


def _mixture(**arguments):
    normals = [d.Normal(loc, scale) for loc, scale in zip(LOC, SCALE, strict=True)]
    return d.Mixture(d.Categorical(probs=P), normals, **arguments)


def _same_family(**arguments):
    return d.MixtureSameFamily(d.Categorical(probs=P), d.Normal(LOC, SCALE), **arguments)


def _value(tensors):
    with tf.Session() as sess:
        return sess.run(tensors)


@pytest.mark.parametrize("make", [_mixture, _same_family])
def test_a_mixture_is_the_weighted_sum_of_its_classes(make):
    mixture, normals = make(validate_args=True), d.Normal(LOC, SCALE)
    x = np.float32([[0.0], [1.0], [-3.0]])
    found = _value(
        [mixture.prob(x[:, 0]), mixture.cdf(x[:, 0]), mixture.mean(), mixture.variance()]
    )
    prob, cdf = _value([normals.prob(x), normals.cdf(x)])
    drawn = _value(mixture.sample(20000, seed=4))

    mean = P @ LOC
    variance = P @ (SCALE**2 + LOC**2) - mean**2
    for value, wanted in zip(found, [prob @ P, cdf @ P, mean, variance], strict=True):
        np.testing.assert_allclose(value, wanted, rtol=1e-5)
    np.testing.assert_allclose(_value(mixture.stddev()), np.sqrt(variance), rtol=1e-5)
    np.testing.assert_allclose(drawn.mean(), mean, atol=0.05)
    np.testing.assert_allclose(drawn.var(), variance, rtol=0.05)
    np.testing.assert_allclose(np.mean(drawn < 0), _value(mixture.cdf(0.0)), atol=0.02)


def test_vectors_mix_with_their_covariances():
    means = np.float64([[0.0, 1.0], [2.0, -1.0]])
    scales = np.float64([[1.0, 2.0], [0.5, 0.5]])
    weights = np.array([0.4, 0.6])
    mixture = d.MixtureSameFamily(
        d.Categorical(probs=weights), d.MultivariateNormalDiag(means, scales)
    )
    mean, covariance, drawn = _value(
        [mixture.mean(), mixture.covariance(), mixture.sample(30000, seed=2)]
    )

    wanted = weights @ means
    apart = means - wanted
    spread = np.diag(weights @ scales**2) + np.einsum("k,ki,kj->ij", weights, apart, apart)
    np.testing.assert_allclose(mean, wanted)
    np.testing.assert_allclose(covariance, spread)
    np.testing.assert_allclose(np.cov(drawn.T), spread, atol=0.12)  # four standard errors
    np.testing.assert_allclose(_value(mixture.variance()), np.diag(spread))
    with pytest.raises(NotImplementedError, match="covariance"):
        _same_family().covariance()


def test_a_batch_of_mixtures_has_the_shapes_of_its_parts():
    logits = np.zeros((3, 2), np.float32)
    normals = [d.Normal(tf.zeros([3]), 1.0), d.Normal(tf.ones([3]), 2.0)]
    of_list = d.Mixture(d.Categorical(logits), normals)
    of_batch = d.MixtureSameFamily(d.Categorical(logits), d.Normal(tf.zeros([3, 2]), 1.0))
    shared = d.MixtureSameFamily(d.Categorical(probs=P), d.Normal(tf.zeros([3, 1]) + LOC, 0.01))

    for mixture in (of_list, of_batch, shared):
        assert mixture.batch_shape == [3]
        assert mixture.event_shape == []
        assert mixture.sample([4, 5]).shape == [4, 5, 3]
        assert mixture.mean().shape == mixture.variance().shape == [3]
        assert mixture.log_prob(tf.zeros([3])).shape == [3]
    drawn = _value(shared.sample(400, seed=1))
    assert np.any((drawn < 0).any(1) & (drawn > 0).any(1))


def test_the_lower_bound_of_the_entropy_is_that_of_the_classes():
    bound, entropies = _value([_mixture().entropy_lower_bound(), d.Normal(LOC, SCALE).entropy()])

    np.testing.assert_allclose(bound, P @ entropies, rtol=1e-6)


def test_parts_that_do_not_fit_are_refused():
    classes, normal = d.Categorical(probs=P), d.Normal(0.0, 1.0)

    with pytest.raises(TypeError, match="must be a Categorical"):
        d.Mixture(normal, [normal])
    with pytest.raises(ValueError, match="non-empty"):
        d.Mixture(classes, [])
    with pytest.raises(TypeError, match="list or tuple"):
        d.Mixture(classes, {normal})
    with pytest.raises(TypeError, match="must be Distribution instances"):
        d.Mixture(classes, [normal, 1])
    with pytest.raises(TypeError, match="same dtype"):
        d.Mixture(classes, [normal, d.Normal(np.float64(0), np.float64(1))])
    with pytest.raises(ValueError, match="num_classes != len"):
        d.Mixture(classes, [normal])
    with pytest.raises(ValueError, match="not over integers"):
        d.MixtureSameFamily(d.Categorical(probs=P, dtype=tf.float32), d.Normal(LOC, 1.0))
    with pytest.raises(ValueError, match="does not equal"):
        d.MixtureSameFamily(classes, d.Normal(tf.zeros([3]), 1.0))
    with pytest.raises(ValueError, match="batch_shape"):
        d.MixtureSameFamily(d.Categorical(np.zeros((4, 2), "f")), d.Normal(tf.zeros([3, 2]), 1.0))
    held = tf.placeholder_with_default(np.zeros(3, np.float32), [None])
    mixture = d.Mixture(
        d.Categorical(np.zeros((2, 2), np.float32)), [d.Normal(held, 1.0)] * 2, validate_args=True
    )
    with pytest.raises(InvalidArgumentError, match="batch shape must match"):
        _value(mixture.mean())
