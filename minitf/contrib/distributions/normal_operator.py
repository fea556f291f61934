"""Vectors of normal numbers that depend on each other: x = loc + S z, z standard normal.

S is a linear operator, so that the covariance is S S^H and

    log prob(x) = -|S^-1 (x - loc)|^2 / 2 - log |det S| - size log(2 pi) / 2

Source: TensorFlow 1.15's tf.contrib.distributions.MultivariateNormalLinearOperator.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.api.constants import ones, zeros
from minitf.api.elementary import square
from minitf.api.framework import name_scope
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import broadcast_static_shape
from minitf.contrib.distributions.scaled_vectors import ScaledVectors, is_diagonal
from minitf.distributions.distribution import Distribution
from minitf.distributions.divergence import RegisterKL
from minitf.distributions.normal import Normal
from minitf.dtypes import DType
from minitf.linear_operators import LinearOperator
from minitf.tensor import Tensor


class MultivariateNormalLinearOperator(ScaledVectors):
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
        super().__init__(loc, scale, validate_args, allow_nan_stats, dict(locals()), name)

    def _number(self, dtype: DType, allow_nan_stats: bool) -> Distribution:
        return Normal(zeros([], dtype), ones([], dtype), False, allow_nan_stats)


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
