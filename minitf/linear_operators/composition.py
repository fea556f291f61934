"""Operators after each other, the last one first: (A B) x = A (B x).

Source: TensorFlow 1.15's LinearOperatorComposition.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add, mul

from minitf.api.array import concat, stack
from minitf.linear_operators import hints
from minitf.linear_operators.algebra import RegisterMatmul, RegisterSolve
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.batches import common_batch_shape, common_batch_shape_tensor
from minitf.linear_operators.compound import CompoundOperator
from minitf.linear_operators.hints import Hint
from minitf.linear_operators.wrapped import LinearOperatorInversion
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class LinearOperatorComposition(CompoundOperator):
    """The product of operators: of shapes [..., M, N1], [..., N1, N2], ... [..., Nk, N].

    Args:
        operators: the operators.
        is_non_singular: whether it has an inverse; it has if all have.
        is_self_adjoint: whether it equals its conjugate transpose.
        is_positive_definite: whether x^H A x has a positive real part for all x but 0.
        is_square: whether M = N.
        name: name scope of all operations; the operators' names joined by default.

    Raises:
        TypeError: if operators' types differ.
        ValueError: if there is no operator, or hints contradict each other.
    """

    def __init__(
        self,
        operators: Sequence[LinearOperator],
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = None,
        name: str | None = None,
    ) -> None:
        promises = {
            "is_non_singular": is_non_singular,
            "is_self_adjoint": is_self_adjoint,
            "is_positive_definite": is_positive_definite,
            "is_square": is_square,
        }
        message = "The composition of non-singular operators is always non-singular."
        super().__init__(operators, "_o_", promises, {"is_non_singular": message}, name)

    def _shape(self) -> TensorShape:
        first, last = self._operators[0], self._operators[-1]
        for left, right in zip(self._operators, self._operators[1:], strict=False):
            left.domain_dimension.assert_is_compatible_with(right.range_dimension)
        batch = common_batch_shape(self._operators)
        return batch.concatenate([first.range_dimension, last.domain_dimension])

    def _shape_tensor(self) -> Tensor:
        first, last = self._operators[0], self._operators[-1]
        sizes = stack([first.range_dimension_tensor(), last.domain_dimension_tensor()])
        return concat((common_batch_shape_tensor(self._operators), sizes), 0)

    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        for each in self._operators if adjoint else reversed(self._operators):
            x = each.matmul(x, adjoint=adjoint, adjoint_arg=adjoint_arg)
            adjoint_arg = False
        return x

    def _solve(self, rhs: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        for each in reversed(self._operators) if adjoint else self._operators:
            rhs = each.solve(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)
            adjoint_arg = False
        return rhs

    def _determinant(self) -> Tensor:
        return reduce(mul, (each.determinant() for each in self._operators))

    def _log_abs_determinant(self) -> Tensor:
        return reduce(add, (each.log_abs_determinant() for each in self._operators))


def _composed(a: LinearOperator, b: LinearOperator, left: LinearOperator) -> LinearOperator:
    """Return left b with what is known of the product of operators that are shaped as a and b."""
    square = hints.is_square(a, b)
    nothing = False if square is False else None  # of what only square operators can be
    return LinearOperatorComposition(
        [left, b],
        is_non_singular=hints.combined_non_singular_hint(a, b) if square else nothing,
        is_self_adjoint=nothing,
        is_positive_definite=nothing,
        is_square=square,
    )


@RegisterMatmul(LinearOperator, LinearOperator)
def _product(a: LinearOperator, b: LinearOperator) -> LinearOperator:
    return _composed(a, b, a)


@RegisterSolve(LinearOperator, LinearOperator)
def _quotient(a: LinearOperator, b: LinearOperator) -> LinearOperator:
    return _composed(a, b, LinearOperatorInversion(a))
