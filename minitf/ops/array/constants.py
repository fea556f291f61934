"""Constants and placeholders: where values enter a graph.

Source: 2015 Table 1, row "Array operations": Constant; §4.2 (feeds).
"""

from pathlib import Path
from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType
from minitf.errors import (
    InternalError,
    InvalidArgumentError,
    NotFoundError,
    UnimplementedError,
    invalid,
)
from minitf.grammar import list_only
from minitf.op_def import op
from minitf.operation import Operation
from minitf.resources import Context
from minitf.shapes import Shape, merge
from minitf.symbols import T, dtype
from minitf.tensor import Tensor, hooks

Array = np.ndarray[Any, Any]

# --- Const -------------------------------------------------------------------------------------


@op("Const")
def const_op(*, value: np.ndarray, dtype: DType) -> dtype:
    """Give the same array every time.

    Args:
        value: the array; read-only.
        dtype: its element type.

    Returns:
        dtype[...] of the array's shape.

    Source: 2015 Table 1.
    """
    return np.asarray(value)  # a plain one: how it is written down matters to GraphDefs alone


@const_op.shape
def const_shape(*, value: Array, dtype: DType) -> Shape:
    return Shape(value.shape)


@const_op.value
def const_value(op: Operation) -> Any:
    value = np.asarray(op.attrs["value"])
    if value.size > 1024:
        return None
    return value.astype(object) if op.attrs["dtype"].is_integer else value


const_op.no_gradient("it has no inputs")


def constant(
    array: Array, dtype: DType, name: str | None = None, listed: int | None = None
) -> Tensor:
    """Add a Const that holds a read-only copy of an array.

    Args:
        array: the elements.
        dtype: their type.
        name: name of the operation.
        listed: how many elements a GraphDef is to list, where the last of them fills the rest.
    """
    array = np.array(array)
    if listed is not None:
        array = list_only(array, listed)
    array.flags.writeable = False
    return const_op(value=array, dtype=dtype, name=name)


# --- ImmutableConst ------------------------------------------------------------------------------


@op("ImmutableConst", outputs=("tensor",))
def immutable_const_op(*, dtype: DType, shape: Shape, memory_region_name: str) -> dtype:
    """Give the array whose bytes a file begins with, mapped into memory and not to be written to.

    Args:
        dtype: its element type.
        shape: its shape.
        memory_region_name: name of the file.

    Returns:
        dtype[shape].

    Raises:
        InternalError: if the file is shorter.
        NotFoundError: if there is no such file.
        UnimplementedError: if the elements are strings.

    Source: TensorFlow's op of the same name.
    """
    if dtype.numpy.kind == "O":
        kind = f"DT_{dtype.name.upper()}"
        raise UnimplementedError(
            None, None, f"Sorry, {kind} is not currently supported for ImmutableConstOp."
        )
    sizes: Any = shape.dims
    count = int(np.prod(sizes, dtype=np.int64))
    path = Path(memory_region_name)
    if not path.is_file():
        raise NotFoundError(None, None, f"{memory_region_name}; No such file or directory")
    length, wanted = path.stat().st_size, count * dtype.numpy.itemsize
    if length < wanted:
        raise InternalError(
            None,
            None,
            f"Readonly memory region has wrong length ({length}) when allocating {wanted}",
        )
    if not count:
        return np.zeros(sizes, dtype.numpy)
    return np.memmap(path, dtype.numpy, "r", shape=sizes).view(np.ndarray)


@immutable_const_op.shape
def immutable_const_shape(*, dtype: DType, shape: Shape, memory_region_name: str) -> Shape:
    return shape


immutable_const_op.no_gradient("it has no inputs")


hooks.fill(constant=constant)

# --- Placeholder -------------------------------------------------------------------------------


@op("Placeholder")
def placeholder_op(*, dtype: DType, shape: Shape = Shape(None), context: Context) -> dtype:
    """Stand for a value that each run must feed.

    Args:
        dtype: element type of the value.
        shape: what is known of its shape.

    Returns:
        The fed value.

    Raises:
        InvalidArgumentError: if the run feeds nothing for it.

    Source: 2015 §4.2.
    """
    raise not_fed(context.node_name, dtype, shape)


@placeholder_op.shape
def placeholder_shape(*, dtype: DType, shape: Shape) -> Shape:
    return shape


placeholder_op.no_gradient("it has no inputs")


def not_fed(name: str, dtype: DType, shape: Shape) -> InvalidArgumentError:
    """Make the error of a placeholder that a run needs and does not feed."""
    known = "" if shape.rank is None else f" and shape {str(shape).replace(' ', '')}"
    return invalid(
        f"You must feed a value for placeholder tensor '{name}' with dtype {dtype.name}{known}"
    )


# --- PlaceholderV2 -----------------------------------------------------------------------------


@op(
    "PlaceholderV2",
    deprecated=(23, "Placeholder now behaves the same as PlaceholderV2."),
)
def placeholder_v2_op(*, dtype: DType, shape: Shape, context: Context) -> dtype:
    """Stand for a value that each run must feed.

    Args:
        dtype: element type of the value.
        shape: what is known of its shape.

    Returns:
        The fed value.

    Raises:
        InvalidArgumentError: if the run feeds nothing for it.

    Source: 2015 §4.2.
    """
    raise not_fed(context.node_name, dtype, shape)


@placeholder_v2_op.shape
def placeholder_v2_shape(*, dtype: DType, shape: Shape) -> Shape:
    return shape


placeholder_v2_op.no_gradient("it has no inputs")

# --- PlaceholderWithDefault --------------------------------------------------------------------


@op("PlaceholderWithDefault", dtype=ANY)
def placeholder_with_default_op(input: dtype, *, shape: Shape) -> dtype:
    """Pass a value on that a run may replace by feeding another.

    Args:
        input: dtype[...], the value unless one is fed.
        shape: what is known of the shape of either.

    Returns:
        `input`.

    Source: 2015 §4.2.
    """
    return input


@placeholder_with_default_op.shape
def placeholder_with_default_shape(input: Shape, *, shape: Shape) -> Shape:
    merge(input, shape)
    return shape


@placeholder_with_default_op.gradient
def placeholder_with_default_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [grad]


# --- GuaranteeConst ----------------------------------------------------------------------------


@op("GuaranteeConst", "stateful", T=ANY)
def guarantee_const_op(input: T) -> T:
    """Pass a value on that the user promises never changes.

    Args:
        input: T[...].

    Returns:
        `input`.

    Source: TensorFlow's op of the same name.
    """
    return input


@guarantee_const_op.shape
def guarantee_const_shape(input: Shape) -> Shape:
    return input


guarantee_const_op.no_gradient("the input is promised to be constant")
