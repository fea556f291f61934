"""What the ways to run a cell along time have in common: scope, batch, steps past a sequence's end.

At time t, row b of a batch whose sequence has length n_b:

    t < n_b      outputs and state are the cell's
    t >= n_b     outputs are zeros, the state stays what it was

Source: TensorFlow 1.15's `tf.nn.dynamic_rnn`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from minitf import nest
from minitf.api.array import concat, transpose
from minitf.api.framework import colocate_with, get_default_graph
from minitf.api.gathering import where
from minitf.api.sequences import range as sequence
from minitf.api.sizes import rank
from minitf.api.sizes import shape as shape_of
from minitf.control_flow.cond import cond
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_shape import TensorShape
from minitf.variables.scope import VariableScope
from minitf.variables.sharing import variable_scope

Step = Callable[[], tuple[Any, Any]]


@contextlib.contextmanager
def rnn_scope(scope: Any) -> Iterator[VariableScope]:
    """Open a variable scope, `rnn` by default, where variables are read once, not at each step."""
    with variable_scope(scope or "rnn") as entered:
        context = get_default_graph().scopes.context
        is_in_loop = context is not None and context.loop is not None
        if entered.caching_device is None and not is_in_loop:
            entered.set_caching_device(lambda op: op.device)
        yield entered


# --- sizes and types ------------------------------------------------------------------------------


def batch_size_of(inputs: Sequence[Tensor]) -> Any:
    """Return how large the batch of inputs [time, batch, ...] is: a number if known, else a tensor.

    Raises:
        ValueError: if inputs have fewer than two dimensions.
    """
    for each in inputs:
        if each.shape.ndims is None:
            continue
        if each.shape.ndims < 2:
            raise ValueError(f"Expected input tensor {each.name} to have rank at least 2")
        known = each.shape[1].value
        if known is not None:
            return known
    return shape_of(inputs[0])[1]


def initial_state_of(cell: Any, initial_state: Any, batch_size: Any, dtype: Any) -> Any:
    """Return the state that is given, else a cell's first state.

    Raises:
        ValueError: if neither the state nor its type is given.
    """
    if initial_state is not None:
        return initial_state
    if not dtype:
        raise ValueError("If there is no initial_state, you must give a dtype.")
    if getattr(cell, "get_initial_state", None) is not None:
        return cell.get_initial_state(inputs=None, batch_size=batch_size, dtype=dtype)
    return cell.zero_state(batch_size, dtype)


def state_dtype(dtype: Any, state: Any) -> Any:
    """Return the type that is given, else that of a state.

    Raises:
        ValueError: if the state has none, or several.
    """
    if dtype is not None:
        return dtype
    found = [each.dtype for each in nest.flatten(state)]
    if not found:
        raise ValueError("Unable to infer dtype from empty state.")
    if any(each != found[0] for each in found):
        raise ValueError(
            "State has tensors of different inferred_dtypes. Unable to infer a single "
            f"representative dtype: {[each.name for each in found]}"
        )
    return found[0]


def swap_batch_and_time(x: Tensor) -> Tensor:
    """Exchange the first two axes of a tensor that has two."""
    known = x.shape
    if known.ndims is not None and known.ndims < 2:
        return x
    swapped = transpose(x, concat([[1, 0], sequence(2, rank(x))], 0))
    swapped.set_shape(TensorShape([known[1], known[0]]).concatenate(known[2:]))
    return swapped


# --- steps ----------------------------------------------------------------------------------------


def step_within(
    lengths: Tensor, time: Any, zero_output: Any, state: Any, step: Step
) -> tuple[Any, Any]:
    """Run a step, and undo it for the sequences that have ended.

    Args:
        lengths: of the sequences.
        time: the number of the step.
        zero_output: the outputs past the end.
        state: the state before.
        step: runs the cell.

    Raises:
        ValueError: if the cell returns outputs or a state of another structure.
    """
    has_ended = time >= lengths
    output, new_state = _checked(step, zero_output, state)
    before = nest.flatten(zero_output) + nest.flatten(state)
    after = nest.flatten(output) + nest.flatten(new_state)
    return _packed(before, kept_rows(has_ended, before, after), zero_output, state)


def step_within_or_skipped(
    lengths: tuple[Tensor, Tensor, Tensor], time: int, zero_output: Any, state: Any, step: Step
) -> tuple[Any, Any]:
    """Run a step as `step_within` does, but none where all sequences have ended.

    Args:
        lengths: of the sequences, and their least and greatest.
        time: the number of the step.
        zero_output: the outputs past the end.
        state: the state before.
        step: runs the cell.

    Raises:
        ValueError: if the cell returns outputs or a state of another structure.
    """
    each_length, least, greatest = lengths
    has_ended = time >= each_length
    before = nest.flatten(zero_output) + nest.flatten(state)

    def run() -> Any:
        output, new_state = _checked(step, zero_output, state)
        after = nest.flatten(output) + nest.flatten(new_state)
        return cond(
            time < least, lambda: after, lambda: kept_rows(has_ended, before, after), strict=True
        )

    results = cond(time >= greatest, lambda: before, run, strict=True)
    return _packed(before, results, zero_output, state)


def kept_rows(keep: Tensor, before: Sequence[Any], after: Sequence[Any]) -> list[Any]:
    """Return for each row of a batch what was before, or what is after.

    TensorArrays and scalars, which have no rows, are those after.
    """
    return [_kept_rows(keep, *pair) for pair in zip(before, after, strict=True)]


def _kept_rows(keep: Tensor, before: Any, after: Any) -> Any:
    if isinstance(before, TensorArray) or before.shape.ndims == 0:
        return after
    with colocate_with(after):
        return where(keep, before, after)


def _checked(step: Step, zero_output: Any, state: Any) -> tuple[Any, Any]:
    output, new_state = step()
    nest.assert_same_structure(zero_output, output)
    nest.assert_same_structure(state, new_state)
    return output, new_state


def _packed(
    before: Sequence[Any], results: Sequence[Any], zero_output: Any, state: Any
) -> tuple[Any, Any]:
    """Return outputs and state in their structures, with the static shapes they had before."""
    for known, result in zip(before, results, strict=True):
        if not isinstance(result, TensorArray):
            result.set_shape(known.shape)
    outputs = len(nest.flatten(zero_output))
    return (
        nest.pack_sequence_as(zero_output, list(results[:outputs])),
        nest.pack_sequence_as(state, list(results[outputs:])),
    )
