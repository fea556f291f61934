"""Hypothesis strategies that all tests share: shapes, dtypes, arrays of every layout."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from minitf import dtypes

SIDES = st.integers(0, 4)


def shapes(min_dims: int = 0, max_dims: int = 4, min_side: int = 0) -> st.SearchStrategy[Any]:
    """Draw shapes: scalars, empty ones and sizes of 1 included."""
    return (
        hnp.array_shapes(
            min_dims=max(min_dims, 1), max_dims=max_dims, min_side=max(min_side, 1)
        ).flatmap(
            lambda shape: (
                st.just(shape)
                if min_side
                else st.tuples(*[st.one_of(st.just(n), st.sampled_from([0, 1])) for n in shape])
            )
        )
        if min_dims
        else st.one_of(st.just(()), shapes(1, max_dims, min_side))
    )


@st.composite
def broadcastable(draw: Any, count: int = 2, max_dims: int = 3) -> list[tuple[int, ...]]:
    """Draw shapes that broadcast together."""
    full = draw(shapes(0, max_dims))
    made = []
    for _ in range(count):
        cut = draw(st.integers(0, len(full)))
        made.append(tuple(1 if draw(st.booleans()) else n for n in full[cut:]))
    made[draw(st.integers(0, count - 1))] = full
    return made


def dtype_names(types: Any) -> st.SearchStrategy[str]:
    """Draw the name of one of an op's allowed types, less the ones that NumPy cannot hold.

    Derivatives are checked in float64, so it is drawn as often as all the others together.
    """
    names = sorted(t.name for t in (types or dtypes.DTYPES.values()) if t.is_numpy_compatible)
    double = st.just("float64") if "float64" in names else st.nothing()
    return st.one_of(double, st.sampled_from(names))


@st.composite
def whole(draw: Any, shape: Any, dtype: Any = np.float32, low: int = -8, high: int = 8) -> Any:
    """Draw an array of small whole numbers: sums and products of few of them are exact."""
    array = draw(hnp.arrays(np.int64, shape, elements=st.integers(low, high), fill=st.nothing()))
    return laid_out(draw, array.astype(dtype))


@st.composite
def real(draw: Any, shape: Any, dtype: Any = np.float64, low: float = -4, high: float = 4) -> Any:
    """Draw an array of real numbers away from the extremes of the type."""
    array = draw(
        hnp.arrays(
            np.float64,
            shape,
            elements=st.floats(low, high, width=32, allow_subnormal=False),  # TensorFlow's zeros
            fill=st.nothing(),
        )
    )
    return laid_out(draw, array.astype(dtype))


@st.composite
def anything(draw: Any, shape: Any, dtype: Any) -> Any:
    """Draw any values of a DType: NaN, infinities, signed zeros, extremes, any bytes."""
    dtype = dtypes.as_dtype(dtype)
    if dtype is dtypes.string:
        size = int(np.prod(shape))
        made = np.empty(size, object)
        made[:] = draw(st.lists(st.binary(max_size=4), min_size=size, max_size=size))
        return made.reshape(shape)
    if dtype is dtypes.bfloat16:
        return draw(hnp.arrays(np.float32, shape)).astype(dtype.numpy)
    return laid_out(draw, draw(hnp.arrays(dtype.numpy, shape)))


def laid_out(draw: Any, array: Any) -> Any:
    """Return the same values in another memory layout: transposed, strided, or as they are."""
    layout = draw(st.sampled_from(["plain", "fortran", "strided"]))
    if layout == "fortran" and array.ndim:  # NumPy turns a scalar into a vector
        return np.asfortranarray(array)
    if layout == "strided" and array.ndim:
        wide = np.repeat(array, 2, axis=-1)
        return wide[..., ::2]
    return array
