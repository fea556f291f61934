"""Arguments of layers: names and configurations become objects, and objects configurations.

Which kind of object an argument is, its name says: `kernel_initializer`, `bias_regularizer`,
`recurrent_activation`, `data_format`.

Source: TensorFlow 1.15's `tf.keras.layers`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.dtypes import DType
from minitf.keras import activations, constraints, initializers, regularizers
from minitf.keras.backend.config import layout
from minitf.layers.arguments import passed_on

_KINDS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "activation": (
        activations.get,
        lambda each: activations.serialize(activations.get(each)),
    ),
    "constraint": (constraints.get, constraints.serialize),
    "data_format": (layout, lambda each: each),
    "initializer": (initializers.get, initializers.serialize),
    "regularizer": (regularizers.get, regularizers.serialize),
}


def _kind(name: str) -> tuple[Callable[[Any], Any], Callable[[Any], Any]] | None:
    return _KINDS.get("data_format" if name == "data_format" else name.rpartition("_")[2])


def understood(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a constructor for that of its base class, as objects.

    Args:
        arguments: what `locals()` holds before anything else is assigned.
    """
    made = {}
    for name, value in passed_on(arguments).items():
        kind = _kind(name)
        made[name] = value if kind is None else kind[0](value)
    return made


def described(layer: Any, names: str) -> dict[str, Any]:
    """Return arguments of a layer in a form that JSON can hold.

    Args:
        layer: the layer, which has attributes of the same names, or those with `_` before them.
        names: of the arguments, separated by spaces.
    """
    config: dict[str, Any] = {}
    for name in names.split():
        value = getattr(layer, name if hasattr(layer, name) else f"_{name}")
        kind = _kind(name)
        if kind is not None:
            value = kind[1](value)
        config[name] = value.name if isinstance(value, DType) else value
    return config


WEIGHTS = (
    "use_bias kernel_initializer bias_initializer kernel_regularizer bias_regularizer "
    "activity_regularizer kernel_constraint bias_constraint"
)
"""Arguments that layers with a kernel share."""
