"""`tf.flags` and `tf.app.flags`: options that a program reads from its command line.

    tf.flags.DEFINE_integer("steps", 100, "how many steps to run")
    FLAGS = tf.flags.FLAGS
    print(FLAGS.steps)                  # python train.py --steps=200

Source: TensorFlow 1.15's module of the same name, which is absl's.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from minitf import source
from minitf.compat.flag_values import (
    FLAGS,
    DuplicateFlagError,
    Error,
    Flag,
    FlagValues,
    IllegalFlagValueError,
    UnparsedFlagAccessError,
    UnrecognizedFlagError,
    ValidationError,
)

__all__ = [
    "FLAGS",
    "DEFINE_bool",
    "DEFINE_boolean",
    "DEFINE_enum",
    "DEFINE_float",
    "DEFINE_integer",
    "DEFINE_list",
    "DEFINE_multi_enum",
    "DEFINE_multi_float",
    "DEFINE_multi_integer",
    "DEFINE_multi_string",
    "DEFINE_spaceseplist",
    "DEFINE_string",
    "DuplicateFlagError",
    "Error",
    "Flag",
    "FlagValues",
    "IllegalFlagValueError",
    "UnparsedFlagAccessError",
    "UnrecognizedFlagError",
    "ValidationError",
    "mark_flag_as_required",
    "mark_flags_as_required",
    "register_validator",
    "set_default",
]

_TRUE = ("true", "t", "1")
_FALSE = ("false", "f", "0")
_OLD_NAMES = {"flag_name": "name", "default_value": "default", "docstring": "help"}

Define = TypeVar("Define", bound=Callable[..., None])


def _old_names(define: Define) -> Define:
    """Let a function take its arguments by the names that they had before TensorFlow 1.5 too."""

    @functools.wraps(define)
    def renamed(*args: Any, **kwargs: Any) -> None:
        define(*args, **{_OLD_NAMES.get(name, name): value for name, value in kwargs.items()})

    return renamed  # type: ignore[return-value]


def _define(flag: Flag, flag_values: FlagValues, short_name: str | None) -> None:
    code = source.creation_site()[0]
    flag.module = Path(code.co_filename).name
    flag_values.add(flag, short_name)


# --- reading values -----------------------------------------------------------------------------


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f'flag value must be a string, found "{type(value)}"')
    return value


def _boolean(value: Any) -> bool:
    if isinstance(value, str):
        if value.lower() in _TRUE:
            return True
        if value.lower() in _FALSE:
            return False
    elif value in (0, 1):
        return bool(value)
    raise ValueError(f"Non-boolean argument to boolean flag: {value!r}")


def _integer(value: Any) -> int:
    if isinstance(value, str):
        return int(value, 0) if value[:2].lower() in ("0x", "0o") else int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"Expect argument to be a string or int, found {type(value)}")
    return value


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise TypeError(f"Expect argument to be a string, int, or float, found {type(value)}")
    return float(value)


def _bounded(
    number: Callable[[Any], Any], lower: float | None, upper: float | None
) -> Callable[[Any], Any]:
    def parse(value: Any) -> Any:
        found = number(value)
        if not _is_within(found, lower, upper):
            raise ValueError(f"{value} is not {_range(lower, upper)}")
        return found

    return parse


def _is_within(value: Any, lower: float | None, upper: float | None) -> bool:
    return (lower is None or value >= lower) and (upper is None or value <= upper)


def _bounds(lower: float | None, upper: float | None) -> list[tuple[Callable[[Any], Any], str]]:
    """Return the check of a value that the program sets."""
    if lower is None and upper is None:
        return []
    return [
        (
            lambda value: value is None or _is_within(value, lower, upper),
            f"not {_range(lower, upper)}",
        )
    ]


def _range(lower: float | None, upper: float | None) -> str:
    if lower is not None and upper is not None:
        return f"in the range [{lower}, {upper}]"
    return f"at least {lower}" if upper is None else f"at most {upper}"


def _one_of(values: Iterable[str]) -> Callable[[Any], str]:
    allowed = list(values)

    def parse(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"value should be one of <{'|'.join(allowed)}>")
        return _text(value)

    return parse


def _each(parse: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    """Parse one value, or each of a list, to a list."""
    return lambda value: [
        parse(each) for each in (value if isinstance(value, (list, tuple)) else [value])
    ]


def _comma_separated(value: Any) -> list[str]:
    if isinstance(value, (list, tuple)):
        return list(value)
    return [each.strip() for each in next(csv.reader([value]), [])]


def _space_separated(value: Any) -> list[str]:
    return list(value) if isinstance(value, (list, tuple)) else value.split()


# --- defining flags -------------------------------------------------------------------------------


@_old_names
def DEFINE_string(
    name: str,
    default: str | None,
    help: str | None,
    flag_values: FlagValues = FLAGS,
    short_name: str | None = None,
) -> None:
    """Define a flag whose value is a text."""
    _define(Flag(name, _text, default, help), flag_values, short_name)


@_old_names
def DEFINE_boolean(
    name: str,
    default: bool | None,
    help: str | None,
    flag_values: FlagValues = FLAGS,
    short_name: str | None = None,
) -> None:
    """Define a flag that is on or off: `--name`, `--noname`, `--name=false`."""
    flag = Flag(name, _boolean, default, help, boolean=True)
    _define(flag, flag_values, short_name)


DEFINE_bool = DEFINE_boolean


@_old_names
def DEFINE_integer(
    name: str,
    default: int | None,
    help: str | None,
    lower_bound: int | None = None,
    upper_bound: int | None = None,
    flag_values: FlagValues = FLAGS,
    short_name: str | None = None,
) -> None:
    """Define a flag whose value is a whole number."""
    parse = _bounded(_integer, lower_bound, upper_bound)
    checks = _bounds(lower_bound, upper_bound)
    _define(Flag(name, parse, default, help, "an integer", checks=checks), flag_values, short_name)


@_old_names
def DEFINE_float(
    name: str,
    default: float | None,
    help: str | None,
    lower_bound: float | None = None,
    upper_bound: float | None = None,
    flag_values: FlagValues = FLAGS,
    short_name: str | None = None,
) -> None:
    """Define a flag whose value is a number."""
    parse = _bounded(_float, lower_bound, upper_bound)
    checks = _bounds(lower_bound, upper_bound)
    _define(Flag(name, parse, default, help, "a number", checks=checks), flag_values, short_name)


@_old_names
def DEFINE_enum(
    name: str,
    default: str | None,
    enum_values: Iterable[str],
    help: str | None,
    flag_values: FlagValues = FLAGS,
    short_name: str | None = None,
) -> None:
    """Define a flag whose value is one of several words."""
    values = list(enum_values)
    flag = Flag(name, _one_of(values), default, f"<{'|'.join(values)}>: {help}")
    _define(flag, flag_values, short_name)


@_old_names
def DEFINE_list(
    name: str,
    default: Any,
    help: str | None,
    flag_values: FlagValues = FLAGS,
    short_name: str | None = None,
) -> None:
    """Define a flag whose value is a list of texts with commas between them."""
    flag = Flag(name, _comma_separated, default, help, "a comma separated list")
    _define(flag, flag_values, short_name)


@_old_names
def DEFINE_spaceseplist(
    name: str,
    default: Any,
    help: str | None,
    flag_values: FlagValues = FLAGS,
    short_name: str | None = None,
) -> None:
    """Define a flag whose value is a list of texts with spaces between them."""
    flag = Flag(name, _space_separated, default, help, "a whitespace separated list")
    _define(flag, flag_values, short_name)


def _multi(parse: Callable[[Any], Any], kind: str, meaning: str) -> Callable[..., None]:
    @_old_names
    def define(
        name: str,
        default: Any,
        help: str | None,
        flag_values: FlagValues = FLAGS,
        short_name: str | None = None,
    ) -> None:
        kinds = f"{kind}; repeat this option to specify a list of values"
        flag = Flag(name, _each(parse), default, help, kinds.lstrip("; "), multiple=True)
        _define(flag, flag_values, short_name)

    define.__doc__ = f"Define a flag that may be used several times: a list of {meaning}."
    return define


DEFINE_multi_string = _multi(_text, "", "texts")
DEFINE_multi_integer = _multi(_integer, "an integer", "whole numbers")
DEFINE_multi_float = _multi(_float, "a number", "numbers")


@_old_names
def DEFINE_multi_enum(
    name: str,
    default: Any,
    enum_values: Iterable[str],
    help: str | None,
    flag_values: FlagValues = FLAGS,
    short_name: str | None = None,
) -> None:
    """Define a flag that may be used several times: a list of some of several words."""
    values = list(enum_values)
    flag = Flag(
        name, _each(_one_of(values)), default, f"<{'|'.join(values)}>: {help}", multiple=True
    )
    _define(flag, flag_values, short_name)


# --- what values are allowed ----------------------------------------------------------------------


def register_validator(
    flag_name: str,
    checker: Callable[[Any], Any],
    message: str = "Flag validation failed",
    flag_values: FlagValues = FLAGS,
) -> None:
    """Refuse values of a flag for which `checker` returns false."""
    flag_values[flag_name].checks.append((checker, message))


def mark_flag_as_required(flag_name: str, flag_values: FlagValues = FLAGS) -> None:
    """Refuse a command line that leaves the flag without a value."""
    message = f"Flag --{flag_name} must have a value other than None."
    register_validator(flag_name, lambda value: value is not None, message, flag_values)


def mark_flags_as_required(flag_names: Iterable[str], flag_values: FlagValues = FLAGS) -> None:
    """Refuse a command line that leaves one of the flags without a value."""
    for name in flag_names:
        mark_flag_as_required(name, flag_values)


def set_default(flag_name: str, value: Any, flag_values: FlagValues = FLAGS) -> None:
    """Change a flag's default."""
    flag_values.set_default(flag_name, value)
