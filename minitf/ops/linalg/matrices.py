"""What the matrix families share: checks, shape rules, and pieces of their gradients.

Matrices lie along the last two dimensions; all others form a batch.

Source: Giles 2008, "An extended collection of matrix derivative results".
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.errors import invalid
from minitf.ops.precision import wide
from minitf.shapes import Shape, must_equal
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]

# --- bodies --------------------------------------------------------------------------------------


def check_matrices(x: Array) -> Array:
    """Return matrices in a type that LAPACK knows.

    Raises:
        InvalidArgumentError: if there are fewer than two dimensions.
    """
    if x.ndim < 2:
        raise invalid(f"Input tensor 0 must have rank >= 2, got {x.ndim}")
    return wide(x)


def check_square(x: Array) -> Array:
    """Return square matrices in a type that LAPACK knows.

    Raises:
        InvalidArgumentError: if they are not square.
    """
    x = check_matrices(x)
    if x.shape[-1] != x.shape[-2]:
        raise invalid("Input matrix must be square.", rows=x.shape[-2], columns=x.shape[-1])
    return x


def check_right_side(matrix: Array, rhs: Array) -> None:
    """Check that the systems matrix @ x = rhs fit together, batches included.

    Raises:
        InvalidArgumentError: if rows differ, or there are not as many right sides as matrices.
    """
    shapes: dict[str, Any] = {"matrix": list(matrix.shape), "rhs": list(rhs.shape)}
    if matrix.shape[:-2] != rhs.shape[:-2]:
        raise invalid("All input tensors must have the same outer dimensions.", **shapes)
    if matrix.shape[-2] != rhs.shape[-2]:
        raise invalid("Input matrix and rhs are incompatible.", **shapes)


def solved(matrices: Array, rhs: Array, what: str = "Input matrix") -> Array:
    """Return x with matrices @ x = rhs.

    Raises:
        InvalidArgumentError: if a matrix is singular; `what` is its name in the message.
    """
    singular = f"{what} is not invertible."
    if np.isnan(matrices).any():
        raise invalid(singular)
    try:
        made: Array = np.linalg.solve(matrices, rhs.astype(matrices.dtype, copy=False))
    except np.linalg.LinAlgError:
        raise invalid(singular) from None
    return made


# --- shape rules ---------------------------------------------------------------------------------


def matrix_parts(x: Shape) -> tuple[Shape, Any, Any]:
    """Return (shape of the batch, rows, columns), as far as they are known."""
    if x.dims is not None and len(x) < 2:
        raise invalid(f"Shape must be at least rank 2 but is rank {len(x)}")
    return (x if x.dims is None else Shape(x[:-2])), x[-2], x[-1]


def square_parts(x: Shape) -> tuple[Shape, Any]:
    """Return (shape of the batch, size), as far as they are known."""
    batch, rows, columns = matrix_parts(x)
    return batch, must_equal(rows, columns)


def joined(batch: Shape, *inner: Any) -> Shape:
    """Return the shape of a batch of arrays of sizes `inner`."""
    return batch if batch.dims is None else Shape([*batch, *inner])


def same_square_shape(input: Shape) -> Shape:
    """Return the shape of square matrices: the rule of functions of one."""
    batch, n = square_parts(input)
    return joined(batch, n, n)


# --- gradients -----------------------------------------------------------------------------------


def product(x: Any, y: Any, *, adj_x: bool = False, adj_y: bool = False) -> Tensor:
    """Multiply matrices in the graph."""
    return ops.batch_mat_mul_v2_op(x, y, adj_x=adj_x, adj_y=adj_y)


def adjoint_of(x: Tensor) -> Tensor:
    """Conjugate and transpose matrices in the graph."""
    rank: Any = x.static_shape.rank
    if rank is not None:
        order: Any = [*range(rank - 2), rank - 1, rank - 2]
    else:
        rank = ops.rank_op(x)
        order = ops.concat_v2_op([ops.range_op(0, rank - 2, 1), [rank - 1], [rank - 2]], 0)
    turn = ops.conjugate_transpose_op if x.dtype.is_complex else ops.transpose_op
    return turn(x, order)


def on_matrices(x: Tensor) -> Tensor:
    """Give a number per matrix two dimensions of size 1, to multiply the matrices by it."""
    return ops.expand_dims_op(ops.expand_dims_op(x, -1), -1)


def identities_like(x: Tensor) -> Tensor:
    """Return identity matrices in the shape of the square matrices `x`."""
    return ops.matrix_diag_op(ops.ones_like_op(ops.matrix_diag_part_op(x)))


def half_diagonal(x: Tensor) -> Tensor:
    """Halve the diagonals of matrices."""
    return ops.matrix_set_diag_op(x, ops.matrix_diag_part_op(x) * 0.5)


def lower(x: Tensor) -> Tensor:
    """Keep the lower triangles."""
    return ops.matrix_band_part_op(x, -1, 0)


def safe_reciprocal(x: Tensor) -> Tensor:
    """Return 1 / x, and 0 for 0."""
    return x * ops.reciprocal_op(x * x + 1e-20)
