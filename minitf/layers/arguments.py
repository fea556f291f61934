"""Passing on the arguments of a signature.

TensorFlow fixes the signature of a layer's class, that of its function, and that they have the same
arguments.  A function or a constructor hands its `locals()` over, so that each of the arguments
stands once in a signature and can not be left out on the way.

Source: no paper.
"""

from __future__ import annotations

from typing import Any


def passed_on(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a constructor for the one of its base class.

    Args:
        arguments: what `locals()` holds before anything else is assigned.
    """
    others = {name: value for name, value in arguments.items() if name not in _NO_ARGUMENTS}
    return others | arguments.get("kwargs", {})


_NO_ARGUMENTS = {"self", "__class__", "kwargs"}


def applied(layer: type[Any], arguments: dict[str, Any], *of_call: str) -> Any:
    """Make a layer, call it, and return its outputs: what the functions of layers do.

    Args:
        layer: class of the layer.
        arguments: `locals()` of the function: the constructor's arguments, `inputs`, and `reuse`.
        *of_call: names of those arguments that the call takes, not the constructor.
    """
    given = dict(arguments)
    inputs, reuse = given.pop("inputs"), given.pop("reuse")
    for_call = {name: given.pop(name) for name in of_call}
    return layer(**given, _reuse=reuse, _scope=given["name"]).apply(inputs, **for_call)
