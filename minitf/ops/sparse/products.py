"""Products of matrices of which one is sparse, or holds many zeros.

Shape letters: M rows of the result, N its columns, K the inner dimension, V the values listed.

Source: OSDI §4.2 (sparse multiplication of embeddings); TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise.rows import conjugate
from minitf.ops.math.matmul import factors, mat_mul_shape
from minitf.ops.precision import wide
from minitf.ops.sparse.coordinates import known_parts, text
from minitf.shapes import UNKNOWN, Shape, must_equal
from minitf.symbols import K, M, N, R, T, Ta, Tb, Tindices, V, float32, int64
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]

# --- SparseTensorDenseMatMul -------------------------------------------------------------------


@op(
    "SparseTensorDenseMatMul",
    T=ANY,
    Tindices=INDICES.default(int64),
    outputs=("product",),
)
def sparse_tensor_dense_mat_mul_op(
    a_indices: Tindices[V, R],
    a_values: T[V],
    a_shape: int64[R],
    b: T[K, N],
    *,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
) -> T[M, N]:
    """Multiply a sparse matrix by a dense one: for each value of a at (m, k), add value * b[k].

    Args:
        a_indices: int[V, 2]; values of equal coordinates add up.
        a_values: number[V].
        a_shape: int64[2]: [M, K], or [K, M] to be turned.
        b: number[K, N], or number[N, K] to be turned.
        adjoint_a: use a's transpose, its values conjugated.
        adjoint_b: use b's transpose, its elements conjugated.

    Returns:
        number[M, N].  Sixteen-bit floats are multiplied and summed in float32.

    Raises:
        InvalidArgumentError: if the parts do not fit together, the inner dimensions differ, or
            coordinates are out of bounds.

    Source: TensorFlow's op of the same name.
    """
    rows, columns, values, right, count = sparse_factors(
        a_indices, a_values, a_shape, b, adjoint_a=adjoint_a, adjoint_b=adjoint_b
    )
    out = np.zeros((count, right.shape[1]), wide(right).dtype)
    np.add.at(out, rows, wide(values)[:, None] * wide(right)[columns])
    return out.astype(b.dtype, copy=False)


def sparse_factors(
    a_indices: Array, a_values: Array, a_shape: Array, b: Array, *, adjoint_a: bool, adjoint_b: bool
) -> tuple[Array, Array, Array, Array, int]:
    """Return the factors as they are multiplied, if they can be.

    Returns:
        Rows, columns and values of the left factor; the right factor; how many rows the left has.

    Raises:
        InvalidArgumentError: if they can not.
    """
    for name, given, rank in (("b", b, 2), ("a_indices", a_indices, 2)):
        if given.ndim != rank:
            raise invalid(f"Tensor '{name}' is not a matrix", shape=text(given.shape))
    for name, given in (("a_shape", a_shape), ("a_values", a_values)):
        if given.ndim != 1:
            raise invalid(f"Tensor '{name}' is not a vector", shape=text(given.shape))
    if len(a_shape) != 2:
        raise invalid("Tensor 'a_shape' must have 2 elements", a_shape=text(a_shape))
    if len(a_indices) != len(a_values):
        raise invalid(
            "Number of rows of a_indices does not match number of entries in a_values",
            a_indices=text(a_indices.shape),
            a_values=text(a_values.shape),
        )
    if a_indices.shape[1] != 2:
        raise invalid(
            "Number of columns of a_indices does not match number of entries in a_shape",
            a_indices=text(a_indices.shape),
        )
    order = (1, 0) if adjoint_a else (0, 1)
    count, inner = (int(a_shape[axis]) for axis in order)
    rows, columns = (a_indices[:, axis] for axis in order)
    right = b.conj().T if adjoint_b else b
    if inner != len(right):
        raise invalid(
            "Cannot multiply A and B because inner dimension does not match: "
            f"{inner} vs. {len(right)}.  Did you forget a transpose?  Dimensions of A: "
            f"{text(a_shape)}.  Dimensions of B: {text(b.shape)}"
        )
    for letter, places, size, axis in zip(
        "mk", (rows, columns), (count, inner), order, strict=True
    ):
        outside = (places < 0) | (places >= size)
        if outside.any():
            row = int(outside.argmax())
            raise invalid(
                f"{letter} ({places[row]}) from index[{row},{axis}] out of bounds (>={size})"
            )
    return rows, columns, a_values.conj() if adjoint_a else a_values, right, count


@sparse_tensor_dense_mat_mul_op.shape(values_of=("a_shape",))
def sparse_tensor_dense_mat_mul_shape(
    a_indices: Shape,
    a_values: Shape,
    a_shape: tuple[Any, ...] | None,
    b: Shape,
    *,
    adjoint_a: bool,
    adjoint_b: bool,
) -> Shape:
    _, rank = known_parts(a_indices, a_values, a_shape)
    must_equal(rank, 2)
    sizes = a_shape or (UNKNOWN, UNKNOWN)
    m, k = sizes[::-1] if adjoint_a else sizes
    k_of_b, n = b[::-1] if adjoint_b else b
    must_equal(k, k_of_b)
    return Shape([m, n])


@sparse_tensor_dense_mat_mul_op.gradient
def sparse_tensor_dense_mat_mul_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Multiply by the other factor turned; of a only the listed places are computed."""
    indices, values, shape, b = op.inputs
    adjoint_a, adjoint_b = op.attrs["adjoint_a"], op.attrs["adjoint_b"]
    of_b = ops.sparse_tensor_dense_mat_mul_op(indices, values, shape, grad, adjoint_a=not adjoint_a)
    if adjoint_b:
        of_b = _adjoint(of_b)
    right = _adjoint(b) if adjoint_b else b
    rows, columns = ops.unpack_op(indices, num=2, axis=1)
    if adjoint_a:
        rows, columns = columns, rows
    products = ops.mul_op(
        ops.gather_v2_op(grad, rows, 0), conjugate(ops.gather_v2_op(right, columns, 0))
    )
    of_values = ops.sum_op(products, [1])
    return [None, conjugate(of_values) if adjoint_a else of_values, None, of_b]


