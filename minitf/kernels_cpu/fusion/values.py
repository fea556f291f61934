"""What a cluster computes: values, each a number for every index of its dimensions.

A *dimension* is a size that several arrays share, whatever place it has in each of them.  Sizes of
1 are no dimensions: an array of shape [5, 1, 3] has two.  An operation between arrays of shapes
[N, C] and [C] finds that the last dimension of one is that of the other, and says so (`unify`).

**State** of a Program: `values`, each after its operands and equal ones only once; `sizes` and
`same`, per dimension its size and the dimension that it was found to be.

A *View* is a value with the place of each dimension in a tensor: reshaping [N] to [N, 1] gives
another view of the same value.  A *Window* is a part of an array; what an elementwise value has
there follows from the parts of its operands, and is computed for itself.

    x: load 0, {n, c};  b: load 1, {d}             shapes [5, 3] and [3]
    map add (x, b), {n, c, d}                       unify(c, d)
    reduce sum (add) over {c}, {n}                  view (n,) or (n, None)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

DType = np.dtype[Any]
Layout = tuple[int | None, ...]  # the dimension in each place of a shape; None for a size of 1
Cuts = Mapping[int, tuple[int, int | None]]
BOOL = np.dtype(np.bool_)


class NotFusedError(Exception):
    """The arrays at hand have a form that is not compiled; the operations run one by one."""


def row_major(shape: Sequence[int]) -> tuple[int, ...]:
    """Return how far elements of an array are apart along each of its axes, in elements."""
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


@dataclass(eq=False, slots=True)
class Value:
    """A number for every index of some dimensions.

    Attributes:
        kind: "load" (an input), "number" (known by shapes), "literal", "index" (of a dimension),
            "map" (a primitive of operands of the same index), "reduce" (over dimensions), "pick"
            (the operand at a position along one), "join" (operands one after another) or "part" (of
            the array that holds the operand).
        what: the input's position; the number's; the literal; the dimension; the primitive's name;
            "sum", "prod", "max", "min", "all" or "any"; the dimension; the dimension; None.
        dtype: of its elements.
        dims: its dimensions.
        operands: the values that it is made of.
    """

    kind: str
    what: Any
    dtype: DType
    dims: frozenset[int]
    operands: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A value and the places of its dimensions; it is the same along a dimension it lacks."""

    value: Value
    layout: Layout


@dataclass(frozen=True, slots=True)
class Window:
    """Where a part of an array lies.

    Attributes:
        offset: the place of its first element.
        strides: how far elements are apart along each place of the layout.
    """

    offset: int
    strides: tuple[int, ...]


