"""What generated loops call: sums that may be vectorised, extremes that keep NaN, a check.

A float's order is that of an integer made of its bits, by which LLVM finds the greatest of many at
once; it does not vectorise comparisons of floats, since NaN breaks their order.  Here NaN is the
greatest integer (the least, when the least is wanted), so that one NaN wins.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from minitf.kernels_cpu.jit import Callee, loops


class Select(Callee):
    """`select(c, a, b)`: `a if c else b` without a branch.

    A branch would cost no time when it runs, since LLVM makes it a select; but Numba's compiler
    takes five times as long for a function of hundreds of branches as for one without.
    """

    __name__ = "select"
    digest = "select 1"

    def __call__(self, c: Any, a: Any, b: Any) -> Any:
        """Return `a` if `c`, else `b`."""
        return a if c else b

    @cached_property
    def inner(self) -> Any:
        """What Numba sees in its place: an intrinsic."""
        from numba.core import config, types
        from numba.extending import intrinsic

        if config.DISABLE_JIT:  # type: ignore[attr-defined]
            return self

        @intrinsic
        def select(context, c, a, b):
            both = context.unify_types(a, b)

            def generate(context, builder, signature, values):
                kinds = signature.args
                test = context.cast(builder, values[0], kinds[0], types.boolean)
                ways = [
                    context.cast(builder, value, kind, both)
                    for value, kind in zip(values[1:], kinds[1:], strict=True)
                ]
                return builder.select(test, *ways)

            return both(c, a, b), generate

        return select


select = Select()


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
