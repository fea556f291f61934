"""Bidirectional networks on top of each other, each reading the outputs of both below.

Source: Graves 2013, "Speech recognition with deep recurrent neural networks"; TensorFlow 1.15's
tf.contrib.rnn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from minitf.api.array import concat
from minitf.rnn.bidirectional import bidirectional_dynamic_rnn, static_bidirectional_rnn
from minitf.variables.sharing import variable_scope


def stack_bidirectional_rnn(
    cells_fw: Any,
    cells_bw: Any,
    inputs: Any,
    initial_states_fw: Any = None,
    initial_states_bw: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[Any, tuple[Any, ...], tuple[Any, ...]]:
    """Run layers of two cells each on a list of inputs, each layer by `static_bidirectional_rnn`.

    Args:
        cells_fw: for each layer the cell that reads forwards.
        cells_bw: for each layer the cell that reads backwards.
        inputs: a list of tensors [batch, ...].
        initial_states_fw: the first states of `cells_fw`.
        initial_states_bw: the first states of `cells_bw`.
        dtype: the type of states and outputs, where there is no initial state.
        sequence_length: a vector with the length of each sequence.
        scope: a variable scope, or its name; `stack_bidirectional_rnn` by default.

    Returns:
        The list of outputs, those of both cells side by side, and the last states of both kinds.

    Raises:
        ValueError: if there are no cells, or not as many of each kind as first states.

    Source: TensorFlow 1.15.
    """
    layers = list(_layers(cells_fw, cells_bw, initial_states_fw, initial_states_bw))
    states = []
    with variable_scope(scope or "stack_bidirectional_rnn"):
        for i, (forward, backward, first_fw, first_bw) in enumerate(layers):
            with variable_scope(f"cell_{i}") as layer:
                inputs, *last = static_bidirectional_rnn(
                    *(forward, backward, inputs, first_fw, first_bw, dtype),
                    sequence_length=sequence_length,
                    scope=layer,
                )
            states.append(last)
    states_fw, states_bw = zip(*states, strict=True)
    return inputs, states_fw, states_bw


def stack_bidirectional_dynamic_rnn(
    cells_fw: Any,
    cells_bw: Any,
    inputs: Any,
    initial_states_fw: Any = None,
    initial_states_bw: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    parallel_iterations: int | None = None,
    time_major: bool = False,
    scope: Any = None,
    swap_memory: bool = False,
) -> tuple[Any, tuple[Any, ...], tuple[Any, ...]]:
    """Run layers of two cells each along time, each layer by `bidirectional_dynamic_rnn`.

    Args:
        cells_fw: for each layer the cell that reads forwards.
        cells_bw: for each layer the cell that reads backwards.
        inputs: a tensor [batch, time, ...].
        initial_states_fw: the first states of `cells_fw`.
        initial_states_bw: the first states of `cells_bw`.
        dtype: the type of states and outputs, where there is no initial state.
        sequence_length: a vector with the length of each sequence.
        parallel_iterations: how many steps may be under way at once; 32 by default.
        time_major: whether inputs and outputs are [time, batch, ...].
        scope: a variable scope, or its name; `stack_bidirectional_rnn` by default.
        swap_memory: whether what the gradient needs may be moved to the host.

    Returns:
        The outputs, those of both cells side by side, and the last states of both kinds.

    Raises:
        ValueError: if there are no cells, or not as many of each kind as first states.

    Source: TensorFlow 1.15.
    """
    layers = list(_layers(cells_fw, cells_bw, initial_states_fw, initial_states_bw))
    states = []
    with variable_scope(scope or "stack_bidirectional_rnn"):
        for i, (forward, backward, first_fw, first_bw) in enumerate(layers):
            with variable_scope(f"cell_{i}"):
                outputs, last = bidirectional_dynamic_rnn(
                    *(forward, backward, inputs, sequence_length, first_fw, first_bw, dtype),
                    parallel_iterations=parallel_iterations,
                    swap_memory=swap_memory,
                    time_major=time_major,
                )
                inputs = concat(outputs, 2)
            states.append(last)
    states_fw, states_bw = zip(*states, strict=True)
    return inputs, states_fw, states_bw


def _layers(
    cells_fw: Any, cells_bw: Any, states_fw: Any, states_bw: Any
) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Yield for each layer its two cells and their first states, None where there are none."""
    for cells, kind in ((cells_fw, "fw"), (cells_bw, "bw")):
        if cells is None:
            raise ValueError(f"Must specify at least one {kind} cell for BidirectionalRNN.")
        if not isinstance(cells, list):
            raise ValueError(f"cells_{kind} must be a list of RNNCells (one per layer).")
    if len(cells_fw) != len(cells_bw):
        raise ValueError("Forward and Backward cells must have the same depth.")
    given = []
    for states, kind in ((states_fw, "fw"), (states_bw, "bw")):
        if states is not None and (not isinstance(states, list) or len(states) != len(cells_fw)):
            raise ValueError(
                f"initial_states_{kind} must be a list of state tensors (one per layer)."
            )
        given.append([None] * len(cells_fw) if states is None else states)
    yield from zip(cells_fw, cells_bw, *given, strict=True)
