"""Counts of trials until something happens.

    Geometric         prob(k) = (1 - p)^k p                     failures before a success
    NegativeBinomial  prob(k) = C(k + f - 1, k) p^k (1 - p)^f   successes before f failures

Source: TensorFlow 1.15's classes of the same names in tf.contrib.distributions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import ops
from minitf.api.constants import ones_like, zeros, zeros_like
from minitf.api.elementary import exp, expm1, floor, log, log1p, log_sigmoid, sigmoid
from minitf.api.framework import name_scope
from minitf.api.nn_activations import softplus
from minitf.api.random import random_gamma, random_poisson, random_uniform
from minitf.api.special import betainc, lgamma
from minitf.contrib.distributions.counting import whole
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import checked, must_be_positive
from minitf.distributions.odds import WithOdds, WithTrials, logits_and_probs
from minitf.distributions.reparameterization import NOT_REPARAMETERIZED
from minitf.distributions.scalar import ScalarDistribution
from minitf.distributions.statistics import next_seed
from minitf.tensor import Tensor


class Geometric(ScalarDistribution, WithOdds):
    """The distribution of the number of failures before the first success.

    Args:
        logits: log-odds of a success; or
        probs: its probabilities, greater than 0.
        validate_args: check parameters and counts while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if both `logits` and `probs` are given, or neither.
    """

    def __init__(
        self,
        logits: Any = None,
        probs: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Geometric",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs]) as scope:
            if validate_args and probs is not None:
                probs = checked(probs, "probs", [must_be_positive(probs)])
            self._logits, self._probs = logits_and_probs(logits, probs, validate_args=validate_args)
        super().__init__(
            dtype=self._probs.dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._probs, self._logits],
            name=scope,
        )

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        least = np.finfo(self.dtype.as_numpy_dtype).tiny  # for its logarithm
        drawn = random_uniform(self._drawn_shape(n), least, 1.0, self.dtype, seed)
        return floor(log(drawn) / log1p(-self.probs))

    def _counted(self, x: Tensor) -> Tensor:
        """Return counts; numbers that are not whole count as the whole ones below."""
        return whole(x, validate_args=True) if self.validate_args else floor(x)

    def _log_prob(self, x: Tensor) -> Tensor:
        k = self._counted(x) + zeros_like(self.probs)
        probs = self.probs + zeros_like(k)
        safe = ops.select_v2_op(ops.equal_op(k, zeros_like(k)), zeros_like(probs), probs)
        return k * log1p(-safe) + log(probs)

    def _cdf(self, x: Tensor) -> Tensor:
        k = self._counted(x)
        found = -expm1((1.0 + k) * log1p(-self.probs))
        return ops.select_v2_op(x < 0.0, zeros_like(found), found)

    def _entropy(self) -> Tensor:
        return softplus(-self.logits) + exp(-self.logits) * softplus(self.logits)

    def _mean(self) -> Tensor:
        return exp(-self.logits)

    def _variance(self) -> Tensor:
        return self._mean() / self.probs

    def _mode(self) -> Tensor:
        return zeros(self.batch_shape_tensor(), self.dtype)


class NegativeBinomial(ScalarDistribution, WithTrials):
    """The distribution of the number of successes before a number of failures.

    Args:
        total_count: f, how many failures end it, greater than 0; it need not be whole.
        logits: log-odds of a success; or
        probs: p, the probability of a success, greater than 0 and less than 1.
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
        name: str = "NegativeBinomial",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[total_count, logits, probs]) as scope:
            self._logits, self._probs = logits_and_probs(logits, probs, validate_args=validate_args)
            count = convert_to_tensor(total_count, self._probs.dtype, name="total_count")
            checks = [must_be_positive(count)] if validate_args else []
            self._total_count = checked(count, "total_count", checks)
        super().__init__(
            dtype=self._probs.dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._total_count, self._probs, self._logits],
            name=scope,
        )

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        """Draw of a Poisson distribution whose rate has a gamma one."""
        rate = random_gamma([n], self.total_count, exp(-self.logits), self.dtype, seed)
        return random_poisson(rate, [], self.dtype, next_seed(seed, "negative_binom"))

    def _log_prob(self, x: Tensor) -> Tensor:
        x = whole(x, validate_args=self.validate_args)
        f = self.total_count
        ways = lgamma(f + x) - lgamma(1.0 + x) - lgamma(f)
        return f * log_sigmoid(-self.logits) + x * log_sigmoid(self.logits) + ways

    def _cdf(self, x: Tensor) -> Tensor:
        x = whole(x, validate_args=self.validate_args)
        some = ones_like(x) * ones_like(self.logits) * ones_like(self.total_count)
        below = x * some < 0
        more = ops.select_v2_op(below, some, (1.0 + x) * some)
        found = betainc(self.total_count * some, more, sigmoid(-self.logits) * some)
        return ops.select_v2_op(below, zeros_like(found), found)

    def _mean(self) -> Tensor:
        return self.total_count * exp(self.logits)

    def _variance(self) -> Tensor:
        return self._mean() / sigmoid(-self.logits)

    def _mode(self) -> Tensor:
        least = floor((self.total_count - 1.0) * exp(self.logits))
        return ops.select_v2_op(self.total_count > 1.0, least, zeros_like(least))
