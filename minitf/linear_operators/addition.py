"""Sums of operators, which stay as simple as they can.

Adders are tried in tiers, from the simplest result to the dense matrix: the sum of two multiples
of the identity is one again, of diagonals a diagonal, of triangles and diagonals a triangle.

    add_operators([identity, diagonal, matrix])    # one LinearOperatorFullMatrix

Source: TensorFlow 1.15's tensorflow.python.ops.linalg.linear_operator_addition.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, ClassVar

from minitf.api.constants import ones
from minitf.api.framework import name_scope
from minitf.api.sizes import broadcast_static_shape
from minitf.api.static_checks import assert_proper_iterable
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.dense import LinearOperatorFullMatrix, LinearOperatorLowerTriangular
from minitf.linear_operators.diagonal import LinearOperatorDiag
from minitf.linear_operators.hints import Hint
from minitf.linear_operators.identity import (
    BaseLinearOperatorIdentity,
    LinearOperatorScaledIdentity,
)

_Kinds = tuple[type[LinearOperator], ...]
_DIAGONALS: _Kinds = (BaseLinearOperatorIdentity, LinearOperatorDiag)


@dataclass
class Hints:
    """What is promised of a sum."""

    is_non_singular: Hint = None
    is_positive_definite: Hint = None
    is_self_adjoint: Hint = None

    def of_sum(self, a: LinearOperator, b: LinearOperator) -> Hints:
        """Return these promises, and for what is not given what is known of a sum."""
        made = replace(self)
        if self.is_self_adjoint is None:
            made.is_self_adjoint = a.is_self_adjoint and b.is_self_adjoint
        if self.is_positive_definite is None:
            made.is_positive_definite = a.is_positive_definite and b.is_positive_definite
            made.is_non_singular = True if made.is_positive_definite else self.is_non_singular
        return made


class Adder(ABC):
    """Adds two operators of some kinds."""

    _kinds: ClassVar[_Kinds]

    @property
    def name(self) -> str:
        """The class's name, which opens the name scope."""
        return type(self).__name__

    def can_add(self, op1: LinearOperator, op2: LinearOperator) -> bool:
        """Tell whether it adds operators of these kinds."""
        return isinstance(op1, self._kinds) and isinstance(op2, self._kinds)

    @abstractmethod
    def _add(
        self, op1: LinearOperator, op2: LinearOperator, operator_name: str, hints: Hints
    ) -> LinearOperator:
        """Return the sum."""

    def add(
        self,
        op1: LinearOperator,
        op2: LinearOperator,
        operator_name: str | None,
        hints: Hints | None = None,
    ) -> LinearOperator:
        """Return the sum of two operators.

        Args:
            op1: the first.
            op2: the second.
            operator_name: name of the sum; made of the operators' names if None.
            hints: what is promised of it.
        """
        known = (hints or Hints()).of_sum(op1, op2)
        operator_name = operator_name or f"Add/{op1.name}__{op2.name}/"
        with name_scope(self.name.lstrip("_"), values=op1.graph_parents + op2.graph_parents):
            return self._add(op1, op2, operator_name, known)


def _sum_of_matrices(op1: LinearOperator, op2: LinearOperator) -> Any:
    """Return the dense sum; a diagonal is added to the other's matrix."""
    if isinstance(op1, _DIAGONALS):
        return op1.add_to_tensor(op2.to_dense())
    return op2.add_to_tensor(op1.to_dense())


class AddAndReturnScaledIdentity(Adder):
    """Adds multiples of the identity."""

    _kinds: ClassVar[_Kinds] = (BaseLinearOperatorIdentity,)

    def _add(
        self, op1: LinearOperator, op2: LinearOperator, operator_name: str, hints: Hints
    ) -> LinearOperator:
        factors = [
            each.multiplier
            if isinstance(each, LinearOperatorScaledIdentity)
            else ones(each.batch_shape_tensor(), each.dtype)
            for each in (op1, op2)
        ]
        rows = op1.range_dimension_tensor()
        return LinearOperatorScaledIdentity(
            rows, factors[0] + factors[1], name=operator_name, **vars(hints)
        )


