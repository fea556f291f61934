"""Reading and writing some rows of a variable.

Row `indices[i, ..., j]` of the variable is combined with `updates[i, ..., j, ...]`, one index after
the other, so an index that occurs twice is combined twice.  The two tables have a row per
combination: of variables behind refs, and of variables behind resource handles.

Source: 2015 Table 1 row "Stateful operations"; OSDI §4.2 (sparse updates of embeddings).
"""

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import ops
from minitf.composite import IndexedSlices
from minitf.dtypes import ANY, INDICES, NUMBERS, DType, TypeSet, types
from minitf.errors import invalid
from minitf.op_def import OpDef, op
from minitf.operation import Operation
from minitf.ops.state.resource_variables import shape_behind
from minitf.resources import Variable, VariableSpec, variable_of
from minitf.shapes import Shape, merge
from minitf.symbols import Ref, Resource, T, Tindices, dtype
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
ScatterRows = Callable[[Array, Array, Array], None]

# --- checks that all share -----------------------------------------------------------------------


def scatter(variable: Variable, indices: Array, updates: Array, combine: ScatterRows) -> None:
    """Combine `updates` into the rows of a variable that `indices` names, atomically.

    Raises:
        FailedPreconditionError: if the variable has no value.
        InvalidArgumentError: if a row does not exist, or the shapes do not fit.
    """
    shape = variable.read().shape
    if not shape:
        raise invalid("params must be at least 1-D, got shape []", variable=variable.name)
    if updates.ndim and updates.shape != indices.shape + shape[1:]:
        raise invalid(
            "Must have updates.shape = indices.shape + params.shape[1:] or updates.shape = [], got "
            f"updates.shape {Shape(updates.shape)}, indices.shape {Shape(indices.shape)}, "
            f"params.shape {Shape(shape)}"
        )
    check_rows(indices, shape[0])
    rows = indices.reshape(-1)
    values = updates.reshape(rows.shape + shape[1:]) if updates.ndim else updates
    variable.modify(lambda array: combine(array, rows, values))


def check_rows(indices: Array, limit: int) -> None:
    """Check that all indices are in [0, limit).

    Raises:
        InvalidArgumentError: naming the first that is not.
    """
    bad = (indices < 0) | (indices >= limit)
    if bad.any():
        at = np.unravel_index(int(bad.argmax()), indices.shape)
        place = ",".join(str(int(i)) for i in at)
        raise invalid(
            f"indices{f'[{place}]' if place else ''} = {int(indices[at])} is not in [0, {limit})"
        )


def scatter_shape(params: Shape, indices: Shape, updates: Shape) -> Shape:
    """Return the shape of the variable, checked against what is scattered into it."""
    if params.rank == 0:
        raise invalid("Shape must be at least rank 1 but is rank 0")
    if updates.rank and indices.dims is not None and params.dims is not None:
        merge(updates, Shape(indices.dims + params.dims[1:]))
    return params


# --- Scatter*, ResourceScatter* ------------------------------------------------------------------


def scatter_ref(
    name: str, combine: ScatterRows, what: str, types_: TypeSet, *, locks: bool = False
) -> OpDef:
    """Make the op that scatters into a variable behind a ref."""

    def body(ref: Ref[T], indices: Tindices, updates: T, *, use_locking: bool = locks) -> Ref[T]:
        scatter(ref, indices, updates, combine)
        return ref

    def shape(ref: Shape, indices: Shape, updates: Shape, *, use_locking: bool) -> Shape:
        return scatter_shape(ref, indices, updates)

    body.__doc__ = _DOCUMENTATION.format(
        what=what,
        handle="ref: the variable, of rank >= 1.",
        locking="\n        use_locking: accepted for compatibility: updates always exclude others.",
        returns="\n\n    Returns:\n        The handle.",
    )
    body.__name__ = _python_name(name)
    made = op(name, T=types_, Tindices=INDICES, outputs=("output_ref",))(body)
    made.shape(shape)
    made.no_gradient("a write is no function of the value that it leaves behind")
    return made


def scatter_resource(
    name: str, combine: ScatterRows, what: str, types_: TypeSet = NUMBERS
) -> OpDef:
    """Make the op that scatters into a variable behind a resource handle."""

    def body(resource: Resource, indices: Tindices, updates: dtype) -> None:
        scatter(variable_of(resource), indices, updates, combine)

    def shape(resource: VariableSpec | None, indices: Shape, updates: Shape) -> tuple[()]:
        scatter_shape(shape_behind(resource), indices, updates)
        return ()

    body.__doc__ = _DOCUMENTATION.format(
        what=what, handle="resource: handle of a variable of rank >= 1.", locking="", returns=""
    )
    body.__name__ = _python_name(name)
    made = op(name, "stateful", dtype=types_, Tindices=INDICES)(body)
    made.shape(values_of=("resource",))(shape)
    made.no_gradient("a write has no outputs")
    return made


def _python_name(name: str) -> str:
    return re.sub("(?<!^)(?=[A-Z])", "_", name).lower() + "_op"


