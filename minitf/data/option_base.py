"""Options by name, each with a type: what `tf.data.Options` and its groups have in common.

    class Threads(OptionsBase):
        size = create_option("size", int, "How many threads.")

    options = Threads()
    options.size                # None until it is set
    options.size = "two"        # TypeError

Source: TensorFlow 1.15, `tensorflow.python.data.util.options`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class OptionsBase:
    """Options; those that nobody set have their default, mostly None."""

    _options: dict[str, Any]

    def __init__(self) -> None:
        object.__setattr__(self, "_options", {})

    def __setattr__(self, name: str, value: Any) -> None:
        if not hasattr(type(self), name):
            raise AttributeError(f"Cannot set the property {name} on {type(self).__name__}.")
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        """Tell whether both have the same options set to the same."""
        if not isinstance(other, OptionsBase):
            return NotImplemented
        keys = self._options.keys() | other._options.keys()
        return type(self) is type(other) and all(
            getattr(self, key) == getattr(other, key) for key in keys
        )

    __hash__ = None  # type: ignore[assignment]  # it can be changed


def create_option(
    name: str, ty: Any, docstring: str, default_factory: Callable[[], Any] = lambda: None
) -> Any:
    """Return a property that takes values of one type only.

    Args:
        name: the option's name.
        ty: the type, or several.
        docstring: what it says.
        default_factory: makes the value that it has until it is set.
    """

    def get(options: OptionsBase) -> Any:
        found = options._options.get(name)
        if found is None:  # kept, because a group that is asked for may be filled
            found = options._options[name] = default_factory()
        return found

    def put(options: OptionsBase, value: Any) -> None:
        if not isinstance(value, ty):
            raise TypeError(
                f'Property "{name}" must be of type {ty}, got: {value!r} (type: {type(value)!r})'
            )
        options._options[name] = value

    return property(get, put, None, docstring)


def merge_options(*options_list: Any) -> Any:
    """Return all that several options of one class set.

    Args:
        options_list: the several.

    Raises:
        ValueError: if there are none, or two set one option to different values.
        TypeError: if their classes differ, or are none of options.
    """
    if not options_list:
        raise ValueError("At least one options should be provided")
    kind = type(options_list[0])
    for each in options_list:
        if type(each) is not kind:
            raise TypeError(f"Incompatible options type: {type(each)!r} vs {kind!r}")
    if not isinstance(options_list[0], OptionsBase):
        raise TypeError("The inputs should inherit from `OptionsBase`")
    made, unset = kind(), kind()
    for each in options_list:
        for name in each._options:
            _take(made, name, getattr(each, name), getattr(unset, name))
    return made


def _take(made: Any, name: str, new: Any, default: Any) -> None:
    """Set an option to what others set it to."""
    old = getattr(made, name)
    if new in (default, old):
        return
    if old == default:
        setattr(made, name, new)
    elif isinstance(old, OptionsBase):
        setattr(made, name, merge_options(old, new))
    else:
        raise ValueError(
            f"Cannot merge incompatible values ({old!r} and {new!r}) of option: {name}"
        )
