"""Real numbers to quantized ones and back.

A quantized number q of a type with the range [least, most] stands for a real one in [low, high]:

    MIN_COMBINED   x = low + (q - least) * (high - low) / (most - least)
    MIN_FIRST      the same, with `low` rounded to a whole number of steps: 0 is held exactly
    SCALED         x = q * max(low / least, high / most): 0 stands for 0

Source: TensorFlow's ops; Jacob et al. 2017.
"""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from minitf.dtypes import QUANTIZED, DType, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.quantized.steps import Steps, rounded
from minitf.shapes import UNKNOWN, Shape, must_equal
from minitf.symbols import T, dtype, float32

Array = np.ndarray[Any, Any]
Mode = Literal["MIN_COMBINED", "MIN_FIRST", "SCALED"]
F = np.float32
_REAL = types("bfloat16", "float32")

# --- ranges per slice ----------------------------------------------------------------------------


def by_slices(
    function: Callable[..., tuple[Array, ...]], x: Array, low: Array, high: Array, axis: int
) -> list[Array]:
    """Apply a function of (numbers, low, high) to each slice along an axis; to all for axis -1.

    Raises:
        InvalidArgumentError: if there is not a range for each slice.
    """
    if axis == -1:
        for name, each in (("min", low), ("max", high)):
            if each.size != 1:
                raise invalid(f"{name}_range must be a scalar, got shape {list(each.shape)}")
        return list(function(x, low.reshape(()), high.reshape(())))
    if axis < -1 or axis >= x.ndim:
        raise invalid(f"Axis must be less than input dimension({x.ndim}), got {axis}")
    if low.shape != (x.shape[axis],) or high.shape != low.shape:
        raise invalid(f"input has {x.shape[axis]} slices along axis {axis}, not {low.size} ranges")
    slices = zip(np.moveaxis(x, axis, 0), low, high, strict=True)
    made = [function(*each) for each in slices]
    first, *ends = zip(*made, strict=True) if made else ((x.astype(x.dtype),),)
    return [np.stack(first, axis), *map(np.stack, ends)]


def _range_shape(input: Shape, low: Shape, high: Shape, axis: int) -> Shape:
    """Return the shape of the ends of the ranges, which both must have."""
    count = [] if axis == -1 else [input.at_least(axis + 1)[axis] if input.dims else UNKNOWN]
    for each in (low, high):
        for one, other in zip(each.with_rank(len(count)), count, strict=True):
            must_equal(one, other)
    return Shape(count)


# --- QuantizeV2 ----------------------------------------------------------------------------------


@op("QuantizeV2", T=QUANTIZED, outputs=("output", "output_min", "output_max"))
def quantize_v2_op(
    input: float32,
    min_range: float32,
    max_range: float32,
    *,
    T: DType,
    mode: Mode = "MIN_COMBINED",
    round_mode: Literal["HALF_AWAY_FROM_ZERO", "HALF_TO_EVEN"] = "HALF_AWAY_FROM_ZERO",
    narrow_range: bool = False,
    axis: int = -1,
    ensure_minimum_range: float = 0.01,
) -> tuple[T, float32, float32]:
    """Quantize real numbers; those outside the range become its ends.

    The range is made to hold 0 and to be no smaller than `ensure_minimum_range`, for ends near 0.
    The formulas stand at the head of this file.

    Args:
        input: float32[...].
        min_range: float32 scalar, or [n] for `axis`: the least number to hold.
        max_range: likewise: the greatest.
        T: the quantized type.
        mode: how numbers are held.
        round_mode: where halves go, for SCALED.
        narrow_range: leave out the least value of the type, for SCALED.
        axis: the dimension with a range for each slice; -1: one range for all.
        ensure_minimum_range: as said.

    Returns:
        T[...], and the ends of the range held, shaped as `min_range`.

    Raises:
        InvalidArgumentError: if the range is empty, or its ends are not of the right shape.

    Source: TensorFlow's op.
    """
    if round_mode == "HALF_TO_EVEN" and mode != "SCALED":
        raise invalid(
            f"Round mode 'HALF_TO_EVEN' only supported for mode 'SCALED', but mode is '{mode}'."
        )
    if mode == "MIN_FIRST" and axis != -1:
        raise invalid("MIN_FIRST mode is not implemented for Quantize with axis != -1.")

    def quantize(x: Array, low: Array, high: Array) -> tuple[Array, Array, Array]:
        if high < low:
            raise invalid("max_range must be larger than min_range.")
        size: Any = max(F(1), abs(low), abs(high))
        start: Any = min(F(0), low)
        stop: Any = max(F(0), high, start + size * F(ensure_minimum_range))
        steps = Steps.of(T, start, stop, mode, narrow=narrow_range)
        made = steps.quantized(x, to_even=round_mode == "HALF_TO_EVEN")
        return made, steps.low, steps.high

    out, lows, highs = by_slices(quantize, input, min_range, max_range, axis)
    return out.astype(T.numpy, copy=False), lows, highs


