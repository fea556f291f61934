"""Variables behind a resource handle, and what reads and writes them.

They are the variables of `minitf.ops.state.variables` (one store, one meaning) with another kind of
handle: an ordinary tensor of type `resource`, which loops and functions can pass on, and whose
reads are operations of their own.

Source: 2015 §2 "Variables"; OSDI §3.1 (handles as typed capabilities).
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY, INDICES, DType
from minitf.errors import FailedPreconditionError, NotFoundError, invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.state.variables import count, find_variable, must_have_shape
from minitf.resources import Context, Handle, VariableSpec, variable_of
from minitf.shapes import SCALAR, Shape, merge
from minitf.static_value import rule_argument
from minitf.symbols import Resource, T, dtype, int32, out_type
from minitf.symbols import bool as boolean
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- VarHandleOp ---------------------------------------------------------------------------------


@op("VarHandleOp", "stateful", outputs=("resource",))
def var_handle_op_op(
    *,
    container: str = "",
    shared_name: str = "",
    debug_name: str = "",
    dtype: DType,
    shape: Shape,
    allowed_devices: tuple[str, ...] = (),
    context: Context,
) -> Resource:
    """Give the handle of a persistent tensor that outlives the step.

    Args:
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.
        debug_name: accepted for compatibility.
        dtype: type of its elements.
        shape: shape of its value; may be unknown.
        allowed_devices: accepted for compatibility.

    Returns:
        The handle; the variable has no value before the first AssignVariableOp.

    Source: 2015 §2 "Variables", §4.7; OSDI §3.1.
    """
    variable = find_variable(context, container, shared_name, dtype, shape)
    return Handle(variable, container, variable.name)


@var_handle_op_op.shape
def var_handle_op_shape(**attrs: Any) -> Shape:
    return SCALAR


@var_handle_op_op.value
def var_handle_op_value(op: Operation) -> Array:
    return np.array(VariableSpec(op.attrs["dtype"], op.attrs["shape"]), object)


var_handle_op_op.no_gradient("it has no inputs")

# --- ReadVariableOp ------------------------------------------------------------------------------


@op("ReadVariableOp", "stateful", outputs=("value",))
def read_variable_op_op(resource: Resource, *, dtype: DType) -> dtype:
    """Give the value that a variable has at this moment.

    Args:
        resource: its handle.
        dtype: type of its elements.

    Returns:
        dtype[...]: a snapshot, which no later write changes.

    Raises:
        FailedPreconditionError: if it has no value.
        InvalidArgumentError: if it has another type.

    Source: OSDI §3.1 (Read).
    """
    variable = variable_of(resource)
    if variable.dtype is not dtype:
        raise invalid(
            "Trying to read variable with wrong dtype. "
            f"Expected {dtype.name} got {variable.dtype.name}"
        )
    try:
        return variable.read()
    except FailedPreconditionError as error:
        raise FailedPreconditionError(
            None,
            None,
            f"{error.message}\n  Error while reading resource variable {variable.name}: it was "
            "uninitialized",
        ) from None


@read_variable_op_op.shape(values_of=("resource",))
def read_variable_op_shape(resource: VariableSpec | None, *, dtype: DType) -> Shape:
    return shape_behind(resource, dtype)


@read_variable_op_op.gradient
def read_variable_op_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [grad]


def shape_behind(spec: VariableSpec | None, dtype: DType | None = None) -> Shape:
    """Return what is known of the shape of the variable behind a handle.

    Raises:
        InvalidArgumentError: if the variable has another type.
    """
    if spec is None:
        return Shape.unknown()
    if dtype is not None and spec.dtype is not dtype:
        raise invalid(
            f"Trying to read variable with wrong dtype. Expected {spec.dtype.name} got {dtype.name}"
        )
    return spec.shape


# --- AssignVariableOp, AssignAddVariableOp, AssignSubVariableOp ----------------------------------


@op("AssignVariableOp", "stateful", dtype=ANY)
def assign_variable_op_op(
    resource: Resource, value: dtype, *, validate_shape: bool = False
) -> None:
    """Give a variable a value.

    Args:
        resource: its handle.
        value: dtype[...].
        validate_shape: whether the shape of a value that it has must stay.

    Raises:
        InvalidArgumentError: if the type differs, or the shape must not and does.

    Source: 2015 §2 "Variables"; OSDI §3.1.
    """
    variable = variable_of(resource)
    if validate_shape and not variable.accepts(value.shape):
        raise invalid(
            "Trying to assign to variable with tensor with wrong shape. "
            f"Expected {variable.present_shape} got {Shape(value.shape)}"
        )
    variable.write(value)


@assign_variable_op_op.shape(values_of=("resource",))
def assign_variable_op_shape(
    resource: VariableSpec | None, value: Shape, *, validate_shape: bool
) -> tuple[()]:
    merge(shape_behind(resource), value)
    return ()


@op("AssignAddVariableOp", "stateful", dtype=ANY)
def assign_add_variable_op_op(resource: Resource, value: dtype) -> None:
    """Add to a variable in one atomic step.

    Args:
        resource: its handle.
        value: dtype[...] of its shape.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: 2015 §2 "Variables"; OSDI §3.1 (State'[r] = State[r] + x).
    """
    variable = variable_of(resource)
    must_have_shape(variable, value)
    variable.update(lambda old, out: np.add(old, value, out=out))


@op("AssignSubVariableOp", "stateful", dtype=ANY)
def assign_sub_variable_op_op(resource: Resource, value: dtype) -> None:
    """Subtract from a variable in one atomic step.

    Args:
        resource: its handle.
        value: dtype[...] of its shape.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: 2015 §2 "Variables"; OSDI §3.1.
    """
    variable = variable_of(resource)
    must_have_shape(variable, value)
    variable.update(lambda old, out: np.subtract(old, value, out=out))


@assign_add_variable_op_op.shape(values_of=("resource",))
@assign_sub_variable_op_op.shape(values_of=("resource",))
def assign_add_variable_op_shape(resource: VariableSpec | None, value: Shape) -> tuple[()]:
    merge(shape_behind(resource), value)
    return ()


for _op in (assign_variable_op_op, assign_add_variable_op_op, assign_sub_variable_op_op):
    _op.no_gradient("a write has no outputs")

# --- VarIsInitializedOp, DestroyResourceOp -------------------------------------------------------


@op("VarIsInitializedOp", "stateful", outputs=("is_initialized",))
def var_is_initialized_op_op(resource: Resource) -> boolean:
    """Tell whether a variable has a value.

    Args:
        resource: its handle.

    Returns:
        bool[].

    Source: 2015 Table 1.
    """
    return np.array(variable_of(resource).is_initialized)


@var_is_initialized_op_op.shape
def var_is_initialized_op_shape(resource: Shape) -> Shape:
    return SCALAR


var_is_initialized_op_op.no_gradient("its output is not a number")


@op("DestroyResourceOp", "stateful")
def destroy_resource_op_op(
    resource: Resource, *, ignore_lookup_error: bool = True, context: Context
) -> None:
    """Forget a resource: its handle names a fresh one afterwards.

    Args:
        resource: its handle.
        ignore_lookup_error: whether it may be gone already.

    Raises:
        NotFoundError: if it is gone and must not be.

    Source: 2015 §4.7.
    """
    existed = context.resources.remove(resource.container, resource.name, type(resource.resource))
    if not existed and not ignore_lookup_error:
        raise NotFoundError(None, None, f"Resource {resource.name} does not exist")


destroy_resource_op_op.no_gradient("it has no outputs")

# --- VariableShape -------------------------------------------------------------------------------


@op("VariableShape", "stateful", out_type=INDICES)
def variable_shape_op(input: Resource, *, out_type: DType = int32) -> out_type:
    """Give the shape of a variable's value without reading it.

    Args:
        input: its handle.
        out_type: type of the sizes.

    Returns:
        out_type[rank].

    Source: 2015 Table 1 (Shape).
    """
    return np.array(variable_of(input).read().shape, out_type.numpy)


@variable_shape_op.shape(values_of=("input",))
def variable_shape_shape(input: VariableSpec | None, *, out_type: DType) -> Shape:
    return Shape([None if input is None else input.shape.rank])


@variable_shape_op.value
def variable_shape_value(op: Operation) -> Array | None:
    spec = rule_argument(op.inputs[0])
    if spec is None or spec.shape.dims is None:
        return None
    return np.array(spec.shape.dims, object)


variable_shape_op.no_gradient("a shape is no smooth function of the value")

# --- ResourceCountUpTo ---------------------------------------------------------------------------


@op("ResourceCountUpTo", "stateful", T=INDICES)
def resource_count_up_to_op(resource: Resource, *, limit: int, T: DType) -> T:
    """Add one to a scalar variable and give the value before, until it reaches a limit.

    Args:
        resource: handle of a scalar variable.
        limit: the first value not to be given.
        T: type of its elements.

    Returns:
        T[]: the value before the addition.

    Raises:
        OutOfRangeError: once the limit is reached.

    Source: 2015 Table 1.
    """
    return count(variable_of(resource), limit)


@resource_count_up_to_op.shape(values_of=("resource",))
def resource_count_up_to_shape(resource: VariableSpec | None, *, limit: int, T: DType) -> Shape:
    return shape_behind(resource, T).with_rank(0)


resource_count_up_to_op.no_gradient("a counter is no function of its handle")
