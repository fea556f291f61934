"""Counts of several classes in a number of trials, with fixed shares or with Dirichlet's.

    prob(counts) = n! product of (probs_i^counts_i / counts_i!)

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import concat, expand_dims, reshape, transpose
from minitf.api.casting import cast
from minitf.api.constants import ones_like
from minitf.api.diagonals import matrix_set_diag
from minitf.api.elementary import log, sqrt
from minitf.api.framework import name_scope
from minitf.api.matmul import matmul
from minitf.api.nn_losses import log_softmax
from minitf.api.random import multinomial, random_gamma
from minitf.api.reductions import reduce_all, reduce_max, reduce_sum
from minitf.api.sequences import one_hot, sequence_mask
from minitf.api.sizes import shape
from minitf.api.special import lbeta, lgamma
from minitf.convert import convert_to_tensor
from minitf.distributions.dirichlet import Concentrated, checked_concentration, of_products
from minitf.distributions.distribution import Distribution
from minitf.distributions.odds import WithTrials, logits_and_probs
from minitf.distributions.reparameterization import NOT_REPARAMETERIZED
from minitf.distributions.statistics import given, next_seed
from minitf.dtypes import int32
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_COUNTS = "counts must be non-negative integers, and sum to `self.total_count`"


class Multinomial(WithTrials):
    """The distribution of counts of several classes in a number of trials.

    Args:
        total_count: [...], how many trials there are.
        logits: [..., classes], scores: logarithms of probabilities, up to a constant; or
        probs: [..., classes], probabilities.
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
        name: str = "Multinomial",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[total_count, logits, probs]) as scope:
            self._total_count = checked_count(total_count, validate_args=validate_args)
            self._logits, self._probs = logits_and_probs(
                logits, probs, classes=True, validate_args=validate_args
            )
            self._mean_counts = expand_dims(self._total_count, -1) * self._probs
        super().__init__(
            dtype=self._probs.dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._total_count, self._logits, self._probs],
            name=scope,
        )

    def _batch_shape_tensor(self) -> Tensor:
        return shape(self._mean_counts)[:-1]

    def _batch_shape(self) -> TensorShape:
        return self._mean_counts.shape.with_rank_at_least(1)[:-1]

    def _event_shape_tensor(self) -> Tensor:
        return shape(self._mean_counts)[-1:]

    def _event_shape(self) -> TensorShape:
        return self._mean_counts.shape.with_rank_at_least(1)[-1:]

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        logits = self.logits + ops.zeros_like_op(self._mean_counts)
        counts = self.total_count * ones_like(self._mean_counts[..., 0])
        drawn = drawn_counts(n, expand_dims(logits, 0), expand_dims(counts, 0), seed)
        return reshape(drawn, concat([[n], shape(self._mean_counts)], 0))

    def _log_prob(self, counts: Tensor) -> Tensor:
        counts = checked_counts(self, counts, self.total_count)
        of_classes = reduce_sum(counts * log_softmax(self.logits), -1)
        return of_classes + log_combinations(self.total_count, counts)

    def _mean(self) -> Tensor:
        return self._mean_counts

    def _variance(self) -> Tensor:
        return self._mean_counts - self._mean_counts * self.probs

    def _covariance(self) -> Tensor:
        shares = self.probs * expand_dims(ones_like(self.total_count), -1)
        products = matmul(expand_dims(self._mean_counts, -1), expand_dims(shares, -2))
        return matrix_set_diag(-products, self._variance())


class DirichletMultinomial(Concentrated):
    """The distribution of counts of classes whose shares have a Dirichlet distribution.

    Args:
        total_count: [...], how many trials there are.
        concentration: [..., classes], greater than 0: how much draws to each class.
        validate_args: check parameters and counts while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.
    """

    def __init__(
        self,
        total_count: Any,
        concentration: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "DirichletMultinomial",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[total_count, concentration]) as scope:
            count = checked_count(total_count, validate_args=validate_args)
            self._total_count = count
            self._concentration = checked_concentration(concentration, validate_args=validate_args)
            self._total = reduce_sum(self._concentration, -1)
        super().__init__(
            dtype=self._concentration.dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[count, self._concentration],
            name=scope,
        )

    @property
    def total_count(self) -> Tensor:
        """How many trials there are."""
        return self._total_count

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        counts = self.total_count * ones_like(self._total)
        drawn = random_gamma([n], self._concentration, None, self.dtype, seed)
        seed = next_seed(seed, "dirichlet_multinomial")
        every = expand_dims(counts, 0) * ones_like(drawn[..., 0])
        found = drawn_counts(1, log(drawn), every, seed)
        return reshape(found, shape(drawn))

    def _log_prob(self, counts: Tensor) -> Tensor:
        counts = checked_counts(self, counts, self.total_count)
        ordered = lbeta(self._concentration + counts) - lbeta(self._concentration)
        return ordered + log_combinations(self.total_count, counts)

    def _mean(self) -> Tensor:
        shares = self._concentration / expand_dims(self._total, -1)
        return expand_dims(self.total_count, -1) * shares

    def _scale(self) -> Tensor:
        total = expand_dims(self._total, -1)
        return sqrt((1.0 + total / expand_dims(self.total_count, -1)) / (1.0 + total))

    def _variance(self) -> Tensor:
        scale = self._scale()
        x = scale * self._mean()
        return x * (expand_dims(self.total_count, -1) * scale - x)

    def _covariance(self) -> Tensor:
        x = self._scale() * self._mean()
        return of_products(x, self._variance())


def checked_count(total_count: Any, *, validate_args: bool) -> Tensor:
    """Return a number of trials as a Tensor, checked while the graph runs if asked for."""
    made = convert_to_tensor(total_count, name="total_count")
    return given(made, made >= 0 if validate_args else None, "total_count must be non-negative.")


def are_whole(counts: Tensor) -> Tensor:
    """Tell which numbers are whole and not negative."""
    return ops.logical_and_op(counts >= 0, ops.equal_op(counts, ops.floor_op(counts)))


def checked_counts(of: Distribution, counts: Tensor, total_count: Tensor) -> Tensor:
    """Return counts, checked while the graph runs if the distribution validates."""
    if not of.validate_args:
        return counts
    whole = are_whole(counts)
    sums = ops.equal_op(total_count + 0 * reduce_sum(counts, -1), reduce_sum(counts, -1))
    return given(counts, ops.logical_and_op(reduce_all(whole), reduce_all(sums)), _COUNTS)


def log_combinations(n: Tensor, counts: Tensor) -> Tensor:
    """Return log(n! / product of counts_i!)."""
    return lgamma(n + 1.0) - reduce_sum(lgamma(counts + 1.0), axis=-1)


def drawn_counts(n: Any, logits: Tensor, counts: Tensor, seed: int | None) -> Tensor:
    """Return float[n, rows, classes]: how often each class comes, for each row of logits.

    Args:
        n: how many counts of each row to draw.
        logits: [..., classes].
        counts: [...], how many trials each row has.
        seed: of the operation that draws.
    """
    classes = shape(logits)[-1]
    rows = reshape(logits, concat([[-1], [classes]], 0))
    trials = cast(reshape(counts, [-1]), int32)
    most = reduce_max(trials)
    found = reshape(multinomial(rows, n * most, seed), concat([[-1], [n], [most]], 0))
    hot = one_hot(found, classes, dtype=logits.dtype)
    counted = expand_dims(expand_dims(sequence_mask(trials, most, logits.dtype), 1), -1)
    return transpose(reduce_sum(hot * counted, axis=-2), [1, 0, 2])
