"""Two cells along time: one reads the sequences forwards, the other one backwards.

A sequence shorter than the longest is turned within its own length: a b c . becomes c b a .

Source: Schuster 1997; TensorFlow 1.15's `tf.nn.bidirectional_dynamic_rnn` and
`tf.nn.static_bidirectional_rnn`.
"""

from __future__ import annotations

from typing import Any

from minitf import nest
from minitf.api.array import concat, reverse, reverse_sequence, stack, unstack
from minitf.rnn.cell import assert_like_rnncell
from minitf.rnn.dynamic import dynamic_rnn
from minitf.rnn.static import check_list, static_rnn
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.variables.sharing import variable_scope


def bidirectional_dynamic_rnn(
    cell_fw: Any,
    cell_bw: Any,
    inputs: Any,
    sequence_length: Any = None,
    initial_state_fw: Any = None,
    initial_state_bw: Any = None,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Any = None,
) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Run two cells along time, each by `dynamic_rnn`.

    Args:
        cell_fw: the cell that reads forwards.
        cell_bw: the cell that reads backwards.
        inputs: a tensor [batch, time, ...] or a structure of them.
        sequence_length: a vector with the length of each sequence.
        initial_state_fw: the first state of `cell_fw`.
        initial_state_bw: the first state of `cell_bw`.
        dtype: the type of states and outputs, where there is no initial state.
        parallel_iterations: how many steps may be under way at once; 32 by default.
        swap_memory: whether what the gradient needs may be moved to the host.
        time_major: whether inputs and outputs are [time, batch, ...].
        scope: a variable scope, or its name; `bidirectional_rnn` by default.

    Returns:
        The outputs of both, in the order of the inputs, and the last states of both.

    Raises:
        TypeError: if a cell is none.
        ValueError: what `dynamic_rnn` raises.

    Source: TensorFlow 1.15.
    """
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)
    time_axis, batch_axis = (0, 1) if time_major else (1, 0)
    how = {
        "sequence_length": sequence_length,
        "dtype": dtype,
        "parallel_iterations": parallel_iterations,
        "swap_memory": swap_memory,
        "time_major": time_major,
    }

    def turned(x: Any) -> Tensor:
        if sequence_length is None:
            return reverse(x, [time_axis])
        return reverse_sequence(x, sequence_length, time_axis, batch_axis)

    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as forward:
            outputs_fw, state_fw = dynamic_rnn(
                cell_fw, inputs, initial_state=initial_state_fw, scope=forward, **how
            )
        with variable_scope("bw") as backward:
            backwards = nest.map_structure(turned, inputs)
            outputs_bw, state_bw = dynamic_rnn(
                cell_bw, backwards, initial_state=initial_state_bw, scope=backward, **how
            )
    return (outputs_fw, nest.map_structure(turned, outputs_bw)), (state_fw, state_bw)


def static_bidirectional_rnn(
    cell_fw: Any,
    cell_bw: Any,
    inputs: Any,
    initial_state_fw: Any = None,
    initial_state_bw: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[Any, Any, Any]:
    """Run two cells on a list of inputs, each by `static_rnn`.

    Args:
        cell_fw: the cell that reads forwards.
        cell_bw: the cell that reads backwards.
        inputs: a list of tensors [batch, ...], or of structures of them.
        initial_state_fw: the first state of `cell_fw`.
        initial_state_bw: the first state of `cell_bw`.
        dtype: the type of states and outputs, where there is no initial state.
        sequence_length: a vector with the length of each sequence.
        scope: a variable scope, or its name; `bidirectional_rnn` by default.

    Returns:
        The list of outputs, those of both side by side, and the last states of both.

    Raises:
        TypeError: if a cell is none, or `inputs` is no list.
        ValueError: what `static_rnn` raises.

    Source: TensorFlow 1.15.
    """
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)
    check_list(inputs)
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as forward:
            outputs_fw, state_fw = static_rnn(
                cell_fw, inputs, initial_state_fw, dtype, sequence_length, scope=forward
            )
        with variable_scope("bw") as backward:
            backwards = _turned(inputs, sequence_length)
            outputs, state_bw = static_rnn(
                cell_bw, backwards, initial_state_bw, dtype, sequence_length, scope=backward
            )
    outputs_bw = _turned(outputs, sequence_length)
    outputs = nest.map_structure(lambda x, y: concat([x, y], 1), outputs_fw, outputs_bw)
    return outputs, state_fw, state_bw


def _turned(inputs: Any, lengths: Any) -> list[Any]:
    """Return a list of tensors [batch, ...], or of structures, in the reverse order."""
    if lengths is None:
        return list(reversed(inputs))
    along_time = zip(*(nest.flatten(each) for each in inputs), strict=True)
    turned = zip(*(_turned_tensors(tensors, lengths) for tensors in along_time), strict=True)
    return [
        nest.pack_sequence_as(each, list(leaves))
        for each, leaves in zip(inputs, turned, strict=True)
    ]


def _turned_tensors(tensors: tuple[Tensor, ...], lengths: Any) -> list[Tensor]:
    known = TensorShape(None)
    for each in tensors:
        known = known.merge_with(each.shape)
    made: list[Tensor] = unstack(reverse_sequence(stack(tensors), lengths, 0, 1))
    for each in made:
        each.set_shape(known)
    return made
