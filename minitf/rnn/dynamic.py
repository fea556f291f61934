"""dynamic_rnn: a cell run along time by a while loop.

    inputs -> TensorArray -> read t  -> cell -> write t -> TensorArray -> outputs
                              state  ->      -> state, for step t + 1

The graph has one step; the run decides how many it takes.

Source: TensorFlow 1.15's `tf.nn.dynamic_rnn`; OSDI §3.4, whose loops were made for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import nest
from minitf.api.array import stack
from minitf.api.casting import cast
from minitf.api.checks import Assert
from minitf.api.comparison import equal
from minitf.api.constants import constant, zeros
from minitf.api.control import identity
from minitf.api.framework import control_dependencies, convert_to_tensor, name_scope
from minitf.api.math import maximum, minimum
from minitf.api.reductions import reduce_all, reduce_max, reduce_min
from minitf.api.sizes import shape as shape_of
from minitf.control_flow.while_loop import while_loop
from minitf.dtypes import int32
from minitf.rnn.cell import assert_like_rnncell, sizes, static_sizes, static_sizes_beside_constants
from minitf.rnn.steps import (
    batch_size_of,
    initial_state_of,
    rnn_scope,
    state_dtype,
    step_within,
    swap_batch_and_time,
)
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_shape import TensorShape


def dynamic_rnn(
    cell: Any,
    inputs: Any,
    sequence_length: Any = None,
    initial_state: Any = None,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Any = None,
) -> tuple[Any, Any]:
    """Run a cell along time.

    Args:
        cell: an RNNCell.
        inputs: a tensor [batch, time, ...] or a structure of them; sizes after time are known.
        sequence_length: a vector with the length of each sequence: past its end outputs are zeros,
            and the state stays what it was.
        initial_state: the first state; by default the cell's zero state.
        dtype: the type of the zero state and of the outputs, if there is no initial state.
        parallel_iterations: how many steps may be under way at once; 32 by default.
        swap_memory: whether what the gradient needs may be moved to the host.
        time_major: whether inputs and outputs are [time, batch, ...].
        scope: a variable scope, or its name; `rnn` by default.

    Returns:
        The outputs of all steps, [batch, time, ...], in the structure of `cell.output_size`; and
        the last state.

    Raises:
        TypeError: if `cell` is none.
        ValueError: if there is neither an initial state nor a type; if a size that must be known
            is not; if inputs differ in time or batch; if the lengths are no vector.

    Source: TensorFlow 1.15.
    """
    assert_like_rnncell("cell", cell)
    with rnn_scope(scope):
        flat = [convert_to_tensor(each) for each in nest.flatten(inputs)]
        if not time_major:
            flat = [swap_batch_and_time(each) for each in flat]
        lengths = None if sequence_length is None else _length_vector(sequence_length)
        batch_size = batch_size_of(flat)
        state = initial_state_of(cell, initial_state, batch_size, dtype)
        if lengths is not None:
            with control_dependencies([_has_shape(lengths, [batch_size])]):
                lengths = identity(lengths, name="CheckSeqLen")
        run = _Loop(cell, inputs, flat, state, lengths, dtype)
        outputs, state = run.along_time(parallel_iterations or 32, swap_memory)
        if not time_major:
            outputs = nest.map_structure(swap_batch_and_time, outputs)
        return outputs, state


def _length_vector(sequence_length: Any) -> Tensor:
    lengths = cast(sequence_length, int32)
    if lengths.shape.ndims not in (None, 1):
        raise ValueError(
            f"sequence_length must be a vector of length batch_size, but saw shape: {lengths.shape}"
        )
    named: Tensor = identity(lengths, name="sequence_length")
    return named


def _has_shape(x: Tensor, wanted: list[Any]) -> Any:
    found, packed = shape_of(x), stack(wanted)
    message = f"Expected shape for Tensor {x.name} is "
    data = [message, packed, " but saw shape: ", found]
    return Assert(reduce_all(equal(found, packed)), data)


class _Loop:
    """A cell and what it is run on, time first.

    Args:
        cell: an RNNCell.
        structure: the structure of the inputs.
        inputs: the tensors [time, batch, ...].
        state: the first state.
        lengths: of the sequences, or None.
        dtype: of the outputs; that of the state if None.

    Raises:
        ValueError: if a size is not known that must be, or inputs differ in time or batch.
    """

    def __init__(
        self,
        cell: Any,
        structure: Any,
        inputs: Sequence[Tensor],
        state: Any,
        lengths: Tensor | None,
        dtype: Any,
    ) -> None:
        self.cell = cell
        self.structure = structure
        self.state = state
        self.lengths = lengths
        self.steps = shape_of(inputs[0])[0]
        self.batch_size = batch_size_of(inputs)
        self.known_steps, self.known_batch_size = _sizes_in_common(inputs)
        self.inputs = inputs
        self.output_sizes = nest.flatten(cell.output_size)
        self.dtype = dtype
        self.zero_output = nest.pack_sequence_as(
            cell.output_size, [self._zeros(size) for size in self.output_sizes]
        )

    def _zeros(self, size: Any) -> Tensor:
        return zeros(sizes(self.batch_size, size), state_dtype(self.dtype, self.state))

    def along_time(self, parallel_iterations: int, swap_memory: bool) -> tuple[Any, Any]:
        """Run the steps; returns the outputs [time, batch, ...] and the last state."""
        greatest = self.steps
        if self.lengths is not None:
            reduce_min(self.lengths)  # nothing uses it, but later seeds count operations
            greatest = reduce_max(self.lengths)
        first = constant(0, int32, name="time")
        with name_scope("dynamic_rnn") as base:
            pass
        outputs = [
            TensorArray(
                state_dtype(self.dtype, self.state),
                self.steps,
                tensor_array_name=f"{base}output_{i}",
                element_shape=static_sizes(self.known_batch_size, size),
            )
            for i, size in enumerate(self.output_sizes)
        ]
        inputs = [
            TensorArray(
                each.dtype,
                self.steps,
                tensor_array_name=f"{base}input_{i}",
                element_shape=each.shape[1:],
            )
            for i, each in enumerate(self.inputs)
        ]
        inputs = [array.unstack(each) for array, each in zip(inputs, self.inputs, strict=True)]
        # One step at least: then a TensorArray knows the shape of the elements that are missing.
        bound = minimum(self.steps, maximum(1, greatest))

        def body(time: Any, arrays: Any, state: Any) -> Any:
            output, new_state = self._step(time, [array.read(time) for array in inputs], state)
            parts = nest.flatten(output)
            if len(parts) != len(arrays):
                nest.assert_same_structure(self.cell.output_size, output)
            arrays = tuple(
                array.write(time, each) for array, each in zip(arrays, parts, strict=True)
            )
            return time + 1, arrays, new_state

        _, outputs, state = while_loop(
            lambda time, *_: time < bound,
            body,
            (first, tuple(outputs), self.state),
            parallel_iterations=parallel_iterations,
            swap_memory=swap_memory,
            maximum_iterations=self.steps,
        )
        stacked = [array.stack() for array in outputs]
        for output, size in zip(stacked, self.output_sizes, strict=True):
            known = [self.known_steps, self.known_batch_size]
            output.set_shape(static_sizes_beside_constants(known, size))
        return nest.pack_sequence_as(self.cell.output_size, stacked), state

    def _step(self, time: Any, inputs: Sequence[Tensor], state: Any) -> tuple[Any, Any]:
        for each, whole in zip(inputs, self.inputs, strict=True):
            each.set_shape(whole.shape[1:])
        packed = nest.pack_sequence_as(self.structure, inputs)
        if self.lengths is None:
            result: tuple[Any, Any] = self.cell(packed, state)
            return result
        return step_within(
            self.lengths, time, self.zero_output, state, lambda: self.cell(packed, state)
        )


def _sizes_in_common(inputs: Sequence[Tensor]) -> tuple[int | None, int | None]:
    """Return what is known of time and batch size."""
    shapes: list[TensorShape] = [each.shape.with_rank_at_least(3) for each in inputs]
    steps, batch = shapes[0][0].value, shapes[0][1].value
    for known in shapes:
        if not known[2:].is_fully_defined():
            raise ValueError(
                "Input size (depth of inputs) must be accessible via shape inference, but saw "
                f"value None.\n  inputs have shape {known} (time, batch, depth)"
            )
        if known[0].value != steps:
            raise ValueError(
                "Time steps is not the same for all the elements in the input in a batch."
                f"\n  {steps} and {known[0].value}"
            )
        if known[1].value != batch:
            raise ValueError(
                "Batch_size is not the same for all the elements in the input."
                f"\n  {batch} and {known[1].value}"
            )
    return steps, batch
