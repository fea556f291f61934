"""Rows of sparse tensors: empty ones filled, as look-ups of embeddings need them; softmax of each.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.precision import wide
from minitf.ops.sparse.coordinates import check_parts, known_parts, numbered, text
from minitf.shapes import SCALAR, UNKNOWN, Shape
from minitf.symbols import F, N, R, T, int64
from minitf.symbols import bool as boolean
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]

# --- SparseFillEmptyRows -----------------------------------------------------------------------


@op(
    "SparseFillEmptyRows",
    T=ANY,
    outputs=("output_indices", "output_values", "empty_row_indicator", "reverse_index_map"),
)
def sparse_fill_empty_rows_op(
    indices: int64[N, R], values: T[N], dense_shape: int64[R], default_value: T[()]
) -> tuple[int64, T, boolean, int64]:
    """Give each row without values a default in its first place.

    Args:
        indices: int64[N, R].
        values: T[N].
        dense_shape: int64[R], R >= 1.
        default_value: scalar.

    Returns:
        output_indices: int64[F, R], row after row; output_values: T[F]; empty_row_indicator:
        bool[dense_shape[0]], True where the default went; reverse_index_map: int64[N], where each
        value went.

    Raises:
        InvalidArgumentError: if the parts do not fit together, or a row is out of range.

    Source: TensorFlow's op of the same name.
    """
    if dense_shape.ndim != 1:
        raise invalid(f"dense_shape must be a vector, saw: {text(dense_shape.shape)}")
    if indices.ndim != 2:
        raise invalid(f"indices must be a matrix, saw: {text(indices.shape)}")
    if values.ndim != 1:
        raise invalid(f"values must be a vector, saw: {text(values.shape)}")
    if len(values) != len(indices):
        raise invalid(
            f"The length of `values` ({len(values)}) must match the first dimension of `indices` "
            f"({len(indices)})."
        )
    if default_value.ndim:
        raise invalid(f"default_value must be a scalar, saw: {text(default_value.shape)}")
    if not dense_shape.size:
        raise invalid("Dense shape cannot be empty.")
    count, rank = int(dense_shape[0]), indices.shape[1]
    if not count and len(indices):
        raise invalid(
            f"Received SparseTensor with dense_shape[0] = 0 but indices.shape[0] = {len(indices)}"
        )
    rows = indices[:, 0]
    outside = (rows < 0) | (rows >= count)
    if outside.any():
        place = int(outside.argmax())
        raise invalid(f"indices({place}, 0) is invalid: {rows[place]} >= {count}")
    is_empty = np.bincount(rows, minlength=count) == 0
    fillers = np.zeros((np.count_nonzero(is_empty), rank), np.int64)
    fillers[:, 0] = np.flatnonzero(is_empty)
    everything = np.concatenate([indices, fillers])
    order = np.argsort(everything[:, 0], kind="stable")
    filled = np.concatenate([values, np.full(len(fillers), default_value, values.dtype)])
    went = np.empty_like(order)
    went[order] = np.arange(len(order))
    return everything[order], filled[order], is_empty, went[: len(values)]


@sparse_fill_empty_rows_op.shape(values_of=("dense_shape",))
def sparse_fill_empty_rows_shape(
    indices: Shape, values: Shape, dense_shape: tuple[Any, ...] | None, default_value: Shape
) -> list[Shape]:
    count, rank = known_parts(indices, values, dense_shape)
    rows = dense_shape[0] if dense_shape else UNKNOWN
    return [Shape([UNKNOWN, rank]), Shape([UNKNOWN]), Shape([rows]), Shape([count])]


@sparse_fill_empty_rows_op.gradient
def sparse_fill_empty_rows_gradient(
    op: Operation, _: Any, grad: Tensor | None, *others: Any
) -> Gradients:
    if grad is None:
        return [None] * 4
    of_values, of_default = ops.sparse_fill_empty_rows_grad_op(op.outputs[3], grad)
    return [None, of_values, None, of_default]


# --- SparseFillEmptyRowsGrad -------------------------------------------------------------------


@op("SparseFillEmptyRowsGrad", T=ANY, outputs=("d_values", "d_default_value"))
def sparse_fill_empty_rows_grad_op(reverse_index_map: int64[N], grad_values: T[F]) -> tuple[T, T]:
    """Give each value the gradient of its place, and the default the sum of all the others.

    Args:
        reverse_index_map: int64[N], where each value went.
        grad_values: number[F], the gradient of the filled values.

    Returns:
        d_values: number[N]; d_default_value: scalar.

    Raises:
        InvalidArgumentError: if an input is no vector, or a place is out of range.

    Source: TensorFlow's op of the same name.
    """
    for name, given in (("reverse_index_map", reverse_index_map), ("grad_values", grad_values)):
        if given.ndim != 1:
            raise invalid(f"{name} must be a vector, saw: {text(given.shape)}")
    size = len(grad_values)
    for place in reverse_index_map[(reverse_index_map < 0) | (reverse_index_map >= size)]:
        raise invalid(f"Elements in reverse index must be in [0, {size}) but got {place}")
    is_filler = np.ones(size, bool)
    is_filler[reverse_index_map] = False
    of_default = np.sum(wide(grad_values[is_filler])).astype(grad_values.dtype)
    return grad_values[reverse_index_map], np.asarray(of_default)


@sparse_fill_empty_rows_grad_op.shape
def sparse_fill_empty_rows_grad_shape(reverse_index_map: Shape, grad_values: Shape) -> list[Shape]:
    return [reverse_index_map, SCALAR]


sparse_fill_empty_rows_grad_op.no_gradient("TensorFlow defines none", refuse=True)

# --- SparseSoftmax -----------------------------------------------------------------------------


@op("SparseSoftmax", T=types("float16", "float32", "float64"))
def sparse_softmax_op(sp_indices: int64[N, R], sp_values: T[N], sp_shape: int64[R]) -> T:
    """Turn the listed values of each row along the last axis into probabilities.

    out[i] = exp(values[i]) / sum of exp(values[j]) over the listed values j of the same row.

    Args:
        sp_indices: int64[N, R], in row-major order.
        sp_values: float[N].
        sp_shape: int64[R], R >= 2.

    Returns:
        float[N]: the values at `sp_indices`.

    Raises:
        InvalidArgumentError: if the parts do not fit together, or R < 2.

    Source: TensorFlow's op of the same name.
    """
    check_parts(sp_indices, sp_values, sp_shape)
    if len(sp_shape) < 2:
        raise invalid(f"Input should have rank >= 2, but received shape: {text(sp_shape)}")
    rows, places = numbered(sp_indices[:, :-1])
    values = wide(sp_values)
    greatest = np.full(len(places), -np.inf, values.dtype)
    np.maximum.at(greatest, rows, values)
    powers = np.exp(values - greatest[rows])  # at most 1: no overflow
    sums = np.zeros(len(places), values.dtype)
    np.add.at(sums, rows, powers)
    return (powers / sums[rows]).astype(sp_values.dtype, copy=False)


@sparse_softmax_op.shape
def sparse_softmax_shape(sp_indices: Shape, sp_values: Shape, sp_shape: Shape) -> Shape:
    count, _ = known_parts(sp_indices, sp_values, sp_shape)
    return Shape([count])


@sparse_softmax_op.gradient
def sparse_softmax_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Give (grad - sum of grad * out over the row) * out."""
    indices, _, shape = op.inputs
    out = op.outputs[0]
    sums = ops.sparse_reduce_sum_op(indices, ops.mul_op(grad, out), shape, [-1], keep_dims=True)
    centred = ops.sparse_dense_cwise_add_op(indices, grad, shape, ops.neg_op(sums))
    return [None, ops.mul_op(centred, out), None]
