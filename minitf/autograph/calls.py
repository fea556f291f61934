"""Which functions are converted in turn when rewritten code calls them.

    ag__.converted(f)(x)      f: written in Python, by the user          its converted twin
                              len, range, print, ...                     `builtins`
                              of MiniTF, NumPy, Python's library, in C   as it is
                              a class                                    as it is

A function whose source cannot be found, or not be rewritten, runs as it is; that is told once.

**State**: `_TOLD`, code of the functions of which that was told.

Source: TensorFlow 1.15's `tf.autograph`.
"""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import Callable
from types import CodeType, FunctionType, MethodType
from typing import Any

from minitf.autograph.builtins import OVERLOADS
from minitf.autograph.conversion import converted_function, is_converted, needs_none
from minitf.autograph.sources import NoSourceError
from minitf.autograph.status import Options
from minitf.autograph.verbosity import told

# Packages whose functions work on tensors as they are, or never see one.
_LIBRARIES = frozenset(
    (
        *sys.stdlib_module_names - {"__main__"},
        "IPython",
        "PIL",
        "absl",
        "google",
        "h5py",
        "hypothesis",
        "ipykernel",
        "minitf",
        "numba",
        "numpy",
        "pandas",
        "pytest",
        "scipy",
        "sklearn",
        "tensorflow",
        "tensorflow_probability",
        "tqdm",
    )
)
_NOT_CONVERTED = "_autograph_do_not_convert"  # attribute of functions that say so

_TOLD: set[CodeType] = set()


def converted(target: Any, options: Options, operators: Any) -> Any:
    """Return what rewritten code calls in place of a function.

    Args:
        target: whatever may be called.
        options: how the calling function was converted.
        operators: what rewritten code calls.
    """
    overload = _overload(target)
    if overload is not None:
        return overload
    if not options.recursive:
        return target
    if isinstance(target, FunctionType):
        return twin(target, options, operators)
    if isinstance(target, MethodType):
        function = target.__func__
        if not isinstance(function, FunctionType):
            return target
        made = twin(function, options, operators)
        return target if made is function else MethodType(made, target.__self__)
    if isinstance(target, functools.partial):
        inner = converted(target.func, options, operators)
        if inner is target.func:
            return target
        return functools.partial(inner, *target.args, **target.keywords)
    if isinstance(target, type):
        return target
    call = getattr(type(target), "__call__", None)  # noqa: B004 it is looked into
    if isinstance(call, FunctionType):
        made = twin(call, options, operators)
        return target if made is call else MethodType(made, target)
    return target


def _overload(target: Any) -> Callable[..., Any] | None:
    try:
        return OVERLOADS.get(target)
    except TypeError:  # an object without a hash
        return None


def twin(function: FunctionType, options: Options, operators: Any) -> FunctionType:
    """Return the converted twin of a function, or itself if it has or needs none."""
    if is_converted(function) or is_left_alone(function):
        return function
    if needs_none(function.__code__, options.features):
        return function
    try:
        made = converted_function(function, operators, options.features)
    except NoSourceError as error:
        _tell(function, error)
        return function
    told(1, "Converted call: %s", function)
    return made


def is_left_alone(function: FunctionType) -> bool:
    """Tell whether a function is not converted because of what it is."""
    if getattr(function, _NOT_CONVERTED, False):
        return True
    package = str(function.__globals__.get("__name__", "")).partition(".")[0]
    return package in _LIBRARIES


def leave_alone(function: Any) -> None:
    """Mark a function as one that is never converted."""
    setattr(function, _NOT_CONVERTED, True)


def _tell(function: FunctionType, error: NoSourceError) -> None:
    if function.__code__ in _TOLD:
        return
    _TOLD.add(function.__code__)
    logging.getLogger("tensorflow").warning(
        "Entity %s could not be transformed and will be executed as-is. Cause: %s. To silence this "
        "warning, decorate the function with @tf.autograph.experimental.do_not_convert",
        function,
        error,
    )
