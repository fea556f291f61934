"""TransformedDistribution: that of y = bijector(x), where the distribution of x is known.

    log prob(y) = log prob(x) + log |det dx/dy| with x = bijector.inverse(y)

    log_normal = TransformedDistribution(Normal(0.0, 1.0), bijectors.Exp())

Source: Dillon et al. 2017, "TensorFlow Distributions" §4; TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import concat, transpose
from minitf.api.framework import name_scope
from minitf.api.reductions import reduce_sum
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.contrib.distributions.bijectors.composed import Identity
from minitf.convert import convert_to_tensor
from minitf.distributions.distribution import Distribution
from minitf.dtypes import int32
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class TransformedDistribution(Distribution):
    """The distribution of bijector(x).

    Args:
        distribution: that of x.
        bijector: makes y of x; y = x if None.
        batch_shape: the shape of a batch of equal variables x, if `distribution` is of one.
        event_shape: the shape of an event of independent x, if those of `distribution` are numbers.
        validate_args: check values while the graph runs.
        name: name scope of all operations.

    Raises:
        ValueError: if a shape is not known while the graph is built, or is given where
            `distribution` has one already.
    """

    def __init__(
        self,
        distribution: Distribution,
        bijector: Bijector | None = None,
        batch_shape: Any = None,
        event_shape: Any = None,
        validate_args: bool = False,
        name: str | None = None,
    ) -> None:
        parameters = dict(locals())
        name = name or ("" if bijector is None else bijector.name) + distribution.name
        with name_scope(name, values=[batch_shape, event_shape]) as scope:
            self._distribution = distribution
            self._bijector = bijector or Identity(validate_args)
            self._batch = _override(batch_shape, distribution.batch_shape, "batch_shape")
            self._event = _override(event_shape, distribution.event_shape, "event_shape")
        super().__init__(
            dtype=distribution.dtype,
            reparameterization_type=distribution.reparameterization_type,
            validate_args=validate_args,
            allow_nan_stats=distribution.allow_nan_stats,
            parameters=parameters,
            graph_parents=self._bijector.graph_parents,
            name=scope,
        )

    @property
    def distribution(self) -> Distribution:
        """The distribution of x."""
        return self._distribution

    @property
    def bijector(self) -> Bijector:
        """What makes y of x."""
        return self._bijector

    # --- shapes -----------------------------------------------------------------------------------

    def _event_of_x(self) -> TensorShape:
        return TensorShape(self._event) if self._event else self._distribution.event_shape

    def _batch_shape(self) -> TensorShape:
        return TensorShape(self._batch) if self._batch else self._distribution.batch_shape

    def _event_shape(self) -> TensorShape:
        return self._bijector.forward_event_shape(self._event_of_x())

    def _batch_shape_tensor(self) -> Tensor:
        if self._batch:
            return convert_to_tensor(self._batch, int32)
        return self._distribution.batch_shape_tensor()

    def _event_shape_tensor(self) -> Tensor:
        sizes: Any = self._event or self._distribution.event_shape_tensor()
        return self._bijector.forward_event_shape_tensor(sizes)

    # --- samples and probabilities ----------------------------------------------------------------

    @property
    def _turns(self) -> bool:
        """Whether numbers of an event are drawn before those of the batch, and moved after them."""
        return bool(self._event) and not self._batch and self._distribution.batch_shape.ndims != 0

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        if not self._turns:
            sizes = concat([[n], _sizes([*self._batch, *self._event])], 0)
            return self._bijector.forward(self._distribution.sample(sizes, seed))
        drawn = self._distribution.sample(concat([_sizes(self._event), [n]], 0), seed)
        first = len(self._event)
        order = concat([ops.range_op(first, ops.rank_op(drawn), 1), np.arange(first)], 0)
        return self._bijector.forward(transpose(drawn, order))

    def _on_x(self, x: Tensor, method: str) -> Tensor:
        """Return a log-probability of x, summed over an event that is made of numbers."""
        count = len(self._event)
        if not self._turns:
            found: Tensor = getattr(self._distribution, method)(x)
            return reduce_sum(found, list(range(-count, 0))) if count else found
        total = ops.rank_op(x)
        order = concat(
            [ops.range_op(total - count, total, 1), ops.range_op(0, total - count, 1)], 0
        )
        found = getattr(self._distribution, method)(transpose(x, order))
        return reduce_sum(found, list(range(count)))

    def _log_prob(self, y: Tensor) -> Tensor:
        x = self._bijector.inverse(y)
        ndims = self._bijector.forward_event_shape(self._event_of_x()).ndims
        if ndims is None:
            raise ValueError("the rank of an event must be known while the graph is built")
        return self._on_x(x, "log_prob") + self._bijector.inverse_log_det_jacobian(y, ndims)

    def _of_numbers(self, method: str) -> None:
        """Refuse what is not defined where several numbers are one event."""
        if self._event:
            raise NotImplementedError(f"{method} is not implemented when overriding event_shape")

    def _log_cdf(self, y: Tensor) -> Tensor:
        self._of_numbers("log_cdf")
        return self._distribution.log_cdf(self._bijector.inverse(y))

    def _cdf(self, y: Tensor) -> Tensor:
        self._of_numbers("cdf")
        return self._distribution.cdf(self._bijector.inverse(y))

    def _log_survival_function(self, y: Tensor) -> Tensor:
        self._of_numbers("log_survival_function")
        return self._distribution.log_survival_function(self._bijector.inverse(y))

    def _survival_function(self, y: Tensor) -> Tensor:
        self._of_numbers("survival_function")
        return self._distribution.survival_function(self._bijector.inverse(y))

    def _quantile(self, value: Tensor) -> Tensor:
        self._of_numbers("quantile")
        return self._bijector.forward(self._distribution.quantile(value))

    # --- statistics -------------------------------------------------------------------------------

    def _constant(self, method: str) -> None:
        if not self._bijector.is_constant_jacobian:
            raise NotImplementedError(f"{method} is not implemented for non-affine bijectors")

    def _mean(self) -> Tensor:
        self._constant("mean")
        sizes: Any = _sizes([*self._batch, *self._event])
        mean = self._distribution.mean()
        if self._event and not self._batch:
            for _ in self._event:
                mean = ops.expand_dims_op(mean, -1)
            sizes = concat([self.batch_shape_tensor(), _sizes(self._event)], 0)
        if self._event or self._batch:
            mean = ops.broadcast_to_op(mean, concat([sizes, *self._own_event()], 0))
        return self._bijector.forward(mean)

    def _own_event(self) -> list[Tensor]:
        return [] if self._event else [self._distribution.event_shape_tensor()]

    def _entropy(self) -> Tensor:
        self._constant("entropy")
        found = self._distribution.entropy()
        if self._event:
            found = found * float(np.prod(self._event))
        if self._batch:
            found = ops.broadcast_to_op(found, _sizes(self._batch))
        ndims = self._event_of_x().ndims or 0
        x = ops.fill_op(
            concat([self.batch_shape_tensor(), self._x_event_tensor()], 0),
            convert_to_tensor(0, self.dtype),
        )
        return found - self._bijector.inverse_log_det_jacobian(self._bijector.forward(x), ndims)

    def _x_event_tensor(self) -> Any:
        return _sizes(self._event) if self._event else self._distribution.event_shape_tensor()


def _sizes(dims: list[int]) -> Any:
    return np.array(dims, np.int32)


def _override(sizes: Any, own: TensorShape, name: str) -> list[int]:
    """Return a shape that stands for that of the distribution; [] for none.

    Raises:
        ValueError: if it is not known, or the distribution has one.
    """
    if sizes is None:
        return []
    known = constant_value(convert_to_tensor(sizes, int32, name=name))
    if known is None:
        raise ValueError(f"{name} must be known while the graph is built")
    made = [int(each) for each in known.ravel()]
    if made and own.ndims != 0:
        raise ValueError(f"Base distribution is not scalar: {name} can not be given besides {own}.")
    return made
