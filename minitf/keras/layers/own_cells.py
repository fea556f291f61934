"""AbstractRNNCell: the base of cells that programs write; and a cell whose gates see its memory.

Source: TensorFlow 1.15's `tf.keras.layers.AbstractRNNCell`, `tf.keras.experimental`; Gers 1999.
"""

from __future__ import annotations

from typing import Any

from minitf.keras.engine.layer import Layer
from minitf.keras.layers.cells import LSTMCell
from minitf.keras.layers.states import initial_state


class AbstractRNNCell(Layer):
    """One step of a recurrent network; subclasses define `call`, `state_size` and `output_size`."""

    def call(self, inputs: Any, states: Any) -> Any:
        """Return the output, and the new states.

        Args:
            inputs: [N, ...].
            states: a tensor for each of `state_size`.
        """
        raise NotImplementedError("Abstract method")

    @property
    def state_size(self) -> Any:
        """The width of the state, a shape without the batch, or a structure of these."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self) -> Any:
        """The width of the output, or its shape without the batch."""
        raise NotImplementedError("Abstract method")

    def get_initial_state(
        self, inputs: Any = None, batch_size: Any = None, dtype: Any = None
    ) -> Any:
        """Return zeros for the states of a batch."""
        return initial_state(self, inputs, batch_size, dtype)


class PeepholeLSTMCell(LSTMCell):
    """An LSTM cell whose gates see the memory, each unit its own; see `LSTMCell`."""

    def build(self, input_shape: Any) -> None:
        """Make kernels, bias, and what the gates i, f and o see the memory through."""
        super().build(input_shape)
        self._peepholes = {
            gate: self.add_weight(
                f"{name}_gate_peephole_weights",
                [self.units],
                initializer=self.kernel_initializer,
            )
            for gate, name in ((0, "input"), (1, "forget"), (3, "output"))
        }

    def _seeing(self, part: Any, c: Any, gate: int) -> Any:
        return part + self._peepholes[gate] * c
