"""raw_rnn: a cell run along time on inputs that a function makes, as a decoder feeds itself.

    time = 0
    finished, x, state, emitted, loop_state = loop_fn(0, None, None, None)
    while not all(finished):
        y, new = cell(x, state)
        next_finished, x, new, emit, loop_state = loop_fn(time + 1, y, new, loop_state)
        write emit, or zeros in the rows that had finished
        state = new, or what it was in the rows that had finished
        finished |= next_finished
        time += 1

Source: TensorFlow 1.15's `tf.nn.raw_rnn`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf import nest
from minitf.api.comparison import logical_not, logical_or
from minitf.api.constants import constant, zeros
from minitf.api.framework import convert_to_tensor
from minitf.api.reductions import reduce_all
from minitf.api.sizes import shape as shape_of
from minitf.control_flow.while_loop import while_loop
from minitf.dtypes import int32
from minitf.rnn.cell import assert_like_rnncell, sizes, static_sizes
from minitf.rnn.steps import kept_rows, rnn_scope
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_shape import Dimension


def raw_rnn(
    cell: Any,
    loop_fn: Callable[..., Any],
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    scope: Any = None,
) -> tuple[Any, Any, Any]:
    """Run a cell along time on what a function gives it.

    Args:
        cell: an RNNCell.
        loop_fn: function of (time, outputs, state, loop_state), called for the first step with
            (0, None, None, None).  It returns which rows have finished, a bool vector; the next
            inputs; the next state; what to emit, None for the outputs of the cell in the first
            call, where only type and shape (without the batch) count; and a state of its own, or
            None.
        parallel_iterations: how many steps may be under way at once; 32 by default.
        swap_memory: whether what the gradient needs may be moved to the host.
        scope: a variable scope, or its name; `rnn` by default.

    Returns:
        A TensorArray of what was emitted, or a structure of them; the last state; the last state of
        `loop_fn`.

    Raises:
        TypeError: if `cell` is none, or `loop_fn` cannot be called.
        ValueError: if inputs differ in their batch size, or structures change.

    Source: TensorFlow 1.15.
    """
    assert_like_rnncell("cell", cell)
    if not callable(loop_fn):
        raise TypeError("loop_fn must be a callable")
    with rnn_scope(scope):
        time = constant(0, int32)
        finished, inputs, state, emitted, own_state = loop_fn(time, None, None, None)
        known_batch_size = _batch_size_in_common(nest.flatten(inputs))
        batch_size = known_batch_size or shape_of(nest.flatten(inputs)[0])[0]
        nest.assert_same_structure(state, cell.state_size)
        state = nest.map_structure(convert_to_tensor, state)
        structure, kinds = _kinds_of_output(cell, state, emitted)
        arrays = [
            TensorArray(
                dtype,
                dynamic_size=True,
                element_shape=static_sizes(known_batch_size, size),
                size=0,
                name=f"rnn_output_{i}",
            )
            for i, (size, dtype) in enumerate(kinds)
        ]
        blank = [zeros(sizes(batch_size, size), dtype) for size, dtype in kinds]

        def body(
            time: Any, finished: Any, inputs: Any, arrays: Any, state: Any, own: Any
        ) -> list[Any]:
            output, new_state = cell(inputs, state)
            nest.assert_same_structure(state, new_state)
            nest.assert_same_structure(cell.output_size, output)
            next_time = time + 1
            next_finished, next_inputs, new_state, emit, next_own = loop_fn(
                next_time, output, new_state, own
            )
            nest.assert_same_structure(state, new_state)
            nest.assert_same_structure(inputs, next_inputs)
            nest.assert_same_structure(arrays, emit)
            emit = kept_rows(finished, blank, nest.flatten(emit))
            kept = kept_rows(finished, nest.flatten(state), nest.flatten(new_state))
            written = [
                array.write(time, each)
                for array, each in zip(nest.flatten(arrays), emit, strict=True)
            ]
            return [
                next_time,
                logical_or(finished, next_finished),
                next_inputs,
                nest.pack_sequence_as(structure, written),
                nest.pack_sequence_as(state, kept),
                own if next_own is None else next_own,
            ]

        returned = while_loop(
            lambda _, finished, *others: logical_not(reduce_all(finished)),
            body,
            [
                time,
                finished,
                inputs,
                nest.pack_sequence_as(structure, arrays),
                state,
                constant(0, int32) if own_state is None else own_state,
            ],
            parallel_iterations=parallel_iterations or 32,
            swap_memory=swap_memory,
        )
        emitted, state, last = returned[-3:]
        return emitted, state, None if own_state is None else last


def _batch_size_in_common(inputs: Sequence[Tensor]) -> int | None:
    found: Dimension = inputs[0].shape[0]
    for each in inputs:
        found.assert_is_compatible_with(each.shape[0])
    return found.value


def _kinds_of_output(cell: Any, state: Any, emitted: Any) -> tuple[Any, list[tuple[Any, Any]]]:
    """Return the structure of what is emitted, and the shape (without the batch) and type of each.

    Args:
        cell: an RNNCell, whose outputs are emitted by default.
        state: the first state, whose type the outputs have.
        emitted: what the function gives in its first call, or None.
    """
    if emitted is None:
        dtype = nest.flatten(state)[0].dtype
        return cell.output_size, [(size, dtype) for size in nest.flatten(cell.output_size)]
    kinds = [
        (each.shape if each.shape.is_fully_defined() else shape_of(each), each.dtype)
        for each in nest.flatten(emitted)
    ]
    return emitted, kinds
