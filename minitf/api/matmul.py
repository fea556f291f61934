"""Products of matrices and of tensors.

Source: TensorFlow 1.15's functions of the same names; 2015 Table 1, row "Matrix operations".
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.api import sequences
from minitf.api.array import concat, expand_dims, squeeze, stack, transpose
from minitf.api.framework import name_scope
from minitf.api.gathering import gather, setdiff1d
from minitf.api.reductions import reduce_prod
from minitf.api.sizes import rank, shape
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.ops.elementwise.rows import conjugate
from minitf.shapes import Shape
from minitf.tensor import Tensor


@dispatchable
def matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """Multiply matrices, or batches of them whose batch dimensions broadcast.

    Args:
        a: number[..., M, K].
        b: number[..., K, N].
        transpose_a: transpose a's matrices.
        transpose_b: transpose b's matrices.
        adjoint_a: transpose and conjugate a's matrices.
        adjoint_b: transpose and conjugate b's matrices.
        a_is_sparse: says that a holds many zeros; ignored: BLAS multiplies dense matrices faster
            than any loop that asks each element whether it is zero.
        b_is_sparse: the same of b.

    Raises:
        ValueError: if a matrix is to be both transposed and adjoined, or shapes do not fit.

    Source: 2015 Table 1.
    """
    with name_scope(name, "MatMul", [a, b]) as scope:
        if transpose_a and adjoint_a:
            raise ValueError("Only one of transpose_a and adjoint_a can be True.")
        if transpose_b and adjoint_b:
            raise ValueError("Only one of transpose_b and adjoint_b can be True.")
        a = convert_to_tensor(a, name="a")
        b = convert_to_tensor(b, name="b")
        if any(each.static_shape.rank is None or each.static_shape.rank > 2 for each in (a, b)):
            # The batch op knows adjoints only, the matrix op transposes only.
            a = conjugate(a) if transpose_a else a
            b = conjugate(b) if transpose_b else b
            return ops.batch_mat_mul_v2_op(
                a, b, adj_x=adjoint_a or transpose_a, adj_y=adjoint_b or transpose_b, name=scope
            )
        a = conjugate(a) if adjoint_a else a
        b = conjugate(b) if adjoint_b else b
        return ops.mat_mul_op(
            a,
            b,
            transpose_a=adjoint_a or transpose_a,
            transpose_b=adjoint_b or transpose_b,
            name=scope,
        )


def matvec(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    adjoint_a: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """Multiply matrices and vectors: number[..., M, K] and number[..., K] to number[..., M].

    Arguments as of `matmul`.
    """
    with name_scope(name, "MatVec", [a, b]):
        column = expand_dims(b, axis=-1)
        made = matmul(
            a,
            column,
            transpose_a=transpose_a,
            adjoint_a=adjoint_a,
            a_is_sparse=a_is_sparse,
            b_is_sparse=b_is_sparse,
        )
        return squeeze(made, axis=-1)


# --- tensordot -----------------------------------------------------------------------------------


def tensordot(a: Any, b: Any, axes: Any, name: str | None = None) -> Tensor:
    """Sum products over some axes of two tensors: matrix multiplication generalised.

    The axes that remain are a's, then b's.

    Args:
        a: number[...].
        b: number[...].
        axes: an int n: the last n axes of a and the first n of b; or two ints or lists (or a
            Tensor of two rows): which axes of a and of b are summed over.

    Raises:
        ValueError: if `axes` is negative, longer than a's rank, or its two parts differ in length.
    """
    with name_scope(name, "Tensordot", [a, b]) as scope:
        a = convert_to_tensor(a, name="a")
        b = convert_to_tensor(b, name="b")
        axes_of_a, axes_of_b = _summed_axes(a, axes)
        a_matrix, a_free, a_known = _as_matrix(a, axes_of_a, summed_first=False)
        b_matrix, b_free, b_known = _as_matrix(b, axes_of_b, summed_first=True)
        product = matmul(a_matrix, b_matrix)
        if isinstance(a_free, list) and isinstance(b_free, list):
            if product.static_shape == Shape(a_free + b_free):
                return product
            return ops.reshape_op(product, a_free + b_free, name=scope)
        sizes = [convert_to_tensor(each, dtypes.int32) for each in (a_free, b_free)]
        made = ops.reshape_op(product, concat(sizes, 0), name=scope)
        if a_known is not None and b_known is not None:
            made.set_shape(Shape(a_known + b_known))
        return made


def _summed_axes(a: Tensor, axes: Any) -> tuple[Any, Any]:
    """Return the axes of a and of b, as lists where they are known."""
    if isinstance(axes, (int, np.integer)):
        if axes < 0:
            raise ValueError("'axes' must be at least 0.")
        a_rank = a.static_shape.rank
        if a_rank is None:
            last = rank(a)
            return sequences.range(last - axes, last), list(range(axes))
        if axes > a_rank:
            raise ValueError(
                f"'axes' must not be larger than the number of dimensions of tensor {a}."
            )
        return list(range(a_rank - axes, a_rank)), list(range(axes))
    if isinstance(axes, (list, tuple, np.ndarray)):
        if len(axes) != 2:
            raise ValueError("'axes' must be an integer or have length 2.")
        first, second = ([int(i) for i in np.ravel(each)] for each in axes)
        if len(first) != len(second):
            raise ValueError(
                f"Different number of contraction axes 'a' and 'b', {len(first)} != {len(second)}."
            )
        return first, second
    axes = convert_to_tensor(axes, dtypes.int32, "axes")
    return axes[0], axes[1]


def _as_matrix(x: Tensor, axes: Any, *, summed_first: bool) -> tuple[Tensor, Any, Any]:
    """Return a tensor as a matrix of the axes summed over and the free ones.

    Returns:
        The matrix, the sizes of the free axes (a list if all sizes are known, else a Tensor), and
        what is known of them (a list, or None).
    """
    known_shape = x.static_shape
    if known_shape.is_full and isinstance(axes, list):
        return _as_matrix_of_known_sizes(x, axes, summed_first=summed_first)
    known_sizes = None
    if known_shape.rank is not None and isinstance(axes, list):
        axes = [axis % known_shape.rank for axis in axes]
        others = [axis for axis in range(known_shape.rank) if axis not in axes]
        known_sizes = [known_shape[axis] for axis in others]
        axes = convert_to_tensor(axes, dtypes.int32, "axes")
        free = convert_to_tensor(others, dtypes.int32, "free")
        sizes = shape(x)
    else:
        sizes, axis_count = shape(x), rank(x)
        axes = convert_to_tensor(axes, dtypes.int32, "axes")
        axes = ops.select_op(axes >= 0, axes, axes + axis_count)
        free, _ = setdiff1d(sequences.range(axis_count), axes)
    free_sizes, summed_sizes = gather(sizes, free), gather(sizes, axes)
    counts = [reduce_prod(free_sizes), reduce_prod(summed_sizes)]
    order = [free, axes]
    if summed_first:
        order, counts = order[::-1], counts[::-1]
    permutation, matrix_shape = concat(order, 0), stack(counts)
    return ops.reshape_op(transpose(x, permutation), matrix_shape), free_sizes, known_sizes


def _as_matrix_of_known_sizes(
    x: Tensor, axes: list[int], *, summed_first: bool
) -> tuple[Tensor, list[Any], list[Any]]:
    known_sizes = list(x.static_shape)
    axes = [axis % len(known_sizes) for axis in axes]
    free = [axis for axis in range(len(known_sizes)) if axis not in axes]
    free_sizes = [known_sizes[axis] for axis in free]
    order = axes + free if summed_first else free + axes
    count = math.prod(known_sizes[axis] for axis in axes)
    rest = math.prod(free_sizes)
    sizes = [count, rest] if summed_first else [rest, count]
    if order != sorted(order):
        x = transpose(x, order)
    if x.static_shape != Shape(sizes):
        x = ops.reshape_op(x, sizes)
    return x, free_sizes, free_sizes
