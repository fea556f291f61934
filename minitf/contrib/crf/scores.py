"""The scores and likelihoods of sequences of tags in a linear chain.

    score(y)       = sum_t x[t, y[t]] + sum_t A[y[t-1], y[t]]
    log p(y | x)   = score(y) - log sum over all y' of exp score(y')

Both sums end where a sequence does; a sequence of length 0 scores 0. `inputs` are the unary
potentials x, float[batch, time, tags]; `transition_params` are A, float[tags, tags].

Worked example:

    log_likelihood, transitions = tf.contrib.crf.crf_log_likelihood(logits, tags, lengths)
    loss = tf.reduce_mean(-log_likelihood)

Source: Lafferty 2001; TensorFlow 1.15's tf.contrib.crf.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import expand_dims, stack
from minitf.api.casting import cast
from minitf.api.comparison import less_equal
from minitf.api.constants import fill, zeros_like
from minitf.api.framework import convert_to_tensor
from minitf.api.gathering import batch_gather, gather_nd, where
from minitf.api.math import maximum
from minitf.api.reductions import reduce_logsumexp, reduce_sum
from minitf.api.sequences import sequence_mask
from minitf.api.sizes import shape as shape_of
from minitf.contrib.crf.cells import CrfForwardRnnCell, later_steps
from minitf.dtypes import int32
from minitf.rnn.dynamic import dynamic_rnn
from minitf.tensor import Tensor
from minitf.variables.sharing import get_variable


def crf_unary_score(tag_indices: Any, sequence_lengths: Any, inputs: Any) -> Tensor:
    """Return float[batch]: the summed potentials of each sequence's tags.

    Args:
        tag_indices: int[batch, time].
        sequence_lengths: int[batch].
        inputs: float[batch, time, tags].
    """
    inputs = convert_to_tensor(inputs)
    tags = cast(tag_indices, int32)
    chosen = batch_gather(inputs, expand_dims(tags, 2))[:, :, 0]
    return reduce_sum(chosen * _mask(sequence_lengths, tags, inputs.dtype), 1)


def crf_binary_score(tag_indices: Any, sequence_lengths: Any, transition_params: Any) -> Tensor:
    """Return float[batch]: the summed potentials of each sequence's transitions.

    Args:
        tag_indices: int[batch, time].
        sequence_lengths: int[batch].
        transition_params: float[tags, tags].
    """
    transitions = convert_to_tensor(transition_params)
    tags = cast(tag_indices, int32)
    chosen = gather_nd(transitions, stack([tags[:, :-1], tags[:, 1:]], 2))
    return reduce_sum(chosen * _mask(sequence_lengths, tags, transitions.dtype)[:, 1:], 1)


def crf_sequence_score(
    inputs: Any, tag_indices: Any, sequence_lengths: Any, transition_params: Any
) -> Tensor:
    """Return float[batch]: the scores of sequences of tags, not normalized.

    Args:
        inputs: float[batch, time, tags].
        tag_indices: int[batch, time].
        sequence_lengths: int[batch].
        transition_params: float[tags, tags].
    """
    return crf_unary_score(tag_indices, sequence_lengths, inputs) + crf_binary_score(
        tag_indices, sequence_lengths, transition_params
    )


def crf_multitag_sequence_score(
    inputs: Any, tag_bitmap: Any, sequence_lengths: Any, transition_params: Any
) -> Tensor:
    """Return float[batch]: the logarithms of the summed scores of all sequences that fit a map.

    Args:
        inputs: float[batch, time, tags].
        tag_bitmap: bool[batch, time, tags], the tags that each step may have.
        sequence_lengths: int[batch].
        transition_params: float[tags, tags].
    """
    inputs = convert_to_tensor(inputs)
    never = fill(shape_of(inputs), cast(float("-inf"), inputs.dtype))
    return crf_log_norm(where(tag_bitmap, inputs, never), sequence_lengths, transition_params)


def crf_log_norm(inputs: Any, sequence_lengths: Any, transition_params: Any) -> Tensor:
    """Return float[batch]: the logarithms of the summed scores of all sequences of tags.

    Args:
        inputs: float[batch, time, tags].
        sequence_lengths: int[batch].
        transition_params: float[tags, tags].
    """
    inputs = convert_to_tensor(inputs)
    lengths = cast(sequence_lengths, int32)
    _, sums = dynamic_rnn(
        CrfForwardRnnCell(transition_params),
        later_steps(inputs),
        sequence_length=maximum(lengths - 1, 0),
        initial_state=inputs[:, 0],
        dtype=inputs.dtype,
    )
    norm = reduce_logsumexp(sums, [1])
    return where(less_equal(lengths, 0), zeros_like(norm), norm)


def crf_log_likelihood(
    inputs: Any, tag_indices: Any, sequence_lengths: Any, transition_params: Any = None
) -> tuple[Tensor, Any]:
    """Return the logarithms of sequences' probabilities, float[batch], and the transitions.

    Args:
        inputs: float[batch, time, tags].
        tag_indices: int[batch, time].
        sequence_lengths: int[batch].
        transition_params: float[tags, tags]; by default a new variable "transitions".

    Raises:
        ValueError: if a variable is wanted and the number of tags is not known.
    """
    inputs = convert_to_tensor(inputs)
    if transition_params is None:
        tags = inputs.shape[2].value
        transition_params = get_variable("transitions", [tags, tags], dtype=inputs.dtype)
    score = crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params)
    return score - crf_log_norm(inputs, sequence_lengths, transition_params), transition_params


def _mask(sequence_lengths: Any, tags: Tensor, dtype: Any) -> Tensor:
    """Return [batch, time]: 1 within a sequence and 0 beyond."""
    return sequence_mask(sequence_lengths, shape_of(tags)[1], dtype)
