"""Distributions of numbers around a location: Cauchy's, the logistic one, Gumbel's, half a normal.

    Cauchy    prob(z) = 1 / (pi (1 + z^2))
    Logistic  prob(z) = exp(-z) / (1 + exp(-z))^2
    Gumbel    prob(z) = exp(-z - exp(-z))
    HalfNormal  that of |x|, x normal around 0

with z = (x - loc) / scale, and the density of x that of z divided by scale.

Source: TensorFlow 1.15's classes of the same names in tf.contrib.distributions.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.constants import fill, ones_like, zeros
from minitf.api.elementary import atan, erf, exp, log, log1p, sigmoid, sqrt, square, tan
from minitf.api.framework import name_scope
from minitf.api.math import abs as abs_
from minitf.api.nn_activations import softplus
from minitf.api.random import random_normal, random_uniform
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import checked, must_be_floats, must_be_positive
from minitf.distributions.location_scale import LocationScale
from minitf.distributions.normal_integral import ndtri
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED
from minitf.distributions.scalar import ScalarDistribution
from minitf.dtypes import int32
from minitf.tensor import Tensor


class Cauchy(LocationScale):
    """Cauchy's distribution, whose tails are so heavy that it has no mean.

    Args:
        loc: where it is densest.
        scale: half its width at half its height, greater than 0; they broadcast with each other.
        validate_args: check that `scale` is positive while the graph runs.
        allow_nan_stats: give NaN for the mean and the deviation; else they are refused.
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
        name: str = "Cauchy",
    ) -> None:
        super().__init__(loc, scale, validate_args, allow_nan_stats, dict(locals()), name)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        drawn = random_uniform(self._drawn_shape(n), 0.0, 1.0, self.dtype, seed)
        return self._middle(drawn)  # 0, which may be drawn, stands for all small numbers

    def _log_prob(self, x: Tensor) -> Tensor:
        return -log1p(square(self._z(x))) - (math.log(math.pi) + log(self.scale))

    def _cdf(self, x: Tensor) -> Tensor:
        return atan(self._z(x)) / math.pi + 0.5

    def _log_cdf(self, x: Tensor) -> Tensor:
        return log1p(2.0 / math.pi * atan(self._z(x))) - math.log(2)

    def _quantile(self, p: Tensor) -> Tensor:
        share = ops.minimum_op(p, 1.0 - p)  # of the tail beyond; p - 1/2 does not tell small ones
        tail = ops.sign_op(p - 0.5) / tan(math.pi * share)
        beyond = self.loc + self.scale * tail
        return ops.select_v2_op(share < 0.25, beyond, self._middle(p))

    def _middle(self, p: Tensor) -> Tensor:
        """Return quantiles that are right but for the tails."""
        return self.loc + self.scale * tan(math.pi * (p - 0.5))

    def _entropy(self) -> Tensor:
        return math.log(4 * math.pi) + log(self.scale * ones_like(self.loc))

    def _mean(self) -> Tensor:
        return self._undefined("mean")

    def _stddev(self) -> Tensor:
        return self._undefined("stddev")

    def _undefined(self, method: str) -> Tensor:
        if not self.allow_nan_stats:
            raise ValueError(f"`{method}` is undefined for Cauchy distribution.")
        return fill(self.batch_shape_tensor(), convert_to_tensor(math.nan, self.dtype))


