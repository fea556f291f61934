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

MOST_PRODUCTS = 1 << 18  # of numbers; above, BLAS is faster


@cache
def product(m: int, k: int, n: int, *, across: bool, dtype: np.dtype[np.generic]) -> Generated:
    """Return loops `fused(a, b, out)` for out[m, n] = a[m, k] b[k, n].

    Args:
        m, k, n: sizes.
        across: whether `a` comes as [k, m].
        dtype: of the elements.
    """
    element = "a[p, i]" if across else "a[i, p]"
    source = (
        f"def fused(a, b, out):\n"
        f"    for i in range({m}):\n"
        f"        for j in range({n}):\n"
        f"            out[i, j] = {dtype.name}(0)\n"
        f"        for p in range({k}):\n"
        f"            factor = {element}\n"
        f"            for j in range({n}):\n"
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
