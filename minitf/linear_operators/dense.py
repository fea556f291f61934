"""Operators of matrices that are given: whole ones, and lower triangles.

Source: TensorFlow 1.15's LinearOperatorFullMatrix and LinearOperatorLowerTriangular.
"""

from __future__ import annotations

from typing import Any

from minitf.api.diagonals import matrix_band_part, matrix_diag_part
from minitf.api.elementary import log
from minitf.api.framework import name_scope
from minitf.api.linalg import adjoint as adjoint_of
from minitf.api.linalg import cholesky as cholesky_of
from minitf.api.math import abs as abs_
from minitf.api.matmul import matmul
from minitf.api.reductions import reduce_prod, reduce_sum
from minitf.api.sizes import shape
from minitf.dtypes import complex64, complex128, float16, float32, float64
from minitf.linear_operators.algebra import RegisterCholesky
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.batches import matrix_triangular_solve_with_broadcast
from minitf.linear_operators.hints import Hint, always
from minitf.linear_operators.parameters import (
    assert_no_entries_with_modulus_zero,
    base_dtype,
    convert_nonref_to_tensor,
    must_have_rank,
)
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_NUMBERS = [float16, float32, float64, complex64, complex128]


class LinearOperatorFullMatrix(LinearOperator):
    """A batch of matrices as they are.

    Args:
        matrix: number[..., M, N].
        is_non_singular: whether it has an inverse.
        is_self_adjoint: whether it equals its conjugate transpose.
        is_positive_definite: whether x^H A x has a positive real part for all x but 0.
        is_square: whether M = N.
        name: name scope of all operations.

    Raises:
        TypeError: if they are not of floating-point or complex numbers.
        ValueError: if `matrix` has fewer than 2 dimensions, or hints contradict each other.
    """

    def __init__(
        self,
        matrix: Any,
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = None,
        name: str = "LinearOperatorFullMatrix",
    ) -> None:
        with name_scope(name, values=[matrix]):
            self._matrix = convert_nonref_to_tensor(matrix, name="matrix")
            dtype = base_dtype(self._matrix.dtype)
            if dtype not in _NUMBERS:
                raise TypeError(f"Argument matrix must have dtype in {_NUMBERS}.  Found: {dtype}")
            must_have_rank(self._matrix, 2, "matrix")
            super().__init__(
                dtype=dtype,
                graph_parents=[self._matrix],
                is_non_singular=is_non_singular,
                is_self_adjoint=is_self_adjoint,
                is_positive_definite=is_positive_definite,
                is_square=is_square,
                name=name,
            )

    def _shape(self) -> TensorShape:
        return self._matrix.shape  # type: ignore[no-any-return]

    def _shape_tensor(self) -> Tensor:
        return shape(self._matrix)

    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        return matmul(self._matrix, x, adjoint_a=adjoint, adjoint_b=adjoint_arg)

    def _to_dense(self) -> Tensor:
        return self._matrix  # type: ignore[no-any-return]


class LinearOperatorLowerTriangular(LinearOperator):
    """A batch of square matrices with zeros above the diagonal.

    Args:
        tril: number[..., N, N], whose upper triangle is not read.
        is_non_singular: whether it has an inverse.
        is_self_adjoint: whether it equals its conjugate transpose.
        is_positive_definite: whether x^H A x has a positive real part for all x but 0.
        is_square: it always is.
        name: name scope of all operations.

    Raises:
        ValueError: if `tril` has fewer than 2 dimensions, or hints contradict each other.
    """

    def __init__(
        self,
        tril: Any,
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = None,
        name: str = "LinearOperatorLowerTriangular",
    ) -> None:
        message = "Only square lower triangular operators supported at this time."
        is_square = always(is_square, message)
        with name_scope(name, values=[tril]):
            self._tril = convert_nonref_to_tensor(tril, name="tril")
            must_have_rank(self._tril, 2, "tril")
            super().__init__(
                dtype=self._tril.dtype,
                graph_parents=[self._tril],
                is_non_singular=is_non_singular,
                is_self_adjoint=is_self_adjoint,
                is_positive_definite=is_positive_definite,
                is_square=is_square,
                name=name,
            )

    def _diagonal(self) -> Tensor:
        return matrix_diag_part(self._tril)

    def _shape(self) -> TensorShape:
        return self._tril.shape  # type: ignore[no-any-return]

    def _shape_tensor(self) -> Tensor:
        return shape(self._tril)

    def _assert_non_singular(self) -> Operation:
        message = "Singular operator:  Diagonal contained zero values."
        return assert_no_entries_with_modulus_zero(self._diagonal(), message=message)

    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        return matmul(self._to_dense(), x, adjoint_a=adjoint, adjoint_b=adjoint_arg)

    def _determinant(self) -> Tensor:
        return reduce_prod(self._diagonal(), axis=[-1])

    def _log_abs_determinant(self) -> Tensor:
        return reduce_sum(log(abs_(self._diagonal())), axis=[-1])

    def _solve(self, rhs: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        rhs = adjoint_of(rhs) if adjoint_arg else rhs
        return matrix_triangular_solve_with_broadcast(self._to_dense(), rhs, adjoint=adjoint)

    def _to_dense(self) -> Tensor:
        return matrix_band_part(self._tril, -1, 0)


@RegisterCholesky(LinearOperator)
def _cholesky(operator: LinearOperator) -> LinearOperatorLowerTriangular:
    return LinearOperatorLowerTriangular(
        cholesky_of(operator.to_dense()), is_non_singular=True, is_self_adjoint=False
    )