def _adjoint(x: Tensor) -> Tensor:
    return conjugate(ops.transpose_op(x, [1, 0]))


# --- SparseMatMul ------------------------------------------------------------------------------

_NARROW = types("bfloat16", "float32").default(float32)


@op("SparseMatMul", Ta=_NARROW, Tb=_NARROW, outputs=("product",))
def sparse_mat_mul_op(
    a: Ta[M, K],
    b: Tb[K, N],
    *,
    transpose_a: bool = False,
    transpose_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
) -> float32[M, N]:
    """Multiply two dense matrices of which one may hold many zeros.

    product[m, n] = sum over k of a[m, k] * b[k, n].

    Args:
        a: float[M, K], or float[K, M] to be transposed.
        b: float[K, N], or float[N, K] to be transposed.
        transpose_a: use a's transpose.
        transpose_b: use b's transpose.
        a_is_sparse: says that a holds many zeros; the product is the same.
        b_is_sparse: the same of b.

    Returns:
        float32[M, N].

    Raises:
        InvalidArgumentError: if an input is not a matrix, or the inner dimensions differ.

    Source: TensorFlow's op of the same name.
    """
    left, right = factors(a, b, transpose_a=transpose_a, transpose_b=transpose_b)
    return np.matmul(wide(left), wide(right))


@sparse_mat_mul_op.shape
def sparse_mat_mul_shape(
    a: Shape,
    b: Shape,
    *,
    transpose_a: bool,
    transpose_b: bool,
    a_is_sparse: bool,
    b_is_sparse: bool,
) -> Shape:
    return mat_mul_shape(a, b, transpose_a=transpose_a, transpose_b=transpose_b)


@sparse_mat_mul_op.gradient
def sparse_mat_mul_gradient(op: Operation, grad: Tensor) -> Gradients:
    a, b = op.inputs
    turned_a, turned_b = op.attrs["transpose_a"], op.attrs["transpose_b"]
    sparse_a, sparse_b = op.attrs["a_is_sparse"], op.attrs["b_is_sparse"]
    if turned_a:
        of_a = _sparse_mat_mul(b, grad, turned_b, True, sparse_b, False)
    else:
        of_a = _sparse_mat_mul(grad, b, False, not turned_b, False, sparse_b)
    if turned_b:
        of_b = _sparse_mat_mul(grad, a, True, turned_a, False, sparse_a)
    else:
        of_b = _sparse_mat_mul(a, grad, not turned_a, False, sparse_a, False)
    return [ops.cast_op(of_a, DstT=a.dtype), ops.cast_op(of_b, DstT=b.dtype)]


def _sparse_mat_mul(
    a: Tensor, b: Tensor, turn_a: bool, turn_b: bool, sparse_a: bool, sparse_b: bool
) -> Tensor:
    return ops.sparse_mat_mul_op(
        a,
        b,
        transpose_a=turn_a,
        transpose_b=turn_b,
        a_is_sparse=sparse_a,
        b_is_sparse=sparse_b,
    )
