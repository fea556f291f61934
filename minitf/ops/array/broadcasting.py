"""Repeating an array: broadcasting, and what it means for shapes and gradients; Tile.

Source: TensorFlow's ops of the same names; NumPy's rule of broadcasting.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES
from minitf.errors import InvalidArgumentError, invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.array.shape import value_of_shape
from minitf.shapes import UNKNOWN, Shape, broadcast, must_equal, shape_of_value
from minitf.static_value import rule_argument
from minitf.symbols import T, Tidx, Tmultiples, int32, m, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]


def reduced_to_shape_of(grad: Tensor, input: Tensor) -> Tensor:
    """Sum a gradient over the dimensions along which an input was repeated."""
    shape = ops.shape_op(input)
    axes, _ = ops.broadcast_gradient_args_op(shape, ops.shape_op(grad))
    return ops.reshape_op(ops.sum_op(grad, axes), shape)


# --- BroadcastTo -------------------------------------------------------------------------------


@op("BroadcastTo", T=ANY, Tidx=INDICES.default(int32))
def broadcast_to_op(input: T, shape: Tidx[n]) -> T:
    """Repeat an array along dimensions of size 1 and new leading ones.

    Args:
        input: T[...].
        shape: the sizes wanted.

    Returns:
        T[shape].

    Raises:
        InvalidArgumentError: if a size is neither 1 nor the one wanted.

    Source: TensorFlow's op of the same name.
    """
    wanted = tuple(shape.tolist())
    broadcast_to_shape(Shape(input.shape), wanted)
    return np.broadcast_to(input, wanted)


@broadcast_to_op.shape(values_of=("shape",))
def broadcast_to_shape(input: Shape, shape: tuple[Any, ...] | None) -> Shape:
    wanted = shape_of_value(shape)
    if input.dims is None or wanted.dims is None:
        return wanted
    if len(input) > len(wanted):
        raise invalid(
            f"Rank of input ({len(input)}) must be no greater than rank of output shape "
            f"({len(wanted)})."
        )
    made = broadcast(input, wanted)
    for have, want in zip(made, wanted, strict=True):
        must_equal(have, want, f"Incompatible shapes: {input} vs. {wanted}: sizes are")
    return made


@broadcast_to_op.gradient
def broadcast_to_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [reduced_to_shape_of(grad, op.inputs[0]), None]


# --- BroadcastArgs -----------------------------------------------------------------------------


@op("BroadcastArgs", T=INDICES.default(int32), outputs=("r0",))
def broadcast_args_op(s0: T[n], s1: T[m]) -> T:
    """Give the shape of an elementwise result from the shapes of its operands.

    Args:
        s0: sizes.
        s1: sizes.

    Returns:
        The sizes of the result.

    Raises:
        InvalidArgumentError: if the shapes do not broadcast.

    Source: TensorFlow's op of the same name.
    """
    try:
        return np.array(np.broadcast_shapes(tuple(s0), tuple(s1)), s0.dtype)
    except ValueError:
        raise invalid(f"Incompatible shapes: {s0.tolist()} vs. {s1.tolist()}") from None


@broadcast_args_op.shape(values_of=("s0", "s1"))
def broadcast_args_shape(s0: tuple[Any, ...] | None, s1: tuple[Any, ...] | None) -> Shape:
    return Shape([UNKNOWN if s0 is None or s1 is None else max(len(s0), len(s1))])


@broadcast_args_op.value
def broadcast_args_value(op: Operation) -> Array | None:
    s0, s1 = (shape_of_value(rule_argument(each)) for each in op.inputs)
    try:
        return value_of_shape(broadcast(s0, s1))
    except InvalidArgumentError:
        return None  # the run will tell


broadcast_args_op.no_gradient("sizes do not depend on values")

# --- BroadcastGradientArgs ---------------------------------------------------------------------


@op("BroadcastGradientArgs", T=INDICES.default(int32), outputs=("r0", "r1"))
def broadcast_gradient_args_op(s0: T[n], s1: T[m]) -> tuple[T, T]:
    """Give the dimensions over which the gradient of each operand of a broadcast is summed.

    Args:
        s0: sizes of the first operand.
        s1: sizes of the second operand.

    Returns:
        Two vectors of dimensions of the result: where that operand has size 1 or none.

    Raises:
        InvalidArgumentError: if the shapes do not broadcast.

    Source: TensorFlow's op of the same name.
    """
    first, second = s0.tolist(), s1.tolist()
    if first == second:
        return s0[:0], s1[:0]
    rank = max(len(first), len(second))
    full = ([1] * (rank - len(sizes)) + sizes for sizes in (first, second))
    pairs = list(zip(*full, strict=True))
    if any(1 not in pair and pair[0] != pair[1] for pair in pairs):
        raise invalid(f"Incompatible shapes: {first} vs. {second}")
    ones = [[i for i, pair in enumerate(pairs) if pair[side] == 1] for side in (0, 1)]
    return np.array(ones[0], s0.dtype), np.array(ones[1], s0.dtype)


@broadcast_gradient_args_op.shape
def broadcast_gradient_args_shape(s0: Shape, s1: Shape) -> list[Shape]:
    return [Shape([UNKNOWN]), Shape([UNKNOWN])]


broadcast_gradient_args_op.value_by_body(needs=("s0", "s1"))
broadcast_gradient_args_op.no_gradient("dimensions do not depend on values")

# --- Tile --------------------------------------------------------------------------------------


@op("Tile", T=ANY, Tmultiples=INDICES.default(int32))
def tile_op(input: T, multiples: Tmultiples[n]) -> T:
    """Lay copies of an array side by side.

    Args:
        input: T[...].
        multiples: how many copies along each dimension, >= 0.

    Returns:
        T[...]; each size is multiplied.

    Raises:
        InvalidArgumentError: if there is not one multiple per dimension, or one is negative.

    Source: TensorFlow's op of the same name.
    """
    if len(multiples) != input.ndim:
        raise invalid(
            f"Expected multiples argument to be a vector of length {input.ndim} but got length "
            f"{len(multiples)}"
        )
    for i, count in enumerate(multiples.tolist()):
        if count < 0:
            raise invalid(f"Expected multiples[{i}] >= 0, but got {count}")
    return np.tile(input, multiples)


@tile_op.shape(values_of=("multiples",))
def tile_shape(input: Shape, multiples: tuple[Any, ...] | None) -> Shape:
    if multiples is None:
        return Shape.unknown(input.rank)
    times = shape_of_value(multiples)
    times = times if input.rank is None else times.with_rank(input.rank)
    return Shape(d * t for d, t in zip(input.with_rank(len(times)), times, strict=True))


@tile_op.gradient
def tile_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    input, multiples = op.inputs
    # [copies, size, copies, size, ...]: the sum runs over the copies
    shape = ops.shape_op(input, out_type=multiples.dtype)
    apart = ops.reshape_op(ops.pack_op([multiples, shape], axis=1), [-1])
    copies = ops.range_op(0, ops.size_op(apart), 2)
    return [ops.reshape_op(ops.sum_op(ops.reshape_op(grad, apart), copies), shape), None]


# --- TileGrad ----------------------------------------------------------------------------------


@op("TileGrad", T=ANY, deprecated=(3, "TileGrad has been replaced with reduce_sum"))
def tile_grad_op(input: T, multiples: int32[n]) -> T:
    """Add up the copies that Tile laid side by side.

    Args:
        input: T[...].
        multiples: how many copies along each dimension.

    Returns:
        T[...]; each size is divided.

    Source: TensorFlow's op of the same name.
    """
    apart = [d for size, t in zip(input.shape, multiples, strict=True) for d in (t, size // t)]
    return input.reshape(apart).sum(axis=tuple(range(0, len(apart), 2)), dtype=input.dtype)


@tile_grad_op.shape(values_of=("multiples",))
def tile_grad_shape(input: Shape, multiples: tuple[Any, ...] | None) -> Shape:
    if multiples is None:
        return Shape.unknown(input.rank)
    return Shape(d // t for d, t in zip(input.with_rank(len(multiples)), multiples, strict=True))


@tile_grad_op.gradient
def tile_grad_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.tile_op(grad, op.inputs[1]), None]
