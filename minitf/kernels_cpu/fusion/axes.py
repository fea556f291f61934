"""Dimensions become axes: numbered in the order in which they lie in memory, and as few as can be.

Two neighbours that every value has both of, or neither, are one axis: [N, H, W, C] and [C] are
[M, C] and [C], and arrays of one shape are vectors.

    values x {n, h, w, c}, bias {c}        axes 0 = (n, h, w), 1 = c
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from minitf.kernels_cpu.fusion.values import Layout, NotFusedError, Program, Value

Axes = tuple[int, ...]  # ascending


@dataclass(frozen=True)
class Axial:
    """A Program by axes.

    Attributes:
        values: those that are needed, each after its operands.
        axes: of each value.
        sizes: of each axis.
        axis_of: dimension -> axis, of dimensions that stand for themselves.
    """

    values: list[Value]
    axes: dict[Value, Axes]
    sizes: list[int]
    axis_of: dict[int, int]


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
    layouts = [program.layouts[value] for value in values if value.kind == "load"]
    orders = [_resolved(layout, program) for layout in (*layouts, *(each for _, each in outputs))]
    order = _merged_order(orders, set().union(*dims.values(), *orders))
    wholes = [*dims.values(), *map(frozenset, orders)]
    groups = _grouped(order, wholes)
    axis_of = {dim: axis for axis, group in enumerate(groups) for dim in group}
    sizes = [math.prod(program.sizes[dim] for dim in group) for group in groups]
    axes = {value: tuple(sorted({axis_of[dim] for dim in found})) for value, found in dims.items()}
    return Axial(values, axes, sizes, axis_of)


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


def _grouped(order: list[int], wholes: list[frozenset[int]]) -> list[list[int]]:
    """Put neighbours together that always occur together."""
    groups: list[list[int]] = []
    for dim in order:
        last = groups[-1][-1] if groups else None
        if last is not None and all((last in whole) == (dim in whole) for whole in wholes):
            groups[-1].append(dim)
        else:
            groups.append([dim])
    return groups
