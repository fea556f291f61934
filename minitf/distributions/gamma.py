"""The gamma distribution, and those that follow from it: exponential, chi-squared, inverse gamma.

    prob(x) = x^(concentration - 1) exp(-rate x) / Z
    Z = Gamma(concentration) rate^(-concentration)

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import concat
from minitf.api.constants import ones
from minitf.api.elementary import log, sqrt, square
from minitf.api.framework import name_scope
from minitf.api.random import random_gamma, random_uniform
from minitf.api.sizes import shape
from minitf.api.special import digamma, igamma, igammac, lgamma
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import checked, must_be_floats, must_be_positive
from minitf.distributions.divergence import RegisterKL
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED
from minitf.distributions.scalar import ScalarDistribution
from minitf.distributions.statistics import given, where_defined
from minitf.dtypes import int32
from minitf.tensor import Tensor


class _Rated(ScalarDistribution):
    """A distribution with concentration and rate.

    Args:
        concentration: greater than 0.
        rate: greater than 0; they broadcast with each other.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a mode or mean that is not defined; else a run fails.
        parameters: the arguments of the subclass's constructor.
        name: name scope of all operations.
    """

    def __init__(
        self,
        concentration: Any,
        rate: Any,
        validate_args: bool,
        allow_nan_stats: bool,
        parameters: dict[str, Any],
        name: str,
    ) -> None:
        with name_scope(name, values=[concentration, rate]) as scope:
            checks = []
            if validate_args:
                checks = [must_be_positive(concentration), must_be_positive(rate)]
            self._concentration = checked(concentration, "concentration", checks)
            self._rate = checked(rate, "rate", checks)
            must_be_floats(self._concentration, self._rate)
        super().__init__(
            dtype=self._concentration.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._concentration, self._rate],
            name=scope,
        )

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Tensor]:
        return dict.fromkeys(("concentration", "rate"), convert_to_tensor(sample_shape, int32))

    @property
    def concentration(self) -> Tensor:
        """The concentration."""
        return self._concentration

    @property
    def rate(self) -> Tensor:
        """The rate."""
        return self._rate

    def _positive(self, x: Tensor) -> Tensor:
        """Return a value that is checked if that is asked for."""
        condition = x > 0 if self.validate_args else None
        return given(x, condition, "Condition x > 0 did not hold")

    def _log_normalization(self) -> Tensor:
        return lgamma(self.concentration) - self.concentration * log(self.rate)


class Gamma(_Rated):
    """The gamma distribution.

    Args:
        concentration: greater than 0.
        rate: greater than 0; they broadcast with each other.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a mode that is not defined; else a run fails.
        name: name scope of all operations.

    Raises:
        ValueError: if the parameters are not of one floating-point type.
    """

    def __init__(
        self,
        concentration: Any,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Gamma",
    ) -> None:
        super().__init__(concentration, rate, validate_args, allow_nan_stats, dict(locals()), name)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        return random_gamma([n], self.concentration, self.rate, self.dtype, seed)

    def _log_prob(self, x: Tensor) -> Tensor:
        x = self._positive(x)
        unnormalized = ops.xlogy_op(self.concentration - 1.0, x) - self.rate * x
        return unnormalized - self._log_normalization()

    def _cdf(self, x: Tensor) -> Tensor:
        return igamma(self.concentration, self.rate * self._positive(x))

    def _entropy(self) -> Tensor:
        a = self.concentration
        return a - log(self.rate) + lgamma(a) + (1.0 - a) * digamma(a)

    def _mean(self) -> Tensor:
        return self.concentration / self.rate

    def _variance(self) -> Tensor:
        return self.concentration / square(self.rate)

    def _stddev(self) -> Tensor:
        return sqrt(self.concentration) / self.rate

    def _mode(self) -> Tensor:
        mode = (self.concentration - 1.0) / self.rate
        message = "mode not defined when any concentration <= 1"
        return where_defined(self, self.concentration > 1.0, mode, message)


class Exponential(Gamma):
    """The exponential distribution: that of times between events that come at a rate.

    Args:
        rate: greater than 0.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a mode that is not defined; else a run fails.
        name: name scope of all operations.
    """

    def __init__(
        self,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Exponential",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[rate]) as scope:
            rate = convert_to_tensor(rate, name="rate")
        super().__init__(ones([], rate.dtype), rate, validate_args, allow_nan_stats, scope)
        self._parameters = parameters

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Tensor]:
        return {"rate": convert_to_tensor(sample_shape, int32)}

    def _log_survival_function(self, value: Tensor) -> Tensor:
        return self._log_prob(value) - log(self.rate)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        least = np.finfo(self.dtype.as_numpy_dtype).tiny  # for its logarithm
        sizes = concat([[n], shape(self.rate)], 0)
        return -log(random_uniform(sizes, least, 1.0, self.dtype, seed)) / self.rate


class Chi2(Gamma):
    """The distribution of the sum of `df` squares of standard normal numbers.

    Args:
        df: degrees of freedom, greater than 0.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a mode that is not defined; else a run fails.
        name: name scope of all operations.
    """

    def __init__(
        self,
        df: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Chi2",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[df]) as scope:
            self._df = convert_to_tensor(df, name="df")
            half = convert_to_tensor(0.5, self._df.dtype)
        super().__init__(half * self._df, half, validate_args, allow_nan_stats, scope)
        self._parameters = parameters

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Tensor]:
        return {"df": convert_to_tensor(sample_shape, int32)}

    @property
    def df(self) -> Tensor:
        """The degrees of freedom."""
        return self._df


class InverseGamma(_Rated):
    """The distribution of the reciprocal of a number with a gamma distribution.

    Args:
        concentration: greater than 0.
        rate: greater than 0; they broadcast with each other.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a mean or variance that is not defined; else a run fails.
        name: name scope of all operations.

    Raises:
        ValueError: if the parameters are not of one floating-point type.
    """

    def __init__(
        self,
        concentration: Any,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "InverseGamma",
    ) -> None:
        super().__init__(concentration, rate, validate_args, allow_nan_stats, dict(locals()), name)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        return 1.0 / random_gamma([n], self.concentration, self.rate, self.dtype, seed)

    def _log_prob(self, x: Tensor) -> Tensor:
        x = self._positive(x)
        unnormalized = -(1.0 + self.concentration) * log(x) - self.rate / x
        return unnormalized - self._log_normalization()

    def _cdf(self, x: Tensor) -> Tensor:
        return igammac(self.concentration, self.rate / self._positive(x))

    def _entropy(self) -> Tensor:
        a = self.concentration
        return a + log(self.rate) + lgamma(a) - (1.0 + a) * digamma(a)

    def _mean(self) -> Tensor:
        mean = self.rate / (self.concentration - 1.0)
        message = "mean undefined when any concentration <= 1"
        return where_defined(self, self.concentration > 1.0, mean, message)

    def _variance(self) -> Tensor:
        a = self.concentration
        variance = square(self.rate) / square(a - 1.0) / (a - 2.0)
        message = "variance undefined when any concentration <= 2"
        return where_defined(self, a > 2.0, variance, message)

    def _mode(self) -> Tensor:
        return self.rate / (1.0 + self.concentration)


@RegisterKL(Gamma, Gamma)
def _kl_gamma_gamma(a: Gamma, b: Gamma, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_gamma_gamma", [a.concentration, a.rate, b.concentration, b.rate]):
        return (
            (a.concentration - b.concentration) * digamma(a.concentration)
            + lgamma(b.concentration)
            - lgamma(a.concentration)
            + b.concentration * (log(a.rate) - log(b.rate))
            + a.concentration * (b.rate / a.rate - 1.0)
        )
