"""Few points and weights that stand for a distribution in an integral.

Gauss-Hermite points integrate polynomials times a normal density exactly; quantile points are the
middles of intervals of equal probability.

Source: Dillon and Langmore 2018, "Quadrature Compound"; TensorFlow 1.15's functions of the same
names in tf.contrib.distributions.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf.api.array import expand_dims, transpose
from minitf.api.elementary import exp
from minitf.api.framework import name_scope
from minitf.contrib.distributions.bijectors.vectors import SoftmaxCentered
from minitf.convert import convert_to_tensor
from minitf.distributions.normal_integral import ndtri
from minitf.dtypes import DType
from minitf.tensor import Tensor


def _normal_points(dtype: DType, size: int) -> tuple[Tensor, Tensor]:
    """Return Gauss-Hermite points of the standard normal distribution, and their weights."""
    points, weights = np.polynomial.hermite.hermgauss(size)
    kind = dtype.as_numpy_dtype
    share = weights / np.abs(weights).sum()
    return (
        convert_to_tensor((points * math.sqrt(2)).astype(kind), name="grid"),
        convert_to_tensor(share.astype(kind), name="probs"),
    )


def _edges(dtype: DType, size: int) -> Tensor:
    """Return the standard normal quantiles at the edges of as many intervals."""
    shares = np.linspace(0, 1, size + 3)[1:-1].astype(dtype.as_numpy_dtype)
    return ndtri(convert_to_tensor(shares))


def _equal(dtype: DType, size: int) -> Tensor:
    return convert_to_tensor(np.full([size], 1 / size, dtype.as_numpy_dtype), name="probs")


def quadrature_scheme_lognormal_gauss_hermite(
    loc: Any, scale: Any, quadrature_size: int, validate_args: bool = False, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Return points of a normal distribution, the logarithms of lognormal ones, and weights.

    Args:
        loc: [...], its mean.
        scale: [...], its standard deviation.
        quadrature_size: how many points there are.
        validate_args: accepted.
        name: name scope of all operations.

    Returns:
        [..., size] and [size].
    """
    del validate_args
    with name_scope(name, "vector_diffeomixture_quadrature_gauss_hermite", [loc, scale]):
        loc = convert_to_tensor(loc, name="loc")
        points, weights = _normal_points(loc.dtype, quadrature_size)
        return expand_dims(loc, -1) + expand_dims(scale, -1) * points, weights


def quadrature_scheme_lognormal_quantiles(
    loc: Any, scale: Any, quadrature_size: int, validate_args: bool = False, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Return middles of a lognormal distribution's intervals of equal probability, and weights.

    Args:
        loc: [...], the mean of its logarithm.
        scale: [...], the standard deviation of its logarithm.
        quadrature_size: how many points there are.
        validate_args: accepted.
        name: name scope of all operations.

    Returns:
        [..., size] and [size].
    """
    del validate_args
    with name_scope(name, "quadrature_scheme_lognormal_quantiles", [loc, scale]):
        loc = convert_to_tensor(loc, name="loc")
        normal = _edges(loc.dtype, quadrature_size)
        edges = exp(expand_dims(loc, -1) + expand_dims(scale, -1) * normal)
        return (edges[..., :-1] + edges[..., 1:]) / 2.0, _equal(loc.dtype, quadrature_size)


def _with_vectors_last(points: Tensor) -> Tensor:
    """Return [..., size, K - 1] as shares [..., K, size]."""
    shares = SoftmaxCentered().forward(points)
    rank = shares.shape.rank
    if rank is None:
        raise ValueError("the rank of `normal_loc` must be known while the graph is built")
    return transpose(shares, [*range(rank - 2), rank - 1, rank - 2])


def _checked(value: Any, name: str) -> Tensor:
    """Return a parameter.

    Raises:
        NotImplementedError: if it is not of two classes.
        ValueError: if it is no vector.
    """
    made = convert_to_tensor(value, name=name)
    if made.shape.rank == 0:
        raise ValueError(
            f"Mixing params must be a (batch of) vector; {name}.rank=0 is not at least one."
        )
    size = None if made.shape.rank is None else made.shape[-1].value
    if size not in (1, None):
        raise NotImplementedError(
            f"Currently only bimixtures are supported; {name}.shape[-1]={size} is not 1."
        )
    return made


def quadrature_scheme_softmaxnormal_gauss_hermite(
    normal_loc: Any,
    normal_scale: Any,
    quadrature_size: int,
    validate_args: bool = False,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """Return shares, the softmax of a normal distribution's points, and their weights.

    Args:
        normal_loc: [..., K - 1], its means; K must be 2.
        normal_scale: [..., K - 1], its standard deviations.
        quadrature_size: how many points there are.
        validate_args: accepted.
        name: name scope of all operations.

    Returns:
        [..., K, size] and [size].

    Raises:
        NotImplementedError: if K is not 2.
        ValueError: if a parameter is no vector.
    """
    del validate_args
    scope = "quadrature_scheme_softmaxnormal_gauss_hermite"
    with name_scope(name, scope, [normal_loc, normal_scale]):
        loc, scale = _checked(normal_loc, "normal_loc"), _checked(normal_scale, "normal_scale")
        points, weights = _normal_points(loc.dtype, quadrature_size)
        moved = expand_dims(loc, -2) + expand_dims(scale, -2) * points[:, None]
        return _with_vectors_last(moved), weights


def quadrature_scheme_softmaxnormal_quantiles(
    normal_loc: Any,
    normal_scale: Any,
    quadrature_size: int,
    validate_args: bool = False,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """Return middles of intervals of equal probability of the same; arguments as there."""
    del validate_args
    with name_scope(name, "softmax_normal_grid_and_probs", [normal_loc, normal_scale]):
        loc, scale = _checked(normal_loc, "normal_loc"), _checked(normal_scale, "normal_scale")
        normal = _edges(loc.dtype, quadrature_size)[:, None]
        edges = _with_vectors_last(expand_dims(loc, -2) + expand_dims(scale, -2) * normal)
        return (edges[..., :-1] + edges[..., 1:]) / 2.0, _equal(loc.dtype, quadrature_size)
