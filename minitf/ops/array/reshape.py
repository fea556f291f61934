"""Changes of shape that move no element: Reshape, ExpandDims, Squeeze.

Bodies return views: an executor copies what it hands out.

Source: 2015 Table 1, row "Array operations".
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.shapes import UNKNOWN, Shape, known, normal_axis, shape_of_value
from minitf.symbols import T, Tdim, Tshape, int32, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- Reshape -----------------------------------------------------------------------------------


@op("Reshape", T=ANY, Tshape=INDICES.default(int32))
def reshape_op(tensor: T, shape: Tshape[n]) -> T:
    """Give an array other sizes, its elements in the same row-major order.

    Args:
        tensor: T[...].
        shape: the sizes; at most one is -1 and is computed from the others.

    Returns:
        T[shape].

    Raises:
        InvalidArgumentError: if the number of elements would change, or two sizes are -1.

    Source: 2015 Table 1.
    """
    sizes = shape.tolist()
    if tensor.size and min(sizes, default=0) >= -1:
        try:
            return tensor.reshape(sizes)
        except ValueError:
            pass  # what is wrong is said below
    return tensor.reshape(_resolved(tensor, sizes))


def _resolved(tensor: Array, sizes: list[int]) -> list[int]:
    """Return sizes with -1 replaced, by TensorFlow's rule for arrays without elements too."""
    free = [i for i, size in enumerate(sizes) if size == -1]
    _check_sizes(sizes, free)
    if free:
        # Beside a size 0 the free one is counted as if the 0, and those of the input, were absent.
        fixed = [size for size in sizes if size > 0]
        count = int(np.prod([d for d in tensor.shape if d or 0 not in sizes], dtype=np.int64))
        per = int(np.prod(fixed, dtype=np.int64))
        if count % per:
            raise invalid(
                f"Input to reshape is a tensor with {tensor.size} values, but the requested shape "
                f"requires a multiple of {per}",
                shape=sizes,
            )
        sizes[free[0]] = count // per
    if np.prod(sizes, dtype=np.int64) != tensor.size:
        raise invalid(
            f"Input to reshape is a tensor with {tensor.size} values, but the requested shape has "
            f"{np.prod(sizes, dtype=np.int64)}",
            shape=sizes,
        )
    return sizes


def _check_sizes(sizes: list[int], free: list[int]) -> None:
    if len(free) > 1:
        raise invalid(f"Only one input size may be -1, not both {free[0]} and {free[1]}")
    for i, size in enumerate(sizes):
        if size < -1:
            raise invalid(f"Size {i} must be non-negative, not {size}")


@reshape_op.shape(values_of=("shape",))
def reshape_shape(tensor: Shape, shape: tuple[Any, ...] | None) -> Shape:
    out = shape_of_value(shape)
    if out.dims is None or tensor.dims is None:
        return out
    unknown_out = [i for i, dim in enumerate(out.dims) if dim is UNKNOWN]
    unknown_in = [dim for dim in tensor.dims if dim is UNKNOWN]
    have = Shape(d for d in tensor.dims if d is not UNKNOWN).size
    want = Shape(d for d in out.dims if d is not UNKNOWN).size
    # A known size 0 decides the number of elements, whatever the unknown sizes are.
    if not have:
        unknown_in = []
    if not unknown_in and (not unknown_out or not want):
        if not unknown_out and have != want:
            raise invalid(
                f"Cannot reshape a tensor with {have} elements to shape {out} ({want} elements)"
            )
        return out
    if not unknown_in and len(unknown_out) == 1:
        return out.replaced(unknown_out[0], _divided(have, want))
    if unknown_in and not unknown_out and len(unknown_in) == 1 and have and known(want):
        _divided(want, have)
    return out


def _divided(total: Any, part: Any) -> int:
    if total % part:
        raise invalid(f"Dimension size must be evenly divisible by {part} but is {total}")
    return int(total // part)


reshape_op.value_by_body(needs=("shape",))


@reshape_op.gradient
def reshape_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.reshape_op(grad, ops.shape_op(op.inputs[0])), None]


# --- ExpandDims --------------------------------------------------------------------------------


@op("ExpandDims", T=ANY, Tdim=INDICES.default(int32))
def expand_dims_op(input: T, dim: Tdim) -> T:
    """Insert a dimension of size 1.

    Args:
        input: T[...].
        dim: scalar in [-rank - 1, rank], where it stands in the result.

    Returns:
        T[..., 1, ...].

    Raises:
        InvalidArgumentError: if `dim` is out of range.

    Source: 2015 Table 1.
    """
    axis = _one_axis(dim.ravel(), input.ndim)
    return input.reshape(*input.shape[:axis], 1, *input.shape[axis:])


def _one_axis(dim: Any, rank: int) -> int:
    """Return the place of a dimension to insert."""
    if len(dim) != 1:
        raise invalid("'dim' input must be a tensor with a single value")
    if not -rank - 1 <= dim[0] <= rank:
        raise invalid(f"dim {dim[0]} not in the interval [{-rank - 1}, {rank}].")
    return int(dim[0]) % (rank + 1)


@expand_dims_op.shape(values_of=("dim",))
def expand_dims_shape(input: Shape, dim: Any) -> Shape:
    dim = (UNKNOWN,) if dim is None else tuple(np.ravel(np.array(dim, object)))
    if input.dims is None:
        return input
    if not known(*dim):
        return Shape.unknown(len(input) + 1)
    axis = _one_axis(dim, len(input))
    return Shape((*input[:axis], 1, *input[axis:]))


expand_dims_op.value_by_body(needs=("dim",))


@expand_dims_op.gradient
def expand_dims_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.reshape_op(grad, ops.shape_op(op.inputs[0])), None]


# --- Squeeze -----------------------------------------------------------------------------------


@op("Squeeze", T=ANY, squeeze_dims=at_least(0))
def squeeze_op(input: T, *, squeeze_dims: tuple[int, ...] = ()) -> T:
    """Remove dimensions of size 1.

    Args:
        input: T[...].
        squeeze_dims: which, each in [-rank, rank); all of size 1 if empty.

    Returns:
        The same elements.

    Raises:
        InvalidArgumentError: if one of them has another size.

    Source: 2015 Table 1.
    """
    return input.reshape(tuple(squeeze_shape(Shape(input.shape), squeeze_dims=squeeze_dims)))


@squeeze_op.shape
def squeeze_shape(input: Shape, *, squeeze_dims: tuple[int, ...]) -> Shape:
    if input.dims is None:
        return input
    if not squeeze_dims:
        if not known(*input):
            return Shape.unknown()
        return Shape(dim for dim in input if dim != 1)
    rank = len(input)
    for i, axis in enumerate(squeeze_dims):
        if not -rank <= axis < rank:
            raise invalid(
                f"squeeze_dims[{i}] not in [{-rank},{rank}).: Tried to squeeze dim index {axis} "
                f"for tensor with {rank} dimensions."
            )
        if known(input[axis]) and input[axis] != 1:
            raise invalid(
                f"Can not squeeze dim[{axis}], expected a dimension of 1, got {input[axis]}"
            )
    axes = {normal_axis(axis, rank) for axis in squeeze_dims}
    return Shape(dim for i, dim in enumerate(input) if i not in axes)


squeeze_op.value_by_body()


@squeeze_op.gradient
def squeeze_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.reshape_op(grad, ops.shape_op(op.inputs[0]))]
