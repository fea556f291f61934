"""Mixtures: a class is drawn, then a value of the distribution of that class.

    prob(x) = sum over k of p_k prob_k(x)

Mixture takes a list of distributions, of any kinds; MixtureSameFamily one distribution whose batch
has the classes as its last dimension.

Source: TensorFlow 1.15's classes of the same names in tf.contrib.distributions.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from minitf.api.array import concat, expand_dims, reshape, stack
from minitf.api.assertions import assert_equal
from minitf.api.constants import ones
from minitf.api.control import after
from minitf.api.elementary import sqrt
from minitf.api.framework import name_scope
from minitf.api.math import squared_difference
from minitf.api.matmul import matmul
from minitf.api.nn_losses import log_softmax, softmax
from minitf.api.reductions import reduce_logsumexp, reduce_sum
from minitf.api.sequences import one_hot
from minitf.api.sizes import shape
from minitf.distributions.categorical import Categorical
from minitf.distributions.distribution import Distribution
from minitf.distributions.reparameterization import NOT_REPARAMETERIZED
from minitf.distributions.statistics import next_seed
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class _Mixed(Distribution):
    """What the kinds of mixtures have in common.

    The components' statistics and probabilities have the classes as a dimension of their own, the
    last before those of an event.
    """

    _classes: Distribution
    _checks: list[Operation]

    @abstractmethod
    def _of_classes(self, method: str, rank: int | None = None) -> Tensor:
        """Return a statistic of the components: [..., K, *event], of an event's rank or another."""

    @abstractmethod
    def _of_value(self, method: str, x: Tensor) -> Tensor:
        """Return a probability of a value by the components: [..., K]."""

    def _rank(self) -> int:
        """Return how many dimensions an event has."""
        rank = self.event_shape.rank
        if rank is None:
            raise ValueError("Expected to know rank(event_shape) from components")
        return rank

    def _weighted(self, weights: Tensor, values: Tensor) -> Tensor:
        """Return the sum over the classes of [..., K] times [..., K, *event]."""
        rank = self._rank()
        weights = reshape(weights, concat([shape(weights), ones([rank], "int32")], 0))
        return reduce_sum(weights * values, -1 - rank)

    def _probabilities(self) -> Tensor:
        return after(self._checks, softmax(self._classes.logits))  # type: ignore[attr-defined]

    def _log_of(self, method: str, x: Tensor) -> Tensor:
        logits = after(self._checks, self._classes.logits)  # type: ignore[attr-defined]
        return reduce_logsumexp(self._of_value(method, x) + log_softmax(logits), -1)

    def _log_prob(self, x: Tensor) -> Tensor:
        return self._log_of("log_prob", x)

    def _log_cdf(self, x: Tensor) -> Tensor:
        return self._log_of("log_cdf", x)

    def _mean(self) -> Tensor:
        return self._weighted(self._probabilities(), self._of_classes("mean"))

    def _variance(self) -> Tensor:
        """Return E[variance of a class] + the variance of the classes' means."""
        means, weights = self._of_classes("mean"), self._probabilities()
        middle = expand_dims(self._weighted(weights, means), -1 - self._rank())
        within = self._weighted(weights, self._of_classes("variance"))
        return within + self._weighted(weights, squared_difference(means, middle))

    def _stddev(self) -> Tensor:
        return sqrt(self._variance())

    def _covariance(self) -> Tensor:
        """Return E[covariance of a class] + the covariance of the classes' means."""
        if self._rank() != 1:
            raise NotImplementedError("covariance is not implemented")
        weights, means = self._probabilities()[..., None], self._of_classes("mean")
        apart = means - reduce_sum(weights * means, -2, keepdims=True)
        within = reduce_sum(weights[..., None] * self._of_classes("covariance", 2), -3)
        return within + matmul(weights * apart, apart, transpose_a=True)

    def _selected(self, classes: Tensor, values: Tensor) -> Tensor:
        """Return of values of all classes, [n, ..., K, *event], those of the classes drawn."""
        count = values.shape[-1 - self._rank()].value
        return self._weighted(one_hot(classes, count, dtype=values.dtype), values)


