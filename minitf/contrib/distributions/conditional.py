"""Distributions under conditions: what their methods are given by name reaches the hooks.

    made.log_prob(y, bijector_kwargs={"by": 2.0})

Source: TensorFlow 1.15's ConditionalDistribution and ConditionalTransformedDistribution in
tf.contrib.distributions.
"""

from __future__ import annotations

from typing import Any

from minitf.contrib.distributions.transformed import TransformedDistribution
from minitf.distributions.distribution import Distribution
from minitf.tensor import Tensor


class ConditionalDistribution(Distribution):
    """A distribution whose hooks take further arguments by name."""

    def sample(
        self,
        sample_shape: Any = (),
        seed: int | None = None,
        name: str = "sample",
        **condition_kwargs: Any,
    ) -> Any:
        """Draw independent samples."""
        return self._call_sample_n(sample_shape, seed, name, **condition_kwargs)

    def log_prob(self, value: Any, name: str = "log_prob", **condition_kwargs: Any) -> Tensor:
        """Return the logarithm of the probability (of its density) of a value."""
        return self._ask("log_prob", value, name, **condition_kwargs)

    def prob(self, value: Any, name: str = "prob", **condition_kwargs: Any) -> Tensor:
        """Return the probability (its density) of a value."""
        return self._ask("prob", value, name, **condition_kwargs)

    def log_cdf(self, value: Any, name: str = "log_cdf", **condition_kwargs: Any) -> Tensor:
        """Return log P[X <= value]."""
        return self._ask("log_cdf", value, name, **condition_kwargs)

    def cdf(self, value: Any, name: str = "cdf", **condition_kwargs: Any) -> Tensor:
        """Return P[X <= value]."""
        return self._ask("cdf", value, name, **condition_kwargs)

    def log_survival_function(
        self, value: Any, name: str = "log_survival_function", **condition_kwargs: Any
    ) -> Tensor:
        """Return log P[X > value]."""
        return self._ask("log_survival_function", value, name, **condition_kwargs)

    def survival_function(
        self, value: Any, name: str = "survival_function", **condition_kwargs: Any
    ) -> Tensor:
        """Return P[X > value]."""
        return self._ask("survival_function", value, name, **condition_kwargs)


class ConditionalTransformedDistribution(ConditionalDistribution, TransformedDistribution):
    """A TransformedDistribution under conditions: `bijector_kwargs` and `distribution_kwargs`."""
