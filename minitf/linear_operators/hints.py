"""What is known of an operator built of others, from what is known of them.

A hint is True (promised), False (promised not to be so) or None (not known).

Source: TensorFlow 1.15's tensorflow.python.ops.linalg.registrations_util and
linear_operator_util.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Hint = bool | None
_HINTS = ("is_non_singular", "is_self_adjoint", "is_positive_definite", "is_square")


def hints_of(operator: Any) -> dict[str, Any]:
    """Return an operator's hints, as arguments of a constructor."""
    return {hint: getattr(operator, hint) for hint in _HINTS}


def use_operator_or_provided_hint_unless_contradicting(
    operator: Any, hint_attr_name: str, provided_hint_value: Hint, message: str
) -> Hint:
    """Return an operator's hint or else the given one.

    Raises:
        ValueError: if one is True and the other False.
    """
    hints = {getattr(operator, hint_attr_name), provided_hint_value}
    if {True, False} <= hints:
        raise ValueError(message)
    return True if True in hints else False if False in hints else None


def implied(
    operators: Sequence[Any], hint_attr_name: str, provided_hint_value: Hint, message: str
) -> Hint:
    """Return True if all operators have a property, which the whole then has; else the given hint.

    Raises:
        ValueError: if all have it and the given hint is False.
    """
    if not all(getattr(each, hint_attr_name) for each in operators):
        return provided_hint_value
    if provided_hint_value is False:
        raise ValueError(message)
    return True


def always(hint: Hint, message: str) -> bool:
    """Return True, which a kind of operator always is; ValueError if the hint says otherwise."""
    if hint is False:
        raise ValueError(message)
    return True


# --- of products ---------------------------------------------------------------------------------


def combined_commuting_self_adjoint_hint(operator_a: Any, operator_b: Any) -> Hint:
    """Tell whether the product of two operators that commute is self-adjoint."""
    hints = [operator_a.is_self_adjoint, operator_b.is_self_adjoint]
    if all(hints):
        return True
    return False if True in hints and False in hints else None


def combined_commuting_positive_definite_hint(operator_a: Any, operator_b: Any) -> Hint:
    """Tell whether the product of two operators that commute is positive definite."""
    both = (operator_a, operator_b)
    known = all(each.is_positive_definite and each.is_self_adjoint for each in both)
    return True if known else None


def combined_non_singular_hint(operator_a: Any, operator_b: Any) -> Hint:
    """Tell whether the product of two operators has an inverse: if and only if both have."""
    hints = [operator_a.is_non_singular, operator_b.is_non_singular]
    return False if False in hints else True if all(hints) else None


def is_square(operator_a: Any, operator_b: Any) -> Hint:
    """Tell whether the product of two operators is square."""
    hints = operator_a.is_square, operator_b.is_square
    if None in hints:
        return None
    if not any(hints):  # [M, N] times [N, M] is square again
        square: Hint = operator_a.range_dimension == operator_b.domain_dimension
        return square
    return all(hints)


def commuting(operator_a: Any, operator_b: Any) -> dict[str, Any]:
    """Return the hints of a product of two square operators that commute."""
    return {
        "is_non_singular": combined_non_singular_hint(operator_a, operator_b),
        "is_self_adjoint": combined_commuting_self_adjoint_hint(operator_a, operator_b),
        "is_positive_definite": combined_commuting_positive_definite_hint(operator_a, operator_b),
        "is_square": True,
    }
