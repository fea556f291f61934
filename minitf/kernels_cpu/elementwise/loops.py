"""One loop per elementwise op: its `scalar`, compiled, in one pass over memory.

NumPy's body makes a pass and a temporary per operation; the loop makes one pass in all.  Which ops
gain is measured: docs/kernels.md.

*Exact kernels* do the same operations in the same order without fast-math.  Their bits are those of
the body, so they may choose by size: below `LEAST` elements the body is as fast and needs no
compiler.  *Approximate kernels*, whose scalars call `scalar_math`, are within `Kernel.ulps` of the
body.  They never leave an array to it: bits must not depend on sizes or layouts.

Layouts: inputs of one shape, or one of them a single number.  Anything else an exact kernel leaves
to the body; an approximate one repeats inputs to one shape.

Source: 2015 §2 (kernels); measured by `python benchmarks/bench_kernels.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

from minitf.dtypes import DType, float32, float64
from minitf.kernels_cpu import jit, threads
from minitf.kernels_cpu.vector_math.accuracy import ULPS
from minitf.op_def import OpDef
from minitf.ops.elementwise.rows import ROWS

LEAST = 1 << 14  # elements: 5 us for the body of one operation
BODY_ULPS = 6  # of a body: NumPy holds its functions to 4 ulp, the arithmetic around them is in 2
COST = 8  # simple operations that a function of `vector_math` costs about as much as


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
    """The loops of one op, one set per element type.

    Attributes:
        ulps: how far results may be from the body's, None if they are the same.
        cost: simple operations per element.
    """

    def __init__(self, op_def: OpDef) -> None:
        self.scalar = ROWS[op_def.name].scalar
        self.made: dict[tuple[jit.Loops, Any], jit.Loops] = {}
        called = [name for name in self.scalar.__code__.co_names if name in ULPS]
        worst = sum(max(ULPS[name]) for name in called)
        self.ulps = math.ceil(worst) + BODY_ULPS if called else None
        self.cost = COST if called else 1

    def __call__(self, loops: jit.Loops, dtype: np.dtype[Any]) -> jit.Loops:
        """Return a template's loops with the op's scalar for elements of that type."""
        found = self.made.get((loops, dtype))
        if found is None:
            bound = loops.bound(scalar=compiled_scalar(self.scalar, dtype))
            found = self.made[loops, dtype] = bound
        return found


def compiled_scalar(scalar: Callable[..., Any], dtype: np.dtype[Any]) -> jit.Loops:
    """Return a row's scalar for elements of a type, as loops may call it.

    Its constants, written as floats, get that type (Numba would compute `1.0 - x` in float64 for a
    float32 x), and `scalar_math` means the functions of `vector_math`.
    """
    from minitf.kernels_cpu.vector_math.table import SCALAR_MATH

    constants = tuple(
        dtype.type(each) if isinstance(each, float) else each for each in scalar.__code__.co_consts
    )
    code = scalar.__code__.replace(co_consts=constants)
    function = FunctionType(code, scalar.__globals__, scalar.__name__)
    made: jit.Loops = jit.inlined(function)
    return made.bound(scalar_math=SCALAR_MATH)


def attach(*op_defs: OpDef, types: tuple[DType, ...] = (float32, float64)) -> None:
    """Give elementwise ops a CPU kernel for these types."""
    for op_def in op_defs:
        compiled = Compiled(op_def)
        make = _unary if len(op_def.inputs) == 1 else _binary
        op_def.kernel("CPU", T=types, ulps=compiled.ulps)(make(op_def, compiled))


def _unary(op_def: OpDef, compiled: Compiled) -> Callable[..., Any]:
    body, least = op_def.body, LEAST if compiled.ulps is None else 0

    def kernel(x):
        if x.size < least:
            return body(x)
        out = np.empty(x.shape, x.dtype)
        flat = x.ravel(), out.reshape(-1)
        threads.split(compiled(unary_loops, x.dtype), x.size, *flat, cost=compiled.cost)
        return out

    return kernel


def _binary(op_def: OpDef, compiled: Compiled) -> Callable[..., Any]:
    body, exact = op_def.body, compiled.ulps is None
    broadcasts = ROWS[op_def.name].broadcasts

    def kernel(x, y):
        template = _template(x, y) if broadcasts or x.shape == y.shape else None
        if exact and max(x.size, y.size) < LEAST:
            template = None
        elif template is None and not exact and broadcasts:
            x, y, template = _repeated(x, y)
        if template is None:
            return body(x, y)
        out = np.empty((y if template is first_loops else x).shape, x.dtype)
        flat = x.ravel(), y.ravel(), out.reshape(-1)
        threads.split(compiled(template, x.dtype), out.size, *flat, cost=compiled.cost)
        return out

    return kernel


def _repeated(x: Any, y: Any) -> tuple[Any, Any, Any]:
    """Return the inputs repeated to one shape and loops for it; None if they do not fit."""
    try:
        shape = np.broadcast_shapes(x.shape, y.shape)
        return np.broadcast_to(x, shape), np.broadcast_to(y, shape), same_loops
    except ValueError:
        return x, y, None


def _template(x: Any, y: Any) -> Any:
    """Return the loops for two shapes, None where the inputs must be repeated."""
    if x.shape == y.shape:
        return same_loops
    if y.size == 1 and y.ndim <= x.ndim:
        return second_loops
    if x.size == 1 and x.ndim <= y.ndim:
        return first_loops
    return None
