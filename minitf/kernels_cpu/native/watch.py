"""Whether somebody stops a run of machine code: asked from inside, now and then.

Loops in machine code see no interrupt and let no other thread speak to them.  So they call back,
once in a millisecond or so, by an address:

    watch = Watch(stops)                  # stops: a list that somebody may fill
    run(watch.address, ...)               # calls is_stopped(address) in its loops
    watch.raise_interrupt()

**Invariant**: an interrupt (Ctrl-C) that comes while the loops ask is kept and ends them.  What
they call is a generator that stands inside its `try`: a function would be interrupted before its
first line, and what it then raises is lost.

Source: no paper; CPython runs the handlers of signals between instructions of Python only.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from minitf.kernels_cpu.jit import Callee

_CALLED_BACK = ctypes.CFUNCTYPE(ctypes.c_int64)


class Watch:
    """What a run of loops asks.

    Args:
        stops: something in it stops the run.

    Attributes:
        address: where it is asked.
    """

    def __init__(self, stops: Sequence[Any]) -> None:
        self._interrupts: list[BaseException] = []
        self._asked = _asked(stops, self._interrupts)
        next(self._asked)  # to the first line of its `try`
        self._called = _CALLED_BACK(self._asked.__next__)
        self.address = ctypes.cast(self._called, ctypes.c_void_p).value

    def raise_interrupt(self) -> None:
        """Raise the interrupt that came, if one did."""
        if self._interrupts:
            raise self._interrupts[0]


def _asked(stops: Sequence[Any], interrupts: list[BaseException]) -> Iterator[int]:
    while True:
        try:
            while True:
                yield int(bool(stops or interrupts))
        except BaseException as error:
            if isinstance(error, GeneratorExit):
                raise
            interrupts.append(error)


class IsStopped(Callee):
    """`is_stopped(address)`: whether a run is to end, in machine code."""

    __name__ = "is_stopped"
    digest = "is_stopped 1"

    @cached_property
    def inner(self) -> Any:
        """What Numba sees in its place: an intrinsic."""
        from llvmlite import ir
        from numba.core import types
        from numba.extending import intrinsic

        @intrinsic
        def is_stopped(_, address):
            def generate(context, builder, signature, values):
                kind = ir.FunctionType(ir.IntType(64), [])
                function = builder.inttoptr(values[0], kind.as_pointer())
                answer = builder.call(function, [])
                return builder.icmp_signed("!=", answer, answer.type(0))

            return types.boolean(types.int64), generate

        return is_stopped


is_stopped = IsStopped()
