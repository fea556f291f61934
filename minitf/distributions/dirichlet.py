"""The Dirichlet distribution: that of the shares of several classes, which sum to 1.

    prob(x) = product of x_i^(concentration_i - 1) / B(concentration)

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import expand_dims
from minitf.api.casting import cast
from minitf.api.diagonals import matrix_set_diag
from minitf.api.elementary import rsqrt
from minitf.api.framework import name_scope
from minitf.api.math import abs as abs_
from minitf.api.matmul import matmul
from minitf.api.random import random_gamma
from minitf.api.reductions import reduce_all, reduce_sum
from minitf.api.sizes import shape
from minitf.api.special import digamma, lbeta
from minitf.convert import convert_to_tensor
from minitf.distributions.distribution import Distribution
from minitf.distributions.divergence import RegisterKL
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED
from minitf.distributions.statistics import given, where_defined
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class Concentrated(Distribution):
    """A distribution over classes, shaped as its concentration: [*batch, classes]."""

    _concentration: Tensor
    _total: Tensor

    @property
    def concentration(self) -> Tensor:
        """How much draws to each class."""
        return self._concentration

    @property
    def total_concentration(self) -> Tensor:
        """The sum over classes."""
        return self._total

    def _batch_shape_tensor(self) -> Tensor:
        return shape(self._total)

    def _batch_shape(self) -> TensorShape:
        return self._total.shape

    def _event_shape_tensor(self) -> Tensor:
        return shape(self._concentration)[-1:]

    def _event_shape(self) -> TensorShape:
        return self._concentration.shape.with_rank_at_least(1)[-1:]


def checked_concentration(concentration: Any, *, validate_args: bool) -> Tensor:
    """Return a concentration as a Tensor, checked while the graph runs if that is asked for."""
    made = convert_to_tensor(concentration, name="concentration")
    return given(
        made, made > 0 if validate_args else None, "Concentration parameter must be positive."
    )


def of_products(x: Tensor, diagonal: Tensor) -> Tensor:
    """Return the matrices -x x^T, with another diagonal."""
    return matrix_set_diag(-matmul(expand_dims(x, -1), expand_dims(x, -2)), diagonal)


class Dirichlet(Concentrated):
    """The Dirichlet distribution.

    Args:
        concentration: [..., classes], greater than 0: how much draws to each class.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a mode that is not defined; else a run fails.
        name: name scope of all operations.
    """

    def __init__(
        self,
        concentration: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Dirichlet",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[concentration]) as scope:
            self._concentration = checked_concentration(concentration, validate_args=validate_args)
            self._total = reduce_sum(self._concentration, -1)
        super().__init__(
            dtype=self._concentration.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._concentration, self._total],
            name=scope,
        )

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        drawn = random_gamma([n], self._concentration, None, self.dtype, seed)
        return drawn / reduce_sum(drawn, -1, keepdims=True)

    def _log_prob(self, x: Tensor) -> Tensor:
        fits = None
        if self.validate_args:
            off = abs_(reduce_sum(x, -1) - 1.0)
            near = off <= 20 * float(np.finfo(self.dtype.as_numpy_dtype).eps)
            fits = ops.logical_and_op(reduce_all(x > 0), reduce_all(near))
        x = given(x, fits, "samples must be positive, and their last-dimension must sum to `1`")
        powers = reduce_sum(ops.xlogy_op(self._concentration - 1.0, x), -1)
        return powers - lbeta(self._concentration)

    def _classes(self) -> Tensor:
        return cast(self.event_shape_tensor()[0], self.dtype)

    def _entropy(self) -> Tensor:
        a = self._concentration
        return (
            lbeta(a)
            + (self._total - self._classes()) * digamma(self._total)
            - reduce_sum((a - 1.0) * digamma(a), axis=-1)
        )

    def _mean(self) -> Tensor:
        return self._concentration / expand_dims(self._total, -1)

    def _scale(self) -> Tensor:
        return rsqrt(1.0 + expand_dims(self._total, -1))

    def _variance(self) -> Tensor:
        scale = self._scale()
        x = scale * self._mean()
        return x * (scale - x)

    def _covariance(self) -> Tensor:
        return of_products(self._scale() * self._mean(), self._variance())

    def _mode(self) -> Tensor:
        mode = (self._concentration - 1.0) / (expand_dims(self._total, -1) - self._classes())
        defined = reduce_all(self._concentration > 1.0, axis=-1, keepdims=True)
        return where_defined(self, defined, mode, "Mode undefined when any concentration <= 1")


@RegisterKL(Dirichlet, Dirichlet)
def _kl_dirichlet_dirichlet(a: Dirichlet, b: Dirichlet, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_dirichlet_dirichlet", [a.concentration, b.concentration]):
        total = reduce_sum(a.concentration, axis=-1, keepdims=True)
        expected = digamma(a.concentration) - digamma(total)  # of the shares' logarithms
        moved = reduce_sum((a.concentration - b.concentration) * expected, axis=-1)
        return moved - lbeta(a.concentration) + lbeta(b.concentration)
