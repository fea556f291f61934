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
_ROWS, _TERMS = 4, 4  # of a result, and what is added to each at once: as fast as BLAS
_MOST = {True: 1 << 18, False: 1 << 14}  # of products, where rows fill vectors and where not
_MOST_IN_LOOPS = 1 << 21


def is_small(m: int, k: int, n: int, *, in_loop: bool = False) -> bool:
    """Tell whether loops are as fast as BLAS, which is called from elsewhere.

    Rows that fill vectors go ten times as fast as others: 0.03 and 0.5 ns for each product.

    Args:
        m, k, n: sizes.
        in_loop: whether it is in a loop, where a call from elsewhere would cost all that is gained.
    """
    fills = n % 8 == 0
    return m * k * n <= (_MOST_IN_LOOPS if in_loop and fills else _MOST[fills])


@cache
def product(m: int, k: int, n: int, *, across: bool, dtype: np.dtype[np.generic]) -> Generated:
    """Return loops `fused(a, b, out)` for out[m, n] = a[m, k] b[k, n].

    Args:
        m, k, n: sizes.
        across: whether `a` comes as [k, m].
        dtype: of the elements.
    """
    columns = n if n >= _WIDE else "out.shape[1]"  # the compiler would spell out a short loop
    lines = ["def fused(a, b, out):"]
    for first, last in ((0, m - m % _ROWS), (m - m % _ROWS, m)):
        if first < last:
            rows = min(_ROWS, last - first)
            lines.append(f"    for i in range({first}, {last}, {rows}):")
            lines += _rows(rows, k, columns, across=across, zero=f"{dtype.name}(0)")
    return Generated(Text("\n".join(lines) + "\n", {dtype.name: dtype.type}))


def _rows(rows: int, k: int, columns: object, *, across: bool, zero: str) -> list[str]:
    """Return lines that make some rows of the result, from row i on."""
    every = [f"i + {row}" for row in range(rows)]
    lines = [f"        for j in range({columns}):"]
    lines += [f"            out[{row}, j] = {zero}" for row in every]
    rest = k % _TERMS
    if k >= _TERMS:
        lines.append(f"        for p in range(0, {k - rest}, {_TERMS}):")
        lines += ["    " + line for line in _terms(every, "p", _TERMS, columns, across=across)]
    if rest:
        lines += _terms(every, str(k - rest), rest, columns, across=across)
    return lines


def _terms(rows: list[str], first: str, count: int, columns: object, *, across: bool) -> list[str]:
    """Return lines that add some terms to each of some rows, from term `first` on."""
    element = "a[{1}, {0}]" if across else "a[{0}, {1}]"
    terms = [f"{first} + {term}" for term in range(count)]
    lines = [
        f"        f{r}_{t} = {element.format(row, term)}"
        for r, row in enumerate(rows)
        for t, term in enumerate(terms)
    ]
    lines.append(f"        for j in range({columns}):")
    lines += [f"            b{t} = b[{term}, j]" for t, term in enumerate(terms)]
    for r, row in enumerate(rows):
        total = "".join(f" + f{r}_{t} * b{t}" for t in range(count))
        lines.append(f"            out[{row}, j] = out[{row}, j]{total}")
    return lines


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
