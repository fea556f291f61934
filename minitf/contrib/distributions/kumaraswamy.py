"""Kumaraswamy's distribution of shares, which is like Beta's and has a quantile in closed form.

    prob(x) = a b x^(a - 1) (1 - x^a)^(b - 1)

Source: Kumaraswamy 1980; TensorFlow 1.15's tf.contrib.distributions.Kumaraswamy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import ops
from minitf.api.constants import ones, ones_like, zeros
from minitf.api.elementary import exp, log
from minitf.api.framework import name_scope
from minitf.api.math import pow as pow_
from minitf.api.special import digamma, lgamma
from minitf.contrib.distributions import bijectors
from minitf.contrib.distributions.batch import batch_of
from minitf.contrib.distributions.transformed import TransformedDistribution
from minitf.convert import convert_to_tensor
from minitf.distributions.statistics import where_defined
from minitf.distributions.uniform import Uniform
from minitf.tensor import Tensor


class Kumaraswamy(TransformedDistribution):
    """Kumaraswamy's distribution.

    Args:
        concentration1: a, greater than 0; 1 if None.
        concentration0: b, greater than 0; 1 if None; they broadcast with each other.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a mode that is not defined; else a run fails.
        name: name scope of all operations.
    """

    def __init__(
        self,
        concentration1: Any = None,
        concentration0: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Kumaraswamy",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[concentration1, concentration0]) as scope:
            a, b = (
                convert_to_tensor(1.0 if value is None else value, name=key)
                for key, value in (
                    ("concentration1", concentration1),
                    ("concentration0", concentration0),
                )
            )
            uniform = Uniform(
                zeros([], a.dtype), ones([], a.dtype), allow_nan_stats=allow_nan_stats
            )
            super().__init__(
                uniform,
                bijectors.Kumaraswamy(a, b, validate_args),
                batch_of(a, b),
                validate_args=validate_args,
                name=scope,
            )
        self._parameters = parameters

    @property
    def concentration1(self) -> Tensor:
        """The power a."""
        return self._bijector.concentration1  # type: ignore[attr-defined]  # of a Kumaraswamy

    @property
    def concentration0(self) -> Tensor:
        """The power b."""
        return self._bijector.concentration0  # type: ignore[attr-defined]  # likewise

    def _entropy(self) -> Tensor:
        """Return (1 - 1/b) + (1 - 1/a) H(b) - log(a b), H the harmonic numbers."""
        a, b = self.concentration1, self.concentration0
        harmonic = digamma(b + 1.0) + np.euler_gamma
        return (1.0 - 1.0 / b) + (1.0 - 1.0 / a) * harmonic - log(a) - log(b)

    def _moment(self, n: int) -> Tensor:
        """Return E[x^n] = b B(1 + n / a, b)."""
        first = 1.0 + n / self.concentration1
        b = self.concentration0
        return exp(log(b) + lgamma(first) + lgamma(b) - lgamma(first + b))

    def _mean(self) -> Tensor:
        return self._moment(1)

    def _variance(self) -> Tensor:
        return self._moment(2) - ops.square_op(self._moment(1))

    def _mode(self) -> Tensor:
        a, b = (each * ones_like(self._moment(1)) for each in (
            self.concentration1, self.concentration0
        ))  # fmt: skip
        mode = pow_((a - 1.0) / (a * b - 1.0), 1.0 / a)
        defined = ops.logical_and_op(a > 1.0, b > 1.0)
        message = "Mode undefined for concentration1 <= 1 or concentration0 <= 1."
        return where_defined(self, defined, mode, message)