class Mixture(_Mixed):
    """The distribution of values of one of several distributions.

    Args:
        cat: a Categorical of as many classes as there are components.
        components: distributions of one type and shape.
        validate_args: check that batch shapes agree while the graph runs.
        allow_nan_stats: passed on; accepted.
        use_static_graph: accepted: all components are always drawn from.
        name: name scope of all operations.

    Raises:
        TypeError: if arguments are no distributions, or of several types.
        ValueError: if there is no component, or shapes or numbers do not agree.
    """

    def __init__(
        self,
        cat: Categorical,
        components: Sequence[Distribution],
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        use_static_graph: bool = False,
        name: str = "Mixture",
    ) -> None:
        parameters = dict(locals())
        if not isinstance(cat, Categorical):
            raise TypeError(f"cat must be a Categorical distribution, but saw: {cat}")
        if not components:
            raise ValueError("components must be a non-empty list or tuple")
        if not isinstance(components, (list, tuple)):
            raise TypeError(f"components must be a list or tuple, but saw: {components}")
        if not all(isinstance(each, Distribution) for each in components):
            raise TypeError(
                f"all entries in components must be Distribution instances but saw: {components}"
            )
        dtype = components[0].dtype
        if any(each.dtype != dtype for each in components):
            found = [(each.name, each.dtype) for each in components]
            raise TypeError(f"All components must have the same dtype, but saw dtypes: {found}")
        self._classes = self._cat = cat
        self._components = list(components)
        self._static_event, self._static_batch = components[0].event_shape, cat.batch_shape
        for each in components:
            self._static_event = self._static_event.merge_with(each.event_shape)
            self._static_batch = self._static_batch.merge_with(each.batch_shape)
        self._rank()
        with name_scope(name, values=[cat.logits]) as scope:
            count = cat.logits.shape[-1].value
            if count is None:
                raise ValueError(
                    "Could not infer number of classes from cat and unable to compare this value "
                    "to the number of components passed in."
                )
            if count != len(components):
                raise ValueError(
                    f"cat.num_classes != len(components): {count} vs. {len(components)}"
                )
            self._checks = [
                assert_equal(
                    cat.batch_shape_tensor(),
                    each.batch_shape_tensor(),
                    message=f"components[{i}] batch shape must match cat batch shape",
                )
                for i, each in enumerate(components)
                if validate_args
            ]
        super().__init__(
            dtype=dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[cat.logits],
            name=scope,
        )

    @property
    def cat(self) -> Categorical:
        """The distribution of the classes."""
        return self._cat

    @property
    def components(self) -> list[Distribution]:
        """The distribution of each class."""
        return self._components

    @property
    def num_components(self) -> int:
        """How many classes there are."""
        return len(self._components)

    def entropy_lower_bound(self, name: str = "entropy_lower_bound") -> Tensor:
        """Return the sum of the components' entropies, weighted: less than that of the mixture."""
        with self._scope(name, self._cat.logits):
            entropies = stack([each.entropy() for each in self._components], -1)
            return reduce_sum(self._probabilities() * entropies, -1)

    def _batch_shape(self) -> TensorShape:
        return self._static_batch

    def _batch_shape_tensor(self) -> Tensor:
        return self._cat.batch_shape_tensor()

    def _event_shape(self) -> TensorShape:
        return self._static_event

    def _event_shape_tensor(self) -> Tensor:
        return self._components[0].event_shape_tensor()

    def _of_classes(self, method: str, rank: int | None = None) -> Tensor:
        place = -1 - (self._rank() if rank is None else rank)
        return stack([getattr(each, method)() for each in self._components], place)

    def _of_value(self, method: str, x: Tensor) -> Tensor:
        return stack([getattr(each, method)(x) for each in self._components], -1)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        classes, drawn = self._cat.sample(n, seed=seed), []
        for each in self._components:
            seed = next_seed(seed, "mixture")
            drawn.append(each.sample(n, seed=seed))
        return self._selected(after(self._checks, classes), stack(drawn, -1 - self._rank()))


