"""Public functions of matrices that take LinearOperators in their place.

Source: TensorFlow 1.15's overrides of the same functions.
"""

from __future__ import annotations

from typing import Any

from minitf.api import diagonals, linalg, norms
from minitf.api import matmul as products
from minitf.dispatch import dispatch_for_types
from minitf.linear_operators.base import LinearOperator


@dispatch_for_types(linalg.adjoint, LinearOperator)
def _adjoint(matrix: Any, name: str | None = None) -> Any:
    return matrix.adjoint(name)


@dispatch_for_types(linalg.cholesky, LinearOperator)
def _cholesky(input: Any, name: str | None = None) -> Any:
    return input.cholesky(name)


@dispatch_for_types(diagonals.matrix_diag_part, LinearOperator)
def _diag_part(
    input: Any,
    name: str = "diag_part",
    k: Any = 0,
    padding_value: Any = 0,
) -> Any:
    return input.diag_part(name)


@dispatch_for_types(linalg.matrix_determinant, LinearOperator)
def _det(input: Any, name: str | None = None) -> Any:
    return input.determinant(name)


@dispatch_for_types(linalg.matrix_inverse, LinearOperator)
def _inverse(input: Any, adjoint: bool = False, name: str | None = None) -> Any:
    made = input.inverse(name)
    return made.adjoint() if adjoint else made


@dispatch_for_types(linalg.logdet, LinearOperator)
def _logdet(matrix: Any, name: str | None = None) -> Any:
    if not (matrix.is_positive_definite and matrix.is_self_adjoint):
        raise ValueError("Expected matrix to be self-adjoint positive definite.")
    return matrix.log_abs_determinant(name)


@dispatch_for_types(products.matmul, LinearOperator)
def _matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Any:
    if transpose_a or transpose_b:
        raise ValueError("Transposing not supported at this time.")
    if a_is_sparse or b_is_sparse:
        raise ValueError("Sparse methods not supported at this time.")
    if isinstance(a, LinearOperator):
        return a.matmul(b, adjoint=adjoint_a, adjoint_arg=adjoint_b, name=name)
    made = b.matmul(a, adjoint=not adjoint_b, adjoint_arg=not adjoint_a, name=name)
    return linalg.adjoint(made)  # a b = (b^H a^H)^H


@dispatch_for_types(linalg.matrix_solve, LinearOperator)
def _solve(matrix: Any, rhs: Any, adjoint: bool = False, name: str | None = None) -> Any:
    if not isinstance(matrix, LinearOperator):
        raise ValueError(
            "Passing in `matrix` as a Tensor and `rhs` as a LinearOperator is not supported."
        )
    return matrix.solve(rhs, adjoint=adjoint, name=name)


@dispatch_for_types(norms.trace, LinearOperator)
def _trace(x: Any, name: str | None = None) -> Any:
    return x.trace(name)
