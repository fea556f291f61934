"""Picking elements by indices: Gather, GatherNd, Where.

An index out of range is an error on every device: it never reads zeros or foreign memory.

Source: OSDI §4.2 (Gather); TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.composite import IndexedSlices
from minitf.dtypes import ANY, COMPLEX, FLOATS, INDICES, INTEGERS, QUANTIZED, bool_, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.shapes import UNKNOWN, Shape, known, normal_axis
from minitf.static_value import rule_argument
from minitf.symbols import T, Taxis, Tindices, Tparams, int32, int64
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradient = Tensor | IndexedSlices | None
_INDICES = INDICES | types("int16")

# --- Gather ------------------------------------------------------------------------------------


@op("Gather", Tparams=ANY, Tindices=INDICES)
def gather_op(params: Tparams, indices: Tindices, *, validate_indices: bool = True) -> Tparams:
    """Pick rows by their numbers.

    Args:
        params: Tparams[P, ...], the rows.
        indices: Tindices[...], each in [0, P).
        validate_indices: accepted for TensorFlow's sake: indices are always checked.

    Returns:
        Tparams[shape of indices, ...].

    Raises:
        InvalidArgumentError: if an index is out of range.

    Source: OSDI §4.2.
    """
    return _taken(params, indices, 0)


def _taken(params: Array, indices: Array, axis: int) -> Array:
    check_indices(indices, params.shape[axis])
    sizes = (*params.shape[:axis], *indices.shape, *params.shape[axis + 1 :])
    return np.take(params, indices.reshape(-1), axis).reshape(sizes)  # an array even of one element


def check_indices(indices: Array, size: int) -> None:
    """Raise InvalidArgumentError at the first index outside [0, size)."""
    if indices.size and not (indices.min() >= 0 and indices.max() < size):
        at = np.argwhere((indices < 0) | (indices >= size))[0]
        place = f"[{','.join(map(str, at))}]" if at.size else ""
        raise invalid(f"indices{place} = {indices[tuple(at)]} is not in [0, {size})")


@gather_op.shape
def gather_shape(params: Shape, indices: Shape, *, validate_indices: bool) -> Shape:
    return gather_v2_shape(params, indices, 0, batch_dims=0)


gather_op.value_by_body(needs=("indices",))


@gather_op.gradient
def gather_gradient(op: Operation, grad: Tensor) -> list[Gradient]:
    return [_slices_of(op.inputs[0], op.inputs[1], grad), None]


def _slices_of(params: Tensor, indices: Tensor, grad: Tensor) -> IndexedSlices:
    """Return the gradient of picked rows, sparse."""
    # `params` may be large: its shape is computed where it is
    with params.graph.colocate_with(params):
        shape = ops.shape_op(params)
    count = ops.expand_dims_op(ops.size_op(indices), 0)
    values = ops.reshape_op(grad, ops.concat_v2_op([count, shape[1:]], 0))
    return IndexedSlices(values, ops.reshape_op(indices, count), shape)


# --- GatherV2 ----------------------------------------------------------------------------------


@op("GatherV2", Tparams=ANY, Tindices=_INDICES, Taxis=INDICES)
def gather_v2_op(
    params: Tparams, indices: Tindices, axis: Taxis[()], *, batch_dims: int = 0
) -> Tparams:
    """Pick slices along one dimension.

    Args:
        params: Tparams[..., P, ...].
        indices: Tindices[...], each in [0, P).
        axis: which dimension of `params` the indices count, in [-rank, rank).
        batch_dims: how many leading dimensions both have in common; each member of that batch has
            indices of its own.

    Returns:
        Tparams: `params` with dimension `axis` replaced by those of `indices` after the batch.

    Raises:
        InvalidArgumentError: if an index is out of range.

    Source: OSDI §4.2.
    """
    place = normal_axis(int(axis), params.ndim)
    batch = _batch_rank(batch_dims, indices.ndim, place)
    if not batch:
        return _taken(params, indices, place)
    if params.shape[:batch] != indices.shape[:batch]:
        raise invalid(
            f"params.shape[:batch_dims]: {Shape(params.shape[:batch])} should be equal to "
            f"indices.shape[:batch_dims]: {Shape(indices.shape[:batch])}"
        )
    check_indices(indices, params.shape[place])
    picked = indices.ndim - batch
    grid = np.ogrid[tuple(slice(size) for size in params.shape[:batch])]
    members = [each.reshape(*each.shape, *[1] * picked) for each in grid]
    # NumPy gives [batch, picked, between, after]; the picked ones stand at `axis`
    found = np.moveaxis(params, place, batch)[(*members, indices)]
    return np.moveaxis(found, range(batch, batch + picked), range(place, place + picked))


def _batch_rank(batch_dims: int, rank: int, axis: int) -> int:
    """Return how many leading dimensions are common, a negative number counted from the end."""
    batch = batch_dims + rank if batch_dims < 0 else batch_dims
    if not 0 <= batch <= rank:
        raise invalid(f"Expected batch_dims in the range [{-rank}, {rank}], but got {batch_dims}")
    if batch > axis:
        raise invalid(f"batch_dims ({batch_dims}) must be less than or equal to axis ({axis})")
    return batch


@gather_v2_op.shape(values_of=("axis",))
def gather_v2_shape(params: Shape, indices: Shape, axis: int | None, *, batch_dims: int) -> Shape:
    if params.dims is None or indices.dims is None:
        return Shape.unknown()
    if axis is None:
        batch = batch_dims + len(indices) if batch_dims < 0 else batch_dims
        return Shape.unknown(len(params) + len(indices) - 1 - batch)
    params.at_least(1).at_least(-axis if axis < 0 else axis + 1)
    place = axis % len(params)
    batch = _batch_rank(batch_dims, len(indices), place)
    return Shape((*params[:place], *indices[batch:], *params[place + 1 :]))


gather_v2_op.value_by_body(needs=("indices", "axis"))


@gather_v2_op.gradient
def gather_v2_gradient(op: Operation, grad: Tensor) -> list[Gradient]:
    params, indices, axis = op.inputs
    batch_dims = op.attrs["batch_dims"]
    if batch_dims == 0 and rule_argument(axis) == 0:
        return [_slices_of(params, indices, grad), None, None]
    return [_dense_gradient(params, indices, axis, batch_dims, grad), None, None]


def _dense_gradient(
    params: Tensor, indices: Tensor, axis: Tensor, batch_dims: int, grad: Tensor
) -> Tensor:
    """Add the gradients of picked slices up, in the order [batch, picked, between, after]."""
    rank, indices_rank = ops.rank_op(params), ops.rank_op(indices)
    axis = ops.floor_mod_op(ops.cast_op(axis, DstT=int32), rank)
    batch = ops.add_op(indices_rank, batch_dims) if batch_dims < 0 else batch_dims
    picked = ops.sub_op(indices_rank, batch)
    # Bring `axis` of params to place `batch`, the picked dimensions of grad to the same place.
    rows = ops.transpose_op(grad, _moved(axis, picked, batch, ops.rank_op(grad)))
    order = _moved(axis, 1, batch, rank)
    sizes = ops.gather_op(ops.shape_op(params), order)  # [batch, P, between, after]
    members = ops.prod_op(sizes[:batch], 0)
    size = sizes[batch]
    count = ops.size_op(indices)
    picked_size = ops.prod_op(ops.shape_op(indices)[batch:], 0)
    # Member m of the batch owns the segments m * P ... (m + 1) * P - 1.
    first = ops.cast_op(ops.mul_op(ops.range_op(0, members, 1), size), DstT=int64)
    each = ops.cast_op(ops.reshape_op(indices, ops.pack_op([members, picked_size])), DstT=int64)
    segments = ops.reshape_op(ops.add_op(each, ops.expand_dims_op(first, 1)), [-1])
    data = ops.reshape_op(rows, ops.concat_v2_op([[count], sizes[batch + 1 :]], 0))
    total = ops.unsorted_segment_sum_op(data, segments, ops.mul_op(members, size))
    return ops.transpose_op(ops.reshape_op(total, sizes), ops.invert_permutation_op(order))


def _moved(start: Any, count: Any, to: Any, rank: Any) -> Tensor:
    """Return the permutation that brings dimensions start, ..., start + count - 1 to place `to`."""
    end = ops.add_op(start, count)
    ranges = [(0, to), (start, end), (to, start), (end, rank)]
    parts = [ops.range_op(first, last, 1) for first, last in ranges]
    return ops.concat_v2_op(parts, 0)


# --- GatherNd ----------------------------------------------------------------------------------


@op("GatherNd", Tparams=ANY, Tindices=_INDICES)
def gather_nd_op(params: Tparams, indices: Tindices) -> Tparams:
    """Pick elements or slices by several coordinates.

    Args:
        params: Tparams[...].
        indices: Tindices[..., K]: the first K coordinates of each.

    Returns:
        Tparams[indices' shape without K, params' shape after the first K].

    Raises:
        InvalidArgumentError: if coordinates are out of range, or more than dimensions.

    Source: TensorFlow's op of the same name.
    """
    gather_nd_shape(Shape(params.shape), Shape(indices.shape))
    view, index = at_coordinates(params, indices, "param shape")
    return view[index]


def at_coordinates(array: Array, indices: Array, what: str) -> tuple[Array, tuple[Any, ...]]:
    """Return rows of coordinates as NumPy's index, and the view of the array that it is for.

    Rows without coordinates mean the whole array, once each: the view has a first dimension of
    size 1, whose only place they name.

    Raises:
        InvalidArgumentError: at the first row that lies outside the array.
    """
    shape = array.shape
    if not indices.shape[-1]:
        return array[None], (np.zeros(indices.shape[:-1], np.intp),)
    bounds = np.array(shape[: indices.shape[-1]], np.int64)
    if wrong := np.argwhere(((indices < 0) | (indices >= bounds)).any(axis=-1)).tolist():
        at = wrong[0]
        place = f"[{','.join(map(str, at))}]" if at else ""
        raise invalid(
            f"indices{place} = {indices[tuple(at)].tolist()} does not index into {what} "
            f"{Shape(shape)}"
        )
    return array, (*np.moveaxis(indices, -1, 0), ...)


@gather_nd_op.shape
def gather_nd_shape(params: Shape, indices: Shape) -> Shape:
    if params.dims is None or indices.dims is None or (indices.dims and not known(indices[-1])):
        return Shape.unknown()
    if not indices.dims:
        raise invalid("Shape must be at least rank 1 but is rank 0")
    if indices[-1] > len(params):
        raise invalid(
            f"indices.shape[-1] must be <= params.rank, but saw indices shape: {indices} and "
            f"params shape: {params}"
        )
    return Shape((*indices[:-1], *params[indices[-1] :]))


@gather_nd_op.gradient
def gather_nd_gradient(op: Operation, grad: Tensor) -> list[Gradient]:
    params, indices = op.inputs
    shape = ops.shape_op(params, out_type=indices.dtype)
    depth = indices.static_shape[-1] if indices.static_shape.rank == 2 else UNKNOWN
    if known(depth) and depth == 1:
        rows = ops.squeeze_op(indices, squeeze_dims=(-1,))
        return [IndexedSlices(grad, rows, shape), None]
    return [ops.scatter_nd_op(indices, grad, shape), None]


# --- Where -------------------------------------------------------------------------------------


@op(
    "Where",
    T=(FLOATS | COMPLEX | INTEGERS | QUANTIZED | types("bool")).default(bool_),
    outputs=("index",),
)
def where_op(input: T) -> int64:
    """Give the coordinates of the elements that are true or not 0, in row-major order.

    Args:
        input: T[...].

    Returns:
        int64[count, rank].

    Source: TensorFlow's op of the same name.
    """
    return np.argwhere(input)


@where_op.shape
def where_shape(input: Shape) -> Shape:
    return Shape([UNKNOWN, input.rank])


where_op.no_gradient("coordinates have steps, no slope")
