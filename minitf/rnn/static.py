"""static_rnn: a cell unrolled along time, one copy of its operations for each of a list of inputs.

Source: Zaremba 2014; TensorFlow 1.15's `tf.nn.static_rnn` and `tf.nn.static_state_saving_rnn`.
"""

from __future__ import annotations

import functools
from typing import Any

from minitf import nest
from minitf.api.casting import cast
from minitf.api.constants import zeros
from minitf.api.control import identity
from minitf.api.framework import control_dependencies, convert_to_tensor
from minitf.api.reductions import reduce_max, reduce_min
from minitf.api.sizes import shape as shape_of
from minitf.dtypes import int32
from minitf.rnn.cell import assert_like_rnncell, sizes, static_sizes_beside_constants
from minitf.rnn.steps import initial_state_of, rnn_scope, state_dtype, step_within_or_skipped
from minitf.tensor import Tensor
from minitf.tensor_shape import Dimension


def static_rnn(
    cell: Any,
    inputs: Any,
    initial_state: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[list[Any], Any]:
    """Run a cell on each of a list of inputs.

    Args:
        cell: an RNNCell.
        inputs: a list of tensors [batch, ...], or of structures of them.
        initial_state: the first state; by default the cell's zero state.
        dtype: the type of the zero state and of the outputs, if there is no initial state.
        sequence_length: a vector with the length of each sequence: past its end outputs are zeros,
            and the state stays what it was; steps past the end of all are not computed.
        scope: a variable scope, or its name; `rnn` by default.

    Returns:
        The list of outputs, and the last state.

    Raises:
        TypeError: if `cell` is none, or `inputs` is no list.
        ValueError: if there are no inputs, or their sizes are not known; if there is neither an
            initial state nor a type; if the lengths are no vector.

    Source: TensorFlow 1.15.
    """
    assert_like_rnncell("cell", cell)
    check_list(inputs)
    with rnn_scope(scope) as entered:
        first = nest.flatten(inputs)[0]
        known_batch_size = _batch_size_in_common(inputs, first)
        batch_size = known_batch_size or shape_of(first)[0]
        state = initial_state_of(cell, initial_state, batch_size, dtype)
        if sequence_length is not None:
            lengths = convert_to_tensor(sequence_length, name="sequence_length")
            if lengths.shape.ndims not in (None, 1):
                raise ValueError("sequence_length must be a vector of length batch_size")
            zero_output = nest.map_structure(
                lambda size: _zeros(batch_size, known_batch_size, size, state_dtype(dtype, state)),
                cell.output_size,
            )
            lengths = cast(lengths, int32)
            ends = lengths, reduce_min(lengths), reduce_max(lengths)
        outputs = []
        for time, each in enumerate(inputs):
            if time > 0:
                entered.reuse_variables()
            step = functools.partial(cell, each, state)
            if sequence_length is None:
                output, state = step()
            else:
                output, state = step_within_or_skipped(ends, time, zero_output, state, step)
            outputs.append(output)
        return outputs, state


def check_list(inputs: Any) -> None:
    """Check that inputs are a list of at least one.

    Raises:
        TypeError: if they are no list.
        ValueError: if it is empty.
    """
    if not nest.is_nested(inputs):
        raise TypeError("inputs must be a sequence")
    if not inputs:
        raise ValueError("inputs must not be empty")


def _batch_size_in_common(inputs: Any, first: Tensor) -> int | None:
    """Return what is known of the batch size; vectors (of numbers to embed) have nothing else."""
    are_vectors = first.shape.ndims == 1
    found: Dimension = first.shape.with_rank_at_least(1 if are_vectors else 2)[0]
    for each in [] if are_vectors else nest.flatten(inputs):
        known = each.shape.with_rank_at_least(2)
        found.assert_is_compatible_with(known[0])
        for i, size in enumerate(known[1:]):
            if size.value is None:
                raise ValueError(
                    f"Input size (dimension {i} of inputs) must be accessible via shape "
                    f"inference, but saw value None.\n  {each.name} has shape {known}"
                )
    return found.value


def _zeros(batch_size: Any, known_batch_size: int | None, size: Any, dtype: Any) -> Tensor:
    made = zeros(sizes(batch_size, size), dtype)
    made.set_shape(static_sizes_beside_constants(known_batch_size, size))
    return made


def static_state_saving_rnn(
    cell: Any,
    inputs: Any,
    state_saver: Any,
    state_name: Any,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[list[Any], Any]:
    """Run a cell on a piece of a long sequence: from a state that was saved, which is saved again.

    Args:
        cell: an RNNCell.
        inputs: a list of tensors [batch, ...].
        state_saver: an object with `state(name)`, the state that was saved, and
            `save_state(name, value)`, an operation that saves one.
        state_name: the name of the state, or a structure of names like `cell.state_size`.
        sequence_length: a vector with the length of each sequence; see `static_rnn`.
        scope: a variable scope, or its name; `rnn` by default.

    Returns:
        The list of outputs, and the last state; whoever computes the last outputs or the state
        saves the state.

    Raises:
        TypeError: if `cell` is none, or `inputs` is no list.
        ValueError: if names and states are not of one number, and what `static_rnn` raises.

    Source: TensorFlow 1.15.
    """
    state_size = cell.state_size
    names = nest.flatten(state_name)
    if nest.is_nested(state_size) != nest.is_nested(state_name):
        raise ValueError(
            "state_name should be the same type as cell.state_size.  state_name: "
            f"{state_name}, cell.state_size: {state_size}"
        )
    if len(names) != len(nest.flatten(state_size)):
        raise ValueError(
            f"#elems(state_name) != #elems(state_size): {len(names)} vs. "
            f"{len(nest.flatten(state_size))}"
        )
    initial_state = nest.pack_sequence_as(state_size, [state_saver.state(each) for each in names])
    outputs, state = static_rnn(
        cell, inputs, initial_state, sequence_length=sequence_length, scope=scope
    )
    saved = [state_saver.save_state(*each) for each in zip(names, nest.flatten(state), strict=True)]
    with control_dependencies(saved):
        outputs[-1] = nest.map_structure(identity, outputs[-1])
        return outputs, nest.map_structure(identity, state)
