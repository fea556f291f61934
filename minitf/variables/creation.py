"""What `tf.Variable(...)` makes: one of the two kinds, through the creators of the user.

Source: TensorFlow 1.15's `variable_creator_scope` and `enable_resource_variables`.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from minitf.api.framework import init_scope
from minitf.default_graph import default_graph
from minitf.tensor import Tensor
from minitf.variables.base import Variable
from minitf.variables.ref import RefVariable
from minitf.variables.resource import ResourceVariable
from minitf.variables.scope import scope_state

_SIGNATURE = inspect.signature(Variable.__init__)


class _Default:
    """Which kind is made where nothing says so."""

    use_resource = False


def enable_resource_variables() -> None:
    """Make ResourceVariables where nothing else is asked for."""
    _Default.use_resource = True


def disable_resource_variables() -> None:
    """Make RefVariables where nothing else is asked for."""
    _Default.use_resource = False


def resource_variables_enabled() -> bool:
    """Tell whether ResourceVariables are made where nothing else is asked for."""
    return _Default.use_resource


def default_creator(**arguments: Any) -> Variable:
    """Make a variable of the kind that the arguments, the scope or the default ask for."""
    use_resource = arguments.pop("use_resource", None)
    variable_def = arguments.get("variable_def")
    if variable_def is not None:
        use_resource = variable_def.is_resource
    if use_resource is None:
        use_resource = scope_state().scope.use_resource
    if use_resource is None:
        use_resource = _Default.use_resource
    if variable_def is None and getattr(default_graph(), "lifts_variables", False):
        return _outside(arguments)
    return ResourceVariable(**arguments) if use_resource else RefVariable(**arguments)


def _outside(arguments: dict[str, Any]) -> Variable:
    """Make a variable outside of the function that is being traced."""
    from minitf.control_flow.func_graph import lifted

    initial = arguments.get("initial_value")
    if isinstance(initial, Tensor):
        arguments["initial_value"] = lifted(initial)
    with init_scope():
        return ResourceVariable(**arguments)


def create(*args: Any, **kwargs: Any) -> Any:
    """Make a variable for `Variable(...)`, asking the innermost creator first."""
    bound = _SIGNATURE.bind(None, *args, **kwargs)
    bound.apply_defaults()
    arguments = bound.arguments
    del arguments["self"]
    getter: Callable[..., Any] = default_creator
    for creator in scope_state().creators:
        getter = _through(creator, getter)
    return getter(**arguments)


def _through(creator: Callable[..., Any], inner: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **arguments: creator(inner, **arguments)


@contextlib.contextmanager
def variable_creator_scope(variable_creator: Callable[..., Any]) -> Iterator[None]:
    """Let a function make the variables of the block.

    Args:
        variable_creator: called as (next_creator, **arguments); returns a Variable, usually what
            `next_creator(**arguments)` gives.
    """
    creators = scope_state().creators
    creators.append(variable_creator)
    try:
        yield
    finally:
        creators.remove(variable_creator)
