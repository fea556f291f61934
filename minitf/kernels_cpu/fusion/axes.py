"""Dimensions become axes: numbered in the order in which they lie in memory, and as few as can be.

Two neighbours that every value has both of, or neither, are one axis: [N, H, W, C] and [C] are
[M, C] and [C], and arrays of one shape are vectors.

    values x {n, h, w, c}, bias {c}        axes 0 = (n, h, w), 1 = c

In a part of an array neighbours may not follow on each other; then they stay apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from minitf.kernels_cpu.fusion.values import Layout, NotFusedError, Program, Value, Window

Axes = tuple[int, ...]  # ascending
_IN_MEMORY = frozenset(("load", "join", "part"))


@dataclass(frozen=True)
class Access:
    """Where the elements of a part of an array are: a sum of products, by places of numbers.

    Attributes:
        offset: the number to begin with.
        strides: per axis the number by which its index is multiplied; None for 1.
    """

    offset: int
    strides: dict[int, int | None]


@dataclass(frozen=True)
class Axial:
    """A Program by axes.

    Attributes:
        values: those that are needed, each after its operands.
        axes: of each value.
        sizes: of each axis.
        accesses: of values that are a part of an array.
        parts: of joins: where each operand goes.
    """

    values: list[Value]
    axes: dict[Value, Axes]
    sizes: list[int]
    accesses: dict[Value, Access]
    parts: dict[Value, list[Access]]


def in_axes(program: Program, outputs: Sequence[tuple[Value, Layout]]) -> Axial:
    """Return a Program by axes.

    Args:
        program: complete.
        outputs: what is wanted of it, with layouts: arrays in memory as loads are.

    Raises:
        NotFusedError: if the arrays order their dimensions differently.
    """
    values = _needed(program, [value for value, _ in outputs])
    find = program.find
    dims = {value: frozenset(map(find, value.dims)) for value in values}
    layouts = [program.layouts[value] for value in values if value.kind in _IN_MEMORY]
    layouts += [layout for _, layout in outputs]
    pieces = {value: program.parts[value] for value in values if value.kind == "join"}
    windows = [(program.layouts[v], program.windows[v]) for v in values if v in program.windows]
    windows += [part for parts in pieces.values() for part in parts]
    orders = [_resolved(layout, program) for layout in (*layouts, *(each for each, _ in windows))]
    order = _merged_order(orders, set().union(*dims.values(), *orders))
    wholes = [*dims.values(), *map(frozenset, orders)]
    groups = _grouped(order, wholes, _gaps(windows, program))
    axis_of = {dim: axis for axis, group in enumerate(groups) for dim in group}
    axes = {value: tuple(sorted({axis_of[dim] for dim in found})) for value, found in dims.items()}

    def access(layout: Layout, window: Window) -> Access:
        """Return where a window is; an axis has the stride of its last dimension."""
        strides: dict[int, int | None] = {}
        for dim, stride in zip(layout, window.strides, strict=True):
            if dim is not None:
                number = None if stride == 1 else _number(program, stride)
                strides[axis_of[find(dim)]] = number
        return Access(_number(program, window.offset), strides)

    return Axial(
        values,
        axes,
        [math.prod(program.sizes[dim] for dim in group) for group in groups],
        {v: access(program.layouts[v], program.windows[v]) for v in values if v in program.windows},
        {value: [access(*part) for part in parts] for value, parts in pieces.items()},
    )


def _number(program: Program, number: int) -> int:
    """Enter a number; return its place."""
    program.numbers.append(number)
    return len(program.numbers) - 1


def _gaps(windows: Iterable[tuple[Layout, Window]], program: Program) -> set[tuple[int, int]]:
    """Return the neighbours in windows of which the second does not fill a step of the first."""
    found = set()
    for layout, window in windows:
        there = [
            (program.find(d), s)
            for d, s in zip(layout, window.strides, strict=True)
            if d is not None
        ]
        for (one, wide), (other, narrow) in pairwise(there):
            if wide != narrow * program.sizes[other]:
                found.add((one, other))
    return found


def _needed(program: Program, wanted: Iterable[Value]) -> list[Value]:
    found: set[Value] = set()
    stack = list(wanted)
    while stack:
        value = stack.pop()
        if value not in found:
            found.add(value)
            stack += value.operands
    return [value for value in program.values if value in found]


def _resolved(layout: Layout, program: Program) -> list[int]:
    found = [program.find(dim) for dim in layout if dim is not None]
    if len(set(found)) < len(found):
        raise NotFusedError("an array has one dimension twice")
    return found


def _merged_order(orders: list[list[int]], dims: set[int]) -> list[int]:
    """Return all dimensions in an order that agrees with every array's."""
    before: dict[int, set[int]] = {dim: set() for dim in dims}
    for order in orders:
        for place, dim in enumerate(order):
            before[dim].update(order[:place])
    made: list[int] = []
    left = sorted(dims)
    while left:
        chosen = next((dim for dim in left if before[dim].issubset(made)), None)
        if chosen is None:
            raise NotFusedError("arrays order their dimensions differently")
        made.append(chosen)
        left.remove(chosen)
    return made


def _grouped(
    order: list[int], wholes: list[frozenset[int]], gaps: set[tuple[int, int]]
) -> list[list[int]]:
    """Put neighbours together that always occur together, without gaps."""
    groups: list[list[int]] = []
    for dim in order:
        last = groups[-1][-1] if groups else None
        together = last is not None and (last, dim) not in gaps
        if together and all((last in whole) == (dim in whole) for whole in wholes):
            groups[-1].append(dim)
        else:
            groups.append([dim])
    return groups
