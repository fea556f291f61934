"""Strategies of cases for ops of one and of two numbers, which the elementwise families share."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import DType, as_dtype
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.strategies import broadcastable, dtype_names, laid_out, real, shapes, whole

SPECIAL = (np.nan, np.inf, -np.inf, -0.0, 0.0)


@st.composite
def numbers(draw: Any, shape: Any, dtype: DType, low: float, high: float, kinks: Any = ()) -> Any:
    """Draw numbers of any type in [low, high], reals at least 0.1 away from each kink."""
    if dtype.is_bool:
        return draw(whole(shape, bool, 0, 1))
    if dtype.is_integer or dtype.is_quantized:
        least = max(0, int(np.ceil(low))) if dtype.numpy.kind == "u" else int(np.ceil(low))
        return draw(whole(shape, dtype.numpy, least, int(high)))
    if dtype.is_complex:
        parts = [draw(real(shape, np.float64, low, high)) for _ in range(2)]
        return np.asarray(parts[0] + 1j * parts[1], dtype.numpy)
    x = np.array(draw(real(shape, np.float64, low, high)))
    for kink in kinks:
        x[np.abs(x - kink) < 0.1] = kink + 0.1
    return laid_out(draw, x.astype(dtype.numpy))


@st.composite
def with_specials(draw: Any, x: Any) -> Any:
    """Put NaN, infinities and signed zeros in some places of an array of real numbers."""
    made = np.array(x)
    for place in draw(st.lists(st.integers(0, max(made.size - 1, 0)), max_size=min(made.size, 3))):
        made.flat[place] = draw(st.sampled_from(SPECIAL))
    return made


@st.composite
def of_one(
    draw: Any,
    types: Any,
    low: float = -4,
    high: float = 4,
    *,
    kinks: Any = (),
    ulps: float = 4,
    scale: float = 0,
    attrs: Any = None,
    smooth: bool = True,
    without: str = "",
    special: bool = True,
) -> Case:
    """Draw a call of an op of one number.

    Args:
        types: the op's allowed types.
        low: the least number.
        high: the greatest.
        kinks: where the derivative does not exist.
        ulps: the bound, relative to max(|result|, scale).
        scale: the same.
        attrs: a strategy of attributes, or one (DType -> attributes).
        smooth: whether derivatives exist elsewhere.
        without: types for which TensorFlow's kernel is wrong, by name.
        special: whether TensorFlow's kernel is right about NaN and infinities.
    """
    dtype = as_dtype(draw(dtype_names(types)))
    x = draw(numbers(draw(shapes(0, 3)), dtype, low, high, kinks))
    if wild := dtype.is_floating and draw(st.integers(0, 3)) == 0:
        x = draw(with_specials(x))
    made = attrs(dtype) if attrs else {}
    oracle = skips.WRONG_TYPES if dtype.name in without.split() else ""
    if wild and not special:
        oracle = skips.WRONG_INFINITIES
    smooth = smooth and is_double(dtype) and not wild
    return Case((x,), made, ulps=ulps, scale=scale, smooth=smooth, oracle=oracle)


@st.composite
def of_two(
    draw: Any,
    types: Any,
    low: float = -4,
    high: float = 4,
    *,
    lowest: float | None = None,
    y_kinks: Any = (),
    apart: bool = False,
    same_shape: bool = False,
    ulps: float = 4,
    scale: float = 0,
    smooth: bool = True,
    without: str = "",
) -> Case:
    """Draw a call of an op of two numbers.

    Args:
        types: the op's allowed types.
        low: the least number of both.
        high: the greatest of both.
        lowest: the least second number, if another; of integers too.
        y_kinks: second numbers where the op or its derivative is not defined.
        apart: whether derivatives exist only where the two numbers differ.
        same_shape: whether there is no broadcasting.
        ulps: the bound, relative to max(|result|, scale).
        scale: the same.
        smooth: whether derivatives exist elsewhere.
        without: types for which TensorFlow's kernel is wrong, by name.
    """
    dtype = as_dtype(draw(dtype_names(types)))
    first, second = draw(broadcastable())
    if same_shape:
        second = first
    x = draw(numbers(first, dtype, low, high))
    y = draw(numbers(second, dtype, low if lowest is None else lowest, high, y_kinks))
    if wild := dtype.is_floating and draw(st.integers(0, 3)) == 0:
        x, y = draw(with_specials(x)), draw(with_specials(y))
    smooth = smooth and is_double(dtype) and not wild
    if apart and smooth:
        x = x + 20 * np.round(np.sign(x) + 0.5)  # -20, 0 or 20 away from y's range
        x = np.where(np.abs(x) < 10, x + 20, x).astype(dtype.numpy)
    oracle = skips.WRONG_TYPES if dtype.name in without.split() else ""
    return Case((x, y), ulps=ulps, scale=scale, smooth=smooth, oracle=oracle)


def is_double(dtype: DType) -> bool:
    """Tell whether derivatives are checked for a type."""
    return dtype.name in ("float64", "complex128")
