"""Transforms of Winograd's convolution: M d M^T of small squares d, for many channels at once.

    transform(x, at, row, column, out, to, out_row, out_column, size)

takes the square whose element [i, j] of `size` channels begins at x[at + i * row + j * column], and
writes out[to + p * out_row + q * out_column] likewise.  The matrices are those of F(2x2, 3x3),

    y = A (G g G^T * B d B^T) A^T        d [4, 4], g [3, 3], y [2, 2], * element by element

Each is written as instructions: the squares stay in registers, which Numba's loops would not do.

Source: A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks (2016), section 4.1.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from minitf.kernels_cpu.conv.tiles import panel_of
from minitf.kernels_cpu.instructions import Instructions
from minitf.kernels_cpu.jit import Callee

Array = np.ndarray[Any, Any]
Matrix = tuple[tuple[float, ...], ...]

OF_IMAGES = (1, 0, -1, 0), (0, 1, 1, 0), (0, -1, 1, 0), (0, 1, 0, -1)  # B
OF_FILTER = (1, 0, 0), (0.5, 0.5, 0.5), (0.5, -0.5, 0.5), (0, 0, 1)  # G
OF_SUMS = (1, 1, 1, 0), (0, 1, -1, -1)  # A


class Transform(Callee):
    """A transform as a function that loops call.

    Args:
        name: of the function.
        matrix: M.
    """

    def __init__(self, name: str, matrix: Matrix) -> None:
        self.__name__ = name
        self.matrix = matrix
        self.digest = f"{name} {matrix} 1"

    def __call__(self, *args: Any) -> None:
        """Transform one square in NumPy; loops call `inner`."""
        self.plain(*args)

    @cached_property
    def inner(self) -> Any:
        """What Numba sees in its place: an intrinsic; `plain` where Numba is disabled."""
        from numba import config

        if config.DISABLE_JIT:  # type: ignore[attr-defined]
            return self.plain
        return self._intrinsic()

    def plain(
        self, x: Array, at: int, row: int, column: int, out: Array, to: int, out_row: int,
        out_column: int, size: int,
    ) -> None:  # fmt: skip
        """Transform one square of `size` channels, in NumPy."""
        matrix = np.array(self.matrix, x.dtype)
        makes, takes = matrix.shape
        square = np.array(
            [[x[at + i * row + j * column :][:size] for j in range(takes)] for i in range(takes)]
        )
        found = np.einsum("pi,ijc,qj->pqc", matrix, square, matrix)
        for p in range(makes):
            for q in range(makes):
                start = to + p * out_row + q * out_column
                out[start : start + size] = found[p, q]

    def _intrinsic(self) -> Any:
        from numba.core import types
        from numba.extending import intrinsic

        @intrinsic
        def transform(_, x, at, row, column, out, to, out_row, out_column, size):
            def generate(context, builder, signature, values):
                element = context.get_data_type(signature.args[0].dtype)
                lanes = panel_of(np.dtype(str(signature.args[0].dtype))).lanes
                given = list(values)
                for position in (0, 4):
                    array = context.make_array(signature.args[position])
                    given[position] = array(context, builder, values[position]).data
                builder.call(self._function(builder.module, element, lanes), given)
                return context.get_dummy_value()

            w = types.int64
            return types.none(x, w, w, w, out, w, w, w, w), generate

        return transform

    def _function(self, module: Any, element: Any, lanes: int) -> Any:
        from llvmlite import ir

        name = f"{self.__name__}_{element.intrinsic_name}"
        if name in module.globals:
            return module.globals[name]
        pointer, size = element.as_pointer(), ir.IntType(64)
        kinds = [pointer, size, size, size, pointer, size, size, size, size]
        function = ir.Function(module, ir.FunctionType(ir.VoidType(), kinds), name)
        function.linkage = "internal"
        function.attributes.add("noinline")
        _Writer(function, element, lanes, self.matrix).write()
        return function


class _Writer(Instructions):
    """Writes the function of a transform, `lanes` channels at a time."""

    def __init__(self, function: Any, element: Any, lanes: int, matrix: Matrix) -> None:
        super().__init__(function, element)
        self.lanes, self.matrix = lanes, matrix

    def write(self) -> None:
        build, matrix = self.build, self.matrix
        x, at, row, column, out, to, out_row, out_column, size = self.function.args
        makes, takes = range(len(matrix)), range(len(matrix[0]))
        with self.loop({"c": self.number(0)}) as (now, goes_on, then):
            c = now["c"]
            goes_on(build.icmp_signed("<", c, size))
            square = self._places(x, build.add(at, c), row, column, len(takes))
            wide = [
                self._combined([build.load(square[i][j], align=self.item_bytes) for i in takes])
                for j in takes
            ]  # wide[j][p]: column j of M d
            places = self._places(out, build.add(to, c), out_row, out_column, len(makes))
            for p in makes:
                made = self._combined([wide[j][p] for j in takes])
                for q in makes:
                    build.store(made[q], places[p][q], align=self.item_bytes)
            then({"c": build.add(c, self.number(self.lanes))})
        build.ret_void()

    def _places(self, array: Any, at: Any, row: Any, column: Any, count: int) -> list[list[Any]]:
        build, number = self.build, self.number
        starts = [build.add(at, build.mul(row, number(i))) for i in range(count)]
        return [
            [
                self.place(array, build.add(start, build.mul(column, number(j))), self.lanes)
                for j in range(count)
            ]
            for start in starts
        ]

    def _combined(self, vectors: list[Any]) -> list[Any]:
        """Return the matrix times a column of vectors."""
        build, found = self.build, []
        for row in self.matrix:
            total = None
            for weight, vector in sorted(
                zip(row, vectors, strict=True), key=lambda pair: pair[0] <= 0
            ):
                if not weight:
                    continue
                term = vector
                if abs(weight) != 1:
                    kind = self.vector(self.lanes)
                    term = build.fmul(vector, self.ir.Constant(kind, [abs(weight)] * self.lanes))
                if total is None:
                    assert weight > 0, "the first term is added"
                    total = term
                else:
                    total = (build.fadd if weight > 0 else build.fsub)(total, term)
            found.append(total)
        return found


transform_images = Transform("transform_images", OF_IMAGES)
transform_filter = Transform("transform_filter", OF_FILTER)
transform_sums = Transform("transform_sums", OF_SUMS)
