"""Vectors of independent numbers of one distribution, scaled: x = loc + S z.

S is a linear operator.  With the number's distribution's mean m and standard deviation s the mean
is loc + m S 1, and the covariance s^2 S S^H.

Source: TensorFlow 1.15's MultivariateNormalLinearOperator, VectorLaplaceLinearOperator and
VectorExponentialLinearOperator in tf.contrib.distributions.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat
from minitf.api.constants import ones, zeros
from minitf.api.control import identity
from minitf.api.diagonals import matrix_diag, matrix_diag_part
from minitf.api.elementary import sqrt, square
from minitf.api.framework import name_scope
from minitf.api.math import abs as abs_
from minitf.api.sizes import broadcast_dynamic_shape, broadcast_static_shape, shape
from minitf.contrib.distributions.bijectors.affine_operator import AffineLinearOperator
from minitf.contrib.distributions.transformed import TransformedDistribution
from minitf.convert import convert_to_tensor
from minitf.distributions.distribution import Distribution
from minitf.dtypes import DType
from minitf.linear_operators import LinearOperator, LinearOperatorDiag
from minitf.linear_operators.identity import BaseLinearOperatorIdentity
from minitf.tensor import Tensor


class ScaledVectors(TransformedDistribution):
    """The distribution of vectors of independent numbers, scaled by a linear operator.

    Args:
        loc: [..., size], what is added; zeros if None.
        scale: [..., size, size], a LinearOperator that is not singular.
        validate_args: check that the operator is not singular while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        parameters: the arguments of the subclass's constructor.
        name: name scope of all operations.

    Raises:
        TypeError: if the operator is not of floating-point numbers, or `loc` of another type.
        ValueError: if there is no operator, or shapes do not fit.
    """

    _middle: Any = 0.0  # of the distribution of a number: its mean
    _spread: Any = 1.0  # and its standard deviation

    def __init__(
        self,
        loc: Any,
        scale: LinearOperator | None,
        validate_args: bool,
        allow_nan_stats: bool,
        parameters: dict[str, Any],
        name: str,
    ) -> None:
        if scale is None:
            raise ValueError("Missing required `scale` parameter.")
        if not scale.dtype.is_floating:
            raise TypeError("`scale` parameter must have floating-point dtype.")
        with name_scope(name, values=[loc, *scale.graph_parents]) as scope:
            batch: Any = scale.batch_shape
            if loc is not None:
                loc = convert_to_tensor(loc, scale.dtype, name="loc")
                loc.shape[-1].assert_is_compatible_with(scale.range_dimension)
                batch = broadcast_static_shape(loc.shape[:-1], batch)
            if not batch.is_fully_defined():
                batch = scale.batch_shape_tensor()
                if loc is not None:
                    batch = broadcast_dynamic_shape(shape(loc)[:-1], batch)
            size = scale.range_dimension.value
            event: Any = [size] if size is not None else scale.range_dimension_tensor()[None]
            affine = AffineLinearOperator(loc, scale, validate_args)
            super().__init__(
                self._number(scale.dtype, allow_nan_stats),
                affine,
                batch,
                event,
                validate_args,
                scope,
            )
        self._parameters = parameters

    def _number(self, dtype: DType, allow_nan_stats: bool) -> Distribution:
        """Return the distribution of one number before it is scaled."""
        raise NotImplementedError

    @property
    def loc(self) -> Tensor | None:
        """What is added; None for zeros."""
        return self._bijector.shift  # type: ignore[attr-defined]  # of an AffineLinearOperator

    @property
    def scale(self) -> LinearOperator:
        """What vectors of independent numbers are scaled by."""
        return self._bijector.scale  # type: ignore[attr-defined]  # likewise

    def _repeated(self, x: Any) -> Tensor:
        """Return vectors for each member of the batch."""
        sizes = concat([self.batch_shape_tensor(), self.event_shape_tensor()], 0)
        known = self.batch_shape.concatenate(self.event_shape)
        nothing = zeros(known if known.is_fully_defined() else sizes, self.dtype)
        if x is None:
            return nothing
        return identity(x) if x.shape == known else x + nothing

    # --- statistics ------------------------------------------------------------------------------

    def _mean(self) -> Tensor:
        if isinstance(self._middle, float) and not self._middle:
            return self._repeated(self.loc)
        middle = self._middle * ones(self.event_shape_tensor(), self.dtype)
        return self._repeated(self._bijector.forward(middle))

    def _mode(self) -> Tensor:
        return self._repeated(self.loc)

    def _covariance(self) -> Tensor:
        if is_diagonal(self.scale):
            return matrix_diag(self._variance())
        rows = self._repeated(None)[..., None]
        return rows + self._squares()

    def _variance(self) -> Tensor:
        if is_diagonal(self.scale):
            return square(self._stddev())
        return self._repeated(matrix_diag_part(self._squares()))

    def _squares(self) -> Tensor:
        """Return s^2 S S^H."""
        return self._spread**2 * self.scale.matmul(self.scale.to_dense(), adjoint_arg=True)

    def _stddev(self) -> Tensor:
        if is_diagonal(self.scale):
            return self._repeated(self._spread * abs_(self.scale.diag_part()))
        return sqrt(self._variance())


def is_diagonal(operator: LinearOperator) -> bool:
    """Tell whether an operator is of a kind that has nothing beside its diagonal."""
    return isinstance(operator, (BaseLinearOperatorIdentity, LinearOperatorDiag))
