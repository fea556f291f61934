"""`tf.autograph.to_graph` and `to_code`: conversion of one function by hand.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from types import FunctionType, MethodType
from typing import Any

from minitf.autograph.conversion import converted_function, rewritten
from minitf.autograph.convert import Function
from minitf.autograph.features import Feature, features_of
from minitf.autograph.operators import operators
from minitf.autograph.sources import NoSourceError
from minitf.autograph.status import Options, Status, conversion


class ConversionError(ValueError):
    """Something cannot be converted."""


def to_graph(
    entity: Any,
    recursive: bool = True,
    arg_values: Any = None,
    arg_types: Any = None,
    experimental_optional_features: Feature | Iterable[Feature] | None = None,
) -> Function:
    """Return a function that builds a graph where control flow depends on tensors.

    Args:
        entity: a function or method written in Python.
        recursive: whether functions that it calls are converted too.
        arg_values, arg_types: accepted.
        experimental_optional_features: what to convert beyond what always is.

    Raises:
        ConversionError: if it is none, or its source cannot be found.
    """
    function = _function(entity)
    options = Options(recursive, features_of(experimental_optional_features))
    try:
        made = converted_function(function, operators(options), options.features)
    except NoSourceError as error:
        raise ConversionError(f"converting {entity}: {error}") from error

    def called(*args: Any, **kwargs: Any) -> Any:
        with conversion(Status.ENABLED, options):
            return made(*args, **kwargs)

    called.__name__ = f"tf__{function.__name__.strip('<>')}"
    called.__doc__, called.__module__ = function.__doc__, function.__module__
    called.__wrapped__ = made  # type: ignore[attr-defined]  # its signature
    return MethodType(called, entity.__self__) if isinstance(entity, MethodType) else called


def to_code(
    entity: Any,
    recursive: bool = True,
    arg_values: Any = None,
    arg_types: Any = None,
    indentation: str = "  ",
    experimental_optional_features: Feature | Iterable[Feature] | None = None,
) -> str:
    """Return what `to_graph` makes of a function, as Python.

    Args:
        entity: a function or method written in Python.
        recursive, arg_values, arg_types: accepted.
        indentation: what lines are indented by, for each level.
        experimental_optional_features: what to convert beyond what always is.

    Raises:
        ConversionError: if it is none, or its source cannot be found.
    """
    function = _function(entity)
    try:
        node = rewritten(function, features_of(experimental_optional_features))
    except NoSourceError as error:
        raise ConversionError(f"converting {entity}: {error}") from error
    node.name = f"tf__{function.__name__.strip('<>')}"
    text = ast.unparse(ast.fix_missing_locations(node))
    lines = []
    for line in text.splitlines():
        code = line.lstrip(" ")
        lines.append(indentation * ((len(line) - len(code)) // 4) + code)
    return "\n".join(lines) + "\n"


def _function(entity: Any) -> FunctionType:
    found = entity.__func__ if isinstance(entity, MethodType) else entity
    if not isinstance(found, FunctionType):
        raise ConversionError(
            f"converting {entity}: ValueError: Cannot apply autograph to a function that doesn't "
            "expose a __code__ object. If this is a @tf.function, try passing f.python_function "
            "instead."
        )
    return found
