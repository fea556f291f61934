"""Cells one on the other.

Source: TensorFlow 1.15's `tf.keras.layers.StackedRNNCells`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.keras.engine.calls import Arguments
from minitf.keras.engine.layer import Layer
from minitf.keras.layers.states import initial_state, output_size
from minitf.tensor_shape import TensorShape


class StackedRNNCells(Layer):
    """Cells one on the other: the output of each is the input of the next.

    Args:
        cells: them, the first one first.
        **kwargs: see `Layer`.
    """

    def __init__(self, cells: Sequence[Any], **kwargs: Any) -> None:
        for each in cells:
            if not hasattr(each, "call") or not hasattr(each, "state_size"):
                raise ValueError(
                    "All cells must have a `call` method and a `state_size` attribute. "
                    f"received cells: {cells}"
                )
        super().__init__(**kwargs)
        self.cells = list(cells)

    @property
    def state_size(self) -> tuple[Any, ...]:
        """The sizes of the states of each cell."""
        return tuple(each.state_size for each in self.cells)

    @property
    def output_size(self) -> Any:
        """The width of the last cell's output."""
        return output_size(self.cells[-1])

    def get_initial_state(
        self, inputs: Any = None, batch_size: Any = None, dtype: Any = None
    ) -> tuple[Any, ...]:
        """Return zeros for the states of each cell."""
        return tuple(initial_state(each, inputs, batch_size, dtype) for each in self.cells)

    def build(self, input_shape: Any) -> None:
        """Make the variables of the cells."""
        shape = TensorShape(input_shape).as_list()
        for each in self.cells:
            if not each.built:
                each.build(TensorShape(shape))
                each.built = True
            shape = [shape[0], output_size(each)]
        self.built = True

    def call(
        self, inputs: Any, states: Any, constants: Any = None, training: Any = None
    ) -> tuple[Any, Any]:
        """Return the output of the last cell, and the states of all."""
        given = {"constants": constants, "training": training}
        after = []
        for cell, state in zip(self.cells, states, strict=True):
            held = list(state) if isinstance(state, (list, tuple)) else [state]
            takes = Arguments(cell.call).takes
            passed = {
                name: each for name, each in given.items() if each is not None and takes(name)
            }
            inputs, new = cell.call(inputs, held, **passed)
            after.append(new if isinstance(state, (list, tuple)) else new[0])
        return inputs, tuple(after)

    def get_config(self) -> dict[str, Any]:
        """Return the configurations of the cells."""
        cells = [{"class_name": type(c).__name__, "config": c.get_config()} for c in self.cells]
        return {**super().get_config(), "cells": cells}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> StackedRNNCells:
        """Return the cells that `get_config` describes."""
        from minitf.keras.layers.serialization import deserialize

        cells = [deserialize(each, custom_objects=custom_objects) for each in config["cells"]]
        return cls(cells, **{key: each for key, each in config.items() if key != "cells"})
