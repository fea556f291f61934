"""Diagonal operators, and what stays diagonal or triangular by them.

    D = diag(d):   D x = d * x,   D^-1 x = x / d,   det D = prod d

Source: TensorFlow 1.15's LinearOperatorDiag.
"""

from __future__ import annotations

from typing import Any

from minitf.api import assertions
from minitf.api.array import concat, expand_dims
from minitf.api.casting import cast
from minitf.api.diagonals import matrix_diag, matrix_diag_part, matrix_set_diag
from minitf.api.elementary import conj, log, real, sqrt
from minitf.api.framework import name_scope
from minitf.api.linalg import adjoint as adjoint_of
from minitf.api.math import abs as abs_
from minitf.api.reductions import reduce_prod, reduce_sum
from minitf.api.sizes import shape
from minitf.linear_operators.algebra import (
    RegisterAdjoint,
    RegisterCholesky,
    RegisterInverse,
    RegisterMatmul,
    RegisterSolve,
)
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.batches import of_batch_shape
from minitf.linear_operators.dense import LinearOperatorLowerTriangular
from minitf.linear_operators.hints import Hint, always, commuting, hints_of
from minitf.linear_operators.parameters import (
    assert_no_entries_with_modulus_zero,
    assert_zero_imag_part,
    convert_nonref_to_tensor,
    must_have_rank,
)
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class LinearOperatorDiag(LinearOperator):
    """A batch of diagonal matrices.

    Args:
        diag: number[..., N], the diagonals.
        is_non_singular: whether no number is 0.
        is_self_adjoint: whether all numbers are real.
        is_positive_definite: whether all numbers have a positive real part.
        is_square: it always is.
        name: name scope of all operations.

    Raises:
        ValueError: if `diag` has no dimension, or hints contradict each other.
    """

    def __init__(
        self,
        diag: Any,
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = None,
        name: str = "LinearOperatorDiag",
    ) -> None:
        with name_scope(name, values=[diag]):
            self._diag = convert_nonref_to_tensor(diag, name="diag")
            must_have_rank(self._diag, 1, "diag")
            if not self._diag.dtype.is_complex:
                message = "A real diagonal operator is always self adjoint."
                is_self_adjoint = always(is_self_adjoint, message)
            message = "Only square diagonal operators currently supported."
            is_square = always(is_square, message)
            super().__init__(
                dtype=self._diag.dtype,
                graph_parents=[self._diag],
                is_non_singular=is_non_singular,
                is_self_adjoint=is_self_adjoint,
                is_positive_definite=is_positive_definite,
                is_square=is_square,
                name=name,
            )

    @property
    def diag(self) -> Any:
        """The diagonals."""
        return self._diag

    def _shape(self) -> TensorShape:
        sizes = self._diag.shape
        return sizes.concatenate(sizes[-1:])  # type: ignore[no-any-return]

    def _shape_tensor(self) -> Tensor:
        sizes = shape(self._diag)
        return concat((sizes, [sizes[-1]]), 0)

    def _assert_non_singular(self) -> Operation:
        message = "Singular operator:  Diagonal contained zero values."
        return assert_no_entries_with_modulus_zero(self._diag, message=message)

    def _assert_positive_definite(self) -> Operation:
        message = (
            "Diagonal operator had diagonal entries with non-positive real part, thus was not "
            "positive definite."
            if self.dtype.is_complex
            else "Real diagonal operator had non-positive diagonal entries, thus was not positive "
            "definite."
        )
        return assertions.assert_positive(real(self._diag), message=message)

    def _assert_self_adjoint(self) -> Operation:
        message = (
            "This diagonal operator contained non-zero imaginary values.   Thus it was not "
            "self-adjoint."
        )
        return assert_zero_imag_part(self._diag, message=message)

    def _factors(self, *, adjoint: bool) -> Any:
        return conj(self._diag) if adjoint else self._diag

    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        x = adjoint_of(x) if adjoint_arg else x
        return expand_dims(self._factors(adjoint=adjoint), -1) * x

    def _matvec(self, x: Tensor, adjoint: bool = False) -> Tensor:
        return self._factors(adjoint=adjoint) * x  # type: ignore[no-any-return]

    def _solve(self, rhs: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        rhs = adjoint_of(rhs) if adjoint_arg else rhs
        return rhs * expand_dims(1.0 / self._factors(adjoint=adjoint), -1)

    def _determinant(self) -> Tensor:
        return reduce_prod(self._diag, axis=[-1])

    def _log_abs_determinant(self) -> Tensor:
        return cast(reduce_sum(log(abs_(self._diag)), axis=[-1]), self.dtype)  # type: ignore[no-any-return]

    def _to_dense(self) -> Tensor:
        return matrix_diag(self._diag)

    def _diag_part(self) -> Tensor:
        return self._diag  # type: ignore[no-any-return]

    def _add_to_tensor(self, x: Tensor) -> Tensor:
        x = of_batch_shape(self, x)
        return matrix_set_diag(x, self._diag + matrix_diag_part(x))


@RegisterAdjoint(LinearOperatorDiag)
def _adjoint(operator: LinearOperatorDiag) -> LinearOperatorDiag:
    return LinearOperatorDiag(conj(operator.diag), **hints_of(operator))


@RegisterCholesky(LinearOperatorDiag)
def _cholesky(operator: LinearOperatorDiag) -> LinearOperatorDiag:
    return LinearOperatorDiag(sqrt(operator.diag), is_self_adjoint=True, is_positive_definite=True)


@RegisterInverse(LinearOperatorDiag)
def _inverse(operator: LinearOperatorDiag) -> LinearOperatorDiag:
    return LinearOperatorDiag(1.0 / operator.diag, **hints_of(operator))


@RegisterMatmul(LinearOperatorDiag, LinearOperatorDiag)
def _product(a: LinearOperatorDiag, b: LinearOperatorDiag) -> LinearOperatorDiag:
    return LinearOperatorDiag(a.diag * b.diag, **commuting(a, b))


@RegisterSolve(LinearOperatorDiag, LinearOperatorDiag)
def _quotient(a: LinearOperatorDiag, b: LinearOperatorDiag) -> LinearOperatorDiag:
    return LinearOperatorDiag(b.diag / a.diag, **commuting(a, b))


# --- with triangles ------------------------------------------------------------------------------


def _triangle(
    tril: Tensor, diagonal: LinearOperatorDiag, triangle: LinearOperatorLowerTriangular
) -> LinearOperatorLowerTriangular:
    """Return the product of a diagonal and a triangle, which commute if that is a diagonal too."""
    hints = commuting(diagonal, triangle) | {"is_positive_definite": None}
    return LinearOperatorLowerTriangular(tril, **hints)


@RegisterMatmul(LinearOperatorDiag, LinearOperatorLowerTriangular)
def _diagonal_times_triangle(
    a: LinearOperatorDiag, b: LinearOperatorLowerTriangular
) -> LinearOperatorLowerTriangular:
    return _triangle(a.diag[..., None] * b.to_dense(), a, b)


@RegisterMatmul(LinearOperatorLowerTriangular, LinearOperatorDiag)
def _triangle_times_diagonal(
    a: LinearOperatorLowerTriangular, b: LinearOperatorDiag
) -> LinearOperatorLowerTriangular:
    return _triangle(a.to_dense() * b.diag[..., None, :], b, a)


@RegisterSolve(LinearOperatorDiag, LinearOperatorLowerTriangular)
def _triangle_over_diagonal(
    a: LinearOperatorDiag, b: LinearOperatorLowerTriangular
) -> LinearOperatorLowerTriangular:
    return _triangle(b.to_dense() / a.diag[..., None], a, b)
