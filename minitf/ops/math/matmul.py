"""Products of matrices, single or in batches.

Integers wrap around; sixteen-bit floats are multiplied and summed in float32 and rounded once.
The sum over the inner dimension has no documented order (BLAS chooses it), so its error is bounded
by K * eps * sum |a| |b|.

Shape letters: M rows of the result, N its columns, K the inner dimension.

Source: 2015 Table 1, row "Matrix operations": MatMul.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import COMPLEX, FLOATS, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise.rows import conjugate, sizes_text
from minitf.ops.precision import wide
from minitf.shapes import Shape, broadcast, merge, must_equal
from minitf.symbols import K, M, N, T
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]

_FACTORS = FLOATS | COMPLEX | types("int32", "int64", "uint8", "uint16", "uint32", "uint64")


def factors(a: Array, b: Array, *, transpose_a: bool, transpose_b: bool) -> tuple[Array, Array]:
    """Return the two matrices as they are multiplied, if they can be.

    Raises:
        InvalidArgumentError: if an input is not a matrix, or the inner dimensions differ.
    """
    if a.ndim != 2 or b.ndim != 2:
        which, shape = ("a", a.shape) if a.ndim != 2 else ("b", b.shape)
        raise invalid(
            f"In[{int(which == 'b')}] is not a matrix. Instead it has shape {sizes_text(shape)}"
        )
    left, right = a.T if transpose_a else a, b.T if transpose_b else b
    if left.shape[1] != right.shape[0]:
        raise invalid(
            f"Matrix size-incompatible: In[0]: {sizes_text(a.shape)}, In[1]: {sizes_text(b.shape)}",
            transpose_a=transpose_a,
            transpose_b=transpose_b,
        )
    return left, right


# --- MatMul ------------------------------------------------------------------------------------


@op("MatMul", T=_FACTORS, outputs=("product",))
def mat_mul_op(
    a: T[M, K], b: T[K, N], *, transpose_a: bool = False, transpose_b: bool = False
) -> T[M, N]:
    """Multiply two matrices: product[m, n] = sum over k of a[m, k] * b[k, n].

    Args:
        a: number[M, K], or number[K, M] to be transposed.
        b: number[K, N], or number[N, K] to be transposed.
        transpose_a: use a's transpose.
        transpose_b: use b's transpose.

    Returns:
        number[M, N]; zeros if K is 0.

    Raises:
        InvalidArgumentError: if an input is not a matrix, or the inner dimensions differ.

    Source: 2015 Table 1.
    """
    left, right = factors(a, b, transpose_a=transpose_a, transpose_b=transpose_b)
    return np.matmul(wide(left), wide(right)).astype(a.dtype, copy=False)


@mat_mul_op.shape
def mat_mul_shape(a: Shape, b: Shape, *, transpose_a: bool, transpose_b: bool) -> Shape:
    m, k = a[::-1] if transpose_a else a
    k_of_b, n = b[::-1] if transpose_b else b
    must_equal(k, k_of_b)
    return Shape([m, n])


@mat_mul_op.gradient
def mat_mul_gradient(op: Operation, grad: Tensor) -> Gradients:
    a, b = (conjugate(each) for each in op.inputs)
    of_a, of_b = _matmul_gradients(
        _mat_mul, a, b, grad, op.attrs["transpose_a"], op.attrs["transpose_b"]
    )
    return [of_a, of_b]


def _mat_mul(a: Tensor, b: Tensor, turn_a: bool = False, turn_b: bool = False) -> Tensor:
    return ops.mat_mul_op(a, b, transpose_a=turn_a, transpose_b=turn_b)


def _matmul_gradients(
    product: Any, a: Tensor, b: Tensor, grad: Tensor, turned_a: bool, turned_b: bool
) -> tuple[Tensor, Tensor]:
    """Return the gradients of product(a, b), by which of the factors are turned in it."""
    if not turned_a and not turned_b:
        return product(grad, b, False, True), product(a, grad, True, False)
    if not turned_a:
        return product(grad, b), product(grad, a, True, False)
    if not turned_b:
        return product(b, grad, False, True), product(a, grad)
    return product(b, grad, True, True), product(grad, a, True, True)


# --- BatchMatMul, BatchMatMulV2 ----------------------------------------------------------------


def turned(x: Array) -> Array:
    """Return the conjugate transposes."""
    return np.conjugate(np.swapaxes(x, -1, -2))


def batch_factors(x: Array, y: Array, *, adj_x: bool, adj_y: bool) -> tuple[Array, Array]:
    """Return the two batches as they are multiplied, if their matrices can be.

    Raises:
        InvalidArgumentError: if an input has no matrices, or the inner dimensions differ.
    """
    if x.ndim < 2 or y.ndim < 2:
        raise invalid(
            f"In[0] and In[1] must be matrices: {sizes_text(x.shape)}, {sizes_text(y.shape)}"
        )
    left, right = turned(x) if adj_x else x, turned(y) if adj_y else y
    if left.shape[-1] != right.shape[-2]:
        raise invalid(
            f"Matrix size-incompatible: In[0] mismatch In[1] shape: {left.shape[-1]} vs. "
            f"{right.shape[-2]}: {sizes_text(x.shape)} {sizes_text(y.shape)}",
            adj_x=adj_x,
            adj_y=adj_y,
        )
    return left, right


def _batch_product(x: Array, y: Array, *, adj_x: bool, adj_y: bool) -> Array:
    left, right = batch_factors(x, y, adj_x=adj_x, adj_y=adj_y)
    try:
        made: Array = np.matmul(wide(left), wide(right)).astype(x.dtype, copy=False)
    except ValueError:
        raise invalid(
            f"In[0] and In[1] must have compatible batch dimensions: {sizes_text(x.shape)} vs. "
            f"{sizes_text(y.shape)}"
        ) from None
    return made


@op("BatchMatMul", T=FLOATS | COMPLEX | types("int32", "int64"))
def batch_mat_mul_op(x: T, y: T, *, adj_x: bool = False, adj_y: bool = False) -> T:
    """Multiply the matrices of two batches of one shape, pair by pair.

    Args:
        x: number[..., M, K], or number[..., K, M] to be turned.
        y: number[..., K, N], or number[..., N, K] to be turned.
        adj_x: use the conjugate transposes of x's matrices.
        adj_y: use the conjugate transposes of y's matrices.

    Returns:
        number[..., M, N].

    Raises:
        InvalidArgumentError: if batch or inner dimensions differ.

    Source: 2015 Table 1.
    """
    if x.shape[:-2] != y.shape[:-2]:
        raise invalid(
            f"In[0] and In[1] must have equal batch dimensions: {sizes_text(x.shape)} vs. "
            f"{sizes_text(y.shape)}"
        )
    return _batch_product(x, y, adj_x=adj_x, adj_y=adj_y)


@op(
    "BatchMatMulV2",
    T=FLOATS | COMPLEX | types("int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
)
def batch_mat_mul_v2_op(x: T, y: T, *, adj_x: bool = False, adj_y: bool = False) -> T:
    """Multiply the matrices of two batches, whose batch dimensions broadcast.

    Args:
        x: number[..., M, K], or number[..., K, M] to be turned.
        y: number[..., K, N], or number[..., N, K] to be turned.
        adj_x: use the conjugate transposes of x's matrices.
        adj_y: use the conjugate transposes of y's matrices.

    Returns:
        number[..., M, N].

    Raises:
        InvalidArgumentError: if batch dimensions do not broadcast or inner dimensions differ.

    Source: 2015 Table 1.
    """
    return _batch_product(x, y, adj_x=adj_x, adj_y=adj_y)


def _matrix_shapes(x: Shape, y: Shape, adj_x: bool, adj_y: bool) -> tuple[Any, Any]:
    """Return (M, N), and check K."""
    for each in (x, y):
        if each.rank is not None and each.rank < 2:
            raise invalid(f"Shape must be at least rank 2 but is rank {each.rank}")
    m, k = (x[-2], x[-1])[:: -1 if adj_x else 1]
    k_of_y, n = (y[-2], y[-1])[:: -1 if adj_y else 1]
    must_equal(k, k_of_y)
    return m, n


def _batch(x: Shape) -> Shape:
    return x if x.rank is None else Shape(x[:-2])


@batch_mat_mul_op.shape
def batch_mat_mul_shape(x: Shape, y: Shape, *, adj_x: bool, adj_y: bool) -> Shape:
    m, n = _matrix_shapes(x, y, adj_x, adj_y)
    batch = merge(_batch(x), _batch(y))
    return batch if batch.rank is None else Shape([*batch, m, n])


@batch_mat_mul_v2_op.shape
def batch_mat_mul_v2_shape(x: Shape, y: Shape, *, adj_x: bool, adj_y: bool) -> Shape:
    m, n = _matrix_shapes(x, y, adj_x, adj_y)
    batch = broadcast(_batch(x), _batch(y))
    return batch if batch.rank is None else Shape([*batch, m, n])


def _batch_mat_mul(x: Tensor, y: Tensor, turn_x: bool = False, turn_y: bool = False) -> Tensor:
    return ops.batch_mat_mul_v2_op(x, y, adj_x=turn_x, adj_y=turn_y)


@batch_mat_mul_op.gradient
def batch_mat_mul_gradient(op: Operation, grad: Tensor) -> Gradients:
    x, y = op.inputs
    return list(_matmul_gradients(_batch_mat_mul, x, y, grad, op.attrs["adj_x"], op.attrs["adj_y"]))


@batch_mat_mul_v2_op.gradient
def batch_mat_mul_v2_gradient(op: Operation, grad: Tensor) -> Gradients:
    x, y = op.inputs
    of_x, of_y = _matmul_gradients(_batch_mat_mul, x, y, grad, op.attrs["adj_x"], op.attrs["adj_y"])
    batches = [_batch(each.static_shape) for each in (x, y)]
    if batches[0].is_full and batches[0] == batches[1]:
        return [of_x, of_y]
    shapes = [ops.shape_op(each) for each in (x, y)]
    axes = ops.broadcast_gradient_args_op(
        *[ops.strided_slice_op(shape, [0], [-2], [1], begin_mask=1) for shape in shapes]
    )
    return [
        ops.reshape_op(ops.sum_op(each, repeated), shape)
        for each, repeated, shape in zip((of_x, of_y), axes, shapes, strict=True)
    ]
