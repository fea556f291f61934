"""Toeplitz operators: all diagonals of constant numbers.

    A[i, j] = col[i - j] for i >= j, row[j - i] for j > i

A is a corner of the circulant operator of twice the size whose first column is col, 0 and row
reversed, so that products take O(N log N) operations.

Source: TensorFlow 1.15's LinearOperatorToeplitz.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat, reverse
from minitf.api.assertions import assert_equal
from minitf.api.casting import cast
from minitf.api.constants import ones, zeros_like
from minitf.api.framework import name_scope
from minitf.api.linalg import adjoint as adjoint_of
from minitf.api.sizes import broadcast_dynamic_shape, broadcast_static_shape, shape
from minitf.api.spectral import fft
from minitf.convert import convert_to_tensor
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.batches import broadcast_matrix_batch_dims
from minitf.linear_operators.circulant import LinearOperatorCirculant
from minitf.linear_operators.hints import Hint, always
from minitf.linear_operators.parameters import must_have_rank, to_complex
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class LinearOperatorToeplitz(LinearOperator):
    """A batch of square Toeplitz matrices.

    Args:
        col: number[..., N], the first columns.
        row: number[..., N], the first rows, whose first number is the columns'.
        is_non_singular: whether it has an inverse.
        is_self_adjoint: whether it equals its conjugate transpose.
        is_positive_definite: whether x^H A x has a positive real part for all x but 0.
        is_square: it always is.
        name: name scope of all operations.

    Raises:
        ValueError: if `col` and `row` do not fit each other or have no dimension, or hints
            contradict each other.
    """

    def __init__(
        self,
        col: Any,
        row: Any,
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = None,
        name: str = "LinearOperatorToeplitz",
    ) -> None:
        with name_scope(name, values=[row, col]):
            self._row = convert_to_tensor(row, name="row")
            self._col = convert_to_tensor(col, name="col")
            must_have_rank(self._row, 1, "row")
            must_have_rank(self._col, 1, "col")
            if (self._row.shape[-1] != self._col.shape[-1]) is True:
                raise ValueError(
                    "Expected square matrix, got row and col with mismatched dimensions."
                )
            message = "Only square Toeplitz operators currently supported."
            is_square = always(is_square, message)
            self._circulant = _circulant(self._col, self._row)
            super().__init__(
                dtype=self._row.dtype,
                graph_parents=[self._row, self._col],
                is_non_singular=is_non_singular,
                is_self_adjoint=is_self_adjoint,
                is_positive_definite=is_positive_definite,
                is_square=is_square,
                name=name,
            )

    @property
    def col(self) -> Tensor:
        """The first columns."""
        return self._col

    @property
    def row(self) -> Tensor:
        """The first rows."""
        return self._row

    def _shape(self) -> TensorShape:
        sizes = broadcast_static_shape(self._row.shape, self._col.shape)
        return sizes.concatenate(sizes[-1:])

    def _shape_tensor(self) -> Tensor:
        sizes = broadcast_dynamic_shape(shape(self._row), shape(self._col))
        return concat((sizes, [sizes[-1]]), 0)

    def _assert_self_adjoint(self) -> Operation:
        message = "row and col are not the same, and so this operator is not self-adjoint."
        return assert_equal(self._row, self._col, message=message)

    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        x = adjoint_of(x) if adjoint_arg else x
        found: Tensor = self._circulant.matmul(concat([x, zeros_like(x)], -2), adjoint=adjoint)
        return found[..., : self.domain_dimension_tensor(), :]

    def _trace(self) -> Tensor:
        size = cast(self.domain_dimension_tensor(), self.dtype)
        return size * self._diag_part()[..., 0]  # type: ignore[no-any-return]

    def _diag_part(self) -> Tensor:
        return self._col[..., :1] * ones(self.shape_tensor()[:-1], self.dtype)


def _circulant(col: Tensor, row: Tensor) -> LinearOperatorCirculant:
    """Return the circulant operator of twice the size whose upper left corner is the matrix."""
    col, row = (
        each[..., 0] for each in broadcast_matrix_batch_dims([col[..., None], row[..., None]])
    )
    first = concat([col, zeros_like(col[..., :1]), reverse(row[..., 1:], [-1])], -1)
    return LinearOperatorCirculant(fft(to_complex(first)), input_output_dtype=row.dtype)
