"""`tensorflow.python.ops.linalg.linear_operator_test_util`: laws that every operator must keep.

A test case derives from one of the classes, says by `operator_and_matrix` how an operator and its
dense matrix are made, and takes its tests from `add_tests`: one for each law, type and shape, and
for shapes known while the graph is built or only while it runs.

    class MyOperatorTest(SquareLinearOperatorDerivedClassTest):
        def operator_and_matrix(self, shapes_info, dtype, use_placeholder, ...):
            ...
            return MyOperator(...), matrix

    add_tests(MyOperatorTest)

Source: TensorFlow 1.15's module of the same name, its public names; the laws are those of the
operators' documentation.
"""

from __future__ import annotations

import abc
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from minitf.api.array import concat
from minitf.api.diagonals import matrix_diag_part
from minitf.api.elementary import log, real
from minitf.api.gradients import gradients
from minitf.api.linalg import adjoint as adjoint_of
from minitf.api.linalg import cholesky, matrix_determinant, matrix_inverse
from minitf.api.math import abs as abs_
from minitf.api.matmul import matmul
from minitf.api.norms import trace
from minitf.compat.internal.random_matrices import (
    random_normal,
    random_normal_correlated_columns,
    random_positive_definite_matrix,
    random_sign_uniform,
    random_tril_matrix,
    random_uniform,
)
from minitf.compat.test_case import TestCase
from minitf.dtypes import DType, complex64, complex128, float16, float32, float64
from minitf.graph import Graph
from minitf.linear_operators.batches import matrix_solve_with_broadcast
from minitf.tensor import Tensor

__all__ = [
    "CheckTapeSafeSkipOptions",
    "LinearOperatorDerivedClassTest",
    "NonSquareLinearOperatorDerivedClassTest",
    "OperatorShapesInfo",
    "SquareLinearOperatorDerivedClassTest",
    "add_tests",
    "random_normal",
    "random_normal_correlated_columns",
    "random_positive_definite_matrix",
    "random_sign_uniform",
    "random_tril_matrix",
    "random_uniform",
]
_Pairs = Iterator[tuple[Any, Any]]
_BOTH = (False, True)


class OperatorShapesInfo:
    """The shape of an operator to be made, and whatever else its test case needs.

    Args:
        shape: of the operator.
        kwargs: further attributes.
    """

    def __init__(self, shape: Sequence[int], **kwargs: Any) -> None:
        self.shape = shape
        self.__dict__.update(kwargs)


class CheckTapeSafeSkipOptions:
    """Methods that `check_tape_safe` can leave out."""

    DETERMINANT = "determinant"
    DIAG_PART = "diag_part"
    LOG_ABS_DETERMINANT = "log_abs_determinant"
    TRACE = "trace"


class LinearOperatorDerivedClassTest(TestCase, metaclass=abc.ABCMeta):
    """A test case of one kind of operator: how operators are made, and what is tried."""

    _atol: ClassVar[dict[DType, float]] = {
        float16: 1e-3,
        float32: 1e-6,
        float64: 1e-12,
        complex64: 1e-6,
        complex128: 1e-12,
    }
    _rtol: ClassVar[dict[DType, float]] = dict(_atol)

    def assertAC(self, x: Any, y: Any) -> None:
        """Fail unless arrays are close, by the tolerances of their type."""
        dtype = next(each for each in self._atol if each.as_numpy_dtype == x.dtype)
        self.assertAllClose(x, y, atol=self._atol[dtype], rtol=self._rtol[dtype])

    def assertRaisesError(self, msg: str) -> AbstractContextManager[Any]:
        """Return a context in which a step must fail with a message."""
        return self.assertRaisesOpError(msg)

    @staticmethod
    def adjoint_options() -> Sequence[bool]:
        """Return whether operators are adjoined: both."""
        return _BOTH

    @staticmethod
    def adjoint_arg_options() -> Sequence[bool]:
        """Return whether arguments are adjoined: both."""
        return _BOTH

    @staticmethod
    def dtypes_to_test() -> Sequence[DType]:
        """Return the types that are tried."""
        return [float32, float64, complex64, complex128]

    @staticmethod
    def use_placeholder_options() -> Sequence[bool]:
        """Return whether shapes are known only while the graph runs: both."""
        return _BOTH

    @staticmethod
    def operator_shapes_infos() -> Sequence[OperatorShapesInfo]:
        """Return the shapes that are tried."""
        raise NotImplementedError("operator_shapes_infos has not been implemented.")

    @staticmethod
    def skip_these_tests() -> Sequence[str]:
        """Return the names of laws that this kind does not keep."""
        return []

    @abc.abstractmethod
    def operator_and_matrix(
        self,
        shapes_info: OperatorShapesInfo,
        dtype: DType,
        use_placeholder: bool,
        ensure_self_adjoint_and_pd: bool = False,
    ) -> tuple[Any, Tensor]:
        """Return an operator and its dense matrix.

        Args:
            shapes_info: one of `operator_shapes_infos`.
            dtype: of the operator.
            use_placeholder: whether its shape is known only while the graph runs.
            ensure_self_adjoint_and_pd: whether it is promised to be positive definite and
                self-adjoint.
        """

    @abc.abstractmethod
    def make_rhs(self, operator: Any, adjoint: bool, with_batch: bool = True) -> Tensor:
        """Return a right-hand side that fits an operator or its adjoint, with its batch or not."""

    @abc.abstractmethod
    def make_x(self, operator: Any, adjoint: bool, with_batch: bool = True) -> Tensor:
        """Return a matrix that fits an operator or its adjoint, with its batch or not."""

    def check_tape_safe(self, operator: Any, skip_options: Sequence[str] | None = None) -> None:
        """Fail unless gradients flow from what an operator says back to its Variables."""
        self.assertNotEmpty(operator.trainable_variables)
        options = [each for name, each in vars(CheckTapeSafeSkipOptions).items() if name.isupper()]
        values = {
            method: getattr(operator, method)()
            for method in [*options, "to_dense"]
            if method not in (skip_options or ())
        }
        values["matmul"] = operator.matmul(self.make_x(operator, adjoint=False))
        for method, value in values.items():
            for grad in gradients(value, operator.trainable_variables):
                if grad is None:
                    self.fail(f"no gradient flows from {method}")

    def _get_num_systems(self, operator: Any) -> int:
        """Return how many columns arguments have."""
        return 2 if (operator.tensor_rank or 0) > 3 else 1

    def _columns(self, operator: Any, rows: Any, *, with_batch: bool) -> Tensor:
        """Return random columns of as many rows as a side of an operator has."""
        sizes = [rows, self._get_num_systems(operator)]
        batch = operator.batch_shape
        if not with_batch:
            return random_normal(sizes, dtype=operator.dtype)
        if batch.is_fully_defined() and isinstance(rows, int):
            return random_normal([*batch.as_list(), *sizes], dtype=operator.dtype)
        shape = concat((operator.batch_shape_tensor(), sizes), 0)
        return random_normal(shape, dtype=operator.dtype)