class AddAndReturnDiag(Adder):
    """Adds diagonals."""

    _kinds: ClassVar[_Kinds] = _DIAGONALS

    def _add(
        self, op1: LinearOperator, op2: LinearOperator, operator_name: str, hints: Hints
    ) -> LinearOperator:
        diagonal = op1.diag_part() + op2.diag_part()
        return LinearOperatorDiag(diagonal, name=operator_name, **vars(hints))


class AddAndReturnTriL(Adder):
    """Adds triangles and diagonals."""

    _kinds: ClassVar[_Kinds] = (*_DIAGONALS, LinearOperatorLowerTriangular)

    def _add(
        self, op1: LinearOperator, op2: LinearOperator, operator_name: str, hints: Hints
    ) -> LinearOperator:
        triangle = _sum_of_matrices(op1, op2)
        return LinearOperatorLowerTriangular(triangle, name=operator_name, **vars(hints))


class AddAndReturnMatrix(Adder):
    """Adds operators of any kind."""

    _kinds: ClassVar[_Kinds] = (LinearOperator,)

    def _add(
        self, op1: LinearOperator, op2: LinearOperator, operator_name: str, hints: Hints
    ) -> LinearOperator:
        matrix = _sum_of_matrices(op1, op2)
        return LinearOperatorFullMatrix(matrix, name=operator_name, **vars(hints))


_Tiers = Sequence[Sequence[Adder]]
_TIERS: _Tiers = (
    (AddAndReturnScaledIdentity(),),
    (AddAndReturnDiag(),),
    (AddAndReturnTriL(),),
    (AddAndReturnMatrix(),),
)


def add_operators(
    operators: Sequence[LinearOperator],
    operator_name: str | None = None,
    addition_tiers: _Tiers | None = None,
    name: str | None = None,
) -> list[LinearOperator]:
    """Return operators whose sum is that of some operators: one, unless the adders add too little.

    Args:
        operators: the operators.
        operator_name: name of sums; made of the operators' names if None.
        addition_tiers: lists of adders, tried after each other; those down to the dense matrix by
            default.
        name: name scope of the operations.

    Raises:
        TypeError: if they are no operators.
        ValueError: if there is none, or shapes do not fit.
    """
    tiers = _TIERS if addition_tiers is None else addition_tiers
    assert_proper_iterable(operators)
    stack = list(reversed(operators))  # the first operator is taken first
    if not stack:
        raise ValueError(
            f"Argument 'operators' must contain at least one operator.  Found: {operators}"
        )
    if not all(isinstance(each, LinearOperator) for each in stack):
        raise TypeError(
            f"Argument 'operators' must contain only LinearOperator instances.  Found: {operators}"
        )
    _must_fit(stack)
    parents = [parent for each in stack for parent in each.graph_parents]
    with name_scope(name or "add_operators", values=parents):
        for tier in tiers:
            stack = _added_by(tier, stack, operator_name)
    return stack


def _must_fit(operators: list[LinearOperator]) -> None:
    """Refuse operators of different sizes, or batches that do not broadcast: ValueError."""
    for side in ("domain", "range"):
        sizes = [(each.name, getattr(each, f"{side}_dimension").value) for each in operators]
        known = [(name, size) for name, size in sizes if size is not None]
        if len({size for _, size in known}) > 1:
            raise ValueError(f"Operators must have the same {side} dimension. Found: {known}")
    reduce(broadcast_static_shape, (each.batch_shape for each in operators))


def _added_by(
    tier: Sequence[Adder], stack: list[LinearOperator], operator_name: str | None
) -> list[LinearOperator]:
    """Return operators of the same sum that no adder of a tier can add.

    A sum goes back onto the stack, so that it is added to before others are.
    """
    done = []
    while stack:
        first = stack.pop()
        found = _match(first, stack, tier)
        if found is None:
            done.append(first)
        else:
            second, adder = found
            stack.remove(second)
            stack.append(adder.add(first, second, operator_name))
    return done


def _match(
    first: LinearOperator, others: list[LinearOperator], tier: Sequence[Adder]
) -> tuple[LinearOperator, Adder] | None:
    """Return the last of some operators that an adder of a tier adds to one, and that adder."""
    pairs = ((each, adder) for each in reversed(others) for adder in tier)
    return next((pair for pair in pairs if pair[1].can_add(first, pair[0])), None)
