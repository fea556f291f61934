"""Distributions whose batch is seen otherwise: as one event, or in another shape.

    Independent(Normal([0.0, 1.0, 2.0], 1.0), 1)       # one vector of three numbers
    BatchReshape(Normal(tf.zeros([6]), 1.0), [2, 3])   # a batch of 2 x 3 numbers

Source: TensorFlow 1.15's classes of the same names in tf.contrib.distributions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import concat, reshape
from minitf.api.framework import name_scope
from minitf.api.reductions import reduce_prod, reduce_sum
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.distributions import divergence
from minitf.distributions.distribution import Distribution
from minitf.distributions.divergence import RegisterKL
from minitf.distributions.statistics import given
from minitf.dtypes import int32
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class Independent(Distribution):
    """The distribution of events that are made of members of a batch.

    Args:
        distribution: that of the members.
        reinterpreted_batch_ndims: how many dimensions of the batch, the last ones, become
            dimensions of an event, known while the graph is built; all but the first if None.
        validate_args: accepted: ranks are always checked.
        name: name scope of all operations.

    Raises:
        ValueError: if there are not as many, or a rank is not known.
    """

    def __init__(
        self,
        distribution: Distribution,
        reinterpreted_batch_ndims: Any = None,
        validate_args: bool = False,
        name: str | None = None,
    ) -> None:
        parameters = dict(locals())
        name = name or "Independent" + distribution.name
        self._distribution = distribution
        with name_scope(name) as scope:
            rank = distribution.batch_shape.rank
            if rank is None or distribution.event_shape.rank is None:
                raise ValueError("the ranks of batch and event must be known")
            count: Any = reinterpreted_batch_ndims
            if isinstance(count, Tensor):
                count = constant_value(count)
                if count is None:
                    raise ValueError("reinterpreted_batch_ndims must be known")
            self._count = max(0, rank - 1) if count is None else int(count)
            if self._count > rank:
                raise ValueError(
                    f"reinterpreted_batch_ndims({self._count}) cannot exceed "
                    f"distribution.batch_ndims({rank})"
                )
            self._rank = rank - self._count
        super().__init__(
            dtype=distribution.dtype,
            reparameterization_type=distribution.reparameterization_type,
            validate_args=validate_args,
            allow_nan_stats=distribution.allow_nan_stats,
            parameters=parameters,
            graph_parents=distribution._graph_parents,  # noqa: SLF001 of the same class
            name=scope,
        )

    @property
    def distribution(self) -> Distribution:
        """The distribution of the members."""
        return self._distribution

    @property
    def reinterpreted_batch_ndims(self) -> int:
        """How many dimensions of the batch became dimensions of an event."""
        return self._count

    def _batch_shape(self) -> TensorShape:
        return self._distribution.batch_shape[: self._rank]

    def _batch_shape_tensor(self) -> Tensor:
        return self._distribution.batch_shape_tensor()[: self._rank]

    def _event_shape(self) -> TensorShape:
        inner = self._distribution
        return inner.batch_shape[self._rank :].concatenate(inner.event_shape)

    def _event_shape_tensor(self) -> Tensor:
        inner = self._distribution
        return concat([inner.batch_shape_tensor()[self._rank :], inner.event_shape_tensor()], 0)

    def _summed(self, found: Tensor) -> Tensor:
        return reduce_sum(found, list(range(-self._count, 0))) if self._count else found

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        return self._distribution.sample(n, seed)

    def _log_prob(self, x: Tensor) -> Tensor:
        return self._summed(self._distribution.log_prob(x))

    def _entropy(self) -> Tensor:
        return self._summed(self._distribution.entropy())

    def _mean(self) -> Tensor:
        return self._distribution.mean()

    def _variance(self) -> Tensor:
        return self._distribution.variance()

    def _stddev(self) -> Tensor:
        return self._distribution.stddev()

    def _mode(self) -> Tensor:
        return self._distribution.mode()


@RegisterKL(Independent, Independent)
def _kl_independent(a: Independent, b: Independent, name: str = "kl_independent") -> Tensor:
    """Return the sum of the members' divergences.

    Raises:
        NotImplementedError: if events are not shaped alike.
        ValueError: if those of the members are not.
    """
    if not a.event_shape.is_compatible_with(b.event_shape):
        raise ValueError("Event shapes do not match.")
    inner = a.distribution.event_shape, b.distribution.event_shape
    if not inner[0].is_compatible_with(inner[1]) or inner[0].rank != inner[1].rank:
        raise NotImplementedError(
            "KL between Independents with different event shapes not supported."
        )
    with name_scope(name):
        found = divergence.kl_divergence(a.distribution, b.distribution)
        return a._summed(found)  # noqa: SLF001 of this class


class BatchReshape(Distribution):
    """A distribution whose batch has another shape.

    Args:
        distribution: the distribution.
        batch_shape: int[rank], the shape; a size of -1 is that which fits.
        validate_args: check sizes that are not known before while the graph runs.
        allow_nan_stats: whether a statistic that is not defined is NaN.
        name: name scope of all operations.

    Raises:
        ValueError: if the shape is no vector, or is known not to fit.
    """

    def __init__(
        self,
        distribution: Distribution,
        batch_shape: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str | None = None,
    ) -> None:
        parameters = dict(locals())
        name = name or "BatchReshape" + distribution.name
        self._distribution = distribution
        with name_scope(name, values=[batch_shape]) as scope:
            wanted = convert_to_tensor(batch_shape, int32, name="batch_shape")
            if wanted.shape.rank != 1:
                raise ValueError(f"`batch_shape` must be a vector (saw rank: {wanted.shape.rank}).")
            self._sizes, self._static = self._fitted(wanted, validate_args=validate_args)
        super().__init__(
            dtype=distribution.dtype,
            reparameterization_type=distribution.reparameterization_type,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._sizes, *distribution._graph_parents],  # noqa: SLF001
            name=scope,
        )

    def _fitted(self, wanted: Tensor, *, validate_args: bool) -> tuple[Tensor, TensorShape]:
        """Return the shape with its -1 filled in, as a Tensor and as far as it is known."""
        own = self._distribution.batch_shape
        total = own.num_elements()
        known = constant_value(wanted)
        if known is not None:
            if (known < -1).any():
                raise ValueError("Shape elements must be >=-1.")
            if (known == -1).sum() > 1:
                raise ValueError("At most one dimension can be unknown.")
            if total is not None:
                filled = np.where(known == -1, total // max(1, -int(np.prod(known))), known)
                if int(np.prod(filled)) != total:
                    raise ValueError(
                        f"`batch_shape` size ({int(np.prod(filled))}) must match "
                        f"`distribution.batch_shape` size ({total})."
                    )
                return convert_to_tensor(filled, int32), TensorShape(filled.tolist())
            static = TensorShape([None if each < 0 else int(each) for each in known])
        else:
            static = TensorShape([None] * wanted.shape[0].value if wanted.shape[0].value else None)
        count = reduce_prod(self._distribution.batch_shape_tensor())
        rest = ops.maximum_op(ops.prod_op(ops.abs_op(wanted), 0), 1)
        filled = ops.select_v2_op(wanted < 0, count // rest + ops.zeros_like_op(wanted), wanted)
        fits = ops.equal_op(reduce_prod(filled), count) if validate_args else None
        return given(filled, fits, "Shape sizes do not match."), static

    @property
    def distribution(self) -> Distribution:
        """The distribution."""
        return self._distribution

    def _batch_shape(self) -> TensorShape:
        return self._static

    def _batch_shape_tensor(self) -> Tensor:
        return ops.identity_op(self._sizes)

    def _event_shape(self) -> TensorShape:
        return self._distribution.event_shape

    def _event_shape_tensor(self) -> Tensor:
        return self._distribution.event_shape_tensor()

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        drawn = self._distribution.sample(n, seed)
        return reshape(drawn, concat([[n], self._sizes, self.event_shape_tensor()], 0))

    # --- values and statistics -------------------------------------------------------------------

    def _of_value(self, method: str, x: Tensor) -> Tensor:
        """Return what the distribution tells of a value in its own shape.

        Raises:
            NotImplementedError: if a value lacks dimensions of the batch.
        """
        ndims, events = self._sizes.shape[0].value, self.event_shape.rank
        if None not in (ndims, events, x.shape.rank):
            least = ndims + events
            if x.shape.rank < least:
                raise NotImplementedError(
                    "Broadcasting is not supported; too few batch and event dims "
                    f"(expected at least {least}, saw {x.shape.rank})."
                )
        event = self.event_shape_tensor()
        first = ops.rank_op(x) - ops.size_op(self._sizes) - ops.size_op(event)
        samples = shape(x)[:first]
        own = self._distribution.batch_shape_tensor()
        found = getattr(self._distribution, method)(reshape(x, concat([samples, own, event], 0)))
        return reshape(found, concat([samples, self._sizes], 0))

    def _log_prob(self, x: Tensor) -> Tensor:
        return self._of_value("log_prob", x)

    def _prob(self, x: Tensor) -> Tensor:
        return self._of_value("prob", x)

    def _log_cdf(self, x: Tensor) -> Tensor:
        return self._of_value("log_cdf", x)

    def _cdf(self, x: Tensor) -> Tensor:
        return self._of_value("cdf", x)

    def _log_survival_function(self, x: Tensor) -> Tensor:
        return self._of_value("log_survival_function", x)

    def _survival_function(self, x: Tensor) -> Tensor:
        return self._of_value("survival_function", x)

    def _reshaped(self, found: Callable[[], Tensor], times: int = 1) -> Tensor:
        """Return a statistic with the batch's shape, and the event's so many times."""
        event = [self.event_shape_tensor()] * times
        made = reshape(found(), concat([self._sizes, *event], 0))
        known = self._static
        for _ in range(times):
            known = known.concatenate(self.event_shape)
        made.set_shape(known)
        return made

    def _entropy(self) -> Tensor:
        return self._reshaped(self._distribution.entropy, 0)

    def _mean(self) -> Tensor:
        return self._reshaped(self._distribution.mean)

    def _mode(self) -> Tensor:
        return self._reshaped(self._distribution.mode)

    def _stddev(self) -> Tensor:
        return self._reshaped(self._distribution.stddev)

    def _variance(self) -> Tensor:
        return self._reshaped(self._distribution.variance)

    def _covariance(self) -> Tensor:
        return self._reshaped(self._distribution.covariance, 2)
