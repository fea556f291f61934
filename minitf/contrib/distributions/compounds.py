"""Compounds: distributions whose parameter is drawn too, summed over few points of it.

    PoissonLogNormalQuadratureCompound   Poisson, of log-rates that a lognormal distribution has
    VectorDiffeomixture                  scaled vectors, of scales between two, shared by a softmax

Source: Dillon and Langmore 2018, "Quadrature Compound"; TensorFlow 1.15's classes of the same names
in tf.contrib.distributions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.constants import zeros
from minitf.api.diagonals import matrix_band_part
from minitf.api.elementary import log
from minitf.api.framework import name_scope
from minitf.contrib.distributions import quadrature
from minitf.contrib.distributions.bijectors.affine_operator import AffineLinearOperator
from minitf.contrib.distributions.counting import Poisson
from minitf.contrib.distributions.mixtures import Mixture, MixtureSameFamily
from minitf.contrib.distributions.scaled_vectors import ScaledVectors, is_diagonal
from minitf.convert import convert_to_tensor
from minitf.distributions.categorical import Categorical
from minitf.distributions.checks import checked, must_be_positive
from minitf.distributions.distribution import Distribution
from minitf.dtypes import DType
from minitf.linear_operators import (
    LinearOperator,
    LinearOperatorDiag,
    LinearOperatorLowerTriangular,
)
from minitf.tensor import Tensor

Scheme = Callable[..., tuple[Any, Any]]


class PoissonLogNormalQuadratureCompound(MixtureSameFamily):
    """The distribution of counts whose log-rates are points of a lognormal distribution.

    Args:
        loc: [...], the mean of the points' logarithm.
        scale: [...], its standard deviation.
        quadrature_size: how many points there are.
        quadrature_fn: (loc, scale, size, validate_args) -> the points, and their weights.
        validate_args: check counts while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        TypeError: if points and weights are of different types.
    """

    def __init__(
        self,
        loc: Any,
        scale: Any,
        quadrature_size: int = 8,
        quadrature_fn: Scheme = quadrature.quadrature_scheme_lognormal_quantiles,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "PoissonLogNormalQuadratureCompound",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[loc, scale]) as scope:
            self._loc = None if loc is None else convert_to_tensor(loc, name="loc")
            self._scale = convert_to_tensor(
                scale, None if self._loc is None else self._loc.dtype, name="scale"
            )
            grid, probs = _tensors(
                *quadrature_fn(self._loc, self._scale, quadrature_size, validate_args)
            )
            self._quadrature_size = quadrature_size
            super().__init__(
                Categorical(log(probs)),
                Poisson(log_rate=grid, validate_args=validate_args),
                validate_args,
                allow_nan_stats,
                scope,
            )
        self._parameters = parameters

    @property
    def distribution(self) -> Distribution:
        """The Poisson distributions of the points."""
        return self._components

    @property
    def loc(self) -> Tensor | None:
        """The mean of the points' logarithm."""
        return self._loc

    @property
    def scale(self) -> Tensor:
        """Its standard deviation."""
        return self._scale

    @property
    def quadrature_size(self) -> int:
        """How many points there are."""
        return self._quadrature_size


def _tensors(grid: Any, probs: Any) -> tuple[Tensor, Tensor]:
    """Return points and weights as Tensors.

    Raises:
        TypeError: if they are of different types.
    """
    grid, probs = convert_to_tensor(grid), convert_to_tensor(probs)
    if grid.dtype.base_dtype != probs.dtype.base_dtype:
        raise TypeError(
            f"Quadrature grid dtype ({grid.dtype.name}) does not match quadrature probs dtype "
            f"({probs.dtype.name})."
        )
    return grid, probs


class _Member(ScaledVectors):
    """Scaled vectors of numbers of any distribution."""

    def __init__(
        self, number: Distribution, loc: Any, scale: LinearOperator, *, validate_args: bool
    ) -> None:
        self._of_number = number
        self._middle, self._spread = number.mean(), number.stddev()
        super().__init__(loc, scale, validate_args, number.allow_nan_stats, {}, "member")

    def _number(self, dtype: DType, allow_nan_stats: bool) -> Distribution:
        del dtype, allow_nan_stats
        return self._of_number


