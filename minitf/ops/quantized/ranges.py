"""Quantized numbers and the real ones that they stand for, as products and sums need them.

A type of `bits` bits whose least number stands for `low` and whose greatest for `high` has steps of
(high - low) / (2^bits - 1).  `low` itself counts as a whole number of steps, so that 0 is one.

Source: TensorFlow's quantization of the mode MIN_FIRST.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.errors import invalid
from minitf.ops.quantized.steps import rounded

Array = np.ndarray[Any, Any]
F = np.float32
Range = tuple[np.float32, np.float32]


def zero_of(dtype: np.dtype[Any], low: Any, high: Any) -> int:
    """Return the number that stands for 0, which may lie outside the type."""
    return int(np.iinfo(dtype).min) if low == high else nearest(0.0, dtype, low, high)


def _most(limits: Any) -> float:
    return float(2**limits.bits) - 1.0


def real(numbers: Array, low: Any, high: Any) -> Array:
    """Return the real numbers that quantized ones stand for, in float32."""
    limits = np.iinfo(numbers.dtype)
    if low == high:
        return np.full(numbers.shape, low, F)
    scale = F((F(high) - F(low)) / F(_most(limits)))
    first = rounded(F(low) / scale) * scale
    return (first - F(limits.min) * scale) + numbers.astype(F) * scale


def exact_real(number: Any, low: Any, high: Any) -> np.float32:
    """Return the real number that a quantized one stands for.

    As in TensorFlow the number and where the range begins are rounded to float32, the rest is not.
    """
    limits = np.iinfo(number.dtype)
    if low == high:
        return F(low)
    steps = float(2**limits.bits)
    scale = float(F(high) - F(low)) * (steps / (steps - 1.0)) / steps
    first = float(rounded(F(low) / F(scale)) * F(scale))
    return F(first + (float(F(number)) - float(limits.min)) * scale)


def quantized(x: Array, dtype: DType, low: Any, high: Any) -> Array:
    """Return the nearest quantized numbers, within the type; all 0 if the range is empty."""
    if low == high:
        return np.zeros(x.shape, dtype.numpy)
    limits = np.iinfo(dtype.numpy)
    scale = F(_most(limits) / float(F(high) - F(low)))
    first = rounded(F(low) * scale) - F(limits.min)
    most = F(min(limits.max, 2147483520))  # the last int32 that float32 holds
    return np.clip(rounded(x * scale) - first, F(limits.min), most).astype(dtype.numpy)


def nearest(x: Any, dtype: np.dtype[Any], low: Any, high: Any) -> int:
    """Return the nearest quantized number, which may lie outside the type."""
    limits = np.iinfo(dtype)
    steps = 2.0**limits.bits
    scale = steps / (float(F(high) - F(low)) * (steps / (steps - 1.0)))
    return int(rounded(float(x) * scale) - rounded(float(F(low)) * scale)) + int(limits.min)


def range_of_products(a: np.dtype[Any], of_a: Range, b: np.dtype[Any], of_b: Range) -> Range:
    """Return what the least and the greatest int32 stand for as products of two ranges' steps."""
    step = _step(a, *of_a) * _step(b, *of_b)
    limits = np.iinfo(np.int32)
    return F(step * F(limits.min)), F(step * F(limits.max))


def _step(dtype: np.dtype[Any], low: Any, high: Any) -> np.float32:
    limits = np.iinfo(dtype)
    return F((F(high) - F(low)) / F(int(limits.max) - int(limits.min)))


def range_of_sums(of_a: Range, of_b: Range, room: int) -> Range:
    """Return a range around 0 that holds two others, with room for 2^room times as much."""
    most = F(max(of_a[1], of_b[1], -min(of_a[0], of_b[0]))) * F(1 << room)
    return F(-most), F(most)


def check_range(name: str, low: Any, high: Any) -> None:
    """Refuse a range that does not run upwards.

    Raises:
        InvalidArgumentError: if it does not.
    """
    if not low < high:
        raise invalid(f"max_{name} must be larger than min_{name}.", min=low, max=high)


def ends(found: Range) -> tuple[Array, Array]:
    """Return the two ends of a range as scalars."""
    return np.asarray(found[0], F), np.asarray(found[1], F)
