"""The uniform distribution.

    prob(x) = 1 / (high - low) if low <= x < high, else 0

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.comparison import is_nan
from minitf.api.constants import ones, ones_like, zeros, zeros_like
from minitf.api.elementary import log, square
from minitf.api.framework import name_scope
from minitf.api.random import random_uniform
from minitf.api.sizes import broadcast_dynamic_shape, shape
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import checked, must, must_be_floats
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED
from minitf.distributions.scalar import ScalarDistribution
from minitf.dtypes import int32
from minitf.tensor import Tensor


class Uniform(ScalarDistribution):
    """The distribution of numbers from [low, high), all equally likely.

    Args:
        low: least values.
        high: bounds above, greater than `low`; they broadcast with it.
        validate_args: check that while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if the parameters are not of one floating-point type.
    """

    def __init__(
        self,
        low: Any = 0.0,
        high: Any = 1.0,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Uniform",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[low, high]) as scope:
            message = "uniform not defined when low >= high."
            checks = [must(ops.less_op(low, high), message)] if validate_args else []
            self._low, self._high = checked(low, "low", checks), checked(high, "high", checks)
            must_be_floats(self._low, self._high)
        super().__init__(
            dtype=self._low.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._low, self._high],
            name=scope,
        )

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Tensor]:
        return dict.fromkeys(("low", "high"), convert_to_tensor(sample_shape, int32))

    @property
    def low(self) -> Tensor:
        """The least values."""
        return self._low

    @property
    def high(self) -> Tensor:
        """The bounds above."""
        return self._high

    def range(self, name: str = "range") -> Tensor:
        """Return high - low."""
        with self._scope(name):
            return self.high - self.low

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        drawn = random_uniform(self._drawn_shape(n), dtype=self.dtype, seed=seed)
        return self.low + self.range() * drawn

    def _prob(self, x: Tensor) -> Tensor:
        x = x * ones(self.batch_shape_tensor(), dtype=x.dtype)
        outside = ops.logical_or_op(x < self.low, x >= self.high)
        inside = ones_like(x) / self.range()
        made: Tensor = ops.select_v2_op(
            is_nan(x), x, ops.select_v2_op(outside, zeros_like(x), inside)
        )
        return made

    def _cdf(self, x: Tensor) -> Tensor:
        common = broadcast_dynamic_shape(shape(x), self.batch_shape_tensor())
        none, all_ = zeros(common, dtype=self.dtype), ones(common, dtype=self.dtype)
        part = (x * all_ - self.low) / self.range()
        made: Tensor = ops.select_v2_op(
            x >= self.high, all_, ops.select_v2_op(x < self.low, none, part)
        )
        return made

    def _mean(self) -> Tensor:
        return (self.low + self.high) / 2.0

    def _variance(self) -> Tensor:
        return square(self.range()) / 12.0

    def _stddev(self) -> Tensor:
        return self.range() / 12.0**0.5

    def _entropy(self) -> Tensor:
        return log(self.range())
