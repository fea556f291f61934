"""The identity, and multiples of it: operators of which only sizes and factors are kept.

    I x = x,   (c I) x = c x,   det (c I) = c^N

Source: TensorFlow 1.15's LinearOperatorIdentity and LinearOperatorScaledIdentity.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from minitf.api import assertions
from minitf.api.array import concat, expand_dims, stack
from minitf.api.casting import cast
from minitf.api.constants import ones, zeros, zeros_like
from minitf.api.control import after, no_op
from minitf.api.diagonals import matrix_diag_part, matrix_set_diag
from minitf.api.elementary import conj, imag, log, real
from minitf.api.framework import name_scope
from minitf.api.linalg import adjoint as adjoint_of
from minitf.api.math import abs as abs_
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.dtypes import as_dtype, float32
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.batches import of_batch_shape
from minitf.linear_operators.hints import Hint, always
from minitf.linear_operators.parameters import (
    assert_compatible_matrix_dimensions,
    checked_sizes,
    convert_nonref_to_tensor,
    static_sizes,
)
from minitf.operation import Operation
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class BaseLinearOperatorIdentity(LinearOperator):
    """What the identity and its multiples have in common: one number of rows and columns."""

    _assert_proper_shapes: bool

    def _take_rows(self, num_rows: Any) -> None:
        """Keep the number of rows, which is checked."""
        asserts = self._assert_proper_shapes
        self._num_rows = checked_sizes(num_rows, "num_rows", 0, name="num_rows", asserts=asserts)

    @property
    def num_rows(self) -> Tensor:
        """The number of rows and of columns."""
        return self._num_rows

    def _matrix_shape(self) -> TensorShape:
        known = constant_value(self._num_rows)
        return TensorShape([None if known is None else int(known)] * 2)

    def _fitting(self, x: Tensor, *, adjoint_arg: bool) -> Tensor:
        """Return an argument, or its adjoint, whose shape is checked if that is asked for."""
        x = adjoint_of(x) if adjoint_arg else x
        if self._assert_proper_shapes:
            x = after([assert_compatible_matrix_dimensions(self, x)], x)
        return x

    def _ones(self) -> Tensor:
        """Return a 1 for each member of the batch."""
        known = self.batch_shape
        return ones(known if known.is_fully_defined() else self.batch_shape_tensor(), self.dtype)

    def _ones_diag(self) -> Tensor:
        """Return a diagonal of 1s for each member of the batch."""
        if self.shape.is_fully_defined():
            return ones(self.shape[:-1], self.dtype)
        sizes = concat([self.batch_shape_tensor(), [self.domain_dimension_tensor()]], 0)
        return ones(sizes, self.dtype)

    def _rows(self) -> Tensor:
        return cast(self.domain_dimension_tensor(), self.dtype)  # type: ignore[no-any-return]

    @abstractmethod
    def _on_diagonal(self) -> Any:
        """Return the number on the diagonal, for a vector of diagonals to be added to."""

    def add_to_tensor(self, mat: Any, name: str = "add_to_tensor") -> Tensor:
        """Return the sums of the operator's matrices and others."""
        with self._name_scope(name):
            mat = convert_to_tensor(mat, name="mat")
            self._check_input_dtype(mat)
            mat = of_batch_shape(self, mat)
            return matrix_set_diag(mat, self._on_diagonal() + matrix_diag_part(mat))


