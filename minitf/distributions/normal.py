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
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import checked, must_be_floats, must_be_positive
from minitf.distributions.divergence import RegisterKL
from minitf.distributions.normal_integral import log_ndtr, ndtr, ndtri
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED
from minitf.distributions.scalar import ScalarDistribution
from minitf.dtypes import int32
from minitf.tensor import Tensor

_LOG_SQRT_2_PI = 0.5 * math.log(2 * math.pi)


class Normal(ScalarDistribution):
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
        parameters = dict(locals())
        with name_scope(name, values=[loc, scale]) as scope:
            checks = [must_be_positive(scale)] if validate_args else []
            self._loc, self._scale = checked(loc, "loc", checks), checked(scale, "scale", checks)
            must_be_floats(self._loc, self._scale)
        super().__init__(
            dtype=self._scale.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._loc, self._scale],
            name=scope,
        )

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Tensor]:
        return dict.fromkeys(("loc", "scale"), convert_to_tensor(sample_shape, int32))

    @property
    def loc(self) -> Tensor:
        """The means."""
        return self._loc

    @property
    def scale(self) -> Tensor:
        """The standard deviations."""
        return self._scale

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

    def _mean(self) -> Tensor:
        return self.loc * ones_like(self.scale)

    _mode = _mean

    def _stddev(self) -> Tensor:
        return self.scale * ones_like(self.loc)

    def _entropy(self) -> Tensor:
        return (_LOG_SQRT_2_PI + 0.5) + log(self._stddev())

    def _z(self, x: Tensor) -> Tensor:
        with name_scope("standardize", values=[x]):
            return (x - self.loc) / self.scale


@RegisterKL(Normal, Normal)
def _kl_normal_normal(a: Normal, b: Normal, name: str | None = None) -> Tensor:
    """Return (a.loc - b.loc)^2 / (2 b.scale^2) + (r - 1 - log r) / 2, r = (a.scale / b.scale)^2."""
    with name_scope(name, "kl_normal_normal", [a.loc, b.loc]):
        one, two, half = (constant(number, dtype=a.dtype) for number in (1, 2, 0.5))
        ours, theirs = square(a.scale), square(b.scale)
        ratio = ours / theirs
        distance = squared_difference(a.loc, b.loc) / (two * theirs)
        return distance + half * (ratio - one - log(ratio))
