"""Sequences as lists, one entry for each step: their losses, and a decoder unrolled along time.

    losses of each sequence     sum_t(w_t * xent_t) / (sum_t w_t + 1e-12)
    loss of the batch           the sum of these / how many sequences there are

Source: Zaremba 2014; TensorFlow 1.15's `tf.contrib.legacy_seq2seq`, before 1.0 `tf.nn.seq2seq`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from minitf import nest
from minitf.api.array import reshape
from minitf.api.casting import cast
from minitf.api.framework import name_scope
from minitf.api.math import add_n
from minitf.api.nn_losses import sparse_softmax_cross_entropy_with_logits
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import shape as shape_of
from minitf.dtypes import float32
from minitf.rnn.cell import RNNCell
from minitf.rnn.static import static_rnn
from minitf.tensor import Tensor
from minitf.variables.sharing import get_variable_scope, variable_scope

_AT_LEAST = 1e-12  # so that a sequence of weights 0 has the loss 0

Decoder = Callable[[Sequence[Any], Sequence[Any]], tuple[Any, Any]]


def sequence_loss_by_example(
    logits: Sequence[Any],
    targets: Sequence[Any],
    weights: Sequence[Any],
    average_across_timesteps: bool = True,
    softmax_loss_function: Callable[..., Any] | None = None,
    name: str | None = None,
) -> Tensor:
    """Return the weighted cross entropy of each sequence.

    Args:
        logits: for each step a tensor [batch, classes].
        targets: for each step the true classes, whole numbers [batch].
        weights: for each step how much it counts, [batch].
        average_across_timesteps: whether to divide by the weights' sum.
        softmax_loss_function: function of `labels` and `logits` (`inputs` in programs before
            TensorFlow 1.1) instead of `sparse_softmax_cross_entropy_with_logits`.
        name: name of the scope.

    Returns:
        A vector [batch].

    Raises:
        ValueError: if the lists differ in length.

    Source: TensorFlow 1.15.
    """
    if not len(logits) == len(targets) == len(weights):
        raise ValueError(
            "Lengths of logits, weights, and targets must be the same "
            f"{len(logits)}, {len(weights)}, {len(targets)}."
        )
    with name_scope(name, "sequence_loss_by_example", [*logits, *targets, *weights]):
        losses = []
        for logit, target, weight in zip(logits, targets, weights, strict=True):
            if softmax_loss_function is None:
                label = reshape(target, [-1])
                loss = sparse_softmax_cross_entropy_with_logits(labels=label, logits=logit)
            else:
                loss = _called(softmax_loss_function, target, logit)
            losses.append(loss * weight)
        total = add_n(losses)
        return total / (add_n(weights) + _AT_LEAST) if average_across_timesteps else total


def _called(function: Callable[..., Any], labels: Any, logits: Any) -> Any:
    """Call a loss by the names of its arguments, which changed their order in TensorFlow 1.0."""
    names = inspect.signature(function).parameters
    if "labels" in names and "inputs" in names and "logits" not in names:
        return function(labels=labels, inputs=logits)
    return function(labels=labels, logits=logits)


def sequence_loss(
    logits: Sequence[Any],
    targets: Sequence[Any],
    weights: Sequence[Any],
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    softmax_loss_function: Callable[..., Any] | None = None,
    name: str | None = None,
) -> Tensor:
    """Return the weighted cross entropy of all sequences, a scalar.

    Args:
        logits: for each step a tensor [batch, classes].
        targets: for each step the true classes, whole numbers [batch].
        weights: for each step how much it counts, [batch].
        average_across_timesteps: whether to divide each sequence's loss by its weights' sum.
        average_across_batch: whether to divide by how many sequences there are.
        softmax_loss_function: function of `labels` and `logits` instead of
            `sparse_softmax_cross_entropy_with_logits`.
        name: name of the scope.

    Raises:
        ValueError: if the lists differ in length.

    Source: TensorFlow 1.15.
    """
    with name_scope(name, "sequence_loss", [*logits, *targets, *weights]):
        losses = sequence_loss_by_example(
            logits, targets, weights, average_across_timesteps, softmax_loss_function
        )
        cost = reduce_sum(losses)
        if not average_across_batch:
            return cost
        mean: Tensor = cost / cast(shape_of(targets[0])[0], cost.dtype)
        return mean


def rnn_decoder(
    decoder_inputs: Sequence[Any],
    initial_state: Any,
    cell: RNNCell,
    loop_function: Callable[[Any, int], Any] | None = None,
    scope: Any = None,
) -> tuple[list[Any], Any]:
    """Run a cell on given inputs, or on what a function makes of its last output.

    Args:
        decoder_inputs: for each step a tensor [batch, width].
        initial_state: the first state.
        cell: an RNNCell.
        loop_function: function of the last output and the step's number; gives the next input.
            The first input is that of `decoder_inputs`.
        scope: a variable scope, or its name; `rnn_decoder` by default.

    Returns:
        The list of outputs, and the last state.

    Source: TensorFlow 1.15.
    """
    with variable_scope(scope or "rnn_decoder"):
        state = initial_state
        outputs: list[Any] = []
        for step, given in enumerate(decoder_inputs):
            inputs = given
            if loop_function is not None and outputs:
                with variable_scope("loop_function", reuse=True):
                    inputs = loop_function(outputs[-1], step)
            if outputs:
                get_variable_scope().reuse_variables()
            output, state = cell(inputs, state)
            outputs.append(output)
    return outputs, state


def basic_rnn_seq2seq(
    encoder_inputs: Sequence[Any],
    decoder_inputs: Sequence[Any],
    cell: RNNCell,
    dtype: Any = float32,
    scope: Any = None,
) -> tuple[list[Any], Any]:
    """Run a cell on one sequence, then a copy of it with other variables on another one.

    Args:
        encoder_inputs: for each step a tensor [batch, width]; its last state is all that is kept.
        decoder_inputs: likewise; the decoder begins in that state.
        cell: an RNNCell.
        dtype: the type of the first state.
        scope: a variable scope, or its name; `basic_rnn_seq2seq` by default.

    Returns:
        The list of the decoder's outputs, and its last state.

    Source: Sutskever et al. 2014; TensorFlow 1.15.
    """
    with variable_scope(scope or "basic_rnn_seq2seq"):
        _, state = static_rnn(deepcopy(cell), encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, cell)


def tied_rnn_seq2seq(
    encoder_inputs: Sequence[Any],
    decoder_inputs: Sequence[Any],
    cell: RNNCell,
    loop_function: Callable[[Any, int], Any] | None = None,
    dtype: Any = float32,
    scope: Any = None,
) -> tuple[list[Any], Any]:
    """Run a cell on one sequence, then the same cell with the same variables on another one.

    Args:
        encoder_inputs: for each step a tensor [batch, width]; its last state is all that is kept.
        decoder_inputs: likewise; the decoder begins in that state.
        cell: an RNNCell.
        loop_function: as `rnn_decoder` has it.
        dtype: the type of the first state.
        scope: a variable scope, or its name; `combined_tied_rnn_seq2seq` by default.

    Returns:
        The list of the decoder's outputs, and its last state.

    Source: Sutskever et al. 2014; TensorFlow 1.15.
    """
    with variable_scope("combined_tied_rnn_seq2seq"):
        shared = scope or "tied_rnn_seq2seq"
        _, state = static_rnn(cell, encoder_inputs, dtype=dtype, scope=shared)
        get_variable_scope().reuse_variables()
        return rnn_decoder(decoder_inputs, state, cell, loop_function, shared)


def model_with_buckets(
    encoder_inputs: Sequence[Any],
    decoder_inputs: Sequence[Any],
    targets: Sequence[Any],
    weights: Sequence[Any],
    buckets: Sequence[tuple[int, int]],
    seq2seq: Decoder,
    softmax_loss_function: Callable[..., Any] | None = None,
    per_example_loss: bool = False,
    name: str | None = None,
) -> tuple[list[Any], list[Tensor]]:
    """Build a model once for each pair of lengths, with the same variables.

    Args:
        encoder_inputs: for each step a tensor, as many as the longest bucket reads.
        decoder_inputs: likewise, as many as the longest bucket writes.
        targets: for each step of the decoder the true classes.
        weights: for each step of the decoder how much it counts.
        buckets: pairs (steps to read, steps to write).
        seq2seq: function of the inputs of encoder and decoder; gives outputs and state.
        softmax_loss_function: as `sequence_loss` has it.
        per_example_loss: whether a loss is a vector [batch], not a scalar.
        name: name of the scope.

    Returns:
        For each bucket the outputs, and for each bucket the loss.

    Raises:
        ValueError: if there are fewer inputs, targets or weights than the last bucket is long.

    Source: TensorFlow 1.15.
    """
    given = {
        "encoder_inputs": (len(encoder_inputs), buckets[-1][0]),
        "targets": (len(targets), buckets[-1][1]),
        "weights": (len(weights), buckets[-1][1]),
    }
    for which, (length, wanted) in given.items():
        if length < wanted:
            raise ValueError(
                f"Length of {which} ({length}) must be at least that of last bucket ({wanted})."
            )
    outputs: list[Any] = []
    losses: list[Tensor] = []
    loss = sequence_loss_by_example if per_example_loss else sequence_loss
    inputs = nest.flatten([encoder_inputs, decoder_inputs, targets, weights])
    with name_scope(name, "model_with_buckets", inputs):
        for read, written in buckets:
            with variable_scope(get_variable_scope(), reuse=True if outputs else None):
                found, _ = seq2seq(encoder_inputs[:read], decoder_inputs[:written])
                outputs.append(found)
                losses.append(
                    loss(
                        found,
                        targets[:written],
                        weights[:written],
                        softmax_loss_function=softmax_loss_function,
                    )
                )
    return outputs, losses
