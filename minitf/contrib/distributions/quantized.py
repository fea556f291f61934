"""QuantizedDistribution: numbers rounded up to whole ones, y = ceil(x), within limits.

    P[y = j] = P[j - 1 < x <= j];  what is below `low` counts as it, what is above `high` as it

Source: Salimans et al. 2017, "PixelCNN++"; TensorFlow 1.15's tf.contrib.distributions.
"""

from __future__ import annotations

import math
from typing import Any

from minitf import ops
from minitf.api.control import identity
from minitf.api.elementary import ceil, exp, floor, log1p
from minitf.api.framework import name_scope
from minitf.convert import convert_to_tensor
from minitf.distributions.distribution import Distribution
from minitf.distributions.statistics import given
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class QuantizedDistribution(Distribution):
    """The distribution of a number rounded up.

    Args:
        distribution: that of the number, which must know its `cdf` or `log_cdf`.
        low: the least value, a whole number; none if None.
        high: the greatest value, a whole number greater than `low`; none if None.
        validate_args: check limits, and that values are whole, while the graph runs.
        name: name scope of all operations.

    Raises:
        TypeError: if `distribution` is none.
    """

    def __init__(
        self,
        distribution: Distribution,
        low: Any = None,
        high: Any = None,
        validate_args: bool = False,
        name: str = "QuantizedDistribution",
    ) -> None:
        parameters = dict(locals())
        if not isinstance(distribution, Distribution):
            raise TypeError(f"distribution must be a Distribution, but saw: {distribution}")
        self._distribution = distribution
        with name_scope(name, values=[low, high]) as scope:
            self._low, self._high = (
                None if limit is None else self._limit(limit, key, validate_args=validate_args)
                for limit, key in ((low, "low"), (high, "high"))
            )
            if validate_args and self._low is not None and self._high is not None:
                message = "low must be strictly less than high."
                self._low = given(self._low, self._low < self._high, message)
        limits = [each for each in (self._low, self._high) if each is not None]
        super().__init__(
            dtype=distribution.dtype,
            reparameterization_type=distribution.reparameterization_type,
            validate_args=validate_args,
            allow_nan_stats=distribution.allow_nan_stats,
            parameters=parameters,
            graph_parents=[*distribution._graph_parents, *limits],  # noqa: SLF001 of the same class
            name=scope,
        )

    def _limit(self, limit: Any, name: str, *, validate_args: bool) -> Tensor:
        made = convert_to_tensor(limit, self._distribution.dtype, name=name)
        return _whole(made) if validate_args else made

    @property
    def distribution(self) -> Distribution:
        """The distribution of the number."""
        return self._distribution

    @property
    def low(self) -> Tensor | None:
        """The least value; None for none."""
        return self._low

    @property
    def high(self) -> Tensor | None:
        """The greatest value; None for none."""
        return self._high

    def _batch_shape(self) -> TensorShape:
        return self._distribution.batch_shape

    def _batch_shape_tensor(self) -> Tensor:
        return self._distribution.batch_shape_tensor()

    def _event_shape(self) -> TensorShape:
        return self._distribution.event_shape

    def _event_shape_tensor(self) -> Tensor:
        return self._distribution.event_shape_tensor()

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        drawn = ceil(self._distribution.sample(n, seed))
        if self._low is not None:
            drawn = ops.maximum_op(drawn, self._low)
        return drawn if self._high is None else ops.minimum_op(drawn, self._high)

    # --- probabilities ---------------------------------------------------------------------------

    def _log_prob(self, y: Tensor) -> Tensor:
        """Return log(P[x <= j] - P[x <= j - 1]), of the tail in which both are small."""
        y = self._checked(y)
        try:
            above, above_less = self._log_tail(y, up=True), self._log_tail(y - 1.0, up=True)
            up_to, up_to_less = self._log_tail(y, up=False), self._log_tail(y - 1.0, up=False)
        except NotImplementedError as error:
            raise NotImplementedError(
                "'log_prob' not implemented unless the base distribution implements 'log_cdf'"
            ) from error
        upper = above < up_to
        big = ops.select_v2_op(upper, above_less, up_to)
        small = ops.select_v2_op(upper, above, up_to_less)
        nothing = convert_to_tensor(-math.inf, big.dtype)
        some = big > nothing
        safe = ops.select_v2_op(some, big, ops.zeros_like_op(big))
        less = ops.select_v2_op(some, small - safe, nothing)
        return ops.select_v2_op(some, safe + log1p(-exp(less)), nothing)

    def _log_cdf(self, y: Tensor) -> Tensor:
        return self._log_tail(self._checked(y), up=False)

    def _cdf(self, y: Tensor) -> Tensor:
        return self._tail("cdf", self._checked(y), below=0.0, above=1.0)

    def _log_survival_function(self, y: Tensor) -> Tensor:
        return self._log_tail(self._checked(y), up=True)

    def _survival_function(self, y: Tensor) -> Tensor:
        return self._tail("survival_function", self._checked(y), below=1.0, above=0.0)

    def _log_tail(self, y: Tensor, *, up: bool) -> Tensor:
        """Return log P[result > y], or log P[result <= y]."""
        if up:
            return self._tail("log_survival_function", y, below=0.0, above=-math.inf)
        return self._tail("log_cdf", y, below=-math.inf, above=0.0)

    def _tail(self, method: str, y: Tensor, *, below: float, above: float) -> Tensor:
        """Return what the distribution tells of the whole number under y, within the limits."""
        j = floor(y)
        found = getattr(self._distribution, method)(j)
        if self._low is not None:
            found = ops.select_v2_op(j < self._low, convert_to_tensor(below, found.dtype), found)
        if self._high is not None:
            found = ops.select_v2_op(j >= self._high, convert_to_tensor(above, found.dtype), found)
        return found

    def _checked(self, y: Tensor) -> Tensor:
        return _whole(y) if self.validate_args else identity(y)


def _whole(x: Tensor) -> Tensor:
    """Return numbers that exist only if they are whole."""
    message = "value has non-integer components."
    return given(x, ops.equal_op(x, ops.floor_op(x)), message)