@dataclass(eq=False)
class Program:
    """Values under construction; the module's docstring tells its state.

    Attributes:
        numbers: that depend on shapes, by their place.
        layouts: of loads and joins: they lie in memory like this.
        windows: of loads that read a part of an array.
        parts: of joins, for each operand its layout and where it goes.
    """

    values: list[Value] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    same: list[int] = field(default_factory=list)
    numbers: list[Any] = field(default_factory=list)
    layouts: dict[Value, Layout] = field(default_factory=dict)
    windows: dict[Value, Window] = field(default_factory=dict)
    parts: dict[Value, list[tuple[Layout, Window]]] = field(default_factory=dict)
    _known: dict[Any, Value] = field(default_factory=dict)

    # --- dimensions ------------------------------------------------------------------------------

    def dims_of(self, shape: Sequence[int]) -> Layout:
        """Return new dimensions for a shape."""
        return tuple(None if size == 1 else self._new_dim(size) for size in shape)

    def _new_dim(self, size: int) -> int:
        self.sizes.append(size)
        self.same.append(len(self.same))
        return len(self.same) - 1

    def find(self, dim: int) -> int:
        """Return the dimension that stands for all that were found to be the same."""
        while self.same[dim] != dim:
            self.same[dim] = self.same[self.same[dim]]
            dim = self.same[dim]
        return dim

    def unify(self, one: int, other: int) -> int:
        """Say that two dimensions are the same, and return the one that stands for both.

        Raises:
            NotFusedError: if their sizes differ.
        """
        one, other = self.find(one), self.find(other)
        if self.sizes[one] != self.sizes[other]:
            raise NotFusedError(f"sizes differ: {self.sizes[one]} and {self.sizes[other]}")
        self.same[max(one, other)] = min(one, other)
        return min(one, other)

    def joined(self, layouts: Iterable[Layout]) -> Layout:
        """Return the layout to which layouts broadcast, last places together.

        Raises:
            NotFusedError: if they do not.
        """
        layouts = list(layouts)
        rank = max(map(len, layouts))
        found: list[int | None] = [None] * rank
        for layout in layouts:
            for place, dim in enumerate(layout, rank - len(layout)):
                if dim is not None:
                    have = found[place]
                    found[place] = self.find(dim) if have is None else self.unify(have, dim)
        return tuple(found)

    def shape_of(self, layout: Layout) -> tuple[int, ...]:
        """Return the sizes of a layout."""
        return tuple(1 if dim is None else self.sizes[dim] for dim in layout)

    # --- values ----------------------------------------------------------------------------------

    def load(self, position: int, dtype: DType, shape: Sequence[int]) -> View:
        """Return an input."""
        layout = self.dims_of(shape)
        value = self._add("load", position, dtype, (dim for dim in layout if dim is not None))
        self.layouts[value] = layout
        return View(value, layout)

    def literal(self, number: Any, dtype: DType) -> Value:
        """Return a constant.

        Raises:
            NotFusedError: if the type has no such number.
        """
        try:
            with np.errstate(all="ignore"):
                typed = dtype.type(number)
        except OverflowError:
            raise NotFusedError(f"{number} is no {dtype}") from None
        if dtype.kind != "f" and typed != number:
            raise NotFusedError(f"{number} is no {dtype}")
        return self._add("literal", typed.item(), dtype)

    def number(self, number: Any, dtype: DType) -> Value:
        """Return a number that depends on shapes: equal source serves several of them."""
        self.numbers.append(dtype.type(number).item())
        return self._add("number", len(self.numbers) - 1, dtype)

    def index(self, dim: int) -> Value:
        """Return the index along a dimension."""
        return self._add("index", dim, np.dtype(np.int64), [dim])

    def map(self, primitive: str, dtype: DType, *operands: Value) -> Value:
        """Return a primitive of values at the same index."""
        dims = frozenset[int]().union(*(operand.dims for operand in operands))
        return self._add("map", primitive, dtype, dims, operands)

    def cast(self, value: Value, dtype: DType) -> Value:
        """Return a value as another type."""
        return value if value.dtype == dtype else self.map("cast", dtype, value)

    def spread(self, value: Value, dims: Iterable[int]) -> Value:
        """Return a value that has some dimensions, along which it may be the same."""
        missing = {self.find(dim) for dim in dims} - {self.find(dim) for dim in value.dims}
        if not missing:
            return value
        return self._add("map", "spread", value.dtype, value.dims | missing, (value,))

    def stored(self, value: Value, dims: Iterable[int]) -> Value:
        """Return a value as an array of some dimensions is made of it."""
        whole = self.spread(value, dims)
        return whole if whole.kind in ("map", "reduce", "pick", "join") else self._copied(whole)

    def _copied(self, value: Value) -> Value:
        return self._add("map", "spread", value.dtype, value.dims, (value,))

    def reduce(self, how: str, value: Value, dims: Iterable[int]) -> Value:
        """Return the sum, greatest, ... of a value over dimensions."""
        over = {self.find(dim) for dim in dims}
        if not over:
            return value
        value = self.spread(value, over)
        kept = {self.find(dim) for dim in value.dims} - over
        return self._add("reduce", how, value.dtype, kept, (value,))

    def pick(self, value: Value, dim: int, position: Value) -> Value:
        """Return a value at a position along a dimension; positions must be in range."""
        value = self.spread(value, [dim])
        kept = {self.find(each) for each in value.dims} - {self.find(dim)}
        return self._add("pick", self.find(dim), value.dtype, kept, (value, position))

    # --- parts of arrays -------------------------------------------------------------------------

    def narrowed(self, value: Value, cuts: Cuts) -> Value:
        """Return a value within a part of some dimensions.

        Args:
            value: what to narrow.
            cuts: dimension -> first index, and the dimension of the part (None for one index).
        """
        if not any(self.find(dim) in cuts for dim in value.dims):
            return value
        match value.kind:
            case "load":
                return self._window(value, cuts)
            case "index":
                first, dim = cuts[self.find(value.what)]
                start = self.number(first, value.dtype)
                return (
                    start if dim is None else self.map("add", value.dtype, self.index(dim), start)
                )
            case "map" if value.what != "spread":
                operands = [self.narrowed(operand, cuts) for operand in value.operands]
                return self.map(value.what, value.dtype, *operands)
            case "reduce":
                (operand,) = value.operands
                over = {self.find(d) for d in operand.dims} - {self.find(d) for d in value.dims}
                return self.reduce(value.what, self.narrowed(operand, cuts), over)
            case "join":
                return self._window(value, cuts)
        whole = self.stored(value, value.dims)
        self.layouts.setdefault(whole, tuple(sorted(map(self.find, value.dims))))
        return self._window(whole, cuts)

    def _window(self, value: Value, cuts: Cuts) -> Value:
        layout = self.layouts[value]
        whole = self.windows.get(value) or Window(0, row_major(self.shape_of(layout)))
        offset, places = whole.offset, list(layout)
        for place, dim in enumerate(layout):
            cut = None if dim is None else cuts.get(self.find(dim))
            if cut is not None:
                offset += cut[0] * whole.strides[place]
                places[place] = cut[1]
        window = Window(offset, whole.strides)
        dims = [dim for dim in places if dim is not None]
        if value.kind == "load":
            part = self._add("load", value.what, value.dtype, dims, key=window)
        else:
            part = self._add("part", None, value.dtype, dims, (value,), key=window)
        self.layouts[part], self.windows[part] = tuple(places), window
        return part

    def join(self, views: Sequence[View], place: int) -> View:
        """Return views one after another along one place of their layouts."""
        rest = self.joined([(*v.layout[:place], None, *v.layout[place + 1 :]) for v in views])
        lengths = [self.shape_of(view.layout)[place] for view in views]
        (dim,) = self.dims_of([sum(lengths)])
        layout = (*rest[:place], dim, *rest[place + 1 :])
        strides = row_major(self.shape_of(layout))
        pieces, parts, first = [], [], 0
        for view, length in zip(views, lengths, strict=True):
            own = (*rest[:place], view.layout[place], *rest[place + 1 :])
            piece = self.spread(view.value, [d for d in own if d is not None])
            pieces.append(piece if piece.kind == "map" else self._copied(piece))
            parts.append((own, Window(first * strides[place], strides)))
            first += length
        dims = [each for each in layout if each is not None]
        value = self._add("join", dim, views[0].value.dtype, dims, tuple(pieces))
        self.layouts[value], self.parts[value] = layout, parts
        return View(value, layout)

    def _add(
        self,
        kind: str,
        what: Any,
        dtype: DType,
        dims: Iterable[int] = (),
        operands: tuple[Value, ...] = (),
        key: Any = None,
    ) -> Value:
        over = frozenset(dims)
        key = (kind, repr(what), dtype, over, tuple(map(id, operands)), key)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Value(kind, what, dtype, over, operands)
            self.values.append(found)
        return found
