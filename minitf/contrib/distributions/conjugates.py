"""What is known of a normal distribution's mean after observations, and of the next one.

    posterior   1 / scale'^2 = 1 / prior.scale^2 + n / scale^2
                loc' = (prior.loc / prior.scale^2 + s / scale^2) scale'^2
    predictive  the same loc', and the variance scale'^2 + scale^2

Source: TensorFlow 1.15's functions of the same names in tf.contrib.distributions.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.api.elementary import sqrt, square
from minitf.convert import convert_to_tensor
from minitf.distributions.normal import Normal
from minitf.tensor import Tensor


def _known(prior: Any, scale: Any, s: Any, n: Any) -> tuple[Tensor, Tensor]:
    """Return mean and variance of the mean.

    Raises:
        TypeError: if the prior is no Normal, or the sum of another type.
    """
    if not isinstance(prior, Normal):
        raise TypeError("Expected prior to be an instance of type Normal")
    total = convert_to_tensor(s)
    if total.dtype != prior.dtype:
        raise TypeError(
            f"Observation sum s.dtype does not match prior dtype: {total.dtype} vs. {prior.dtype}"
        )
    count = cast(n, prior.dtype)
    before, of_one = square(prior.scale), square(scale)
    variance = 1.0 / (1.0 / before + count / of_one)
    return (prior.loc / before + total / of_one) * variance, variance


def normal_conjugates_known_scale_posterior(prior: Normal, scale: Any, s: Any, n: Any) -> Normal:
    """Return the distribution of the mean.

    Args:
        prior: what was known of it before.
        scale: the standard deviation of an observation, greater than 0.
        s: the sum of the observations.
        n: how many there are.

    Raises:
        TypeError: if the prior is no Normal, or the sum of another type.
    """
    loc, variance = _known(prior, scale, s, n)
    return Normal(loc, sqrt(variance))


def normal_conjugates_known_scale_predictive(prior: Normal, scale: Any, s: Any, n: Any) -> Normal:
    """Return the distribution of the next observation; arguments as of the posterior."""
    loc, variance = _known(prior, scale, s, n)
    return Normal(loc, sqrt(variance + square(scale)))