def _size(known: Any, tensor: Callable[[], Tensor]) -> Any:
    """Return a size as a number, or as a Tensor if it is not known."""
    return tensor() if known.value is None else known.value


class SquareLinearOperatorDerivedClassTest(LinearOperatorDerivedClassTest):
    """A test case of a kind of square operators."""

    @staticmethod
    def operator_shapes_infos() -> Sequence[OperatorShapesInfo]:
        """Return shapes without and with batches, and an empty one."""
        shapes = [(0, 0), (1, 1), (1, 3, 3), (3, 4, 4), (2, 1, 4, 4)]
        return [OperatorShapesInfo(each) for each in shapes]

    def make_rhs(self, operator: Any, adjoint: bool, with_batch: bool = True) -> Tensor:
        """Return a right-hand side that fits an operator, with its batch or not."""
        return self.make_x(operator, adjoint=not adjoint, with_batch=with_batch)

    def make_x(self, operator: Any, adjoint: bool, with_batch: bool = True) -> Tensor:
        """Return a matrix that fits an operator, with its batch or not."""
        rows = _size(operator.domain_dimension, operator.domain_dimension_tensor)
        return self._columns(operator, rows, with_batch=with_batch)


class NonSquareLinearOperatorDerivedClassTest(LinearOperatorDerivedClassTest):
    """A test case of a kind of operators that need not be square."""

    @staticmethod
    def skip_these_tests() -> Sequence[str]:
        """Return the names of laws of square operators."""
        return ["cholesky", "det", "inverse", "log_abs_det", "solve", "solve_with_broadcast"]

    @staticmethod
    def operator_shapes_infos() -> Sequence[OperatorShapesInfo]:
        """Return wide and tall shapes without and with batches."""
        shapes = [(2, 1), (1, 2), (1, 3, 2), (3, 3, 4), (2, 1, 2, 4)]
        return [OperatorShapesInfo(each) for each in shapes]

    def make_rhs(self, operator: Any, adjoint: bool, with_batch: bool = True) -> Tensor:
        """Refuse: only square operators are solved with."""
        raise NotImplementedError("make_rhs not implemented because we don't test solve")

    def make_x(self, operator: Any, adjoint: bool, with_batch: bool = True) -> Tensor:
        """Return a matrix that fits an operator or its adjoint, with its batch or not."""
        rows = (
            _size(operator.range_dimension, operator.range_dimension_tensor)
            if adjoint
            else _size(operator.domain_dimension, operator.domain_dimension_tensor)
        )
        return self._columns(operator, rows, with_batch=with_batch)


# --- laws ----------------------------------------------------------------------------------------
#
# A law yields pairs of Tensors that must agree.


def _to_dense(test: Any, operator: Any, matrix: Tensor) -> _Pairs:
    yield operator.to_dense(), matrix


def _det(test: Any, operator: Any, matrix: Tensor) -> _Pairs:
    yield operator.determinant(), matrix_determinant(matrix)


def _log_abs_det(test: Any, operator: Any, matrix: Tensor) -> _Pairs:
    yield real(operator.log_abs_determinant()), log(abs_(matrix_determinant(matrix)))


