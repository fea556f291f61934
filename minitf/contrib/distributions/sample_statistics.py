"""Statistics of samples: percentiles, and how much numbers depend on earlier ones.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.distributions.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from minitf import ops
from minitf.api.array import concat, expand_dims, reshape, transpose
from minitf.api.casting import cast
from minitf.api.clipping import clip_by_value
from minitf.api.constants import zeros
from minitf.api.elementary import ceil, conj, floor, real
from minitf.api.elementary import round as round_
from minitf.api.framework import name_scope
from minitf.api.gathering import gather
from minitf.api.reductions import reduce_mean
from minitf.api.sizes import shape
from minitf.api.sorting import sort
from minitf.api.spectral import fft, ifft
from minitf.convert import convert_to_tensor
from minitf.distributions.statistics import given
from minitf.dtypes import complex64, complex128, float32, float64, int32
from minitf.static_value import constant_value
from minitf.tensor import Tensor

_PLACES: Final = {"lower": ceil, "higher": floor, "nearest": round_}  # among falling numbers


def percentile(
    x: Any,
    q: Any,
    axis: Any = None,
    interpolation: str | None = None,
    keep_dims: bool = False,
    validate_args: bool = False,
    name: str | None = None,
) -> Tensor:
    """Return the number that a share of the numbers along dimensions are below.

    Args:
        x: numbers.
        q: the share in percent, from 0 to 100.
        axis: the dimensions, known while the graph is built; all if None.
        interpolation: which number is taken where q is between two: "lower", "higher", or the
            "nearest", which None is.
        keep_dims: whether the dimensions stay, with a size of 1.
        validate_args: check q while the graph runs.
        name: name scope of all operations.

    Raises:
        ValueError: if `interpolation` is another, q no single number, or `axis` not known.
    """
    interpolation = interpolation or "nearest"
    if interpolation not in _PLACES:
        raise ValueError(
            f"Argument 'interpolation' must be in {sorted(_PLACES)}. Found {interpolation}"
        )
    with name_scope(name, "percentile", [x, q]):
        x = convert_to_tensor(x, name="x")
        share = cast(convert_to_tensor(q, name="q"), float64)
        if share.shape.rank not in (0, None):
            raise ValueError(f"Expected 'q' to be a scalar. Found shape: {share.shape}")
        if validate_args:
            within = ops.logical_and_op(share >= 0.0, share <= 100.0)
            share = given(share, within, "q must be from 0 to 100")
        if axis is None:
            rows, kept = reshape(x, [-1]), ops.ones_like_op(shape(x))
        else:
            rows, kept = _along_last(x, axis)
        falling = sort(rows, axis=-1, direction="DESCENDING")
        last = shape(falling)[-1] - 1
        place = _PLACES[interpolation](cast(last, float64) * (1.0 - share / 100.0))
        found = gather(falling, clip_by_value(cast(place, int32), 0, last), axis=-1)
        return reshape(found, kept) if keep_dims else found


def _along_last(x: Tensor, axis: Any) -> tuple[Tensor, Tensor]:
    """Return x with some dimensions made one, the last; and its shape with a size of 1 for them.

    Raises:
        ValueError: if they, or how many there are, are not known while the graph is built.
    """
    axes = constant_value(convert_to_tensor(axis, int32))
    if axes is None or x.shape.rank is None:
        raise ValueError("axis, and the rank of x, must be known while the graph is built")
    rank = x.shape.rank
    gone = sorted({int(each) % rank for each in np.ravel(axes)})
    others = [i for i in range(rank) if i not in gone]
    sizes = shape(x)
    moved = transpose(x, [*others, *gone])
    rows = reshape(moved, concat([gather(sizes, np.array(others, np.int32)), [-1]], 0))
    mask = np.array([i not in gone for i in range(rank)])
    return rows, ops.select_v2_op(mask, sizes, ops.ones_like_op(sizes))


def auto_correlation(
    x: Any,
    axis: int = -1,
    max_lags: int | None = None,
    center: bool = True,
    normalize: bool = True,
    name: str = "auto_correlation",
) -> Tensor:
    """Return how much numbers along a dimension depend on those m places before, for each m.

        r[m] = sum over n of x[n + m] conj(x[n]) / (N - m)

    by a Fourier transform of twice the length, in N log N steps.

    Args:
        x: real or complex floats.
        axis: the dimension.
        max_lags: the greatest m; N - 1 if None.
        center: whether the mean is taken off first.
        normalize: whether all are divided by that of m = 0.
        name: name scope of all operations.

    Returns:
        x's type; the dimension has a size of max_lags + 1.

    Raises:
        TypeError: if x is not of floats.
    """
    with name_scope(name, values=[x]):
        x = convert_to_tensor(x, name="x")
        if not (x.dtype.is_floating or x.dtype.is_complex):
            raise TypeError(f"x must be of real or complex floats, but is of {x.dtype.name}")
        rank = x.shape.rank
        if rank is None:
            raise ValueError("the rank of x must be known while the graph is built")
        place = axis % rank
        order = [*(i for i in range(rank) if i != place), place]
        rows = transpose(x, order)
        if center:
            rows = rows - reduce_mean(rows, -1, keepdims=True)
        count = shape(rows)[-1]
        wide = {float32: complex64, float64: complex128}.get(x.dtype, x.dtype)
        padded = concat([rows, zeros(shape(rows), rows.dtype)], -1)
        spectrum = fft(cast(padded, wide))
        sums = ifft(spectrum * conj(spectrum))
        found = sums if x.dtype.is_complex else cast(real(sums), x.dtype)
        most = count - 1 if max_lags is None else ops.minimum_op(count - 1, max_lags)
        found = found[..., : most + 1]
        terms = cast(count - ops.range_op(0, most + 1, 1), x.dtype)
        found = found / terms
        if normalize:
            found = found / expand_dims(found[..., 0], -1)
        return transpose(found, np.argsort(order))
