"""Student's t distribution: a normal number over the root of a chi-squared one.

    prob(x) = (1 + z^2 / df)^(-(df + 1) / 2) / Z with z = (x - loc) / scale
    Z = |scale| sqrt(df pi) Gamma(df / 2) / Gamma((df + 1) / 2)

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import math
from typing import Any

from minitf import ops
from minitf.api.array import stack
from minitf.api.constants import ones
from minitf.api.elementary import log, log1p, rsqrt, square
from minitf.api.framework import name_scope
from minitf.api.math import abs as abs_
from minitf.api.random import random_gamma, random_normal
from minitf.api.special import betainc, digamma, lbeta, lgamma
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import checked, must_be_floats, must_be_positive
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED
from minitf.distributions.scalar import ScalarDistribution
from minitf.distributions.statistics import next_seed, where_defined
from minitf.dtypes import int32
from minitf.tensor import Tensor


class StudentT(ScalarDistribution):
    """Student's t distribution.

    Args:
        df: degrees of freedom, greater than 0.
        loc: where it is densest.
        scale: how wide it is; all broadcast with each other.
        validate_args: check that `df` is positive while the graph runs.
        allow_nan_stats: give NaN for a mean or variance that is not defined; else a run fails.
        name: name scope of all operations.

    Raises:
        ValueError: if the parameters are not of one floating-point type.
    """

    def __init__(
        self,
        df: Any,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "StudentT",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[df, loc, scale]) as scope:
            checks = [must_be_positive(df)] if validate_args else []
            self._df = checked(df, "df", checks)
            self._loc, self._scale = checked(loc, "loc", checks), checked(scale, "scale", checks)
            must_be_floats(self._df, self._loc, self._scale)
        super().__init__(
            dtype=self._scale.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._df, self._loc, self._scale],
            name=scope,
        )

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Tensor]:
        return dict.fromkeys(("df", "loc", "scale"), convert_to_tensor(sample_shape, int32))

    @property
    def df(self) -> Tensor:
        """The degrees of freedom."""
        return self._df

    @property
    def loc(self) -> Tensor:
        """Where it is densest."""
        return self._loc

    @property
    def scale(self) -> Tensor:
        """How wide it is."""
        return self._scale

    def _everywhere(self) -> Tensor:
        """Return a 1 for each of the batch."""
        return ones(self.batch_shape_tensor(), dtype=self.dtype)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        normal = random_normal(self._drawn_shape(n), 0.0, 1.0, self.dtype, seed)
        df = self.df * self._everywhere()
        seed = next_seed(seed, "student_t")
        squares = random_gamma([n], 0.5 * df, 0.5, self.dtype, seed)
        return normal * rsqrt(squares / df) * self.scale + self.loc

    def _log_prob(self, x: Tensor) -> Tensor:
        z = (x - self.loc) / self.scale
        unnormalized = -0.5 * (self.df + 1.0) * log1p(square(z) / self.df)
        return unnormalized - self._log_normalization()

    def _log_normalization(self) -> Tensor:
        return (
            log(abs_(self.scale))
            + 0.5 * log(self.df)
            + 0.5 * math.log(math.pi)
            + lgamma(0.5 * self.df)
            - lgamma(0.5 * (self.df + 1.0))
        )

    def _cdf(self, x: Tensor) -> Tensor:
        z = (x - self.loc) / abs_(self.scale)
        share = self.df / (square(z) + self.df)
        some = ops.ones_like_op(share)
        below = 0.5 * betainc(0.5 * self.df * some, 0.5 * some, share)
        made: Tensor = ops.select_v2_op(z < 0.0, below, 1.0 - below)
        return made

    def _entropy(self) -> Tensor:
        one = self._everywhere()
        halves = stack([self.df * one, one], -1) / 2.0
        slope = digamma(0.5 * (self.df + 1.0)) - digamma(0.5 * self.df)
        return (
            log(abs_(self.scale))
            + 0.5 * log(self.df)
            + lbeta(halves)
            + 0.5 * (self.df + 1.0) * slope
        )

    def _mean(self) -> Tensor:
        mean, df = self.loc * self._everywhere(), self.df * self._everywhere()
        return where_defined(self, df > 1.0, mean, "mean not defined for components of df <= 1")

    def _variance(self) -> Tensor:
        df = self.df * self._everywhere()
        finite = df > 2.0
        spread = ops.select_v2_op(finite, df - 2.0, ops.ones_like_op(df))
        variance = square(self.scale) * df / spread
        infinite = convert_to_tensor(math.inf, self.dtype)
        variance = ops.select_v2_op(finite, variance, infinite)
        message = "variance not defined for components of df <= 1"
        return where_defined(self, df > 1.0, variance, message)

    def _mode(self) -> Tensor:
        return self.loc * self._everywhere()