@quantize_v2_op.shape
def quantize_v2_shape(
    input: Shape, min_range: Shape, max_range: Shape, *, axis: int, **attrs: Any
) -> list[Shape]:
    ends = _range_shape(input, min_range, max_range, axis)
    return [input, ends, ends]


quantize_v2_op.no_gradient("TensorFlow defines none", refuse=True)

# --- Dequantize ----------------------------------------------------------------------------------


@op("Dequantize", T=QUANTIZED, dtype=_REAL)
def dequantize_op(
    input: T,
    min_range: float32,
    max_range: float32,
    *,
    mode: Mode = "MIN_COMBINED",
    narrow_range: bool = False,
    axis: int = -1,
    dtype: DType = float32,
) -> dtype:
    """Give the real numbers that quantized ones stand for.

    The formulas stand at the head of this file.

    Args:
        input: T[...].
        min_range: float32 scalar, or [n] for `axis`: the lower end of the range held.
        max_range: likewise: the upper end.
        mode: how numbers are held.
        narrow_range: whether the least value of the type is left out, for SCALED.
        axis: the dimension with a range for each slice; -1: one range for all.
        dtype: of the result: float32, or for MIN_COMBINED bfloat16.

    Returns:
        dtype[...].

    Raises:
        InvalidArgumentError: if the ends are not of the right shape.

    Source: TensorFlow's op.
    """
    if mode == "MIN_FIRST" and axis != -1:
        raise invalid("MIN_FIRST mode is not implemented for Dequantize with axis != -1.")
    if dtype is not float32 and mode != "MIN_COMBINED":
        raise invalid(
            f"When output type is bfloat16, Mode string must be 'MIN_COMBINED', is '{mode}'"
        )

    def dequantize(q: Array, low: Array, high: Array) -> tuple[Array]:
        return (dequantized(q, low, high, mode, narrow=narrow_range),)

    (made,) = by_slices(dequantize, input, min_range, max_range, axis)
    return made.astype(dtype.numpy)


def dequantized(q: Array, low: Any, high: Any, mode: str, *, narrow: bool = False) -> Array:
    """Return what quantized numbers stand for, in float32."""
    limits = np.iinfo(q.dtype)
    signed = limits.min < 0
    if mode == "MIN_COMBINED":
        scale = (high - low) / (F(limits.max) - F(limits.min))
        half = (F(limits.max) - F(limits.min) + F(1)) / F(2) if signed else F(0)
        return (q.astype(F) + half) * scale + low
    if mode == "SCALED":
        scale = high / F(limits.max)
        if signed:
            scale = max(low / F(limits.min + narrow), scale)
        return q.astype(F) * scale
    step = (high - low) / (F(2**limits.bits) - F(1))
    start = low if low == high else rounded(low / step) * step
    return (start - F(limits.min) * step) + q.astype(F) * step


@dequantize_op.shape
def dequantize_shape(
    input: Shape, min_range: Shape, max_range: Shape, *, axis: int, **attrs: Any
) -> Shape:
    _range_shape(input, min_range, max_range, axis)
    return input


dequantize_op.no_gradient("TensorFlow defines none", refuse=True)
