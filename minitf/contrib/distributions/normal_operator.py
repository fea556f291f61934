"""Vectors of normal numbers that depend on each other: x = loc + S z, z standard normal.

S is a linear operator, so that the covariance is S S^H and

    log prob(x) = -|S^-1 (x - loc)|^2 / 2 - log |det S| - size log(2 pi) / 2

Source: TensorFlow 1.15's tf.contrib.distributions.MultivariateNormalLinearOperator.
"""

from __future__ import annotations

import math
from typing import Any

from minitf.api.array import concat
from minitf.api.casting import cast
from minitf.api.constants import zeros
from minitf.api.control import after, identity
from minitf.api.diagonals import matrix_diag, matrix_diag_part
from minitf.api.elementary import sqrt, square
from minitf.api.framework import name_scope
from minitf.api.math import abs as abs_
from minitf.api.random import random_normal
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import broadcast_dynamic_shape, broadcast_static_shape, shape
from minitf.convert import convert_to_tensor
from minitf.distributions.distribution import Distribution
from minitf.distributions.divergence import RegisterKL
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED
from minitf.linear_operators import LinearOperator, LinearOperatorDiag
from minitf.linear_operators.identity import BaseLinearOperatorIdentity
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_LOG_SQRT_2_PI = 0.5 * math.log(2 * math.pi)


class MultivariateNormalLinearOperator(Distribution):
    """The distribution of vectors of normal numbers, scaled by a linear operator.

    Args:
        loc: [..., size], means; zeros if None.
        scale: [..., size, size], a LinearOperator that is not singular.
        validate_args: check that the operator is not singular while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        TypeError: if the operator is not of floating-point numbers, or `loc` of another type.
        ValueError: if there is no operator, or shapes do not fit.
    """

    def __init__(
        self,
        loc: Any = None,
        scale: LinearOperator | None = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalLinearOperator",
    ) -> None:
        parameters = dict(locals())
        if scale is None:
            raise ValueError("Missing required `scale` parameter.")
        if not scale.dtype.is_floating:
            raise TypeError("`scale` parameter must have floating-point dtype.")
        self._scale = scale
        with name_scope(name, values=[loc, *scale.graph_parents]) as scope:
            self._loc = None if loc is None else convert_to_tensor(loc, scale.dtype, name="loc")
            if self._loc is not None:
                self._loc.shape[-1].assert_is_compatible_with(scale.range_dimension)
        own = [] if self._loc is None else [self._loc]
        super().__init__(
            dtype=scale.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[*own, *(convert_to_tensor(each) for each in scale.graph_parents)],
            name=scope,
        )

    @property
    def loc(self) -> Tensor | None:
        """The means; None for zeros."""
        return self._loc

    @property
    def scale(self) -> LinearOperator:
        """What standard normal vectors are scaled by."""
        return self._scale

    # --- shapes ----------------------------------------------------------------------------------

    def _batch_shape(self) -> TensorShape:
        batch = self._scale.batch_shape
        return batch if self._loc is None else broadcast_static_shape(self._loc.shape[:-1], batch)

    def _batch_shape_tensor(self) -> Tensor:
        batch = self._scale.batch_shape_tensor()
        return batch if self._loc is None else broadcast_dynamic_shape(shape(self._loc)[:-1], batch)

    def _event_shape(self) -> TensorShape:
        return TensorShape([self._scale.range_dimension])

    def _event_shape_tensor(self) -> Tensor:
        return self._scale.range_dimension_tensor()[None]

    def _repeated(self, x: Any) -> Tensor:
        """Return vectors for each member of the batch."""
        sizes = concat([self.batch_shape_tensor(), self.event_shape_tensor()], 0)
        known = self.batch_shape.concatenate(self.event_shape)
        nothing = zeros(known if known.is_fully_defined() else sizes, self.dtype)
        if x is None:
            return nothing
        return identity(x) if x.shape == known else x + nothing

    # --- samples and probabilities ---------------------------------------------------------------

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        sizes = concat([[n], self.batch_shape_tensor(), self.event_shape_tensor()], 0)
        z = random_normal(sizes, 0.0, 1.0, self.dtype, seed)
        if self.validate_args:
            z = after([self._scale.assert_non_singular()], z)
        drawn = self._scale.matvec(z)
        return drawn if self._loc is None else drawn + self._loc

    def _log_prob(self, x: Tensor) -> Tensor:
        z = self._scale.solvevec(x if self._loc is None else x - self._loc)
        if self.validate_args:
            z = after([self._scale.assert_non_singular()], z)
        return -0.5 * reduce_sum(square(z), -1) - self._log_volume(_LOG_SQRT_2_PI)

    def _entropy(self) -> Tensor:
        return self._log_volume(_LOG_SQRT_2_PI + 0.5) + zeros(self.batch_shape_tensor(), self.dtype)

    def _log_volume(self, each: float) -> Tensor:
        """Return log |det S|, and a number for each element of a vector."""
        size = cast(self._scale.domain_dimension_tensor(), self.dtype)
        return self._scale.log_abs_determinant() + size * each

    # --- statistics ------------------------------------------------------------------------------

    def _mean(self) -> Tensor:
        return self._repeated(self._loc)

    _mode = _mean

    def _covariance(self) -> Tensor:
        if is_diagonal(self._scale):
            return matrix_diag(self._variance())
        rows = self._repeated(None)[..., None]
        return rows + self._scale.matmul(self._scale.to_dense(), adjoint_arg=True)

    def _variance(self) -> Tensor:
        if is_diagonal(self._scale):
            return square(self._stddev())
        covariance = self._scale.matmul(self._scale.to_dense(), adjoint_arg=True)
        return self._repeated(matrix_diag_part(covariance))

    def _stddev(self) -> Tensor:
        if is_diagonal(self._scale):
            return self._repeated(abs_(self._scale.diag_part()))
        return sqrt(self._variance())


def is_diagonal(operator: LinearOperator) -> bool:
    """Tell whether an operator is of a kind that has nothing beside its diagonal."""
    return isinstance(operator, (BaseLinearOperatorIdentity, LinearOperatorDiag))


@RegisterKL(MultivariateNormalLinearOperator, MultivariateNormalLinearOperator)
def _kl_mvn(
    a: MultivariateNormalLinearOperator,
    b: MultivariateNormalLinearOperator,
    name: str | None = None,
) -> Tensor:
    """Return log |Sb / Sa| + (|Sb^-1 Sa|^2 + |Sb^-1 (mean b - mean a)|^2 - size) / 2."""
    with name_scope(name, "kl_mvn", [*a.scale.graph_parents, *b.scale.graph_parents]):
        if is_diagonal(a.scale) and is_diagonal(b.scale):
            ratio = (a.stddev() / b.stddev())[..., None]
        else:
            ratio = b.scale.solve(a.scale.to_dense())
        moved = b.scale.solvevec(b.mean() - a.mean())
        size = cast(a.scale.domain_dimension_tensor(), a.dtype)
        squares = reduce_sum(square(ratio), [-2, -1]) + reduce_sum(square(moved), -1) - size
        volumes = b.scale.log_abs_determinant() - a.scale.log_abs_determinant()
        made: Tensor = volumes + 0.5 * squares
        made.set_shape(broadcast_static_shape(a.batch_shape, b.batch_shape))
        return made
