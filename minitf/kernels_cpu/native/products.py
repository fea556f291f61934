"""Products of small matrices: when machine code makes them itself, and what is turned for them.

BLAS, whose call from Python takes 1 us, gives other bits: |error| <= k eps sum |a||b| for k terms
holds for both.

Source: no paper; measured: docs/kernels.md.
"""

from __future__ import annotations

from functools import cache

from minitf.kernels_cpu.fusion.compiling import Generated
from minitf.kernels_cpu.fusion.source import Text

_LEAST_WIDE = 8  # columns
_MOST = {True: 1 << 18, False: 1 << 16}  # of products, where rows fill vectors and where not
_MOST_IN_LOOPS = 1 << 21
_TURNED = 16  # rows that are turned together: a line of memory is written whole


def is_small(m: int, k: int, n: int, *, in_loop: bool = False) -> bool:
    """Tell whether machine code makes a product by tiles.

    Args:
        m, k, n: sizes.
        in_loop: whether it is in a loop, whose tiles find their operands in cache.
    """
    is_wide = n >= _LEAST_WIDE
    return m * k * n <= (_MOST_IN_LOOPS if in_loop and is_wide else _MOST[is_wide])


def beats_blas(m: int, k: int, n: int) -> bool:
    """Tell whether tiles are faster than BLAS, its call included."""
    return n >= _LEAST_WIDE and m > 1 and m * k * n <= _MOST_IN_LOOPS


@cache
def turned(m: int, n: int) -> Generated:
    """Return loops `fused(a, out)` for out[n, m] = the transpose of a[m, n]."""
    lines = ["def fused(a, out):"]
    for first, last, step in ((0, m - m % _TURNED, _TURNED), (m - m % _TURNED, m, m % _TURNED)):
        if first < last:
            lines += [
                f"    for block in range({first}, {last}, {step}):",
                f"        for j in range({n}):",
                f"            for i in range(block, block + {step}):",
                "                out[j, i] = a[i, j]",
            ]
    return Generated(Text("\n".join(lines) + "\n"))
