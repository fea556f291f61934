"""Labels of sequences whose timing is not known: connectionist temporal classification.

Source: Graves et al. (2006); TensorFlow 1.15's functions of the same names in tf.nn.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import concat, expand_dims, renamed_argument, reshape, transpose
from minitf.api.casting import cast
from minitf.api.comparison import logical_and, not_equal
from minitf.api.constants import ones_like
from minitf.api.framework import name_scope
from minitf.api.gathering import boolean_mask, scatter_nd
from minitf.api.reductions import reduce_max, reduce_sum
from minitf.api.sequences import range as range_
from minitf.api.sequences import sequence_mask
from minitf.api.sizes import shape
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor
from minitf.dtypes import bool_, int32
from minitf.tensor import Tensor


def ctc_loss(
    labels: Any,
    inputs: Any = None,
    sequence_length: Any = None,
    preprocess_collapse_repeated: bool = False,
    ctc_merge_repeated: bool = True,
    ignore_longer_outputs_than_inputs: bool = False,
    time_major: bool = True,
    logits: Any = None,
) -> Tensor:
    """Return -log of the probability that scores per time step read as the labels.

    Args:
        labels: int32 SparseTensor [N, labels], each in [0, C - 1): class C - 1 is the blank.
        inputs: float[T, N, C], scores; softmax is applied to them.
        sequence_length: int32[N], how many steps count of each example.
        preprocess_collapse_repeated: whether equal neighbours in the labels are merged.
        ctc_merge_repeated: whether repeated classes in a path are read as one.
        ignore_longer_outputs_than_inputs: whether examples with more labels than steps get a loss
            of 0; else they are an error.
        time_major: whether `inputs` is [T, N, C], not [N, T, C].
        logits: another name of `inputs`.

    Returns:
        float[N].

    Raises:
        TypeError: if `labels` is no SparseTensor.
    """
    if not isinstance(labels, SparseTensor):
        raise TypeError("Expected labels (first argument) to be a SparseTensor")
    inputs = convert_to_tensor(renamed_argument("logits", logits, "inputs", inputs), name="logits")
    if not time_major:
        inputs = transpose(inputs, [1, 0, 2])
    loss, _ = ops.ctc_loss_op(
        inputs,
        labels.indices,
        labels.values,
        sequence_length,
        preprocess_collapse_repeated=preprocess_collapse_repeated,
        ctc_merge_repeated=ctc_merge_repeated,
        ignore_longer_outputs_than_inputs=ignore_longer_outputs_than_inputs,
    )
    return loss


def ctc_greedy_decoder(
    inputs: Any, sequence_length: Any, merge_repeated: bool = True
) -> tuple[list[SparseTensor], Tensor]:
    """Read the greatest class of each step, blanks dropped.

    Args:
        inputs: float[T, N, C], scores.
        sequence_length: int32[N], how many steps count of each example.
        merge_repeated: whether equal neighbours are read as one, unless a blank stands between.

    Returns:
        decoded: one int64 SparseTensor [N, labels], in a list.
        neg_sum_logits: float[N, 1], minus the sum of the greatest scores.
    """
    indices, values, sizes, score = ops.ctc_greedy_decoder_op(
        inputs, sequence_length, merge_repeated=merge_repeated
    )
    return [SparseTensor(indices, values, sizes)], score


def ctc_beam_search_decoder(
    inputs: Any,
    sequence_length: Any,
    beam_width: int = 100,
    top_paths: int = 1,
    merge_repeated: bool = True,
) -> tuple[list[SparseTensor], Tensor]:
    """Find the labellings with the greatest summed probability of all paths that read so.

    Args:
        inputs: float[T, N, C], scores; softmax is applied to them.
        sequence_length: int32[N], how many steps count of each example.
        beam_width: how many prefixes are kept from step to step.
        top_paths: how many labellings to return.
        merge_repeated: whether equal neighbours in a labelling that was found are merged; rarely
            what is wanted.

    Returns:
        decoded: `top_paths` int64 SparseTensors [N, labels].
        log_probability: float[N, top_paths].
    """
    indices, values, all_sizes, score = ops.ctc_beam_search_decoder_op(
        inputs,
        sequence_length,
        beam_width=beam_width,
        top_paths=top_paths,
        merge_repeated=merge_repeated,
    )
    decoded = [SparseTensor(*parts) for parts in zip(indices, values, all_sizes, strict=True)]
    return decoded, score


def ctc_beam_search_decoder_v2(
    inputs: Any, sequence_length: Any, beam_width: int = 100, top_paths: int = 1
) -> tuple[list[SparseTensor], Tensor]:
    """Do as `ctc_beam_search_decoder` without merging."""
    return ctc_beam_search_decoder(
        inputs, sequence_length, beam_width, top_paths, merge_repeated=False
    )


def collapse_repeated(
    labels: Any, seq_length: Any, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Merge equal neighbours in rows of labels.

    Args:
        labels: [N, L].
        seq_length: int[N], how many labels count of each row.
        name: name scope of the operations.

    Returns:
        labels: [N, longest], filled up with zeros.
        seq_length: int[N], how many are left of each row.
    """
    with name_scope(name, "collapse_repeated_labels", [labels, seq_length]):
        labels = convert_to_tensor(labels, name="labels")
        lengths = convert_to_tensor(seq_length, name="seq_length")
        first = ones_like(labels[:, :1], bool_)
        kept = concat([first, not_equal(labels[:, 1:], labels[:, :-1])], axis=1)
        kept = logical_and(kept, sequence_mask(lengths, maxlen=_size(labels, 1)))
        counts = reduce_sum(cast(kept, int32), axis=1)
        longest = reduce_max(counts)
        filled = sequence_mask(counts, maxlen=longest)
        labels_in_line, kept, filled = (reshape(each, [-1]) for each in (labels, kept, filled))
        places = boolean_mask(range_(_size(filled, 0)), filled)
        flat = scatter_nd(
            expand_dims(places, axis=1), boolean_mask(labels_in_line, kept), shape(filled)
        )
        return reshape(flat, [_size(labels, 0), longest]), cast(counts, lengths.dtype)


def _size(x: Tensor, axis: int) -> Any:
    """Return the size of a dimension, as a number if it is known."""
    known: Any = x.shape.as_list()[axis] if x.shape.ndims is not None else None
    return shape(x)[axis] if known is None else known
