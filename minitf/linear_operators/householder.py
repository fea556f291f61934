"""Reflections at a hyperplane.

    H = I - 2 v v^H  with |v| = 1:   H^-1 = H^H = H,   det H = -1

Source: Householder 1958; TensorFlow 1.15's LinearOperatorHouseholder.
"""

from __future__ import annotations

from typing import Any, NoReturn

from minitf.api.array import concat
from minitf.api.casting import cast
from minitf.api.constants import ones, zeros
from minitf.api.control import no_op
from minitf.api.diagonals import matrix_diag_part, matrix_set_diag
from minitf.api.elementary import conj
from minitf.api.framework import name_scope
from minitf.api.linalg import adjoint as adjoint_of
from minitf.api.matmul import matmul
from minitf.api.norms import norm
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.errors import InvalidArgumentError
from minitf.linear_operators.algebra import RegisterAdjoint, RegisterInverse
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.hints import Hint, always
from minitf.linear_operators.parameters import convert_nonref_to_tensor, must_have_rank
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class LinearOperatorHouseholder(LinearOperator):
    """A batch of reflections of vectors at the hyperplanes orthogonal to axes.

    Args:
        reflection_axis: number[..., N], of any length but 0.
        is_non_singular: it always is.
        is_self_adjoint: it always is.
        is_positive_definite: it never is.
        is_square: it always is.
        name: name scope of all operations.

    Raises:
        ValueError: if the axis has no dimension, or hints say what is not so.
    """

    def __init__(
        self,
        reflection_axis: Any,
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = None,
        name: str = "LinearOperatorHouseholder",
    ) -> None:
        with name_scope(name, values=[reflection_axis]):
            self._reflection_axis = convert_nonref_to_tensor(
                reflection_axis, name="reflection_axis"
            )
            must_have_rank(self._reflection_axis, 1, "reflection_axis")
            if is_positive_definite:
                raise ValueError("A Householder operator is always non-positive definite.")
            message = "A Householder operator is always self adjoint."
            super().__init__(
                dtype=self._reflection_axis.dtype,
                graph_parents=[self._reflection_axis],
                is_non_singular=is_non_singular,
                is_self_adjoint=always(is_self_adjoint, message),
                is_positive_definite=False,
                is_square=always(is_square, "A Householder operator is always square."),
                name=name,
            )

    @property
    def reflection_axis(self) -> Any:
        """The axes."""
        return self._reflection_axis

    def _shape(self) -> TensorShape:
        sizes = self._reflection_axis.shape
        return sizes.concatenate(sizes[-1:])  # type: ignore[no-any-return]

    def _shape_tensor(self) -> Tensor:
        sizes = shape(self._reflection_axis)
        return concat((sizes, [sizes[-1]]), 0)

    def _assert_non_singular(self) -> Operation:
        return no_op("assert_non_singular")

    def _assert_positive_definite(self) -> NoReturn:
        message = "Householder operators are always non-positive definite."
        raise InvalidArgumentError(None, None, message)

    def _assert_self_adjoint(self) -> Operation:
        return no_op("assert_self_adjoint")

    def _axis(self) -> Tensor:
        """Return the axes with length 1."""
        axis = convert_to_tensor(self._reflection_axis)
        return axis / norm(axis, axis=-1, keepdims=True)

    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        x = adjoint_of(x) if adjoint_arg else x
        axis = self._axis()[..., None]
        return x - 2 * axis * matmul(axis, x, adjoint_a=True)

    def _solve(self, rhs: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        return self._matmul(rhs, adjoint, adjoint_arg)

    def _determinant(self) -> Tensor:
        return -ones(self.batch_shape_tensor(), self.dtype)

    def _log_abs_determinant(self) -> Tensor:
        return zeros(self.batch_shape_tensor(), self.dtype)

    def _trace(self) -> Tensor:
        found = cast(self.domain_dimension_tensor() - 2, self.dtype)
        return found * ones(self.batch_shape_tensor(), self.dtype)  # type: ignore[no-any-return]

    def _to_dense(self) -> Tensor:
        axis = self._axis()[..., None]
        matrix = -2 * matmul(axis, axis, adjoint_b=True)
        return matrix_set_diag(matrix, 1.0 + matrix_diag_part(matrix))

    def _diag_part(self) -> Tensor:
        axis = self._axis()
        return 1.0 - 2 * axis * conj(axis)


@RegisterAdjoint(LinearOperatorHouseholder)
@RegisterInverse(LinearOperatorHouseholder)
def _itself(operator: LinearOperatorHouseholder) -> LinearOperatorHouseholder:
    return operator
