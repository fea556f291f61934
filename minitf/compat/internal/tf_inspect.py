"""`tensorflow.python.util.tf_inspect`: `inspect`, which sees what wrappers wrap.

It has the form of signatures that Python 2 had, too.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from inspect import FullArgSpec
from typing import Any, NamedTuple

from minitf.compat.internal import tf_decorator


class ArgSpec(NamedTuple):
    """The arguments of a function: names, name of the rest, name of the named rest, defaults."""

    args: list[str]
    varargs: str | None
    keywords: str | None
    defaults: tuple[Any, ...] | None


def getfullargspec(obj: Callable[..., Any]) -> FullArgSpec:
    """Return the arguments of a function; of the function within, if it is wrapped.

    A public function has no annotations here: those of TensorFlow 1.x have none, and programs
    compare them with their own.

    Args:
        obj: what can be called.  The arguments that a TFDecorator around it states win.

    Raises:
        TypeError: if it cannot be called.
    """
    decorators, within = tf_decorator.unwrap(obj)
    stated = [each.decorator_argspec for each in decorators if each.decorator_argspec is not None]
    if stated:
        found: FullArgSpec = stated[0]
        return found
    if hasattr(within, "_tf_dispatchers"):
        within = within.__wrapped__
    spec = inspect.getfullargspec(within)
    public = str(getattr(within, "__module__", None)).partition(".")[0] == "minitf"
    return spec._replace(annotations={}) if public else spec


def getargspec(obj: Callable[..., Any]) -> ArgSpec:
    """Return the arguments of a function, without those that only a name can give.

    Args:
        obj: a function, a method (also with its `self`), a class, an object that can be called, or
            a partial function, which has no arguments that are given already by position.

    Raises:
        TypeError: if it cannot be called.
        ValueError: if a partial function leaves an argument without a default after one with it.
    """
    if not isinstance(obj, functools.partial):
        spec = getfullargspec(obj)
        rest = spec.varkw if isinstance(spec, FullArgSpec) else spec.keywords
        return ArgSpec(spec.args, spec.varargs, rest, spec.defaults)
    inner = getargspec(obj.func)
    names = inner.args[len(obj.args) :]
    defaults = inner.defaults or ()
    values = dict(zip(inner.args[len(inner.args) - len(defaults) :], defaults, strict=True))
    values |= {name: value for name, value in obj.keywords.items() if name in names}
    known = [name in values for name in names]
    first = known.index(True) if True in known else len(names)
    if not all(known[first:]):
        missing = [name for name in names[first:] if name not in values]
        raise ValueError(
            f"Some arguments {missing} do not have default value, but they are positioned after "
            "those with default values. This can not be expressed with ArgSpec."
        )
    after = tuple(values[name] for name in names[first:])
    return ArgSpec(names, inner.varargs, inner.keywords, after or None)
