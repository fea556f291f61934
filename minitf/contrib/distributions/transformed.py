"""TransformedDistribution: that of y = bijector(x), where the distribution of x is known.

    log prob(y) = log prob(x) + log |det dx/dy| with x = bijector.inverse(y)

    log_normal = TransformedDistribution(Normal(0.0, 1.0), bijectors.Exp())

Where several x have one y, their probabilities add up.  A sample is known to the bijector, so that
its probability needs no inverse.

Source: Dillon et al. 2017, "TensorFlow Distributions" §4; TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import concat, reshape, stack, transpose
from minitf.api.casting import cast
from minitf.api.constants import zeros
from minitf.api.framework import name_scope
from minitf.api.reductions import reduce_logsumexp, reduce_sum
from minitf.api.sizes import broadcast_to
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.contrib.distributions.bijectors.composed import Identity
from minitf.convert import convert_to_tensor
from minitf.distributions.distribution import Distribution
from minitf.dtypes import int32
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

Conditions = dict[str, Any] | None


class _Override:
    """A shape that stands for a distribution's own, which is then that of one number.

    Args:
        sizes: the shape, or None for none.
        own: the distribution's.
        name: which shape it is.

    Raises:
        ValueError: if the number of dimensions is not known, or the distribution has some.
    """

    def __init__(self, sizes: Any, own: TensorShape, name: str) -> None:
        made = convert_to_tensor([] if sizes is None else sizes, int32, name=name)
        made = reshape(made, [-1]) if made.shape.rank != 1 else made
        if made.shape[0].value is None:
            raise ValueError(f"the length of {name} must be known while the graph is built")
        self.rank = int(made.shape[0].value)
        if self.rank and own.rank != 0:
            raise ValueError(
                f"Base distribution is not scalar: {name} can not be given besides {own}."
            )
        known = constant_value(made)
        self.tensor = made if known is None else np.array(known, np.int32)
        self.static = TensorShape([None] * self.rank if known is None else known.tolist())

    def __bool__(self) -> bool:
        """Tell whether there is one."""
        return self.rank > 0


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
        ValueError: if the number of dimensions of a shape is not known while the graph is built, or
            it is given where `distribution` has one already.
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
            self._batch = _Override(batch_shape, distribution.batch_shape, "batch_shape")
            self._event = _Override(event_shape, distribution.event_shape, "event_shape")
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
        return self._event.static if self._event else self._distribution.event_shape

    def _event_of_x_tensor(self) -> Any:
        return self._event.tensor if self._event else self._distribution.event_shape_tensor()

    def _batch_shape(self) -> TensorShape:
        return self._batch.static if self._batch else self._distribution.batch_shape

    def _event_shape(self) -> TensorShape:
        return self._bijector.forward_event_shape(self._event_of_x())

    def _batch_shape_tensor(self) -> Tensor:
        if self._batch:
            return convert_to_tensor(self._batch.tensor)
        return self._distribution.batch_shape_tensor()

    def _event_shape_tensor(self) -> Tensor:
        return self._bijector.forward_event_shape_tensor(self._event_of_x_tensor())

    # --- samples and probabilities ----------------------------------------------------------------

    @property
    def _turns(self) -> bool:
        """Whether numbers of an event are drawn before those of the batch, and moved after them."""
        return bool(self._event) and not self._batch and self._distribution.batch_shape.rank != 0

    def _sample_n(
        self,
        n: Any,
        seed: int | None = None,
        bijector_kwargs: Conditions = None,
        distribution_kwargs: Conditions = None,
    ) -> Tensor:
        """Draw x, of which `_finished` makes y."""
        del bijector_kwargs
        under = distribution_kwargs or {}
        if not self._turns:
            sizes = concat([[n], self._batch.tensor, self._event.tensor], 0)
            return self._distribution.sample(sizes, seed, **under)
        drawn = self._distribution.sample(concat([self._event.tensor, [n]], 0), seed, **under)
        first = self._event.rank
        order = concat([ops.range_op(first, ops.rank_op(drawn), 1), np.arange(first)], 0)
        return transpose(drawn, order)

    def _finished(
        self,
        drawn: Tensor,
        bijector_kwargs: Conditions = None,
        distribution_kwargs: Conditions = None,
    ) -> Tensor:
        del distribution_kwargs
        return self._bijector.forward(drawn, **(bijector_kwargs or {}))

    def _on_x(self, x: Tensor, method: str, under: dict[str, Any]) -> Tensor:
        """Return a log-probability of x, summed over an event that is made of numbers."""
        count = self._event.rank
        if not self._turns:
            found: Tensor = getattr(self._distribution, method)(x, **under)
            return reduce_sum(found, list(range(-count, 0))) if count else found
        total = ops.rank_op(x)
        order = concat(
            [ops.range_op(total - count, total, 1), ops.range_op(0, total - count, 1)], 0
        )
        found = getattr(self._distribution, method)(transpose(x, order), **under)
        return reduce_sum(found, list(range(count)))

    def _log_prob(
        self,
        y: Tensor,
        bijector_kwargs: Conditions = None,
        distribution_kwargs: Conditions = None,
    ) -> Tensor:
        ndims = self._bijector.forward_event_shape(self._event_of_x()).ndims
        if ndims is None:
            raise ValueError("the rank of an event must be known while the graph is built")
        under, given = bijector_kwargs or {}, distribution_kwargs or {}
        x = self._bijector.inverse(y, **under)
        change = self._bijector.inverse_log_det_jacobian(y, ndims, **under)
        if not isinstance(x, tuple):
            return self._on_x(x, "log_prob", given) + change
        each = [self._on_x(one, "log_prob", given) + by for one, by in zip(x, change, strict=True)]
        return reduce_logsumexp(stack(each), 0)

    def _of_x(
        self, method: str, y: Tensor, bijector_kwargs: Conditions, given: Conditions
    ) -> Tensor:
        """Return what holds for x too.

        Raises:
            NotImplementedError: if several numbers are one event, or several x have one y.
        """
        if self._event:
            raise NotImplementedError(f"{method} is not implemented when overriding event_shape")
        x = self._bijector.inverse(y, **(bijector_kwargs or {}))
        if isinstance(x, tuple):
            raise NotImplementedError(f"{method} is not implemented when bijector is not injective")
        return getattr(self._distribution, method)(x, **(given or {}))

    def _log_cdf(
        self, y: Tensor, bijector_kwargs: Conditions = None, distribution_kwargs: Conditions = None
    ) -> Tensor:
        return self._of_x("log_cdf", y, bijector_kwargs, distribution_kwargs)

    def _cdf(
        self, y: Tensor, bijector_kwargs: Conditions = None, distribution_kwargs: Conditions = None
    ) -> Tensor:
        return self._of_x("cdf", y, bijector_kwargs, distribution_kwargs)

    def _log_survival_function(
        self, y: Tensor, bijector_kwargs: Conditions = None, distribution_kwargs: Conditions = None
    ) -> Tensor:
        return self._of_x("log_survival_function", y, bijector_kwargs, distribution_kwargs)

    def _survival_function(
        self, y: Tensor, bijector_kwargs: Conditions = None, distribution_kwargs: Conditions = None
    ) -> Tensor:
        return self._of_x("survival_function", y, bijector_kwargs, distribution_kwargs)

    def _quantile(self, value: Tensor) -> Tensor:
        if self._event:
            raise NotImplementedError("quantile is not implemented when overriding event_shape")
        if not self._bijector._is_injective:  # noqa: SLF001 its hook
            raise NotImplementedError("quantile is not implemented when bijector is not injective")
        return self._bijector.forward(self._distribution.quantile(value))

    # --- statistics -------------------------------------------------------------------------------

    def _constant(self, method: str) -> None:
        if not (self._bijector.is_constant_jacobian and self._bijector._is_injective):  # noqa: SLF001
            raise NotImplementedError(f"{method} is not implemented for non-affine bijectors")

    def _mean(self) -> Tensor:
        self._constant("mean")
        return self._bijector.forward(self._on_events("mean"))

    def _on_events(self, method: str) -> Tensor:
        """Return a statistic of x, for each number of an event and each member of the batch."""
        found = getattr(self._distribution, method)()
        if not self._event and not self._batch:
            return found
        if self._event and not self._batch:
            for _ in range(self._event.rank):
                found = ops.expand_dims_op(found, -1)
        sizes = concat([self.batch_shape_tensor(), self._event_of_x_tensor()], 0)
        return broadcast_to(found, sizes)

    def _entropy(self) -> Tensor:
        self._constant("entropy")
        found = self._distribution.entropy()
        if self._event:
            found = found * cast(ops.prod_op(self._event.tensor, 0), found.dtype)
        if self._batch:
            found = broadcast_to(found, self._batch.tensor)
        ndims = self._event_of_x().ndims or 0
        x = zeros(concat([self.batch_shape_tensor(), self._event_of_x_tensor()], 0), self.dtype)
        return found + self._bijector.forward_log_det_jacobian(x, ndims)
