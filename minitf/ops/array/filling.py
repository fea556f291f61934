"""Arrays made of little: constants of a given shape, sequences, one-hot rows.

Source: 2015 Table 1, row "Array operations"; TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, COMPLEX, FLOATS, INDICES, INTEGERS, DType, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.lists.tensor_list import TensorList
from minitf.shapes import UNKNOWN, Shape, known, shape_of_value
from minitf.static_value import MOST_ELEMENTS, constant_value, static_value
from minitf.symbols import TI, T, Tidx, index_type, int32, int64, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- Fill --------------------------------------------------------------------------------------


@op("Fill", T=ANY, index_type=INDICES.default(int32))
def fill_op(dims: index_type[n], value: T[()]) -> T:
    """Repeat one value to an array of a given shape.

    Args:
        dims: the sizes.
        value: scalar.

    Returns:
        T[dims].

    Raises:
        InvalidArgumentError: if a size is negative.

    Source: 2015 Table 1.
    """
    for size in dims:
        if size < 0:
            raise invalid(f"Dimension {size} must be >= 0")
    return np.full(tuple(dims), value, value.dtype)


@fill_op.shape(values_of=("dims",))
def fill_shape(dims: tuple[Any, ...] | None, value: Shape) -> Shape:
    shape = shape_of_value(dims)
    if dims is not None and any(known(size) and size < 0 for size in dims):
        raise invalid(f"Fill dimensions must be >= 0: {dims}")
    return shape


@fill_op.value
def fill_value(op: Operation) -> Array | None:
    value, size = static_value(op.inputs[1]), op.outputs[0].static_shape.size
    if value is None or not known(size) or size > MOST_ELEMENTS:
        return None
    return np.full(tuple(op.outputs[0].static_shape), value, value.dtype)


@fill_op.gradient
def fill_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [None, ops.sum_op(ops.reshape_op(grad, [-1]), 0)]


# --- ZerosLike ---------------------------------------------------------------------------------


@op("ZerosLike", T=ANY, outputs=("y",))
def zeros_like_op(x: T) -> T:
    """Give zeros (False, empty strings) in the shape of an array.

    Args:
        x: T[...], or a list of tensors.

    Returns:
        T[...] of the same shape, or a list of zeros.

    Source: TensorFlow's op of the same name.
    """
    if isinstance(x, TensorList):
        return x.zeros()
    return np.full(x.shape, b"", object) if x.dtype == object else np.zeros(x.shape, x.dtype)


@zeros_like_op.shape
def zeros_like_shape(x: Shape) -> Shape:
    return x


zeros_like_op.no_gradient("zeros do not depend on the input's values")

# --- OnesLike ----------------------------------------------------------------------------------


@op("OnesLike", T=FLOATS | COMPLEX | INTEGERS | types("bool"), outputs=("y",))
def ones_like_op(x: T) -> T:
    """Give ones (True) in the shape of an array.

    Args:
        x: T[...].

    Returns:
        T[...] of the same shape.

    Source: TensorFlow's op of the same name.
    """
    return np.ones(x.shape, x.dtype)


@ones_like_op.shape
def ones_like_shape(x: Shape) -> Shape:
    return x


ones_like_op.no_gradient("ones do not depend on the input's values")

# --- Range -------------------------------------------------------------------------------------


@op("Range", Tidx=(FLOATS | INTEGERS - types("uint8", "uint64")).default(int32))
def range_op(start: Tidx[()], limit: Tidx[()], delta: Tidx[()]) -> Tidx:
    """Count from `start` in steps of `delta`, stopping before `limit`.

    Args:
        start: the first number.
        limit: the bound, not included.
        delta: the step, not 0.

    Returns:
        Tidx[ceil((limit - start) / delta)].

    Raises:
        InvalidArgumentError: if the step is 0 or leads away from `limit`.

    Source: TensorFlow's op of the same name.
    """
    count = _range_length(start[()], limit[()], delta[()])
    return start + np.arange(count).astype(start.dtype) * delta


def _range_length(start: Any, limit: Any, delta: Any) -> int:
    if delta == 0:
        raise invalid(f"Requires delta != 0: {delta}")
    if delta > 0 and start > limit:
        raise invalid(f"Requires start <= limit when delta > 0: {start}/{limit}")
    if delta < 0 and start < limit:
        raise invalid(f"Requires start >= limit when delta < 0: {start}/{limit}")
    if isinstance(start, (int, np.integer)):
        return -((int(start) - int(limit)) // int(delta))
    return int(np.ceil(abs((limit - start) / delta)))  # rounded as the type rounds


@range_op.shape(values_of=("start", "limit", "delta"))
def range_shape(start: Any, limit: Any, delta: Any, *, Tidx: DType) -> Shape:
    if start is None or limit is None or delta is None:
        return Shape([UNKNOWN])
    return Shape([_range_length(*np.array([start, limit, delta], Tidx.numpy))])


@range_op.value
def range_value(op: Operation) -> Array | None:
    bounds = [constant_value(each) for each in op.inputs]
    length = op.outputs[0].static_shape[0]
    if any(each is None for each in bounds) or not known(length) or length > MOST_ELEMENTS:
        return None
    made: Array = range_op.body(*bounds)
    return made.astype(object) if op.outputs[0].dtype.is_integer else made


range_op.no_gradient("a sequence has steps, no slope")

# --- LinSpace ----------------------------------------------------------------------------------


@op("LinSpace", T=FLOATS, Tidx=INDICES.default(int32))
def lin_space_op(start: T[()], stop: T[()], num: Tidx[()]) -> T:
    """Give evenly spaced numbers, both ends included.

    Args:
        start: the first number.
        stop: the last number.
        num: how many, at least 1.

    Returns:
        T[num].

    Raises:
        InvalidArgumentError: if `num` is not positive.

    Source: TensorFlow's op of the same name.
    """
    if num <= 0:
        raise invalid(f"Requires num > 0: {num}")
    out = np.full(int(num), start, start.dtype)
    if num > 1:
        step = (stop - start) / start.dtype.type(num - 1)
        out += step * np.arange(num).astype(start.dtype)
        out[-1] = stop
    return out


@lin_space_op.shape(values_of=("num",))
def lin_space_shape(start: Shape, stop: Shape, num: int | None) -> Shape:
    if num is not None and num <= 0:
        raise invalid(f"Requires num > 0: {num}")
    return Shape([num])


lin_space_op.no_gradient("TensorFlow defines none")

# --- OneHot ------------------------------------------------------------------------------------


@op("OneHot", T=ANY, TI=types("uint8", "int8", "int32", "int64").default(int64))
def one_hot_op(
    indices: TI, depth: int32[()], on_value: T[()], off_value: T[()], *, axis: int = -1
) -> T:
    """Give each index a row with `on_value` in that place and `off_value` elsewhere.

    Args:
        indices: TI[...]; one outside [0, depth) gets a row of `off_value`.
        depth: the length of the rows, >= 0.
        on_value: scalar.
        off_value: scalar.
        axis: the dimension of the result along which the rows lie; -1 is the last.

    Returns:
        T[..., depth, ...].

    Raises:
        InvalidArgumentError: if `depth` is negative or `axis` out of range.

    Source: TensorFlow's op of the same name.
    """
    if not -1 <= axis <= indices.ndim:
        raise invalid(
            f"Expected axis to be -1 or between [0, {indices.ndim + 1}).  But received: {axis}"
        )
    place = axis % (indices.ndim + 1)
    if depth < 0:
        raise invalid(f"depth must be non-negative, got: {depth}")
    places = np.arange(depth).reshape(-1, *[1] * (indices.ndim - place))
    return np.where(np.expand_dims(indices, place) == places, on_value, off_value)


@one_hot_op.shape(values_of=("depth",))
def one_hot_shape(
    indices: Shape, depth: int | None, on_value: Shape, off_value: Shape, *, axis: int
) -> Shape:
    if axis < -1:
        raise invalid("axis must be >= -1")
    if depth is not None and depth < 0:
        raise invalid(
            f"Dimension size, given by scalar input 1, must be non-negative but is {depth}"
        )
    if indices.dims is None:
        return indices
    place = len(indices) if axis == -1 else axis  # too great an axis is an error of the run
    return Shape((*indices[:place], depth, *indices[place:]))


one_hot_op.no_gradient("an index has steps, no slope")