def _matmul(
    test: Any, operator: Any, matrix: Tensor, adjoint: bool, adjoint_arg: bool, batch: bool = True
) -> _Pairs:
    x = test.make_x(operator, adjoint=adjoint, with_batch=batch)
    argument = adjoint_of(x) if adjoint_arg else x
    wanted = matmul(matrix, x, adjoint_a=adjoint)
    yield operator.matmul(argument, adjoint=adjoint, adjoint_arg=adjoint_arg), wanted
    yield operator.matvec(x[..., 0], adjoint=adjoint), wanted[..., 0]


def _matmul_with_broadcast(
    test: Any, operator: Any, matrix: Tensor, adjoint: bool, adjoint_arg: bool
) -> _Pairs:
    yield from _matmul(test, operator, matrix, adjoint, adjoint_arg, batch=False)


def _solve(
    test: Any, operator: Any, matrix: Tensor, adjoint: bool, adjoint_arg: bool, batch: bool = True
) -> _Pairs:
    rhs = test.make_rhs(operator, adjoint=adjoint, with_batch=batch)
    argument = adjoint_of(rhs) if adjoint_arg else rhs
    wanted = matrix_solve_with_broadcast(matrix, rhs, adjoint=adjoint)
    yield operator.solve(argument, adjoint=adjoint, adjoint_arg=adjoint_arg), wanted
    yield operator.solvevec(rhs[..., 0], adjoint=adjoint), wanted[..., 0]


def _solve_with_broadcast(
    test: Any, operator: Any, matrix: Tensor, adjoint: bool, adjoint_arg: bool
) -> _Pairs:
    yield from _solve(test, operator, matrix, adjoint, adjoint_arg, batch=False)


def _adjoint(test: Any, operator: Any, matrix: Tensor) -> _Pairs:
    yield operator.adjoint().to_dense(), adjoint_of(matrix)
    yield operator.H.to_dense(), adjoint_of(matrix)


def _cholesky(test: Any, operator: Any, matrix: Tensor) -> _Pairs:
    yield operator.cholesky().to_dense(), cholesky(matrix)


def _inverse(test: Any, operator: Any, matrix: Tensor) -> _Pairs:
    yield operator.inverse().to_dense(), matrix_inverse(matrix)


def _trace(test: Any, operator: Any, matrix: Tensor) -> _Pairs:
    yield operator.trace(), trace(matrix)


def _add_to_tensor(test: Any, operator: Any, matrix: Tensor) -> _Pairs:
    yield operator.add_to_tensor(2 * matrix), 3 * matrix


def _diag_part(test: Any, operator: Any, matrix: Tensor) -> _Pairs:
    yield operator.diag_part(), matrix_diag_part(matrix)


_LAWS: dict[str, Callable[..., _Pairs]] = {
    law.__name__[1:]: law
    for law in (
        _to_dense,
        _det,
        _log_abs_det,
        _adjoint,
        _cholesky,
        _inverse,
        _trace,
        _add_to_tensor,
        _diag_part,
        _matmul,
        _matmul_with_broadcast,
        _solve,
        _solve_with_broadcast,
    )
}
_OF_ARGUMENTS = ("matmul", "matmul_with_broadcast", "solve", "solve_with_broadcast")


def _test(
    name: str, shapes: OperatorShapesInfo, dtype: DType, hidden: bool, options: tuple[bool, ...]
) -> Callable[[Any], None]:
    """Return a test of one law for one shape and type."""

    def test(self: Any) -> None:
        with self.session(graph=Graph()) as sess:
            sess.graph.seed = 87654321
            more = {"ensure_self_adjoint_and_pd": True} if name == "cholesky" else {}
            made = self.operator_and_matrix(shapes, dtype, use_placeholder=hidden, **more)
            pairs = list(_LAWS[name](self, *made, *options))
            if not hidden:
                for found, wanted in pairs:
                    self.assertAllEqual(found.shape, wanted.shape)
            for found, wanted in sess.run(pairs):
                self.assertAC(found, wanted)

    return test


def add_tests(test_cls: Any) -> None:
    """Give a class of test cases a test for each law, type, shape and option that it asks for.

    Raises:
        RuntimeError: if it leaves out a law that there is not.
    """
    left_out = test_cls.skip_these_tests()
    if not set(left_out) <= set(_LAWS):
        raise RuntimeError(f"There are no tests named {sorted(set(left_out) - set(_LAWS))}")
    tried = itertools.product(
        [name for name in _LAWS if name not in left_out],
        enumerate(test_cls.operator_shapes_infos()),
        test_cls.dtypes_to_test(),
        test_cls.use_placeholder_options(),
    )
    for name, (i, shapes), dtype, hidden in tried:
        choices: Any = [()]
        if name in _OF_ARGUMENTS:
            adjoints = test_cls.adjoint_options(), test_cls.adjoint_arg_options()
            choices = itertools.product(*adjoints)
        for options in choices:
            title = "_".join(map(str, (f"test_{name}", i, dtype.name, hidden, *options)))
            setattr(test_cls, title, _test(name, shapes, dtype, hidden, options))
