"""The greatest entries of each row, one of a given rank, and whether a target is among the first.

Source: 2015 Table 1, row "Neural-net building blocks".
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import INDICES, REAL_NUMBERS, DType, types
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.shapes import UNKNOWN, Dim, Shape, must_equal
from minitf.symbols import C, N, T, Tk, float32, index_type, int32
from minitf.symbols import bool as boolean
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
_WIDTHS = types("int16", "int32", "int64").default(int32)

# --- TopKV2 ------------------------------------------------------------------------------------


@op("TopKV2", T=REAL_NUMBERS, Tk=_WIDTHS, index_type=_WIDTHS, outputs=("values", "indices"))
def top_kv2_op(
    input: T, k: Tk[()], *, sorted: bool = True, index_type: DType = int32
) -> tuple[T, index_type]:
    """Find the k greatest entries of each row, greatest first, and where they are.

    Of equal entries the one at the lower index comes first.

    Args:
        input: number[..., C].
        k: how many, 0 <= k <= C.
        sorted: whether the order matters; the result is in order either way.
        index_type: type of the indices.

    Returns:
        values: number[..., k].
        indices: int[..., k], each in [0, C).

    Raises:
        InvalidArgumentError: if k is negative or a row has fewer than k entries.

    Source: 2015 Table 1.
    """
    top_k_rows(Shape(input.shape), int(k))
    # A stable ascending sort of the reversed row, read backwards: equal entries keep their order.
    ascending = np.argsort(input[..., ::-1], axis=-1, kind="stable")
    indices = (input.shape[-1] - 1 - ascending[..., ::-1])[..., :k]
    values = np.take_along_axis(input, indices, axis=-1)
    return values, indices.astype(index_type.numpy)


@top_kv2_op.shape(values_of=("k",))
def top_kv2_shape(
    input: Shape, k: int | None, *, sorted: bool, index_type: DType
) -> tuple[Shape, Shape]:
    rows = top_k_rows(input, UNKNOWN if k is None else k)
    return rows, rows


@top_kv2_op.gradient
def top_kv2_gradient(op: Operation, grad_values: Tensor | None, _: None) -> list[Tensor | None]:
    return [top_k_input_gradient(op, grad_values), None]


def top_k_rows(input: Shape, k: Dim) -> Shape:
    """Return the shape of the k greatest of each row."""
    if input.rank is None:
        return input
    if k is not UNKNOWN and k < 0:
        raise invalid(f"Dimension size, given by scalar input 1, must be non-negative but is {k}")
    if not input.rank:
        raise invalid("Shape must be at least rank 1 but is rank 0")
    columns = input[-1]
    if k is not UNKNOWN and columns is not UNKNOWN and columns < k:
        raise invalid(f"input must have last dimension >= k = {k} but is {columns}")
    return input.replaced(-1, k)


def top_k_input_gradient(op: Operation, grad: Tensor | None) -> Tensor | None:
    """Put each value's gradient back where the value came from."""
    if grad is None:
        return None
    indices, shape = op.outputs[1], ops.shape_op(op.inputs[0])
    rows, columns, k = ops.prod_op(shape[:-1], [0]), shape[-1], ops.shape_op(indices)[-1]
    starts = ops.expand_dims_op(ops.range_op(0, rows, 1) * columns, -1)
    in_rows = ops.reshape_op(ops.cast_op(indices, DstT=int32), ops.pack_op([rows, k]))
    flat = ops.reshape_op(in_rows + starts, [-1])
    spread = ops.unsorted_segment_sum_op(ops.reshape_op(grad, [-1]), flat, rows * columns)
    return ops.reshape_op(spread, shape)


# --- TopK --------------------------------------------------------------------------------------


@op(
    "TopK",
    T=REAL_NUMBERS,
    k=at_least(0),
    outputs=("values", "indices"),
    deprecated=(7, "Use TopKV2 instead"),
)
def top_k_op(input: T, *, k: int, sorted: bool = True) -> tuple[T, int32]:
    """Find the k greatest entries of each row, as TopKV2 does with a k of the graph's making.

    Args:
        input: number[..., C].
        k: how many, 0 <= k <= C.
        sorted: whether the order matters; the result is in order either way.

    Returns:
        values: number[..., k].
        indices: int32[..., k], each in [0, C).

    Raises:
        InvalidArgumentError: if a row has fewer than k entries.

    Source: 2015 Table 1.
    """
    return top_kv2_op.body(input, k, sorted=sorted)


