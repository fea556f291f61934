"""Counts of events: in a time, and in a number of trials.

    Poisson   prob(k) = rate^k exp(-rate) / k!
    Binomial  prob(k) = n! / (k! (n - k)!) p^k (1 - p)^(n - k)

Until something happens they are counted in `waiting.py`.

Source: TensorFlow 1.15's classes of the same names in tf.contrib.distributions.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.constants import ones_like
from minitf.api.elementary import exp, floor, log, log1p
from minitf.api.framework import name_scope
from minitf.api.random import random_poisson
from minitf.api.special import betainc, igammac, lgamma
from minitf.convert import convert_to_tensor
from minitf.distributions.multinomial import are_whole, checked_count
from minitf.distributions.odds import WithTrials, logits_and_probs
from minitf.distributions.reparameterization import NOT_REPARAMETERIZED
from minitf.distributions.scalar import ScalarDistribution
from minitf.distributions.statistics import given
from minitf.dtypes import int32
from minitf.tensor import Tensor

_WHOLE = "counts must be non-negative integers"


def whole(x: Tensor, *, validate_args: bool) -> Tensor:
    """Return counts, checked while the graph runs if that is asked for."""
    return given(x, are_whole(x) if validate_args else None, _WHOLE)


class Poisson(ScalarDistribution):
    """The distribution of the number of events that come at a rate.

    Args:
        rate: greater than 0; or
        log_rate: its logarithm.
        validate_args: check parameters and counts while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if both `rate` and `log_rate` are given, or neither.
        TypeError: if it is not of a floating-point type.
    """

    def __init__(
        self,
        rate: Any = None,
        log_rate: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Poisson",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[rate, log_rate]) as scope:
            if (rate is None) == (log_rate is None):
                raise ValueError("Must specify exactly one of `rate` and `log_rate`.")
            kind = convert_to_tensor(rate if log_rate is None else log_rate).dtype
            if not kind.is_floating:
                raise TypeError(f"[log_]rate.dtype ({kind.name}) is not a float-type.")
            if log_rate is None:
                self._rate = convert_to_tensor(rate, name="rate")
                positive = self._rate > 0 if validate_args else None
                self._rate = given(self._rate, positive, "Condition x > 0 did not hold")
                self._log_rate = log(self._rate, name="log_rate")
            else:
                self._log_rate = convert_to_tensor(log_rate, name="log_rate")
                self._rate = exp(self._log_rate, name="rate")
        super().__init__(
            dtype=self._rate.dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._rate],
            name=scope,
        )

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Tensor]:
        return {"rate": convert_to_tensor(sample_shape, int32)}

    @property
    def rate(self) -> Tensor:
        """The rate."""
        return self._rate

    @property
    def log_rate(self) -> Tensor:
        """Its logarithm."""
        return self._log_rate

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        return random_poisson(self.rate, [n], self.dtype, seed)

    def _log_prob(self, x: Tensor) -> Tensor:
        """Return the formula's logarithm, of numbers that are not whole too."""
        x = whole(x, validate_args=self.validate_args)
        return x * self.log_rate - lgamma(1.0 + x) - self.rate

    def _log_cdf(self, x: Tensor) -> Tensor:
        return log(self._cdf(x))

    def _cdf(self, x: Tensor) -> Tensor:
        x = whole(x, validate_args=self.validate_args)
        some = ones_like(x) * ones_like(self.rate)
        found = igammac(some + x * some, self.rate * some)
        made: Tensor = ops.select_v2_op(x < 0, ops.zeros_like_op(found), found)
        return made

    def _mean(self) -> Tensor:
        return ops.identity_op(self.rate)

    _variance = _mean

    def _mode(self) -> Tensor:
        return floor(self.rate)


class Binomial(ScalarDistribution, WithTrials):
    """The distribution of the number of successes in a number of trials.

    Args:
        total_count: how many trials there are.
        logits: scores: log(p / (1 - p)); or
        probs: p, the probability that one succeeds.
        validate_args: check parameters and counts while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if both `logits` and `probs` are given, or neither.
    """

    def __init__(
        self,
        total_count: Any,
        logits: Any = None,
        probs: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Binomial",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[total_count, logits, probs]) as scope:
            self._total_count = checked_count(total_count, validate_args=validate_args)
            self._logits, self._probs = logits_and_probs(
                logits, probs, classes=False, validate_args=validate_args
            )
        super().__init__(
            dtype=self._probs.dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._total_count, self._logits, self._probs],
            name=scope,
        )

    def _log_prob(self, x: Tensor) -> Tensor:
        x = whole(x, validate_args=self.validate_args)
        n = self.total_count
        ways = lgamma(1.0 + n) - lgamma(1.0 + x) - lgamma(1.0 + n - x)
        return x * log(self.probs) + (n - x) * log1p(-self.probs) + ways

    def _cdf(self, x: Tensor) -> Tensor:
        """Return 1 - the probability of more, by the incomplete beta function."""
        x = floor(x)
        some = ones_like(x) * ones_like(self.probs) * ones_like(self.total_count)
        n, p, x = self.total_count * some, self.probs * some, x * some
        inside = ops.logical_and_op(x >= 0, x < n)
        safe = ops.select_v2_op(inside, x, ops.zeros_like_op(x))
        most = ops.select_v2_op(inside, n - safe, some)
        found = betainc(most, 1.0 + safe, 1.0 - p)
        beyond = ops.select_v2_op(x < 0, ops.zeros_like_op(some), some)
        made: Tensor = ops.select_v2_op(inside, found, beyond)
        return made

    def _mean(self) -> Tensor:
        return self.total_count * self.probs

    def _variance(self) -> Tensor:
        return self._mean() * (1.0 - self.probs)

    def _mode(self) -> Tensor:
        return floor((1.0 + self.total_count) * self.probs)
