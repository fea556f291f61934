"""The steps in which a quantized type divides a range of real numbers.

Source: TensorFlow's quantization modes; see `minitf.ops.quantized.convert`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.dtypes import DType

Array = np.ndarray[Any, Any]
F = np.float32
_MOST = np.finfo(np.float32).max


def rounded(x: Any) -> Any:
    """Round to whole numbers, halves away from 0."""
    whole = np.trunc(x)
    return whole + np.copysign(np.abs(x - whole) >= 0.5, x).astype(whole.dtype)


@dataclass(frozen=True)
class Steps:
    """A range [low, high] as a type divides it: `scale` steps to the unit."""

    dtype: Any
    mode: str
    low: Any
    high: Any
    scale: Any

    @classmethod
    def of(cls, dtype: DType, low: Any, high: Any, mode: str, *, narrow: bool = False) -> Steps:
        """Return the steps of a range that holds 0, by one of TensorFlow's modes."""
        limits = np.iinfo(dtype.numpy)
        if mode == "MIN_COMBINED":
            scale = F((float(limits.max) - float(limits.min)) / float(high - low))
        elif mode == "MIN_FIRST":
            scale = (F(2**limits.bits) - F(1)) / (high - low)
        else:
            least, most = limits.min + narrow, limits.max
            scale = min(
                F(least) / low if F(least) * low > 0 else _MOST,
                F(most) / high if F(most) * high > 0 else _MOST,
            )
            low, high = F(least) / scale, F(most) / scale
        return cls(dtype.numpy, mode, low, high, scale)

    def quantized(self, x: Array, *, to_even: bool = False) -> Array:
        """Return the nearest steps."""
        limits = np.iinfo(self.dtype)
        if self.mode == "MIN_FIRST":
            return self._from_the_first(x)
        clamped = np.maximum(np.minimum(x, self.high), self.low)
        if self.mode == "SCALED":
            made = np.rint(clamped * self.scale) if to_even else rounded(clamped * self.scale)
        elif limits.min < 0:
            half = (F(limits.max) - F(limits.min) + F(1)) / F(2)
            made = rounded((clamped - self.low) * self.scale - half)
        else:
            made = np.trunc((clamped - self.low) * self.scale + F(0.5))
        return _as_type(made, self.dtype)

    def _from_the_first(self, x: Array) -> Array:
        limits = np.iinfo(self.dtype)
        first = rounded(self.low * self.scale) - F(limits.min)
        most = F(min(limits.max, 2147483520))  # the last int32 that float32 holds
        made = rounded(x * self.scale) - first
        return _as_type(np.clip(made, F(limits.min), most), self.dtype)


def _as_type(x: Array, dtype: Any) -> Array:
    """Convert as processors do: by way of int32, where too large a number becomes the least."""
    with np.errstate(invalid="ignore"):
        return x.astype(np.int32).astype(dtype)
