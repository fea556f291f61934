"""`tensorflow.python.util.tf_export`: decorators that state a symbol's public names.

The names of MiniTF come from the tables of its namespaces; here they are only kept on the symbol.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from minitf.compat.internal import tf_decorator


class api_export:  # noqa: N801 TensorFlow's name
    """A decorator that notes the public names of a function or class.

    Args:
        *args: the names, the chosen one first.
        v1: the names in TensorFlow 1.x where they are other ones.
        allow_multiple_exports: accepted, without effect.
        api_name: whose names they are.
        **kwargs: accepted, without effect.
    """

    def __init__(self, *args: str, **kwargs: Any) -> None:
        self._names = args
        self._names_v1: Sequence[str] = kwargs.get("v1", args)
        self._api_name: str = kwargs.get("api_name", "tensorflow")

    def __call__(self, func: Any) -> Any:
        """Note the names, and return the function or class."""
        within = tf_decorator.unwrap(func)[1]
        setattr(within, f"_{self._prefix()}_names", self._names)
        setattr(within, f"_{self._prefix()}_names_v1", tuple(self._names_v1))
        return func

    def export_constant(self, module_name: str, name: str) -> None:
        """Take the names of a constant, which can not keep them.

        Args:
            module_name: where it stands.
            name: its own name.
        """

    def _prefix(self) -> str:
        return "tf_api" if self._api_name == "tensorflow" else f"{self._api_name}_api"


tf_export = functools.partial(api_export, api_name="tensorflow")
keras_export = functools.partial(api_export, api_name="keras")
estimator_export = functools.partial(api_export, api_name="estimator")


def get_canonical_name_for_symbol(
    symbol: Any, api_name: str = "tensorflow", add_prefix_to_v1_names: bool = False
) -> str | None:
    """Return the chosen public name of a symbol; None if it has none.

    Args:
        symbol: the function or class.
        api_name: whose names are meant.
        add_prefix_to_v1_names: whether a name of 1.x alone begins with `compat.v1.`.
    """
    names = get_v2_names(symbol, api_name)
    if names:
        return names[0]
    names = get_v1_names(symbol, api_name)
    if not names:
        return None
    return f"compat.v1.{names[0]}" if add_prefix_to_v1_names else names[0]


def get_v1_names(symbol: Any, api_name: str = "tensorflow") -> list[str]:
    """Return the public names of a symbol in TensorFlow 1.x.

    Args:
        symbol: the function or class.
        api_name: whose names are meant.
    """
    return _names(symbol, api_name, "_v1")


def get_v2_names(symbol: Any, api_name: str = "tensorflow") -> list[str]:
    """Return the public names of a symbol in TensorFlow 2.x.

    Args:
        symbol: the function or class.
        api_name: whose names are meant.
    """
    return _names(symbol, api_name, "")


def _names(symbol: Any, api_name: str, version: str) -> list[str]:
    prefix = "tf_api" if api_name == "tensorflow" else f"{api_name}_api"
    within = tf_decorator.unwrap(symbol)[1]
    return list(vars(within).get(f"_{prefix}_names{version}", ()))
