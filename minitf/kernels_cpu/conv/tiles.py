"""Tiles of convolutions: blocks of sums that stay in registers while all their terms are added.

`correlate_tile` makes the outputs of 6 windows and some channels.  A window's cells need not lie
side by side: they are found from where the window begins, in T *runs* of numbers side by side,

    out[places[i] + k] = sum over t, j of x[rows[i] + taps[t] + j] * panel[t * run + j, k]

so no window is ever laid out as a row of a matrix.  `pair_tile` makes 6 numbers of each of some
channels of a filter's gradient, from a row of windows:

    out[m, k] += sum over i of x[rows[i] + cells[m]] * grads[i, k]

The channels k of a tile are a *panel*: as many vectors as registers allow, whose numbers lie side
by side for each term.  6 rows times 4 vectors are 24 sums under way, which hide how long a
multiply-add takes and leave registers for a panel's vectors and a spread number.

**Invariant**: an element is one sum, from the first term to the last, whatever tile it is in.

`plain` of each is the same in NumPy; it runs where Numba is disabled.

Source: K. Goto and R. van de Geijn, Anatomy of High-Performance Matrix Multiplication (2008), for
blocks of sums in registers.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np

from minitf.kernels_cpu.instructions import Instructions
from minitf.kernels_cpu.jit import Callee, loops

Array = np.ndarray[Any, Any]

ROWS = 6


class Panel(NamedTuple):
    """The channels of a tile.

    Attributes:
        lanes: numbers in a vector.
        most: vectors, at most.
    """

    lanes: int
    most: int

    @property
    def width(self) -> int:
        """How many channels there are at most."""
        return self.lanes * self.most

    def vectors(self, channels: int) -> int:
        """Return how many vectors hold so many channels, up to `width`."""
        return -(-min(channels, self.width) // self.lanes)


@cache
def panel_of(dtype: np.dtype[Any]) -> Panel:
    """Return what fits the registers of this processor."""
    from numba.core.registry import cpu_target

    triple, _, features = cpu_target.target_context.codegen().magic_tuple()
    known = features.split(",")
    if "+avx512f" in known:
        vector_bytes, vectors = 64, 4  # 32 registers
    elif "+avx" in known:
        vector_bytes, vectors = 32, 2  # 16
    else:
        vector_bytes, vectors = 16, 4 if triple.startswith(("aarch64", "arm64")) else 2
    return Panel(vector_bytes // dtype.itemsize, vectors)


# --- what the tiles compute ----------------------------------------------------------------------


def plain_correlate_tile(
    vectors: int, x: Array, rows: Array, i: int, taps: Array, run: int, panels: Array, at: int,
    out: Array, places: Array, shift: int, width: int,
) -> None:  # fmt: skip
    """Make `width` channels of six windows.

    Args:
        vectors: of the panel.
        x: images, flat.
        rows: where each window begins in `x`; `i` is the first of the six.
        taps: where runs begin in a window; `run` is how long they are.
        panels: filters, flat; the panel begins at `at`.
        out: flat; window i's channels begin at places[i], the panel's `shift` behind that.
        width: channels.
    """
    lanes = panel_of(x.dtype).lanes * vectors
    panel = panels[at : at + taps.size * run * lanes].reshape(taps.size, run, lanes)
    for row, place in zip(rows[i : i + ROWS], places[i : i + ROWS] + shift, strict=True):
        total = np.zeros(lanes, x.dtype)
        for t, tap in enumerate(taps):
            for j in range(run):
                total += x[row + tap + j] * panel[t, j]
        out[place : place + width] = total[:width]


def plain_pair_tile(
    vectors: int, x: Array, rows: Array, first: int, last: int, cells: Array, m: int, grads: Array,
    width: int, shift: int, out: Array,
) -> None:  # fmt: skip
    """Add what windows first..last give to six rows of a filter's gradient.

    Args:
        vectors: of the panel.
        x: images, flat.
        rows: where each window begins in `x`.
        cells: where the numbers that a window sees are in it; `m` is the first of the six.
        grads: flat, `width` numbers for each window; the panel begins `shift` behind the first.
        out: flat, `width` numbers for each cell.
    """
    lanes = panel_of(x.dtype).lanes * vectors
    total = np.zeros((ROWS, lanes), x.dtype)
    for i in range(first, last):
        at = i * width + shift
        total += x[rows[i] + cells[m : m + ROWS], None] * grads[at : at + lanes]
    for r in range(ROWS):
        at = (m + r) * width + shift
        out[at : at + lanes] += total[r]


# --- the same as instructions --------------------------------------------------------------------


class _Writer(Instructions):
    """Writes the function of a tile of some vectors.

    Args:
        function: of the arguments of `plain` after the first.
        element: the type of an element.
        lanes: elements of a vector.
        vectors: of the panel.
    """

    def __init__(self, function: Any, element: Any, lanes: int, vectors: int) -> None:
        super().__init__(function, element)
        self.lanes, self.vectors = lanes, vectors
        self.tile = [(r, v) for r in range(ROWS) for v in range(vectors)]

    def sums(self) -> dict[Any, Any]:
        """Return a tile before the first term."""
        return dict.fromkeys(self.tile, self.ir.Constant(self.vector(self.lanes), None))

    def with_terms(self, sums: dict[Any, Any], factors: list[Any], row: Any) -> dict[Any, Any]:
        """Return the sums with one term more: a number for each row times the vectors at `row`."""
        vectors = [self.build.load(place, align=self.item_bytes) for place in self.columns(row)]
        found = {}
        for r, factor in enumerate(factors):
            spread = self.spread(factor, self.lanes)
            for v, vector in enumerate(vectors):
                found[r, v] = self.multiply_add(spread, vector, sums[r, v])
        return found

    def columns(self, row: Any) -> list[Any]:
        """Return where the vectors of a row are."""
        starts = [self.number(v * self.lanes) for v in range(self.vectors)]
        return [self.place(row, start, self.lanes) for start in starts]

    def at(self, array: Any, *places: Any) -> Any:
        """Return the address of an element; its place is the sum of some numbers."""
        for place in places:
            array = self.build.gep(array, [place])
        return array

    def number_at(self, array: Any, *places: Any) -> Any:
        """Return an element of an array."""
        return self.build.load(self.at(array, *places))


class _Correlate(_Writer):
    """Writes `correlate_tile`."""

    def write(self) -> None:
        build, number = self.build, self.number
        x, rows, i, taps, count, run, panels, at, out, places, shift, width = self.function.args
        begins = [self.at(x, self.number_at(rows, i, number(r))) for r in range(ROWS)]
        lanes = number(self.lanes * self.vectors)
        first = {"t": number(0), "panel": self.at(panels, at), **self.sums()}
        with self.loop(first) as (now, goes_on, then):
            goes_on(build.icmp_signed("<", now["t"], count))
            tap = self.number_at(taps, now["t"])
            cells = [self.at(begin, tap) for begin in begins]
            sums = {each: now[each] for each in self.tile}
            with self.loop({"j": number(0), **sums}) as (inner, inner_goes_on, inner_then):
                j = inner["j"]
                inner_goes_on(build.icmp_signed("<", j, run))
                row = self.at(now["panel"], build.mul(j, lanes))
                factors = [self.number_at(cell, j) for cell in cells]
                inner_then({"j": build.add(j, number(1)), **self.with_terms(inner, factors, row)})
            panel = self.at(now["panel"], build.mul(run, lanes))
            found: dict[Any, Any] = {each: inner[each] for each in self.tile}
            then({"t": build.add(now["t"], number(1)), "panel": panel} | found)
        rows_out = [self.at(out, self.number_at(places, i, number(r)), shift) for r in range(ROWS)]
        with build.if_else(build.icmp_signed("==", width, lanes)) as (full, part):
            with full:
                for r, row in enumerate(rows_out):
                    for v, place in enumerate(self.columns(row)):
                        build.store(now[r, v], place, align=self.item_bytes)
            with part:
                self._store_some(now, rows_out, width)
        build.ret_void()

    def _store_some(self, sums: dict[Any, Any], rows: list[Any], width: Any) -> None:
        ir, build = self.ir, self.build
        whole = ir.VectorType(ir.IntType(64), self.lanes)
        spread = ir.Constant(whole, ir.Undefined)
        spread = build.insert_element(spread, width, ir.Constant(ir.IntType(32), 0))
        everywhere = ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), [0] * self.lanes)
        spread = build.shuffle_vector(spread, spread, everywhere)
        kind = self.vector(self.lanes)
        name = f"llvm.masked.store.v{self.lanes}{self.element.intrinsic_name}.p0"
        mask = ir.VectorType(ir.IntType(1), self.lanes)
        store = self.function.module.globals.get(name) or ir.Function(
            self.function.module,
            ir.FunctionType(ir.VoidType(), [kind, kind.as_pointer(), ir.IntType(32), mask]),
            name,
        )
        align = ir.Constant(ir.IntType(32), self.item_bytes)
        for v in range(self.vectors):
            lanes = ir.Constant(whole, list(range(v * self.lanes, (v + 1) * self.lanes)))
            inside = build.icmp_signed("<", lanes, spread)
            for r, row in enumerate(rows):
                build.call(store, [sums[r, v], self.columns(row)[v], align, inside])


class _Pair(_Writer):
    """Writes `pair_tile`."""

    def write(self) -> None:
        build, number = self.build, self.number
        x, rows, begin, end, cells, m, grads, width, shift, out = self.function.args
        cell = [self.at(x, self.number_at(cells, m, number(r))) for r in range(ROWS)]
        panel = self.at(grads, shift)
        with self.loop({"i": begin, **self.sums()}) as (now, goes_on, then):
            i = now["i"]
            goes_on(build.icmp_signed("<", i, end))
            row = self.number_at(rows, i)
            factors = [self.number_at(each, row) for each in cell]
            terms = self.with_terms(now, factors, self.at(panel, build.mul(i, width)))
            then({"i": build.add(i, number(1)), **terms})
        for r in range(ROWS):
            line = self.at(out, build.mul(build.add(m, number(r)), width), shift)
            for v, place in enumerate(self.columns(line)):
                total = build.load(place, align=self.item_bytes)
                build.store(build.fadd(total, now[r, v]), place, align=self.item_bytes)
        build.ret_void()


class Tile(Callee):
    """What loops call: machine code, or `plain` where Numba is disabled.

    Args:
        plain: what it computes, in NumPy.
        writer: writes it as instructions.
    """

    def __init__(self, plain: Any, writer: type[_Writer]) -> None:
        self.plain = plain
        self.__name__ = plain.__name__.removeprefix("plain_")
        self.digest = f"{self.__name__} 1"
        self._writer: Any = writer

    def __call__(self, *args: Any) -> None:
        """Compute it in NumPy; loops call `inner`."""
        self.plain(*args)

    @cached_property
    def inner(self) -> Any:
        """What Numba sees in its place: an intrinsic."""
        from numba import config

        if config.DISABLE_JIT:  # type: ignore[attr-defined]
            return self.plain
        return _correlate_intrinsic(self) if self._writer is _Correlate else _pair_intrinsic(self)

    def call(self, context: Any, builder: Any, kinds: Any, values: Any, *, lists: int) -> None:
        """Append a call of the function for as many vectors as the first value says.

        Args:
            kinds: Numba's types of the values.
            values: `plain`'s arguments.
            lists: bits that say of which arrays the length is an argument, too.
        """
        from llvmlite import ir
        from numba.core import types

        element = context.get_data_type(kinds[1].dtype)
        panel = panel_of(np.dtype(str(kinds[1].dtype)))
        vectors, *rest = values
        given = []
        for position, (kind, value) in enumerate(zip(kinds[1:], rest, strict=True)):
            if not isinstance(kind, types.Array):
                given.append(value)
                continue
            array = context.make_array(kind)(context, builder, value)
            given.append(array.data)
            if lists >> position & 1:
                given.append(array.nitems)
        kind = ir.FunctionType(ir.VoidType(), [each.type for each in given])
        for count in range(1, panel.most + 1):
            name = f"{self.__name__}_{count}_{element.intrinsic_name}"
            function = builder.module.globals.get(name)
            if function is None:
                function = ir.Function(builder.module, kind, name)
                function.linkage = "internal"
                function.attributes.add("noinline")
                self._writer(function, element, panel.lanes, count).write()
            with builder.if_then(
                builder.icmp_signed("==", vectors, ir.Constant(vectors.type, count))
            ):
                builder.call(function, given)


def _correlate_intrinsic(tile: Tile) -> Any:
    from numba.core import types
    from numba.extending import intrinsic

    @intrinsic
    def correlate_tile(
        _, vectors, x, rows, i, taps, run, panels, at, out, places, shift, width
    ):  # fmt: skip
        def generate(context, builder, signature, values):
            tile.call(context, builder, signature.args, values, lists=1 << 3)
            return context.get_dummy_value()

        w = types.int64
        return types.none(w, x, rows, w, taps, w, panels, w, out, places, w, w), generate

    return correlate_tile


def _pair_intrinsic(tile: Tile) -> Any:
    from numba.core import types
    from numba.extending import intrinsic

    @intrinsic
    def pair_tile(_, vectors, x, rows, first, last, cells, m, grads, width, shift, out):
        def generate(context, builder, signature, values):
            tile.call(context, builder, signature.args, values, lists=0)
            return context.get_dummy_value()

        w = types.int64
        return types.none(w, x, rows, w, w, cells, w, grads, w, w, out), generate

    return pair_tile


correlate_tile = Tile(plain_correlate_tile, _Correlate)
pair_tile = Tile(plain_pair_tile, _Pair)


@loops
def block_loops(begin, end, x, rows, places, taps, run, panels, at, lanes, most, K, out):
    """Make the outputs begin..end; what is left of a tile is made with some before it once more."""
    for k in range(0, K, lanes * most):
        width = min(K - k, lanes * most)
        vectors = (width + lanes - 1) // lanes
        for i in range(begin, end, ROWS):
            first = max(0, min(i, end - ROWS))
            correlate_tile(vectors, x, rows, first, taps, run, panels, at, out, places, k, width)
        at += taps.size * run * vectors * lanes
