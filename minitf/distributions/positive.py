"""Distributions whose parameters become positive by softplus, so that any number may be learned.

    LaplaceWithSoftplusScale(loc, scale)        # Laplace(loc, log(1 + exp(scale)))

Source: TensorFlow 1.15's classes of the same names, below tensorflow.python.ops.distributions.
"""

from __future__ import annotations

from typing import Any

from minitf.api.elementary import floor
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.nn_activations import softplus
from minitf.distributions.beta import Beta
from minitf.distributions.gamma import Chi2, Exponential, Gamma, InverseGamma
from minitf.distributions.laplace import Laplace
from minitf.distributions.normal import Normal
from minitf.distributions.student_t import StudentT


class BetaWithSoftplusConcentration(Beta):
    """Beta of concentrations given before softplus.

    Args:
        concentration1: any numbers, of which softplus makes positive ones.
        concentration0: likewise.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a statistic that is not defined; else a run fails.
        name: name scope of all operations.
    """

    def __init__(
        self,
        concentration1: Any,
        concentration0: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "BetaWithSoftplusConcentration",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[concentration1, concentration0]) as scope:
            super().__init__(
                softplus(concentration1, name="softplus_concentration1"),
                softplus(concentration0, name="softplus_concentration0"),
                validate_args,
                allow_nan_stats,
                scope,
            )
        self._parameters = parameters


class ExponentialWithSoftplusRate(Exponential):
    """Exponential of a rate given before softplus.

    Args:
        rate: any numbers, of which softplus makes positive ones.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a statistic that is not defined; else a run fails.
        name: name scope of all operations.
    """

    def __init__(
        self,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "ExponentialWithSoftplusRate",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[rate]) as scope:
            super().__init__(
                softplus(rate, name="softplus_rate"),
                validate_args,
                allow_nan_stats,
                scope,
            )
        self._parameters = parameters


class GammaWithSoftplusConcentrationRate(Gamma):
    """Gamma of concentration and rate given before softplus.

    Args:
        concentration: any numbers, of which softplus makes positive ones.
        rate: likewise.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a statistic that is not defined; else a run fails.
        name: name scope of all operations.
    """

    def __init__(
        self,
        concentration: Any,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "GammaWithSoftplusConcentrationRate",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[concentration, rate]) as scope:
            super().__init__(
                softplus(concentration, name="softplus_concentration"),
                softplus(rate, name="softplus_rate"),
                validate_args,
                allow_nan_stats,
                scope,
            )
        self._parameters = parameters


class InverseGammaWithSoftplusConcentrationRate(InverseGamma):
    """InverseGamma of concentration and rate given before softplus.

    Args:
        concentration: any numbers, of which softplus makes positive ones.
        rate: likewise.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a statistic that is not defined; else a run fails.
        name: name scope of all operations.
    """

    def __init__(
        self,
        concentration: Any,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "InverseGammaWithSoftplusConcentrationRate",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[concentration, rate]) as scope:
            super().__init__(
                softplus(concentration, name="softplus_concentration"),
                softplus(rate, name="softplus_rate"),
                validate_args,
                allow_nan_stats,
                scope,
            )
        self._parameters = parameters


class Chi2WithAbsDf(Chi2):
    """Chi2 of any number, of which floor(|df|) counts.

    Args:
        df: degrees of freedom, before that.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a statistic that is not defined; else a run fails.
        name: name scope of all operations.
    """

    def __init__(
        self,
        df: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Chi2WithAbsDf",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[df]) as scope:
            whole = floor(abs(convert_to_tensor(df, name="df")), name="abs_df")
            super().__init__(whole, validate_args, allow_nan_stats, scope)
        self._parameters = parameters


class LaplaceWithSoftplusScale(Laplace):
    """Laplace of a scale given before softplus.

    Args:
        loc: means.
        scale: any numbers, of which softplus makes positive ones.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a statistic that is not defined; else a run fails.
        name: name scope of all operations.
    """

    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "LaplaceWithSoftplusScale",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[loc, scale]) as scope:
            super().__init__(
                loc,
                softplus(scale, name="softplus_scale"),
                validate_args,
                allow_nan_stats,
                scope,
            )
        self._parameters = parameters


class NormalWithSoftplusScale(Normal):
    """Normal of a standard deviation given before softplus.

    Args:
        loc: means.
        scale: any numbers, of which softplus makes positive ones.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a statistic that is not defined; else a run fails.
        name: name scope of all operations.
    """

    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "NormalWithSoftplusScale",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[loc, scale]) as scope:
            super().__init__(
                loc,
                softplus(scale, name="softplus_scale"),
                validate_args,
                allow_nan_stats,
                scope,
            )
        self._parameters = parameters


class StudentTWithAbsDfSoftplusScale(StudentT):
    """StudentT of a scale given before softplus.

    Args:
        df: degrees of freedom, of which floor(|df|) counts.
        loc: where it is densest.
        scale: any numbers, of which softplus makes positive ones.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a statistic that is not defined; else a run fails.
        name: name scope of all operations.
    """

    def __init__(
        self,
        df: Any,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "StudentTWithAbsDfSoftplusScale",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[df, loc, scale]) as scope:
            super().__init__(
                floor(abs(convert_to_tensor(df, name="df"))),
                loc,
                softplus(scale, name="softplus_scale"),
                validate_args,
                allow_nan_stats,
                scope,
            )
        self._parameters = parameters
