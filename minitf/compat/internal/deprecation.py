"""`tensorflow.python.util.deprecation`: warnings that a function, or an argument of one, will go.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import contextlib
import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

from minitf.compat import logging
from minitf.compat.internal import tf_decorator

Function = Callable[..., Any]

_SILENT: list[None] = []


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Log no warnings of this module in the block."""
    _SILENT.append(None)
    try:
        yield
    finally:
        _SILENT.pop()


class _Notice:
    """What is logged, once or each time, when something that will go is used."""

    def __init__(self, date: str | None, instructions: str, warn_once: bool) -> None:
        if date is not None and not re.match(r"20\d\d-[01]\d-[0123]\d", date):
            raise ValueError("Date must be YYYY-MM-DD.")
        if not instructions:
            raise ValueError("Don't deprecate things without conversion instructions!")
        self._when = f"after {date}" if date else "in a future version"
        self._instructions = instructions
        self._warn_once = warn_once
        self._given: set[Any] = set()

    def give(self, function: Function, what: str = "") -> None:
        """Log that a function, or what is named of its arguments, will go."""
        if _SILENT or (self._warn_once and (function, what) in self._given):
            return
        self._given.add((function, what))
        logging.warning(
            "%s (from %s)%s is deprecated and will be removed %s.\nInstructions for updating:\n%s",
            *(function.__qualname__, function.__module__, what and f" with {what}"),
            *(self._when, self._instructions),
        )


def deprecated(
    date: str | None, instructions: str, warn_once: bool = True
) -> Callable[[Function], Function]:
    """Return a decorator that logs a warning when its function is called.

    Args:
        date: when it will be removed, `YYYY-MM-DD`; None for some later release.
        instructions: what to do instead.
        warn_once: whether one warning is enough.

    Raises:
        ValueError: if there are no instructions, or the date is none.
    """
    notice = _Notice(date, instructions, warn_once)
    return _warning(lambda function, _, __: notice.give(function))


def deprecated_args(
    date: str | None, instructions: str, *deprecated_arg_names_or_tuples: Any, **kwargs: Any
) -> Callable[[Function], Function]:
    """Return a decorator that logs a warning when certain arguments are given.

    Args:
        date: as `deprecated`'s, and so are the instructions.
        instructions: what to do instead.
        *deprecated_arg_names_or_tuples: names of arguments, or (name, value to be given quietly).
        **kwargs: `warn_once`, as `deprecated`'s.

    Raises:
        ValueError: if there are no names or instructions, the date is none, or the function has no
            argument of a name.
    """
    notice = _Notice(date, instructions, kwargs.get("warn_once", True))
    if not deprecated_arg_names_or_tuples:
        raise ValueError("Specify which argument is deprecated.")
    quiet: dict[str, Any] = dict(
        each if isinstance(each, tuple) else (each, inspect.Parameter.empty)
        for each in deprecated_arg_names_or_tuples
    )

    def check(function: Function) -> None:
        known = list(inspect.signature(function).parameters)
        missing = [name for name in quiet if name not in known]
        if missing:
            raise ValueError(
                "The following deprecated arguments are not present in the function signature: "
                f"{missing}. Found next arguments: {known}."
            )

    def warn(function: Function, args: Any, named: Any) -> None:
        given = inspect.signature(function).bind(*args, **named).arguments
        for name, value in quiet.items():
            if name in given and not _same(given[name], value):
                notice.give(function, name)

    return _warning(warn, check)


def deprecated_arg_values(
    date: str | None, instructions: str, warn_once: bool = True, **deprecated_kwargs: Any
) -> Callable[[Function], Function]:
    """Return a decorator that logs a warning when arguments have certain values.

    Args:
        date: as `deprecated`'s, and so are the next two.
        instructions: what to do instead.
        warn_once: whether one warning is enough.
        **deprecated_kwargs: argument -> the value of it that will go.

    Raises:
        ValueError: if there are no values or instructions, or the date is none.
    """
    notice = _Notice(date, instructions, warn_once)
    if not deprecated_kwargs:
        raise ValueError("Specify which argument values are deprecated.")

    def warn(function: Function, args: Any, named: Any) -> None:
        bound = inspect.signature(function).bind(*args, **named)
        bound.apply_defaults()
        for name, value in deprecated_kwargs.items():
            if name in bound.arguments and _same(bound.arguments[name], value):
                notice.give(function, f"{name}={value}")

    return _warning(warn)


