"""The categorical distribution of vectors with a 1 at the class that happens, and 0 elsewhere.

Source: TensorFlow 1.15's tf.contrib.distributions.OneHotCategorical.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import concat, reshape
from minitf.api.casting import cast
from minitf.api.framework import name_scope
from minitf.api.nn_losses import log_softmax
from minitf.api.random import multinomial
from minitf.api.reductions import argmax, reduce_sum
from minitf.api.sequences import one_hot
from minitf.api.sizes import shape
from minitf.distributions.categorical import relative_entropy
from minitf.distributions.dirichlet import of_products
from minitf.distributions.divergence import RegisterKL
from minitf.distributions.odds import WithOdds, logits_and_probs
from minitf.distributions.reparameterization import NOT_REPARAMETERIZED
from minitf.dtypes import int32
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class ClassVectors(WithOdds):
    """A distribution of vectors of one number per class."""

    @property
    def event_size(self) -> Tensor:
        """How many classes there are."""
        return self._event_shape_tensor()[0]

    def _batch_shape_tensor(self) -> Tensor:
        return shape(self._logits)[:-1]

    def _batch_shape(self) -> TensorShape:
        return self._logits.shape.with_rank_at_least(1)[:-1]

    def _event_shape_tensor(self) -> Tensor:
        return shape(self._logits)[-1:]

    def _event_shape(self) -> TensorShape:
        return self._logits.shape.with_rank_at_least(1)[-1:]


class OneHotCategorical(ClassVectors):
    """The categorical distribution of vectors with a single 1.

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
        name: str = "OneHotCategorical",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs]) as scope:
            self._logits, self._probs = logits_and_probs(
                logits, probs, classes=True, validate_args=validate_args
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

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        rows = reshape(self._logits, concat([[-1], self._event_shape_tensor()], 0))
        drawn = ops.transpose_op(multinomial(rows, n, seed), [1, 0])
        hot = one_hot(drawn, self.event_size, dtype=self.dtype)
        return reshape(hot, concat([[n], shape(self._logits)], 0))

    def _log_prob(self, x: Tensor) -> Tensor:
        return reduce_sum(cast(x, self._logits.dtype) * log_softmax(self._logits), -1)

    def _entropy(self) -> Tensor:
        return -reduce_sum(log_softmax(self._logits) * self._probs, axis=-1)

    def _mean(self) -> Tensor:
        return self._probs

    def _variance(self) -> Tensor:
        return self._probs * (1.0 - self._probs)

    def _covariance(self) -> Tensor:
        return of_products(self._probs, self._variance())

    def _mode(self) -> Tensor:
        return one_hot(argmax(self._logits, axis=-1), self.event_size, dtype=self.dtype)


@RegisterKL(OneHotCategorical, OneHotCategorical)
def _kl_one_hot(a: OneHotCategorical, b: OneHotCategorical, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_categorical_categorical", [a.logits, b.logits]):
        return relative_entropy(a, b)
