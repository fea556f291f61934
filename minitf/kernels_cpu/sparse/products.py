"""CPU kernel of SparseTensorDenseMatMul: rows of the dense factor added up.

NumPy's `add.at` is ten times as slow, and makes an array of all products.  One thread: a row of
the result may get several values, and sums keep the order of the values.

Source: OSDI §4.2.
"""

from __future__ import annotations

import numpy as np

from minitf.dtypes import complex64, complex128, float32, float64
from minitf.kernels_cpu.jit import loops
from minitf.ops.sparse import products


@products.sparse_tensor_dense_mat_mul_op.kernel("CPU", T=(float32, float64, complex64, complex128))
def sparse_tensor_dense_mat_mul(
    a_indices, a_values, a_shape, b, *, adjoint_a=False, adjoint_b=False
):
    """Multiply a sparse matrix by a dense one."""
    rows, columns, values, right, count = products.sparse_factors(
        a_indices, a_values, a_shape, b, adjoint_a=adjoint_a, adjoint_b=adjoint_b
    )
    out = np.zeros((count, right.shape[1]), b.dtype)
    parts = (np.ascontiguousarray(each) for each in (rows, columns, values, right))
    product_loops(*parts, out)
    return out


@loops
def product_loops(rows, columns, values, right, out):
    """Value by value; neighbouring elements of a row are neighbours in memory."""
    for i in range(values.size):
        row, column, value = rows[i], columns[i], values[i]
        for j in range(right.shape[1]):
            out[row, j] += value * right[column, j]
