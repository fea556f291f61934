"""Lanczos' bidiagonalization: A V = U B with orthonormal U and V, and B of two diagonals.

Source: Golub and Kahan 1965; TensorFlow 1.15's tf.contrib.solvers.lanczos.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from minitf import ops
from minitf.api.array import concat, stack
from minitf.api.constants import zeros, zeros_like
from minitf.api.elementary import real
from minitf.api.framework import name_scope
from minitf.api.matmul import matmul
from minitf.api.random import random_uniform
from minitf.api.sequences import one_hot
from minitf.contrib.solvers.util import l2norm, l2normalize
from minitf.control_flow.while_loop import while_loop
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class LanczosBidiagState(NamedTuple):
    """A bidiagonalization of k steps.

    Attributes:
        u: [m, k + 1], orthonormal columns.
        v: [n, k], orthonormal columns.
        alpha: [k], the diagonal of B.
        beta: [k], what stands beneath it.
    """

    u: Any
    v: Any
    alpha: Any
    beta: Any


def lanczos_bidiag(
    operator: Any,
    k: Any,
    orthogonalize: bool = True,
    starting_vector: Any = None,
    name: str = "lanczos_bidiag",
) -> LanczosBidiagState:
    """Return U, V and B with A V = U B and A^H U[:, :-1] = V B[:-1]^H.

    Args:
        operator: A, an object as in `util`.
        k: how many steps; fewer are made if a subspace is found that A does not leave.
        orthogonalize: whether columns are made orthogonal to all earlier ones; else rounding lets
            them depend on each other.
        starting_vector: [m], of which the first column of U is made; random if None.
        name: name scope of all operations.
    """
    with name_scope(name):
        rows, columns = _sizes(operator.shape)
        dtype = operator.dtype
        k = convert_to_tensor(k, name="k")
        if starting_vector is None:
            start = random_uniform(stack([rows, 1]), -1.0, 1.0, dtype=dtype)
        else:
            start = convert_to_tensor(starting_vector, dtype)[:, None]

        def unlike(vector: Tensor, basis: Tensor) -> Tensor:
            """Take off what a vector has of a basis, twice, for the sake of rounding."""
            for _ in range(2 if orthogonalize else 0):
                vector = vector - matmul(basis, matmul(basis, vector, adjoint_a=True))
            return vector

        def goes_on(i: Any, u: Any, v: Any, alpha: Any, beta: Any, last: Any) -> Tensor:
            del u, v, alpha, beta
            return ops.logical_and_op(i < k, ops.not_equal_op(real(last), real(zeros_like(last))))

        def step(i: Any, u: Any, v: Any, alpha: Any, beta: Any, last: Any) -> tuple[Any, ...]:
            own = u[:, i][:, None]
            before = v[:, ops.maximum_op(i - 1, 0)][:, None]
            r = (
                operator.apply_adjoint(own)
                - ops.select_v2_op(i > 0, last, zeros_like(last)) * before
            )
            r, diagonal = l2normalize(unlike(r, v))
            p = unlike(operator.apply(r) - diagonal * own, u)
            beneath = l2norm(p)
            found = ops.not_equal_op(real(beneath), real(zeros_like(beneath)))
            p = p / ops.select_v2_op(found, beneath, ops.ones_like_op(beneath))
            place = one_hot(i, k, dtype=dtype)
            return (
                i + 1,
                u + p * one_hot(i + 1, k + 1, dtype=dtype),
                v + r * place,
                alpha + diagonal * place,
                beta + beneath * place,
                beneath,
            )

        first, _ = l2normalize(start)
        begin = [
            convert_to_tensor(0),
            concat([first, zeros(stack([rows, k]), dtype)], 1),
            zeros(stack([columns, k]), dtype),
            zeros(stack([k]), dtype),
            zeros(stack([k]), dtype),
            ops.ones_like_op(first[0, 0]),
        ]
        matrix, vector = TensorShape([None, None]), TensorShape([None])
        kept = [TensorShape([]), matrix, matrix, vector, vector, TensorShape([])]
        i, u, v, alpha, beta, _ = while_loop(goes_on, step, begin, kept)
        return LanczosBidiagState(u[:, : i + 1], v[:, :i], alpha[:i], beta[:i])


def _sizes(sizes: Any) -> tuple[Any, Any]:
    if isinstance(sizes, Tensor):
        return sizes[0], sizes[1]
    rows, columns = TensorShape(sizes).as_list()
    return rows, columns


def bidiag_matmul(
    matrix: Any, alpha: Any, beta: Any, adjoint_b: bool = False, name: str = "bidiag_matmul"
) -> Tensor:
    """Return A B, or A times the adjoint of B without its last row.

    Args:
        matrix: A, [m, k + 1]; [m, k] for the adjoint.
        alpha: [k], the diagonal of B, [k + 1, k].
        beta: [k], what stands beneath it.
        adjoint_b: which of the two.
        name: name scope of all operations.
    """
    with name_scope(name, values=[matrix, alpha, beta]):
        matrix = convert_to_tensor(matrix, name="matrix")
        if not adjoint_b:
            return matrix[:, :-1] * alpha + matrix[:, 1:] * beta
        moved = concat([zeros_like(matrix[:, :1]), matrix[:, :-1] * beta[:-1]], 1)
        return matrix * alpha + moved
