"""The categorical distribution: the number of the one of several classes that happens.

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import concat, reshape, transpose
from minitf.api.casting import cast
from minitf.api.constants import ones, ones_like, zeros_like
from minitf.api.framework import name_scope
from minitf.api.nn_losses import (
    log_softmax,
    softmax,
    sparse_softmax_cross_entropy_with_logits,
)
from minitf.api.random import multinomial
from minitf.api.reductions import argmax, reduce_sum
from minitf.api.sequences import sequence_mask
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import checked, must
from minitf.distributions.divergence import RegisterKL
from minitf.distributions.odds import WithOdds, logits_and_probs
from minitf.distributions.reparameterization import NOT_REPARAMETERIZED
from minitf.dtypes import int32, int64
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class Categorical(WithOdds):
    """The distribution of the number of a class, from 0 on.

    Args:
        logits: [..., classes], scores: logarithms of probabilities, up to a constant; or
        probs: [..., classes], probabilities.
        dtype: of the samples.
        validate_args: check probabilities while the graph runs.
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
        name: str = "Categorical",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs]) as scope:
            self._logits, self._probs = logits_and_probs(
                logits, probs, classes=True, validate_args=validate_args
            )
            known = self._logits.shape.with_rank_at_least(1)
            sizes = shape(self._logits, name="logits_shape")
            rank, classes = known.rank, None if known.rank is None else known[-1].value
            self._batch_rank = (
                ops.rank_op(self._logits) - 1
                if rank is None
                else convert_to_tensor(rank - 1, int32, name="batch_rank")
            )
            self._event_size = (
                sizes[self._batch_rank]
                if classes is None
                else convert_to_tensor(classes, int32, name="event_size")
            )
            self._batch_sizes = (
                convert_to_tensor(known[:-1].as_list(), int32, name="batch_shape")
                if known[:-1].is_fully_defined()
                else sizes[:-1]
            )
        super().__init__(
            dtype=dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._logits, self._probs],
            name=scope,
        )

    @property
    def event_size(self) -> Tensor:
        """How many classes there are."""
        return self._event_size

    def _batch_shape_tensor(self) -> Tensor:
        return ops.identity_op(self._batch_sizes)

    def _batch_shape(self) -> TensorShape:
        return self.logits.shape[:-1]

    def _event_shape_tensor(self) -> Tensor:
        return convert_to_tensor([], int32)

    def _event_shape(self) -> TensorShape:
        return TensorShape([])

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        logits = self.logits
        if logits.static_shape.rank != 2:
            logits = reshape(logits, [-1, self.event_size])
        wanted = int64 if self.dtype.size > 4 else int32
        drawn = transpose(multinomial(logits, n, seed, output_dtype=wanted))
        drawn = reshape(drawn, concat([[n], self.batch_shape_tensor()], 0))
        return drawn if self.dtype is wanted else cast(drawn, self.dtype)

    def _log_prob(self, k: Tensor) -> Tensor:
        if self.validate_args:
            k = checked(k, "k", [must(ops.greater_equal_op(k, zeros_like(k)), "k must be >= 0", k)])
        k, logits = _together(k, self.logits)
        return -sparse_softmax_cross_entropy_with_logits(labels=k, logits=logits)

    def _cdf(self, k: Tensor) -> Tensor:
        """Sum the probabilities of the classes below k, as TensorFlow does: it leaves out k."""
        k, probs = _together(k, self.probs)
        rows = reshape(probs, [-1, self.event_size])
        below = sequence_mask(reshape(k, [-1]), self.event_size)
        sums = reduce_sum(ops.select_op(below, rows, zeros_like(rows)), axis=-1)
        return reshape(sums, shape(k))

    def _entropy(self) -> Tensor:
        return -reduce_sum(log_softmax(self.logits) * self.probs, axis=-1)

    def _mode(self) -> Tensor:
        return cast(argmax(self.logits, axis=self._batch_rank), self.dtype)


def _together(k: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
    """Broadcast numbers of classes and rows of numbers per class."""
    ranks = k.static_shape.rank, rows.static_shape.rank
    same = None not in ranks and k.shape.is_fully_defined() and rows.shape[:-1] == k.shape
    if not same:
        rows = rows * ones_like(k[..., None], dtype=rows.dtype)
        k = k * ones(shape(rows)[:-1], k.dtype)
    if not k.dtype.is_integer:
        k = cast(k, int32)
    return k, rows


def relative_entropy(a: WithOdds, b: WithOdds) -> Tensor:
    """Return the sum of p log(p / q) over the classes."""
    change = log_softmax(a.logits) - log_softmax(b.logits)
    return reduce_sum(softmax(a.logits) * change, axis=-1)


@RegisterKL(Categorical, Categorical)
def _kl_categorical_categorical(a: Categorical, b: Categorical, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_categorical_categorical", [a.logits, b.logits]):
        return relative_entropy(a, b)
