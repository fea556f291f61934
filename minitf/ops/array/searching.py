"""Places of values in sorted rows, and of flat indices in a shape.

Source: TensorFlow's ops of the same names.
"""

from typing import Any, Literal

import numpy as np

from minitf.dtypes import ANY, INDICES, DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.shapes import Shape, must_equal
from minitf.symbols import T, Tidx, b, int32, m, n, out_type

Array = np.ndarray[Any, Any]


def _places(sorted_inputs: Array, values: Array, side: Literal["left", "right"]) -> Array:
    """Return where each value belongs in its row; a NaN is not less than anything, nor greater."""
    lower_bound_shape(Shape(sorted_inputs.shape), Shape(values.shape))
    if values.dtype.name == "bfloat16":
        sorted_inputs, values = sorted_inputs.astype(np.float32), values.astype(np.float32)
    found: Array = np.zeros(values.shape, np.int64)
    for row, wanted, places in zip(sorted_inputs, values, found, strict=True):
        places[:] = np.searchsorted(row, wanted, side)
    if side == "left" and values.dtype.kind == "f":
        found[np.isnan(values)] = 0
    return found


# --- LowerBound ----------------------------------------------------------------------------------


@op("LowerBound", T=ANY, out_type=INDICES)
def lower_bound_op(sorted_inputs: T[b, n], values: T[b, m], *, out_type: DType = int32) -> out_type:
    """Give for each value the place of the first element of its sorted row that is not less.

    Args:
        sorted_inputs: T[b, n], each row in ascending order.
        values: T[b, m].
        out_type: int32 or int64.

    Returns:
        out_type[b, m], from 0 to n.

    Raises:
        InvalidArgumentError: if the numbers of rows differ.

    Source: TensorFlow's op of the same name.
    """
    return _places(sorted_inputs, values, "left").astype(out_type.numpy)


@lower_bound_op.shape
def lower_bound_shape(sorted_inputs: Shape, values: Shape, **_: Any) -> Shape:
    rows = must_equal(
        sorted_inputs[0], values[0], "Leading dim_size of both tensors must match, but are"
    )
    return values.replaced(0, rows)


lower_bound_op.no_gradient("places are whole numbers")

# --- UpperBound ----------------------------------------------------------------------------------


@op("UpperBound", T=ANY, out_type=INDICES)
def upper_bound_op(sorted_inputs: T[b, n], values: T[b, m], *, out_type: DType = int32) -> out_type:
    """Give for each value the place of the first element of its sorted row that is greater.

    Args:
        sorted_inputs: T[b, n], each row in ascending order.
        values: T[b, m].
        out_type: int32 or int64.

    Returns:
        out_type[b, m], from 0 to n.

    Raises:
        InvalidArgumentError: if the numbers of rows differ.

    Source: TensorFlow's op of the same name.
    """
    return _places(sorted_inputs, values, "right").astype(out_type.numpy)


@upper_bound_op.shape
def upper_bound_shape(sorted_inputs: Shape, values: Shape, **_: Any) -> Shape:
    return lower_bound_shape(sorted_inputs, values)


upper_bound_op.no_gradient("places are whole numbers")

# --- UnravelIndex --------------------------------------------------------------------------------


@op("UnravelIndex", Tidx=INDICES.default(int32))
def unravel_index_op(indices: Tidx, dims: Tidx[n]) -> Tidx:
    """Turn flat indices into coordinates.

    Args:
        indices: Tidx scalar or [m], in [0, prod(dims)).
        dims: the sizes that the coordinates belong to.

    Returns:
        Tidx[n] or [n, m]: a row per dimension.

    Raises:
        InvalidArgumentError: if an index is outside, or `indices` a matrix.

    Source: TensorFlow's op of the same name.
    """
    if indices.ndim > 1:
        raise invalid(f"The indices can only be scalar or vector, got {Shape(indices.shape)}")
    if (dims == 0).any():
        raise invalid(f"Input dims cannot contain a dim of zero: {dims.tolist()}")
    if (indices < 0).any() or (indices >= np.prod(dims, dtype=np.int64)).any():
        raise invalid("index is out of bound as with dims", dims=str(dims.tolist()))
    if not dims.size:
        return np.zeros((0, *indices.shape), indices.dtype)
    return np.stack(np.unravel_index(indices, tuple(dims))).astype(indices.dtype)


@unravel_index_op.shape
def unravel_index_shape(indices: Shape, dims: Shape) -> Shape:
    return Shape.unknown() if indices.dims is None else Shape((dims[0], *indices))


unravel_index_op.no_gradient("coordinates are whole numbers")
