"""The beta distribution: that of a share between 0 and 1.

    prob(x) = x^(concentration1 - 1) (1 - x)^(concentration0 - 1) / Z
    Z = Gamma(concentration1) Gamma(concentration0) / Gamma(concentration1 + concentration0)

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.constants import ones_like
from minitf.api.elementary import log1p
from minitf.api.framework import name_scope
from minitf.api.random import random_gamma
from minitf.api.special import betainc, digamma, lgamma
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import must_be_floats
from minitf.distributions.divergence import RegisterKL
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED
from minitf.distributions.scalar import ScalarDistribution
from minitf.distributions.statistics import given, next_seed, where_defined
from minitf.dtypes import int32
from minitf.tensor import Tensor

_POSITIVE = "Concentration parameter must be positive."


class Beta(ScalarDistribution):
    """The beta distribution.

    Args:
        concentration1: greater than 0: how much draws to 1.
        concentration0: greater than 0: how much draws to 0; they broadcast with each other.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a mode that is not defined; else a run fails.
        name: name scope of all operations.

    Raises:
        ValueError: if the parameters are not of one floating-point type.
    """

    def __init__(
        self,
        concentration1: Any = None,
        concentration0: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Beta",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[concentration1, concentration0]) as scope:
            made = []
            for key, value in (("1", concentration1), ("0", concentration0)):
                each = convert_to_tensor(value, name=f"concentration{key}")
                made.append(given(each, each > 0 if validate_args else None, _POSITIVE))
            self._concentration1, self._concentration0 = made
            must_be_floats(*made)
            self._total = self._concentration1 + self._concentration0
        super().__init__(
            dtype=self._total.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[*made, self._total],
            name=scope,
        )

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Tensor]:
        names = ("concentration1", "concentration0")
        return dict.fromkeys(names, convert_to_tensor(sample_shape, int32))

    @property
    def concentration1(self) -> Tensor:
        """How much draws to 1."""
        return self._concentration1

    @property
    def concentration0(self) -> Tensor:
        """How much draws to 0."""
        return self._concentration0

    @property
    def total_concentration(self) -> Tensor:
        """The sum of both."""
        return self._total

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        some = ones_like(self._total)
        one = random_gamma([n], some * self._concentration1, None, self.dtype, seed)
        seed = next_seed(seed, "beta")
        other = random_gamma([n], some * self._concentration0, None, self.dtype, seed)
        return one / (one + other)

    def _log_prob(self, x: Tensor) -> Tensor:
        inside = ops.logical_and_op(x > 0, x < 1) if self.validate_args else None
        x = given(x, inside, "sample must be positive and less than `1`.")
        towards_1 = ops.xlogy_op(self._concentration1 - 1.0, x)
        towards_0 = (self._concentration0 - 1.0) * log1p(-x)
        return towards_1 + towards_0 - self._log_normalization()

    def _log_normalization(self) -> Tensor:
        of_both = lgamma(self._concentration1) + lgamma(self._concentration0)
        return of_both - lgamma(self._total)

    def _cdf(self, x: Tensor) -> Tensor:
        some = ones_like(self._total) * ones_like(x)
        return betainc(some * self._concentration1, some * self._concentration0, some * x)

    def _entropy(self) -> Tensor:
        return (
            self._log_normalization()
            - (self._concentration1 - 1.0) * digamma(self._concentration1)
            - (self._concentration0 - 1.0) * digamma(self._concentration0)
            + (self._total - 2.0) * digamma(self._total)
        )

    def _mean(self) -> Tensor:
        return self._concentration1 / self._total

    def _variance(self) -> Tensor:
        mean = self._mean()
        return mean * (1.0 - mean) / (1.0 + self._total)

    def _mode(self) -> Tensor:
        mode = (self._concentration1 - 1.0) / (self._total - 2.0)
        defined = ops.logical_and_op(self._concentration1 > 1.0, self._concentration0 > 1.0)
        return where_defined(self, defined, mode, "Mode undefined for concentration <= 1.")


@RegisterKL(Beta, Beta)
def _kl_beta_beta(a: Beta, b: Beta, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_beta_beta", [a.total_concentration, b.total_concentration]):
        made = b._log_normalization() - a._log_normalization()  # noqa: SLF001 of this module
        made -= digamma(a.concentration1) * (b.concentration1 - a.concentration1)
        made -= digamma(a.concentration0) * (b.concentration0 - a.concentration0)
        moved = b.total_concentration - a.total_concentration
        return made + digamma(a.total_concentration) * moved