class VectorDiffeomixture(Mixture):
    """The distribution of scaled vectors whose loc and scale are between those of two.

    Args:
        mix_loc: [..., 1], how near to the first one.
        temperature: [..., 1], greater than 0; the lower, the nearer to either.
        distribution: that of the vectors' numbers before they are scaled, of one number.
        loc: two vectors that are added; a None is 0.
        scale: two LinearOperators, diagonals or lower triangles, positive definite.
        quadrature_size: how many points between there are.
        quadrature_fn: (loc, scale, size, validate_args) -> the points, and their weights.
        validate_args: check parameters while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        NotImplementedError: if there are more than two, or an operator is of another kind.
        TypeError: if types differ.
        ValueError: if numbers or shapes do not fit, or an operator is not known to be positive
            definite though that is checked.
    """

    def __init__(
        self,
        mix_loc: Any,
        temperature: Any,
        distribution: Distribution,
        loc: Sequence[Any] | None = None,
        scale: Sequence[LinearOperator] | None = None,
        quadrature_size: int = 8,
        quadrature_fn: Scheme = quadrature.quadrature_scheme_softmaxnormal_quantiles,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "VectorDiffeomixture",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[mix_loc, temperature]) as scope:
            scale = _checked_scales(scale, validate_args=validate_args)
            loc = [None] * len(scale) if loc is None else loc
            if len(loc) != len(scale):
                raise ValueError(
                    "loc/scale must be same-length lists (or same-length list-like objects)."
                )
            if distribution.batch_shape.rank != 0 or distribution.event_shape.rank != 0:
                raise ValueError("`distribution` must be of a single number")
            dtype = scale[0].dtype
            moved = convert_to_tensor(mix_loc, dtype, name="mix_loc")
            warm = convert_to_tensor(temperature, dtype, name="temperature")
            warm = checked(warm, "temperature", [must_be_positive(warm)] if validate_args else [])
            self._grid, probs = _tensors(
                *quadrature_fn(moved / warm, 1.0 / warm, quadrature_size, validate_args)
            )
            shifts = [None if each is None else convert_to_tensor(each, dtype) for each in loc]
            self._ends = [
                AffineLinearOperator(shift, operator, validate_args, f"endpoint_affine_{k}")
                for k, (shift, operator) in enumerate(zip(shifts, scale, strict=True))
            ]
            members = []
            for n in range(quadrature_size):
                shares = [self._grid[..., k, n] for k in range(len(scale))]
                between = _between(shares, scale)
                members.append(
                    _Member(
                        distribution, _shift(shares, shifts), between, validate_args=validate_args
                    )
                )
            batch = members[0].batch_shape_tensor()
            logits = log(probs) + zeros([], dtype)
            everywhere = zeros(batch, dtype)[..., None]
            super().__init__(
                Categorical(logits + everywhere),
                members,
                validate_args,
                allow_nan_stats,
                name=scope,
            )
        self._base = distribution
        self._parameters = parameters

    @property
    def mixture_distribution(self) -> Categorical:
        """The distribution of the points."""
        return self._cat

    @property
    def distribution(self) -> Distribution:
        """The distribution of the vectors' numbers before they are scaled."""
        return self._base

    @property
    def grid(self) -> Tensor:
        """[..., 2, size]: the shares of the two at each point."""
        return self._grid

    @property
    def endpoint_affine(self) -> list[AffineLinearOperator]:
        """The affine functions of the two."""
        return self._ends

    @property
    def interpolated_affine(self) -> list[Any]:
        """The affine functions of the points."""
        return [each.bijector for each in self._components]


def _checked_scales(
    scale: Sequence[LinearOperator] | None, *, validate_args: bool
) -> Sequence[LinearOperator]:
    """Return the operators.

    Raises:
        NotImplementedError: if there are more than two.
        TypeError: if their types differ.
        ValueError: if there are fewer, or one is not known to be positive definite.
    """
    if not scale or len(scale) < 2:
        raise ValueError(
            "Must specify list (or list-like object) of scale LinearOperators, one for each "
            "component with num_component >= 2."
        )
    if len(scale) != 2:
        raise NotImplementedError(
            f"Currently only bimixtures are supported; len(scale)={len(scale)} is not 2."
        )
    for k, each in enumerate(scale):
        if each.dtype != scale[0].dtype:
            raise TypeError(
                f'dtype mismatch; scale[{k}].base_dtype="{each.dtype.name}" != '
                f'"{scale[0].dtype.name}"'
            )
        if validate_args and not each.is_positive_definite:
            raise ValueError(
                f"scale[{k}].is_positive_definite = {each.is_positive_definite} != True"
            )
    return scale


def _shift(shares: list[Tensor], shifts: list[Tensor | None]) -> Tensor | None:
    """Return the sum of the vectors by their shares; None if there is none."""
    found = None
    for share, shift in zip(shares, shifts, strict=True):
        if shift is not None:
            each = share[..., None] * shift
            found = each if found is None else found + each
    return found


def _between(shares: list[Tensor], scale: Sequence[LinearOperator]) -> LinearOperator:
    """Return the sum of the operators by their shares.

    Raises:
        NotImplementedError: if one is neither a diagonal nor a lower triangle.
    """
    if all(is_diagonal(each) for each in scale):
        parts = [
            share[..., None] * each.diag_part() for share, each in zip(shares, scale, strict=True)
        ]
        return LinearOperatorDiag(
            parts[0] + parts[1], is_non_singular=True, is_positive_definite=True
        )
    for each in scale:
        if not (is_diagonal(each) or isinstance(each, LinearOperatorLowerTriangular)):
            raise NotImplementedError(f"Unsupported Linop type ({type(each).__name__})")
    parts = [
        share[..., None, None] * matrix_band_part(each.to_dense(), -1, 0)
        for share, each in zip(shares, scale, strict=True)
    ]
    return LinearOperatorLowerTriangular(parts[0] + parts[1], is_non_singular=True)
