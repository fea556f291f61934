"""Norms, ranks, traces and pseudo-inverses: numbers that say much of a matrix.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import (
    concat,
    expand_dims,
    renamed_argument,
    squeeze,
    transpose,
)
from minitf.api.casting import cast
from minitf.api.diagonals import matrix_diag_part
from minitf.api.framework import name_scope
from minitf.api.gathering import setdiff1d, where
from minitf.api.linalg import svd
from minitf.api.math import abs as abs_
from minitf.api.math import maximum
from minitf.api.math import pow as pow_
from minitf.api.matmul import matmul
from minitf.api.reductions import reduce_max, reduce_sum
from minitf.api.sequences import range as range_
from minitf.api.sizes import rank, shape
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.dtypes import float32, int32
from minitf.ops.elementwise.rows import conjugate
from minitf.shapes import Shape, known
from minitf.tensor import Tensor


@dispatchable
def trace(x: Any, name: str | None = None) -> Tensor:
    """Return the sums of the diagonals of matrices."""
    with name_scope(name, "Trace", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        return reduce_sum(matrix_diag_part(x), [-1], name=scope)


def cross(a: Any, b: Any, name: str | None = None) -> Tensor:
    """Return the vectors orthogonal to pairs of vectors of three elements: a x b."""
    return ops.cross_op(a, b, name=name)


# --- norms ---------------------------------------------------------------------------------------


def norm(
    tensor: Any,
    ord: Any = "euclidean",
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return the norm of vectors, of matrices, or of all elements.

    Args:
        tensor: numbers.
        ord: of vectors, a number p > 0 for sum(|x|^p)^(1/p), "euclidean" (as 2) or np.inf for the
            greatest |x|; of matrices "euclidean" or "fro" (the same of all elements), 1 (greatest
            sum of a column), np.inf (of a row) or 2 (greatest singular value).
        axis: the vectors' axis, or two axes of matrices; by default all elements are one vector.
        keepdims: whether the axes stay, with size 1.
        name: name scope of the operations.
        keep_dims: deprecated name of `keepdims`.

    Raises:
        ValueError: if `axis` or `ord` is none of these.
    """
    keepdims = bool(renamed_argument("keepdims", keepdims, "keep_dims", keep_dims))
    of_matrices = isinstance(axis, (tuple, list)) and len(axis) == 2
    if of_matrices:
        axis = tuple(axis)
        if not all(isinstance(each, int) for each in axis) or axis[0] == axis[1]:
            raise ValueError(
                f"'axis' must be None, an integer, or a tuple of 2 unique integers, got {axis}"
            )
        kinds = ["euclidean", "fro", 1, 2, np.inf]
        if ord not in kinds:
            raise ValueError(f"'ord' must be a supported matrix norm in {kinds}, got {ord}")
    else:
        if not (isinstance(axis, int) or axis is None):
            raise ValueError(
                f"'axis' must be None, an integer, or a tuple of 2 unique integers, got {axis}"
            )
        if ord != "euclidean" and (isinstance(ord, str) or not np.isreal(ord) or ord <= 0):
            raise ValueError(
                f"'ord' must be a supported vector norm in ['euclidean', 1, 2, inf], got {ord}"
            )
        axis = None if axis is None else (axis,)
    with name_scope(name, "norm", [tensor]):
        tensor = convert_to_tensor(tensor)
        if of_matrices and ord == 2:
            result = _spectral_norm(tensor, axis)
        elif ord in ("fro", "euclidean", 2):
            squares = tensor * conjugate(tensor)
            result = ops.sqrt_op(reduce_sum(squares, axis, keepdims=True))
        else:
            result = _norm_of_sizes(abs_(tensor), ord, axis, of_matrices=of_matrices)
        return result if keepdims else squeeze(result, axis)


def _norm_of_sizes(sizes: Tensor, ord: Any, axis: Any, *, of_matrices: bool) -> Tensor:
    """Return the norm of absolute values, dimensions kept."""
    first = None if axis is None else axis[0]
    if ord == 1:
        total = reduce_sum(sizes, first, keepdims=True)
        return reduce_max(total, axis[-1], keepdims=True) if of_matrices else total
    if ord == np.inf:
        if of_matrices:
            sizes = reduce_sum(sizes, axis[1], keepdims=True)
        return reduce_max(sizes, first, keepdims=True)
    return pow_(reduce_sum(pow_(sizes, ord), axis, keepdims=True), 1.0 / ord)


