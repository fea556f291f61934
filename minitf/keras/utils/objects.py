"""Objects by name and by configuration: what a saved model says of its parts.

    {"class_name": "RandomNormal", "config": {"mean": 0.0, "stddev": 0.05, "seed": None}}

A configuration names only objects of a registry or those that the program gives: nothing else is
made of what a file says.

Source: TensorFlow 1.15's `tf.keras.utils`.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, Self

_custom: dict[str, Any] = {}


def get_custom_objects() -> dict[str, Any]:
    """Return the objects that the program registered, by name; it may be changed."""
    return _custom


class CustomObjectScope:
    """Registers objects for a `with` block.

    Args:
        *args: mappings from names to objects.
    """

    def __init__(self, *args: Mapping[str, Any]) -> None:
        self.custom_objects = args
        self._before: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._before = dict(_custom)
        for each in self.custom_objects:
            _custom.update(each)
        return self

    def __exit__(self, *_: object) -> None:
        _custom.clear()
        _custom.update(self._before)


def custom_object_scope(*args: Mapping[str, Any]) -> CustomObjectScope:
    """Return a context that registers objects; see `CustomObjectScope`."""
    return CustomObjectScope(*args)


def serialize_keras_object(instance: Any) -> Any:
    """Return the configuration of an object, or the name of a function; None for None.

    Raises:
        ValueError: if it has neither.
    """
    if instance is None:
        return None
    if hasattr(instance, "get_config"):
        return {"class_name": type(instance).__name__, "config": instance.get_config()}
    if hasattr(instance, "__name__"):
        return instance.__name__
    raise ValueError("Cannot serialize", instance)


def deserialize_keras_object(
    identifier: Any,
    module_objects: Mapping[str, Any] | None = None,
    custom_objects: Mapping[str, Any] | None = None,
    printable_module_name: str = "object",
) -> Any:
    """Return the object of a configuration, or the function of a name; None for None.

    Args:
        identifier: a configuration, a name, or a function.
        module_objects: the registry: names -> classes and functions.
        custom_objects: further ones.
        printable_module_name: what they are called in errors.

    Raises:
        ValueError: if nothing has that name, or the configuration is none.
    """
    if identifier is None:
        return None
    known = {**(module_objects or {}), **_custom, **(custom_objects or {})}
    if isinstance(identifier, str):
        if identifier not in known:
            raise ValueError(f"Unknown {printable_module_name}:{identifier}")
        return known[identifier]
    if isinstance(identifier, Mapping):
        if "class_name" not in identifier or "config" not in identifier:
            raise ValueError(f"Improper config format: {identifier}")
        name, config = identifier["class_name"], dict(identifier["config"])
        if name not in known:
            raise ValueError(f"Unknown {printable_module_name}: {name}")
        return _made(known[name], config, custom_objects)
    if callable(identifier):
        return identifier
    raise ValueError(f"Could not interpret serialized {printable_module_name}: {identifier}")


def _made(cls: Any, config: dict[str, Any], custom_objects: Mapping[str, Any] | None) -> Any:
    make = getattr(cls, "from_config", None)
    if make is None:
        with CustomObjectScope(custom_objects or {}):
            return cls(**config)
    if "custom_objects" in inspect.signature(make).parameters:
        return make(config, custom_objects={**_custom, **(custom_objects or {})})
    with CustomObjectScope(custom_objects or {}):
        return make(config)


class Registry:
    """The objects of one kind, by name.

    Args:
        kind: what they are called in errors.
        objects: names -> classes and functions.
    """

    def __init__(self, kind: str, objects: Mapping[str, Any]) -> None:
        self.kind = kind
        self.objects = objects

    def serialize(self, instance: Any) -> Any:
        """Return the configuration of an object, or the name of a function."""
        return serialize_keras_object(instance)

    def deserialize(self, config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
        """Return the object of a configuration or of a name."""
        return deserialize_keras_object(config, self.objects, custom_objects, self.kind)

    def get(self, identifier: Any) -> Any:
        """Return an object by itself, its name or its configuration; None for None.

        Raises:
            ValueError: if it is none.
        """
        if identifier is None or isinstance(identifier, (str, Mapping)):
            return self.deserialize(identifier)
        if callable(identifier):
            return identifier
        raise ValueError(f"Could not interpret {self.kind} identifier: {identifier}")
