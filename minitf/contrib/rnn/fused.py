"""Fused cells: functions of whole sequences [T, N, D], where a cell is one of a step.

Source: TensorFlow 1.15's tf.contrib.rnn.
"""

from __future__ import annotations

from typing import Any

from minitf.api import array
from minitf.rnn.dynamic import dynamic_rnn
from minitf.rnn.static import static_rnn


class FusedRNNCell:
    """What is called with whole sequences."""

    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
        scope: Any = None,
    ) -> Any:
        """Return the outputs of all steps, like the inputs, and the last state.

        Args:
            inputs: [T, N, D], or a list of T matrices.
            initial_state: the state before; zeros by default, for which `dtype` is needed.
            dtype: type of the state and of the outputs.
            sequence_length: int[N]: how many steps of each sequence count; all by default.
            scope: a variable scope, or its name.
        """
        raise NotImplementedError


class FusedRNNCellAdaptor(FusedRNNCell):
    """A cell of steps as a fused one.

    Args:
        cell: the cell.
        use_dynamic_rnn: whether it is run in a loop; else the graph holds all steps.
    """

    def __init__(self, cell: Any, use_dynamic_rnn: bool = False) -> None:
        self._cell = cell
        self._use_dynamic_rnn = use_dynamic_rnn

    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
        scope: Any = None,
    ) -> Any:
        """Return the outputs of all steps, and the last state; see `FusedRNNCell`."""
        listed = isinstance(inputs, list)
        given = {
            "initial_state": initial_state,
            "dtype": dtype,
            "sequence_length": sequence_length,
            "scope": scope,
        }
        if self._use_dynamic_rnn:
            whole = array.stack(inputs) if listed else inputs
            outputs, state = dynamic_rnn(self._cell, whole, time_major=True, **given)
            return (array.unstack(outputs) if listed else outputs), state
        steps = inputs if listed else array.unstack(inputs)
        outputs, state = static_rnn(self._cell, steps, **given)
        return (outputs if listed else array.stack(outputs)), state


class TimeReversedFusedRNN(FusedRNNCell):
    """A fused cell that begins with the last step; its outputs are in the order of the inputs.

    Args:
        cell: the fused cell.
    """

    def __init__(self, cell: Any) -> None:
        self._cell = cell

    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
        scope: Any = None,
    ) -> Any:
        """Return the outputs of all steps, and the state of the first; see `FusedRNNCell`."""
        outputs, state = self._cell(
            _turned(inputs, sequence_length),
            initial_state=initial_state,
            dtype=dtype,
            sequence_length=sequence_length,
            scope=scope,
        )
        return _turned(outputs, sequence_length), state


def _turned(steps: Any, lengths: Any) -> Any:
    if isinstance(steps, list):
        return steps[::-1]
    if lengths is None:
        return array.reverse(steps, [0])
    return array.reverse_sequence(steps, lengths, 0, 1)
