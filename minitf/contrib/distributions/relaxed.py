"""Relaxed classes: vectors of shares that are nearly a single 1, and differentiable.

    x = softmax((logits + g) / temperature), g Gumbel's

The lower the temperature, the nearer to a single 1.  ExpRelaxedOneHotCategorical is the
distribution of log x, in which densities neither overflow nor underflow.  RelaxedBernoulli is the
one of two classes.

Source: Maddison et al. 2017, "The Concrete Distribution"; Jang et al. 2017, "Categorical
Reparameterization with Gumbel-Softmax"; TensorFlow 1.15's tf.contrib.distributions.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import concat
from minitf.api.casting import cast
from minitf.api.constants import ones_like
from minitf.api.elementary import log
from minitf.api.framework import name_scope
from minitf.api.nn_losses import log_softmax
from minitf.api.reductions import reduce_all, reduce_logsumexp, reduce_sum
from minitf.api.sizes import broadcast_static_shape, shape
from minitf.api.special import lgamma
from minitf.contrib.distributions import bijectors
from minitf.contrib.distributions.bell_shapes import Logistic, positive_uniform
from minitf.contrib.distributions.one_hot import ClassVectors
from minitf.contrib.distributions.transformed import TransformedDistribution
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import checked, must_be_positive
from minitf.distributions.odds import logits_and_probs
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED
from minitf.distributions.statistics import given
from minitf.dtypes import int32
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class ExpRelaxedOneHotCategorical(ClassVectors):
    """The distribution of the logarithms of relaxed classes.

    Args:
        temperature: [...], greater than 0.
        logits: [..., classes], scores: logarithms of probabilities, up to a constant; or
        probs: [..., classes], probabilities.
        dtype: of the samples; that of the parameters if None.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: no statistic is known; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if both `logits` and `probs` are given, or neither.
    """

    def __init__(
        self,
        temperature: Any,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "ExpRelaxedOneHotCategorical",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs, temperature]) as scope:
            self._logits, self._probs = logits_and_probs(
                logits, probs, classes=True, validate_args=validate_args
            )
            warm = convert_to_tensor(temperature, self._logits.dtype, name="temperature")
            checks = [must_be_positive(warm)] if validate_args else []
            self._temperature = checked(warm, "temperature", checks)
            self._warm = self._temperature[..., None]
        super().__init__(
            dtype=dtype or self._logits.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._logits, self._probs, self._temperature],
            name=scope,
        )

    @property
    def temperature(self) -> Tensor:
        """The temperature."""
        return self._temperature

    def _batch_shape(self) -> TensorShape:
        return broadcast_static_shape(super()._batch_shape(), self._temperature.shape)

    def _batch_shape_tensor(self) -> Tensor:
        return shape(self._logits + ops.zeros_like_op(self._warm))[:-1]

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        logits = self._logits * ones_like(self._warm)
        drawn = positive_uniform(concat([[n], shape(logits)], 0), logits.dtype, seed)
        gumbel = -log(-log(drawn))
        return cast(log_softmax((gumbel + logits) / self._warm), self.dtype)

    def _log_prob(self, x: Tensor) -> Tensor:
        fits = None
        if self.validate_args:
            fits = reduce_all(ops.abs_op(reduce_logsumexp(x, -1)) < 1e-5)
        x = given(x, fits, "Samples must be logarithms of shares that sum to 1.")
        size = cast(self.event_size, self._logits.dtype)
        changed = reduce_sum(log_softmax(self._logits - x * self._warm), -1)
        return changed + (lgamma(size) + (size - 1.0) * log(self._temperature))


class RelaxedOneHotCategorical(TransformedDistribution):
    """The distribution of relaxed classes: vectors of shares that sum to 1.

    Args:
        temperature: [...], greater than 0.
        logits: [..., classes], scores: logarithms of probabilities, up to a constant; or
        probs: [..., classes], probabilities.
        dtype: of the samples; that of the parameters if None.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: no statistic is known; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if both `logits` and `probs` are given, or neither.
    """

    def __init__(
        self,
        temperature: Any,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "RelaxedOneHotCategorical",
    ) -> None:
        parameters = dict(locals())
        inner = ExpRelaxedOneHotCategorical(
            temperature, logits, probs, dtype, validate_args, allow_nan_stats
        )
        super().__init__(inner, bijectors.Exp(validate_args), name=name)
        self._parameters = parameters


class RelaxedBernoulli(TransformedDistribution):
    """The distribution of relaxed events: numbers between 0 and 1, mostly near either.

    Args:
        temperature: greater than 0.
        logits: log-odds of 1; or
        probs: probabilities of 1.
        validate_args: check parameters while the graph runs.
        allow_nan_stats: no statistic is known; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if both `logits` and `probs` are given, or neither.
    """

    def __init__(
        self,
        temperature: Any,
        logits: Any = None,
        probs: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "RelaxedBernoulli",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs, temperature]) as scope:
            self._logits, self._probs = logits_and_probs(logits, probs, validate_args=validate_args)
            warm = convert_to_tensor(temperature, self._logits.dtype, name="temperature")
            checks = [must_be_positive(warm)] if validate_args else []
            self._temperature = checked(warm, "temperature", checks)
            logistic = Logistic(
                self._logits / self._temperature,
                1.0 / self._temperature,
                validate_args,
                allow_nan_stats,
            )
            super().__init__(logistic, bijectors.Sigmoid(validate_args), name=scope)
        self._parameters = parameters

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Tensor]:
        return {"logits": convert_to_tensor(sample_shape, int32)}

    @property
    def temperature(self) -> Tensor:
        """The temperature."""
        return self._temperature

    @property
    def logits(self) -> Tensor:
        """The log-odds of 1."""
        return self._logits

    @property
    def probs(self) -> Tensor:
        """The probabilities of 1."""
        return self._probs
