"""One nest as text: its loops, what they load, compute, add up and store.

Lines are collected at three levels: above all loops, per row, per column.  A value is loaded at the
level at which its index is known, when it is first needed there.

**State** of a NestText: the lines of the levels; `scopes`, per level the names of values; whether
the row's and the column's loops are open is told by the caller's order: a row's passes one by one.
"""

from __future__ import annotations

from minitf.kernels_cpu.fusion.axes import Access, Axes, Axial
from minitf.kernels_cpu.fusion.schedule import Nest, Pass, Store
from minitf.kernels_cpu.fusion.values import Value
from minitf.kernels_cpu.fusion.words import BLOCK, Reducer, Writer

INDENT = "    "
_TOP, _ROW, _COLUMN = 0, 1, 2
_LIMITS = ("begin", "end")


class NestText:
    """The text of one nest.

    Args:
        writer: of the function.
        nest: what to write.
        axial: the Program by axes.
        arrays: total -> array in which the parts add it up.
        blocks: total -> array in which one part adds up a block of rows.
    """

    def __init__(
        self,
        writer: Writer,
        nest: Nest,
        axial: Axial,
        arrays: dict[Value, str],
        blocks: dict[Value, str],
    ) -> None:
        self._writer = writer
        self._nest = nest
        self._axes = axial.axes
        self._accesses = axial.accesses
        self._arrays = arrays
        self._blocks = blocks
        self._lines: tuple[list[str], list[str], list[str]] = ([], [], [])
        self._scopes: tuple[dict[object, str], ...] = ({}, {}, {})
        self._pass: Pass | None = None

    def lines(self) -> list[str]:
        """Return the nest's lines, for the items from `begin` to `end`."""
        nest = self._nest
        for total in nest.totals:
            if self._in_array(total):
                self._clear(total)
        for value in nest.top:
            self._assign(value, _TOP)
        for each in nest.passes:
            self._write_pass(each)
        top, row, _ = self._lines
        for axis in reversed(nest.row[1:]):
            row = self._loop(axis, row, is_outermost=False)
        if nest.row:
            row = self._rows(row)
        return top + row

    def _rows(self, row: list[str]) -> list[str]:
        """Return the loop over the outermost axis, in blocks if totals are."""
        axis = self._nest.row[0]
        if not self._blocks:
            return self._loop(axis, row, is_outermost=True)
        limits = f"block, min(block + {BLOCK}, end)"
        lines = [f"for {self._writer.counter(axis)} in range({limits}):", *indented(row)]
        for total, block in self._blocks.items():
            size = self._writer.size(self._axes[total])
            held = f"{self._arrays[total]}[part * ({size}) + i]"
            reducer = self._reducer(total)
            lines += [
                f"for i in range({size}):",
                f"{INDENT}{held} = {reducer.block_end(held, f'{block}[i]')}",
                f"{INDENT}{block}[i] = {reducer.loop_start}",
            ]
        return [f"for block in range(begin, end, {BLOCK}):", *indented(lines)]

    def _loop(self, axis: int, body: list[str], *, is_outermost: bool) -> list[str]:
        writer = self._writer
        limits = "begin, end" if is_outermost else writer.sizes[axis]
        return [f"for {writer.counter(axis)} in range({limits}):", *indented(body)]

    # --- passes ----------------------------------------------------------------------------------

    def _write_pass(self, each: Pass) -> None:
        _, row, column = self._lines
        self._pass = each
        for value in each.row:
            self._assign(value, _ROW)
        for value, array, access in each.row_stores:
            place = self._index(value, access)
            row.append(f"{array}[{place}] = {self._name(value, _ROW)}")
        for total in each.row_totals:
            self._add_to_array(total, self._name(total.operands[0], _ROW), row)
        local = [total for total in self._reduced(each) if self._is_local(total)]
        names = {total: self._writer.fresh(total.what) for total in local}
        for value in each.column:
            self._assign(value, _COLUMN)
        # All reads come before the writes: an output may hold something else until then.
        operands = {total: self._name(total.operands[0], _COLUMN) for total in self._reduced(each)}
        stores = [(self._place(store), self._name(store[0], _COLUMN)) for store in each.stores]
        column += [f"{place} = {name}" for place, name in stores]
        for total, operand in operands.items():
            if total in names:
                name = names[total]
                column.append(f"{name} = {self._reducer(total).looped(name, operand)}")
            else:
                self._add_to_array(total, operand, column)
        ended = self._close_columns(names)
        for total, name in ended.items():
            self._end(total, name, each)

    @staticmethod
    def _reduced(each: Pass) -> list[Value]:
        return [*each.sums, *each.totals]

    def _place(self, store: Store) -> str:
        """Return where a value of the column goes."""
        value, array, access = store
        in_buffer = array in self._nest.buffers
        return f"{array}[{self._buffer_index() if in_buffer else self._index(value, access)}]"

    def _close_columns(self, names: dict[Value, str]) -> dict[Value, str]:
        """Put the loop over columns around its lines, as part of the row.

        Args:
            names: the variables in which reductions run.

        Returns:
            The variables that hold them afterwards.
        """
        _, row, column = self._lines
        space = self._nest.space
        blocked = {t: name for t, name in names.items() if self._reducer(t).is_blocked}
        for total, name in names.items():
            if total not in blocked:
                row.append(f"{name} = {self._reducer(total).loop_start}")
        if blocked:
            column[:], names = self._in_blocks(column, blocked, names)
        if column and space and not blocked:
            column[:] = self._loop(space[-1], column, is_outermost=not self._nest.row)
        row += column
        column.clear()
        self._scopes[_COLUMN].clear()
        return names

    def _in_blocks(
        self, column: list[str], blocked: dict[Value, str], names: dict[Value, str]
    ) -> tuple[list[str], dict[Value, str]]:
        """Return the loop over columns in blocks, and where the reductions are after it."""
        row, writer = self._lines[_ROW], self._writer
        first, last = ("0", writer.sizes[self._nest.space[-1]]) if self._nest.row else _LIMITS
        counter = writer.counter(self._nest.space[-1])
        inner = [f"for {counter} in range(start, min(start + {BLOCK}, {last})):"]
        before, after, ended = [], [], dict(names)
        for total, name in blocked.items():
            reducer = self._reducer(total)
            ended[total] = writer.fresh("wide")
            row.append(f"{ended[total]} = {reducer.start}")
            before.append(f"{name} = {reducer.loop_start}")
            after.append(f"{ended[total]} = {reducer.block_end(ended[total], name)}")
        lines = [*before, *inner, *indented(column), *after]
        return [f"for start in range({first}, {last}, {BLOCK}):", *indented(lines)], ended

    def _end(self, total: Value, name: str, each: Pass) -> None:
        """Take a reduction from its variable: to the row's level, or to the array of totals."""
        row, reducer = self._lines[_ROW], self._reducer(total)
        ended = reducer.loop_end(name)
        if total in each.sums:
            result = self._writer.fresh(total.what)
            row.append(f"{result} = {reducer.result(ended)}")
            self._scopes[_ROW][total] = result
        elif self._nest.row:
            wide = self._writer.fresh(total.what)
            row.append(f"{wide} = {ended}")
            place = self._total_index(total)
            held = f"{self._arrays[total]}[{place}]"
            row.append(f"{held} = {reducer.merged(held, wide)}")
        else:
            row.append(f"{self._arrays[total]}[part] = {ended}")

    # --- totals ----------------------------------------------------------------------------------

    def _reducer(self, total: Value) -> Reducer:
        return Reducer(self._writer, total.what, total.operands[0].dtype)

    def _is_local(self, reduction: Value) -> bool:
        """Tell whether a reduction of columns runs in a variable: its result has no column."""
        space = self._nest.space
        return space[-1] not in self._axes[reduction]

    def _in_array(self, total: Value) -> bool:
        """Tell whether a part begins by clearing its place in the array of totals."""
        return bool(self._nest.row) or not self._is_local(total)

    def _clear(self, total: Value) -> None:
        size = self._writer.size(self._axes[total])
        array = self._arrays[total]
        start = self._reducer(total).start
        if size == "1":
            self._lines[_TOP].append(f"{array}[part] = {start}")
        else:
            self._lines[_TOP].append(f"for i in range({size}):")
            self._lines[_TOP].append(f"{INDENT}{array}[part * ({size}) + i] = {start}")
            if total in self._blocks:
                start = self._reducer(total).loop_start
                self._lines[_TOP].append(f"{INDENT}{self._blocks[total]}[i] = {start}")

    def _add_to_array(self, total: Value, operand: str, lines: list[str]) -> None:
        block = self._blocks.get(total)
        if block is not None:
            held = f"{block}[{self._writer.index(self._axes[total])}]"
            lines.append(f"{held} = {held} + {operand}")
            return
        held = f"{self._arrays[total]}[{self._total_index(total)}]"
        lines.append(f"{held} = {self._reducer(total).combined(held, operand)}")

    def _total_index(self, total: Value) -> str:
        axes = self._axes[total]
        if not axes:
            return "part"
        return f"part * ({self._writer.size(axes)}) + {self._writer.index(axes)}"

    # --- values ----------------------------------------------------------------------------------

    def _level(self, value: Value) -> int:
        axes, space = self._axes[value], self._nest.space
        if not space or space[-1] in axes:
            return _COLUMN
        return _ROW if axes else _TOP

    def _assign(self, value: Value, level: int) -> None:
        """Write the line that computes a value."""
        if value.kind == "pick":
            self._scopes[level][value] = self._picked(value)
            return
        operands = [self._name(operand, level) for operand in value.operands]
        if value.what == "spread":
            self._scopes[level][value] = operands[0]
            return
        name = self._writer.fresh(value.what)
        self._lines[level].append(f"{name} = {self._writer.expression(value, operands)}")
        self._scopes[level][value] = name

    def _name(self, value: Value, level: int) -> str:
        """Return what stands for a value in a line of some level, loaded if need be."""
        for scope in self._scopes[: level + 1]:
            if value in scope:
                return scope[value]
        if value.kind == "literal":
            return self._writer.literal(value.what, value.dtype)
        if value.kind == "index":
            return self._writer.counter(self._axes[value][0])
        if value.kind == "number":
            return self._writer.number(value.what, value.dtype)
        if value.kind == "load" and not self._axes[value] and value not in self._accesses:
            return f"x{value.what}"
        own = min(self._level(value), level)
        element = self._element(value, own)
        name = self._writer.fresh(element.partition("[")[0])
        self._lines[own].append(f"{name} = {element}")
        self._scopes[own][value] = name
        return name

    def _element(self, value: Value, level: int) -> str:
        """Return a value's element in its array."""
        assert self._pass is not None or level == _TOP
        array = self._pass.reads.get(value) if self._pass and level == _COLUMN else None
        if array is not None and array in self._nest.buffers:
            return f"{array}[{self._buffer_index()}]"
        access = self._accesses.get(value)
        return f"{array or self._array(value)}[{self._index(value, access)}]"

    def _array(self, value: Value) -> str:
        if value.kind == "load":
            return f"x{value.what}"
        return self._nest.reads[value]

    def _buffer_index(self) -> str:
        return self._writer.counter(self._nest.space[-1])

    def _index(self, value: Value, access: Access | None = None) -> str:
        """Return an element's place; what the row decides of it is computed once per row."""
        axes, space = self._axes[value], self._nest.space
        if access is not None:
            return self._index_in_part(axes, access)
        if not space or not axes:
            return "0"
        if axes[-1] != space[-1] or len(axes) == 1:
            return self._writer.index(axes)
        base = self._scopes[_ROW].get(axes)
        if base is None:
            base = self._scopes[_ROW][axes] = self._writer.fresh("row")
            inner = self._writer.index(axes[:-1])
            inner = f"({inner})" if " " in inner else inner
            self._lines[_ROW].append(f"{base} = {inner} * {self._writer.sizes[axes[-1]]}")
        return f"{base} + {self._writer.counter(axes[-1])}"

    def _index_in_part(self, axes: Axes, access: Access) -> str:
        """Return an element's place in the array of which its array is a part."""
        writer = self._writer
        column = self._nest.space[-1:]
        terms = [writer.integer(access.offset)]
        for axis in axes:
            stride = access.strides[axis]
            term = writer.counter(axis)
            term = term if stride is None else f"{term} * {writer.integer(stride)}"
            if (axis,) == column:
                at_column = term
            else:
                terms.append(term)
        if not axes or axes[-1:] != column:
            return " + ".join(terms)
        if len(terms) == 1:
            return f"{terms[0]} + {at_column}"
        key = (access.offset, axes)
        base = self._scopes[_ROW].get(key)
        if base is None:
            base = self._scopes[_ROW][key] = writer.fresh("row")
            self._lines[_ROW].append(f"{base} = {' + '.join(terms)}")
        return f"{base} + {at_column}"

    # --- picks -----------------------------------------------------------------------------------

    def _picked(self, value: Value) -> str:
        """Write what computes one column's value, at a position that must be in range."""
        operand, position = value.operands
        at = self._name(position, _ROW)
        size = self._writer.sizes[self._nest.space[-1]]
        bad = [f"if {at} < 0 or {at} >= {size}:", f"{INDENT}return {OUT_OF_RANGE}"]
        self._lines[_ROW].extend(bad)
        return self._at(operand, at, {})

    def _at(self, value: Value, position: str, known: dict[Value, str]) -> str:
        """Return the name of a value at a position of the column."""
        if value in known:
            return known[value]
        if self._level(value) != _COLUMN or value.kind == "literal":
            return self._name(value, _ROW)
        if value.kind == "index":
            return position
        name = self._writer.fresh("picked")
        if value.kind == "load" or value in self._nest.reads:
            access = self._accesses.get(value)
            place = self._index(value, access).rpartition(
                self._writer.counter(self._nest.space[-1])
            )[0]
            self._lines[_ROW].append(f"{name} = {self._array(value)}[{place}{position}]")
        else:
            operands = [self._at(operand, position, known) for operand in value.operands]
            text = self._writer.expression(value, operands)
            self._lines[_ROW].append(f"{name} = {text}")
        known[value] = name
        return name


OUT_OF_RANGE = 2


def indented(lines: list[str]) -> list[str]:
    """Return lines one level further in."""
    return [INDENT + line for line in lines]
