"""Products of small matrices: loops for given sizes, which the compiler unrolls.

A row of the result is a sum of rows, taken one after the other, so its bits depend on sizes alone:
|error| <= k eps sum |a||b| for k terms.  BLAS, which takes 1 us to be called, gives other bits.

Source: no paper; measured: docs/kernels.md.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from minitf.kernels_cpu.fusion.compiling import Generated
from minitf.kernels_cpu.fusion.source import Text

_WIDE = 64  # columns from which it pays that the compiler knows how many there are


def is_small(m: int, k: int, n: int) -> bool:
    """Tell whether loops are as fast as BLAS, which is called from elsewhere.

    Rows that fill vectors go ten times as fast as others: 0.05 and 0.5 ns for each product.
    """
    return m * k * n <= (1 << 18 if n % 8 == 0 else 1 << 14)


@cache
def product(m: int, k: int, n: int, *, across: bool, dtype: np.dtype[np.generic]) -> Generated:
    """Return loops `fused(a, b, out)` for out[m, n] = a[m, k] b[k, n].

    Args:
        m, k, n: sizes.
        across: whether `a` comes as [k, m].
        dtype: of the elements.
    """
    element = "a[p, i]" if across else "a[i, p]"
    columns = n if n >= _WIDE else "out.shape[1]"  # the compiler would spell out a short loop
    source = (
        f"def fused(a, b, out):\n"
        f"    for i in range({m}):\n"
        f"        for j in range({columns}):\n"
        f"            out[i, j] = {dtype.name}(0)\n"
        f"        for p in range({k}):\n"
        f"            factor = {element}\n"
        f"            for j in range({columns}):\n"
        f"                out[i, j] += factor * b[p, j]\n"
    )
    return Generated(Text(source, {dtype.name: dtype.type}))


@cache
def turned(m: int, n: int) -> Generated:
    """Return loops `fused(a, out)` for out[n, m] = the transpose of a[m, n]."""
    source = (
        f"def fused(a, out):\n"
        f"    for i in range({m}):\n"
        f"        for j in range({n}):\n"
        f"            out[j, i] = a[i, j]\n"
    )
    return Generated(Text(source))
