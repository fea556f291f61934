"""Two sparse tensors of one shape put together: sums, greatest and least values.

What is not listed counts as zero.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import NUMBERS, REAL_NUMBERS
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.sparse.coordinates import (
    check_in_bounds,
    check_parts,
    check_same_shape,
    known_parts,
    numbered,
)
from minitf.shapes import UNKNOWN, Shape, merge, must_equal
from minitf.symbols import D, N, R, T, Treal, int64
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]


# --- SparseAdd ---------------------------------------------------------------------------------


@op("SparseAdd", T=NUMBERS, Treal=REAL_NUMBERS, outputs=("sum_indices", "sum_values", "sum_shape"))
def sparse_add_op(
    a_indices: int64[N, R],
    a_values: T[N],
    a_shape: int64[R],
    b_indices: int64[D, R],
    b_values: T[D],
    b_shape: int64[R],
    thresh: Treal[()],
) -> tuple[int64, T, int64]:
    """Add two sparse tensors, leaving out sums that are nearly zero.

    Args:
        a_indices: int64[N, R].
        a_values: number[N].
        a_shape: int64[R].
        b_indices: int64[D, R].
        b_values: number[D].
        b_shape: int64[R], equal to `a_shape`.
        thresh: a sum s of two values is left out if |s| < thresh.

    Returns:
        sum_indices: int64[S, R], in row-major order; sum_values: number[S]; sum_shape: int64[R].

    Raises:
        InvalidArgumentError: if the parts do not fit together, or the shapes differ.

    Source: TensorFlow's op of the same name.
    """
    if thresh.ndim:
        raise invalid(f"The magnitude threshold must be a scalar: got shape {list(thresh.shape)}")
    check_parts(a_indices, a_values, a_shape)
    check_parts(b_indices, b_values, b_shape)
    check_same_shape(a_shape, b_shape)
    of_a, of_b, places = numbered(a_indices, b_indices)
    sums = np.zeros(len(places), a_values.dtype)
    np.add.at(sums, of_a, a_values)
    np.add.at(sums, of_b, b_values)
    in_both = [np.bincount(each, minlength=len(places)) > 0 for each in (of_a, of_b)]
    kept = (np.abs(sums) >= thresh) | ~np.logical_and(*in_both)
    return places[kept], sums[kept], a_shape


@sparse_add_op.shape
def sparse_add_shape(
    a_indices: Shape,
    a_values: Shape,
    a_shape: Shape,
    b_indices: Shape,
    b_values: Shape,
    b_shape: Shape,
    thresh: Shape,
) -> list[Shape]:
    _, rank = known_parts(a_indices, a_values, a_shape)
    _, rank_of_b = known_parts(b_indices, b_values, b_shape)
    rank = must_equal(rank, rank_of_b)
    return [Shape([UNKNOWN, rank]), Shape([UNKNOWN]), Shape([rank])]


@sparse_add_op.gradient
def sparse_add_gradient(op: Operation, _: Any, grad: Tensor | None, __: Any) -> Gradients:
    if grad is None:
        return [None] * 7
    of_a, of_b = ops.sparse_add_grad_op(grad, op.inputs[0], op.inputs[3], op.outputs[0])
    return [None, of_a, None, None, of_b, None, None]


# --- SparseAddGrad -----------------------------------------------------------------------------


@op("SparseAddGrad", T=NUMBERS, outputs=("a_val_grad", "b_val_grad"))
def sparse_add_grad_op(
    backprop_val_grad: T[N],
    a_indices: int64[N, R],
    b_indices: int64[N, R],
    sum_indices: int64[N, R],
) -> tuple[T, T]:
    """Give the values of both operands of a sparse sum the gradients of the sums that they are in.

    Args:
        backprop_val_grad: number[S], the gradient of the sum's values.
        a_indices: int64[N, R].
        b_indices: int64[D, R].
        sum_indices: int64[S, R], each once.

    Returns:
        a_val_grad: number[N]; b_val_grad: number[D]; zeros where the sum was left out.

    Raises:
        InvalidArgumentError: if the parts do not fit together.

    Source: TensorFlow's op of the same name.
    """
    if not a_indices.ndim == b_indices.ndim == sum_indices.ndim == 2:
        raise invalid(
            f"Input indices should be matrices but received shapes: {list(a_indices.shape)} and "
            f"{list(b_indices.shape)} and {list(sum_indices.shape)}"
        )
    if backprop_val_grad.shape != (len(sum_indices),):
        raise invalid(
            "# elements of backprop_val_grad and # rows of sum_indices should match (#nnz of sum): "
            f"got {list(backprop_val_grad.shape)} and {len(sum_indices)}"
        )
    if not a_indices.shape[1] == b_indices.shape[1] == sum_indices.shape[1]:
        raise invalid(
            "The densified operands should have the same ndims",
            a_indices=a_indices.shape,
            b_indices=b_indices.shape,
            sum_indices=sum_indices.shape,
        )
    of_a, of_b, of_sum, places = numbered(a_indices, b_indices, sum_indices)
    grads = np.zeros(len(places), backprop_val_grad.dtype)
    grads[of_sum] = backprop_val_grad
    return grads[of_a], grads[of_b]


@sparse_add_grad_op.shape
def sparse_add_grad_shape(
    backprop_val_grad: Shape, a_indices: Shape, b_indices: Shape, sum_indices: Shape
) -> list[Shape]:
    must_equal(backprop_val_grad[0], sum_indices[0])
    must_equal(must_equal(a_indices[1], b_indices[1]), sum_indices[1])
    return [Shape(a_indices[:1]), Shape(b_indices[:1])]


sparse_add_grad_op.no_gradient("TensorFlow defines it to be none")


# --- SparseSparseMaximum, SparseSparseMinimum --------------------------------------------------


def _combined(a: tuple[Array, ...], b: tuple[Array, ...], choose: np.ufunc) -> tuple[Array, Array]:
    for indices, values, shape in (a, b):
        check_parts(indices, values, shape)
    check_same_shape(a[2], b[2])
    for indices, _, shape in (a, b):
        check_in_bounds(indices, shape)
    of_a, of_b, places = numbered(a[0], b[0])
    found = np.zeros((2, len(places)), a[1].dtype)
    found[0, of_a], found[1, of_b] = a[1], b[1]
    return places, choose(found[0], found[1])


@op("SparseSparseMaximum", T=REAL_NUMBERS, outputs=("output_indices", "output_values"))
def sparse_sparse_maximum_op(
    a_indices: int64[N, R],
    a_values: T[N],
    a_shape: int64[R],
    b_indices: int64[D, R],
    b_values: T[D],
    b_shape: int64[R],
) -> tuple[int64, T]:
    """Give the greater of two values wherever one of two sparse tensors has one.

    Args:
        a_indices: int64[N, R].
        a_values: number[N].
        a_shape: int64[R].
        b_indices: int64[D, R].
        b_values: number[D].
        b_shape: int64[R], equal to `a_shape`.

    Returns:
        output_indices: int64[S, R], in row-major order; output_values: number[S].

    Raises:
        InvalidArgumentError: if the parts do not fit together, or the shapes differ.

    Source: TensorFlow's op of the same name.
    """
    return _combined((a_indices, a_values, a_shape), (b_indices, b_values, b_shape), np.maximum)


@op("SparseSparseMinimum", T=NUMBERS, outputs=("output_indices", "output_values"))
def sparse_sparse_minimum_op(
    a_indices: int64[N, R],
    a_values: T[N],
    a_shape: int64[R],
    b_indices: int64[D, R],
    b_values: T[D],
    b_shape: int64[R],
) -> tuple[int64, T]:
    """Give the lesser of two values wherever one of two sparse tensors has one.

    Args:
        a_indices: int64[N, R].
        a_values: number[N].
        a_shape: int64[R].
        b_indices: int64[D, R].
        b_values: number[D].
        b_shape: int64[R], equal to `a_shape`.

    Returns:
        output_indices: int64[S, R], in row-major order; output_values: number[S].

    Raises:
        InvalidArgumentError: if the parts do not fit together, or the shapes differ.

    Source: TensorFlow's op of the same name.
    """
    return _combined((a_indices, a_values, a_shape), (b_indices, b_values, b_shape), np.minimum)


@sparse_sparse_maximum_op.shape
@sparse_sparse_minimum_op.shape
def combined_shape(*parts: Shape) -> list[Shape]:
    _, rank = known_parts(*parts[:3])
    _, rank_of_b = known_parts(*parts[3:])
    merge(parts[2], parts[5])
    return [Shape([UNKNOWN, must_equal(rank, rank_of_b)]), Shape([UNKNOWN])]


@sparse_sparse_maximum_op.gradient
@sparse_sparse_minimum_op.gradient
def combined_gradient(op: Operation, *grads: Any) -> Gradients:
    raise NotImplementedError(f"Gradient for {op.type} is not implemented.")  # nor in TensorFlow