class MixtureSameFamily(_Mixed):
    """The distribution of values of one of the members of a batch of distributions.

    Args:
        mixture_distribution: a Categorical, of no batch or of the same as the components without
            their last dimension.
        components_distribution: one whose batch's last dimension are the classes.
        validate_args: check that shapes agree while the graph runs.
        allow_nan_stats: passed on; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if classes are no integers, or shapes do not agree.
    """

    def __init__(
        self,
        mixture_distribution: Categorical,
        components_distribution: Distribution,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MixtureSameFamily",
    ) -> None:
        parameters = dict(locals())
        self._classes = self._mixture = mixture_distribution
        self._components = components_distribution
        if not mixture_distribution.dtype.is_integer:
            raise ValueError(
                f"`mixture_distribution.dtype` ({mixture_distribution.dtype.name}) is not over "
                "integers"
            )
        if mixture_distribution.event_shape.rank:
            raise ValueError("`mixture_distribution` must have scalar `event_dim`s")
        ours, theirs = mixture_distribution.batch_shape, self._batch_shape()
        if ours.rank != 0 and not ours.is_compatible_with(theirs):
            raise ValueError(
                f"`mixture_distribution.batch_shape` (`{ours.as_list()}`) is not compatible with "
                f"`components_distribution.batch_shape` (`{theirs.as_list()}`)"
            )
        count = mixture_distribution.logits.shape.with_rank_at_least(1)[-1]
        members = components_distribution.batch_shape.with_rank_at_least(1)[-1]
        if not count.is_compatible_with(members):
            raise ValueError(
                f"`mixture_distribution components` ({count}) does not equal "
                f"`components_distribution.batch_shape[-1]` ({members})"
            )
        with name_scope(name) as scope:
            self._checks = (
                [
                    assert_equal(
                        shape(mixture_distribution.logits)[-1],
                        components_distribution.batch_shape_tensor()[-1],
                        message="`mixture_distribution components` does not equal "
                        "`components_distribution.batch_shape[-1:]`",
                    )
                ]
                if validate_args
                else []
            )
        super().__init__(
            dtype=components_distribution.dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[mixture_distribution.logits],
            name=scope,
        )

    @property
    def mixture_distribution(self) -> Categorical:
        """The distribution of the classes."""
        return self._mixture

    @property
    def components_distribution(self) -> Distribution:
        """The distributions of the classes."""
        return self._components

    def _batch_shape(self) -> TensorShape:
        return self._components.batch_shape.with_rank_at_least(1)[:-1]

    def _batch_shape_tensor(self) -> Tensor:
        return self._components.batch_shape_tensor()[:-1]

    def _event_shape(self) -> TensorShape:
        return self._components.event_shape

    def _event_shape_tensor(self) -> Tensor:
        return self._components.event_shape_tensor()

    def _of_classes(self, method: str, rank: int | None = None) -> Tensor:
        del rank
        return getattr(self._components, method)()

    def _of_value(self, method: str, x: Tensor) -> Tensor:
        return getattr(self._components, method)(expand_dims(x, -1 - self._rank()))

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        """Draw from all classes, and select; a batch that shares its classes draws its own."""
        drawn = self._components.sample(n, seed=seed)
        shared = self._mixture.batch_shape.rank == 0
        sizes = concat([[n], self.batch_shape_tensor()], 0) if shared else n
        classes = self._mixture.sample(sizes, seed=next_seed(seed, "mixture"))
        return self._selected(after(self._checks, classes), drawn)
