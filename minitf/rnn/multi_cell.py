"""MultiRNNCell: cells on top of each other, each reading the outputs of the one below.

Source: Zaremba 2014 (layers); TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import logging
from typing import Any

from minitf import nest
from minitf.api.array import concat, slice
from minitf.api.framework import name_scope
from minitf.layers.base import Layer
from minitf.rnn.cell import RNNCell
from minitf.trackable.base import Trackable
from minitf.variables.sharing import variable_scope


class MultiRNNCell(RNNCell):
    """Cells one after the other.

    Args:
        cells: the cells; the first one reads the inputs, the last one gives the outputs.
        state_is_tuple: whether the state is a tuple of theirs; else they are side by side.

    Raises:
        TypeError: if `cells` is no list.
        ValueError: if it is empty, or states that are tuples should stand side by side.

    Source: TensorFlow 1.15.
    """

    def __init__(self, cells: Any, state_is_tuple: bool = True) -> None:
        super().__init__()
        if not cells:
            raise ValueError("Must specify at least one cell for MultiRNNCell.")
        if not nest.is_nested(cells):
            raise TypeError(f"cells must be a list or tuple, but saw: {cells}.")
        if len({id(cell) for cell in cells}) < len(cells):
            logging.getLogger("tensorflow").warning(
                "At least two cells provided to MultiRNNCell are the same object and will share "
                "weights."
            )
        self._cells = self._no_dependency(cells)
        for number, cell in enumerate(cells):
            if isinstance(cell, Trackable):
                self._track_trackable(cell, f"cell-{number}")
        self._state_is_tuple = state_is_tuple
        state_sizes = [cell.state_size for cell in cells]
        if not state_is_tuple and any(map(nest.is_nested, state_sizes)):
            raise ValueError(
                "Some cells return tuples of states, but the flag state_is_tuple is not set.  "
                f"State sizes are: {state_sizes}"
            )

    @property
    def state_size(self) -> Any:
        """Those of the cells, or their sum."""
        each = [cell.state_size for cell in self._cells]
        return tuple(each) if self._state_is_tuple else sum(each)

    @property
    def output_size(self) -> Any:
        """That of the last cell."""
        return self._cells[-1].output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Return the cells' states of zeros."""
        with name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]):
            if not self._state_is_tuple:
                return super().zero_state(batch_size, dtype)
            return tuple(cell.zero_state(batch_size, dtype) for cell in self._cells)

    @property
    def trainable_weights(self) -> list[Any]:
        """The variables of the cells that optimizers change."""
        return self._of_cells("trainable_weights") if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The other variables of the cells."""
        frozen = [] if self.trainable else self._of_cells("trainable_weights")
        return frozen + self._of_cells("non_trainable_weights")

    def _of_cells(self, weights: str) -> list[Any]:
        layers = [cell for cell in self._cells if isinstance(cell, Layer)]
        return [each for layer in layers for each in getattr(layer, weights)]

    def call(self, inputs: Any, state: Any) -> Any:
        """Run the cells one after the other."""
        done = 0
        outputs, new_states = inputs, []
        if self._state_is_tuple and not nest.is_nested(state):
            raise ValueError(
                f"Expected state to be a tuple of length {len(self.state_size)}, but received: "
                f"{state}"
            )
        for i, cell in enumerate(self._cells):
            with variable_scope(f"cell_{i}"):
                if self._state_is_tuple:
                    part = state[i]
                else:
                    part = slice(state, [0, done], [-1, cell.state_size])
                    done += cell.state_size
                outputs, new_state = cell(outputs, part)
                new_states.append(new_state)
        return outputs, tuple(new_states) if self._state_is_tuple else concat(new_states, 1)
