"""Products that machine code has made by BLAS, which it calls by its address.

    gemm(address, 111, 111, m, n, k, one, a, k, b, n, out, n)     # out = a b, rows packed

NumPy brings a BLAS, but Numba would want SciPy's.  So the address of its cblas function is looked
up, tried on a product whose result is known, and handed to the compiled function in an array, since
what is compiled is kept on disk and the address is another in each process.

Source: no paper; measured: docs/kernels.md.
"""

from __future__ import annotations

import ctypes
from functools import cache, cached_property
from typing import Any

import numpy as np

from minitf.kernels_cpu.jit import Callee

ROW_MAJOR, AS_IS, TRANSPOSED = 101, 111, 112  # of the cblas interface
_LETTERS = {"float32": "s", "float64": "d"}
_NAMES = ("scipy_cblas_{}gemm64_", "cblas_{}gemm64_", "scipy_cblas_{}gemm", "cblas_{}gemm")
_REALS: dict[str, Any] = {"float32": ctypes.c_float, "float64": ctypes.c_double}


@cache
def address(dtype: np.dtype[Any]) -> np.ndarray[Any, np.dtype[np.int64]] | None:
    """Return the address of BLAS's product of two matrices, as an array of one element.

    Args:
        dtype: of the matrices, float32 or float64.

    Returns:
        None if there is no such function, or if it does not do what it should.
    """
    from threadpoolctl import threadpool_info

    paths = [each["filepath"] for each in threadpool_info() if each["user_api"] == "blas"]
    for path in sorted(paths, key=lambda path: "numpy" not in path):
        library = ctypes.CDLL(path)
        for name in _NAMES:
            function = getattr(library, name.format(_LETTERS[dtype.name]), None)
            if function is not None and _multiplies(function, dtype):
                found = ctypes.cast(function, ctypes.c_void_p).value
                return np.array([found], np.int64)
    return None


def _multiplies(function: Any, dtype: np.dtype[Any]) -> bool:
    """Tell whether a function is cblas's product, by a call of it."""
    a, b = np.arange(6, dtype=dtype).reshape(3, 2), np.arange(12, dtype=dtype).reshape(3, 4)
    out = np.zeros((2, 4), dtype)
    number, real, array = ctypes.c_int64, _REALS[dtype.name], ctypes.c_void_p
    function.argtypes = [number] * 6 + [real, array, number, array, number, real, array, number]
    function.restype = None
    sizes = (2, 4, 3)
    matrices = (a.ctypes.data, 2, b.ctypes.data, 4, 0, out.ctypes.data, 4)
    function(ROW_MAJOR, TRANSPOSED, AS_IS, *sizes, 1, *matrices)
    return bool((out == a.T @ b).all())


class Gemm(Callee):
    """`gemm(address, way_a, way_b, m, n, k, one, a, width_a, b, width_b, out, width_out)`.

    Sizes go as 64 bits to a BLAS of 32-bit sizes too, which reads the lower half of each.
    """

    __name__ = "gemm"
    digest = "gemm 1"

    @cached_property
    def inner(self) -> Any:
        """What Numba sees in its place: an intrinsic."""
        from llvmlite import ir
        from numba.core import cgutils, types
        from numba.extending import intrinsic

        @intrinsic
        def gemm(_, address, way_a, way_b, m, n, k, one, a, width_a, b, width_b, out, width_out):
            def generate(context, builder, signature, values):
                where, *numbers = values[:6]
                real = values[6]

                def pointer(position):
                    array = context.make_array(signature.args[position])
                    data = array(context, builder, values[position]).data
                    return builder.bitcast(data, cgutils.voidptr_t)

                given = [
                    *(ir.Constant(ir.IntType(64), ROW_MAJOR), *numbers, real),
                    *(pointer(7), values[8], pointer(9), values[10]),
                    *(ir.Constant(real.type, 0.0), pointer(11), values[12]),
                ]
                kind = ir.FunctionType(ir.VoidType(), [each.type for each in given])
                builder.call(builder.inttoptr(where, kind.as_pointer()), given)
                return context.get_dummy_value()

            whole = types.int64
            return types.none(*(whole,) * 6, one, a, whole, b, whole, out, whole), generate

        return gemm


gemm = Gemm()