class Logistic(LocationScale):
    """The logistic distribution, whose cumulative distribution is the sigmoid.

    Args:
        loc: means.
        scale: greater than 0; they broadcast with each other.
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
        name: str = "Logistic",
    ) -> None:
        super().__init__(loc, scale, validate_args, allow_nan_stats, dict(locals()), name)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        drawn = positive_uniform(self._drawn_shape(n), self.dtype, seed)
        return (log(drawn) - log1p(-1.0 * drawn)) * self.scale + self.loc

    def _log_prob(self, x: Tensor) -> Tensor:
        z = self._z(x)
        return -z - 2.0 * softplus(-z) - log(self.scale)

    def _cdf(self, x: Tensor) -> Tensor:
        return sigmoid(self._z(x))

    def _log_cdf(self, x: Tensor) -> Tensor:
        return -softplus(-self._z(x))

    def _survival_function(self, x: Tensor) -> Tensor:
        return sigmoid(-self._z(x))

    def _log_survival_function(self, x: Tensor) -> Tensor:
        return -softplus(self._z(x))

    def _entropy(self) -> Tensor:
        return 2.0 + log(self.scale * ones_like(self.loc))

    def _stddev(self) -> Tensor:
        return self.scale * ones_like(self.loc) * math.pi / math.sqrt(3)


class Gumbel(LocationScale):
    """Gumbel's distribution: that of the greatest of many numbers.

    Args:
        loc: where it is densest.
        scale: greater than 0; they broadcast with each other.
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
        name: str = "Gumbel",
    ) -> None:
        super().__init__(loc, scale, validate_args, allow_nan_stats, dict(locals()), name)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        drawn = positive_uniform(self._drawn_shape(n), self.dtype, seed)
        return -log(-log(drawn)) * self.scale + self.loc

    def _log_prob(self, x: Tensor) -> Tensor:
        z = self._z(x)
        return -(z + exp(-z)) - log(self.scale)

    def _log_cdf(self, x: Tensor) -> Tensor:
        return -exp(-self._z(x))

    def _cdf(self, x: Tensor) -> Tensor:
        return exp(-exp(-self._z(x)))

    def _entropy(self) -> Tensor:
        return 1.0 + np.euler_gamma + log(self.scale * ones_like(self.loc))

    def _mean(self) -> Tensor:
        return self.loc + self.scale * np.euler_gamma

    def _stddev(self) -> Tensor:
        return self.scale * ones_like(self.loc) * math.pi / math.sqrt(6)


def positive_uniform(sizes: Any, dtype: Any, seed: int | None) -> Tensor:
    """Return uniform numbers between 0 and 1, never 0, for their logarithms."""
    return random_uniform(sizes, np.finfo(dtype.as_numpy_dtype).tiny, 1.0, dtype, seed)


class HalfNormal(ScalarDistribution):
    """The distribution of the size of a normal number around 0.

    Args:
        scale: the standard deviation of the normal number, greater than 0.
        validate_args: check that while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if `scale` is not of a floating-point type.
    """

    def __init__(
        self,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "HalfNormal",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[scale]) as scope:
            checks = [must_be_positive(scale)] if validate_args else []
            self._scale = checked(scale, "scale", checks)
            must_be_floats(self._scale)
        super().__init__(
            dtype=self._scale.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._scale],
            name=scope,
        )

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Tensor]:
        return {"scale": convert_to_tensor(sample_shape, int32)}

    @property
    def scale(self) -> Tensor:
        """The standard deviation of the normal number."""
        return self._scale

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        drawn = random_normal(self._drawn_shape(n), 0.0, 1.0, self.dtype, seed)
        return abs_(drawn * self.scale)

    def _log_prob(self, x: Tensor) -> Tensor:
        inside = 0.5 * math.log(2 / math.pi) - log(self.scale) - 0.5 * square(x / self.scale)
        return ops.select_v2_op(x < 0.0, convert_to_tensor(-math.inf, self.dtype), inside)

    def _cdf(self, x: Tensor) -> Tensor:
        above = ops.maximum_op(x, 0.0)
        return erf(above / (self.scale * math.sqrt(2)))

    def _quantile(self, p: Tensor) -> Tensor:
        return self.scale * ndtri(0.5 + 0.5 * p)

    def _entropy(self) -> Tensor:
        return 0.5 * math.log(math.pi / 2) + 0.5 + log(self.scale)

    def _mean(self) -> Tensor:
        return self.scale * math.sqrt(2 / math.pi)

    def _variance(self) -> Tensor:
        return square(self.scale) * (1.0 - 2.0 / math.pi)

    def _stddev(self) -> Tensor:
        return sqrt(self._variance())

    def _mode(self) -> Tensor:
        return zeros(self.batch_shape_tensor(), self.dtype)
