"""Sparse tensors cut and joined along an axis.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, NUMBERS
from minitf.errors import InternalError, invalid
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.ops.sparse.coordinates import (
    check_in_bounds,
    check_parts,
    known_parts,
    numbered,
    row_major,
    text,
)
from minitf.shapes import UNKNOWN, Dim, Shape, must_equal
from minitf.symbols import List, N, R, S, T, int64, num_split
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]


def _axis(axis: int, rank: int, what: str) -> int:
    if not -rank <= axis < rank:
        raise invalid(f"{what} in range [{-rank}, {rank}), got {axis}")
    return axis % rank


# --- SparseConcat ------------------------------------------------------------------------------


@op(
    "SparseConcat",
    T=ANY,
    N=at_least(2),
    outputs=("output_indices", "output_values", "output_shape"),
)
def sparse_concat_op(
    indices: List[int64[S, R], N],
    values: List[T[S], N],
    shapes: List[int64[R], N],
    *,
    concat_dim: int,
) -> tuple[int64, T, int64]:
    """Join sparse tensors of equal rank end to end along one axis.

    Args:
        indices: N times int64[S, R].
        values: N times T[S].
        shapes: N times int64[R], equal but along `concat_dim`.
        concat_dim: in [-R, R).

    Returns:
        output_indices: int64[all S, R], in row-major order; output_values: T[all S]; output_shape:
        int64[R].

    Raises:
        InvalidArgumentError: if the parts do not fit together, or the other sizes differ.

    Source: TensorFlow's op of the same name.
    """
    for parts in zip(indices, values, shapes, strict=True):
        check_parts(*parts)
    rank = len(shapes[0])
    axis = _axis(concat_dim, rank, "Concat dimension must be")
    for position, shape in enumerate(shapes):
        if len(shape) != rank:
            raise invalid(
                f"Ranks of all input tensors must match: expected {rank} but got {len(shape)} at "
                f"position {position}"
            )
        for other in range(rank):
            if other != axis and shape[other] != shapes[0][other]:
                raise invalid(
                    f"Input shapes must match: expected {shapes[0][other]} for dimension {other} "
                    f"but got {shape[other]} at position {position}"
                )
    starts = np.cumsum([0, *(shape[axis] for shape in shapes)])
    moved = [part.copy() for part in indices]
    for part, start in zip(moved, starts, strict=False):
        part[:, axis] += start
    joined, output_shape = np.concatenate(moved), shapes[0].copy()
    output_shape[axis] = starts[-1]
    order = row_major(joined)
    return joined[order], np.concatenate(values)[order], output_shape


@sparse_concat_op.shape
def sparse_concat_shape(
    indices: list[Shape], values: list[Shape], shapes: list[Shape], *, concat_dim: int
) -> list[Shape]:
    total: Dim = 0
    rank: Dim = UNKNOWN
    for parts in zip(indices, values, shapes, strict=True):
        count, own_rank = known_parts(*parts)
        rank = must_equal(rank, own_rank)
        total = total + count
    return [Shape([total, rank]), Shape([total]), Shape([rank])]


sparse_concat_op.no_gradient("TensorFlow defines it to be none")

# --- SparseSplit -------------------------------------------------------------------------------


@op(
    "SparseSplit",
    T=ANY,
    num_split=at_least(1),
    outputs=("output_indices", "output_values", "output_shape"),
)
def sparse_split_op(
    split_dim: int64[()], indices: int64[N, R], values: T[N], shape: int64[R], *, num_split: int
) -> tuple[List[int64, num_split], List[T, num_split], List[int64, num_split]]:
    """Cut a sparse tensor along one axis into parts that differ by at most 1, long ones first.

    Args:
        split_dim: the axis, in [-R, R).
        indices: int64[N, R].
        values: T[N].
        shape: int64[R].
        num_split: how many parts, at most the size along the axis.

    Returns:
        output_indices, output_values, output_shape: a list of `num_split` each; values keep their
        order.

    Raises:
        InvalidArgumentError: if the parts do not fit together, or the axis or `num_split` is out of
            range.

    Source: TensorFlow's op of the same name.
    """
    if split_dim.ndim:
        raise invalid(f"Input axis should be a scalar but received shape {text(split_dim.shape)}")
    check_parts(indices, values, shape)
    axis = _axis(int(split_dim), len(shape), "Input axis should be")
    if not 1 <= num_split <= shape[axis]:
        raise invalid(
            "Input num_split should be between 1 and the splitting dimension size "
            f"({shape[axis]}), got {num_split}"
        )
    check_in_bounds(indices, shape)
    size, longer = divmod(int(shape[axis]), num_split)
    ends = np.cumsum([size + (part < longer) for part in range(num_split)])
    found: tuple[list[Array], list[Array], list[Array]] = ([], [], [])
    start = 0
    for end in ends:
        inside = (indices[:, axis] >= start) & (indices[:, axis] < end)
        own_indices, own_shape = indices[inside], shape.copy()
        own_indices[:, axis] -= start
        own_shape[axis] = end - start
        for parts, part in zip(found, (own_indices, values[inside], own_shape), strict=True):
            parts.append(part)
        start = end
    return found


@sparse_split_op.shape
def sparse_split_shape(
    split_dim: Shape, indices: Shape, values: Shape, shape: Shape, *, num_split: int
) -> list[list[Shape]]:
    _, rank = known_parts(indices, values, shape)
    parts = [Shape([UNKNOWN, rank]), Shape([UNKNOWN]), Shape([rank])]
    return [[part] * num_split for part in parts]


sparse_split_op.no_gradient("TensorFlow defines none", refuse=True)

# --- SparseSlice -------------------------------------------------------------------------------


@op("SparseSlice", T=ANY, outputs=("output_indices", "output_values", "output_shape"))
def sparse_slice_op(
    indices: int64[N, R], values: T[N], shape: int64[R], start: int64[R], size: int64[R]
) -> tuple[int64, T, int64]:
    """Cut a box out of a sparse tensor.

    Args:
        indices: int64[N, R].
        values: T[N].
        shape: int64[R].
        start: the box's first coordinates.
        size: its sizes, >= 0; what lies beyond `shape` is cut off.

    Returns:
        output_indices: int64[S, R], counted from `start`; output_values: T[S]; output_shape:
        int64[R].

    Raises:
        InvalidArgumentError: if the parts do not fit together, or a size is negative.

    Source: TensorFlow's op of the same name.
    """
    check_parts(indices, values, shape)
    for what, given in (("start", start), ("size", size)):
        if given.shape != shape.shape:
            raise invalid(
                f"Expected {what} to be a vector of length {len(shape)} but got length {given.size}"
            )
    if (size < 0).any():
        raise invalid(f"Expected a non-negative size, got {size[size < 0][0]}")
    end = start + size
    inside = ((indices >= start) & (indices < end)).all(axis=1)
    sizes = np.clip(np.minimum(end, shape) - start, 0, None)
    return indices[inside] - start, values[inside], sizes


@sparse_slice_op.shape
def sparse_slice_shape(
    indices: Shape, values: Shape, shape: Shape, start: Shape, size: Shape
) -> list[Shape]:
    _, rank = known_parts(indices, values, shape)
    rank = must_equal(must_equal(rank, start[0]), size[0])
    return [Shape([UNKNOWN, rank]), Shape([UNKNOWN]), Shape([rank])]


@sparse_slice_op.gradient
def sparse_slice_gradient(op: Operation, _: Any, grad: Tensor | None, __: Any) -> Gradients:
    if grad is None:
        return [None] * 5
    indices, _, _, start, _ = op.inputs
    of_values = ops.sparse_slice_grad_op(grad, indices, start, op.outputs[0])
    return [None, of_values, None, None, None]


# --- SparseSliceGrad ---------------------------------------------------------------------------


@op("SparseSliceGrad", T=NUMBERS, outputs=("val_grad",))
def sparse_slice_grad_op(
    backprop_val_grad: T[S],
    input_indices: int64[N, R],
    input_start: int64[R],
    output_indices: int64[S, R],
) -> T:
    """Give the values inside a box the gradients of the slice, the others zeros.

    Args:
        backprop_val_grad: number[S], the gradient of the slice's values.
        input_indices: int64[N, R], in row-major order.
        input_start: int64[R], the box's first coordinates.
        output_indices: int64[S, R], of the slice.

    Returns:
        number[N].

    Raises:
        InternalError: if a coordinate of the slice is not in the input.
        InvalidArgumentError: if the parts do not fit together.

    Source: TensorFlow's op of the same name.
    """
    if not input_indices.ndim == output_indices.ndim == 2:
        raise invalid(
            "Input and output indices should be matrices but received shapes: "
            f"{text(input_indices.shape)} and {text(output_indices.shape)}"
        )
    if backprop_val_grad.shape != (len(output_indices),):
        raise invalid(
            "# elements of backprop_val_grad and # rows of output_indices should match (#nnz of "
            f"sum): got {list(backprop_val_grad.shape)} and {len(output_indices)}"
        )
    rank = input_indices.shape[1]
    if output_indices.shape[1] != rank:
        raise invalid(
            f"The input and output should have the same ndims: got: {rank} and "
            f"{output_indices.shape[1]}"
        )
    if input_start.shape != (rank,):
        raise invalid(
            f"Expected input_start to be a vector of length {rank} but got length "
            f"{input_start.size}"
        )
    of_input, of_output, places = numbered(input_indices, output_indices + input_start)
    missing = ~np.isin(of_output, of_input)
    if missing.any():
        raise InternalError(
            None,
            None,
            "Elements of backprop_val_grad aren't all propagated. Num elements:"
            f"{len(of_output)}, used: {np.count_nonzero(~missing)}",
        )
    grads = np.zeros(len(places), backprop_val_grad.dtype)
    grads[of_output] = backprop_val_grad
    return grads[of_input]


@sparse_slice_grad_op.shape
def sparse_slice_grad_shape(
    backprop_val_grad: Shape, input_indices: Shape, input_start: Shape, output_indices: Shape
) -> Shape:
    must_equal(backprop_val_grad[0], output_indices[0])
    must_equal(input_indices[1], must_equal(output_indices[1], input_start[0]))
    return Shape(input_indices[:1])


sparse_slice_grad_op.no_gradient("TensorFlow defines none", refuse=True)
