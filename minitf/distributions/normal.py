"""The normal distribution.

    prob(x) = exp(-z^2 / 2) / (scale * sqrt(2 pi)) with z = (x - loc) / scale

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import math
from typing import Any

from minitf.api.constants import constant, ones_like
from minitf.api.elementary import log, square
from minitf.api.framework import name_scope
from minitf.api.math import squared_difference
from minitf.api.random import random_normal
from minitf.distributions.divergence import RegisterKL
from minitf.distributions.location_scale import LocationScale
from minitf.distributions.normal_integral import log_ndtr, ndtr, ndtri
from minitf.tensor import Tensor

_LOG_SQRT_2_PI = 0.5 * math.log(2 * math.pi)


class Normal(LocationScale):
    """The normal distribution with mean `loc` and standard deviation `scale`.

    Args:
        loc: means.
        scale: standard deviations, greater than 0; they broadcast with `loc`.
        validate_args: check that `scale` is positive while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if the parameters are not of one floating-point type.
    """

    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Normal",
    ) -> None:
        super().__init__(loc, scale, validate_args, allow_nan_stats, dict(locals()), name)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        drawn = random_normal(self._drawn_shape(n), 0.0, 1.0, self.loc.dtype, seed)
        return drawn * self.scale + self.loc

    def _log_prob(self, x: Tensor) -> Tensor:
        return -0.5 * square(self._z(x)) - (_LOG_SQRT_2_PI + log(self.scale))

    def _cdf(self, x: Tensor) -> Tensor:
        return ndtr(self._z(x))

    def _log_cdf(self, x: Tensor) -> Tensor:
        return log_ndtr(self._z(x))

    def _survival_function(self, x: Tensor) -> Tensor:
        return ndtr(-self._z(x))

    def _log_survival_function(self, x: Tensor) -> Tensor:
        return log_ndtr(-self._z(x))

    def _quantile(self, p: Tensor) -> Tensor:
        z = ndtri(p)
        with name_scope("reconstruct", values=[z]):
            return z * self.scale + self.loc

    def _stddev(self) -> Tensor:
        return self.scale * ones_like(self.loc)

    def _entropy(self) -> Tensor:
        return (_LOG_SQRT_2_PI + 0.5) + log(self._stddev())


@RegisterKL(Normal, Normal)
def _kl_normal_normal(a: Normal, b: Normal, name: str | None = None) -> Tensor:
    """Return (a.loc - b.loc)^2 / (2 b.scale^2) + (r - 1 - log r) / 2, r = (a.scale / b.scale)^2."""
    with name_scope(name, "kl_normal_normal", [a.loc, b.loc]):
        one, two, half = (constant(number, dtype=a.dtype) for number in (1, 2, 0.5))
        ours, theirs = square(a.scale), square(b.scale)
        ratio = ours / theirs
        distance = squared_difference(a.loc, b.loc) / (two * theirs)
        return distance + half * (ratio - one - log(ratio))
