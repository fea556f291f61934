"""CPU kernels of `minitf.ops.math.matmul`: BLAS, on parts of the result.

A large product is cut into blocks of rows (or of columns, if it is wide), a batch into runs of
matrices.  The blocks depend on the sizes alone, and BLAS runs one-threaded in each (`blas`), so the
bits do not depend on the number of threads.

Few rows times a transposed matrix, as in the gradient of a layer of a small batch, is made as the
transpose of that matrix times the rows' transpose: of [20, 800] and [400, 800]' in two thirds of
the time, since BLAS need not turn what is large.

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
FEW_ROWS = range(8, 65)  # of a result that is worth its transpose
_LEAST_TURNED = 1 << 20  # multiplications and additions of it
_TILE = 16  # rows or columns that BLAS makes at once


@matmul.mat_mul_op.kernel("CPU", T=BLAS_TYPES)
def mat_mul(a, b, *, transpose_a=False, transpose_b=False):
    left, right = matmul.factors(a, b, transpose_a=transpose_a, transpose_b=transpose_b)
    (M, K), N = left.shape, right.shape[1]
    if transpose_b and M in FEW_ROWS and M < N and 2 * M * N * K >= _LEAST_TURNED:
        return _turned_back(_product(right.T, left.T))
    return _product(left, right)


def _product(left, right):
    (M, K), N = left.shape, right.shape[1]
    if M * N * left.itemsize < buffers.LEAST_BYTES and 2 * M * N * K <= PART:
        return np.dot(left, right)  # one block, and no buffer: what is below would cost 1 us
    long = max(M, N)
    block = max(NARROWEST, -(-PART * long // max(2 * M * N * K, 1)))
    out = buffers.empty((M, N), left.dtype)
    if long <= block:
        return np.dot(left, right, out=out)  # half the overhead of np.matmul
    block = _even(long, -(-long // block))

    def rows(part):
        at = slice(part * block, (part + 1) * block)
        np.matmul(left[at], right, out=out[at])

    def columns(part):
        at = slice(part * block, (part + 1) * block)
        np.matmul(left, right[:, at], out=out[:, at])

    threads.run_parts(rows if M >= N else columns, -(-long // block))
    return out


def _even(long, parts):
    """Return how many rows or columns a block has, of about so many: whole tiles, nearly equal."""
    return -(-long // (parts * _TILE)) * _TILE


def _turned_back(product):
    """Return a product's transpose, laid out as a matrix of its own."""
    out = buffers.empty(product.shape[::-1], product.dtype)
    np.copyto(out, product.T)
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
