"""Kronecker products: each number of A replaced by its product with B.

    A x B = [a_11 B  a_12 B ...]
            [a_21 B  a_22 B ...]

A vector of the product's domain is a block with one dimension per operator, and each operator is
applied along its own: O(N (n_1 + ... + n_k)) operations for a product of k operators with
N = n_1 ... n_k, where the matrix itself would take N^2.

Source: TensorFlow 1.15's LinearOperatorKronecker.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import add, mul
from typing import Any

from minitf.api.array import concat, matrix_transpose, reshape, stack
from minitf.api.casting import cast
from minitf.api.control import group
from minitf.api.linalg import adjoint as adjoint_of
from minitf.api.math import maximum
from minitf.api.sizes import broadcast_static_shape, shape
from minitf.errors import InvalidArgumentError
from minitf.linear_operators.algebra import RegisterAdjoint, RegisterCholesky, RegisterInverse
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.batches import common_batch_shape, common_batch_shape_tensor
from minitf.linear_operators.compound import CompoundOperator
from minitf.linear_operators.hints import Hint, hints_of
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.tensor_shape import Dimension, TensorShape


class LinearOperatorKronecker(CompoundOperator):
    """The Kronecker product of operators, batches of which broadcast.

    Args:
        operators: the operators.
        is_non_singular: whether it has an inverse; it has if all have.
        is_self_adjoint: whether it equals its conjugate transpose, likewise.
        is_positive_definite: whether x^H A x has a positive real part for all x but 0, likewise.
        is_square: whether it has as many rows as columns.
        name: name scope of all operations; the operators' names joined by default.

    Raises:
        TypeError: if operators' types differ.
        ValueError: if there is no operator, or hints contradict each other.
    """

    _wanted = "a list of >=1 operators"

    def __init__(
        self,
        operators: Sequence[LinearOperator],
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = None,
        name: str | None = None,
    ) -> None:
        hints = {
            "is_non_singular": is_non_singular,
            "is_self_adjoint": is_self_adjoint,
            "is_positive_definite": is_positive_definite,
            "is_square": is_square,
        }
        kept = {
            hint: f"The Kronecker product of {kind} operators is always {kind}."
            for hint, kind in (
                ("is_non_singular", "non-singular"),
                ("is_self_adjoint", "self-adjoint"),
                ("is_positive_definite", "positive-definite"),
            )
        }
        super().__init__(operators, "_x_", hints, kept, name)

    def _shape(self) -> TensorShape:
        rows = reduce(mul, (each.range_dimension for each in self._operators))
        columns = reduce(mul, (each.domain_dimension for each in self._operators))
        return common_batch_shape(self._operators).concatenate([rows, columns])

    def _shape_tensor(self) -> Tensor:
        rows = reduce(mul, (each.range_dimension_tensor() for each in self._operators))
        columns = reduce(mul, (each.domain_dimension_tensor() for each in self._operators))
        return concat((common_batch_shape_tensor(self._operators), stack([rows, columns])), 0)

    # --- products and systems --------------------------------------------------------------------

    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        x = adjoint_of(x) if adjoint_arg else x
        rows = self.domain_dimension if adjoint else self.range_dimension
        return self._along(x, lambda each, part: each.matmul(part, adjoint=adjoint), adjoint, rows)

    def _solve(self, rhs: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        rhs = adjoint_of(rhs) if adjoint_arg else rhs
        rows = self.range_dimension if adjoint else self.domain_dimension
        solve = lambda each, part: each.solve(part, adjoint=adjoint)  # noqa: E731
        return self._along(rhs, solve, not adjoint, rows)

    def _along(
        self,
        x: Tensor,
        apply: Callable[[LinearOperator, Tensor], Tensor],
        of_range: bool,
        rows: Dimension,
    ) -> Tensor:
        """Return columns with each operator applied along its own dimension.

        Each operator finds its dimension first and leaves it last, in a circle: of
        [n_1, ..., n_k, R] the first makes [n_2, ..., n_k, R, m_1], and the last
        [R, m_1, ..., m_k].

        Args:
            x: [..., N, R].
            apply: what is done with an operator and [..., n, L].
            of_range: whether these n are those of an operator's range, or of its domain.
            rows: how many rows the result has.
        """
        static = broadcast_static_shape(x.shape[:-2], self.batch_shape)
        columns = x.shape[-1]
        count = shape(x)[-1]
        for each in self._operators:
            size = each.range_dimension_tensor() if of_range else each.domain_dimension_tensor()
            x = matrix_transpose(apply(each, _split_first(x, size)))
        made = matrix_transpose(_split_first(x, count))
        made.set_shape(static.concatenate([rows, columns]))
        return made

    # --- numbers that say much of it -------------------------------------------------------------

    def _power(self, each: LinearOperator) -> Tensor:
        """Return how often an operator stands in the product: the size of all others."""
        count = self.domain_dimension_tensor() // each.domain_dimension_tensor()
        return cast(count, self.dtype)  # type: ignore[no-any-return]

    def _determinant(self) -> Tensor:
        return reduce(mul, (each.determinant() ** self._power(each) for each in self._operators))

    def _log_abs_determinant(self) -> Tensor:
        found = (each.log_abs_determinant() * self._power(each) for each in self._operators)
        return reduce(add, found)

    def _trace(self) -> Tensor:
        if not self._is_of_squares():
            return super()._trace()
        return reduce(mul, (each.trace() for each in self._operators))

    def _diag_part(self) -> Tensor:
        if not self._is_of_squares():
            return super()._diag_part()
        columns = reduce(_product, (each.diag_part()[..., None] for each in self._operators))
        columns.set_shape(self.batch_shape.concatenate([self.range_dimension, 1]))
        return columns[..., 0]

    def _to_dense(self) -> Tensor:
        made = reduce(_product, (each.to_dense() for each in self._operators))
        made.set_shape(self.shape)
        return made

    # --- assertions ------------------------------------------------------------------------------

    def _is_of_squares(self) -> bool:
        return all(each.is_square for each in self._operators)

    def _must_be_of_squares(self, what: str) -> None:
        if not self._is_of_squares():
            message = f"All Kronecker factors must be square for the product to be {what}."
            raise InvalidArgumentError(None, None, message)

    def _assert_non_singular(self) -> Operation:
        self._must_be_of_squares("invertible")
        return group([each.assert_non_singular() for each in self._operators])

    def _assert_self_adjoint(self) -> Operation:
        self._must_be_of_squares("self adjoint")
        return group([each.assert_self_adjoint() for each in self._operators])


def _split_first(x: Tensor, size: Any) -> Tensor:
    """Return [..., K, L] as [..., size, K L / size]."""
    sizes = shape(x)
    rest = sizes[-2] * sizes[-1] // maximum(size, 1)  # an empty dimension leaves nothing
    return reshape(x, concat([sizes[:-2], [size, rest]], 0))


def _product(a: Tensor, b: Tensor) -> Tensor:
    """Return the Kronecker product of matrices."""
    blocks = a[..., :, None, :, None] * b[..., None, :, None, :]
    sizes = shape(blocks)
    rows, columns = sizes[-4] * sizes[-3], sizes[-2] * sizes[-1]
    return reshape(blocks, concat([sizes[:-4], [rows, columns]], 0))


# --- algebra -------------------------------------------------------------------------------------


@RegisterAdjoint(LinearOperatorKronecker)
def _adjoint(operator: LinearOperatorKronecker) -> LinearOperatorKronecker:
    factors = [each.adjoint() for each in operator.operators]
    return LinearOperatorKronecker(factors, **hints_of(operator))


@RegisterInverse(LinearOperatorKronecker)
def _inverse(operator: LinearOperatorKronecker) -> LinearOperatorKronecker:
    factors = [each.inverse() for each in operator.operators]
    return LinearOperatorKronecker(factors, **hints_of(operator))


@RegisterCholesky(LinearOperatorKronecker)
def _cholesky(operator: LinearOperatorKronecker) -> LinearOperatorKronecker:
    return LinearOperatorKronecker(
        [each.cholesky() for each in operator.operators], is_non_singular=True, is_square=True
    )
