"""Operators that solvers take, and norms.

An operator is any object with `shape`, `dtype`, `apply` and `apply_adjoint`, which multiply columns
[..., 1] by a matrix and by its adjoint.

Source: TensorFlow 1.15's tf.contrib.solvers.util.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from minitf.api.control import identity
from minitf.api.elementary import conj, real, sqrt
from minitf.api.matmul import matmul
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor


class LinearOperator(NamedTuple):
    """A matrix by its products.

    Attributes:
        shape: of the matrix.
        dtype: of columns.
        apply: a column -> the matrix times it.
        apply_adjoint: a column -> the adjoint of the matrix times it.
    """

    shape: Any
    dtype: Any
    apply: Callable[[Any], Any]
    apply_adjoint: Callable[[Any], Any]


def create_operator(matrix: Any) -> LinearOperator:
    """Return the operator of a matrix."""
    matrix = convert_to_tensor(matrix, name="matrix")
    return LinearOperator(
        _shape(matrix),
        matrix.dtype,
        lambda x: matmul(matrix, x),
        lambda x: matmul(matrix, x, adjoint_a=True),
    )


def identity_operator(matrix: Any) -> LinearOperator:
    """Return the operator that leaves columns as they are, shaped as that of a matrix."""
    matrix = convert_to_tensor(matrix, name="matrix")
    return LinearOperator(_shape(matrix), matrix.dtype, identity, identity)


def _shape(matrix: Tensor) -> Any:
    return matrix.shape.as_list() if matrix.shape.is_fully_defined() else shape(matrix)


def dot(x: Any, y: Any) -> Tensor:
    """Return the sum of conj(x) y."""
    return reduce_sum(conj(x) * y)


def l2norm_squared(v: Any) -> Tensor:
    """Return the sum of |v|^2, of v's type."""
    return dot(v, v)


def l2norm(v: Any) -> Tensor:
    """Return the root of it."""
    return sqrt(l2norm_squared(v))


def l2normalize(v: Any) -> tuple[Tensor, Tensor]:
    """Return v / |v|, and |v|."""
    size = l2norm(v)
    return v / size, size


def length(v: Any) -> Tensor:
    """Return |v| as a real number, which compares."""
    return sqrt(real(l2norm_squared(v)))
