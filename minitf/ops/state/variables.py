"""Variables behind a handle (a *ref* tensor), and what writes them.

A `Ref` input is the variable itself (`minitf.resources.Variable`); any other input that comes from
a ref output is a snapshot, taken when the reading operation fires.

Source: 2015 §2 "Variables", Table 1 row "Stateful operations"; OSDI §3.1.
"""

from typing import Any

import numpy as np

from minitf import resources
from minitf.dtypes import ANY, INDICES, NUMBERS, DType
from minitf.errors import AlreadyExistsError, NotFoundError, OutOfRangeError, invalid
from minitf.op_def import op
from minitf.resources import Context, Variable
from minitf.shapes import SCALAR, Shape, merge
from minitf.symbols import Ref, T, dtype
from minitf.symbols import bool as boolean

Array = np.ndarray[Any, Any]

# --- VariableV2, Variable -------------------------------------------------------------------------


@op("VariableV2", "stateful", outputs=("ref",))
def variable_v2_op(
    *, shape: Shape, dtype: DType, container: str = "", shared_name: str = "", context: Context
) -> Ref[dtype]:
    """Give the handle of a persistent tensor that outlives the step.

    Args:
        shape: shape of its value; may be unknown.
        dtype: type of its elements.
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Returns:
        The handle; the variable has no value before the first Assign.

    Source: 2015 §2 "Variables", §4.7; OSDI §3.1.
    """
    return find_variable(context, container, shared_name, dtype, shape)


@variable_v2_op.shape
def variable_v2_shape(*, shape: Shape, dtype: DType, container: str, shared_name: str) -> Shape:
    return shape


variable_v2_op.no_gradient("it has no inputs")


@op("Variable", "stateful", outputs=("ref",))
def variable_op(
    *, shape: Shape, dtype: DType, container: str = "", shared_name: str = "", context: Context
) -> Ref[dtype]:
    """Give the handle of a persistent tensor; of old graphs, in which shape [] means unknown.

    Source: 2015 §2 "Variables".
    """
    return find_variable(context, container, shared_name, dtype, _of_old(shape))


@variable_op.shape
def variable_shape(*, shape: Shape, dtype: DType, container: str, shared_name: str) -> Shape:
    return _of_old(shape)


variable_op.no_gradient("it has no inputs")


def _of_old(shape: Shape) -> Shape:
    return Shape.unknown() if shape.rank == 0 else shape


def find_variable(
    context: Context, container: str, shared_name: str, dtype: DType, shape: Shape
) -> Variable:
    """Return the variable of that container and name, made at first use.

    Raises:
        InvalidArgumentError: if it exists with another type.
    """
    name = shared_name or context.node_name
    found = context.resources.find_or_create(
        container, name, lambda: Variable(name, dtype, shape), Variable
    )
    if found.dtype is not dtype:
        raise invalid(
            f"Trying to share variable {name} of type {found.dtype.name} as {dtype.name}",
            container=container or "the default container",
        )
    return found


# --- TemporaryVariable ----------------------------------------------------------------------------


@op("TemporaryVariable", "stateful", outputs=("ref",))
def temporary_variable_op(
    *, shape: Shape, dtype: DType, var_name: str = "", context: Context
) -> Ref[dtype]:
    """Give the handle of a zero-filled variable that lives until DestroyTemporaryVariable.

    Args:
        shape: shape of its value, fully known.
        dtype: type of its elements.
        var_name: a name for messages; "" is the operation's name.

    Raises:
        AlreadyExistsError: if one of that name lives.

    Source: 2015 Table 1.
    """
    name = var_name or context.node_name
    variable = Variable(name, dtype, shape)
    variable.write(np.zeros(tuple(shape), dtype.numpy))
    with context.lock:
        if _temporary(name) in context.local:
            raise AlreadyExistsError(None, None, f"TemporaryVariable {name} exists already")
        context.local[_temporary(name)] = variable
    return variable


@temporary_variable_op.shape
def temporary_variable_shape(*, shape: Shape, dtype: DType, var_name: str) -> Shape:
    return shape


temporary_variable_op.no_gradient("it has no inputs")


@op("DestroyTemporaryVariable", T=ANY, outputs=("value",))
def destroy_temporary_variable_op(ref: Ref[T], *, var_name: str, context: Context) -> T:
    """Give the last value of a temporary variable and forget it.

    Args:
        ref: its handle.
        var_name: its name.

    Raises:
        NotFoundError: if none of that name lives.

    Source: 2015 Table 1.
    """
    with context.lock:
        if context.local.pop(_temporary(var_name), None) is None:
            raise NotFoundError(None, None, f"TemporaryVariable {var_name} does not exist")
    return ref.read()


@destroy_temporary_variable_op.shape
def destroy_temporary_variable_shape(ref: Shape, *, var_name: str) -> Shape:
    return ref