def _spectral_norm(tensor: Tensor, axis: tuple[int, int]) -> Tensor:
    """Return the greatest singular values of the matrices along two axes, dimensions kept."""
    count = rank(tensor)
    inner = convert_to_tensor(axis)
    inner = where(ops.greater_equal_op(inner, 0), inner, inner + count)
    outer, _ = setdiff1d(range_(count), inner)
    order = concat([outer, inner], 0)
    values = svd(transpose(tensor, order), compute_uv=False)
    greatest = expand_dims(reduce_max(abs_(values), -1, keepdims=True), -1)
    return transpose(greatest, ops.invert_permutation_op(order))


def normalize(
    tensor: Any, ord: Any = "euclidean", axis: Any = None, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Divide by a norm: return the quotient and the norm (arguments as of `norm`)."""
    with name_scope(name, "normalize", [tensor]):
        tensor = convert_to_tensor(tensor)
        size = norm(tensor, ord, axis, keepdims=True)
        size = cast(size, tensor.dtype)
        return tensor / size, size


# --- rank and pseudo-inverse ---------------------------------------------------------------------


def _checked_matrix(a: Tensor) -> Tensor:
    if not a.dtype.is_floating:
        raise TypeError(f"Input `a` must have `float`-like `dtype` (saw {a.dtype.name}).")
    if a.static_shape.rank is not None and a.static_shape.rank < 2:
        raise ValueError(f"Input `a` must have at least 2 dimensions (saw: {a.static_shape.rank}).")
    return a


def matrix_rank(
    a: Any, tol: Any = None, validate_args: bool = False, name: str | None = None
) -> Tensor:
    """Return how many singular values of matrices are above a tolerance.

    Args:
        a: float[..., M, N].
        tol: by default eps * max(M, N) times the greatest singular value.
        validate_args: whether an unknown rank is checked when the graph runs; the decomposition
            does it always.
        name: name scope of the operations.

    Raises:
        TypeError: if `a` is not of floating-point numbers.
        ValueError: if it has fewer than two dimensions.
    """
    with name_scope(name or "matrix_rank"):
        a = _checked_matrix(convert_to_tensor(a, preferred_dtype=float32, name="a"))
        s = svd(a, compute_uv=False)
        if tol is None:
            sizes = a.static_shape[-2:] if a.static_shape.dims else None
            if sizes is not None and known(*sizes):
                most: Any = max(sizes)
            else:
                most = reduce_max(shape(a)[-2:])
            eps = np.finfo(a.dtype.as_numpy_dtype).eps
            tol = eps * cast(most, a.dtype) * reduce_max(s, -1, keepdims=True)
        return reduce_sum(cast(s > tol, int32), -1)


def pinv(a: Any, rcond: Any = None, validate_args: bool = False, name: str | None = None) -> Tensor:
    """Return the pseudo-inverses of matrices, by Moore and Penrose.

    Args:
        a: float[..., M, N].
        rcond: the share of the greatest singular value below which one counts as 0; by default
            10 max(M, N) eps.
        validate_args: whether an unknown rank is checked when the graph runs; the decomposition
            does it always.
        name: name scope of the operations.

    Returns:
        float[..., N, M].

    Raises:
        TypeError: if `a` is not of floating-point numbers.
        ValueError: if it has fewer than two dimensions.
    """
    with name_scope(name or "pinv"):
        a = _checked_matrix(convert_to_tensor(a, name="a"))
        dtype = a.dtype.as_numpy_dtype
        if rcond is None:
            rows, columns = (
                a.static_shape[axis] if known(a.static_shape[axis]) else shape(a)[axis]
                for axis in (-2, -1)
            )
            if isinstance(rows, int) and isinstance(columns, int):
                most: Any = float(max(rows, columns))
            else:
                most = cast(maximum(rows, columns), a.dtype)
            rcond = 10.0 * most * np.finfo(dtype).eps
        rcond = convert_to_tensor(rcond, a.dtype, "rcond")
        s, u, v = svd(a)
        cutoff = expand_dims(rcond * reduce_max(s, -1), -1)
        s = ops.select_v2_op(s > cutoff, s, np.array(np.inf, dtype))
        made = matmul(v / expand_dims(s, -2), u, adjoint_b=True)
        if a.static_shape.dims is not None:
            *batch, rows, columns = a.static_shape
            made.set_shape(Shape([*batch, columns, rows]))
        return made
