"""How compiled code is called for inputs of some shapes: a small function made for the purpose.

    def launch(x0, x1):
        out0 = allocate(shape0, dtype0)
        status = run(-1, 0, 0, 0, C, x1.item(), x0, out0)
        if status:
            return otherwise(status, x0, x1)
        return out0

It is text too, since a call through loops over arguments would cost as much as the arithmetic on a
thousand numbers.  Work that is worth several threads goes stage by stage and part by part.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from minitf.kernels_cpu import threads
from minitf.kernels_cpu.fusion.compiling import Generated
from minitf.kernels_cpu.fusion.programs import Output
from minitf.kernels_cpu.fusion.source import NOT_PACKED, Array, Text

Shape = tuple[int, ...]
Launch = Callable[..., Any]
_AT_ONCE = 16  # simple operations in the time of one, where loops are vectorised
_LEAST_BY_TOTALS = 8  # times as many numbers are added up in a part as its total has
_MANY_PARTS = 32  # more would only take longer to hand out


@dataclass(frozen=True)
class Work:
    """How one stage runs.

    Attributes:
        stage: its number.
        items: how many items it has.
        size: how many of them are in a part.
        parts: how many parts; of the nest before, where a stage puts them together.
        ends: whether it does.
    """

    stage: int
    items: int
    size: int
    parts: int
    ends: bool


def works_of(text: Text, sizes: Sequence[int]) -> list[Work]:
    """Split the stages of a text into parts, by sizes alone."""
    works: list[Work] = []
    for number, stage in enumerate(text.stages):
        if stage.ends is not None:
            works.append(Work(number, 1, 1, works[stage.ends].parts, ends=True))
            continue
        if not stage.space:
            works.append(Work(number, 1, 1, 1, ends=False))
            continue
        items, inner = sizes[stage.space[0]], math.prod(sizes[axis] for axis in stage.space[1:])
        part = threads.PART * _AT_ONCE
        size = max(1, part // (stage.cost * inner), min(-(-items // _MANY_PARTS), part // inner))
        if stage.spread:
            total = math.prod(sizes[axis] for axis in stage.spread)
            size = max(size, _LEAST_BY_TOTALS * total // inner)
        works.append(Work(number, items, size, -(-items // size), ends=False))
    return works


def array_size(array: Array, sizes: Sequence[int], works: Sequence[Work]) -> int:
    """Return how many elements an array has."""
    copies = 1 if array.stage is None else works[array.stage].parts
    return copies * math.prod(sizes[axis] for axis in array.axes)


@dataclass(frozen=True)
class Callee:
    """What a launch calls, and how it fills the parameters.

    Attributes:
        loops: the function.
        text: what it takes.
        sizes: of the axes.
        numbers: by their place in the Program.
        outputs: of the cluster.
        names: for each output the array that holds it; "" for one that is an input.
        count: how many inputs the cluster has.
    """

    loops: Generated
    text: Text
    sizes: Sequence[int]
    numbers: Sequence[Any]
    outputs: Sequence[Output]
    names: Sequence[str]
    count: int


def make_launch(
    callee: Callee, run: Launch, allocate: Callable[[Shape, Any], Any], plain: Launch
) -> Launch:
    """Return the launch.

    Args:
        callee: what to call.
        run: its loops, compiled.
        allocate: makes arrays.
        plain: computes the cluster by its operations.
    """
    text, sizes = callee.text, callee.sizes
    works = works_of(text, sizes)
    inputs = [f"x{i}" for i in range(callee.count)]
    given: dict[str, Any] = {"run": run, "allocate": allocate, "works": works}
    lines = []
    made: dict[str, Output] = {}
    for name, output in zip(callee.names, callee.outputs, strict=True):
        if name and name not in made:
            made[name] = output
            given |= {f"{name}_shape": output.shape, f"{name}_dtype": output.value.dtype}
            lines.append(f"{name} = allocate({name}_shape, {name}_dtype)")
    buffers = [array for array in text.arrays if array.is_buffer]
    kept = [array for array in text.arrays if not array.is_buffer]
    is_one_call = all(work.parts == 1 for work in works)
    for array in text.arrays if is_one_call else kept:
        shape = (array_size(array, sizes, works),)
        given |= {f"{array.name}_shape": shape, f"{array.name}_dtype": array.dtype}
        lines.append(f"{array.name} = allocate({array.name}_shape, {array.name}_dtype)")
    arguments = [str(size) for size in sizes]
    arguments += [repr(callee.numbers[number]) for number in text.numbers]
    arguments += [*(f"x{i}.item()" for i in text.scalars), *(f"x{i}" for i in text.packed)]
    arguments += [*made, *(array.name for array in kept)]
    if is_one_call:
        call = f"run(-1, 0, 0, 0, {', '.join((*arguments, *(b.name for b in buffers)))})"
    else:
        given["in_parts"] = in_parts
        given["buffers"] = _buffer_maker(buffers, sizes, allocate)
        call = f"in_parts(run, works, buffers, ({', '.join(arguments)},))"
    results = []
    for position, (name, output) in enumerate(zip(callee.names, callee.outputs, strict=True)):
        word, reshaped = name or f"x{output.input}", f".reshape(shape{position})"
        is_whole = bool(name) and made[name].shape == output.shape
        given[f"shape{position}"] = output.shape
        results.append(word if is_whole else word + reshaped)
    body = [
        *lines,
        f"status = {call}",
        "if status:",
        f"    return otherwise(status, {', '.join(inputs)})",
        f"return {', '.join(results)}",
    ]
    source = f"def launch({', '.join(inputs)}):\n    " + "\n    ".join(body) + "\n"

    def otherwise(status: int, *arrays: Any) -> Any:
        if status != NOT_PACKED:
            return plain(*arrays)
        return launch(*[np.ascontiguousarray(x) if x.ndim else x for x in arrays])

    given["otherwise"] = otherwise
    exec(code_of(source), given)  # noqa: S102 written above
    launch: Launch = given["launch"]
    return launch


@cache
def code_of(source: str) -> Any:
    """Return the byte code of a launch or the like."""
    return compile(source, "<launch>", "exec")


def _buffer_maker(
    buffers: Sequence[Array], sizes: Sequence[int], allocate: Callable[[Shape, Any], Any]
) -> Callable[[], list[Any]]:
    shapes = [((array_size(each, sizes, ()),), each.dtype) for each in buffers]
    return lambda: [allocate(shape, dtype) for shape, dtype in shapes]


def in_parts(
    run: Launch, works: Sequence[Work], buffers: Callable[[], list[Any]], args: tuple[Any, ...]
) -> int:
    """Run the stages one after another, the parts of each on as many threads as are free.

    Args:
        run: the compiled function.
        works: the stages.
        buffers: makes the arrays that each part has of its own.
        args: all other arguments but the first four.

    Returns:
        0, or why the results are of no use.
    """
    for work in works:
        if work.ends or work.parts == 1:
            last = work.parts if work.ends else work.items
            status = run(work.stage, 0, 0, last, *args, *buffers())
        else:
            status = _run_parts(run, work, buffers, args)
        if status:
            return int(status)
    return 0


def _run_parts(
    run: Launch, work: Work, buffers: Callable[[], list[Any]], args: tuple[Any, ...]
) -> int:
    found: list[int] = []

    def run_part(part: int) -> None:
        first = part * work.size
        last = min(first + work.size, work.items)
        found.append(run(work.stage, part, first, last, *args, *buffers()))

    threads.run_parts(run_part, work.parts)
    return max(found)
