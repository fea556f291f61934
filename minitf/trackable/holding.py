"""TrackableDataStructure: what lists and dicts of parts have in common.

They also stand for the layers and variables among their elements: `model.blocks.variables`.

Source: TensorFlow 1.15, `training/tracking/data_structures.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from minitf.trackable.base import Trackable


class TrackableDataStructure(Trackable):
    """A container whose elements are parts.

    Source: TensorFlow 1.15.
    """

    trainable = True

    def __init__(self) -> None:
        self._maybe_initialize_trackable()

    @property
    def _values(self) -> Iterable[Any]:
        """The elements."""
        raise NotImplementedError("Abstract method")

    def _track_value(self, value: Any, name: str) -> Any:
        """Make an element a part; return the element, or its wrapper.

        Raises:
            ValueError: if it can be none.
        """
        from minitf.trackable.structures import sticky_attribute_assignment

        value = sticky_attribute_assignment(self, value, name)
        if not isinstance(value, Trackable):
            raise ValueError(
                "Only trackable objects (such as Layers or Optimizers) may be stored in a List "
                f"object. Got {value}, which does not inherit from Trackable."
            )
        return value

    # --- layers and variables among the elements -------------------------------------------------

    @property
    def _layers(self) -> list[Any]:
        return list(layers_in(self._values))

    @property
    def layers(self) -> list[Any]:
        """The layers among the elements, and in containers that are."""
        return self._layers

    @property
    def _own_variables(self) -> list[Any]:
        return [each for each in self._values if is_variable(each)]

    @property
    def trainable_weights(self) -> list[Any]:
        """The variables that optimizers change."""
        if not self.trainable:
            return []
        nested = [each for layer in self._layers for each in layer.trainable_weights]
        return [each for each in self._own_variables if each.trainable] + nested

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The variables that optimizers leave alone."""
        own = self._own_variables
        if not self.trainable:
            return own + [each for layer in self._layers for each in layer.weights]
        nested = [each for layer in self._layers for each in layer.non_trainable_weights]
        return [each for each in own if not each.trainable] + nested

    @property
    def weights(self) -> list[Any]:
        """All variables, the trainable ones first."""
        return self.trainable_weights + self.non_trainable_weights

    @property
    def trainable_variables(self) -> list[Any]:
        """The variables that optimizers change."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self) -> list[Any]:
        """The variables that optimizers leave alone."""
        return self.non_trainable_weights

    @property
    def variables(self) -> list[Any]:
        """All variables, the trainable ones first."""
        return self.weights

    @property
    def updates(self) -> list[Any]:
        """The updates of the layers among the elements."""
        return [each for layer in self._layers for each in layer.updates]

    @property
    def losses(self) -> list[Any]:
        """The losses of the layers among the elements."""
        return [each for layer in self._layers for each in layer.losses]

    def __hash__(self) -> int:
        return id(self)


def is_variable(value: Any) -> bool:
    """Tell whether an object is a variable, by what it can do."""
    return hasattr(value, "initializer") and hasattr(value, "read_value")


def is_layer(value: Any) -> bool:
    """Tell whether an object is a layer, by what it holds."""
    return hasattr(value, "trainable_weights") and hasattr(value, "losses")


def layers_in(values: Iterable[Any]) -> Iterator[Any]:
    """Yield the layers among objects, and in containers that are."""
    for each in values:
        if isinstance(each, TrackableDataStructure):
            yield from each.layers
        elif is_layer(each):
            yield each
