"""Variables that a library's functions make, and lists of variables by scope, suffix and pattern.

A **model variable** is one that a model needs where it is used, not only where it is trained: it is
in the collection MODEL_VARIABLES too, and so checkpoints of a model can be told from its training.

Source: TensorFlow 1.15's `tf.contrib.framework`.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Sequence
from typing import Any

from minitf.api.framework import add_to_collection, get_collection
from minitf.api.framework import device as device_scope
from minitf.contrib.framework.arguments import add_arg_scope
from minitf.dtypes import float32
from minitf.graph_keys import GraphKeys
from minitf.variables.base import Variable
from minitf.variables.options import VariableAggregation, VariableSynchronization
from minitf.variables.scope import VariableScope
from minitf.variables.sharing import get_variable, get_variable_scope

# --- making them ---------------------------------------------------------------------------------


@add_arg_scope
def variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    collections: Any = None,
    caching_device: Any = None,
    device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    use_resource: bool | None = None,
    synchronization: VariableSynchronization = VariableSynchronization.AUTO,
    aggregation: VariableAggregation = VariableAggregation.NONE,
) -> Any:
    """Find or make a variable as `tf.get_variable` does, on a device.

    Args:
        name: its name in the variable scope.
        shape: its shape.
        dtype: its type.
        initializer: gives its first value.
        regularizer: gives a loss that is added to REGULARIZATION_LOSSES.
        trainable: whether it is added to TRAINABLE_VARIABLES.
        collections: names of collections; by default, and for an empty list, GLOBAL_VARIABLES.
        caching_device: where reads are kept.
        device: its device, or a function that chooses one.
        partitioner: says into which parts it is cut.
        custom_getter: a function that finds or makes it, in place of `tf.get_variable`.
        use_resource: whether it is a resource variable.
        synchronization: when copies are brought together.
        aggregation: how.

    Source: TensorFlow 1.15.
    """
    # each name once: a collection would have the variable twice else
    names = list(dict.fromkeys(collections or [GraphKeys.GLOBAL_VARIABLES]))
    getter = get_variable
    if custom_getter is not None:
        getter = functools.partial(custom_getter, reuse=get_variable_scope().reuse)
    with device_scope(device) if device is not None else contextlib.nullcontext():
        return getter(
            name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
            collections=names,
            caching_device=caching_device,
            partitioner=partitioner,
            use_resource=use_resource,
            synchronization=synchronization,
            aggregation=aggregation,
        )


@add_arg_scope
def model_variable(
    name: str,
    shape: Any = None,
    dtype: Any = float32,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    collections: Any = None,
    caching_device: Any = None,
    device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    use_resource: bool | None = None,
    synchronization: VariableSynchronization = VariableSynchronization.AUTO,
    aggregation: VariableAggregation = VariableAggregation.NONE,
) -> Any:
    """Find or make a variable that is a model's: `variable`, in MODEL_VARIABLES too.

    Source: TensorFlow 1.15.
    """
    return variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=[
            *(collections or []),
            GraphKeys.GLOBAL_VARIABLES,
            GraphKeys.MODEL_VARIABLES,
        ],
        caching_device=caching_device,
        device=device,
        partitioner=partitioner,
        custom_getter=custom_getter,
        use_resource=use_resource,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def local_variable(
    initial_value: Any,
    validate_shape: bool = True,
    name: str | None = None,
    use_resource: bool | None = None,
) -> Any:
    """Make a variable of this process alone: not trained, not saved, in LOCAL_VARIABLES."""
    return Variable(
        initial_value,
        trainable=False,
        collections=[GraphKeys.LOCAL_VARIABLES],
        validate_shape=validate_shape,
        use_resource=use_resource,
        name=name,
    )


def global_variable(
    initial_value: Any,
    validate_shape: bool = True,
    name: str | None = None,
    use_resource: bool | None = None,
) -> Any:
    """Make a variable that is saved but not trained, in GLOBAL_VARIABLES."""
    return Variable(
        initial_value,
        trainable=False,
        collections=[GraphKeys.GLOBAL_VARIABLES],
        validate_shape=validate_shape,
        use_resource=use_resource,
        name=name,
    )


def add_model_variable(var: Any) -> None:
    """Add a variable to MODEL_VARIABLES if it is not there."""
    if not any(var is each for each in get_collection(GraphKeys.MODEL_VARIABLES)):
        add_to_collection(GraphKeys.MODEL_VARIABLES, var)


# --- finding them --------------------------------------------------------------------------------


def get_variables(
    scope: Any = None, suffix: str | None = None, collection: str = GraphKeys.GLOBAL_VARIABLES
) -> list[Any]:
    """Return the variables of a collection whose names match.

    Args:
        scope: a regular expression, or a variable scope, with which names begin.
        suffix: a regular expression that follows it somewhere in a name.
        collection: name of the collection.
    """
    if isinstance(scope, VariableScope):
        scope = scope.name
    if suffix is not None:
        # the colon ends an operation's name: `w` is no suffix of `window:0`
        end = suffix if ":" in suffix else f"{suffix}:"
        scope = f"{scope or ''}.*{end}"
    return get_collection(collection, scope)


def get_model_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    """Return the variables of MODEL_VARIABLES whose names match, as `get_variables` does."""
    return get_variables(scope, suffix, GraphKeys.MODEL_VARIABLES)


def get_local_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    """Return the variables of LOCAL_VARIABLES whose names match, as `get_variables` does."""
    return get_variables(scope, suffix, GraphKeys.LOCAL_VARIABLES)


def get_trainable_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    """Return the variables of TRAINABLE_VARIABLES whose names match, as `get_variables` does."""
    return get_variables(scope, suffix, GraphKeys.TRAINABLE_VARIABLES)


def get_variables_by_suffix(suffix: str, scope: Any = None) -> list[Any]:
    """Return the variables whose names end so: `weights` finds `a/weights` and `a/my_weights`."""
    return get_variables(scope=scope, suffix=suffix)


def get_variables_by_name(given_name: str, scope: Any = None) -> list[Any]:
    """Return the variables whose last name is this one: `weights` finds `a/weights` only."""
    return get_variables(scope=scope, suffix=f"(?:/|^){given_name}:")


def get_variables_to_restore(
    include: Sequence[str] | None = None, exclude: Sequence[str] | None = None
) -> list[Any]:
    """Return the variables of some scopes (all by default) without those of others.

    Args:
        include: scopes: regular expressions with which names begin.
        exclude: likewise.

    Raises:
        TypeError: if an argument is neither None nor a list or tuple.
    """
    for which, given in (("include", include), ("exclude", exclude)):
        if given is not None and not isinstance(given, (list, tuple)):
            raise TypeError(f"{which} is provided but is not a list or a tuple: {given!r}")
    found = [each for scope in (include or [""]) for each in get_variables(scope)]
    dropped = {id(each) for scope in (exclude or []) for each in get_variables(scope)}
    return [each for each in found if id(each) not in dropped]


def get_unique_variable(var_op_name: str) -> Any:
    """Return the variable whose operation has this name.

    Raises:
        ValueError: if there is none, or other names only begin so.
    """
    candidates = get_variables(scope=var_op_name)
    if not candidates:
        raise ValueError(f"Couldn't find variable {var_op_name}")
    for each in candidates:
        if each.op.name == var_op_name:
            return each
    raise ValueError(f"Variable {var_op_name} does not uniquely identify a variable")


def get_variable_full_name(var: Any) -> str:
    """Return a variable's name in checkpoints: a part has that of the whole."""
    info = getattr(var, "save_slice_info", None)
    return str(info.full_name if info else var.op.name)


def filter_variables(
    var_list: Sequence[Any],
    include_patterns: Sequence[str] | None = None,
    exclude_patterns: Sequence[str] | None = None,
    reg_search: bool = True,
) -> list[Any]:
    """Return the variables whose names match a pattern of one list and none of the other one.

    Args:
        var_list: variables.
        include_patterns: regular expressions; None takes all variables.
        exclude_patterns: regular expressions.
        reg_search: whether a pattern may begin to match anywhere, not only where a name begins.
    """
    matches = re.search if reg_search else re.match

    def any_of(patterns: Sequence[str], var: Any) -> bool:
        return any(matches(each, var.name) for each in patterns)

    found = [v for v in var_list if include_patterns is None or any_of(include_patterns, v)]
    return [v for v in found if not any_of(exclude_patterns or [], v)]
