"""Vectors of exponential and of Laplace numbers, scaled.

    VectorExponentialLinearOperator   x = loc + S z, z exponential of rate 1
    VectorLaplaceLinearOperator       x = loc + S z, z Laplace of scale 1
    VectorExponentialDiag, VectorLaplaceDiag   the same of a diagonal S

Source: TensorFlow 1.15's classes of the same names in tf.contrib.distributions.
"""

from __future__ import annotations

import math
from typing import Any

from minitf.api.constants import ones, zeros
from minitf.api.framework import name_scope
from minitf.contrib.distributions.scaled_vectors import ScaledVectors
from minitf.contrib.distributions.scales import diagonal_scale
from minitf.distributions.distribution import Distribution
from minitf.distributions.gamma import Exponential
from minitf.distributions.laplace import Laplace
from minitf.dtypes import DType
from minitf.linear_operators import LinearOperator


class VectorExponentialLinearOperator(ScaledVectors):
    """The distribution of vectors of exponential numbers, scaled by a linear operator.

    Args:
        loc: [..., size], what is added; zeros if None.
        scale: [..., size, size], a LinearOperator that is not singular.
        validate_args: check that the operator is not singular while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        TypeError: if the operator is not of floating-point numbers, or `loc` of another type.
        ValueError: if there is no operator, or shapes do not fit.
    """

    _middle = 1.0

    def __init__(
        self,
        loc: Any = None,
        scale: LinearOperator | None = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "VectorExponentialLinearOperator",
    ) -> None:
        super().__init__(loc, scale, validate_args, allow_nan_stats, dict(locals()), name)

    def _number(self, dtype: DType, allow_nan_stats: bool) -> Distribution:
        return Exponential(ones([], dtype), False, allow_nan_stats)


class VectorExponentialDiag(VectorExponentialLinearOperator):
    """The distribution of vectors of exponential numbers, each scaled by a factor.

    Args:
        loc: [..., size], what is added; zeros if None.
        scale_diag: [..., size], the factors; ones if it and the next are None.
        scale_identity_multiplier: [...], what is added to each factor.
        validate_args: check that no factor is 0 while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if the size of a vector is not known from an argument.
    """

    def __init__(
        self,
        loc: Any = None,
        scale_diag: Any = None,
        scale_identity_multiplier: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "VectorExponentialDiag",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name) as scope:
            scale = diagonal_scale(
                loc, scale_diag, scale_identity_multiplier, validate_args=validate_args
            )
        super().__init__(loc, scale, validate_args, allow_nan_stats, scope)
        self._parameters = parameters


class VectorLaplaceLinearOperator(ScaledVectors):
    """The distribution of vectors of Laplace numbers, scaled by a linear operator.

    Args:
        loc: [..., size], what is added; zeros if None.
        scale: [..., size, size], a LinearOperator that is not singular.
        validate_args: check that the operator is not singular while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        TypeError: if the operator is not of floating-point numbers, or `loc` of another type.
        ValueError: if there is no operator, or shapes do not fit.
    """

    _spread = math.sqrt(2)

    def __init__(
        self,
        loc: Any = None,
        scale: LinearOperator | None = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "VectorLaplaceLinearOperator",
    ) -> None:
        super().__init__(loc, scale, validate_args, allow_nan_stats, dict(locals()), name)

    def _number(self, dtype: DType, allow_nan_stats: bool) -> Distribution:
        return Laplace(zeros([], dtype), ones([], dtype), False, allow_nan_stats)


class VectorLaplaceDiag(VectorLaplaceLinearOperator):
    """The distribution of vectors of Laplace numbers, each scaled by a factor.

    Args:
        loc: [..., size], what is added; zeros if None.
        scale_diag: [..., size], the factors; ones if it and the next are None.
        scale_identity_multiplier: [...], what is added to each factor.
        validate_args: check that no factor is 0 while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if the size of a vector is not known from an argument.
    """

    def __init__(
        self,
        loc: Any = None,
        scale_diag: Any = None,
        scale_identity_multiplier: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "VectorLaplaceDiag",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name) as scope:
            scale = diagonal_scale(
                loc, scale_diag, scale_identity_multiplier, validate_args=validate_args
            )
        super().__init__(loc, scale, validate_args, allow_nan_stats, scope)
        self._parameters = parameters
