"""The Bernoulli distribution: 1 with a probability, else 0.

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.casting import cast
from minitf.api.constants import ones_like
from minitf.api.control import identity
from minitf.api.elementary import sigmoid
from minitf.api.framework import name_scope
from minitf.api.nn_losses import sigmoid_cross_entropy_with_logits
from minitf.api.random import random_uniform
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import checked, must
from minitf.distributions.divergence import RegisterKL
from minitf.distributions.odds import WithOdds, logits_and_probs
from minitf.distributions.reparameterization import NOT_REPARAMETERIZED
from minitf.distributions.scalar import ScalarDistribution
from minitf.dtypes import int32
from minitf.tensor import Tensor


class Bernoulli(ScalarDistribution, WithOdds):
    """The distribution of events that happen (1) or do not (0).

    Args:
        logits: log-odds of 1; or
        probs: probabilities of 1.
        dtype: of the samples.
        validate_args: check probabilities and values while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if both `logits` and `probs` are given, or neither.
    """

    def __init__(
        self,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = int32,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Bernoulli",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name) as scope:
            self._logits, self._probs = logits_and_probs(logits, probs, validate_args=validate_args)
        super().__init__(
            dtype=dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._logits, self._probs],
            name=scope,
        )

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Tensor]:
        return {"logits": convert_to_tensor(sample_shape, int32)}

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        drawn = random_uniform(self._drawn_shape(n), seed=seed, dtype=self.probs.dtype)
        return cast(ops.less_op(drawn, self.probs), self.dtype)

    def _log_prob(self, event: Tensor) -> Tensor:
        if self.validate_args:
            is_one_of_two = ops.equal_op(event * (event - 1), ops.zeros_like_op(event))
            event = checked(event, "event", [must(is_one_of_two, "event must be 0 or 1", event)])
        event = cast(event, self.logits.dtype)
        logits = ones_like(event) * self.logits
        event = ones_like(logits) * event
        return -sigmoid_cross_entropy_with_logits(labels=event, logits=logits)

    def _entropy(self) -> Tensor:
        return -self.logits * (sigmoid(self.logits) - 1.0) + ops.softplus_op(-self.logits)

    def _mean(self) -> Tensor:
        return identity(self.probs)

    def _variance(self) -> Tensor:
        return self._mean() * (1.0 - self.probs)

    def _mode(self) -> Tensor:
        return cast(self.probs > 0.5, self.dtype)


@RegisterKL(Bernoulli, Bernoulli)
def _kl_bernoulli_bernoulli(a: Bernoulli, b: Bernoulli, name: str | None = None) -> Tensor:
    """Return p log(p / q) + (1 - p) log((1 - p) / (1 - q)), each logarithm by softplus."""
    with name_scope(name, "kl_bernoulli_bernoulli", [a.logits, b.logits]):
        of_one = ops.softplus_op(-b.logits) - ops.softplus_op(-a.logits)
        of_zero = ops.softplus_op(b.logits) - ops.softplus_op(a.logits)
        return sigmoid(a.logits) * of_one + sigmoid(-a.logits) * of_zero
