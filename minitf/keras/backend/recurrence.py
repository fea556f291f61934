"""rnn: a function of one step, run along time.

    inputs [N, T, ...] -> step 0 -> step 1 -> ... -> outputs [N, T, ...], the last output, states

Where a mask is False, the states stay, and the output is that of the step before.

Source: TensorFlow 1.15's `tf.keras.backend.rnn`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf import nest
from minitf.api import array
from minitf.api.constants import zeros_like
from minitf.api.gathering import where
from minitf.api.sizes import shape
from minitf.control_flow.while_loop import while_loop
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray

Step = Callable[[Any, list[Any]], tuple[Any, Sequence[Any]]]


def rnn(
    step_function: Step,
    inputs: Any,
    initial_states: Sequence[Any],
    go_backwards: bool = False,
    mask: Any = None,
    constants: Sequence[Any] | None = None,
    unroll: bool = False,
    input_length: Any = None,
    time_major: bool = False,
    zero_output_for_mask: bool = False,
) -> tuple[Any, Any, list[Any]]:
    """Run a function along time.

    Args:
        step_function: (inputs of a step, states + constants) -> (output, new states).
        inputs: a Tensor [N, T, ...], or a structure of them.
        initial_states: the states before the first step.
        go_backwards: whether the last cell is the first step.
        mask: bool[N, T]: which steps count; all by default.
        constants: what is passed to each step behind the states.
        unroll: whether the graph holds all steps; else it holds a loop.
        input_length: accepted for compatibility: the inputs have it.
        time_major: whether inputs and outputs are [T, N, ...].
        zero_output_for_mask: whether outputs are 0 where the mask is False.

    Returns:
        The last output, all outputs, and the last states.

    Raises:
        ValueError: if all steps are wanted in the graph and their number is not known.
    """
    if not time_major:
        inputs = nest.map_structure(_swapped, inputs)
    if mask is not None:
        if mask.shape.ndims == 2:
            mask = array.expand_dims(mask, -1)
        mask = mask if time_major else _swapped(mask)
    if go_backwards:
        inputs = nest.map_structure(lambda each: array.reverse(each, [0]), inputs)
        mask = None if mask is None else array.reverse(mask, [0])
    further = list(constants or ())
    step = _Step(step_function, further, mask is not None, zero_output_for_mask)
    run = _unrolled if unroll else _looped
    outputs, states = run(step, inputs, list(initial_states), mask)
    last = nest.map_structure(lambda each: each[-1], outputs)
    if not time_major:
        outputs = nest.map_structure(_swapped, outputs)
    return last, outputs, states


class _Step:
    """One step: the function, and what the mask says of its results."""

    def __init__(
        self, function: Step, constants: list[Any], masked: bool, zero_output: bool
    ) -> None:
        self.function = function
        self.constants = constants
        self.masked = masked
        self.zero_output = zero_output

    def __call__(
        self, inputs: Any, states: list[Any], mask: Any, before: Any
    ) -> tuple[Any, list[Any]]:
        output, after = self.function(inputs, states + self.constants)
        if not self.masked:
            return output, list(after)
        kept = nest.map_structure(zeros_like, output) if self.zero_output else before
        if kept is None:
            kept = nest.map_structure(zeros_like, output)
        chosen = nest.map_structure(lambda new, old: _where(mask, new, old), output, kept)
        pairs = zip(after, states, strict=True)
        return chosen, [
            nest.map_structure(lambda new, old: _where(mask, new, old), *pair) for pair in pairs
        ]


def _unrolled(step: _Step, inputs: Any, states: list[Any], mask: Any) -> tuple[Any, list[Any]]:
    count = nest.flatten(inputs)[0].shape.as_list()[0]
    if not count:
        raise ValueError("Unrolling requires a fixed number of timesteps.")
    made, output = [], None
    for time in range(int(count or 0)):
        of_step = nest.map_structure(lambda each, time=time: each[time], inputs)
        output, states = step(of_step, states, None if mask is None else mask[time], output)
        made.append(output)
    return nest.map_structure(lambda *each: array.stack(each), *made), states


def _looped(step: _Step, inputs: Any, states: list[Any], mask: Any) -> tuple[Any, list[Any]]:
    flat = nest.flatten(inputs)
    count = shape(flat[0])[0]
    # one step outside of the loop says what outputs are like
    sample, _ = step.function(
        nest.map_structure(lambda each: each[0], inputs), states + step.constants
    )
    cells = [_cells(each, count, "input") for each in flat]
    masks = None if mask is None else _cells(mask, count, "mask")
    written = [
        TensorArray(each.dtype, size=count, element_shape=each.shape, tensor_array_name="output")
        for each in nest.flatten(sample)
    ]
    first = nest.map_structure(zeros_like, sample) if mask is not None else ()

    def body(time: Any, arrays: Any, before: Any, current: Any) -> tuple[Any, ...]:
        of_step = nest.pack_sequence_as(inputs, [each.read(time) for each in cells])
        now = None if masks is None else masks.read(time)
        output, after = step(of_step, list(current), now, before)
        for new, old in zip(nest.flatten(after), nest.flatten(current), strict=True):
            new.set_shape(old.shape)
        outputs = nest.flatten(output)
        arrays = tuple(held.write(time, each) for held, each in zip(arrays, outputs, strict=True))
        return time + 1, arrays, output if masks is not None else (), tuple(after)

    _, arrays, _, after = while_loop(
        lambda time, *_: time < count,
        body,
        (0, tuple(written), first, tuple(states)),
        maximum_iterations=count,
        swap_memory=True,
    )
    length = flat[0].shape.as_list()[0]
    stacked = [held.stack() for held in arrays]
    for made, each in zip(stacked, nest.flatten(sample), strict=True):
        made.set_shape([length, *each.shape.as_list()])
    return nest.pack_sequence_as(sample, stacked), list(after)


def _cells(x: Tensor, count: Any, name: str) -> TensorArray:
    held = TensorArray(x.dtype, size=count, tensor_array_name=f"{name}_ta")
    return held.unstack(x)


def _swapped(x: Tensor) -> Tensor:
    rank: Any = x.shape.ndims
    return array.transpose(x, [1, 0, *range(2, rank)])


def _where(mask: Tensor, new: Tensor, old: Tensor) -> Tensor:
    """Return new rows where a mask [N, 1] says so."""
    return where(array.reshape(mask, [-1]), new, old)
