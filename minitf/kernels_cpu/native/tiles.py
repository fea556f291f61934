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

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from minitf.kernels_cpu.instructions import Instructions
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


class _Tiles(Instructions):
    """Writes the function.

    Args:
        function: of a, b, out, M, K, N; it has no instructions yet.
        element: the type of an element.
        across: whether `a` comes as [K, M].
    """

    def __init__(self, function: Any, element: Any, *, across: bool) -> None:
        super().__init__(function, element)
        self._across = across
        self.lanes = _VECTOR_BYTES // self.item_bytes

    def write(self) -> None:
        """Write it: columns of tiles from wide to narrow, in each the rows from high to low."""
        build, lanes = self.build, self.lanes
        *_, M, _, N = self.function.args

        def rows(j: Any, width: int) -> None:
            widths = [lanes] * (width // lanes) or [width]
            self._cut(M, _ROWS, lambda i, height: self._tile(i, j, height, widths))

        end = self._cut(N, tuple(lanes * vectors for vectors in _VECTORS), rows)
        with build.if_then(build.icmp_signed("<", end, N)):
            is_wide = build.icmp_signed(">=", N, self.number(lanes))
            with build.if_else(is_wide) as (wide, narrow):
                with wide:  # some columns once more, which gives the same bits
                    rows(build.sub(N, self.number(lanes)), lanes)
                with narrow:
                    self._cut(N, (lanes // 2, 1), rows)
        build.ret_void()

    def _cut(self, size: Any, steps: tuple[int, ...], work: Callable[[Any, int], None]) -> Any:
        """Go from 0 towards a size by the largest steps that fit; return how far it went."""
        at = self.number(0)
        for step in steps:
            with self.loop({"at": at}) as (now, goes_on, then):
                end = self.build.add(now["at"], self.number(step))
                goes_on(self.build.icmp_signed("<=", end, size))
                work(now["at"], step)
                then({"at": end})
            at = now["at"]
        return at

    def _tile(self, i: Any, j: Any, height: int, widths: list[int]) -> None:
        """Write the sums of a tile whose first element is [i, j]."""
        build, number = self.build, self.number
        a, b, out, M, K, N = self.function.args
        rows = [build.add(i, number(r)) for r in range(height)]
        columns = [build.add(j, number(sum(widths[:v]))) for v in range(len(widths))]
        zeros = {
            (r, v): self.ir.Constant(self.vector(width), None)
            for r in range(height)
            for v, width in enumerate(widths)
        }
        with self.loop({"q": number(0), **zeros}) as (now, goes_on, then):
            q = now["q"]
            goes_on(build.icmp_signed("<", q, K))
            line = build.mul(q, N)
            terms = [
                build.load(self.place(b, build.add(line, column), width), align=self.item_bytes)
                for column, width in zip(columns, widths, strict=True)
            ]
            found: dict[Any, Any] = {"q": build.add(q, number(1))}
            for r, row in enumerate(rows):
                at = build.add(build.mul(q, M), row) if self._across else None
                at = build.add(build.mul(row, K), q) if at is None else at
                factor = build.load(build.gep(a, [at]))
                for v, width in enumerate(widths):
                    spread = self.spread(factor, width)
                    found[r, v] = self.multiply_add(spread, terms[v], now[r, v])
            then(found)
        for r, row in enumerate(rows):
            line = build.mul(row, N)
            for v, width in enumerate(widths):
                place = self.place(out, build.add(line, columns[v]), width)
                build.store(now[r, v], place, align=self.item_bytes)