def _warning(
    warn: Callable[[Function, Any, Any], None], check: Callable[[Function], None] | None = None
) -> Callable[[Function], Function]:
    """Return a decorator: `check` sees a function once, `warn` what it is called with."""

    def decorator(function: Function) -> Function:
        if not callable(function):
            raise TypeError(f"{function} is not a function")
        if check is not None:
            check(function)

        def decorated(*args: Any, **kwargs: Any) -> Any:
            warn(function, args, kwargs)
            return function(*args, **kwargs)

        made: Function = tf_decorator.make_decorator(function, decorated, "deprecated")
        return made

    return decorator


def _same(one: Any, other: Any) -> bool:
    """Tell whether two values are plainly equal; arrays are not."""
    if one is other:
        return True
    equal = one == other
    return equal if isinstance(equal, bool) else False


# --- names ---------------------------------------------------------------------------------------


def deprecated_alias(
    deprecated_name: str, name: str, func_or_class: Any, warn_once: bool = True
) -> Any:
    """Return what a function or class is under a name that will go: it logs a warning.

    Args:
        deprecated_name: the name that will go.
        name: the name to use instead.
        func_or_class: the function or class.
        warn_once: whether one warning is enough.
    """
    notice = _Notice(None, f"Please use {name} instead.\n", warn_once)

    def warn() -> None:
        notice.give(func_or_class, f"the name {deprecated_name}")

    if not isinstance(func_or_class, type):

        def alias(*args: Any, **kwargs: Any) -> Any:
            warn()
            return func_or_class(*args, **kwargs)

        return tf_decorator.make_decorator(func_or_class, alias, "deprecated")

    base: Any = func_or_class

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        warn()
        base.__init__(self, *args, **kwargs)

    shown = {"__doc__": func_or_class.__doc__, "__module__": func_or_class.__module__}
    return type(func_or_class.__name__, (func_or_class,), {**shown, "__init__": init})


class DeprecatedNamesAlreadySet(Exception):  # noqa: N818 TensorFlow's name
    """A symbol was given names that will go for a second time."""


def deprecated_endpoints(*args: str) -> Callable[[Any], Any]:
    """Return a decorator that notes the public names of a symbol that will go.

    Args:
        *args: the names.

    Raises:
        DeprecatedNamesAlreadySet: if it has such names already.
    """

    def decorator(symbol: Any) -> Any:
        if "_tf_deprecated_api_names" in vars(symbol):
            raise DeprecatedNamesAlreadySet(
                f"Cannot set deprecated names for {symbol.__name__} to {args}. Deprecated names "
                f"are already set to {vars(symbol)['_tf_deprecated_api_names']}."
            )
        symbol._tf_deprecated_api_names = args  # noqa: SLF001 where they are looked for
        return symbol

    return decorator


class HiddenTfApiAttribute(property):
    """An attribute of a class above that this one has not.

    Args:
        deprecation_message: the message of the AttributeError.
    """

    def __init__(self, deprecation_message: str) -> None:
        def refuse(_: Any) -> Any:
            raise AttributeError(deprecation_message)

        super().__init__(refuse)


hide_attribute_from_api = HiddenTfApiAttribute


# --- arguments with two names --------------------------------------------------------------------


def deprecated_argument_lookup(new_name: str, new_value: Any, old_name: str, old_value: Any) -> Any:
    """Return the value of an argument that has two names.

    Raises:
        ValueError: if both are given.
    """
    if old_value is None:
        return new_value
    if new_value is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'")
    return old_value


def rewrite_argument_docstring(old_doc: str, old_argument: str, new_argument: str) -> str:
    """Return a docstring in which an argument has its new name."""
    return old_doc.replace(f"`{old_argument}`", f"`{new_argument}`").replace(
        f"{old_argument}:", f"{new_argument}:"
    )
