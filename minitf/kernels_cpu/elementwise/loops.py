"""One loop per elementwise op: its `scalar`, compiled, in one pass over memory.

NumPy's body makes a pass and a temporary per operation; the loop makes one pass in all.  It does
the same operations in the same order without fast-math, so its bits are those of the body, and a
kernel may choose between them by size: below `LEAST` elements the body is as fast and needs no
compiler.  Which ops gain is measured: docs/kernels.md.

Layouts: inputs of one shape, or one of them a single number.  Anything else runs the body.

Source: 2015 §2 (kernels); measured by `python benchmarks/bench_kernels.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

from minitf.dtypes import float32, float64
from minitf.kernels_cpu import jit, threads
from minitf.op_def import OpDef
from minitf.ops.elementwise.rows import ROWS

LEAST = 1 << 14  # elements: 5 us for the body of one operation


def scalar(*numbers):
    """Stand for an op's scalar in the templates below; `Compiled` binds the name to it."""
    raise NotImplementedError


@jit.loops
def unary_loops(first, last, x, out):
    x, out = x[first:last], out[first:last]
    for i in range(out.size):
        out[i] = scalar(x[i])


@jit.loops
def same_loops(first, last, x, y, out):
    x, y, out = x[first:last], y[first:last], out[first:last]
    for i in range(out.size):
        out[i] = scalar(x[i], y[i])


@jit.loops
def first_loops(first, last, x, y, out):
    """Apply to one number x and each element of y."""
    number, y, out = x[0], y[first:last], out[first:last]
    for i in range(out.size):
        out[i] = scalar(number, y[i])


@jit.loops
def second_loops(first, last, x, y, out):
    """Apply to each element of x and one number y."""
    x, number, out = x[first:last], y[0], out[first:last]
    for i in range(out.size):
        out[i] = scalar(x[i], number)


class Compiled:
    """The loops of one op, one set per element type."""

    def __init__(self, op_def: OpDef) -> None:
        self.scalar = ROWS[op_def.name].scalar
        self.made: dict[tuple[jit.Loops, Any], jit.Loops] = {}

    def __call__(self, loops: jit.Loops, dtype: np.dtype[Any]) -> jit.Loops:
        """Return a template's loops with the op's scalar for elements of that type."""
        found = self.made.get((loops, dtype))
        if found is None:
            scalar = jit.loops(typed(self.scalar, dtype))
            found = self.made[loops, dtype] = loops.bound(scalar=scalar)
        return found


def typed(scalar: Callable[..., Any], dtype: np.dtype[Any]) -> Callable[..., Any]:
    """Return a scalar function whose constants, written as floats, have the element type.

    Numba would compute `1.0 - x` in float64 for a float32 x.
    """
    constants = tuple(
        dtype.type(each) if isinstance(each, float) else each for each in scalar.__code__.co_consts
    )
    code = scalar.__code__.replace(co_consts=constants)
    return FunctionType(code, scalar.__globals__, scalar.__name__)


def attach(*op_defs: OpDef) -> None:
    """Give elementwise ops a CPU kernel."""
    for op_def in op_defs:
        make = _unary if len(op_def.inputs) == 1 else _binary
        op_def.kernel("CPU", T=(float32, float64))(make(op_def))


def _unary(op_def: OpDef) -> Callable[..., Any]:
    body, compiled = op_def.body, Compiled(op_def)

    def kernel(x):
        if x.size < LEAST:
            return body(x)
        x = np.ascontiguousarray(x)
        out = np.empty_like(x)
        loops = compiled(unary_loops, x.dtype)
        threads.split(loops, x.size, x.reshape(-1), out.reshape(-1))
        return out

    return kernel


def _binary(op_def: OpDef) -> Callable[..., Any]:
    body, compiled = op_def.body, Compiled(op_def)

    def kernel(x, y):
        template = _template(x, y) if max(x.size, y.size) >= LEAST else None
        if template is None:
            return body(x, y)
        x, y = np.ascontiguousarray(x), np.ascontiguousarray(y)
        out = np.empty_like(y if template is first_loops else x)
        loops = compiled(template, x.dtype)
        threads.split(loops, out.size, x.reshape(-1), y.reshape(-1), out.reshape(-1))
        return out

    return kernel


def _template(x: Any, y: Any) -> Any:
    """Return the loops for two shapes, None where the body must broadcast."""
    if x.shape == y.shape:
        return same_loops
    if y.size == 1 and y.ndim <= x.ndim:
        return second_loops
    if x.size == 1 and x.ndim <= y.ndim:
        return first_loops
    return None
