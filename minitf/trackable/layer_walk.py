"""What is gathered from layers that are parts of one object.

Source: TensorFlow 1.15, `training/tracking/layer_utils.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from minitf.trackable import holding


def is_layer(obj: Any) -> bool:
    """Tell whether an object is a layer, by what it holds."""
    return holding.is_layer(obj)


def has_weights(obj: Any) -> bool:
    """Tell whether an object has lists of variables, trained and not."""
    return hasattr(type(obj), "trainable_weights") and hasattr(type(obj), "non_trainable_weights")


def filter_empty_layer_containers(layer_list: Iterable[Any]) -> list[Any]:
    """Return the layers among objects, and in containers that are; each once."""
    return list({id(each): each for each in holding.layers_in(layer_list)}.values())


def gather_trainable_weights(
    trainable: bool, sub_layers: Iterable[Any], extra_variables: Sequence[Any]
) -> list[Any]:
    """Return the variables that optimizers change.

    Args:
        trainable: whether they change any.
        sub_layers: the layers.
        extra_variables: further variables.
    """
    if not trainable:
        return []
    return _gathered(sub_layers, "trainable_weights") + [
        each for each in extra_variables if each.trainable
    ]


def gather_non_trainable_weights(
    trainable: bool, sub_layers: Iterable[Any], extra_variables: Sequence[Any]
) -> list[Any]:
    """Return the variables that optimizers leave alone; arguments as above."""
    if trainable:
        others = [each for each in extra_variables if not each.trainable]
        return _gathered(sub_layers, "non_trainable_weights") + others
    trained = [each for each in extra_variables if each.trainable]
    others = [each for each in extra_variables if not each.trainable]
    return trained + _gathered(sub_layers, "weights") + others


def _gathered(layers: Iterable[Any], what: str) -> list[Any]:
    return list(_each(filter_empty_layer_containers(layers), what))


def _each(layers: Iterable[Any], what: str) -> Iterator[Any]:
    for layer in layers:
        yield from getattr(layer, what)
