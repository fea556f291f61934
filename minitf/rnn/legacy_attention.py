"""Decoders over lists of steps that read words, and that look back at all that was encoded.

A decoder **with attention** weighs the encoder's outputs h_1, ..., h_n anew at each step, by its
state s, and reads their mean beside its input:

    u_i = v . tanh(W h_i + U s)      a = softmax(u)      c = sum_i a_i h_i

Source: Bahdanau et al. 2014; Vinyals et al. 2014; TensorFlow 1.15's `tf.contrib.legacy_seq2seq`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from minitf import nest
from minitf.api.array import concat, reshape
from minitf.api.casting import cast
from minitf.api.constants import zeros
from minitf.api.control import stop_gradient
from minitf.api.elementary import tanh
from minitf.api.nn_conv import conv2d
from minitf.api.nn_embedding import embedding_lookup
from minitf.api.nn_layers import xw_plus_b
from minitf.api.nn_losses import softmax
from minitf.api.reductions import argmax, reduce_sum
from minitf.api.sizes import shape as shape_of
from minitf.control_flow.cond import cond
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32
from minitf.rnn.cell import RNNCell
from minitf.rnn.legacy_seq2seq import rnn_decoder
from minitf.rnn.projection_wrappers import EmbeddingWrapper, OutputProjectionWrapper, projected
from minitf.rnn.static import static_rnn
from minitf.tensor import Tensor
from minitf.variables.sharing import get_variable, get_variable_scope, variable_scope

Outputs = tuple[list[Any], Any]

# --- words ---------------------------------------------------------------------------------------


def embedding_rnn_decoder(
    decoder_inputs: Sequence[Any],
    initial_state: Any,
    cell: RNNCell,
    num_symbols: int,
    embedding_size: int,
    output_projection: Any = None,
    feed_previous: bool = False,
    update_embedding_for_previous: bool = True,
    scope: Any = None,
) -> Outputs:
    """Run a cell on words, or on the likeliest words of its own outputs.

    Args:
        decoder_inputs: for each step whole numbers [batch].
        initial_state: the first state.
        cell: an RNNCell.
        num_symbols: how many words there are.
        embedding_size: the length of the vectors that stand for them.
        output_projection: weights [output, num_symbols] and biases [num_symbols] that make logits
            of outputs; None if these are logits.
        feed_previous: whether each step but the first reads the likeliest word of the last output.
        update_embedding_for_previous: whether the vectors of such words get gradients.
        scope: a variable scope, or its name; `embedding_rnn_decoder` by default.

    Returns:
        The list of outputs, and the last state.

    Source: TensorFlow 1.15.
    """
    with variable_scope(scope or "embedding_rnn_decoder") as entered:
        projection = _checked(output_projection, num_symbols, entered.dtype)
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        loop = _likeliest(embedding, projection, update_embedding_for_previous)
        words = [embedding_lookup(embedding, each) for each in decoder_inputs]
        return rnn_decoder(words, initial_state, cell, loop if feed_previous else None)


def embedding_rnn_seq2seq(
    encoder_inputs: Sequence[Any],
    decoder_inputs: Sequence[Any],
    cell: RNNCell,
    num_encoder_symbols: int,
    num_decoder_symbols: int,
    embedding_size: int,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
) -> Outputs:
    """Run a cell on the words of one sequence, then another one on those of a second sequence.

    Args:
        encoder_inputs: for each step whole numbers [batch].
        decoder_inputs: likewise; the decoder begins in the encoder's last state.
        cell: an RNNCell; the encoder runs a copy of it.
        num_encoder_symbols: how many words the encoder knows.
        num_decoder_symbols: how many words the decoder knows.
        embedding_size: the length of the vectors that stand for words.
        output_projection: as `embedding_rnn_decoder` has it; if None, outputs become logits here.
        feed_previous: as `embedding_rnn_decoder` has it; or a tensor, which decides in each run.
        dtype: the type of the first state; that of the scope by default.
        scope: a variable scope, or its name; `embedding_rnn_seq2seq` by default.

    Returns:
        The list of the decoder's outputs, and its last state.

    Source: TensorFlow 1.15.
    """
    with variable_scope(scope or "embedding_rnn_seq2seq", dtype=dtype) as entered:
        encoder = EmbeddingWrapper(deepcopy(cell), num_encoder_symbols, embedding_size)
        _, state = static_rnn(encoder, encoder_inputs, dtype=entered.dtype)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)

        def decode(feeds_itself: bool, **more: Any) -> Outputs:
            return embedding_rnn_decoder(
                decoder_inputs,
                state,
                cell,
                num_decoder_symbols,
                embedding_size,
                output_projection,
                feeds_itself,
                **more,
            )

        return _chosen(decode, feed_previous)


# --- attention -----------------------------------------------------------------------------------


def attention_decoder(
    decoder_inputs: Sequence[Any],
    initial_state: Any,
    attention_states: Any,
    cell: RNNCell,
    output_size: int | None = None,
    num_heads: int = 1,
    loop_function: Callable[[Any, int], Any] | None = None,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> Outputs:
    """Run a cell that reads, beside its inputs, means of what is attended to.

    Args:
        decoder_inputs: for each step a tensor [batch, width].
        initial_state: the first state.
        attention_states: what is attended to, [batch, length, size].
        cell: an RNNCell.
        output_size: the width of outputs; the cell's by default.
        num_heads: how many means are read.
        loop_function: as `rnn_decoder` has it.
        dtype: the type of variables; that of the scope by default.
        scope: a variable scope, or its name; `attention_decoder` by default.
        initial_state_attention: whether the first step reads means too, not zeros.

    Returns:
        The list of outputs, and the last state.

    Raises:
        ValueError: if there are no inputs or no heads, or a width is not known.

    Source: Vinyals et al. 2014; TensorFlow 1.15.
    """
    if not decoder_inputs:
        raise ValueError("Must provide at least 1 input to attention decoder.")
    if num_heads < 1:
        raise ValueError("With less than 1 heads, use a non-attention decoder.")
    size = attention_states.shape[2].value
    if size is None:
        raise ValueError(f"Shape[2] of attention_states must be known: {attention_states.shape}")
    with variable_scope(scope or "attention_decoder", dtype=dtype) as entered:
        attend = _attention(attention_states, num_heads, entered.dtype)
        batch = shape_of(decoder_inputs[0])[0]
        state = initial_state
        means = [zeros([batch, size], entered.dtype) for _ in range(num_heads)]
        for each in means:
            each.set_shape([None, size])
        if initial_state_attention:
            means = attend(initial_state)
        outputs: list[Any] = []
        for step, given in enumerate(decoder_inputs):
            inputs = given
            if outputs:
                get_variable_scope().reuse_variables()
                if loop_function is not None:
                    with variable_scope("loop_function", reuse=True):
                        inputs = loop_function(outputs[-1], step)
            width = inputs.shape.with_rank(2)[1].value
            if width is None:
                raise ValueError(f"Could not infer input size from input: {inputs.name}")
            read = concat([cast(part, entered.dtype) for part in (inputs, *means)], 1)
            cell_output, state = cell(projected(read, width), state)
            has_variables = initial_state_attention and not outputs
            with variable_scope(get_variable_scope(), reuse=True if has_variables else None):
                means = attend(state)
            with variable_scope("AttnOutputProjection"):
                said = concat([cast(cell_output, entered.dtype), *means], 1)
                outputs.append(projected(said, output_size or cell.output_size))
    return outputs, state


def _attention(states: Any, heads: int, dtype: Any) -> Callable[[Any], list[Tensor]]:
    """Return a function of a state that gives the means of each head, [batch, size]."""
    size = states.shape[2].value
    length = states.shape[1].value or shape_of(states)[1]
    hidden = reshape(states, [-1, length, 1, size])
    features, weights = [], []
    for head in range(heads):
        kernel = get_variable(f"AttnW_{head}", [1, 1, size, size], dtype=dtype)
        features.append(conv2d(hidden, kernel, [1, 1, 1, 1], "SAME"))
        weights.append(get_variable(f"AttnV_{head}", [size], dtype=dtype))

    def attend(state: Any) -> list[Tensor]:
        parts = nest.flatten(state)
        query = concat(parts, 1) if nest.is_nested(state) else parts[0]
        means = []
        for head in range(heads):
            with variable_scope(f"Attention_{head}"):
                asked = cast(reshape(projected(query, size), [-1, 1, 1, size]), dtype)
                scores = reduce_sum(weights[head] * tanh(features[head] + asked), [2, 3])
                shares = cast(softmax(cast(scores, float32)), dtype)
                mean = reduce_sum(reshape(shares, [-1, length, 1, 1]) * hidden, [1, 2])
                means.append(reshape(mean, [-1, size]))
        return means

    return attend


def embedding_attention_decoder(
    decoder_inputs: Sequence[Any],
    initial_state: Any,
    attention_states: Any,
    cell: RNNCell,
    num_symbols: int,
    embedding_size: int,
    num_heads: int = 1,
    output_size: int | None = None,
    output_projection: Any = None,
    feed_previous: bool = False,
    update_embedding_for_previous: bool = True,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> Outputs:
    """Run `attention_decoder` on words, as `embedding_rnn_decoder` does `rnn_decoder`.

    The arguments are those of both.

    Source: TensorFlow 1.15.
    """
    name = scope or "embedding_attention_decoder"
    with variable_scope(name, dtype=dtype) as entered:
        projection = _checked(output_projection, num_symbols, entered.dtype)
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        loop = _likeliest(embedding, projection, update_embedding_for_previous)
        return attention_decoder(
            [embedding_lookup(embedding, each) for each in decoder_inputs],
            initial_state,
            attention_states,
            cell,
            output_size=cell.output_size if output_size is None else output_size,
            num_heads=num_heads,
            loop_function=loop if feed_previous else None,
            initial_state_attention=initial_state_attention,
        )


def embedding_attention_seq2seq(
    encoder_inputs: Sequence[Any],
    decoder_inputs: Sequence[Any],
    cell: RNNCell,
    num_encoder_symbols: int,
    num_decoder_symbols: int,
    embedding_size: int,
    num_heads: int = 1,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> Outputs:
    """Run a cell on words, then one that attends to its outputs on those of a second sequence.

    The arguments are those of `embedding_rnn_seq2seq` and `attention_decoder`.

    Source: Bahdanau et al. 2014; TensorFlow 1.15.
    """
    name = scope or "embedding_attention_seq2seq"
    with variable_scope(name, dtype=dtype) as entered:
        encoder = EmbeddingWrapper(deepcopy(cell), num_encoder_symbols, embedding_size)
        encoded, state = static_rnn(encoder, encoder_inputs, dtype=entered.dtype)
        attended = concat([reshape(each, [-1, 1, cell.output_size]) for each in encoded], 1)
        output_size = None
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)
            output_size = num_decoder_symbols

        def decode(feeds_itself: bool, **more: Any) -> Outputs:
            return embedding_attention_decoder(
                decoder_inputs,
                state,
                attended,
                cell,
                num_decoder_symbols,
                embedding_size,
                num_heads,
                output_size,
                output_projection,
                feeds_itself,
                initial_state_attention=initial_state_attention,
                **more,
            )

        return _chosen(decode, feed_previous)


# --- what they share -----------------------------------------------------------------------------


def _checked(projection: Any, symbols: int, dtype: Any) -> Any:
    """Return weights and biases as tensors, or None.

    Raises:
        ValueError: if their shapes do not fit.
    """
    if projection is None:
        return None
    weights, biases = (convert_to_tensor(each, dtype) for each in projection)
    weights.shape.assert_is_compatible_with([None, symbols])
    biases.shape.assert_is_compatible_with([symbols])
    return weights, biases


def _likeliest(embedding: Any, projection: Any, trained: bool) -> Callable[[Any, int], Any]:
    """Return a loop function: the vector of the likeliest word of an output."""

    def loop(output: Any, _: int) -> Any:
        logits = output if projection is None else xw_plus_b(output, *projection)
        found = embedding_lookup(embedding, argmax(logits, 1))
        return found if trained else stop_gradient(found)

    return loop


def _chosen(decode: Callable[..., Outputs], feed_previous: Any) -> Outputs:
    """Run a decoder that feeds itself or does not; where a tensor decides, both stand in a cond."""
    if isinstance(feed_previous, bool):
        return decode(feed_previous)
    structure: list[Any] = []

    def branch(feeds_itself: bool) -> list[Any]:
        with variable_scope(get_variable_scope(), reuse=None if feeds_itself else True):
            found = decode(feeds_itself, update_embedding_for_previous=False)
        structure[:] = [found]
        return nest.flatten(found)

    flat = cond(feed_previous, lambda: branch(True), lambda: branch(False))
    outputs, state = nest.pack_sequence_as(structure[0], flat)
    return outputs, state
