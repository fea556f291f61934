"""Which function adjoins, decomposes, inverts, multiplies or divides which kinds of operators.

A LinearOperator's own `adjoint`, `cholesky`, `inverse`, and its `matmul` and `solve` of another
operator, ask here: a product of two diagonals is a diagonal again, that of two operators of which
nothing is known a composition.  Each kind's functions stand beneath its class.

**State**: per algebra operation the functions registered, classes -> function; it grows as kinds
are defined, and by users' `Register...`.  Kinds that are not registered take the function of the
nearest base classes.

Source: TensorFlow 1.15's tensorflow.python.ops.linalg.linear_operator_algebra.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, ClassVar

from minitf.api.framework import name_scope

Function = Callable[..., Any]
_Table = dict[tuple[type, ...], Function]


class _Register:
    """Decorates a function of one or two operators as the one for their classes."""

    _functions: ClassVar[_Table]
    _what: ClassVar[str]

    def __init__(self, *classes: type) -> None:
        self._key = classes

    def __call__(self, function: Function) -> Function:
        """Register the function.

        Raises:
            TypeError: if it is not callable.
            ValueError: if the classes have a function already.
        """
        if not callable(function):
            raise TypeError(f"{self._what.lower()}_fn must be callable, received: {function}")
        if self._key in self._functions:
            names = ", ".join(each.__name__ for each in self._key)
            raise ValueError(
                f"{self._what}({names}) has already been registered to: "
                f"{self._functions[self._key]}"
            )
        self._functions[self._key] = function
        return function

    @classmethod
    def nearest(cls, *classes: type) -> Function | None:
        """Return the function of the base classes with the fewest steps, or None."""
        steps = itertools.product(*(enumerate(each.__mro__) for each in classes))
        found = [
            (sum(distance for distance, _ in combination), order, function)
            for order, combination in enumerate(steps)
            if (function := cls._functions.get(tuple(each for _, each in combination)))
        ]
        return min(found, key=lambda each: each[:2])[2] if found else None


class RegisterAdjoint(_Register):
    """Decorate a function of an operator that returns its adjoint.

    Args:
        lin_op_cls_a: the operator's class.
    """

    _functions: ClassVar[_Table] = {}
    _what = "Adjoint"

    def __init__(self, lin_op_cls_a: type) -> None:
        super().__init__(lin_op_cls_a)


class RegisterCholesky(_Register):
    """Decorate a function of an operator that returns its Cholesky factor.

    Args:
        lin_op_cls_a: the operator's class.
    """

    _functions: ClassVar[_Table] = {}
    _what = "Cholesky"

    def __init__(self, lin_op_cls_a: type) -> None:
        super().__init__(lin_op_cls_a)


class RegisterInverse(_Register):
    """Decorate a function of an operator that returns its inverse.

    Args:
        lin_op_cls_a: the operator's class.
    """

    _functions: ClassVar[_Table] = {}
    _what = "Inverse"

    def __init__(self, lin_op_cls_a: type) -> None:
        super().__init__(lin_op_cls_a)


class RegisterMatmul(_Register):
    """Decorate a function of two operators that returns their product.

    Args:
        lin_op_cls_a: the left operator's class.
        lin_op_cls_b: the right one's.
    """

    _functions: ClassVar[_Table] = {}
    _what = "Matmul"

    def __init__(self, lin_op_cls_a: type, lin_op_cls_b: type) -> None:
        super().__init__(lin_op_cls_a, lin_op_cls_b)


class RegisterSolve(_Register):
    """Decorate a function of two operators A, B that returns the X with A X = B.

    Args:
        lin_op_cls_a: A's class.
        lin_op_cls_b: B's class.
    """

    _functions: ClassVar[_Table] = {}
    _what = "Solve"

    def __init__(self, lin_op_cls_a: type, lin_op_cls_b: type) -> None:
        super().__init__(lin_op_cls_a, lin_op_cls_b)


def _applied(table: type[_Register], missing: str, scope: str, name: Any, *operators: Any) -> Any:
    """Return what the function of the operators' kinds makes of them, in a name scope."""
    classes = [type(each) for each in operators]
    function = table.nearest(*classes)
    if function is None:
        raise ValueError(f"No {missing} registered for {_shown(missing, classes)}")
    with name_scope(name, scope):
        return function(*operators)


def _shown(missing: str, classes: list[type]) -> str:
    """Show the classes for which there is no function: `A` or `A.matmul(B)`."""
    return str(classes[0]) if len(classes) == 1 else f"{classes[0]}.{missing}({classes[1]})"


def adjoint(lin_op_a: Any, name: str | None = None) -> Any:
    """Return the adjoint of an operator; ValueError if no function is registered for its kind."""
    return _applied(RegisterAdjoint, "adjoint", "Adjoint", name, lin_op_a)


def cholesky(lin_op_a: Any, name: str | None = None) -> Any:
    """Return the Cholesky factor of an operator; errors as of `adjoint`."""
    return _applied(RegisterCholesky, "cholesky decomposition", "Cholesky", name, lin_op_a)


def inverse(lin_op_a: Any, name: str | None = None) -> Any:
    """Return the inverse of an operator; errors as of `adjoint`."""
    return _applied(RegisterInverse, "inverse", "Inverse", name, lin_op_a)


def matmul(lin_op_a: Any, lin_op_b: Any, name: str | None = None) -> Any:
    """Return the product of two operators; errors as of `adjoint`."""
    return _applied(RegisterMatmul, "matmul", "Matmul", name, lin_op_a, lin_op_b)


def solve(lin_op_a: Any, lin_op_b: Any, name: str | None = None) -> Any:
    """Return the operator X with A X = B for two operators A, B; errors as of `adjoint`."""
    return _applied(RegisterSolve, "solve", "Solve", name, lin_op_a, lin_op_b)


# --- what is registered --------------------------------------------------------------------------

registered_adjoint = RegisterAdjoint.nearest
registered_cholesky = RegisterCholesky.nearest
registered_inverse = RegisterInverse.nearest
registered_matmul = RegisterMatmul.nearest
registered_solve = RegisterSolve.nearest