_DOCUMENTATION = """{what} some rows of a variable in one atomic step.

    Args:
        {handle}
        indices: int[...], each in [0, rows); one that occurs twice is combined twice, in order.
        updates: of shape indices.shape + shape[1:] of the variable, or a scalar.{locking}{returns}

    Raises:
        InvalidArgumentError: if a row does not exist, or the shapes do not fit.

    Source: 2015 Table 1; OSDI §4.2.
    """


def _assign(array: Array, rows: Array, values: Array) -> None:
    array[rows] = values


def _divide(array: Array, rows: Array, values: Array) -> None:
    if array.dtype.kind not in "iu":
        np.divide.at(array, rows, values)
        return
    if not np.all(values):
        raise invalid("Integer division by zero")
    for row, value in zip(
        rows, np.broadcast_to(values, (len(rows), *array.shape[1:])), strict=True
    ):
        quotient, rest = np.divmod(array[row], value)
        array[row] = quotient + ((rest != 0) & (quotient < 0))  # towards zero, as C does


_ORDERED = types("float16", "bfloat16", "float32", "float64", "int32", "int64")

scatter_update_op = scatter_ref("ScatterUpdate", _assign, "Replace", ANY, locks=True)
scatter_add_op = scatter_ref("ScatterAdd", np.add.at, "Add to", NUMBERS)
scatter_sub_op = scatter_ref("ScatterSub", np.subtract.at, "Subtract from", NUMBERS)
scatter_mul_op = scatter_ref("ScatterMul", np.multiply.at, "Multiply", NUMBERS)
scatter_div_op = scatter_ref("ScatterDiv", _divide, "Divide", NUMBERS)
scatter_min_op = scatter_ref("ScatterMin", np.minimum.at, "Take the lesser of", _ORDERED)
scatter_max_op = scatter_ref("ScatterMax", np.maximum.at, "Take the greater of", _ORDERED)

resource_scatter_update_op = scatter_resource("ResourceScatterUpdate", _assign, "Replace", ANY)
resource_scatter_add_op = scatter_resource("ResourceScatterAdd", np.add.at, "Add to")
resource_scatter_sub_op = scatter_resource("ResourceScatterSub", np.subtract.at, "Subtract from")
resource_scatter_mul_op = scatter_resource("ResourceScatterMul", np.multiply.at, "Multiply")
resource_scatter_div_op = scatter_resource("ResourceScatterDiv", _divide, "Divide")
resource_scatter_min_op = scatter_resource(
    "ResourceScatterMin", np.minimum.at, "Take the lesser of"
)
resource_scatter_max_op = scatter_resource(
    "ResourceScatterMax", np.maximum.at, "Take the greater of"
)

# --- ResourceGather ------------------------------------------------------------------------------


@op("ResourceGather", "stateful", dtype=ANY, Tindices=INDICES)
def resource_gather_op(
    resource: Resource,
    indices: Tindices,
    *,
    batch_dims: int = 0,
    validate_indices: bool = True,
    dtype: DType,
) -> dtype:
    """Give some rows of a variable, without a snapshot of the others.

    Args:
        resource: handle of a variable of shape [B..., rows, ...].
        indices: int[B..., ...], each in [0, rows).
        batch_dims: how many leading dimensions B the variable and `indices` share.
        validate_indices: accepted for compatibility: indices are always checked.
        dtype: type of the variable's elements.

    Returns:
        dtype[B..., ..., ...]: for each index the row that it names.

    Raises:
        InvalidArgumentError: if a row does not exist.

    Source: OSDI §4.2 (Gather).
    """
    params = variable_of(resource).read()
    check_rows(indices, params.shape[batch_dims])
    batch = np.ix_(*[np.arange(size) for size in params.shape[:batch_dims]])
    trailing = (1,) * (indices.ndim - batch_dims)
    return params[(*[axis.reshape(axis.shape + trailing) for axis in batch], indices)]


@resource_gather_op.shape(values_of=("resource",))
def resource_gather_shape(
    resource: VariableSpec | None,
    indices: Shape,
    *,
    batch_dims: int,
    validate_indices: bool,
    dtype: DType,
) -> Shape:
    params = shape_behind(resource, dtype)
    if params.dims is None or indices.dims is None:
        return Shape.unknown()
    if params.rank == 0:
        raise invalid("Shape must be at least rank 1 but is rank 0")
    batch = merge(Shape(params.dims[:batch_dims]), Shape(indices.dims[:batch_dims]))
    return Shape((*batch, *indices.dims[batch_dims:], *params.dims[batch_dims + 1 :]))


@resource_gather_op.gradient
def resource_gather_gradient(op: Operation, grad: Tensor) -> list[IndexedSlices | None]:
    handle, indices = op.inputs
    shape = ops.variable_shape_op(handle)
    rows = ops.reshape_op(indices, [-1])
    values = ops.reshape_op(grad, ops.concat_v2_op([ops.shape_op(rows), shape[1:]], 0))
    return [IndexedSlices(values, rows, shape), None]
