"""Adjoints and inverses of operators: the same operator, asked for the other of two things.

    (A^H) x = A^H x,   (A^-1) x = the solution of A y = x

Source: TensorFlow 1.15's LinearOperatorAdjoint and LinearOperatorInversion.
"""

from __future__ import annotations

from minitf.api.array import concat
from minitf.api.elementary import conj
from minitf.api.framework import name_scope
from minitf.api.linalg import adjoint as adjoint_of
from minitf.linear_operators.algebra import RegisterAdjoint, RegisterInverse, RegisterSolve
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.hints import (
    Hint,
    hints_of,
    use_operator_or_provided_hint_unless_contradicting,
)
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_PROPERTIES = {
    "is_square": "square",
    "is_non_singular": "non-singular",
    "is_self_adjoint": "self-adjoint",
    "is_positive_definite": "positive-definite",
}


class _Wrapped(LinearOperator):
    """An operator that has the properties of another.

    Args:
        operator: the other.
        what: what it is of the other: "adjoint" or "inverse".
        suffix: of the name, which follows from the other's by default.
        hints: what is promised of it.
        name: name scope of all operations.

    Raises:
        ValueError: if its hints contradict the other's.
    """

    def __init__(
        self,
        operator: LinearOperator,
        what: str,
        suffix: str,
        hints: dict[str, Hint],
        name: str | None,
    ) -> None:
        self._operator = operator
        for hint, kind in _PROPERTIES.items():
            hints[hint] = use_operator_or_provided_hint_unless_contradicting(
                operator,
                hint,
                hints[hint],
                f"An operator is {kind} if and only if its {what} is {kind}.",
            )
        name = name or operator.name + suffix
        parents = operator.graph_parents
        with name_scope(name, values=parents):
            super().__init__(dtype=operator.dtype, graph_parents=parents, name=name, **hints)

    @property
    def operator(self) -> LinearOperator:
        """The operator whose adjoint or inverse it is."""
        return self._operator

    def _assert_non_singular(self) -> Operation:
        return self._operator.assert_non_singular()

    def _assert_positive_definite(self) -> Operation:
        return self._operator.assert_positive_definite()

    def _assert_self_adjoint(self) -> Operation:
        return self._operator.assert_self_adjoint()


class LinearOperatorAdjoint(_Wrapped):
    """The conjugate transpose of an operator.

    Args:
        operator: the operator.
        is_non_singular: whether it has an inverse; as the operator by default.
        is_self_adjoint: whether it equals its conjugate transpose, likewise.
        is_positive_definite: whether x^H A x has a positive real part, likewise.
        is_square: whether it is square, likewise.
        name: name scope of all operations.

    Raises:
        ValueError: if hints contradict the operator's.
    """

    def __init__(
        self,
        operator: LinearOperator,
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
        super().__init__(operator, "adjoint", "_adjoint", hints, name)

    def _shape(self) -> TensorShape:
        batch, rows, columns = (
            self._operator.batch_shape,
            self._operator.range_dimension,
            self._operator.domain_dimension,
        )
        return batch.concatenate([columns, rows])

    def _shape_tensor(self) -> Tensor:
        sizes = self._operator.shape_tensor()
        return concat([sizes[:-2], [sizes[-1], sizes[-2]]], -1)

    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        return self._operator.matmul(x, adjoint=not adjoint, adjoint_arg=adjoint_arg)  # type: ignore[no-any-return]

    def _matvec(self, x: Tensor, adjoint: bool = False) -> Tensor:
        return self._operator.matvec(x, adjoint=not adjoint)

    def _solve(self, rhs: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        return self._operator.solve(rhs, adjoint=not adjoint, adjoint_arg=adjoint_arg)  # type: ignore[no-any-return]

    def _solvevec(self, rhs: Tensor, adjoint: bool = False) -> Tensor:
        return self._operator.solvevec(rhs, adjoint=not adjoint)

    def _determinant(self) -> Tensor:
        found = self._operator.determinant()
        return found if self.is_self_adjoint else conj(found)

    def _log_abs_determinant(self) -> Tensor:
        return self._operator.log_abs_determinant()

    def _trace(self) -> Tensor:
        found = self._operator.trace()
        return found if self.is_self_adjoint else conj(found)

    def _to_dense(self) -> Tensor:
        dense = self._operator.to_dense()
        return dense if self.is_self_adjoint else adjoint_of(dense)


class LinearOperatorInversion(_Wrapped):
    """The inverse of an operator.

    Args:
        operator: the operator, square and not singular.
        is_non_singular: it always is.
        is_self_adjoint: whether it equals its conjugate transpose; as the operator by default.
        is_positive_definite: whether x^H A x has a positive real part, likewise.
        is_square: it always is.
        name: name scope of all operations.

    Raises:
        ValueError: if the operator is singular or not square, or hints contradict its own.
    """

    def __init__(
        self,
        operator: LinearOperator,
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = None,
        name: str | None = None,
    ) -> None:
        for hint, given in (("is_non_singular", is_non_singular), ("is_square", is_square)):
            own = getattr(operator, hint)
            if own is False or given is False:
                raise ValueError(
                    f"operator and supplied hints must have `{hint}` equal to `True` or `None`.  "
                    f"Found {own}, {given}"
                )
        hints = {
            "is_non_singular": is_non_singular,
            "is_self_adjoint": is_self_adjoint,
            "is_positive_definite": is_positive_definite,
            "is_square": is_square,
        }
        super().__init__(operator, "inverse", "_inv", hints, name)

    def _shape(self) -> TensorShape:
        return self._operator.shape

    def _shape_tensor(self) -> Tensor:
        return self._operator.shape_tensor()

    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        return self._operator.solve(x, adjoint=adjoint, adjoint_arg=adjoint_arg)  # type: ignore[no-any-return]

    def _solve(self, rhs: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        return self._operator.matmul(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)  # type: ignore[no-any-return]

    def _determinant(self) -> Tensor:
        return 1.0 / self._operator.determinant()

    def _log_abs_determinant(self) -> Tensor:
        return -1.0 * self._operator.log_abs_determinant()


@RegisterAdjoint(LinearOperator)
def _adjoint(operator: LinearOperator) -> LinearOperator:
    return LinearOperatorAdjoint(operator, **hints_of(operator))


@RegisterInverse(LinearOperator)
def _inverse(operator: LinearOperator) -> LinearOperator:
    return LinearOperatorInversion(operator, **hints_of(operator))


@RegisterAdjoint(LinearOperatorAdjoint)
@RegisterInverse(LinearOperatorInversion)
def _itself(operator: _Wrapped) -> LinearOperator:
    return operator.operator


@RegisterSolve(LinearOperatorInversion, LinearOperator)
def _solve(a: LinearOperatorInversion, b: LinearOperator) -> LinearOperator:
    return a.operator.matmul(b)  # type: ignore[no-any-return]
