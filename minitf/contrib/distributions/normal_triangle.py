"""Vectors of normal numbers that depend on each other: x = loc + scale z, z standard normal.

The scale is a lower triangle L, so that the covariance is L L^T and

    log prob(x) = -|L^-1 (x - loc)|^2 / 2 - sum of log |L_ii| - size log(2 pi) / 2

Source: TensorFlow 1.15's tf.contrib.distributions.MultivariateNormalTriL.
"""

from __future__ import annotations

import math
from typing import Any

from minitf import ops
from minitf.api.array import concat, expand_dims, squeeze
from minitf.api.casting import cast
from minitf.api.constants import zeros_like
from minitf.api.diagonals import matrix_band_part, matrix_diag_part
from minitf.api.elementary import log, sqrt, square
from minitf.api.framework import name_scope
from minitf.api.math import abs as abs_
from minitf.api.matmul import matmul
from minitf.api.random import random_normal
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import must_be_floats
from minitf.distributions.distribution import Distribution
from minitf.distributions.divergence import RegisterKL
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED
from minitf.distributions.statistics import given
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_LOG_SQRT_2_PI = 0.5 * math.log(2 * math.pi)


class MultivariateNormalTriL(Distribution):
    """The distribution of vectors of normal numbers that depend on each other.

    Args:
        loc: [..., size], means; zeros if None.
        scale_tril: [..., size, size], whose lower triangle is the scale.
        validate_args: check that no number of its diagonal is 0 while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if there is no `scale_tril`, or types differ.
    """

    def __init__(
        self,
        loc: Any = None,
        scale_tril: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalTriL",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[loc, scale_tril]) as scope:
            if scale_tril is None:
                raise ValueError("Must specify scale_tril.")
            whole = convert_to_tensor(scale_tril, name="scale_tril")
            fits = abs_(matrix_diag_part(whole)) > 0 if validate_args else None
            whole = given(whole, fits, "diagonal elements must be non-zero")
            self._scale = matrix_band_part(whole, -1, 0)
            row = self._scale[..., 0]
            self._loc = zeros_like(row) if loc is None else convert_to_tensor(loc, name="loc")
            must_be_floats(self._loc, self._scale)
            self._means = self._loc + zeros_like(row)
        super().__init__(
            dtype=self._means.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._loc, self._scale],
            name=scope,
        )

    @property
    def loc(self) -> Tensor:
        """The means."""
        return self._loc

    @property
    def scale_tril(self) -> Tensor:
        """The scale, a lower triangle."""
        return self._scale

    def _batch_shape_tensor(self) -> Tensor:
        return shape(self._means)[:-1]

    def _batch_shape(self) -> TensorShape:
        return self._means.shape.with_rank_at_least(1)[:-1]

    def _event_shape_tensor(self) -> Tensor:
        return shape(self._means)[-1:]

    def _event_shape(self) -> TensorShape:
        return self._means.shape.with_rank_at_least(1)[-1:]

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        sizes = concat([[n], shape(self._means)], 0)
        z = expand_dims(random_normal(sizes, 0.0, 1.0, self.dtype, seed), -1)
        scale = self._scale + zeros_like(z)
        return self._loc + squeeze(matmul(scale, z), [-1])

    def _log_prob(self, x: Tensor) -> Tensor:
        z = squeeze(solved(self._scale, expand_dims(x - self._loc, -1)), [-1])
        return -0.5 * reduce_sum(square(z), -1) - self.log_scale() - self._size() * _LOG_SQRT_2_PI

    def _size(self) -> Tensor:
        return cast(self._event_shape_tensor()[0], self.dtype)

    def log_scale(self) -> Tensor:
        """Return the logarithm of the scale's determinant."""
        return reduce_sum(log(abs_(matrix_diag_part(self._scale))), -1)

    def _entropy(self) -> Tensor:
        found = self._size() * (_LOG_SQRT_2_PI + 0.5) + self.log_scale()
        return found + zeros_like(self._means[..., 0])

    def _mean(self) -> Tensor:
        return self._means

    _mode = _mean

    def _covariance(self) -> Tensor:
        scale = self._scale + zeros_like(expand_dims(self._means, -1))
        return matmul(scale, scale, transpose_b=True)

    def _variance(self) -> Tensor:
        return reduce_sum(square(self._scale), -1) + zeros_like(self._means)

    def _stddev(self) -> Tensor:
        return sqrt(self._variance())


def solved(scale: Tensor, columns: Tensor) -> Tensor:
    """Return L^-1 columns, for batches that broadcast with each other."""
    triangles = scale + zeros_like(columns[..., :1])
    right = columns + zeros_like(triangles[..., :1])
    made: Tensor = ops.matrix_triangular_solve_op(triangles, right)
    return made


@RegisterKL(MultivariateNormalTriL, MultivariateNormalTriL)
def _kl_triangles(
    a: MultivariateNormalTriL, b: MultivariateNormalTriL, name: str | None = None
) -> Tensor:
    """Return (|M|^2 + |v|^2 - size) / 2 + log |Lb| - log |La|, M = Lb^-1 La, v of the means."""
    with name_scope(name, "kl_mvn", [a.loc, b.loc]):
        ratio = reduce_sum(square(solved(b.scale_tril, a.scale_tril)), [-2, -1])
        moved = square(solved(b.scale_tril, expand_dims(a.mean() - b.mean(), -1)))
        size = cast(a.event_shape_tensor()[0], a.dtype)
        squares = ratio + reduce_sum(moved, [-2, -1]) - size
        return 0.5 * squares + b.log_scale() - a.log_scale()
