"""CPU kernels of `minitf.ops.math.matmul`: BLAS, on parts of the result.

A large product is cut into blocks of rows (or of columns, if it is wide), a batch into runs of
matrices.  The blocks depend on the sizes alone, and BLAS runs one-threaded in each (`blas`), so the
bits do not depend on the number of threads.

Source: 2015 §5.4 (kernels wrap optimised libraries).
"""

import math

import numpy as np

from minitf.dtypes import types
from minitf.kernels_cpu import blas, buffers, threads
from minitf.ops.math import matmul

blas.one_threaded()

BLAS_TYPES = types("float32", "float64", "complex64", "complex128")
PART = 1 << 23  # multiplications and additions of a block, at least: about 0.1 ms
NARROWEST = 128  # rows of a block: BLAS packs the other factor once for each


@matmul.mat_mul_op.kernel("CPU", T=BLAS_TYPES)
def mat_mul(a, b, *, transpose_a=False, transpose_b=False):
    left, right = matmul.factors(a, b, transpose_a=transpose_a, transpose_b=transpose_b)
    (M, K), N = left.shape, right.shape[1]
    if M * N * a.itemsize < buffers.LEAST_BYTES and 2 * M * N * K <= PART:
        return np.dot(left, right)  # one block, and no buffer: what is below would cost 1 us
    long = max(M, N)
    block = max(NARROWEST, -(-PART * long // max(2 * M * N * K, 1)))
    out = buffers.empty((M, N), a.dtype)
    if long <= block:
        return np.dot(left, right, out=out)  # half the overhead of np.matmul

    def rows(part):
        at = slice(part * block, (part + 1) * block)
        np.matmul(left[at], right, out=out[at])

    def columns(part):
        at = slice(part * block, (part + 1) * block)
        np.matmul(left, right[:, at], out=out[:, at])

    threads.run_parts(rows if M >= N else columns, -(-long // block))
    return out


@matmul.batch_mat_mul_op.kernel("CPU", T=BLAS_TYPES)
@matmul.batch_mat_mul_v2_op.kernel("CPU", T=BLAS_TYPES)
def batch_mat_mul(x, y, *, adj_x=False, adj_y=False):
    if x.shape[:-2] != y.shape[:-2] or x.ndim < 3:
        return matmul.batch_mat_mul_v2_op.body(x, y, adj_x=adj_x, adj_y=adj_y)
    left, right = matmul.batch_factors(x, y, adj_x=adj_x, adj_y=adj_y)
    (M, K), N = left.shape[-2:], right.shape[-1]
    batch = left.shape[:-2]
    count = math.prod(batch)
    left, right = left.reshape(count, M, K), right.reshape(count, K, N)
    out = buffers.empty((len(left), M, N), x.dtype)

    def matrices(first, last):
        np.matmul(left[first:last], right[first:last], out=out[first:last])

    threads.split(matrices, len(left), cost=max(1, M * N * K // 32))  # BLAS: 32 a cycle
    return out.reshape(*batch, M, N)
