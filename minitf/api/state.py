"""Public functions on variables: lists of them, initialising, assigning.

A variable is known here by what it can do: one behind a ref has a ref type, one behind a resource
handle has methods that write.

Source: 2015 §2 "Variables", Table 1; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import ops
from minitf.api.control import group, no_op
from minitf.api.framework import colocate_with, device, get_collection, name_scope
from minitf.default_graph import default_graph
from minitf.dtypes import string
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.tensor import Tensor

# --- lists of variables --------------------------------------------------------------------------


def global_variables(scope: str | None = None) -> list[Any]:
    """Return the variables that are shared and saved; with `scope`, those whose name matches it."""
    return get_collection(GraphKeys.GLOBAL_VARIABLES, scope)


def all_variables() -> list[Any]:
    """Return the global variables: their deprecated name."""
    return global_variables()


def local_variables(scope: str | None = None) -> list[Any]:
    """Return the variables of this process only, which are not saved."""
    return get_collection(GraphKeys.LOCAL_VARIABLES, scope)


def model_variables(scope: str | None = None) -> list[Any]:
    """Return the variables that inference needs."""
    return get_collection(GraphKeys.MODEL_VARIABLES, scope)


def trainable_variables(scope: str | None = None) -> list[Any]:
    """Return the variables that optimizers change."""
    return get_collection(GraphKeys.TRAINABLE_VARIABLES, scope)


def moving_average_variables(scope: str | None = None) -> list[Any]:
    """Return the variables of which moving averages are kept."""
    return get_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, scope)


# --- initialising --------------------------------------------------------------------------------


def variables_initializer(var_list: Sequence[Any], name: str = "init") -> Operation:
    """Return an operation that initialises the variables of a list, in any order."""
    if var_list:
        return group(*[variable.initializer for variable in var_list], name=name)
    return no_op(name=name)


def global_variables_initializer() -> Operation:
    """Return an operation that initialises the global variables made so far."""
    return variables_initializer(global_variables())


def local_variables_initializer() -> Operation:
    """Return an operation that initialises the local variables made so far."""
    return variables_initializer(local_variables())


def tables_initializer(name: str = "init_all_tables") -> Operation:
    """Return an operation that runs what stands in the collection TABLE_INITIALIZERS."""
    initializers = get_collection(GraphKeys.TABLE_INITIALIZERS)
    return group(*initializers, name=name) if initializers else no_op(name=name)


def initialize_all_tables(name: str = "init_all_tables") -> Operation:
    """Do as `tables_initializer`, of which it is the deprecated name."""
    return tables_initializer(name)


def initialize_variables(var_list: Sequence[Any], name: str = "init") -> Operation:
    """Do as `variables_initializer`, of which it is the deprecated name."""
    return variables_initializer(var_list, name=name)


def initialize_all_variables() -> Operation:
    """Do as `global_variables_initializer`, of which it is the deprecated name."""
    return global_variables_initializer()


def initialize_local_variables() -> Operation:
    """Do as `local_variables_initializer`, of which it is the deprecated name."""
    return local_variables_initializer()


def is_variable_initialized(variable: Any) -> Tensor:
    """Return whether a variable has a value: a bool Tensor."""
    if variable.dtype.is_ref:
        made: Tensor = ops.is_variable_initialized_op(variable)
        return made
    return variable.is_initialized()


def assert_variables_initialized(var_list: Sequence[Any] | None = None) -> Tensor | None:
    """Return a Tensor that cannot be computed before all variables have values.

    Args:
        var_list: the variables; all global and local ones by default.

    Returns:
        Their ranks; None if there are no variables.
    """
    variables = _or_all(var_list)
    ranks = []
    for variable in variables:
        with colocate_with(variable.op):
            ranks.append(ops.rank_op(variable))
    if len(ranks) > 1:
        packed: Tensor = ops.pack_op(ranks, name="stack")
        return packed
    return ranks[0] if ranks else None


def report_uninitialized_variables(
    var_list: Sequence[Any] | None = None, name: str = "report_uninitialized_variables"
) -> Tensor:
    """Return the names of the variables that have no value: a string vector.

    Args:
        var_list: the variables; all global and local ones by default.
    """
    from minitf.api.array import stack
    from minitf.api.comparison import logical_not
    from minitf.api.constants import constant
    from minitf.api.gathering import boolean_mask

    variables = _or_all(var_list)
    with name_scope(name):
        initialized = [is_variable_initialized(variable) for variable in variables]
        with device("/cpu:0"):
            if not variables:
                return constant([], dtype=string)
            missing = logical_not(stack(initialized))
            return boolean_mask(constant([each.op.name for each in variables]), missing)


def _or_all(variables: Sequence[Any] | None) -> list[Any]:
    if variables is not None:
        return list(variables)
    found = global_variables() + local_variables()
    operations = default_graph().get_operations()
    return found or [op.outputs[0] for op in operations if op.type in ("Variable", "VariableV2")]


# --- assigning -----------------------------------------------------------------------------------


def assign(
    ref: Any,
    value: Any,
    validate_shape: bool | None = None,
    use_locking: bool | None = None,
    name: str | None = None,
) -> Any:
    """Add an operation that gives a variable a value.

    Args:
        ref: the variable, or a ref Tensor.
        value: a Tensor of its type.
        validate_shape: whether the shape must stay; True by default.
        use_locking: accepted for compatibility: a write always excludes others.

    Returns:
        What stands for the variable's value after the write.
    """
    if ref.dtype.is_ref:
        return ops.assign_op(ref, value, validate_shape=validate_shape is not False, name=name)
    return ref.assign(value, name=name)


def assign_add(
    ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None
) -> Any:
    """Add an operation that adds to a variable in one atomic step; arguments as of `assign`.

    The name is that of the operation for a ref only, as in TensorFlow.
    """
    if ref.dtype.is_ref:
        return ops.assign_add_op(ref, value, use_locking=bool(use_locking), name=name)
    return ref.assign_add(value)


def assign_sub(
    ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None
) -> Any:
    """Add an operation that subtracts from a variable; arguments as of `assign_add`."""
    if ref.dtype.is_ref:
        return ops.assign_sub_op(ref, value, use_locking=bool(use_locking), name=name)
    return ref.assign_sub(value)


def count_up_to(ref: Any, limit: int, name: str | None = None) -> Tensor:
    """Return a Tensor that adds one to a scalar variable and gives the value before.

    A run fails with OutOfRangeError once `limit` is reached.
    """
    made: Tensor
    if ref.dtype.is_ref:
        made = ops.count_up_to_op(ref, limit=limit, name=name)
    else:
        made = ops.resource_count_up_to_op(ref.handle, limit=limit, T=ref.dtype, name=name)
    return made
