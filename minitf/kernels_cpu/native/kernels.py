"""Kernels in machine code for single operations of steps that run often: products of matrices.

A long step stays a row of calls; where one of them multiplies small matrices, tiles are faster than
BLAS: a call costs 6 us instead of 9 for 32x128x64, 25 instead of 32 for 32x128x256.

Source: 2015 §10; measured: docs/kernels.md.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from minitf.kernels_cpu import buffers
from minitf.kernels_cpu.fusion.compiling import Generated
from minitf.kernels_cpu.fusion.source import Text
from minitf.kernels_cpu.native.products import beats_blas
from minitf.kernels_cpu.native.tiles import product, product_across
from minitf.operation import Operation

Kernel = Callable[..., Any]


def hot_kernel(operation: Operation, kernel: Kernel) -> Kernel | None:
    """Return a faster kernel of an operation that runs often, None if there is none.

    Args:
        operation: any operation.
        kernel: its kernel; it is called where the faster one does not apply.
    """
    from numba.core import config

    attrs = operation.attrs
    if operation.type != "MatMul" or attrs["transpose_b"] or config.DISABLE_JIT:  # type: ignore[attr-defined]
        return None
    dtype, across = operation.inputs[0].dtype.base_dtype.numpy, attrs["transpose_a"]
    a, b = (tensor.static_shape for tensor in operation.inputs)
    is_large = a.is_full and b.is_full and not beats_blas(*_sizes(a.dims, b.dims, across=across))
    if is_large or dtype not in (np.float32, np.float64):
        return None
    return _mat_mul(dtype, kernel, across=across)


def _sizes(a: Any, b: Any, *, across: bool) -> tuple[int, int, int]:
    """Return M, K and N of a product of matrices of these shapes."""
    return (a[1], a[0], b[1]) if across else (a[0], a[1], b[1])


def _mat_mul(dtype: np.dtype[Any], kernel: Kernel, *, across: bool) -> Kernel:
    run = _entry(dtype, across=across)

    def mat_mul(a: Any, b: Any) -> Any:
        if not (a.ndim == b.ndim == 2 and a.flags.c_contiguous and b.flags.c_contiguous):
            return kernel(a, b)
        M, K, N = _sizes(a.shape, b.shape, across=across)
        if len(b) != K or not beats_blas(M, K, N):
            return kernel(a, b)  # or raises the error
        is_kept = M * N * dtype.itemsize >= buffers.LEAST_BYTES
        out = (buffers.empty if is_kept else np.empty)((M, N), dtype)
        run(a, b, out)
        return out

    return mat_mul


@cache
def _entry(dtype: np.dtype[Any], *, across: bool) -> Kernel:
    """Return compiled code `run(a, b, out)` for packed matrices."""
    from numba import from_dtype, types

    text = Text("def fused(a, b, out):\n    product(a, b, out)\n", {"product": _PRODUCTS[across]})
    read, written = (
        types.Array(from_dtype(dtype), 2, "C", readonly=readonly) for readonly in (True, False)
    )
    run: Kernel = Generated(text).entry((read, read, written))
    return run


_PRODUCTS = {False: product, True: product_across}
