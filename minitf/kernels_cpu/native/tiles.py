"""Products of matrices from tiles: a block of the result is summed up in registers.

    for each column of tiles, for each row of tiles:
        tile = 0                                       # 4 rows of 3 vectors
        for q in range(K):
            tile[r, v] += a[i + r, q] * b[q, j + v]    # one number of `a`, a vector of `b`
        out[i.., j..] = tile

Numba keeps no small array in registers, so this is written as LLVM instructions.  A tile of 4 rows
and 3 vectors has 12 sums under way, which hide how long a multiply-add takes; what is left at the
edges is done by smaller tiles.  Columns that do not fill a vector are done with some of their
neighbours, once more.  Sizes are arguments: one function serves matrices of all sizes.

**Invariant**: an element is one sum, from the first term to the last, whatever tile it is in; a
multiplication and an addition are fused where the processor can do that.  So its bits depend on its
row and column of the factors alone.

Source: K. Goto and R. van de Geijn, Anatomy of High-Performance Matrix Multiplication (2008).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from minitf.kernels_cpu.jit import Callee

_ROWS = 4, 2, 1
_VECTORS = 3, 2, 1
_VECTOR_BYTES = 32


class Product(Callee):
    """`product(a, b, out)`: out[M, N] = a[M, K] b[K, N] for packed float matrices, as machine code.

    Args:
        across: whether `a` comes as [K, M].
    """

    def __init__(self, *, across: bool) -> None:
        self.__name__ = "product_across" if across else "product"
        self.digest = f"{self.__name__} 2"
        self._across = across

    @cached_property
    def inner(self) -> Any:
        """What Numba sees in its place: an intrinsic."""
        from numba.core import types
        from numba.extending import intrinsic

        @intrinsic
        def product(_, a, b, out):
            def generate(context, builder, signature, values):
                arrays = [
                    context.make_array(kind)(context, builder, value)
                    for kind, value in zip(signature.args, values, strict=True)
                ]
                element = context.get_data_type(signature.args[0].dtype)
                M, N = _sizes(builder, arrays[2])
                K = _sizes(builder, arrays[0])[0 if self._across else 1]
                function = self._function(builder.module, element)
                builder.call(function, [*(each.data for each in arrays), M, K, N])
                return context.get_dummy_value()

            return types.none(a, b, out), generate

        return product

    def _function(self, module: Any, element: Any) -> Any:
        """Return the function of pointers and sizes, made the first time in a module."""
        from llvmlite import ir

        name = f"{self.__name__}_{element.intrinsic_name}"
        if name in module.globals:
            return module.globals[name]
        pointer, size = element.as_pointer(), ir.IntType(64)
        kind = ir.FunctionType(ir.VoidType(), [pointer] * 3 + [size] * 3)
        function = ir.Function(module, kind, name)
        function.linkage = "internal"
        function.attributes.add("noinline")
        for argument in function.args[:3]:
            argument.add_attribute("noalias")
        _Tiles(function, element, across=self._across).write()
        return function


product, product_across = Product(across=False), Product(across=True)


def _sizes(builder: Any, array: Any) -> Sequence[Any]:
    from numba.core import cgutils

    return cgutils.unpack_tuple(builder, array.shape)  # type: ignore[no-any-return]


class _Tiles:
    """Writes the function.

    Args:
        function: of a, b, out, M, K, N; it has no instructions yet.
        element: the type of an element.
        across: whether `a` comes as [K, M].
    """

    def __init__(self, function: Any, element: Any, *, across: bool) -> None:
        from llvmlite import ir

        self._ir = ir
        self._function = function
        self._element = element
        self._across = across
        self._builder = ir.IRBuilder(function.append_basic_block("entry"))
        self._lanes = _VECTOR_BYTES // (4 if element == ir.FloatType() else 8)

    def write(self) -> None:
        """Write it: columns of tiles from wide to narrow, in each the rows from high to low."""
        build, lanes = self._builder, self._lanes
        *_, M, _, N = self._function.args

        def rows(j: Any, width: int) -> None:
            widths = [lanes] * (width // lanes) or [width]
            self._cut(M, _ROWS, lambda i, height: self._tile(i, j, height, widths))

        end = self._cut(N, tuple(lanes * vectors for vectors in _VECTORS), rows)
        with build.if_then(build.icmp_signed("<", end, N)):
            is_wide = build.icmp_signed(">=", N, self._number(lanes))
            with build.if_else(is_wide) as (wide, narrow):
                with wide:  # some columns once more, which gives the same bits
                    rows(build.sub(N, self._number(lanes)), lanes)
                with narrow:
                    self._cut(N, (lanes // 2, 1), rows)
        build.ret_void()

    def _cut(self, size: Any, steps: tuple[int, ...], work: Callable[[Any, int], None]) -> Any:
        """Go from 0 towards a size by the largest steps that fit; return how far it went."""
        at = self._number(0)
        for step in steps:
            with self._loop({"at": at}) as (now, goes_on, then):
                end = self._builder.add(now["at"], self._number(step))
                goes_on(self._builder.icmp_signed("<=", end, size))
                work(now["at"], step)
                then({"at": end})
            at = now["at"]
        return at

    def _tile(self, i: Any, j: Any, height: int, widths: list[int]) -> None:
        """Write the sums of a tile whose first element is [i, j]."""
        build, number = self._builder, self._number
        a, b, out, M, K, N = self._function.args
        rows = [build.add(i, number(r)) for r in range(height)]
        columns = [build.add(j, number(sum(widths[:v]))) for v in range(len(widths))]
        zeros = {
            (r, v): self._ir.Constant(self._vector(width), None)
            for r in range(height)
            for v, width in enumerate(widths)
        }
        with self._loop({"q": number(0), **zeros}) as (now, goes_on, then):
            q = now["q"]
            goes_on(build.icmp_signed("<", q, K))
            line = build.mul(q, N)
            terms = [
                build.load(self._place(b, build.add(line, column), width), align=self._align)
                for column, width in zip(columns, widths, strict=True)
            ]
            found: dict[Any, Any] = {"q": build.add(q, number(1))}
            for r, row in enumerate(rows):
                at = build.add(build.mul(q, M), row) if self._across else None
                at = build.add(build.mul(row, K), q) if at is None else at
                factor = build.load(build.gep(a, [at]))
                for v, width in enumerate(widths):
                    spread = self._spread(factor, width)
                    found[r, v] = self._multiply_add(spread, terms[v], now[r, v])
            then(found)
        for r, row in enumerate(rows):
            line = build.mul(row, N)
            for v, width in enumerate(widths):
                place = self._place(out, build.add(line, columns[v]), width)
                build.store(now[r, v], place, align=self._align)

    # --- instructions ----------------------------------------------------------------------------

    @contextmanager
    def _loop(self, first: dict[Any, Any]) -> Iterator[tuple[dict[Any, Any], Any, Any]]:
        """Write a loop with values that change from round to round.

        Args:
            first: name -> value in the first round.

        Yields:
            the values of a round, which are those of the last behind the loop; what to call with
            the test that it goes on; what to call with the values of the next round.
        """
        build, before = self._builder, self._builder.block
        head, body, after = (self._function.append_basic_block() for _ in range(3))
        build.branch(head)
        build.position_at_end(head)
        now = {name: build.phi(value.type) for name, value in first.items()}
        for name, value in first.items():
            now[name].add_incoming(value, before)

        def goes_on(test: Any) -> None:
            build.cbranch(test, body, after)
            build.position_at_end(body)

        def then(values: dict[Any, Any]) -> None:
            for name, value in values.items():
                now[name].add_incoming(value, build.block)
            build.branch(head)

        yield now, goes_on, then
        build.position_at_end(after)

    def _number(self, value: int) -> Any:
        return self._ir.Constant(self._ir.IntType(64), value)

    @property
    def _align(self) -> int:
        return _VECTOR_BYTES // self._lanes

    def _vector(self, width: int) -> Any:
        return self._element if width == 1 else self._ir.VectorType(self._element, width)

    def _place(self, array: Any, at: Any, width: int) -> Any:
        """Return where some elements of an array lie."""
        place = self._builder.gep(array, [at])
        return self._builder.bitcast(place, self._vector(width).as_pointer())

    def _spread(self, number: Any, width: int) -> Any:
        """Return a vector whose elements all are one number."""
        if width == 1:
            return number
        ir, build = self._ir, self._builder
        empty = ir.Constant(self._vector(width), ir.Undefined)
        first = build.insert_element(empty, number, ir.Constant(ir.IntType(32), 0))
        everywhere = ir.Constant(ir.VectorType(ir.IntType(32), width), [0] * width)
        return build.shuffle_vector(first, empty, everywhere)

    def _multiply_add(self, x: Any, y: Any, z: Any) -> Any:
        """Return x * y + z, rounded once where the processor can do that."""
        ir, kind, module = self._ir, x.type, self._function.module
        is_vector = isinstance(kind, ir.VectorType)
        letters = f"v{kind.count}" if is_vector else ""
        name = f"llvm.fmuladd.{letters}{self._element.intrinsic_name}"
        called = module.globals.get(name)
        if called is None:
            called = ir.Function(module, ir.FunctionType(kind, [kind] * 3), name)
        return self._builder.call(called, [x, y, z])
