"""Rows of a tensor that others replace or change.

TensorFlow writes into the memory of the input, which a program must not read afterwards.  Here the
result is another tensor, and the input stays what it was.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType, string
from minitf.errors import invalid
from minitf.op_def import op
from minitf.shapes import Shape, merge, shape_of_value
from minitf.symbols import T, dtype, int32, n

Array = np.ndarray[Any, Any]


def _check(x: Shape, i: Shape, v: Shape) -> None:
    """Check that there is a row for each number, as far as the shapes are known."""
    if x.dims is not None and v.dims is not None and len(x) != len(v):
        raise invalid(f"x and v shape doesn't match (ranks): x {x}, v {v}")
    if i.dims is not None and len(i) != 1:
        raise invalid("i must be a vector", i=i)
    if x.dims is not None and v.dims is not None and i.dims is not None:
        merge(Shape(v[:1]), i, f"i and x shape doesn't match at index 0: i {i}, v {v}")
        merge(Shape(x[1:]), Shape(v[1:]), f"x and v shape doesn't match: x {x}, v {v}")


def _rows(x: Array, i: Array, v: Array) -> tuple[Array, Array]:
    """Return a copy of x, and the numbers of its rows; they count round and round, as there."""
    _check(Shape(x.shape), Shape(i.shape), Shape(v.shape))
    return x.copy(), i % max(len(x), 1)


@op("InplaceUpdate", T=ANY, outputs=("y",))
def inplace_update_op(x: T, i: int32, v: T) -> T:
    """Replace rows; of several for one row the last counts.

        y = x, except y[i[k]] = v[k]

    Args:
        x: T[rows, ...].
        i: int32[K]: numbers of rows, modulo how many there are.
        v: T[K, ...]: what they become.

    Returns:
        T[rows, ...].

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: TensorFlow.
    """
    out, rows = _rows(x, i, v)
    out[rows] = v
    return out


@inplace_update_op.shape
def inplace_update_shape(x: Shape, i: Shape, v: Shape) -> Shape:
    _check(x, i, v)
    return x


inplace_update_op.no_gradient("its input is given up: TensorFlow has none either", refuse=True)


@op("InplaceAdd", T=ANY, outputs=("y",))
def inplace_add_op(x: T, i: int32, v: T) -> T:
    """Add to rows; several for one row add up.

        y = x; y[i[k]] += v[k] for each k

    Args:
        x: T[rows, ...].
        i: int32[K]: numbers of rows, modulo how many there are.
        v: T[K, ...]: what is added.

    Returns:
        T[rows, ...].

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: TensorFlow.
    """
    out, rows = _rows(x, i, v)
    np.add.at(out, rows, v)
    return out


@inplace_add_op.shape
def inplace_add_shape(x: Shape, i: Shape, v: Shape) -> Shape:
    _check(x, i, v)
    return x


inplace_add_op.no_gradient("its input is given up: TensorFlow has none either", refuse=True)


@op("InplaceSub", T=ANY, outputs=("y",))
def inplace_sub_op(x: T, i: int32, v: T) -> T:
    """Subtract from rows; several for one row add up.

        y = x; y[i[k]] -= v[k] for each k

    Args:
        x: T[rows, ...].
        i: int32[K]: numbers of rows, modulo how many there are.
        v: T[K, ...]: what is subtracted.

    Returns:
        T[rows, ...].

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: TensorFlow.
    """
    out, rows = _rows(x, i, v)
    np.subtract.at(out, rows, v)
    return out


@inplace_sub_op.shape
def inplace_sub_shape(x: Shape, i: Shape, v: Shape) -> Shape:
    _check(x, i, v)
    return x


inplace_sub_op.no_gradient("its input is given up: TensorFlow has none either", refuse=True)

# --- Empty, DeepCopy -----------------------------------------------------------------------------


@op("Empty", "stateful")
def empty_op(shape: int32[n], *, dtype: DType, init: bool = False) -> dtype:
    """Make an array whose elements have any value: here they are zeros.

    Args:
        shape: the sizes.
        dtype: type of the elements.
        init: whether they must be zeros (empty strings).

    Returns:
        dtype[shape].

    Source: TensorFlow.
    """
    if dtype is string:
        return np.full(tuple(shape), b"", object)
    return np.zeros(tuple(shape), dtype.numpy)


@empty_op.shape(values_of=("shape",))
def empty_shape(shape: Any, *, dtype: DType, init: bool) -> Shape:
    return shape_of_value(shape)


empty_op.no_gradient("its elements do not depend on its input")


@op("DeepCopy", "stateful", T=ANY, outputs=("y",))
def deep_copy_op(x: T) -> T:
    """Copy an array.

    Args:
        x: T[...].

    Returns:
        The same, in memory of its own.

    Source: TensorFlow.
    """
    return x.copy()


@deep_copy_op.shape
def deep_copy_shape(x: Shape) -> Shape:
    return x


deep_copy_op.no_gradient("TensorFlow defines none", refuse=True)
