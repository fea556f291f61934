"""What operators that are made of a list of operators have in common.

Source: TensorFlow 1.15's LinearOperatorComposition, LinearOperatorBlockDiag and
LinearOperatorKronecker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from minitf.api.framework import name_scope
from minitf.api.static_checks import assert_proper_iterable
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.hints import Hint, implied
from minitf.linear_operators.parameters import same_dtype


class CompoundOperator(LinearOperator):
    """An operator made of operators of one type.

    Args:
        operators: the operators.
        joint: what stands between their names in its name, by default.
        hints: what is promised of it.
        kept: what it is if all operators are -> what the error says if that is denied.
        name: name scope of all operations.

    Raises:
        TypeError: if operators' types differ.
        ValueError: if there is no operator, or hints contradict each other.
    """

    _wanted: ClassVar[str] = "a non-empty list of operators"

    def __init__(
        self,
        operators: Sequence[LinearOperator],
        joint: str,
        hints: dict[str, Hint],
        kept: dict[str, str],
        name: str | None,
    ) -> None:
        assert_proper_iterable(operators)
        self._operators = list(operators)
        if not self._operators:
            raise ValueError(f"Expected {self._wanted}. Found: {operators}")
        known = hints | {
            hint: implied(self._operators, hint, hints[hint], message)
            for hint, message in kept.items()
        }
        parents = [parent for each in self._operators for parent in each.graph_parents]
        dtype = same_dtype(self._operators)
        name = name or joint.join(each.name for each in self._operators)
        with name_scope(name, values=parents):
            super().__init__(dtype, parents, name=name, **known)

    @property
    def operators(self) -> list[LinearOperator]:
        """The operators."""
        return self._operators
