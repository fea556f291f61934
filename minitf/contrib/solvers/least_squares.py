"""Conjugate gradients for least squares: x of the least |A x - b|, by products with A and A^H.

Source: Hestenes and Stiefel 1952 §10; Bjorck 1996; TensorFlow 1.15's tf.contrib.solvers.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from minitf import ops
from minitf.api.array import expand_dims, squeeze
from minitf.api.constants import zeros_like
from minitf.api.elementary import real, sqrt
from minitf.api.framework import name_scope
from minitf.contrib.solvers.util import l2norm_squared, length
from minitf.control_flow.while_loop import while_loop
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor


class CGLSState(NamedTuple):
    """Where the search is.

    Attributes:
        i: int32[], how many steps it made.
        x: [n], the solution so far.
        r: [m], b - A x.
        p: [n], the next direction.
        gamma: [], |A^H r|^2.
    """

    i: Any
    x: Any
    r: Any
    p: Any
    gamma: Any


def cgls(
    operator: Any, rhs: Any, tol: float = 1e-6, max_iter: int = 20, name: str = "cgls"
) -> CGLSState:
    """Return the x of the least |A x - rhs|.

    Args:
        operator: A, an object as in `util`.
        rhs: [m].
        tol: it ends when |A^H (rhs - A x)| <= tol |A^H rhs|,
        max_iter: or after so many steps.
        name: name scope of all operations.
    """
    with name_scope(name, values=[rhs]):
        r = expand_dims(convert_to_tensor(rhs, name="rhs"), -1)
        s = operator.apply_adjoint(r)
        least = length(s) * tol

        def goes_on(i: Any, x: Any, r: Any, p: Any, gamma: Any) -> Tensor:
            del x, r, p
            return ops.logical_and_op(i < max_iter, sqrt(real(gamma)) > least)

        def step(i: Any, x: Any, r: Any, p: Any, gamma: Any) -> tuple[Any, ...]:
            q = operator.apply(p)
            alpha = gamma / l2norm_squared(q)
            x, r = x + alpha * p, r - alpha * q
            s = operator.apply_adjoint(r)
            new = l2norm_squared(s)
            return i + 1, x, r, s + new / gamma * p, new

        begin = [convert_to_tensor(0), zeros_like(s), r, s, l2norm_squared(s)]
        i, x, r, p, gamma = while_loop(goes_on, step, begin)
        return CGLSState(i, squeeze(x, -1), squeeze(r, -1), squeeze(p, -1), gamma)