destroy_temporary_variable_op.no_gradient("what a variable held is not a function of its handle")


def _temporary(name: str) -> tuple[str, str]:
    return name, "TemporaryVariable"


# --- IsVariableInitialized ------------------------------------------------------------------------


@op("IsVariableInitialized", "allows_uninitialized_input", dtype=ANY, outputs=("is_initialized",))
def is_variable_initialized_op(ref: Ref[dtype]) -> boolean:
    """Tell whether a variable has a value.

    Args:
        ref: its handle.

    Returns:
        bool[].

    Source: 2015 Table 1.
    """
    return np.array(ref.is_initialized)


@is_variable_initialized_op.shape
def is_variable_initialized_shape(ref: Shape) -> Shape:
    return SCALAR


is_variable_initialized_op.no_gradient("its output is not a number")

# --- Assign, AssignAdd, AssignSub -----------------------------------------------------------------


@op("Assign", "allows_uninitialized_input", T=ANY, outputs=("output_ref",))
def assign_op(
    ref: Ref[T],
    value: T,
    *,
    validate_shape: bool = True,
    use_locking: bool = True,
) -> Ref[T]:
    """Give a variable a value.

    Args:
        ref: the variable.
        value: T[...], of the variable's shape if `validate_shape`.
        validate_shape: whether the shape must stay.
        use_locking: accepted for compatibility: a write always excludes others.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if the shapes differ and must not.

    Source: 2015 §2 "Variables"; OSDI §3.1.
    """
    if validate_shape and not ref.accepts(value.shape):
        raise invalid(
            "Assign requires shapes of both tensors to match. "
            f"lhs shape= {ref.present_shape} rhs shape= {Shape(value.shape)}"
        )
    ref.write(value)
    return ref


@assign_op.shape
def assign_shape(ref: Shape, value: Shape, *, validate_shape: bool, use_locking: bool) -> Shape:
    return merge(ref, value) if validate_shape else value


@op("AssignAdd", T=NUMBERS, outputs=("output_ref",))
def assign_add_op(ref: Ref[T], value: T, *, use_locking: bool = False) -> Ref[T]:
    """Add to a variable in one atomic step.

    Args:
        ref: the variable.
        value: T[...] of its shape.
        use_locking: accepted for compatibility: an update always excludes others.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: 2015 §2 "Variables"; OSDI §3.1 (State'[r] = State[r] + x).
    """
    must_have_shape(ref, value)
    ref.update(lambda old, out: np.add(old, value, out=out))
    return ref


@op("AssignSub", T=NUMBERS, outputs=("output_ref",))
def assign_sub_op(ref: Ref[T], value: T, *, use_locking: bool = False) -> Ref[T]:
    """Subtract from a variable in one atomic step.

    Args:
        ref: the variable.
        value: T[...] of its shape.
        use_locking: accepted for compatibility: an update always excludes others.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: 2015 §2 "Variables"; OSDI §3.1.
    """
    must_have_shape(ref, value)
    ref.update(lambda old, out: np.subtract(old, value, out=out))
    return ref


@assign_add_op.shape
@assign_sub_op.shape
def assign_add_shape(ref: Shape, value: Shape, *, use_locking: bool) -> Shape:
    return merge(ref, value)


for _op in (assign_op, assign_add_op, assign_sub_op):
    _op.no_gradient("a write is no function of the value that it leaves behind")


def must_have_shape(variable: Variable, value: Array) -> None:
    """Check that a variable with a value has the shape of another one.

    Raises:
        FailedPreconditionError: if it has no value.
        InvalidArgumentError: if the shapes differ.
    """
    if variable.read().shape != value.shape:
        raise invalid(
            "Parameters and update must be the same size",
            variable=f"{variable.name} of shape {variable.present_shape}",
            update=f"shape {Shape(value.shape)}",
        )


# --- CountUpTo ------------------------------------------------------------------------------------


@op("CountUpTo", T=INDICES)
def count_up_to_op(ref: Ref[T], *, limit: int) -> T:
    """Add one to a scalar variable and give the value before, until it reaches a limit.

    Args:
        ref: a scalar variable.
        limit: the first value not to be given.

    Returns:
        T[]: the value before the addition.

    Raises:
        OutOfRangeError: once the limit is reached.

    Source: 2015 Table 1.
    """
    return count(ref, limit)


@count_up_to_op.shape
def count_up_to_shape(ref: Shape, *, limit: int) -> Shape:
    return ref.with_rank(0)


count_up_to_op.no_gradient("a counter is no function of its handle")


def count(variable: Variable, limit: int) -> Array:
    """Add one to a scalar variable unless it has reached `limit`; return the value before."""
    with resources.updating(variable) as ((old, out),):
        if old >= limit:
            raise OutOfRangeError(None, None, f"Reached limit of {limit}")
        before = old.copy()
        np.add(old, 1, out=out)
    return before
