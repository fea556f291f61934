"""BeamSearchDecoder: at each step, the best continuations of the best sequences so far.

Sequences and their beams are side by side in what the cell takes: [batch x beam, ...].

    log_probs    float[batch, beam]: of each beam's symbols together
    score        log_probs / ((5 + length) / 6)^length_penalty_weight
                 + coverage_penalty_weight * sum over the memory of log min(attention so far, 1)

A beam that has ended goes on with the end token only, whose probability is then 1.

Source: Wu et al. 2016, "Google's neural machine translation system" (both penalties); TensorFlow
1.15's tf.contrib.seq2seq.BeamSearchDecoder.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from minitf import nest
from minitf.api.array import concat, expand_dims, reshape, stack, tile
from minitf.api.casting import cast
from minitf.api.comparison import equal, logical_not, logical_or
from minitf.api.constants import fill, zeros
from minitf.api.elementary import log
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.gathering import batch_gather, where
from minitf.api.math import floormod, minimum, pow
from minitf.api.nn_layers import top_k
from minitf.api.nn_losses import log_softmax
from minitf.api.reductions import reduce_all, reduce_max, reduce_sum
from minitf.api.sequences import one_hot
from minitf.api.sizes import shape as shape_of
from minitf.api.sizes import size
from minitf.contrib.seq2seq.attention_wrapper import AttentionWrapperState
from minitf.contrib.seq2seq.beam_trees import gather_tree, gather_tree_from_array
from minitf.contrib.seq2seq.decoder import Decoder
from minitf.contrib.seq2seq.helper import embedding_function
from minitf.control_flow.cond import cond
from minitf.dtypes import bool_, int32, int64
from minitf.layers.base import Layer
from minitf.rnn.cell import assert_like_rnncell
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_shape import TensorShape


class BeamSearchDecoderState(NamedTuple):
    """The state of a beam search.

    Attributes:
        cell_state: that of the cell, [batch, beam, ...].
        log_probs: float[batch, beam].
        finished: bool[batch, beam].
        lengths: int64[batch, beam].
        accumulated_attention_probs: float[batch, beam, memory]; () without a coverage penalty.
    """

    cell_state: Any
    log_probs: Any
    finished: Any
    lengths: Any
    accumulated_attention_probs: Any


class BeamSearchDecoderOutput(NamedTuple):
    """Outputs of a step, each [batch, beam].

    Attributes:
        scores: of the beams.
        predicted_ids: their symbols.
        parent_ids: the beams that they went on from.
    """

    scores: Any
    predicted_ids: Any
    parent_ids: Any


class FinalBeamSearchDecoderOutput(NamedTuple):
    """What `dynamic_decode` returns of a beam search.

    Attributes:
        predicted_ids: the symbols along the paths to the last beams, the best one first.
        beam_search_decoder_output: the outputs of the steps.
    """

    predicted_ids: Any
    beam_search_decoder_output: BeamSearchDecoderOutput


class BeamSearchDecoder(Decoder):
    """Searches for the best sequences.

    Args:
        cell: an RNNCell.
        embedding: a function of symbols, or the table of their vectors.
        start_tokens: int[batch]: the first symbols.
        end_token: the symbol that ends a sequence.
        initial_state: the cell's first state, of `tile_batch`.
        beam_width: how many sequences are followed at a time.
        output_layer: a layer that makes scores of symbols of the cell's outputs.
        length_penalty_weight: see the module; 0 for none.
        coverage_penalty_weight: likewise; it needs a cell that attends to one memory.
        reorder_tensor_arrays: whether TensorArrays in the last state are put in the order of the
            last beams; they are tensors then.

    Raises:
        TypeError: if one is something else.
        ValueError: if shapes are others.
    """

    def __init__(
        self,
        cell: Any,
        embedding: Any,
        start_tokens: Any,
        end_token: Any,
        initial_state: Any,
        beam_width: int,
        output_layer: Layer | None = None,
        length_penalty_weight: float = 0.0,
        coverage_penalty_weight: float = 0.0,
        reorder_tensor_arrays: bool = True,
    ) -> None:
        assert_like_rnncell("cell", cell)
        if output_layer is not None and not isinstance(output_layer, Layer):
            raise TypeError(f"output_layer must be a Layer, received: {type(output_layer)}")
        self._cell, self._output_layer = cell, output_layer
        self._reorders = reorder_tensor_arrays
        self._embedding_fn = embedding_function(embedding)
        self._start_tokens = convert_to_tensor(start_tokens, int32, name="start_tokens")
        if self._start_tokens.shape.ndims != 1:
            raise ValueError("start_tokens must be a vector")
        self._end_token = convert_to_tensor(end_token, int32, name="end_token")
        if self._end_token.shape.ndims != 0:
            raise ValueError("end_token must be a scalar")
        self._batch_size = size(self._start_tokens)
        self._known_batch_size = self._start_tokens.shape[0].value
        self._beam_width = beam_width
        self._length_penalty_weight = length_penalty_weight
        self._coverage_penalty_weight = coverage_penalty_weight
        self._initial_cell_state = nest.map_structure(self._split_if_wide, initial_state)
        symbols = tile(expand_dims(self._start_tokens, 1), [1, beam_width])
        self._start_inputs = self._embedding_fn(symbols)

    # --- sizes -----------------------------------------------------------------------------------

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        return self._batch_size

    @property
    def tracks_own_finished(self) -> bool:
        """True: beams trade places."""
        return True

    @property
    def output_size(self) -> BeamSearchDecoderOutput:
        """The shapes of the outputs without the batch."""
        return BeamSearchDecoderOutput(*[TensorShape([self._beam_width])] * 3)

    @property
    def output_dtype(self) -> BeamSearchDecoderOutput:
        """The types of the outputs."""
        return BeamSearchDecoderOutput(self._dtype, int32, int32)

    @property
    def _dtype(self) -> Any:
        return nest.flatten(self._initial_cell_state)[0].dtype

    # --- beams -----------------------------------------------------------------------------------

    def _split(self, t: Any) -> Tensor:
        """Return [batch x beam, ...] as [batch, beam, ...]."""
        sizes = shape_of(t)
        split = reshape(t, concat([[self._batch_size, self._beam_width], sizes[1:]], 0))
        split.set_shape([self._known_batch_size, self._beam_width, *t.shape.as_list()[1:]])
        return split

    def _merge(self, t: Any) -> Tensor:
        """Return [batch, beam, ...] as [batch x beam, ...]."""
        sizes = shape_of(t)
        merged = reshape(t, concat([[self._batch_size * self._beam_width], sizes[2:]], 0))
        known = self._known_batch_size
        whole = None if known is None else known * self._beam_width
        merged.set_shape([whole, *t.shape.as_list()[2:]])
        return merged

    def _split_if_wide(self, t: Any) -> Any:
        """Split what has a batch; a number of the step has none, a TensorArray stays."""
        return t if isinstance(t, TensorArray) or t.shape.ndims == 0 else self._split(t)

    def _merge_if_wide(self, t: Any) -> Any:
        return t if isinstance(t, TensorArray) or t.shape.ndims == 0 else self._merge(t)

    # --- steps -----------------------------------------------------------------------------------

    def initialize(self, name: str | None = None) -> Any:
        """Return which beams have ended, the first inputs and the first state.

        All beams are alike at first, so that only the first one counts.
        """
        nought = zeros([self._batch_size], int32)

        def first(on: Any, off: Any, dtype: Any) -> Tensor:
            return one_hot(nought, self._beam_width, on_value=on, off_value=off, dtype=dtype)

        finished = first(False, True, bool_)
        state = BeamSearchDecoderState(
            cell_state=self._initial_cell_state,
            log_probs=first(0.0, -math.inf, self._dtype),
            finished=finished,
            lengths=zeros([self._batch_size, self._beam_width], int64),
            accumulated_attention_probs=self._attention_of(self._initial_cell_state),
        )
        return finished, self._start_inputs, state

    def step(self, time: Any, inputs: Any, state: Any, name: str | None = None) -> Any:
        """Return outputs, the next state, the next inputs, and which beams have ended."""
        with name_scope(name, "BeamSearchDecoderStep", nest.flatten((time, inputs, state))):
            inputs = nest.map_structure(self._merge, inputs)
            merged = nest.map_structure(self._merge_if_wide, state.cell_state)
            outputs, next_cell_state = self._cell(inputs, merged)
            outputs = nest.map_structure(self._split, outputs)
            next_cell_state = nest.map_structure(self._split_if_wide, next_cell_state)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            found, next_state = self._searched(outputs, next_cell_state, state)
            next_inputs = cond(
                reduce_all(next_state.finished),
                lambda: self._start_inputs,
                lambda: self._embedding_fn(found.predicted_ids),
            )
        return found, next_state, next_inputs, next_state.finished

    def _searched(
        self, logits: Any, next_cell_state: Any, state: Any
    ) -> tuple[BeamSearchDecoderOutput, BeamSearchDecoderState]:
        """Return the best continuations of all beams together."""
        known = logits.shape[-1].value
        symbols = shape_of(logits)[-1] if known is None else known
        log_probs = self._masked(log_softmax(logits), symbols, state.finished)
        totals = expand_dims(state.log_probs, 2) + log_probs

        goes_on = cast(logical_not(state.finished), int64)
        grows = one_hot(
            fill([self._batch_size, self._beam_width], self._end_token),
            symbols,
            on_value=cast(0, int64),
            off_value=cast(1, int64),
            dtype=int64,
        )
        lengths = grows * expand_dims(goes_on, 2) + expand_dims(state.lengths, 2)
        attention = self._attention_of(next_cell_state)
        if not isinstance(attention, tuple):
            counted = attention * expand_dims(cast(goes_on, attention.dtype), 2)
            attention = state.accumulated_attention_probs + counted
        scores = self._scores(totals, lengths, attention)

        flat = reshape(scores, stack([self._batch_size, -1]))
        best, places = top_k(flat, k=self._beam_width)
        ids = cast(floormod(places, symbols), int32)
        beams = cast(places // symbols, int32)
        for each in (best, ids, beams):
            each.set_shape([self._known_batch_size, self._beam_width])
        probs = batch_gather(reshape(totals, shape_of(flat)), places)
        probs.set_shape(best.shape)
        had_ended = batch_gather(state.finished, beams)
        had_ended.set_shape(best.shape)
        next_state = BeamSearchDecoderState(
            cell_state=nest.map_structure(lambda each: _gathered(each, beams), next_cell_state),
            log_probs=probs,
            lengths=batch_gather(state.lengths, beams) + cast(logical_not(had_ended), int64),
            finished=logical_or(had_ended, equal(ids, self._end_token)),
            accumulated_attention_probs=(
                attention if isinstance(attention, tuple) else _gathered(attention, beams)
            ),
        )
        return BeamSearchDecoderOutput(best, ids, beams), next_state

    def _masked(self, log_probs: Any, symbols: Any, finished: Any) -> Tensor:
        """Return log-probabilities; beams that have ended go on with the end token only."""
        only_end = one_hot(
            self._end_token,
            symbols,
            dtype=log_probs.dtype,
            on_value=0.0,
            off_value=log_probs.dtype.min,
        )
        ended = tile(reshape(only_end, [1, 1, -1]), stack([*_leading(log_probs), 1]))
        mask = tile(expand_dims(finished, 2), stack([1, 1, symbols]))
        return where(mask, ended, log_probs)

    def _scores(self, log_probs: Any, lengths: Any, attention: Any) -> Tensor:
        scores = log_probs
        if self._length_penalty_weight != 0:
            longer = (5.0 + cast(lengths, log_probs.dtype)) / 6.0
            scores = log_probs / pow(longer, self._length_penalty_weight)
        if isinstance(attention, tuple):
            return scores
        covered = reduce_sum(log(minimum(attention, 1.0)), 2)
        return scores + expand_dims(covered * self._coverage_penalty_weight, 2)

    def _attention_of(self, cell_state: Any) -> Any:
        """Return the weights of the attention for a coverage penalty; () without one.

        Raises:
            TypeError: if the cell does not attend to one memory.
        """
        if self._coverage_penalty_weight == 0:
            return ()
        if not isinstance(cell_state, AttentionWrapperState):
            raise TypeError(
                "coverage_penalty_weight is only supported with an AttentionWrapper, got a state "
                f"of type {type(cell_state)}"
            )
        if isinstance(cell_state.alignments, tuple):
            raise TypeError("coverage_penalty_weight is not supported for multiple attentions")
        return cell_state.alignments

    def finalize(self, outputs: Any, final_state: Any, sequence_lengths: Any) -> Any:
        """Return the symbols along the paths to the last beams, and the last state."""
        longest = cast(reduce_max(final_state.lengths, axis=1), int32)
        ids = gather_tree(outputs.predicted_ids, outputs.parent_ids, longest, self._end_token)
        if self._reorders:
            final_state = final_state._replace(
                cell_state=nest.map_structure(
                    lambda each: self._ordered(each, outputs.parent_ids, final_state.lengths),
                    final_state.cell_state,
                )
            )
        return FinalBeamSearchDecoderOutput(ids, outputs), final_state

    def _ordered(self, t: Any, parent_ids: Any, lengths: Any) -> Any:
        """Return a TensorArray's steps along the paths to the last beams, as a tensor."""
        if not isinstance(t, TensorArray):
            return t
        steps = t.stack()
        sizes = shape_of(steps)
        inner = [[sizes[0], self._batch_size, self._beam_width], sizes[2:]]
        ordered = gather_tree_from_array(reshape(steps, concat(inner, 0)), parent_ids, lengths)
        return reshape(ordered, sizes)


def _leading(t: Any) -> list[Any]:
    """Return the first two sizes."""
    sizes = shape_of(t)
    return [sizes[0], sizes[1]]


def _gathered(t: Any, beams: Any) -> Any:
    """Return the state of other beams; what has no beams stays."""
    if isinstance(t, TensorArray) or t.shape.ndims is None or t.shape.ndims < 2:
        return t
    found = batch_gather(t, beams)
    found.set_shape(t.shape)
    return found
