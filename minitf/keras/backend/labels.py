"""Connectionist temporal classification, of the backend.

Source: Graves et al. 2006; TensorFlow 1.15's `tf.keras.backend`.
"""

from __future__ import annotations

from typing import Any

from minitf.api import array
from minitf.api.casting import cast
from minitf.api.elementary import log
from minitf.api.gathering import gather_nd, where
from minitf.api.nn_ctc import ctc_beam_search_decoder, ctc_greedy_decoder, ctc_loss
from minitf.api.sequences import sequence_mask
from minitf.api.sizes import shape
from minitf.api.sparse_dense import sparse_tensor_to_dense
from minitf.composite import SparseTensor
from minitf.keras.backend.config import epsilon


def ctc_label_dense_to_sparse(labels: Any, label_lengths: Any) -> SparseTensor:
    """Return labels [N, T] as a SparseTensor of the first `label_lengths` of each row."""
    kept = where(sequence_mask(label_lengths, shape(labels)[1]))
    return SparseTensor(kept, gather_nd(labels, kept), cast(shape(labels), "int64"))


def ctc_batch_cost(y_true: Any, y_pred: Any, input_length: Any, label_length: Any) -> Any:
    """Return the loss of each row [N, 1].

    Args:
        y_true: labels [N, L].
        y_pred: probabilities [N, T, classes + 1], the last of them for no label.
        input_length: [N, 1]: how many steps of each row count.
        label_length: [N, 1]: how many labels.
    """
    labels = ctc_label_dense_to_sparse(
        cast(y_true, "int32"), array.squeeze(cast(label_length, "int32"), [-1])
    )
    scores = log(array.transpose(y_pred, [1, 0, 2]) + epsilon())
    lengths = array.squeeze(cast(input_length, "int32"), [-1])
    return array.expand_dims(ctc_loss(inputs=scores, labels=labels, sequence_length=lengths), 1)


def ctc_decode(
    y_pred: Any,
    input_length: Any,
    greedy: bool = True,
    beam_width: int = 100,
    top_paths: int = 1,
) -> tuple[list[Any], Any]:
    """Return the labels of each row, -1 behind their end, and how likely they are.

    Args:
        y_pred: probabilities [N, T, classes + 1].
        input_length: [N]: how many steps of each row count.
        greedy: whether the likeliest class of each step is taken.
        beam_width: how many paths are followed otherwise.
        top_paths: how many of them are returned.
    """
    scores = log(array.transpose(y_pred, [1, 0, 2]) + epsilon())
    lengths = cast(input_length, "int32")
    if greedy:
        decoded, chances = ctc_greedy_decoder(scores, lengths)
    else:
        decoded, chances = ctc_beam_search_decoder(
            scores, lengths, beam_width, top_paths, merge_repeated=False
        )
    return [sparse_tensor_to_dense(each, default_value=-1) for each in decoded], chances
