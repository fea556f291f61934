"""Windows: weights that fade the ends of a frame of a signal.

Source: TensorFlow 1.15's functions of the same names in tf.signal.
"""

from __future__ import annotations

import math
from typing import Any

from minitf import ops
from minitf.api.casting import cast
from minitf.api.constants import constant, ones
from minitf.api.framework import name_scope
from minitf.api.math import mod
from minitf.api.sequences import range as range_
from minitf.convert import convert_to_tensor
from minitf.dtypes import as_dtype, bool_, float32, int32
from minitf.static_value import constant_value
from minitf.tensor import Tensor


def hann_window(
    window_length: Any, periodic: Any = True, dtype: Any = float32, name: str | None = None
) -> Tensor:
    """Return 0.5 - 0.5 cos(2 pi i / N).

    Args:
        window_length: how many weights.
        periodic: whether N is the next even number, so that windows in a row join; else N is one
            less than the length, so that a window is symmetric.
        dtype: a floating-point type.
        name: name scope of the operations.

    Raises:
        ValueError: if it is no floating-point type.
    """
    return _raised_cosine(name, "hann_window", window_length, periodic, dtype, 0.5)


def hamming_window(
    window_length: Any, periodic: Any = True, dtype: Any = float32, name: str | None = None
) -> Tensor:
    """Return 0.54 - 0.46 cos(2 pi i / N); arguments as of `hann_window`."""
    return _raised_cosine(name, "hamming_window", window_length, periodic, dtype, 0.54)


def _raised_cosine(
    name: str | None, default: str, window_length: Any, periodic: Any, dtype: Any, mean: float
) -> Tensor:
    dtype = as_dtype(dtype)
    if not dtype.is_floating:
        raise ValueError(f"dtype must be a floating point type. Found {dtype}")
    with name_scope(name, default, [window_length, periodic]):
        length = convert_to_tensor(window_length, int32, "window_length")
        known_length = constant_value(length)
        if known_length is not None and known_length == 1:
            return ones([1], dtype)
        joins = cast(convert_to_tensor(periodic, bool_, "periodic"), int32)
        even = 1 - mod(length, 2)
        n = cast(length + joins * even - 1, dtype)
        angle = constant(2 * math.pi, dtype) * cast(range_(length), dtype) / n
        made = cast(mean - (1 - mean) * ops.cos_op(angle), dtype)
        if known_length is not None:
            return made
        return ops.select_v2_op(ops.equal_op(length, 1), ops.ones_like_op(made), made)
