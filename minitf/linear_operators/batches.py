"""Batches of matrices that broadcast with each other, and linear systems of such batches.

The ops that solve linear systems want equal batch shapes.  Where the matrix has fewer dimensions
than the right-hand side, the additional ones become columns of one system, if that is less work
than to repeat the matrix:

    A [M, M],  b [B, M, K]   ->   A x = b'  with  b' [M, K B]

Source: TensorFlow 1.15's tensorflow.python.ops.linalg.linear_operator_util.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

import numpy as np

from minitf.api.array import concat, reshape, roll, transpose
from minitf.api.constants import zeros
from minitf.api.framework import name_scope
from minitf.api.linalg import adjoint as adjoint_of
from minitf.api.linalg import cholesky_solve, matrix_solve, matrix_triangular_solve
from minitf.api.sequences import range as range_
from minitf.api.sizes import (
    broadcast_dynamic_shape,
    broadcast_static_shape,
    broadcast_to,
    rank,
    shape,
)
from minitf.api.static_checks import assert_proper_iterable
from minitf.convert import convert_to_tensor
from minitf.linear_operators.parameters import assert_is_batch_matrix
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_Back = Callable[[Tensor], Tensor]


def rotate_transpose(x: Any, shift: int, name: str = "rotate_transpose") -> Tensor:
    """Return a Tensor whose dimensions are moved by a number of places to the right, in a circle.

    Args:
        x: of known rank.
        shift: how far; to the left if negative.
        name: name scope of the operations.
    """
    with name_scope(name, values=[x, shift]):
        x = convert_to_tensor(x, name="x")
        dimensions = x.shape.rank
        if dimensions is None:
            axes = range_(rank(x))
            return transpose(x, roll(axes, shift, 0))
        return transpose(x, np.roll(np.arange(dimensions), shift))


def common_batch_shape(operators: Iterable[Any]) -> TensorShape:
    """Return the shape to which the batches of operators broadcast, as far as it is known."""
    made: TensorShape = reduce(broadcast_static_shape, (each.batch_shape for each in operators))
    return made


def common_batch_shape_tensor(operators: Iterable[Any]) -> Tensor:
    """Return the shape to which the batches of operators broadcast."""
    sizes = (each.batch_shape_tensor() for each in operators)
    made: Tensor = reduce(broadcast_dynamic_shape, sizes)
    return made


def broadcast_matrix_batch_dims(batch_matrices: Any, name: str | None = None) -> list[Tensor]:
    """Return batches of matrices, repeated so that all batches have the shape they broadcast to.

    Args:
        batch_matrices: a list of number[..., M, N].
        name: name scope of the operations.

    Raises:
        TypeError: if they are no list.
        ValueError: if one is no matrix, or the batches do not broadcast.
    """
    with name_scope(name or "broadcast_matrix_batch_dims", values=batch_matrices):
        assert_proper_iterable(batch_matrices)
        matrices = [convert_to_tensor(each) for each in batch_matrices]
        for each in matrices:
            assert_is_batch_matrix(each)
        if len(matrices) < 2:
            return matrices
        static = reduce(broadcast_static_shape, (each.shape[:-2] for each in matrices))
        if static.is_fully_defined():
            return [
                each
                if each.shape[:-2] == static
                else broadcast_to(each, concat([static.as_list(), shape(each)[-2:]], 0))
                for each in matrices
            ]
        batch = reduce(broadcast_dynamic_shape, (shape(each)[:-2] for each in matrices))
        return [broadcast_to(each, concat([batch, shape(each)[-2:]], 0)) for each in matrices]


def of_batch_shape(operator: Any, x: Tensor) -> Tensor:
    """Return matrices, repeated so that they have at least an operator's batch shape."""
    known = operator.batch_shape.concatenate([1, 1])
    if known.is_fully_defined():
        if broadcast_static_shape(x.shape, known) == x.shape:
            return x
        return x + zeros(known, operator.dtype)
    return x + zeros(concat((operator.batch_shape_tensor(), [1, 1]), 0), operator.dtype)


# --- linear systems ------------------------------------------------------------------------------


def cholesky_solve_with_broadcast(chol: Any, rhs: Any, name: str | None = None) -> Tensor:
    """Solve L L^H x = rhs for batches that broadcast with each other."""
    with name_scope(name, "CholeskySolveWithBroadcast", [chol, rhs]):
        chol, rhs = broadcast_matrix_batch_dims([chol, rhs])
        return cholesky_solve(chol, rhs)


def matrix_solve_with_broadcast(
    matrix: Any, rhs: Any, adjoint: bool = False, name: str | None = None
) -> Tensor:
    """Solve matrix @ x = rhs, or with the adjoint, for batches that broadcast with each other."""
    with name_scope(name, "MatrixSolveWithBroadcast", [matrix, rhs]):
        matrix, rhs, back, adjoined = _as_columns(matrix, rhs, adjoint=adjoint)
        return back(matrix_solve(matrix, rhs, adjoint=adjoint and not adjoined))


def matrix_triangular_solve_with_broadcast(
    matrix: Any, rhs: Any, lower: bool = True, adjoint: bool = False, name: str | None = None
) -> Tensor:
    """Solve matrix @ x = rhs for triangular matrices whose batches broadcast with the others'."""
    with name_scope(name, "MatrixTriangularSolve", [matrix, rhs]):
        matrix, rhs, back, adjoined = _as_columns(matrix, rhs, adjoint=adjoint)
        lower = lower is not adjoined  # the adjoint of a lower triangle is an upper one
        adjoint = adjoint and not adjoined
        return back(matrix_triangular_solve(matrix, rhs, lower=lower, adjoint=adjoint))


def _as_columns(matrix: Any, rhs: Any, *, adjoint: bool) -> tuple[Tensor, Tensor, _Back, bool]:
    """Return a linear system with equal batch shapes.

    Returns:
        The matrix, the right-hand side, a function that gives a solution its shape back, and
        whether the matrix is the adjoint already.
    """
    matrix = convert_to_tensor(matrix, name="matrix")
    rhs = convert_to_tensor(rhs, matrix.dtype, name="rhs")
    extra = _extra_dimensions(matrix, rhs)
    if not extra:
        matrix, rhs = broadcast_matrix_batch_dims([matrix, rhs])
        return matrix, rhs, lambda x: x, False
    sizes = shape(rhs)
    more, inner = sizes[:extra], sizes[extra:]
    dimensions = rhs.shape.rank
    last = [*range(extra, dimensions), *range(extra)]
    columns = reshape(transpose(rhs, last), concat([inner[:-1], [-1]], 0))

    def back(x: Tensor) -> Tensor:
        whole = reshape(x, concat([shape(x)[:-1], inner[-1:], more], 0))
        return transpose(whole, np.argsort(last))

    matrix = adjoint_of(matrix) if adjoint else matrix
    matrix, columns = broadcast_matrix_batch_dims([matrix, columns])
    return matrix, columns, back, adjoint


def _extra_dimensions(matrix: Tensor, rhs: Tensor) -> int:
    """Return how many of the first dimensions of a right-hand side should become columns."""
    if matrix.shape.rank is None or rhs.shape.rank is None:
        return 0
    extra = max(0, rhs.shape.rank - matrix.shape.rank)
    systems = rhs.shape[:extra].num_elements()
    size, columns = matrix.shape[-1].value, rhs.shape[-1].value
    known = None not in (systems, size, columns)
    return 0 if known and (systems < 2 or size <= columns) else extra
