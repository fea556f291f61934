"""Calling a body or kernel, whose arguments may be lists, with an operation's flat inputs.

Source: 2015 §2 (attributes are bound when an operation is made).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from minitf.op_def import OpDef
from minitf.operation import Operation

Kernel = Callable[..., Any]


def bound(function: Kernel, operation: Operation, **runtime: Any) -> Kernel:
    """Return a body or kernel as a function of the operation's flat inputs.

    Args:
        function: takes a list for a list input, and attributes by keyword.
        runtime: further keywords, such as the context.
    """
    definition = operation.definition
    attrs = operation.attrs
    keywords = {name: attrs[name] for name in definition.explicit_attrs} | runtime
    if _takes_lists(definition):
        return partial(_grouped, function, _layout(definition, attrs), keywords)
    return partial(function, **keywords) if keywords else function


def _grouped(
    function: Kernel, layout: list[tuple[int, int]], keywords: dict[str, Any], *flat: Any
) -> Any:
    arguments = [
        flat[start] if length < 0 else list(flat[start : start + length])
        for start, length in layout
    ]
    return function(*arguments, **keywords)


def _layout(definition: OpDef, attrs: dict[str, Any]) -> list[tuple[int, int]]:
    """Return where each argument starts and how long it is; -1 for one that is no list."""
    layout, start = [], 0
    for arg in definition.inputs:
        length = definition.length(arg, attrs) if arg.is_list else -1
        layout.append((start, length))
        start += abs(length)
    return layout


def _takes_lists(definition: OpDef) -> bool:
    return any(arg.is_list for arg in definition.inputs)


def unpacker(definition: OpDef) -> Callable[[Any], Any] | None:
    """Return what makes a flat tuple of a body's result; None where that is the one output."""
    outputs = definition.outputs
    if not any(arg.is_list for arg in outputs):
        return None if len(outputs) <= 1 else tuple
    return tuple if len(outputs) == 1 else _flattened


def _flattened(result: Any) -> tuple[Any, ...]:
    return tuple(
        [each for part in result for each in (part if isinstance(part, (list, tuple)) else (part,))]
    )
