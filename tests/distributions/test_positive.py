"""Distributions of parameters given before softplus, and functions beside them."""

import math

import numpy as np
import pytest

import minitf as tf
from minitf.compat.internal import special_math
from minitf.distributions import positive
from minitf.distributions.divergence import cross_entropy

GIVEN = np.array([-3.0, 0.5], np.float32)
POSITIVE = np.log1p(np.exp(GIVEN))


def run(tensors):
    with tf.Session() as sess:
        return sess.run(tensors)


@pytest.mark.parametrize(
    ("made", "names"),
    [
        (
            lambda: positive.BetaWithSoftplusConcentration(GIVEN, GIVEN),
            ["concentration1", "concentration0"],
        ),
        (lambda: positive.ExponentialWithSoftplusRate(GIVEN), ["rate"]),
        (
            lambda: positive.GammaWithSoftplusConcentrationRate(GIVEN, GIVEN),
            ["concentration", "rate"],
        ),
        (lambda: positive.LaplaceWithSoftplusScale(GIVEN, GIVEN), ["scale"]),
        (lambda: positive.NormalWithSoftplusScale(GIVEN, GIVEN), ["scale"]),
        (lambda: positive.StudentTWithAbsDfSoftplusScale(GIVEN, GIVEN, GIVEN), ["scale"]),
    ],
)
def test_parameters_are_softplus_of_what_is_given(made, names):
    distribution = made()
    assert distribution.name.rstrip("/") == type(distribution).__name__
    for value in run([getattr(distribution, name) for name in names]):
        np.testing.assert_allclose(value, POSITIVE, rtol=1e-6)
    if "loc" in distribution.parameters:
        np.testing.assert_array_equal(run(distribution.loc), GIVEN)
    assert type(distribution.copy()) is type(distribution)


def test_whole_degrees_of_freedom_count():
    made = positive.StudentTWithAbsDfSoftplusScale([-3.7, 2.0], 0.0, 1.0)
    np.testing.assert_array_equal(run(made.df), [3, 2])


def test_erfinv_undoes_erf():
    x = np.array([-0.9, -0.1, 0.0, 0.5, 0.999])
    y = run(special_math.erfinv(x))
    np.testing.assert_allclose([math.erf(each) for each in y], x, rtol=1e-12)
    with pytest.raises(TypeError, match="is not handled"):
        special_math.erfinv([1, 2])


def test_the_log_of_laplaces_integral_does_not_underflow():
    x = np.array([-1000.0, -1.0, 0.0, 2.0])
    expected = [
        -1000 - math.log(2),
        math.log(0.5) - 1,
        math.log(0.5),
        math.log1p(-math.exp(-2) / 2),
    ]
    np.testing.assert_allclose(run(special_math.log_cdf_laplace(x)), expected, rtol=1e-12)


def test_cross_entropy_is_entropy_and_divergence():
    a, b = tf.distributions.Normal(0.0, 1.0), tf.distributions.Normal(1.0, 2.0)
    one, entropy, divergence = run(
        [cross_entropy(a, b), a.entropy(), tf.distributions.kl_divergence(a, b)]
    )
    assert one == pytest.approx(entropy + divergence)
