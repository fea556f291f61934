"""The sequence of tags with the highest score.

Source: Viterbi 1967; TensorFlow 1.15's tf.contrib.crf.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.api.array import concat, expand_dims, reverse_sequence
from minitf.api.casting import cast
from minitf.api.framework import convert_to_tensor
from minitf.api.math import maximum
from minitf.api.reductions import argmax, reduce_max
from minitf.contrib.crf.cells import (
    CrfDecodeBackwardRnnCell,
    CrfDecodeForwardRnnCell,
    later_steps,
)
from minitf.dtypes import int32
from minitf.rnn.dynamic import dynamic_rnn
from minitf.tensor import Tensor
from minitf.variables.sharing import variable_scope


def crf_decode(
    potentials: Any, transition_params: Any, sequence_length: Any
) -> tuple[Tensor, Tensor]:
    """Return int32[batch, time], the best tags, 0 beyond a sequence's end, and their scores.

    Args:
        potentials: float[batch, time, tags].
        transition_params: float[tags, tags].
        sequence_length: int[batch].

    Returns:
        The tags and float[batch], the best scores.
    """
    potentials = convert_to_tensor(potentials)
    forward = CrfDecodeForwardRnnCell(transition_params)
    lengths = cast(sequence_length, int32)
    before = maximum(lengths - 1, 0)
    came_from, scores = dynamic_rnn(
        forward,
        later_steps(potentials),
        sequence_length=before,
        initial_state=potentials[:, 0],
        dtype=int32,
    )
    last = expand_dims(cast(argmax(scores, 1), int32), 1)
    with variable_scope("crf"):
        tags, _ = dynamic_rnn(
            CrfDecodeBackwardRnnCell(forward.state_size),
            reverse_sequence(came_from, before, seq_dim=1),
            sequence_length=before,
            initial_state=last,
            dtype=int32,
        )
    best = concat([last, tags[:, :-1, 0]], 1)
    return reverse_sequence(best, lengths, seq_dim=1), reduce_max(scores, 1)


def viterbi_decode(score: Any, transition_params: Any) -> tuple[list[int], Any]:
    """Return the best tags of one sequence and their score, of arrays, outside of graphs.

    Args:
        score: array[time, tags], the unary potentials.
        transition_params: array[tags, tags].
    """
    score, transitions = np.asarray(score), np.asarray(transition_params)
    best, came_from = score[0], []
    for potentials in score[1:]:
        ways = best[:, None] + transitions
        came_from.append(ways.argmax(0))
        best = potentials + ways.max(0)
    tags = [int(best.argmax())]
    for before in reversed(came_from):
        tags.append(int(before[tags[-1]]))
    return tags[::-1], best.max()
