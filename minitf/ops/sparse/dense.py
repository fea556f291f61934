"""Sparse tensors beside dense ones: made dense, added, combined element by element.

Source: TensorFlow's ops of the same names.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES, NUMBERS
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise.rows import conjugate
from minitf.ops.sparse.coordinates import (
    check_in_bounds,
    check_in_order,
    check_parts,
    in_memory,
    known_parts,
    text,
)
from minitf.shapes import Shape, merge, must_equal, shape_of_value
from minitf.symbols import N, R, T, Tindices, int64
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]

# --- SparseToDense -----------------------------------------------------------------------------


@op("SparseToDense", T=ANY, Tindices=INDICES, outputs=("dense",))
def sparse_to_dense_op(
    sparse_indices: Tindices,
    output_shape: Tindices[R],
    sparse_values: T,
    default_value: T[()],
    *,
    validate_indices: bool = True,
) -> T:
    """Put values in their places in a dense array, a default everywhere else.

    Args:
        sparse_indices: int[N, R]; int[N] or a scalar where R is 1.
        output_shape: int[R].
        sparse_values: T[N], or one scalar for all places.
        default_value: scalar.
        validate_indices: whether coordinates must be in row-major order, none twice.

    Returns:
        T[output_shape]; of several values for one place the last stays.

    Raises:
        InvalidArgumentError: if the parts do not fit together, or coordinates are out of bounds.

    Source: TensorFlow's op of the same name.
    """
    if sparse_indices.ndim > 2:
        raise invalid(
            "sparse_indices should be a scalar, vector, or matrix, got shape "
            f"{text(sparse_indices.shape)}"
        )
    indices = sparse_indices if sparse_indices.ndim == 2 else sparse_indices.reshape(-1, 1)
    count, rank = indices.shape
    if output_shape.ndim != 1:
        raise invalid(f"output_shape must be rank 1, got shape {text(output_shape.shape)}")
    if len(output_shape) != rank:
        raise invalid(
            f"output_shape has incorrect number of elements: {len(output_shape)} should be: {rank}"
        )
    if sparse_values.shape not in ((), (count,)):
        raise invalid(
            f"sparse_values has incorrect shape {text(sparse_values.shape)}, should be [] or "
            f"[{count}]"
        )
    if default_value.ndim:
        raise invalid("default_value should be a scalar.")
    if (output_shape < 0).any():
        raise invalid(f"Dimension {output_shape[output_shape < 0][0]} must be >= 0")
    (check_in_order if validate_indices else check_in_bounds)(indices, output_shape)
    dense = np.full(tuple(output_shape), default_value, default_value.dtype)
    dense.reshape(-1)[in_memory(indices, output_shape)] = sparse_values
    return dense


@sparse_to_dense_op.shape(values_of=("output_shape",))
def sparse_to_dense_shape(
    sparse_indices: Shape,
    output_shape: tuple[Any, ...] | None,
    sparse_values: Shape,
    default_value: Shape,
    *,
    validate_indices: bool,
) -> Shape:
    if sparse_indices.rank == 2 and output_shape is not None:
        must_equal(sparse_indices[1], len(output_shape))
    return shape_of_value(output_shape)


@sparse_to_dense_op.gradient
def sparse_to_dense_gradient(op: Operation, grad: Tensor) -> Gradients:
    indices, _, values, _ = op.inputs
    if indices.static_shape.rank in (0, 1):
        indices = ops.reshape_op(indices, [-1, 1])
    of_values = ops.gather_nd_op(grad, indices)
    of_all_values = _sum(of_values)
    if values.static_shape.rank == 0:
        of_values = of_all_values
    return [None, None, of_values, ops.sub_op(_sum(grad), of_all_values)]


def _sum(x: Tensor) -> Tensor:
    return ops.sum_op(x, ops.range_op(0, ops.rank_op(x), 1))


# --- SparseTensorDenseAdd ----------------------------------------------------------------------


@op("SparseTensorDenseAdd", T=NUMBERS, Tindices=INDICES)
def sparse_tensor_dense_add_op(
    a_indices: Tindices[N, R], a_values: T[N], a_shape: Tindices[R], b: T
) -> T:
    """Add a sparse tensor to a dense one.

    Args:
        a_indices: int[N, R]; values of equal coordinates add up.
        a_values: number[N].
        a_shape: int[R].
        b: number[a_shape].

    Returns:
        number[a_shape].

    Raises:
        InvalidArgumentError: if the parts do not fit together, or the shapes differ.

    Source: TensorFlow's op of the same name.
    """
    check_parts(a_indices, a_values, a_shape)
    if b.ndim != len(a_shape):
        raise invalid(f"Two operands have different ranks; received: {len(a_shape)} and {b.ndim}")
    for axis, (sparse, dense) in enumerate(zip(a_shape, b.shape, strict=True)):
        if sparse != dense:
            raise invalid(
                f"Dimension {axis} does not equal (no broadcasting is supported): sparse side "
                f"{sparse} vs dense side {dense}"
            )
    check_in_bounds(a_indices, a_shape)
    out = b.copy(order="C")
    np.add.at(out.reshape(-1), in_memory(a_indices, a_shape), a_values)
    return out


@sparse_tensor_dense_add_op.shape(values_of=("a_shape",))
def sparse_tensor_dense_add_shape(
    a_indices: Shape, a_values: Shape, a_shape: tuple[Any, ...] | None, b: Shape
) -> Shape:
    known_parts(a_indices, a_values, a_shape)
    return merge(b, shape_of_value(a_shape))


@sparse_tensor_dense_add_op.gradient
def sparse_tensor_dense_add_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [None, ops.gather_nd_op(grad, op.inputs[0]), None, grad]


# --- SparseDenseCwiseAdd, SparseDenseCwiseMul, SparseDenseCwiseDiv -----------------------------


def _beside(indices: Array, values: Array, shape: Array, dense: Array) -> Array:
    """Return the element of `dense`, broadcast to the sparse tensor, beside each of its values."""
    check_parts(indices, values, shape)
    sizes = shape.tolist()
    fits = dense.ndim <= len(sizes) and all(
        size in (1, whole) for size, whole in zip(dense.shape[::-1], sizes[::-1], strict=False)
    )
    if not fits:
        raise invalid(
            "SparseDenseBinaryOpShared broadcasts dense to sparse only; got incompatible shapes: "
            f"{text(shape)} vs. {text(dense.shape)}"
        )
    if ((indices < 0) | (indices >= shape)).any():
        raise invalid("Provided indices are out-of-bounds w.r.t. dense side with broadcasted shape")
    found: Array = np.broadcast_to(dense, sizes)[tuple(indices.T)]
    return found


@op("SparseDenseCwiseAdd", T=NUMBERS)
def sparse_dense_cwise_add_op(
    sp_indices: int64[N, R], sp_values: T[N], sp_shape: int64[R], dense: T
) -> T:
    """Add to each listed value the element of a dense array in its place.

    Args:
        sp_indices: int64[N, R].
        sp_values: number[N].
        sp_shape: int64[R].
        dense: number[...], of a shape that broadcasts to `sp_shape`.

    Returns:
        number[N]: the values at `sp_indices`.

    Raises:
        InvalidArgumentError: if the parts or shapes do not fit together.

    Source: TensorFlow's op of the same name.
    """
    return sp_values + _beside(sp_indices, sp_values, sp_shape, dense)


@op("SparseDenseCwiseMul", T=NUMBERS)
def sparse_dense_cwise_mul_op(
    sp_indices: int64[N, R], sp_values: T[N], sp_shape: int64[R], dense: T
) -> T:
    """Multiply each listed value by the element of a dense array in its place.

    Args:
        sp_indices: int64[N, R].
        sp_values: number[N].
        sp_shape: int64[R].
        dense: number[...], of a shape that broadcasts to `sp_shape`.

    Returns:
        number[N]: the values at `sp_indices`.

    Raises:
        InvalidArgumentError: if the parts or shapes do not fit together.

    Source: TensorFlow's op of the same name.
    """
    return sp_values * _beside(sp_indices, sp_values, sp_shape, dense)


@op("SparseDenseCwiseDiv", T=NUMBERS)
def sparse_dense_cwise_div_op(
    sp_indices: int64[N, R], sp_values: T[N], sp_shape: int64[R], dense: T
) -> T:
    """Divide each listed value by the element of a dense array in its place.

    Args:
        sp_indices: int64[N, R].
        sp_values: number[N].
        sp_shape: int64[R].
        dense: number[...], of a shape that broadcasts to `sp_shape`.

    Returns:
        number[N]: the values at `sp_indices`; quotients of integers are rounded towards zero.

    Raises:
        InvalidArgumentError: if the parts or shapes do not fit together, or integers are divided
            and `dense` holds a zero.

    Source: TensorFlow's op of the same name.
    """
    if dense.dtype.kind in "iu" and not dense.all():
        raise invalid(
            "SparseDenseCwiseDiv cannot divide by zero, but input dense tensor contains zero"
        )
    divisors = _beside(sp_indices, sp_values, sp_shape, dense)
    quotients: Array = ops.div_op.body(sp_values, divisors)
    return quotients


@sparse_dense_cwise_add_op.shape
@sparse_dense_cwise_mul_op.shape
@sparse_dense_cwise_div_op.shape
def cwise_shape(sp_indices: Shape, sp_values: Shape, sp_shape: Shape, dense: Shape) -> Shape:
    count, _ = known_parts(sp_indices, sp_values, sp_shape)
    return Shape([count])


@sparse_dense_cwise_add_op.gradient
def sparse_dense_cwise_add_gradient(op: Operation, grad: Tensor) -> Gradients:
    _, add_up = _places_in_dense(op)
    return [None, grad, None, add_up(grad)]


@sparse_dense_cwise_mul_op.gradient
def sparse_dense_cwise_mul_gradient(op: Operation, grad: Tensor) -> Gradients:
    beside, add_up = _places_in_dense(op)
    of_products = ops.mul_op(grad, conjugate(op.inputs[1]))
    return [None, ops.mul_op(grad, conjugate(beside)), None, add_up(of_products)]


@sparse_dense_cwise_div_op.gradient
def sparse_dense_cwise_div_gradient(op: Operation, grad: Tensor) -> Gradients:
    beside, add_up = _places_in_dense(op)
    of_values = ops.real_div_op(grad, conjugate(beside))
    of_divisors = ops.neg_op(ops.mul_op(of_values, conjugate(op.outputs[0])))
    return [None, of_values, None, add_up(of_divisors)]


def _places_in_dense(op: Operation) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Return the elements beside the values, and the function that adds gradients up in `dense`."""
    indices, _, shape, dense = op.inputs
    sizes = ops.shape_op(dense, out_type=int64)
    missing = ops.sub_op(ops.shape_op(shape), ops.shape_op(sizes))
    aligned = ops.concat_v2_op([ops.fill_op(missing, np.int64(1)), sizes], 0)
    places = ops.minimum_op(indices, ops.sub_op(aligned, np.int64(1)))  # 0 where it broadcasts
    beside = ops.gather_nd_op(ops.reshape_op(dense, aligned), places)

    def add_up(grads: Tensor) -> Tensor:
        return ops.reshape_op(ops.scatter_nd_op(places, grads, aligned), sizes)

    return beside, add_up
