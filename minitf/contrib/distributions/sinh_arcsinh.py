"""Numbers and vectors whose tails are bent: y = loc + scale F(z) 2 / F_0(2).

    F(z) = sinh((asinh(z) + skewness) tailweight),  F_0 the same without skewness

The factor keeps as much beyond loc + 2 scale as there is without tailweight.

Source: Jones and Pewsey 2009, "Sinh-arcsinh distributions"; TensorFlow 1.15's SinhArcsinh and
VectorSinhArcsinhDiag in tf.contrib.distributions.
"""

from __future__ import annotations

from typing import Any

from minitf.api.constants import ones, zeros
from minitf.api.elementary import asinh, sinh
from minitf.api.framework import name_scope
from minitf.api.sizes import broadcast_dynamic_shape, broadcast_static_shape, shape
from minitf.contrib.distributions import bijectors
from minitf.contrib.distributions.batch import batch_of
from minitf.contrib.distributions.scales import diagonal_scale
from minitf.contrib.distributions.transformed import TransformedDistribution
from minitf.convert import convert_to_tensor
from minitf.distributions.distribution import Distribution
from minitf.distributions.normal import Normal
from minitf.dtypes import DType
from minitf.linear_operators import LinearOperator, LinearOperatorDiag
from minitf.tensor import Tensor


class _Bent(TransformedDistribution):
    """What both kinds have."""

    _loc: Tensor | None
    _scale: Any
    _skewness: Tensor
    _tailweight: Tensor

    def _bend(
        self, skewness: Any, tailweight: Any, dtype: DType, *, validate_args: bool
    ) -> tuple[bijectors.SinhArcsinh, Tensor]:
        """Return the bijector F, and the factor 2 / F_0(2)."""
        self._skewness = convert_to_tensor(
            0 if skewness is None else skewness, dtype, name="skewness"
        )
        self._tailweight = convert_to_tensor(
            1 if tailweight is None else tailweight, dtype, name="tailweight"
        )
        two = convert_to_tensor(2, dtype)
        bend = bijectors.SinhArcsinh(self._skewness, self._tailweight, validate_args)
        return bend, two / sinh(asinh(two) * self._tailweight)

    @property
    def loc(self) -> Tensor | None:
        """What is added."""
        return self._loc

    @property
    def scale(self) -> Any:
        """What it is stretched by: numbers, or a diagonal operator."""
        return self._scale

    @property
    def tailweight(self) -> Tensor:
        """How heavy the tails are; 1 leaves them."""
        return self._tailweight

    @property
    def skewness(self) -> Tensor:
        """How much it is tilted to the right."""
        return self._skewness


def _number(
    distribution: Distribution | None, dtype: DType, *, allow_nan_stats: bool
) -> Distribution:
    """Return the distribution of z: the standard normal one if None is given."""
    if distribution is not None:
        return distribution
    return Normal(zeros([], dtype), ones([], dtype), allow_nan_stats=allow_nan_stats)


class SinhArcsinh(_Bent):
    """The distribution of a number whose tails are bent.

    Args:
        loc: what is added.
        scale: what it is stretched by.
        skewness: greater than 0 tilts to the right; 0 if None.
        tailweight: greater than 0; more than 1 makes tails heavier; 1 if None; all broadcast.
        distribution: that of z, of one number; the standard normal one if None.
        validate_args: check parameters while the graph runs.
        allow_nan_stats: no statistic is known; accepted.
        name: name scope of all operations.
    """

    def __init__(
        self,
        loc: Any,
        scale: Any,
        skewness: Any = None,
        tailweight: Any = None,
        distribution: Distribution | None = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "SinhArcsinh",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[loc, scale, skewness, tailweight]) as scope:
            self._loc = moved = convert_to_tensor(loc, name="loc")
            self._scale = convert_to_tensor(scale, moved.dtype, name="scale")
            bend, factor = self._bend(
                skewness, tailweight, moved.dtype, validate_args=validate_args
            )
            affine = bijectors.AffineScalar(moved, self._scale * factor, validate_args)
            super().__init__(
                _number(distribution, moved.dtype, allow_nan_stats=allow_nan_stats),
                bijectors.Chain([affine, bend]),
                batch_of(moved, self._scale, self._skewness, self._tailweight),
                validate_args=validate_args,
                name=scope,
            )
        self._parameters = parameters


class VectorSinhArcsinhDiag(_Bent):
    """The distribution of vectors of independent numbers whose tails are bent.

    Args:
        loc: [..., size], what is added; zeros if None.
        scale_diag: [..., size], factors; ones if it and the next are None.
        scale_identity_multiplier: [...], what is added to each factor.
        skewness: [size], greater than 0 tilts to the right; 0 if None.
        tailweight: [size], greater than 0; more than 1 makes tails heavier; 1 if None.
        distribution: that of z, of one number; the standard normal one if None.
        validate_args: check parameters while the graph runs.
        allow_nan_stats: no statistic is known; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if the size of a vector is not known from an argument.
    """

    def __init__(
        self,
        loc: Any = None,
        scale_diag: Any = None,
        scale_identity_multiplier: Any = None,
        skewness: Any = None,
        tailweight: Any = None,
        distribution: Distribution | None = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalLinearOperator",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[loc, scale_diag, skewness, tailweight]) as scope:
            self._scale: LinearOperator = diagonal_scale(
                loc, scale_diag, scale_identity_multiplier, validate_args=validate_args
            )
            dtype = self._scale.dtype
            self._loc = None if loc is None else convert_to_tensor(loc, dtype, name="loc")
            bend, factor = self._bend(skewness, tailweight, dtype, validate_args=validate_args)
            stretched = LinearOperatorDiag(self._scale.diag_part() * factor, is_non_singular=True)
            batch: Any = self._scale.batch_shape
            if self._loc is not None:
                batch = broadcast_static_shape(self._loc.shape[:-1], batch)
            if not batch.is_fully_defined():
                batch = self._scale.batch_shape_tensor()
                if self._loc is not None:
                    batch = broadcast_dynamic_shape(shape(self._loc)[:-1], batch)
            super().__init__(
                _number(distribution, dtype, allow_nan_stats=allow_nan_stats),
                bijectors.Chain(
                    [bijectors.AffineLinearOperator(self._loc, stretched, validate_args), bend]
                ),
                batch,
                self._scale.range_dimension_tensor()[None],
                validate_args,
                scope,
            )
        self._parameters = parameters
