"""Conjugate gradients: A x = b of a positive definite A, by products A p alone.

Source: Hestenes and Stiefel 1952; TensorFlow 1.15's tf.contrib.solvers.linear_equations.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from minitf import ops
from minitf.api.array import expand_dims, squeeze
from minitf.api.constants import zeros_like
from minitf.api.framework import name_scope
from minitf.contrib.solvers.util import dot, length
from minitf.control_flow.while_loop import while_loop
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor


class ConjugateGradientState(NamedTuple):
    """Where the search is.

    Attributes:
        i: int32[], how many steps it made.
        x: [n], the solution so far.
        r: [n], b - A x.
        p: [n], the next direction.
        gamma: [], r . M r.
    """

    i: Any
    x: Any
    r: Any
    p: Any
    gamma: Any


def conjugate_gradient(
    operator: Any,
    rhs: Any,
    preconditioner: Any = None,
    x: Any = None,
    tol: float = 1e-4,
    max_iter: int = 20,
    name: str = "conjugate_gradient",
) -> ConjugateGradientState:
    """Solve A x = rhs for a positive definite A.

    Args:
        operator: A, an object as in `util`.
        rhs: [n].
        preconditioner: M, an object like it that is near to A^-1; none if None.
        x: [n], where the search begins; zeros if None.
        tol: it ends when |rhs - A x| <= tol |rhs|,
        max_iter: or after so many steps.
        name: name scope of all operations.
    """
    with name_scope(name, values=[rhs]):
        column = expand_dims(convert_to_tensor(rhs, name="rhs"), -1)
        least = length(column) * tol

        def better(r: Tensor) -> Tensor:
            return r if preconditioner is None else preconditioner.apply(r)

        def goes_on(i: Any, x: Any, r: Any, p: Any, gamma: Any) -> Tensor:
            del x, p, gamma
            return ops.logical_and_op(i < max_iter, length(r) > least)

        def step(i: Any, x: Any, r: Any, p: Any, gamma: Any) -> tuple[Any, ...]:
            z = operator.apply(p)
            alpha = gamma / dot(p, z)
            x, r = x + alpha * p, r - alpha * z
            q = better(r)
            new = dot(r, q)
            return i + 1, x, r, q + new / gamma * p, new

        if x is None:
            start, r = zeros_like(column), column
        else:
            start = expand_dims(convert_to_tensor(x, column.dtype, name="x"), -1)
            r = column - operator.apply(start)
        p = better(r)
        found = while_loop(goes_on, step, [convert_to_tensor(0), start, r, p, dot(r, p)])
        i, x, r, p, gamma = found
        return ConjugateGradientState(i, squeeze(x, -1), squeeze(r, -1), squeeze(p, -1), gamma)
