"""Expectations estimated by samples.

    E_p[f(x)] ~ mean of f(x_i), x_i drawn from p
              ~ mean of f(z_i) p(z_i) / q(z_i), z_i drawn from q

Source: TensorFlow 1.15's tf.contrib.bayesflow.monte_carlo.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.api.casting import cast
from minitf.api.control import stop_gradient
from minitf.api.elementary import exp, log
from minitf.api.framework import name_scope
from minitf.api.reductions import reduce_logsumexp, reduce_mean
from minitf.api.sizes import shape
from minitf.contrib.distributions.helpers import reduce_weighted_logsumexp
from minitf.convert import convert_to_tensor
from minitf.distributions.distribution import Distribution
from minitf.tensor import Tensor

__all__ = [
    "expectation",
    "expectation_importance_sampler",
    "expectation_importance_sampler_logspace",
]


def expectation(
    f: Callable[[Any], Any],
    samples: Any,
    log_prob: Callable[[Any], Any] | None = None,
    use_reparametrization: bool = True,
    axis: Any = 0,
    keep_dims: bool = False,
    name: str | None = None,
) -> Tensor:
    """Return the mean of a function of samples, whose gradient is that of its expectation.

    Args:
        f: the function, of all samples at once.
        samples: drawn from a distribution, along the dimensions `axis`.
        log_prob: the logarithm of its density; needed if samples are not differentiable.
        use_reparametrization: whether samples are differentiable functions of the parameters; else
            the gradient flows through `log_prob`, f(x) p(x) / stop_gradient(p(x)).
        axis: the dimensions of which the mean is taken; all if None.
        keep_dims: whether they stay, with a size of 1.
        name: name scope of all operations.

    Raises:
        ValueError: if `f`, or `log_prob` where it is needed, is no function.
    """
    with name_scope(name, "expectation", [samples]):
        if not callable(f):
            raise ValueError("`f` must be a callable function.")
        if use_reparametrization:
            return reduce_mean(f(samples), axis, keepdims=keep_dims)
        if not callable(log_prob):
            raise ValueError("`log_prob` must be a callable function.")
        fixed = stop_gradient(samples)
        logs = log_prob(fixed)
        value = f(fixed) * exp(logs - stop_gradient(logs))
        return reduce_mean(value, axis, keepdims=keep_dims)


def expectation_importance_sampler(
    f: Callable[[Any], Any],
    log_p: Callable[[Any], Any],
    sampling_dist_q: Distribution,
    z: Any = None,
    n: Any = None,
    seed: int | None = None,
    name: str = "expectation_importance_sampler",
) -> Tensor:
    """Estimate E_p[f(z)] by samples of q, without overflow of p(z) / q(z).

    Args:
        f: the function, of all samples at once.
        log_p: the logarithm of the density of p.
        sampling_dist_q: q, which has a density wherever p has one.
        z: samples of q; or
        n: how many to draw.
        seed: of the operation that draws.
        name: name scope of all operations.

    Raises:
        ValueError: if both `z` and `n` are given, or neither.
    """
    with name_scope(name, values=[z, n]):
        z = _samples(sampling_dist_q, z, n, seed)
        logs = log_p(z) - sampling_dist_q.log_prob(z)
        found, sign = reduce_weighted_logsumexp(logs, f(z), 0, return_sign=True)
        return sign * exp(found - _log_count(z, logs))


def expectation_importance_sampler_logspace(
    log_f: Callable[[Any], Any],
    log_p: Callable[[Any], Any],
    sampling_dist_q: Distribution,
    z: Any = None,
    n: Any = None,
    seed: int | None = None,
    name: str = "expectation_importance_sampler_logspace",
) -> Tensor:
    """Estimate log E_p[f(z)] of a function that is positive; arguments as there, with log f."""
    with name_scope(name, values=[z, n]):
        z = _samples(sampling_dist_q, z, n, seed)
        logs = log_f(z) + log_p(z) - sampling_dist_q.log_prob(z)
        return reduce_logsumexp(logs, 0) - _log_count(z, logs)


def _log_count(z: Tensor, like: Tensor) -> Tensor:
    return log(cast(shape(z)[0], like.dtype))


def _samples(q: Distribution, z: Any, n: Any, seed: int | None) -> Tensor:
    """Return samples.

    Raises:
        ValueError: if both samples and a number are given, or neither.
    """
    if (n is None) == (z is None):
        raise ValueError(
            f'Must specify exactly one of arguments "n" and "z".  Found: n = {n}, z = {z}'
        )
    return q.sample(n, seed=seed) if z is None else convert_to_tensor(z, q.dtype)
