"""Operators on the diagonal of a larger one: the direct sum A + B of operators.

    [A 0] [x]   [A x]
    [0 B] [y] = [B y]

Source: TensorFlow 1.15's LinearOperatorBlockDiag.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import accumulate
from operator import add, mul
from typing import Any

from minitf.api.array import concat, expand_dims, split, squeeze, stack
from minitf.api.constants import zeros
from minitf.api.control import group
from minitf.api.sizes import shape
from minitf.linear_operators.algebra import RegisterAdjoint, RegisterCholesky, RegisterInverse
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.batches import (
    broadcast_matrix_batch_dims,
    common_batch_shape,
    common_batch_shape_tensor,
)
from minitf.linear_operators.compound import CompoundOperator
from minitf.linear_operators.hints import Hint, hints_of
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class LinearOperatorBlockDiag(CompoundOperator):
    """A batch of matrices with square operators on the diagonal and zeros elsewhere.

    Args:
        operators: the operators.
        is_non_singular: whether it has an inverse; it has if all have.
        is_self_adjoint: whether it equals its conjugate transpose, likewise.
        is_positive_definite: whether x^H A x has a positive real part for all x but 0, likewise.
        is_square: it always is.
        name: name scope of all operations; the operators' names joined by default.

    Raises:
        TypeError: if operators' types differ.
        ValueError: if there is no operator, one is not square, or hints contradict each other.
    """

    def __init__(
        self,
        operators: Sequence[LinearOperator],
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = True,
        name: str | None = None,
    ) -> None:
        if not (is_square and all(each.is_square for each in operators)):
            raise ValueError("Can only represent a block diagonal of square matrices.")
        hints = {
            "is_non_singular": is_non_singular,
            "is_self_adjoint": is_self_adjoint,
            "is_positive_definite": is_positive_definite,
            "is_square": is_square,
        }
        kept = {
            hint: f"The direct sum of {kind} operators is always {kind}."
            for hint, kind in (
                ("is_non_singular", "non-singular"),
                ("is_self_adjoint", "self-adjoint"),
                ("is_positive_definite", "positive definite"),
            )
        }
        super().__init__(operators, "_ds_", hints, kept, name)

    def _shape(self) -> TensorShape:
        side = reduce(add, (each.domain_dimension for each in self._operators))
        return common_batch_shape(self._operators).concatenate([side, side])

    def _shape_tensor(self) -> Tensor:
        side = reduce(add, (each.domain_dimension_tensor() for each in self._operators))
        return concat((common_batch_shape_tensor(self._operators), stack([side, side])), 0)

    def _sizes(self) -> list[Any]:
        """Return how many rows and columns the operators have, as numbers if these are known."""
        known = [each.domain_dimension.value for each in self._operators]
        if None in known:
            return [each.domain_dimension_tensor() for each in self._operators]
        return known

    def _parts(self, x: Tensor, *, adjoint_arg: bool) -> list[Tensor]:
        """Return the rows, or columns of the adjoint, that each operator is applied to."""
        made: list[Tensor] = split(x, self._sizes(), axis=-1 if adjoint_arg else -2)
        return made

    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        parts = self._parts(x, adjoint_arg=adjoint_arg)
        found = [
            each.matmul(part, adjoint=adjoint, adjoint_arg=adjoint_arg)
            for each, part in zip(self._operators, parts, strict=True)
        ]
        return concat(broadcast_matrix_batch_dims(found), -2)

    def _solve(self, rhs: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        parts = self._parts(rhs, adjoint_arg=adjoint_arg)
        found = [
            each.solve(part, adjoint=adjoint, adjoint_arg=adjoint_arg)
            for each, part in zip(self._operators, parts, strict=True)
        ]
        return concat(broadcast_matrix_batch_dims(found), -2)

    def _determinant(self) -> Tensor:
        return reduce(mul, (each.determinant() for each in self._operators))

    def _log_abs_determinant(self) -> Tensor:
        return reduce(add, (each.log_abs_determinant() for each in self._operators))

    def _trace(self) -> Tensor:
        return reduce(add, (each.trace() for each in self._operators))

    def _diag_part(self) -> Tensor:
        columns = [expand_dims(each.diag_part(), -1) for each in self._operators]
        return squeeze(concat(broadcast_matrix_batch_dims(columns), -2), axis=-1)

    def _to_dense(self) -> Tensor:
        blocks = broadcast_matrix_batch_dims([each.to_dense() for each in self._operators])
        ends = list(accumulate(self._sizes()))
        rows = []
        for block, size, end in zip(blocks, self._sizes(), ends, strict=True):
            sizes = shape(block)[:-1]
            before, after = (
                zeros(concat([sizes, [columns]], 0), self.dtype)
                for columns in (end - size, ends[-1] - end)
            )
            rows.append(concat([before, block, after], -1))
        made = concat(rows, -2)
        made.set_shape(self.shape)
        return made

    def _assert_non_singular(self) -> Operation:
        return group([each.assert_non_singular() for each in self._operators])

    def _assert_self_adjoint(self) -> Operation:
        return group([each.assert_self_adjoint() for each in self._operators])

    def _assert_positive_definite(self) -> Operation:
        return group([each.assert_positive_definite() for each in self._operators])


@RegisterAdjoint(LinearOperatorBlockDiag)
def _adjoint(operator: LinearOperatorBlockDiag) -> LinearOperatorBlockDiag:
    parts = [each.adjoint() for each in operator.operators]
    return LinearOperatorBlockDiag(parts, **hints_of(operator))


@RegisterInverse(LinearOperatorBlockDiag)
def _inverse(operator: LinearOperatorBlockDiag) -> LinearOperatorBlockDiag:
    parts = [each.inverse() for each in operator.operators]
    return LinearOperatorBlockDiag(parts, **hints_of(operator))


@RegisterCholesky(LinearOperatorBlockDiag)
def _cholesky(operator: LinearOperatorBlockDiag) -> LinearOperatorBlockDiag:
    return LinearOperatorBlockDiag(
        [each.cholesky() for each in operator.operators], is_non_singular=True
    )
