"""Wishart's distribution of positive definite matrices: that of scatter of normal vectors.

    prob(X) = |X|^((df - k - 1) / 2) exp(-tr(V^-1 X) / 2) / Z
    Z = 2^(df k / 2) |V|^(df / 2) Gamma_k(df / 2)

V = S S^T is the scale, of k rows.  Matrices may be given and taken as their Cholesky factors; the
density is that of X either way.

Source: Wishart 1928; Bartlett 1933; TensorFlow 1.15's WishartCholesky and WishartFull in
tf.contrib.distributions.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import concat
from minitf.api.assertions import assert_less_equal
from minitf.api.casting import cast
from minitf.api.constants import ones, zeros
from minitf.api.control import after
from minitf.api.diagonals import matrix_band_part, matrix_diag_part, matrix_set_diag
from minitf.api.elementary import log, sqrt, square
from minitf.api.framework import name_scope
from minitf.api.linalg import cholesky
from minitf.api.matmul import matmul
from minitf.api.random import random_gamma, random_normal
from minitf.api.reductions import reduce_sum
from minitf.api.sequences import lin_space
from minitf.api.sizes import broadcast_dynamic_shape, broadcast_static_shape, shape
from minitf.api.special import digamma, lgamma
from minitf.contrib.distributions.scales import triangular_scale
from minitf.convert import convert_to_tensor
from minitf.distributions.distribution import Distribution
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED
from minitf.distributions.statistics import next_seed, where_defined
from minitf.linear_operators import LinearOperator
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class _Wishart(Distribution):
    """Wishart's distribution of a scale that is a linear operator.

    Args:
        df: degrees of freedom, at least as many as a matrix has rows.
        scale_operator: S, a lower triangle.
        cholesky_input_output_matrices: whether matrices are given and taken as their factors.
        validate_args: check parameters while the graph runs.
        allow_nan_stats: give NaN for a mode that is not defined; else a run fails.
        parameters: the arguments of the subclass's constructor.
        name: name scope of all operations.

    Raises:
        TypeError: if the scale is not of floating-point numbers.
        ValueError: if `df` is known to be too small.
    """

    def __init__(
        self,
        df: Any,
        scale_operator: LinearOperator,
        cholesky_input_output_matrices: bool,
        validate_args: bool,
        allow_nan_stats: bool,
        parameters: dict[str, Any],
        name: str,
    ) -> None:
        self._operator = scale_operator
        self._factors = cholesky_input_output_matrices
        with name_scope(name, values=[df]) as scope:
            dtype = scale_operator.dtype
            if not dtype.is_floating:
                raise TypeError(
                    f"scale_operator.dtype={dtype} is not a supported floating-point type"
                )
            self._df = convert_to_tensor(df, dtype, name="df")
            size = scale_operator.range_dimension
            self._rows = size.value
            self._dimension = cast(scale_operator.domain_dimension_tensor(), dtype)
            known = constant_value(self._df)
            if known is not None and self._rows is not None:
                if (np.asarray(known) < self._rows).any():
                    raise ValueError(
                        f"Degrees of freedom (df = {np.asarray(known).tolist()}) cannot be less "
                        f"than dimension of scale matrix (scale.dimension = {self._rows})"
                    )
            elif validate_args:
                message = (
                    f"Degrees of freedom (df = {self._df}) cannot be less than dimension of scale "
                    "matrix"
                )
                check = assert_less_equal(self._dimension, self._df, message=message)
                self._df = after([check], self._df)
        super().__init__(
            dtype=dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[
                self._df,
                *(convert_to_tensor(each) for each in scale_operator.graph_parents),
            ],
            name=scope,
        )

    @property
    def df(self) -> Tensor:
        """The degrees of freedom."""
        return self._df

    @property
    def scale_operator(self) -> LinearOperator:
        """The factor S of the scale."""
        return self._operator

    @property
    def cholesky_input_output_matrices(self) -> bool:
        """Whether matrices are given and taken as their Cholesky factors."""
        return self._factors

    @property
    def dimension(self) -> Tensor:
        """How many rows a matrix has."""
        return self._dimension

    def scale(self) -> Tensor:
        """Return the scale V, or its factor."""
        factor = self._operator.to_dense()
        return factor if self._factors else self._square(factor)

    @staticmethod
    def _square(factor: Tensor) -> Tensor:
        return matmul(factor, factor, adjoint_b=True)

    # --- shapes ----------------------------------------------------------------------------------

    def _event_shape(self) -> TensorShape:
        return TensorShape([self._operator.range_dimension, self._operator.range_dimension])

    def _event_shape_tensor(self) -> Tensor:
        rows = self._operator.range_dimension_tensor()
        return ops.pack_op([rows, rows])

    def _batch_shape(self) -> TensorShape:
        return broadcast_static_shape(self._df.shape, self._operator.batch_shape)

    def _batch_shape_tensor(self) -> Tensor:
        return broadcast_dynamic_shape(shape(self._df), self._operator.batch_shape_tensor())

    def _everywhere(self) -> Tensor:
        return ones(self.batch_shape_tensor(), self.dtype)

    # --- samples and probabilities ---------------------------------------------------------------

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        """Draw S A: A lower, normal beneath its diagonal, roots of chi-squared numbers on it."""
        sizes = concat([[n], self.batch_shape_tensor(), self.event_shape_tensor()], 0)
        beneath = random_normal(sizes, 0.0, 1.0, self.dtype, seed)
        df = self._df * self._everywhere()
        halves = self._halves(0.5 * df)
        drawn = random_gamma([n], halves, 0.5, self.dtype, next_seed(seed, "wishart"))
        lower = matrix_set_diag(matrix_band_part(beneath, -1, 0), sqrt(drawn))
        factor = self._operator.matmul(lower)
        return factor if self._factors else self._square(factor)

    def _log_prob(self, x: Tensor) -> Tensor:
        factor = x if self._factors else cholesky(x)
        inner = self._operator.solve(factor)
        trace = reduce_sum(square(inner), [-2, -1])
        half_log_det = reduce_sum(log(matrix_diag_part(factor)), -1)
        powers = (self._df - self._dimension - 1.0) * half_log_det
        return powers - 0.5 * trace - self._log_normalization()

    def _entropy(self) -> Tensor:
        less = self._df - self._dimension - 1.0
        constant = self._log_normalization() + 0.5 * self._df * self._dimension
        return constant - 0.5 * less * self._mean_log_det()

    def mean_log_det(self, name: str = "mean_log_det") -> Tensor:
        """Return E[log |X|]."""
        with self._scope(name):
            return self._mean_log_det()

    def log_normalization(self, name: str = "log_normalization") -> Tensor:
        """Return log Z."""
        with self._scope(name):
            return self._log_normalization()

    def _mean_log_det(self) -> Tensor:
        expected = reduce_sum(digamma(self._halves(0.5 * self._df)), -1)
        volume = 2.0 * self._operator.log_abs_determinant()
        return expected + self._dimension * math.log(2) + volume

    def _log_normalization(self) -> Tensor:
        k, df = self._dimension, self._df
        multi_gamma = 0.25 * k * (k - 1.0) * math.log(math.pi) + reduce_sum(
            lgamma(self._halves(0.5 * df)), -1
        )
        return df * self._operator.log_abs_determinant() + 0.5 * df * k * math.log(2) + multi_gamma

    def _halves(self, a: Tensor) -> Tensor:
        """Return a, a - 1/2, ..., as many as a matrix has rows, as a dimension of its own."""
        rows = self._operator.range_dimension_tensor()
        steps = lin_space(zeros([], self.dtype), 0.5 - 0.5 * self._dimension, rows)
        return a[..., None] + steps

    # --- statistics ------------------------------------------------------------------------------

    def _times(self, numbers: Tensor) -> Tensor:
        """Return the scale times numbers, or the factor times their roots."""
        matrices = (numbers * self._everywhere())[..., None, None]
        return (sqrt(matrices) if self._factors else matrices) * self.scale()

    def _mean(self) -> Tensor:
        return self._times(self._df)

    def _variance(self) -> Tensor:
        """Return df (V_ij^2 + V_ii V_jj)."""
        scale = self._square(self._operator.to_dense())
        diagonal = sqrt(matrix_diag_part(scale))[..., None]
        both = square(scale) + square(matmul(diagonal, diagonal, adjoint_b=True))
        variance = (self._df * self._everywhere())[..., None, None] * both
        return cholesky(variance) if self._factors else variance

    def _stddev(self) -> Tensor:
        if self._factors:
            raise ValueError(
                "Computing std. dev. when is cholesky_input_output_matrices=True does not make "
                "sense."
            )
        return sqrt(self._variance())

    def _mode(self) -> Tensor:
        more = self._df - self._dimension - 1.0
        defined = more >= 0.0
        message = "Mode undefined where df < dimension + 1"
        return self._times(where_defined(self, defined, more, message))


class WishartCholesky(_Wishart):
    """Wishart's distribution of a scale given by its Cholesky factor.

    Args:
        df: degrees of freedom, at least as many as a matrix has rows.
        scale: [..., k, k], the factor, a lower triangle.
        cholesky_input_output_matrices: whether matrices are given and taken as their factors.
        validate_args: check parameters while the graph runs.
        allow_nan_stats: give NaN for a mode that is not defined; else a run fails.
        name: name scope of all operations.

    Raises:
        TypeError: if the scale is not of floating-point numbers.
        ValueError: if `df` is known to be too small.
    """

    def __init__(
        self,
        df: Any,
        scale: Any,
        cholesky_input_output_matrices: bool = False,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "WishartCholesky",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[scale]) as scope:
            operator = triangular_scale(scale, validate_args=validate_args)
            super().__init__(
                df,
                operator,
                cholesky_input_output_matrices,
                validate_args,
                allow_nan_stats,
                parameters,
                scope,
            )


class WishartFull(_Wishart):
    """Wishart's distribution of a scale given in full.

    Args:
        df: degrees of freedom, at least as many as a matrix has rows.
        scale: [..., k, k], symmetric positive definite.
        cholesky_input_output_matrices: whether matrices are given and taken as their factors.
        validate_args: check parameters while the graph runs.
        allow_nan_stats: give NaN for a mode that is not defined; else a run fails.
        name: name scope of all operations.

    Raises:
        TypeError: if the scale is not of floating-point numbers.
        ValueError: if `df` is known to be too small.
    """

    def __init__(
        self,
        df: Any,
        scale: Any,
        cholesky_input_output_matrices: bool = False,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "WishartFull",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[scale]) as scope:
            factor = cholesky(convert_to_tensor(scale, name="scale"))
            super().__init__(
                df,
                triangular_scale(factor, validate_args=validate_args),
                cholesky_input_output_matrices,
                validate_args,
                allow_nan_stats,
                parameters,
                scope,
            )
