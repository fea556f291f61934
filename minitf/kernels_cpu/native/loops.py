"""Loops that the text of a step calls by name.

Those of any rank are made of text: an array seen as a row (`x.reshape(-1)`) would do as well, but
each takes the compiler 65 ms, a call of these 20.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from minitf.kernels_cpu import jit
from minitf.kernels_cpu.fusion.compiling import Generated
from minitf.kernels_cpu.fusion.source import Text

COPY = "x, out", "out[{i}] = x[{i}]"
PUT = "x, out, n", "out[n, {i}] = x[{i}]"
ADD = "x, out, n", "out[n, {i}] += x[{i}]"
TAKE = "x, rows, n", "x[{i}] = rows[n, {i}]"


@cache
def each(rank: int, loops: tuple[str, str]) -> Generated:
    """Return loops over all elements of an array `x`: COPY, PUT, ADD or TAKE."""
    parameters, line = loops
    names = ", ".join(f"i{axis}" for axis in range(rank))
    text = _nested("x", rank, line.format(i=names))
    return Generated(Text(f"def fused({parameters}):\n{text}"))


@cache
def longer(rank: int) -> Generated:
    """Return `fused(x)`: an array of twice as many rows that begins with those of another."""
    sizes = "".join(f", x.shape[{axis}]" for axis in range(1, rank))
    names = ", ".join(f"i{axis}" for axis in range(rank))
    text = _nested("x", rank, f"more[{names}] = x[{names}]")
    source = (
        f"def fused(x):\n    more = empty((2 * x.shape[0]{sizes},), x.dtype)\n{text}"
        "    return more\n"
    )
    return Generated(Text(source, {"empty": np.empty}))


def _nested(array: str, rank: int, line: str) -> str:
    """Return a line in loops over the axes of an array."""
    loops = [f"for i{axis} in range({array}.shape[{axis}]):" for axis in range(rank)]
    return "".join(f"{'    ' * (i + 1)}{text}\n" for i, text in enumerate((*loops, line)))


@jit.loops
def copied(x, out):
    """Copy an array, seen as a row, to another."""
    for i in range(out.size):
        out[i] = x[i]


@jit.loops
def added(x, out):
    """Add an array, seen as a row, to another in place."""
    for i in range(out.size):
        out[i] += x[i]


@jit.loops
def subtracted(x, out):
    """Take an array, seen as a row, away from another in place."""
    for i in range(out.size):
        out[i] -= x[i]


@jit.loops
def place(x, places, out):
    """Make a row of zeros with the elements of another in some places."""
    for i in range(out.size):
        out[i] = 0
    for i in range(x.size):
        out[places[i]] = x[i]
