"""Sixteen-bit floats in bodies and kernels: compute in float32, round once at the end.

Source: 2015 §5.5 (16-bit floats are for the wire; arithmetic is wider).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes

Array = np.ndarray[Any, Any]
_HALVES = frozenset((dtypes.float16.numpy.type, dtypes.bfloat16.numpy.type))


def is_narrow(dtype: np.dtype[Any]) -> bool:
    """Tell whether a type is computed with in float32."""
    return dtype.type in _HALVES


def wide(x: Array) -> Array:
    """Return float16 and bfloat16 as float32, anything else as it is."""
    return x.astype(np.float32) if is_narrow(x.dtype) else x
