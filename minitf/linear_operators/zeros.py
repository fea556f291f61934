"""The zero operator, of which only sizes are kept.

Source: TensorFlow 1.15's LinearOperatorZeros.
"""

from __future__ import annotations

from typing import Any, NoReturn

from minitf.api.array import concat, stack
from minitf.api.constants import zeros
from minitf.api.control import after, no_op
from minitf.api.framework import name_scope
from minitf.api.linalg import adjoint as adjoint_of
from minitf.api.math import minimum
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.dtypes import as_dtype, float32
from minitf.errors import InvalidArgumentError
from minitf.linear_operators.algebra import RegisterMatmul
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.batches import of_batch_shape
from minitf.linear_operators.hints import Hint
from minitf.linear_operators.parameters import (
    assert_compatible_matrix_dimensions,
    checked_sizes,
    static_sizes,
)
from minitf.operation import Operation
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class LinearOperatorZeros(LinearOperator):
    """A batch of matrices of zeros.

    Args:
        num_rows: M, an integer.
        num_columns: N, an integer; M by default.
        batch_shape: sizes of the batch; without one, a batch of any shape is left as it is.
        dtype: of the numbers; float32 by default.
        is_non_singular: it never is.
        is_self_adjoint: it is if it is square.
        is_positive_definite: it never is.
        is_square: whether M = N.
        assert_proper_shapes: check sizes while the graph runs, those of arguments too.
        name: name scope of all operations.

    Raises:
        TypeError: if sizes are no integers, or Variables.
        ValueError: if a size is negative or has dimensions, or hints say what is not so.
    """

    def __init__(
        self,
        num_rows: Any,
        num_columns: Any = None,
        batch_shape: Any = None,
        dtype: Any = None,
        is_non_singular: Hint = False,
        is_self_adjoint: Hint = True,
        is_positive_definite: Hint = False,
        is_square: Hint = True,
        assert_proper_shapes: bool = False,
        name: str = "LinearOperatorZeros",
    ) -> None:
        self._assert_proper_shapes = assert_proper_shapes
        self._batch_sizes: Tensor | None = None
        with name_scope(name):
            if is_square and not is_self_adjoint:
                raise ValueError("A zero operator is always self adjoint.")
            if is_non_singular:
                raise ValueError("A zero operator is always singular.")
            if is_positive_definite:
                raise ValueError("A zero operator is always not positive-definite.")
            super().__init__(
                dtype=as_dtype(dtype or float32),
                is_non_singular=is_non_singular,
                is_self_adjoint=is_self_adjoint,
                is_positive_definite=is_positive_definite,
                is_square=is_square,
                name=name,
            )
            num_columns = num_rows if num_columns is None else num_columns
            self._num_rows = self._sizes(num_rows, "num_rows", 0, "num_rows")
            self._num_columns = self._sizes(num_columns, "num_columns", 0, "num_columns")
            rows, columns = self._matrix_shape()
            if is_square and (rows != columns) is True:
                raise ValueError(
                    "LinearOperatorZeros initialized as is_square=True, but got "
                    f"num_rows({rows}) != num_columns({columns})"
                )
            if batch_shape is not None:
                self._batch_sizes = self._sizes(batch_shape, "batch_shape", 1, "batch_shape_arg")

    def _sizes(self, value: Any, argument: str, rank: int, name: str) -> Tensor:
        asserts = self._assert_proper_shapes
        return checked_sizes(value, argument, rank, name=name, asserts=asserts)

    def _matrix_shape(self) -> TensorShape:
        known = [constant_value(each) for each in (self._num_rows, self._num_columns)]
        return TensorShape([None if each is None else int(each) for each in known])

    def _shape(self) -> TensorShape:
        if self._batch_sizes is None:
            return self._matrix_shape()
        return static_sizes(self._batch_sizes).concatenate(self._matrix_shape())

    def _shape_tensor(self) -> Tensor:
        sizes = stack((self._num_rows, self._num_columns), axis=0)
        return sizes if self._batch_sizes is None else concat((self._batch_sizes, sizes), 0)

    def _assert_non_singular(self) -> NoReturn:
        raise InvalidArgumentError(None, None, "Zero operators are always non-invertible.")

    def _assert_positive_definite(self) -> NoReturn:
        raise InvalidArgumentError(None, None, "Zero operators are always non-positive definite.")

    def _assert_self_adjoint(self) -> Operation:
        return no_op("assert_self_adjoint")

    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        if self._assert_proper_shapes:
            columns = adjoint_of(x) if adjoint_arg else x
            operator = self.adjoint() if adjoint else self
            x = after([assert_compatible_matrix_dimensions(operator, columns)], x)
        sizes = shape(x)
        rows = self._num_columns if adjoint else self._num_rows
        columns = sizes[-2] if adjoint_arg else sizes[-1]
        made = zeros(concat([sizes[:-2], [rows, columns]], 0), self.dtype)
        return made if self._batch_sizes is None else of_batch_shape(self, made)

    def _batch_of_zeros(self) -> Tensor:
        known = self.batch_shape
        return zeros(known if known.is_fully_defined() else self.batch_shape_tensor(), self.dtype)

    def _determinant(self) -> Tensor:
        return self._batch_of_zeros()

    def _trace(self) -> Tensor:
        return self._batch_of_zeros()

    def _diag_part(self) -> Tensor:
        if self.shape.is_fully_defined():
            side = min(self.shape[-2:].as_list())
            return zeros(self.batch_shape.concatenate([side]), self.dtype)
        side = minimum(self.range_dimension_tensor(), self.domain_dimension_tensor())
        return zeros(concat([self.batch_shape_tensor(), [side]], 0), self.dtype)

    def add_to_tensor(self, mat: Any, name: str = "add_to_tensor") -> Tensor:
        """Return matrices as they are, or repeated to the operator's batch shape."""
        with self._name_scope(name):
            mat = convert_to_tensor(mat, name="mat")
            self._check_input_dtype(mat)
            return mat if self._batch_sizes is None else of_batch_shape(self, mat)


def _must_be_square(*operators: LinearOperator) -> None:
    if not all(each.is_square for each in operators):
        raise ValueError(
            "Matmul with non-square `LinearOperator`s or non-square `LinearOperatorZeros` not "
            "supported at this time."
        )


@RegisterMatmul(LinearOperator, LinearOperatorZeros)
def _times_zeros(a: LinearOperator, b: LinearOperatorZeros) -> LinearOperatorZeros:
    _must_be_square(a, b)
    return b


@RegisterMatmul(LinearOperatorZeros, LinearOperator)
def _zeros_times(a: LinearOperatorZeros, b: LinearOperator) -> LinearOperatorZeros:
    _must_be_square(a, b)
    return a
