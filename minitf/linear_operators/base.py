"""LinearOperator: a matrix, or a batch of them, known by what it does rather than by its numbers.

    diagonal = LinearOperatorDiag([1.0, 2.0])      # shape (2, 2)
    diagonal.matmul([[3.0], [4.0]])                # float32[2, 1], without a matrix of zeros
    diagonal.solve(diagonal.to_dense())            # the identity

A public method opens its name scope beneath the operator's, checks its argument and asks a hook,
`matmul` asks `_matmul`.  A kind of operator must know `_shape`, `_shape_tensor` and `_matmul`; the
other hooks follow from these by way of the dense matrix, which is slow and therefore logged.

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import logging
from abc import abstractmethod
from typing import Any

import numpy as np

from minitf.api import assertions
from minitf.api.array import expand_dims, squeeze
from minitf.api.casting import cast
from minitf.api.diagonals import matrix_diag_part
from minitf.api.elementary import exp, log, real
from minitf.api.framework import name_scope
from minitf.api.linalg import adjoint as adjoint_of
from minitf.api.linalg import cholesky as cholesky_of
from minitf.api.linalg import matrix_determinant, slogdet, svd
from minitf.api.reductions import reduce_max, reduce_min, reduce_sum
from minitf.api.sequences import eye
from minitf.convert import convert_to_tensor
from minitf.linear_operators import algebra
from minitf.linear_operators.batches import (
    cholesky_solve_with_broadcast,
    matrix_solve_with_broadcast,
)
from minitf.linear_operators.described import DescribedOperator
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.tensor_shape import Dimension, dimension_at_index

_LOG = logging.getLogger("tensorflow")


def _log_slow(method: str, work: str = " and O(N^3) operations") -> None:
    _LOG.warning(
        "Using (possibly slow) default implementation of %s.  Requires conversion to a dense "
        "matrix%s.",
        method,
        work,
    )


class LinearOperator(DescribedOperator):
    """A batch of linear maps of vectors: of shape [..., M, N], from N numbers to M.

    Args:
        dtype: of the numbers.
        graph_parents: the Tensors and Variables that it is made of.
        is_non_singular: whether it has an inverse.
        is_self_adjoint: whether it equals its conjugate transpose.
        is_positive_definite: whether x^H A x has a positive real part for all x but 0.
        is_square: whether M = N.
        name: name scope of all operations; the class's name by default.

    Raises:
        ValueError: if a graph parent is no Tensor, or hints contradict each other.
    """

    # --- products --------------------------------------------------------------------------------

    @abstractmethod
    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        raise NotImplementedError("_matmul is not implemented.")

    def _matvec(self, x: Tensor, adjoint: bool = False) -> Tensor:
        return squeeze(self.matmul(expand_dims(x, -1), adjoint=adjoint), axis=-1)

    def matmul(
        self, x: Any, adjoint: bool = False, adjoint_arg: bool = False, name: str | None = "matmul"
    ) -> Any:
        """Multiply matrices, or another operator, from the left.

        Args:
            x: dtype[..., N, R], or an operator of that shape.
            adjoint: multiply by the operator's adjoint instead.
            adjoint_arg: multiply the adjoint of `x` instead.
            name: name scope of the operations.

        Returns:
            dtype[..., M, R], or an operator.

        Raises:
            TypeError: if `x` is of another type.
            ValueError: if its shape does not fit.
        """
        if isinstance(x, LinearOperator):
            left, right = self._pair(x, "x", adjoint=adjoint, adjoint_arg=adjoint_arg)
            with self._name_scope(name):
                return algebra.matmul(left, right)
        with self._name_scope(name):
            x = self._argument(x, "x", -2 if adjoint else -1, -1 if adjoint_arg else -2)
            return self._matmul(x, adjoint=adjoint, adjoint_arg=adjoint_arg)

    def matvec(self, x: Any, adjoint: bool = False, name: str = "matvec") -> Tensor:
        """Map vectors: dtype[..., N] to dtype[..., M]; arguments and errors as of `matmul`."""
        with self._name_scope(name):
            x = self._argument(x, "x", -2 if adjoint else -1, -1)
            return self._matvec(x, adjoint=adjoint)

    def _check_input_dtype(self, arg: Tensor) -> None:
        if arg.dtype.base_dtype != self.dtype:
            raise TypeError(
                f"Expected argument to have dtype {self.dtype}.  Found: {arg.dtype} in tensor {arg}"
            )

    def _argument(self, value: Any, name: str, own: int, other: int) -> Tensor:
        """Return an argument as a Tensor whose dimension `other` fits the operator's `own`."""
        argument = convert_to_tensor(value, name=name)
        self._check_input_dtype(argument)
        ours = dimension_at_index(self.shape, own)
        ours.assert_is_compatible_with(argument.shape[other])
        return argument

    def _pair(
        self, right: LinearOperator, name: str, *, adjoint: bool, adjoint_arg: bool
    ) -> tuple[LinearOperator, LinearOperator]:
        """Return this operator and another, or their adjoints, which must fit each other."""
        left = self.adjoint() if adjoint else self
        right = right.adjoint() if adjoint_arg else right
        wanted: Dimension = left.domain_dimension
        if not wanted.is_compatible_with(right.range_dimension):
            raise ValueError(
                f"Operators are incompatible. Expected `{name}` to have dimension {wanted} but got "
                f"{right.range_dimension}."
            )
        return left, right

    # --- linear systems --------------------------------------------------------------------------

    def _solve(self, rhs: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        if self.is_square is False:
            raise NotImplementedError("Solve is not yet implemented for non-square operators.")
        _log_slow("solve")
        rhs = adjoint_of(rhs) if adjoint_arg else rhs
        if self._can_use_cholesky():
            return cholesky_solve_with_broadcast(cholesky_of(self.to_dense()), rhs)
        return matrix_solve_with_broadcast(self.to_dense(), rhs, adjoint=adjoint)

    def _solvevec(self, rhs: Tensor, adjoint: bool = False) -> Tensor:
        return squeeze(self.solve(expand_dims(rhs, -1), adjoint=adjoint), axis=-1)

    def solve(
        self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False, name: str | None = "solve"
    ) -> Any:
        """Return the X with A X = rhs, which may be another operator.

        Args:
            rhs: dtype[..., M, R], or an operator of that shape.
            adjoint: solve with the operator's adjoint instead.
            adjoint_arg: take the adjoint of `rhs` instead.
            name: name scope of the operations.

        Returns:
            dtype[..., N, R], or an operator.

        Raises:
            NotImplementedError: if the operator is singular or not square.
            TypeError: if `rhs` is of another type.
            ValueError: if its shape does not fit.
        """
        for hint, kind in (
            (self.is_non_singular, "be singular"),
            (self.is_square, "not be square"),
        ):
            if hint is False:
                raise NotImplementedError(
                    f"Exact solve not implemented for an operator that is expected to {kind}."
                )
        if isinstance(rhs, LinearOperator):
            left, right = self._pair(rhs, "rhs", adjoint=adjoint, adjoint_arg=adjoint_arg)
            with self._name_scope(name):
                return algebra.solve(left, right)
        with self._name_scope(name):
            rhs = self._argument(rhs, "rhs", -1 if adjoint else -2, -1 if adjoint_arg else -2)
            return self._solve(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)

    def solvevec(self, rhs: Any, adjoint: bool = False, name: str = "solve") -> Tensor:
        """Solve for vectors: dtype[..., M] to dtype[..., N]; arguments and errors as of `solve`."""
        with self._name_scope(name):
            rhs = self._argument(rhs, "rhs", -1 if adjoint else -2, -1)
            return self._solvevec(rhs, adjoint=adjoint)

    # --- numbers that say much of it -------------------------------------------------------------

    def _determinant(self) -> Tensor:
        _log_slow("determinant")
        if self._can_use_cholesky():
            return exp(self.log_abs_determinant())
        return matrix_determinant(self.to_dense())

    def _log_abs_determinant(self) -> Tensor:
        _log_slow("determinant")
        if self._can_use_cholesky():
            return 2 * reduce_sum(log(matrix_diag_part(cholesky_of(self.to_dense()))), axis=[-1])
        _, logarithm = slogdet(self.to_dense())
        return logarithm  # type: ignore[no-any-return]

    def _trace(self) -> Tensor:
        return reduce_sum(self.diag_part(), axis=-1)

    def determinant(self, name: str = "det") -> Tensor:
        """Return the determinants; NotImplementedError if the operator is not square."""
        self._must_have_determinant()
        with self._name_scope(name):
            return self._determinant()

    def log_abs_determinant(self, name: str = "log_abs_det") -> Tensor:
        """Return the logarithms of |determinant|; errors as of `determinant`."""
        self._must_have_determinant()
        with self._name_scope(name):
            return self._log_abs_determinant()

    def trace(self, name: str = "trace") -> Tensor:
        """Return the sums of the diagonals."""
        with self._name_scope(name):
            return self._trace()

    def _must_have_determinant(self) -> None:
        if self.is_square is False:
            raise NotImplementedError(
                "Determinant not implemented for an operator that is expected to not be square."
            )

    # --- other forms -----------------------------------------------------------------------------

    def _to_dense(self) -> Tensor:
        batch = self.batch_shape
        sizes = batch.as_list() if batch.is_fully_defined() else self.batch_shape_tensor()
        known = self.domain_dimension.value
        side = self.domain_dimension_tensor() if known is None else known
        made: Tensor = self.matmul(eye(side, batch_shape=sizes, dtype=self.dtype))
        return made

    def _diag_part(self) -> Tensor:
        return matrix_diag_part(self.to_dense())

    def _add_to_tensor(self, x: Tensor) -> Tensor:
        return self.to_dense() + x

    def to_dense(self, name: str = "to_dense") -> Tensor:
        """Return the matrices."""
        with self._name_scope(name):
            return self._to_dense()

    def diag_part(self, name: str = "diag_part") -> Tensor:
        """Return the diagonals: dtype[..., min(M, N)]."""
        with self._name_scope(name):
            return self._diag_part()

    def add_to_tensor(self, x: Any, name: str = "add_to_tensor") -> Tensor:
        """Return the sums of the operator's matrices and others; TypeError for another type."""
        with self._name_scope(name):
            x = convert_to_tensor(x, name="x")
            self._check_input_dtype(x)
            return self._add_to_tensor(x)

    def adjoint(self, name: str = "adjoint") -> LinearOperator:
        """Return the conjugate transpose; itself if it is self-adjoint."""
        if self.is_self_adjoint is True:
            return self
        with self._name_scope(name):
            return algebra.adjoint(self)  # type: ignore[no-any-return]

    H = property(adjoint, None, doc="The conjugate transpose.")

    def inverse(self, name: str = "inverse") -> LinearOperator:
        """Return the inverse; ValueError if the operator is singular or not square."""
        for hint, kind in ((self.is_square, "non square"), (self.is_non_singular, "singular")):
            if hint is False:
                raise ValueError(
                    f"Cannot take the Inverse: This operator represents a {kind} matrix."
                )
        with self._name_scope(name):
            return algebra.inverse(self)  # type: ignore[no-any-return]

    def cholesky(self, name: str = "cholesky") -> LinearOperator:
        """Return the lower triangular L with L L^H = A.

        Raises:
            ValueError: if the operator is not promised to be positive definite and self-adjoint.
        """
        if not self._can_use_cholesky():
            raise ValueError(
                "Cannot take the Cholesky decomposition: Not a positive definite self adjoint "
                "matrix."
            )
        with self._name_scope(name):
            return algebra.cholesky(self)  # type: ignore[no-any-return]

    def _can_use_cholesky(self) -> bool:
        return bool(self.is_self_adjoint and self.is_positive_definite)

    # --- assertions while the graph runs ---------------------------------------------------------

    def _assert_non_singular(self) -> Operation:
        _log_slow("assert_non_singular")
        if self._can_use_cholesky():
            return self.assert_positive_definite()
        values = svd(self.to_dense(), compute_uv=False)
        condition = reduce_max(values, axis=-1) / reduce_min(values, axis=-1)
        most = self._max_condition_number_to_be_non_singular()
        message = "Singular matrix up to precision epsilon."
        return assertions.assert_less(condition, most, message=message)

    def _max_condition_number_to_be_non_singular(self) -> Tensor:
        with name_scope("max_nonsingular_condition_number"):
            dtype = self.dtype.real_dtype
            sizes = 100, self.range_dimension_tensor(), self.domain_dimension_tensor()
            most = reduce_max([cast(each, dtype) for each in sizes])
            eps = float(np.finfo(self.dtype.as_numpy_dtype).eps)
            return 1.0 / (most * eps)

    def _assert_positive_definite(self) -> Operation:
        _log_slow("assert_positive_definite")
        if not self.is_self_adjoint:
            raise NotImplementedError("assert_positive_definite is not implemented.")
        diagonal = real(matrix_diag_part(cholesky_of(self.to_dense())))
        return assertions.assert_positive(diagonal, message="Matrix was not positive definite.")

    def _assert_self_adjoint(self) -> Operation:
        _log_slow("assert_self_adjoint", work="")
        dense = self.to_dense()
        message = "Matrix was not equal to its adjoint."
        return assertions.assert_equal(dense, adjoint_of(dense), message=message)

    def assert_non_singular(self, name: str = "assert_non_singular") -> Operation:
        """Return an operation that aborts the step if a matrix is singular: badly conditioned."""
        with self._name_scope(name):
            return self._assert_non_singular()

    def assert_positive_definite(self, name: str = "assert_positive_definite") -> Operation:
        """Return an operation that aborts the step if a matrix is not positive definite."""
        with self._name_scope(name):
            return self._assert_positive_definite()

    def assert_self_adjoint(self, name: str = "assert_self_adjoint") -> Operation:
        """Return an operation that aborts the step if a matrix is not its conjugate transpose."""
        with self._name_scope(name):
            return self._assert_self_adjoint()
