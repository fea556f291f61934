"""Bijectors and the distributions that they make."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.errors import InvalidArgumentError

ds = tf.contrib.distributions
bijectors = ds.bijectors
X = np.float32([[-1.5, -0.25], [0.5, 2.0]])
KINDS = {
    "Identity": bijectors.Identity,
    "Exp": bijectors.Exp,
    "Sigmoid": bijectors.Sigmoid,
    "Softplus": bijectors.Softplus,
    "Softplus with a soft bend": lambda: bijectors.Softplus(2.0),
    "AffineScalar": lambda: bijectors.AffineScalar([1.0, 2.0], -3.0),
    "AffineScalar without scale": lambda: bijectors.AffineScalar(shift=2.0),
    "Invert": lambda: bijectors.Invert(bijectors.AffineScalar(1.0, 2.0)),
    "Chain": lambda: bijectors.Chain([bijectors.Exp(), bijectors.AffineScalar(1.0, 2.0)]),
    "Chain of none": bijectors.Chain,
    "Inline": lambda: bijectors.Inline(
        lambda x: x**3, lambda y: tf.sign(y) * tf.abs(y) ** (1 / 3),
        forward_log_det_jacobian_fn=lambda x: tf.log(3 * x**2), forward_min_event_ndims=0
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        yield graph


def run(fetches):
    with tf.Session() as session:
        return session.run(fetches)


@pytest.mark.parametrize("name", KINDS)
def test_a_bijector_has_an_inverse_and_tells_how_much_it_stretches(name):
    bijector = KINDS[name]()
    x = tf.constant(X)
    y = bijector.forward(x)
    ahead = bijector.forward_log_det_jacobian(x, 0)
    back = bijector.inverse_log_det_jacobian(y, 0)
    (slope,) = tf.gradients(y, x)
    found = run({
        "x": bijector.inverse(y),
        "ahead": ahead,
        "back": back,
        "slope": tf.log(tf.abs(slope)),
        "rows": bijector.forward_log_det_jacobian(x, 1),
        "whole": bijector.inverse_log_det_jacobian(y, 2),
    })  # fmt: skip

    np.testing.assert_allclose(found["x"], X, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found["ahead"], found["slope"], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found["back"], -found["slope"], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found["rows"], found["slope"].sum(-1), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found["whole"], -found["slope"].sum(), rtol=1e-4, atol=1e-5)


def test_squares_are_those_of_numbers_that_are_not_negative():
    square = bijectors.Square(validate_args=True)

    assert run(square.inverse(square.forward([0.5, 3.0]))).tolist() == [0.5, 3]
    np.testing.assert_allclose(run(square.forward_log_det_jacobian([2.0], 0)), np.log(4))
    with pytest.raises(InvalidArgumentError, match="must be non-negative"):
        run(square.forward([-1.0]))
    with pytest.raises(InvalidArgumentError, match="must be non-zero"):
        run(bijectors.AffineScalar(scale=0.0, validate_args=True).forward([1.0]))


def test_what_a_bijector_cannot_do_is_said():
    with pytest.raises(ValueError, match=r"event_ndims \(0\) must be larger than"):
        bijectors.Inline(forward_min_event_ndims=1).forward_log_det_jacobian([1.0], 0)
    with pytest.raises(NotImplementedError, match="inverse_fn was not given"):
        bijectors.Inline(lambda x: x, forward_min_event_ndims=0).inverse([1.0])
    with pytest.raises(ValueError, match="Must specify at least one"):
        bijectors.Inline()
    with pytest.raises(NotImplementedError, match="forward not implemented"):
        bijectors.Bijector(forward_min_event_ndims=0).forward(1.0)


def test_names_and_shapes_follow_from_the_parts():
    chain = bijectors.Chain([bijectors.Exp(), bijectors.Softplus()])

    assert chain.name == "chain_of_exp_of_softplus"
    assert bijectors.Invert(bijectors.Exp()).name == "invert_exp"
    assert chain.forward_event_shape([3, 2]).as_list() == [3, 2]
    assert run(chain.inverse_event_shape_tensor([3, 2])).tolist() == [3, 2]
    assert bijectors.AffineScalar(1.0, 2.0).is_constant_jacobian
    assert not chain.is_constant_jacobian


# --- distributions -------------------------------------------------------------------------------


def test_a_log_normal_is_the_exponential_of_a_normal():
    y = np.float32([0.5, 1.0, 4.0])
    made = ds.TransformedDistribution(ds.Normal(1.0, 2.0), bijectors.Exp())
    found = run([made.prob(y), made.cdf(y), made.survival_function(y), made.quantile(made.cdf(y))])
    z = (np.log(y) - 1) / 2

    wanted = np.exp(-0.5 * z**2) / (2 * y * np.sqrt(2 * np.pi))
    np.testing.assert_allclose(found[0], wanted, rtol=1e-5)
    np.testing.assert_allclose(found[1] + found[2], 1, rtol=1e-5)
    np.testing.assert_allclose(found[3], y, rtol=1e-4)
    assert np.log(run(made.sample(4000, seed=1))).mean() == pytest.approx(1, abs=0.2)
    assert made.batch_shape.as_list() == []
    with pytest.raises(NotImplementedError, match="mean is not implemented for non-affine"):
        made.mean()


def test_an_affine_function_of_a_normal_is_normal():
    affine = bijectors.AffineScalar(3.0, -2.0)
    made = ds.TransformedDistribution(ds.Normal([1.0, 0.0], 0.5), affine)
    same = ds.Normal([1.0, 3.0], 1.0)
    ours, theirs = (
        run([each.log_prob([0.5, 1.0]), each.mean(), each.entropy()]) for each in (made, same)
    )

    for got, want in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-5)


def test_numbers_become_the_elements_of_an_event():
    made = ds.TransformedDistribution(
        ds.Normal(0.0, 1.0), bijectors.Exp(), batch_shape=[2], event_shape=[3]
    )
    rows = ds.TransformedDistribution(ds.Normal([0.0, 9.0], 1.0), event_shape=[3])
    y = np.random.RandomState(0).rand(4, 2, 3).astype(np.float32) + 0.5
    drawn, turned, log_prob, turned_log_prob, mean = run(
        [made.sample(4), rows.sample(4, seed=2), made.log_prob(y), rows.log_prob(y), rows.mean()]
    )
    each, of_rows = run([
        ds.TransformedDistribution(ds.Normal(0.0, 1.0), bijectors.Exp()).log_prob(y),
        ds.Normal([[0.0], [9.0]], 1.0).log_prob(y),
    ])  # fmt: skip

    assert (made.batch_shape.as_list(), made.event_shape.as_list()) == ([2], [3])
    assert drawn.shape == turned.shape == (4, 2, 3)
    assert np.abs(turned.mean((0, 2)) - [0, 9]).max() < 2
    np.testing.assert_allclose(log_prob, each.sum(-1), rtol=1e-4)
    np.testing.assert_allclose(turned_log_prob, of_rows.sum(-1), rtol=1e-4)
    assert mean.tolist() == [[0, 0, 0], [9, 9, 9]]
    with pytest.raises(NotImplementedError, match="cdf is not implemented when overriding"):
        made.cdf(y)
    with pytest.raises(ValueError, match="Base distribution is not scalar"):
        ds.TransformedDistribution(ds.Normal([0.0, 1.0], 1.0), batch_shape=[2])
