"""Loops of a step as a function of the arrays that they read: calls machine code.

    run = native_loops(routine, empty)
    run([x0, x1], stops)        # the results; None if there is an error to raise, or a stop

**State**: how much room the stacks took in the last run, so that they need not grow in the next.

**Invariant**: variables are read once, before the loops; nothing in the loops writes to any.

Source: 2015 §4.4, §10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from minitf.devices import Choice, LoopsFunction, Repetition, Routine, Statement
from minitf.errors import OpError, invalid
from minitf.kernels_cpu.fusion.compiling import Generated
from minitf.kernels_cpu.fusion.source import Text
from minitf.kernels_cpu.native.blocks import Blocks
from minitf.kernels_cpu.native.stores import Store
from minitf.kernels_cpu.native.text import NotNativeError, Operand, Parameter
from minitf.kernels_cpu.native.watch import Watch
from minitf.resources import Variable

MOST_STATEMENTS = 256  # a call takes the compiler 30 to 100 ms, the others next to nothing
_TYPES = "biuf"


def native_loops(
    routine: Routine, allocate: Callable[[tuple[int, ...], Any], Any]
) -> LoopsFunction | None:
    """Return loops as one compiled function; None if there is no such.

    Args:
        routine: what they do.
        allocate: makes arrays, as `numpy.empty` does.
    """
    from numba.core import config

    too_long = sum(1 for _ in _walk(routine.block)) > MOST_STATEMENTS
    if too_long or config.DISABLE_JIT:  # type: ignore[attr-defined]
        return None
    if any(dtype.kind not in _TYPES for dtype, _ in routine.feeds):
        return None
    try:
        body = Blocks(routine)
    except NotNativeError:
        return None
    return _Run(body, allocate)


def _walk(block: tuple[Statement, ...]) -> Iterator[Statement]:
    for statement in block:
        yield statement
        if isinstance(statement, Choice):
            yield from _walk(statement.yes + statement.no)
        elif isinstance(statement, Repetition):
            yield from _walk(statement.head + statement.body)


class _Run:
    """The function.

    Args:
        body: its text.
        allocate: makes arrays.
    """

    def __init__(self, body: Blocks, allocate: Callable[[tuple[int, ...], Any], Any]) -> None:
        self._allocate = allocate
        parameters = body.parameters.values()
        self._numbers = [p.operand.is_number for p in parameters if isinstance(p.source, int)]
        # the text's own order: fed values, then constants, variables and results as they came up
        self._others = [p for p in parameters if not isinstance(p.source, int)][1:]
        self._outs = body.outs
        self._stacks = body.stacks
        self._rooms: dict[
            Any, int
        ] = {}  # stack -> for how many elements there was room after the last run
        types = tuple([_type(each) for each in parameters])
        self._machine_code = Generated(Text(body.source(), body.names)).entry(types)

    def __call__(self, inputs: Sequence[Any], stops: Sequence[Any]) -> list[Any] | None:
        made: dict[str, Any] = {}
        try:
            arguments = [*self._fed(inputs), *[self._other(*each, made) for each in self._others]]
        except OpError:  # a variable has no value, or one of another shape
            return None
        watch = Watch(stops)
        status = self._machine_code(watch.address, *arguments)
        watch.raise_interrupt()
        if status:
            return None
        self._rooms = dict(zip(self._stacks, made["rooms"].tolist(), strict=True))
        return [self._result(each, made) for each in self._outs]

    def _fed(self, inputs: Sequence[Any]) -> Iterator[Any]:
        for x, is_number in zip(inputs, self._numbers, strict=True):
            yield x[()] if is_number else np.ascontiguousarray(x)

    def _other(self, operand: Operand, source: Any, made: dict[str, Any]) -> Any:
        """Return what a parameter gets; note a result's array under its name."""
        if isinstance(source, Variable):
            value = source.read()
            if value.shape != operand.shape:
                raise invalid(f"{source.name} has changed its shape")
            return value
        if isinstance(source, Store):
            room = self._rooms.get(source, operand.shape[0])
            return self._allocate((room, *operand.shape[1:]), operand.dtype)
        if source is None:
            made[operand.name] = self._allocate(operand.shape, operand.dtype)
            return made[operand.name]
        return source if source.flags.c_contiguous else source.copy()

    @staticmethod
    def _result(out: Any, made: dict[str, Any]) -> Any:
        if not isinstance(out, Operand):
            return out  # known beforehand
        array = made[out.name]
        return array if out.shape else array[()]


def _type(parameter: Parameter) -> Any:
    """Return Numba's type of a parameter.

    All arrays are taken for writable, so that one type serves constants and what is made here.
    """
    from numba import from_dtype, types

    operand = parameter.operand
    element = from_dtype(operand.dtype)
    if operand.is_number:
        return element
    return types.Array(element, len(operand.shape), "C")
