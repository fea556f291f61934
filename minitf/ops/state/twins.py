"""The resource twin of an op on refs: one meaning, two kinds of handle.

TensorFlow has most stateful ops twice, e.g. ApplyAdam and ResourceApplyAdam: the same inputs,
attributes and arithmetic, `Resource` in the place of each `Ref`, and no outputs.

Source: OSDI §3.1 (handles as typed capabilities).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from minitf.dtypes import TypeSet, resource
from minitf.grammar import Arg, Attr
from minitf.op_def import CATALOGUE, OpDef
from minitf.ops.state.resource_variables import shape_behind
from minitf.resources import variable_of


def resource_twin(name: str, twin: OpDef, **changed: Any) -> OpDef:
    """Register the op that does to variables behind resource handles what `twin` does to refs.

    Args:
        name: its registry name.
        twin: the op on refs.
        changed: attributes in which TensorFlow has the two differ: allowed types, or the default.
    """
    is_handle = [arg.is_ref for arg in twin.inputs]

    def shape(*inputs: Any, **attrs: Any) -> tuple[()]:
        assert twin.shape_rule is not None
        known = [shape_behind(x) if h else x for x, h in zip(inputs, is_handle, strict=True)]
        twin.shape_rule(*known, **attrs)
        return ()

    made = OpDef(
        name,
        on_handles(twin, twin.body),
        tuple([Arg(arg.name, dtype=resource) if arg.is_ref else arg for arg in twin.inputs]),
        (),
        {attr.name: _changed(attr, changed.get(attr.name)) for attr in twin.attrs.values()},
        takes_context=twin.takes_context,
        is_stateful=True,
    )
    names = tuple(arg.name for arg in twin.inputs if arg.is_ref)
    made.shape(values_of=names + twin.values_of)(shape)
    made.no_gradient("a write has no outputs")
    CATALOGUE[name] = made
    return made


def _changed(attr: Attr, change: Any) -> Attr:
    if change is None:
        return replace(attr)
    if isinstance(change, TypeSet):
        return replace(attr, allowed=change or None)
    return replace(attr, default=change)


def on_handles(twin: OpDef, function: Callable[..., Any]) -> Callable[..., None]:
    """Make of a body or kernel of `twin` one that takes handles and gives nothing."""
    is_handle = [arg.is_ref for arg in twin.inputs]

    def on_variables(*inputs: Any, **attrs: Any) -> None:
        function(
            *[variable_of(x) if h else x for x, h in zip(inputs, is_handle, strict=True)], **attrs
        )

    on_variables.__doc__ = (
        f"Do as {twin.name}, with resource handles for refs and no output.\n\nSource: OSDI §3.1."
    )
    on_variables.__name__ = f"resource_{function.__name__}"
    on_variables.__module__ = function.__module__
    return on_variables
