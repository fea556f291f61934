"""What generated loops call: sums that may be vectorised, extremes that keep NaN, a check.

A float's order is that of an integer made of its bits, by which LLVM finds the greatest of many at
once; it does not vectorise comparisons of floats, since NaN breaks their order.  Here NaN is the
greatest integer (the least, when the least is wanted), so that one NaN wins.
"""

from __future__ import annotations

import numpy as np

from minitf.kernels_cpu.jit import loops


@loops(fastmath={"reassoc"})
def plus(total, x):
    """Add to a sum whose terms may be added in any order."""
    return total + x


@loops(fastmath={"reassoc"})
def times(total, x):
    """Multiply to a product whose factors may be multiplied in any order."""
    return total * x


@loops
def greater_of(total, x):
    """Return the greater number, NaN if one is."""
    return x if x > total or x != x else total  # noqa: PLR0124 NaN


@loops
def less_of(total, x):
    """Return the smaller number, NaN if one is."""
    return x if x < total or x != x else total  # noqa: PLR0124 NaN


@loops
def upward_float32(x):
    """Return an integer that orders floats, NaN being the greatest."""
    bits = np.float32(x).view(np.int32)
    key = np.int32(bits ^ np.int32(np.int32(bits >> 31) & 0x7FFFFFFF))
    return np.int32(0x7FFFFFFF) if x != x else key  # noqa: PLR0124 NaN


@loops
def downward_float32(x):
    """Return an integer that orders floats, NaN being the least."""
    bits = np.float32(x).view(np.int32)
    key = np.int32(bits ^ np.int32(np.int32(bits >> 31) & 0x7FFFFFFF))
    return np.int32(-0x80000000) if x != x else key  # noqa: PLR0124 NaN


@loops
def unordered_float32(key):
    """Return the float that an integer stands for."""
    return np.int32(key ^ np.int32(np.int32(key >> 31) & 0x7FFFFFFF)).view(np.float32)


@loops
def upward_float64(x):
    """Return an integer that orders floats, NaN being the greatest."""
    bits = np.float64(x).view(np.int64)
    key = bits ^ ((bits >> 63) & 0x7FFFFFFFFFFFFFFF)
    return np.int64(0x7FFFFFFFFFFFFFFF) if x != x else key  # noqa: PLR0124 NaN


@loops
def downward_float64(x):
    """Return an integer that orders floats, NaN being the least."""
    bits = np.float64(x).view(np.int64)
    key = bits ^ ((bits >> 63) & 0x7FFFFFFFFFFFFFFF)
    return np.int64(-0x8000000000000000) if x != x else key  # noqa: PLR0124 NaN


@loops
def unordered_float64(key):
    """Return the float that an integer stands for."""
    return np.int64(key ^ ((key >> 63) & 0x7FFFFFFFFFFFFFFF)).view(np.float64)


@loops
def is_packed(x):
    """Tell whether an array lies in memory without gaps, in row-major order."""
    stride = x.itemsize
    for axis in range(x.ndim - 1, -1, -1):
        if x.shape[axis] != 1 and x.strides[axis] != stride:
            return False
        stride *= x.shape[axis]
    return True
