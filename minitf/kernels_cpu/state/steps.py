"""Loops over variable, slots and gradient: each step reads and writes them in one pass.

A body makes an array for each product and sum, so it moves through memory three to ten times as
much.  Here the op's formula is compiled into a loop.  It does the same operations in the same order
and gives the same bits, but for powers and exponentials, which are libm's.

A loop changes its arrays in place.  So a variable that somebody still reads is copied first: its
old and its new array as two arguments would be one array whenever nobody does, and LLVM vectorises
no loop whose arrays overlap (Adam on 100,000 elements: 350 us, in place 52).

Source: OSDI §4.1; 2015 Table 1.
"""

from __future__ import annotations

from functools import cache
from types import FunctionType
from typing import Any

import numpy as np

from minitf.dtypes import float32, float64
from minitf.kernels_cpu import buffers, jit, threads
from minitf.kernels_cpu.elementwise.loops import compiled_scalar
from minitf.op_def import CATALOGUE, OpDef
from minitf.ops.state.steps import STEPS, Step, must_have_one_shape, must_have_rows
from minitf.ops.state.twins import on_handles
from minitf.resources import modifying

TYPES = (float32, float64)
COST = 8  # simple operations that a step of one element costs, above all a root and a quotient


def formula(*numbers):
    """Stand for a step's formula in the templates below; `compiled` binds the name to it."""
    raise NotImplementedError


@jit.loops
def choose(condition, one, other):
    """Return one of two numbers."""
    return one if condition else other


# --- whole variables ------------------------------------------------------------------------------


@jit.loops
def no_slot_loops(first, last, before, grad, after, out):
    grad, out = grad[first:last], out[first:last]
    for i in range(out.size):
        out[i] = formula(out[i], *before, grad[i], *after)[0]


@jit.loops
def one_slot_loops(first, last, before, grad, after, out, out_1):
    grad, out, out_1 = grad[first:last], out[first:last], out_1[first:last]
    for i in range(out.size):
        out[i], out_1[i] = formula(out[i], out_1[i], *before, grad[i], *after)


@jit.loops
def two_slots_loops(first, last, before, grad, after, out, out_1, out_2):
    grad, out, out_1 = grad[first:last], out[first:last], out_1[first:last]
    out_2 = out_2[first:last]
    for i in range(out.size):
        out[i], out_1[i], out_2[i] = formula(out[i], out_1[i], out_2[i], *before, grad[i], *after)


@jit.loops
def three_slots_loops(first, last, before, grad, after, out, out_1, out_2, out_3):
    grad, out, out_1 = grad[first:last], out[first:last], out_1[first:last]
    out_2, out_3 = out_2[first:last], out_3[first:last]
    for i in range(out.size):
        out[i], out_1[i], out_2[i], out_3[i] = formula(
            out[i], out_1[i], out_2[i], out_3[i], *before, grad[i], *after
        )


DENSE = (no_slot_loops, one_slot_loops, two_slots_loops, three_slots_loops)


# --- rows, one after the other: an index may occur twice -----------------------------------------


@jit.loops
def no_slot_rows(indices, before, grad, after, out):
    for i in range(indices.size):
        slope, row = grad[i], out[indices[i]]
        for j in range(row.size):
            row[j] = formula(row[j], *before, slope[j], *after)[0]


@jit.loops
def one_slot_rows(indices, before, grad, after, out, out_1):
    for i in range(indices.size):
        slope, row, row_1 = grad[i], out[indices[i]], out_1[indices[i]]
        for j in range(row.size):
            row[j], row_1[j] = formula(row[j], row_1[j], *before, slope[j], *after)


@jit.loops
def two_slots_rows(indices, before, grad, after, out, out_1, out_2):
    for i in range(indices.size):
        slope, row, row_1 = grad[i], out[indices[i]], out_1[indices[i]]
        row_2 = out_2[indices[i]]
        for j in range(row.size):
            row[j], row_1[j], row_2[j] = formula(
                row[j], row_1[j], row_2[j], *before, slope[j], *after
            )


@jit.loops
def three_slots_rows(indices, before, grad, after, out, out_1, out_2, out_3):
    for i in range(indices.size):
        slope, row, row_1 = grad[i], out[indices[i]], out_1[indices[i]]
        row_2, row_3 = out_2[indices[i]], out_3[indices[i]]
        for j in range(row.size):
            row[j], row_1[j], row_2[j], row_3[j] = formula(
                row[j], row_1[j], row_2[j], row_3[j], *before, slope[j], *after
            )


ROWS = (no_slot_rows, one_slot_rows, two_slots_rows, three_slots_rows)


# --- kernels --------------------------------------------------------------------------------------


def attach(*op_defs: OpDef) -> None:
    """Give kernels to steps on whole variables, to those by rows, and to the twins of both."""
    for op_def in op_defs:
        for name, make in ((op_def.name, _dense), (f"Sparse{op_def.name}", _sparse)):
            if name in STEPS:
                kernel, op_on_refs = make(STEPS[name]), CATALOGUE[name]
                op_on_refs.kernel("CPU", T=TYPES)(kernel)
                twin = CATALOGUE[f"Resource{name}"]
                twin.kernel("CPU", T=TYPES)(on_handles(op_on_refs, kernel))


def _dense(step: Step) -> Any:
    def kernel(*inputs, **attrs):
        variables, grad = inputs[: step.variables], inputs[step.grad]
        must_have_one_shape(variables, grad)
        before, after = step.scalars(inputs, grad.dtype)
        loops = compiled(step, DENSE, grad.dtype)
        with modifying(*variables) as arrays:
            threads.split(
                loops,
                *(grad.size, before, _contiguous(grad).reshape(-1)),
                *((*after, *step.flags(attrs)), *[each.reshape(-1) for each in arrays]),
                cost=COST,
            )
        return variables[0]

    return kernel


def _contiguous(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return an array in C order; one that is not (the ones of a sum's gradient) is copied."""
    if array.flags.c_contiguous:
        return array
    copied = buffers.empty(array.shape, array.dtype)  # not a fresh one: its pages would cost more
    np.copyto(copied, array)
    return copied


def _sparse(step: Step) -> Any:
    place = step.grad + 1

    def kernel(*given, **attrs):
        inputs, indices = (*given[:place], *given[place + 1 :]), given[place]
        variables, grad = inputs[: step.variables], inputs[step.grad]
        must_have_rows(variables, grad, indices)
        before, after = step.scalars(inputs, grad.dtype)
        loops = compiled(step, ROWS, grad.dtype)
        with modifying(*variables) as arrays:
            if grad.size:
                loops(
                    *(np.ascontiguousarray(indices), before, _rows(grad)),
                    *((*after, *step.flags(attrs)), *[_rows(each) for each in arrays]),
                )
        return variables[0]

    return kernel


def _rows(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return an array as a matrix; of a contiguous one, it is a view."""
    return np.ascontiguousarray(array).reshape(len(array), -1)


@cache
def compiled(step: Step, templates: tuple[jit.Loops, ...], dtype: np.dtype[Any]) -> jit.Loops:
    """Return the loops of a step for elements of that type."""
    bound = compiled_scalar(_positional(step.formula), dtype).bound(select=choose)
    return templates[step.variables - 1].bound(formula=bound)


def _positional(function: Any) -> FunctionType:
    """Return a function that takes its keyword-only arguments by position, after the others."""
    code = function.__code__
    count = code.co_argcount + code.co_kwonlyargcount
    code = code.replace(co_argcount=count, co_kwonlyargcount=0)
    return FunctionType(code, function.__globals__, function.__name__)
