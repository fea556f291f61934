"""Putting elements where coordinates say: ScatterNd and its kin that start from a tensor.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES, NUMBERS, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.array.indexing import at_coordinates
from minitf.shapes import Shape, known, merge, shape_of_value
from minitf.symbols import T, Tindices, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]


def _check_updates(shape: Shape, indices: Shape, updates: Shape) -> None:
    """Check that there is one update per row of coordinates, as far as the shapes are known."""
    if shape.dims is None or indices.dims is None or updates.dims is None:
        return
    indices.at_least(1)
    sizes = shape.size, indices.size, updates.size
    if known(*sizes) and sizes[0] == 0 < min(sizes[1:]):
        raise invalid("Indices and updates specified for empty output shape")
    depth = indices[-1]
    if not known(depth):
        return
    if depth > len(shape):
        raise invalid(
            f"The inner {depth} dimensions of output.shape={shape} must match the inner "
            f"{depth} dimensions of indices.shape={indices}"
        )
    outer, inner = len(indices) - 1, len(shape) - depth
    merge(
        Shape(indices[:-1]),
        Shape(updates[:outer]),
        f"The outer {outer} dimensions of indices.shape={indices} must match the outer {outer} "
        f"dimensions of updates.shape={updates}",
    )
    merge(
        Shape(shape[depth:]),
        Shape(updates[outer:]),
        f"The inner {inner} dimensions of input.shape={shape} must match the inner {inner} "
        f"dimensions of updates.shape={updates}",
    )


def _places(out: Array, indices: Array, updates: Array) -> tuple[Array, tuple[Any, ...]]:
    """Return a view of `out` and NumPy's index of the places in it."""
    _check_updates(Shape(out.shape), Shape(indices.shape), Shape(updates.shape))
    return at_coordinates(out, indices, "shape")


# --- ScatterNd ---------------------------------------------------------------------------------


@op("ScatterNd", T=ANY, Tindices=INDICES | types("int16"))
def scatter_nd_op(indices: Tindices, updates: T, shape: Tindices[n]) -> T:
    """Add elements or slices into zeros; updates of the same place add up.

    Args:
        indices: Tindices[..., K]: the first K coordinates of each.
        updates: T[..., shape[K:]].
        shape: the sizes of the result.

    Returns:
        T[shape].

    Raises:
        InvalidArgumentError: if coordinates are out of range or shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    out = np.zeros(tuple(shape.tolist()), updates.dtype)
    np.add.at(*_places(out, indices, updates), updates)
    return out


@scatter_nd_op.shape(values_of=("shape",))
def scatter_nd_shape(indices: Shape, updates: Shape, shape: tuple[Any, ...] | None) -> Shape:
    out = shape_of_value(shape)
    _check_updates(out, indices, updates)
    return out


@scatter_nd_op.gradient
def scatter_nd_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [None, ops.gather_nd_op(grad, op.inputs[0]), None]


# --- TensorScatterUpdate -----------------------------------------------------------------------


@op("TensorScatterUpdate", T=ANY, Tindices=INDICES | types("int16", "uint16"))
def tensor_scatter_update_op(tensor: T, indices: Tindices, updates: T) -> T:
    """Replace elements or slices; of several updates of one place the last stays.

    Args:
        tensor: T[...].
        indices: Tindices[..., K]: the first K coordinates of each.
        updates: T[..., tensor's shape after the first K].

    Returns:
        T[...] of `tensor`'s shape.

    Raises:
        InvalidArgumentError: if coordinates are out of range or shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    out = tensor.copy()
    view, index = _places(out, indices, updates)
    view[index] = updates
    return out


@tensor_scatter_update_op.shape
def tensor_scatter_update_shape(tensor: Shape, indices: Shape, updates: Shape) -> Shape:
    _check_updates(tensor.at_least(1), indices, updates)
    return tensor


@tensor_scatter_update_op.gradient
def tensor_scatter_update_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    _, indices, updates = op.inputs
    kept = ops.tensor_scatter_update_op(grad, indices, ops.zeros_like_op(updates))
    return [kept, None, ops.gather_nd_op(grad, indices)]


# --- TensorScatterAdd --------------------------------------------------------------------------


@op("TensorScatterAdd", T=ANY, Tindices=INDICES)
def tensor_scatter_add_op(tensor: T, indices: Tindices, updates: T) -> T:
    """Add to elements or slices; updates of the same place add up.

    Args:
        tensor: T[...].
        indices: Tindices[..., K]: the first K coordinates of each.
        updates: T[..., tensor's shape after the first K].

    Returns:
        T[...] of `tensor`'s shape.

    Raises:
        InvalidArgumentError: if coordinates are out of range or shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    out = tensor.copy()
    np.add.at(*_places(out, indices, updates), updates)
    return out


@tensor_scatter_add_op.shape
def tensor_scatter_add_shape(tensor: Shape, indices: Shape, updates: Shape) -> Shape:
    return tensor_scatter_update_shape(tensor, indices, updates)


@tensor_scatter_add_op.gradient
def tensor_scatter_add_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [grad, None, ops.gather_nd_op(grad, op.inputs[1])]


# --- ScatterNdNonAliasingAdd -------------------------------------------------------------------


@op("ScatterNdNonAliasingAdd", T=NUMBERS | types("bool"), Tindices=INDICES)
def scatter_nd_non_aliasing_add_op(input: T, indices: Tindices, updates: T) -> T:
    """Add to elements or slices of a copy: TensorScatterAdd under the name that it had first.

    Args:
        input: T[...].
        indices: Tindices[..., K]: the first K coordinates of each.
        updates: T[..., input's shape after the first K].

    Returns:
        T[...] of `input`'s shape.

    Raises:
        InvalidArgumentError: if coordinates are out of range or shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    return tensor_scatter_add_op.body(input, indices, updates)


@scatter_nd_non_aliasing_add_op.shape
def scatter_nd_non_aliasing_add_shape(input: Shape, indices: Shape, updates: Shape) -> Shape:
    return tensor_scatter_update_shape(input, indices, updates)


@scatter_nd_non_aliasing_add_op.gradient
def scatter_nd_non_aliasing_add_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [grad, None, ops.gather_nd_op(grad, op.inputs[1])]


# --- TensorScatterSub --------------------------------------------------------------------------


@op("TensorScatterSub", T=ANY, Tindices=INDICES)
def tensor_scatter_sub_op(tensor: T, indices: Tindices, updates: T) -> T:
    """Subtract from elements or slices; updates of the same place add up.

    Args:
        tensor: T[...].
        indices: Tindices[..., K]: the first K coordinates of each.
        updates: T[..., tensor's shape after the first K].

    Returns:
        T[...] of `tensor`'s shape.

    Raises:
        InvalidArgumentError: if coordinates are out of range or shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    out = tensor.copy()
    np.subtract.at(*_places(out, indices, updates), updates)
    return out


@tensor_scatter_sub_op.shape
def tensor_scatter_sub_shape(tensor: Shape, indices: Shape, updates: Shape) -> Shape:
    return tensor_scatter_update_shape(tensor, indices, updates)


@tensor_scatter_sub_op.gradient
def tensor_scatter_sub_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [grad, None, ops.neg_op(ops.gather_nd_op(grad, op.inputs[1]))]
