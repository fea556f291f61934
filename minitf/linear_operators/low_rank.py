"""Operators plus products of thin matrices: A = L + U D V^H, with U and V [..., N, K], K small.

By the matrix determinant lemma and Woodbury's identity, with the capacitance C = D^-1 + V^H L^-1 U,

    det A = det C det D det L
    A^-1 = L^-1 - L^-1 U C^-1 V^H L^-1

Source: Woodbury 1950; TensorFlow 1.15's LinearOperatorLowRankUpdate.
"""

from __future__ import annotations

import logging
from typing import Any

from minitf.api.array import concat
from minitf.api.casting import cast
from minitf.api.diagonals import matrix_diag_part
from minitf.api.elementary import exp, log
from minitf.api.framework import name_scope
from minitf.api.linalg import cholesky as cholesky_of
from minitf.api.linalg import matrix_determinant
from minitf.api.math import abs as abs_
from minitf.api.matmul import matmul
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import broadcast_dynamic_shape, broadcast_static_shape, shape
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.batches import (
    cholesky_solve_with_broadcast,
    matrix_solve_with_broadcast,
)
from minitf.linear_operators.diagonal import LinearOperatorDiag
from minitf.linear_operators.hints import Hint
from minitf.linear_operators.identity import LinearOperatorIdentity
from minitf.linear_operators.parameters import convert_nonref_to_tensor
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape, dimension_at_index

_LOG = logging.getLogger("tensorflow")