@top_k_op.shape
def top_k_shape(input: Shape, *, k: int, sorted: bool) -> tuple[Shape, Shape]:
    rows = top_k_rows(input, k)
    return rows, rows


@top_k_op.gradient
def top_k_gradient(op: Operation, grad_values: Tensor | None, _: None) -> list[Tensor | None]:
    return [top_k_input_gradient(op, grad_values)]


# --- NthElement --------------------------------------------------------------------------------


@op("NthElement", T=REAL_NUMBERS, outputs=("values",))
def nth_element_op(input: T, n: int32[()], *, reverse: bool = False) -> T:
    """Find the entry of each row that would be at place n if the row were sorted.

    Args:
        input: number[..., C].
        n: the place, 0 <= n < C.
        reverse: whether rows are sorted from the greatest down.

    Returns:
        number[...].

    Raises:
        InvalidArgumentError: if there is no such place.

    Source: TensorFlow's op of the same name.
    """
    place = int(n)
    nth_element_shape(Shape(input.shape), place)
    at = input.shape[-1] - 1 - place if reverse else place
    return np.asarray(np.partition(input, at, axis=-1)[..., at])


@nth_element_op.shape(values_of=("n",))
def nth_element_shape(input: Shape, n: Dim | None, **attrs: Any) -> Shape:
    if input.rank is None:
        return input
    input.at_least(1)
    if n is not None and n is not UNKNOWN:
        if n < 0:
            raise invalid(f"n must be non-negative, got {n}")
        if input[-1] is not UNKNOWN and n >= input[-1]:
            raise invalid(f"Input must have last dimension > n = {n} but is {input[-1]}")
    return input.without(-1)


@nth_element_op.gradient
def nth_element_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    """Share the gradient equally among the entries that equal the one found."""
    x, y = op.inputs[0], ops.expand_dims_op(op.outputs[0], -1)
    attains = ops.cast_op(ops.equal_op(y, x), DstT=grad.dtype)
    shares = ops.sum_op(attains, [-1], keep_dims=True)
    return [ops.mul_op(ops.real_div_op(attains, shares), ops.expand_dims_op(grad, -1)), None]


# --- InTopKV2 ----------------------------------------------------------------------------------


@op("InTopKV2", T=INDICES.default(int32), outputs=("precision",))
def in_top_kv2_op(predictions: float32[N, C], targets: T[N], k: T[()]) -> boolean:
    """Tell of each row whether fewer than k entries exceed the one at its target.

    Equal entries share a place, so that ties count in favour of the target.  A target outside
    [0, C) and a row that holds an infinity or NaN give False.

    Args:
        predictions: float32[N, C].
        targets: int[N], a column of each row.
        k: how many places count.

    Returns:
        bool[N].

    Source: 2015 Table 1.
    """
    in_top_k_shape(Shape(predictions.shape), Shape(targets.shape), k=0)
    classes = predictions.shape[1]
    inside = (targets >= 0) & (targets < classes) & np.isfinite(predictions).all(1)
    if not classes:
        return inside
    at_target = np.take_along_axis(predictions, np.where(inside, targets, 0)[:, None], 1)
    return inside & ((predictions > at_target).sum(1) < k)


@in_top_kv2_op.shape
def in_top_kv2_shape(predictions: Shape, targets: Shape, k: Shape) -> Shape:
    return in_top_k_shape(predictions, targets, k=0)


in_top_kv2_op.no_gradient("its result is a bool")

# --- InTopK ------------------------------------------------------------------------------------


@op("InTopK", T=INDICES.default(int32), outputs=("precision",))
def in_top_k_op(predictions: float32[N, C], targets: T[N], *, k: int) -> boolean:
    """Tell of each row whether its target is in the top k, as InTopKV2 does.

    Args:
        predictions: float32[N, C].
        targets: int[N], a column of each row.
        k: how many places count.

    Returns:
        bool[N].

    Source: 2015 Table 1.
    """
    return in_top_kv2_op.body(predictions, targets, k)


@in_top_k_op.shape
def in_top_k_shape(predictions: Shape, targets: Shape, *, k: int) -> Shape:
    return Shape([must_equal(predictions[0], targets[0])])


in_top_k_op.no_gradient("its result is a bool")
