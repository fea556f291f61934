"""Random words become numbers: uniform in [0, 1), or normal by the method of Box and Muller.

Each function turns blocks, uint32[n, 4], into numbers, dtype[n, 4], or [n, 2] for 64-bit ones.
Which bits are used, and where results are rounded, is TensorFlow's.

Source: 2015 Table 1 (Random); Box and Muller (1958).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.dtypes import DType, bfloat16

Array = np.ndarray[Any, Any]
Conversion = Callable[[Array], Array]


def uniform(dtype: DType) -> Conversion:
    """Return the conversion to numbers of that type in [0, 1): multiples of one power of two."""
    return _UNIFORM[dtype.name]


def normal(dtype: DType) -> Conversion:
    """Return the conversion to normal numbers, in at least single precision."""
    return normal_doubles if dtype.size == 8 else normal_floats


def uniform_doubles(blocks: Array) -> Array:
    """Make 52 bits of each pair of words the fraction of a number in [1, 2); subtract 1."""
    high, low = (blocks[:, i::2].astype(np.uint64) for i in (0, 1))
    fraction = (high & np.uint64(0xFFFFF)) << np.uint64(32) | low
    bits: Array = fraction | np.uint64(0x3FF0000000000000)
    return bits.view(np.float64) - 1


def uniform_floats(blocks: Array) -> Array:
    """Make 23 bits of each word the fraction of a number in [1, 2); subtract 1."""
    bits = blocks & np.uint32(0x7FFFFF) | np.uint32(0x3F800000)
    return bits.view(np.float32) - np.float32(1)


def _uniform_halves(blocks: Array) -> Array:
    bits = (blocks & np.uint32(0x3FF) | np.uint32(0x3C00)).astype(np.uint16)
    return bits.view(np.float16) - np.float16(1)


def _uniform_bfloats(blocks: Array) -> Array:
    bits = (blocks & np.uint32(0x7F) | np.uint32(0x3F80)).astype(np.uint16)
    numbers: Array = bits.view(bfloat16.numpy) - bfloat16.numpy.type(1)
    return numbers


_UNIFORM: dict[str, Conversion] = {
    "bfloat16": _uniform_bfloats,
    "float16": _uniform_halves,
    "float32": uniform_floats,
    "float64": uniform_doubles,
}


def normal_floats(blocks: Array) -> Array:
    """Make two pairs of normal numbers of each block."""
    return _box_muller(uniform_floats(blocks))


def normal_doubles(blocks: Array) -> Array:
    """Make one pair of normal numbers of each block."""
    return _box_muller(uniform_doubles(blocks))


def _box_muller(uniform: Array) -> Array:
    """Turn each pair (u, v) into sqrt(-2 ln u) * (sin 2 pi v, cos 2 pi v).

    Functions are computed in double precision, so that the last bit of a float does not depend on
    the machine's library; then everything is rounded where TensorFlow rounds.
    """
    dtype = uniform.dtype.type
    u = np.maximum(uniform[:, ::2], dtype(1e-7)).astype(np.float64)
    angle = (2 * math.pi * uniform[:, 1::2].astype(np.float64)).astype(dtype).astype(np.float64)
    radius = np.sqrt(dtype(-2) * np.log(u).astype(dtype))
    made = np.empty_like(uniform)
    made[:, ::2] = radius * np.sin(angle).astype(dtype)
    made[:, 1::2] = radius * np.cos(angle).astype(dtype)
    return made
