"""`tensorflow.python.ops.distributions.special_math`: functions of the normal and Laplace laws.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf.api.elementary import exp, log1p
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.gathering import where
from minitf.distributions.normal_integral import log_ndtr, ndtr, ndtri
from minitf.dtypes import float32, float64
from minitf.tensor import Tensor

__all__ = ["erfinv", "log_cdf_laplace", "log_ndtr", "ndtr", "ndtri"]

LOGNDTR_FLOAT64_LOWER = np.array(-20, np.float64)
LOGNDTR_FLOAT32_LOWER = np.array(-10, np.float32)
LOGNDTR_FLOAT64_UPPER = np.array(8, np.float64)
LOGNDTR_FLOAT32_UPPER = np.array(5, np.float32)


def erfinv(x: Any, name: str = "erfinv") -> Tensor:
    """Return the y with erf(y) = x, elementwise.

    Raises:
        TypeError: if x is neither float32 nor float64.
    """
    with name_scope(name, values=[x]):
        x = convert_to_tensor(x, name="x")
        if x.dtype.base_dtype not in (float32, float64):
            raise TypeError(f"x.dtype={x.dtype} is not handled, see docstring for supported types.")
        return ndtri((x + 1.0) / 2.0) / math.sqrt(2)


def log_cdf_laplace(x: Any, name: str = "log_cdf_laplace") -> Tensor:
    """Return log P[L <= x] of a standard Laplace variable L, without underflow."""
    with name_scope(name, values=[x]):
        x = convert_to_tensor(x, name="x")
        below = -math.log(2.0) + x
        return where(x < 0.0, below, log1p(-0.5 * exp(-abs(x))))
