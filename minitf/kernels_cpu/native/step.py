"""A whole step as a function of fed arrays: locks its variables, calls machine code, unlocks.

    def step(feeds):
        x0, x1, = feeds
        try:
            v5 = variable5.read()
            with Holding(locks):
                v2 = variable2.exclusive()
                v3 = variable3.exclusive()
                out9 = empty(shape9, dtype9)
                status = run(x0, x1, v2, v3, c4, v5, out9)
        except OpError:
            status = 1
        if status:
            return otherwise(feeds)
        return [out9]

It is text, as launches of clusters are: a loop over variables would cost as much as the step.

**Invariants**
1. Locks are taken in the order of the variables' age, as whoever takes several does, and variables
   that the step only reads are read before: their versions are snapshots.
2. A step that cannot be run so has changed nothing and is run otherwise.

Source: 2015 §10; OSDI §4.1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minitf.devices import Routine, StepFunction
from minitf.errors import OpError
from minitf.kernels_cpu.fusion.compiling import Generated
from minitf.kernels_cpu.fusion.launches import code_of
from minitf.kernels_cpu.fusion.source import Text
from minitf.kernels_cpu.native.text import Body, NotNativeError, Parameter, text_of
from minitf.resources import Variable, by_age

MOST_WORK = 1 << 21  # simple instructions; with more, the calls between them do not count
MOST_CALLS = 64  # each takes the compiler 30 to 100 ms


class Holding:
    """Holds locks inside `with`, however many: Python nests no more than twenty such blocks."""

    __slots__ = ("_held", "_locks")

    def __init__(self, locks: Sequence[Any]) -> None:
        self._locks = locks
        self._held: list[Any] = []

    def __enter__(self) -> None:
        """Take the locks in their order."""
        try:
            for lock in self._locks:
                lock.acquire()
                self._held.append(lock)
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        """Let go of the locks."""
        while self._held:
            self._held.pop().release()


def native(
    routine: Routine, otherwise: StepFunction, allocate: Callable[[tuple[int, ...], Any], Any]
) -> StepFunction | None:
    """Return a routine as one compiled function; None if that cannot be or would not gain.

    Args:
        routine: what to do.
        otherwise: does the same.
        allocate: makes arrays, as `numpy.empty` does.
    """
    from numba.core import config

    # as plain Python it would be slower, and could not write to a variable's array
    if len(routine.block) > MOST_CALLS or config.DISABLE_JIT:  # type: ignore[attr-defined]
        return None
    try:
        body = text_of(routine)
    except NotNativeError:
        return None
    if body.work > MOST_WORK:
        return None
    run = _compiled(body)
    space: dict[str, Any] = {"run": run, "OpError": OpError, "empty": allocate}
    space["otherwise"] = otherwise
    exec(code_of(_source(routine, body, space)), space)  # noqa: S102 written below
    step: StepFunction = space["step"]
    return step


def _compiled(body: Body) -> Callable[..., int]:
    run: Callable[..., int] = Generated(Text(body.source(), body.names)).entry(_types(body))
    return run


def _types(body: Body) -> tuple[Any, ...]:
    """Return Numba's types of the parameters."""
    from numba import from_dtype, types

    def kind(parameter: Parameter) -> Any:
        operand, source = parameter
        is_written = source is None or any(source is each for each in body.changed)
        return types.Array(
            from_dtype(operand.dtype), len(operand.shape), "C", readonly=not is_written
        )

    return tuple([kind(each) for each in body.parameters.values()])


def _source(routine: Routine, body: Body, space: dict[str, Any]) -> str:
    """Return the text of the function; put what its global names mean into `space`."""
    fed = [f"x{number}" for number in range(len(routine.feeds))]
    reads, makes = [], []
    names = {}
    for name, (operand, source) in body.parameters.items():
        if isinstance(source, Variable):
            names[source] = name
            space[f"variable_{name}"] = source
            if not any(source is each for each in body.changed):
                reads.append(f"{name} = variable_{name}.read()")
        elif isinstance(source, np.ndarray):
            space[name] = source
        elif source is None:
            space[f"shape_{name}"], space[f"dtype_{name}"] = operand.shape, operand.dtype
            makes.append(f"{name} = empty(shape_{name}, dtype_{name})")
    held = [names[variable] for variable in sorted(body.changed, key=by_age)]
    space |= {"Holding": Holding, "locks": [body.parameters[name].source.lock for name in held]}
    takes = [f"{name} = variable_{name}.exclusive()" for name in held]
    inner = [*takes, f"status = run({', '.join(body.parameters)})"]
    if held:
        inner = ["with Holding(locks):", *(f"    {line}" for line in inner)]
    results = []
    for position, result in enumerate(routine.results):
        space[f"result{position}"] = result
        results.append(body.values[result].name if isinstance(result, int) else f"result{position}")
    numbers = [name for name in fed if not body.parameters[name].operand.shape]
    space["asarray"] = np.asarray
    lines = [
        *([f"{', '.join(fed)}, = feeds"] if fed else []),
        *(f"{name} = asarray({name})" for name in numbers),  # a NumPy scalar is no array
        *makes,
        "try:",
        *(f"    {line}" for line in (*reads, *inner)),
        "except OpError:",
        "    status = 1",
        "if status:",
        "    return otherwise(feeds)",
        f"return [{', '.join(results)}]",
    ]
    return "def step(feeds):\n" + "".join(f"    {line}\n" for line in lines)
