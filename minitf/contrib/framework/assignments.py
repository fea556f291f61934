"""Operations that give variables the values of a checkpoint, or of a dict.

Values come by feeds, so that a graph does not hold them.

Source: OSDI §4.3 (fine-tuning from a checkpoint); TensorFlow 1.15's `tf.contrib.framework`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from minitf.api.constants import placeholder
from minitf.api.control import group
from minitf.contrib.framework.variables import get_unique_variable, get_variable_full_name
from minitf.operation import Operation
from minitf.train.checkpoint_reader import new_checkpoint_reader
from minitf.train.saver import Saver

_LOG = logging.getLogger("tensorflow")

Feeds = dict[Any, Any]


def assign_from_values(var_names_to_values: Mapping[str, Any]) -> tuple[Operation, Feeds]:
    """Return an operation that gives variables values, and what it must be fed.

    Args:
        var_names_to_values: name of a variable's operation -> an array of its shape.

    Raises:
        ValueError: if there is no such variable, or a value has another number of elements.

    Source: TensorFlow 1.15.
    """
    feeds: Feeds = {}
    writes = []
    for name, value in var_names_to_values.items():
        var = get_unique_variable(name)
        write, fed = _assignment(var, np.asarray(value).reshape(var.shape.as_list()))
        writes.append(write)
        feeds.update(fed)
    return group(*writes), feeds


def assign_from_values_fn(var_names_to_values: Mapping[str, Any]) -> Callable[[Any], None]:
    """Return a function of a session that gives variables values, as `assign_from_values` does."""
    operation, feeds = assign_from_values(var_names_to_values)

    def assign(session: Any) -> None:
        session.run(operation, feeds)

    return assign


def assign_from_checkpoint(
    model_path: Any, var_list: Any, ignore_missing_vars: bool = False
) -> tuple[Operation, Feeds]:
    """Return an operation that gives variables the values of a checkpoint, and its feeds.

    Args:
        model_path: the checkpoint's path.
        var_list: variables, which have their own names there; or a dict of name there -> variable
            or list of a variable's parts.
        ignore_missing_vars: whether variables that are not there are left alone, with a warning.

    Raises:
        ValueError: if a variable is not there, or has another shape.

    Source: TensorFlow 1.15.
    """
    reader = new_checkpoint_reader(str(model_path))
    feeds: Feeds = {}
    writes = []
    for name, variables in _by_name(var_list).items():
        if not reader.has_tensor(name):
            message = f"Checkpoint is missing variable [{name}]"
            if not ignore_missing_vars:
                raise ValueError(f"{message}: {model_path}")
            _LOG.warning("%s", message)
            continue
        value = reader.get_tensor(name)
        for var in variables:
            write, fed = _assignment(var, _part_of(value, var))
            writes.append(write)
            feeds.update(fed)
    return group(*writes), feeds


def assign_from_checkpoint_fn(
    model_path: Any,
    var_list: Any,
    ignore_missing_vars: bool = False,
    reshape_variables: bool = False,
) -> Callable[[Any], None] | None:
    """Return a function of a session that restores variables from a checkpoint.

    Args:
        model_path: the checkpoint's path.
        var_list: variables, or a dict of name there -> variable.
        ignore_missing_vars: whether variables that are not there are left alone, with a warning.
        reshape_variables: whether values are brought into the variables' shapes.

    Returns:
        The function; None, with a warning, if no variable is there.

    Raises:
        ValueError: if `var_list` is empty.

    Source: TensorFlow 1.15.
    """
    if not var_list:
        raise ValueError("var_list cannot be empty")
    if ignore_missing_vars:
        reader = new_checkpoint_reader(str(model_path))
        named = _by_name(var_list)
        for name in named:
            if not reader.has_tensor(name):
                _LOG.warning("Variable %s missing in checkpoint %s", name, model_path)
        var_list = {
            name: variables if len(variables) > 1 else variables[0]
            for name, variables in named.items()
            if reader.has_tensor(name)
        }
    if not var_list:
        _LOG.warning("No Variables to restore")
        return None
    saver = Saver(var_list, reshape=reshape_variables)

    def restore(session: Any) -> None:
        saver.restore(session, str(model_path))

    return restore


def _by_name(var_list: Any) -> dict[str, list[Any]]:
    """Return the variables, or parts of them, by their names in a checkpoint."""
    named: dict[str, list[Any]] = {}
    if isinstance(var_list, Mapping):
        for name, value in var_list.items():
            named[name] = list(value) if isinstance(value, (list, tuple)) else [value]
        return named
    for var in var_list:
        named.setdefault(get_variable_full_name(var), []).append(var)
    return named


def _part_of(value: Any, var: Any) -> Any:
    """Return what a variable holds of a checkpoint's value: all of it, or its slice.

    Raises:
        ValueError: if shapes differ.
    """
    info = getattr(var, "save_slice_info", None)
    if info:
        parts = zip(info.var_offset, info.var_shape, strict=True)
        value = value[tuple(slice(start, start + size) for start, size in parts)]
    if not var.shape.is_compatible_with(value.shape):
        raise ValueError(
            f"Total size of new array must be unchanged for {var.op.name} lh_shape: "
            f"[{value.shape}], rh_shape: [{var.shape}]"
        )
    return value


def _assignment(var: Any, value: Any) -> tuple[Any, Feeds]:
    fed = placeholder(var.dtype.base_dtype, var.shape, name=f"placeholder/{var.op.name}")
    return var.assign(fed), {fed: value}
