"""Loops that the text of a step calls by name."""

from __future__ import annotations

from minitf.kernels_cpu import jit


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
