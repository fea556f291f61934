"""Module: an object that finds the variables and modules in its attributes.

    class Dense(tf.Module):
        def __init__(self, n, m, name=None):
            super().__init__(name=name)
            with self.name_scope:
                self.w = tf.Variable(tf.random_normal([n, m]), name="w")    called dense/w
        @tf.Module.with_name_scope
        def __call__(self, x):
            return tf.matmul(x, self.w)                                     within dense/

Attributes are walked in the order of their names; a module's own before those of modules within.

Source: TensorFlow 1.15's `tf.Module`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

from minitf import nest
from minitf.api.framework import name_scope
from minitf.trackable.auto import AutoTrackable
from minitf.trackable.holding import is_variable

_IDENTIFIER = re.compile(r"^[a-zA-Z_]([a-zA-Z0-9_])*$")


class Module(AutoTrackable):
    """An object with a name, whose attributes may be variables and modules.

    Args:
        name: its name, which its name scope has too; by default that of its class.

    Raises:
        ValueError: if the name is no identifier.

    Source: TensorFlow 1.15.
    """

    _TF_MODULE_IGNORED_PROPERTIES: frozenset[str] = frozenset(
        ("_self_unconditional_checkpoint_dependencies", "_self_unconditional_dependency_names")
    )

    def __init__(self, name: str | None = None) -> None:
        if name is None:
            name = camel_to_snake(type(self).__name__)
        elif not _IDENTIFIER.match(name):
            raise ValueError(
                f"{name!r} is not a valid module name. Module names must be valid Python "
                "identifiers (e.g. a valid class name)."
            )
        self._name = name
        with name_scope(name) as scope:
            self._scope_name = scope

    @property
    def name(self) -> str:
        """Its name as given, or that of its class; its name scope may have a number behind it."""
        return self._name

    @property
    def name_scope(self) -> Any:
        """Its name scope, to be entered with `with`."""
        return name_scope(self._scope_name)

    @property
    def variables(self) -> tuple[Any, ...]:
        """Its variables and those of its modules."""
        return tuple(self._flatten(predicate=is_variable))

    @property
    def trainable_variables(self) -> tuple[Any, ...]:
        """Those of them that optimizers change."""
        return tuple(self._flatten(predicate=_is_trainable))

    @property
    def submodules(self) -> tuple[Any, ...]:
        """All modules within it."""
        return tuple(self._flatten(predicate=_is_module))

    def _flatten(
        self,
        recursive: bool = True,
        predicate: Callable[[Any], bool] | None = None,
        attribute_traversal_key: Callable[[Any], Any] | None = None,
        with_path: bool = False,
    ) -> Iterator[Any]:
        """Yield what is in its attributes, and in those of its modules.

        Args:
            recursive: whether to walk modules within it.
            predicate: whether to yield something; everything by default.
            attribute_traversal_key: what attributes are sorted by; their names by default.
            with_path: whether to yield (path, value); then a value may come several times.
        """
        return _flatten_module(
            self,
            recursive,
            predicate or (lambda _: True),
            attribute_traversal_key,
            None if with_path else set(),
            (),
        )

    @classmethod
    def with_name_scope(cls, method: Callable[..., Any]) -> Callable[..., Any]:
        """Let a method run in the name scope of its module."""

        @functools.wraps(method)
        def in_scope(self: Any, *args: Any, **kwargs: Any) -> Any:
            with self.name_scope:
                return method(self, *args, **kwargs)

        return in_scope


def camel_to_snake(value: str) -> str:
    """Return the name of a scope for a class: MyLayer gives my_layer."""
    return re.sub(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))", r"_\1", value).lower()


def valid_identifier(name: str) -> bool:
    """Tell whether a module may have a name."""
    return bool(_IDENTIFIER.match(name))


def _is_module(value: Any) -> bool:
    return isinstance(value, Module)


def _is_trainable(value: Any) -> bool:
    return is_variable(value) and bool(getattr(value, "trainable", False))


def _flatten_module(
    module: Any,
    recursive: bool,
    predicate: Callable[[Any], bool],
    key: Callable[[Any], Any] | None,
    seen: set[int] | None,
    path: tuple[Any, ...],
) -> Iterator[Any]:
    if seen is not None:
        seen.add(id(module))
    within: list[tuple[tuple[Any, ...], Any]] = []
    held = vars(module)
    ignored = module._TF_MODULE_IGNORED_PROPERTIES | AutoTrackable._UNTRACKED  # noqa: SLF001 one of us
    for name in sorted(held, key=key):
        if name in ignored:
            continue
        for inner, leaf in _leaves(held[name]):
            if seen is not None:
                if id(leaf) in seen:
                    continue
                seen.add(id(leaf))
            place = (*path, name, *inner)
            if predicate(leaf):
                yield leaf if seen is not None else (place, leaf)
            if recursive and _is_module(leaf):
                within.append((place, leaf))
    for place, leaf in within:  # a module's own come first
        yield from _flatten_module(leaf, recursive, predicate, key, seen, place)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield the leaves of a nested structure with their paths, dicts in the order of their keys."""
    if isinstance(value, dict):
        for key in _sorted_keys(value):
            yield from _leaves(value[key], (*path, key))
    elif nest.is_nested(value) and isinstance(value, tuple) and hasattr(value, "_fields"):
        for name, each in zip(value._fields, value, strict=True):
            yield from _leaves(each, (*path, name))
    elif isinstance(value, (list, tuple)):
        for number, each in enumerate(value):
            yield from _leaves(each, (*path, number))
    else:
        yield path, value


def _sorted_keys(value: dict[Any, Any]) -> list[Any]:
    try:
        return sorted(value)
    except TypeError:
        return list(value)