class LinearOperatorIdentity(BaseLinearOperatorIdentity):
    """A batch of identity matrices.

    Args:
        num_rows: N, an integer.
        batch_shape: sizes of the batch; without one, a batch of any shape is left as it is.
        dtype: of the numbers; float32 by default.
        is_non_singular: it always is.
        is_self_adjoint: it always is.
        is_positive_definite: it always is.
        is_square: it always is.
        assert_proper_shapes: check sizes while the graph runs, those of arguments too.
        name: name scope of all operations.

    Raises:
        TypeError: if sizes are no integers, or Variables.
        ValueError: if a size is negative or has dimensions, or hints say what is not so.
    """

    def __init__(
        self,
        num_rows: Any,
        batch_shape: Any = None,
        dtype: Any = None,
        is_non_singular: Hint = True,
        is_self_adjoint: Hint = True,
        is_positive_definite: Hint = True,
        is_square: Hint = True,
        assert_proper_shapes: bool = False,
        name: str = "LinearOperatorIdentity",
    ) -> None:
        self._assert_proper_shapes = assert_proper_shapes
        self._batch_sizes: Tensor | None = None
        with name_scope(name):
            for hint, kind in (
                (is_self_adjoint, "self adjoint"),
                (is_non_singular, "non-singular"),
                (is_positive_definite, "positive-definite"),
                (is_square, "square"),
            ):
                always(bool(hint), f"An identity operator is always {kind}.")
            super().__init__(
                dtype=as_dtype(dtype or float32),
                is_non_singular=is_non_singular,
                is_self_adjoint=is_self_adjoint,
                is_positive_definite=is_positive_definite,
                is_square=is_square,
                name=name,
            )
            self._take_rows(num_rows)
            if batch_shape is not None:
                self._batch_sizes = checked_sizes(
                    batch_shape,
                    "batch_shape",
                    1,
                    name="batch_shape_arg",
                    asserts=assert_proper_shapes,
                )

    def _shape(self) -> TensorShape:
        if self._batch_sizes is None:
            return self._matrix_shape()
        return static_sizes(self._batch_sizes).concatenate(self._matrix_shape())

    def _shape_tensor(self) -> Tensor:
        sizes = stack((self._num_rows, self._num_rows), axis=0)
        return sizes if self._batch_sizes is None else concat((self._batch_sizes, sizes), 0)

    def _assert_non_singular(self) -> Operation:
        return no_op("assert_non_singular")

    def _assert_positive_definite(self) -> Operation:
        return no_op("assert_positive_definite")

    def _assert_self_adjoint(self) -> Operation:
        return no_op("assert_self_adjoint")

    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        x = self._fitting(x, adjoint_arg=adjoint_arg)
        return x if self._batch_sizes is None else of_batch_shape(self, x)

    def _solve(self, rhs: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        return self._matmul(rhs, adjoint_arg=adjoint_arg)

    def _determinant(self) -> Tensor:
        return ones(self.batch_shape_tensor(), self.dtype)

    def _log_abs_determinant(self) -> Tensor:
        return zeros(self.batch_shape_tensor(), self.dtype)

    def _trace(self) -> Tensor:
        return self._rows() * self._ones()

    def _diag_part(self) -> Tensor:
        return self._ones_diag()

    def _on_diagonal(self) -> Any:
        return 1


class LinearOperatorScaledIdentity(BaseLinearOperatorIdentity):
    """A batch of multiples of the identity matrix.

    Args:
        num_rows: N, an integer.
        multiplier: number[...], the factors.
        is_non_singular: whether no factor is 0.
        is_self_adjoint: whether all factors are real.
        is_positive_definite: whether all factors have a positive real part.
        is_square: it always is.
        assert_proper_shapes: check sizes while the graph runs, those of arguments too.
        name: name scope of all operations.

    Raises:
        TypeError: if `num_rows` is no integer, or a Variable.
        ValueError: if it is negative or has dimensions, or hints say what is not so.
    """

    def __init__(
        self,
        num_rows: Any,
        multiplier: Any,
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = True,
        assert_proper_shapes: bool = False,
        name: str = "LinearOperatorScaledIdentity",
    ) -> None:
        self._assert_proper_shapes = assert_proper_shapes
        with name_scope(name, values=[multiplier, num_rows]):
            self._multiplier = convert_nonref_to_tensor(multiplier, name="multiplier")
            if not self._multiplier.dtype.is_complex:
                message = "A real diagonal operator is always self adjoint."
                is_self_adjoint = always(is_self_adjoint, message)
            always(bool(is_square), "A ScaledIdentity operator is always square.")
            super().__init__(
                dtype=self._multiplier.dtype,
                graph_parents=[self._multiplier],
                is_non_singular=is_non_singular,
                is_self_adjoint=is_self_adjoint,
                is_positive_definite=is_positive_definite,
                is_square=is_square,
                name=name,
            )
            self._take_rows(num_rows)

    @property
    def multiplier(self) -> Any:
        """The factors."""
        return self._multiplier

    def _shape(self) -> TensorShape:
        return self._multiplier.shape.concatenate(self._matrix_shape())  # type: ignore[no-any-return]

    def _shape_tensor(self) -> Tensor:
        sizes = stack((self._num_rows, self._num_rows), axis=0)
        return concat((shape(self._multiplier), sizes), 0)

    def _assert_non_singular(self) -> Operation:
        message = "LinearOperator was singular"
        return assertions.assert_positive(abs_(self._multiplier), message=message)

    def _assert_positive_definite(self) -> Operation:
        message = "LinearOperator was not positive definite."
        return assertions.assert_positive(real(self._multiplier), message=message)

    def _assert_self_adjoint(self) -> Operation:
        imaginary = imag(self._multiplier)
        message = "LinearOperator was not self-adjoint"
        return assertions.assert_equal(zeros_like(imaginary), imaginary, message=message)

    def _factors(self, *, adjoint: bool) -> Tensor:
        """Return the factors, to be multiplied with matrices."""
        factors = expand_dims(expand_dims(self._multiplier, -1), -1)
        return conj(factors) if adjoint else factors

    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        return self._fitting(x, adjoint_arg=adjoint_arg) * self._factors(adjoint=adjoint)

    def _solve(self, rhs: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        return self._fitting(rhs, adjoint_arg=adjoint_arg) / self._factors(adjoint=adjoint)

    def _determinant(self) -> Tensor:
        return self._multiplier ** cast(self._num_rows, self.dtype)  # type: ignore[no-any-return]

    def _log_abs_determinant(self) -> Tensor:
        rows = cast(self._num_rows, self.dtype.real_dtype)
        return rows * log(abs_(self._multiplier))  # type: ignore[no-any-return]

    def _trace(self) -> Tensor:
        return self._multiplier * self._rows() * self._ones()  # type: ignore[no-any-return]

    def _diag_part(self) -> Tensor:
        return self._ones_diag() * expand_dims(self._multiplier, -1)

    def _on_diagonal(self) -> Any:
        return expand_dims(self._multiplier, -1)
