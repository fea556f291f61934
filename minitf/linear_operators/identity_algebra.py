"""Algebra with the identity, which changes nothing, and with its multiples.

Source: TensorFlow 1.15's registrations of LinearOperatorIdentity and LinearOperatorScaledIdentity.
"""

from __future__ import annotations

from minitf.api.elementary import conj, sqrt
from minitf.linear_operators.algebra import (
    RegisterAdjoint,
    RegisterCholesky,
    RegisterInverse,
    RegisterMatmul,
    RegisterSolve,
)
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.diagonal import LinearOperatorDiag
from minitf.linear_operators.hints import commuting, hints_of
from minitf.linear_operators.identity import LinearOperatorIdentity, LinearOperatorScaledIdentity


@RegisterAdjoint(LinearOperatorIdentity)
@RegisterCholesky(LinearOperatorIdentity)
@RegisterInverse(LinearOperatorIdentity)
def _itself(operator: LinearOperatorIdentity) -> LinearOperatorIdentity:
    return operator


@RegisterMatmul(LinearOperatorIdentity, LinearOperator)
@RegisterSolve(LinearOperatorIdentity, LinearOperator)
def _right_one(a: LinearOperatorIdentity, b: LinearOperator) -> LinearOperator:
    return b


@RegisterMatmul(LinearOperator, LinearOperatorIdentity)
def _left_one(a: LinearOperator, b: LinearOperatorIdentity) -> LinearOperator:
    return a


# --- multiples -----------------------------------------------------------------------------------


@RegisterAdjoint(LinearOperatorScaledIdentity)
def _adjoint(operator: LinearOperatorScaledIdentity) -> LinearOperatorScaledIdentity:
    return LinearOperatorScaledIdentity(
        operator.num_rows, conj(operator.multiplier), **hints_of(operator)
    )


@RegisterCholesky(LinearOperatorScaledIdentity)
def _cholesky(operator: LinearOperatorScaledIdentity) -> LinearOperatorScaledIdentity:
    return LinearOperatorScaledIdentity(
        operator.num_rows,
        sqrt(operator.multiplier),
        is_self_adjoint=True,
        is_positive_definite=True,
    )


@RegisterInverse(LinearOperatorScaledIdentity)
def _inverse(operator: LinearOperatorScaledIdentity) -> LinearOperatorScaledIdentity:
    return LinearOperatorScaledIdentity(
        operator.num_rows, 1.0 / operator.multiplier, **hints_of(operator)
    )


@RegisterMatmul(LinearOperatorDiag, LinearOperatorScaledIdentity)
def _diagonal_times_multiple(
    a: LinearOperatorDiag, b: LinearOperatorScaledIdentity
) -> LinearOperatorDiag:
    return LinearOperatorDiag(a.diag * b.multiplier[..., None], **commuting(a, b))


@RegisterMatmul(LinearOperatorScaledIdentity, LinearOperatorDiag)
def _multiple_times_diagonal(
    a: LinearOperatorScaledIdentity, b: LinearOperatorDiag
) -> LinearOperatorDiag:
    return LinearOperatorDiag(b.diag * a.multiplier[..., None], **commuting(a, b))


@RegisterSolve(LinearOperatorDiag, LinearOperatorScaledIdentity)
def _multiple_over_diagonal(
    a: LinearOperatorDiag, b: LinearOperatorScaledIdentity
) -> LinearOperatorDiag:
    return LinearOperatorDiag(b.multiplier[..., None] / a.diag, **commuting(a, b))


@RegisterSolve(LinearOperatorScaledIdentity, LinearOperatorDiag)
def _diagonal_over_multiple(
    a: LinearOperatorScaledIdentity, b: LinearOperatorDiag
) -> LinearOperatorDiag:
    return LinearOperatorDiag(b.diag / a.multiplier[..., None], **commuting(a, b))
