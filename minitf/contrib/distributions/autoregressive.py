"""Autoregressive: each number of an event is drawn of a distribution that the earlier ones make.

    prob(x) = fn(x).prob(x);  x = fn(... fn(fn(x0).sample()).sample() ...).sample()

Every step draws with the same seed, so that numbers that are right already come again.

Source: Papamakarios et al. 2017, "Masked Autoregressive Flow"; TensorFlow 1.15's
tf.contrib.distributions.Autoregressive.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from minitf.api.framework import name_scope
from minitf.distributions.distribution import Distribution
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class Autoregressive(Distribution):
    """The distribution of events whose numbers depend on earlier ones.

    Args:
        distribution_fn: x -> the distribution of an event, whose i-th number depends on those of x
            before the i-th only.
        sample0: what it is called with first; with nothing if None.
        num_steps: how often a sample is made of the one before; as often as an event has numbers
            if None.
        validate_args: accepted: the distributions check.
        allow_nan_stats: no statistic is known; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if `num_steps` is less than 1, or not known.
    """

    def __init__(
        self,
        distribution_fn: Callable[..., Distribution],
        sample0: Any = None,
        num_steps: int | None = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Autoregressive",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name) as scope:
            self._function = distribution_fn
            self._sample0 = sample0
            self._first = distribution_fn() if sample0 is None else distribution_fn(sample0)
            if num_steps is None:
                num_steps = self._first.event_shape.num_elements()
                if num_steps is None:
                    raise ValueError(
                        "distribution_fn must generate a distribution with fully known "
                        "`event_shape`."
                    )
            if num_steps < 1:
                raise ValueError(f"num_steps ({num_steps}) must be at least 1.")
            self._num_steps = num_steps
        super().__init__(
            dtype=self._first.dtype,
            reparameterization_type=self._first.reparameterization_type,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=self._first._graph_parents,  # noqa: SLF001 of the same class
            name=scope,
        )

    @property
    def distribution_fn(self) -> Callable[..., Distribution]:
        """What makes a distribution of an event."""
        return self._function

    @property
    def sample0(self) -> Any:
        """What it is called with first."""
        return self._sample0

    @property
    def num_steps(self) -> int:
        """How often a sample is made of the one before."""
        return self._num_steps

    @property
    def distribution0(self) -> Distribution:
        """The first distribution."""
        return self._first

    def _batch_shape(self) -> TensorShape:
        return self._first.batch_shape

    def _batch_shape_tensor(self) -> Tensor:
        return self._first.batch_shape_tensor()

    def _event_shape(self) -> TensorShape:
        return self._first.event_shape

    def _event_shape_tensor(self) -> Tensor:
        return self._first.event_shape_tensor()

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        if seed is None:
            seed = secrets.randbits(31)
        drawn = self._first.sample(n, seed)
        for _ in range(self._num_steps):
            drawn = self._function(drawn).sample(seed=seed)
        return drawn

    def _log_prob(self, x: Tensor) -> Tensor:
        return self._function(x).log_prob(x)

    def _prob(self, x: Tensor) -> Tensor:
        return self._function(x).prob(x)