class LinearOperatorLowRankUpdate(LinearOperator):
    """The sum of an operator and of a product of thin matrices, L + U D V^H.

    Args:
        base_operator: L, square.
        u: U, [..., N, K].
        diag_update: the diagonal of D, [..., K]; ones by default.
        v: V, [..., N, K]; U by default.
        is_diag_update_positive: whether D is real and positive.
        is_non_singular: whether it has an inverse.
        is_self_adjoint: whether it equals its conjugate transpose.
        is_positive_definite: whether x^H A x has a positive real part for all x but 0.
        is_square: it always is.
        name: name scope of all operations.

    Raises:
        ValueError: if shapes do not fit, or hints contradict each other.
    """

    def __init__(
        self,
        base_operator: LinearOperator,
        u: Any,
        diag_update: Any = None,
        v: Any = None,
        is_diag_update_positive: Hint = None,
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = None,
        name: str = "LinearOperatorLowRankUpdate",
    ) -> None:
        dtype = base_operator.dtype
        if diag_update is None:
            if is_diag_update_positive is False:
                raise ValueError(
                    "Default diagonal is the identity, which is positive.  However, user set "
                    "'is_diag_update_positive' to False."
                )
            is_diag_update_positive = True
        elif is_diag_update_positive and dtype.is_complex:
            _LOG.warning(
                "Note: setting is_diag_update_positive with a complex dtype means that diagonal "
                "is real and positive."
            )
        symmetric = base_operator.is_self_adjoint and v is None
        self._use_cholesky = bool(
            symmetric and base_operator.is_positive_definite and is_diag_update_positive
        )
        if symmetric and not dtype.is_complex:
            if is_self_adjoint is False:
                raise ValueError(
                    "A = L + UDU^H, with L self-adjoint and D real diagonal.  Since UDU^H is "
                    "self-adjoint, this must be a self-adjoint operator."
                )
            is_self_adjoint = True
        if self._use_cholesky:
            if False in (is_positive_definite, is_self_adjoint, is_non_singular):
                raise ValueError("Arguments imply this is self-adjoint positive-definite operator.")
            is_positive_definite = is_self_adjoint = True
        with name_scope(name, values=[*base_operator.graph_parents, u, diag_update, v]):
            self._base_operator = base_operator
            self._u = convert_nonref_to_tensor(u, name="u")
            self._v = self._u if v is None else convert_nonref_to_tensor(v, name="v")
            self._diag_update = convert_nonref_to_tensor(diag_update, name="diag_update")
            own = [self._u, self._diag_update, self._v]
            super().__init__(
                dtype=dtype,
                graph_parents=[
                    *base_operator.graph_parents,
                    *(each for each in own if each is not None),
                ],
                is_non_singular=is_non_singular,
                is_self_adjoint=is_self_adjoint,
                is_positive_definite=is_positive_definite,
                is_square=is_square,
                name=name,
            )
            self._is_diag_update_positive = is_diag_update_positive
            self._diag_operator = self._middle()
            self._must_fit()

    def _middle(self) -> LinearOperator:
        """Return D as an operator."""
        if self._diag_update is not None:
            positive = self._is_diag_update_positive
            return LinearOperatorDiag(self._diag_update, is_positive_definite=positive)
        known = self._u.shape[-1].value
        columns = shape(self._u)[-1] if known is None else known
        return LinearOperatorIdentity(columns, dtype=self.dtype)

    def _must_fit(self) -> None:
        """Refuse thin matrices that do not fit the operator or each other: ValueError."""
        thin = broadcast_static_shape(self._u.shape, self._v.shape)
        batch = broadcast_static_shape(self._base_operator.batch_shape, thin[:-2])
        self._base_operator.domain_dimension.assert_is_compatible_with(thin[-2])
        if self._diag_update is not None:
            columns = dimension_at_index(thin, -1)
            columns.assert_is_compatible_with(self._diag_update.shape[-1])
            broadcast_static_shape(batch, self._diag_update.shape[:-1])

    @property
    def base_operator(self) -> LinearOperator:
        """The operator L."""
        return self._base_operator

    @property
    def u(self) -> Any:
        """The matrix U."""
        return self._u

    @property
    def v(self) -> Any:
        """The matrix V."""
        return self._v

    @property
    def diag_update(self) -> Any:
        """The diagonal of D; None for ones."""
        return self._diag_update

    @property
    def diag_operator(self) -> LinearOperator:
        """The operator D."""
        return self._diag_operator

    @property
    def is_diag_update_positive(self) -> Hint:
        """Whether D is real and positive."""
        return self._is_diag_update_positive

    # --- shapes ----------------------------------------------------------------------------------

    def _shape(self) -> TensorShape:
        batch = self._base_operator.batch_shape
        for sizes in (self._u.shape[:-2], self._v.shape[:-2], self._diag_operator.batch_shape):
            batch = broadcast_static_shape(batch, sizes)
        return batch.concatenate(self._base_operator.shape[-2:])

    def _shape_tensor(self) -> Tensor:
        batch = self._base_operator.batch_shape_tensor()
        for sizes in (
            shape(self._u)[:-2],
            shape(self._v)[:-2],
            self._diag_operator.batch_shape_tensor(),
        ):
            batch = broadcast_dynamic_shape(batch, sizes)
        return concat([batch, self._base_operator.shape_tensor()[-2:]], 0)

    # --- products and systems --------------------------------------------------------------------

    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        left, right = (self._v, self._u) if adjoint else (self._u, self._v)
        leading = self._base_operator.matmul(x, adjoint=adjoint, adjoint_arg=adjoint_arg)
        inner = matmul(right, x, adjoint_a=True, adjoint_b=adjoint_arg)
        inner = self._diag_operator.matmul(inner, adjoint=adjoint)
        return leading + matmul(left, inner)  # type: ignore[no-any-return]

    def _solve(self, rhs: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        base = self._base_operator
        if base.is_non_singular is False:
            raise ValueError(
                "Solve not implemented unless this is a perturbation of a non-singular "
                "LinearOperator."
            )
        left, right = (self._v, self._u) if adjoint else (self._u, self._v)
        leading = base.solve(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)
        inner = matmul(right, leading, adjoint_a=True)
        if self._use_cholesky:
            inner = cholesky_solve_with_broadcast(cholesky_of(self._capacitance()), inner)
        else:
            inner = matrix_solve_with_broadcast(self._capacitance(), inner, adjoint=adjoint)
        return leading - base.solve(matmul(left, inner), adjoint=adjoint)  # type: ignore[no-any-return]

    def _capacitance(self) -> Tensor:
        inner = matmul(self._v, self._base_operator.solve(self._u), adjoint_a=True)
        middle = self._diag_operator.inverse()
        return middle.add_to_tensor(inner)

    # --- determinants ----------------------------------------------------------------------------

    def _determinant(self) -> Tensor:
        if self.is_positive_definite:
            return exp(self.log_abs_determinant())
        parts = self._diag_operator.determinant() * self._base_operator.determinant()
        return matrix_determinant(self._capacitance()) * parts

    def _log_abs_determinant(self) -> Tensor:
        middle = self._diag_operator.log_abs_determinant()
        base = self._base_operator.log_abs_determinant()
        if self._use_cholesky:
            diagonal = matrix_diag_part(cholesky_of(self._capacitance()))
            inner: Any = 2 * reduce_sum(log(diagonal), axis=[-1])
        else:
            inner = cast(log(abs_(matrix_determinant(self._capacitance()))), self.dtype)
        return inner + middle + base  # type: ignore[no-any-return]
