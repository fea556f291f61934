"""Sequences that become sequences, for the models of `tf.contrib.learn`.

Source: TensorFlow 1.0's `tf.contrib.learn.ops`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api.array import stack, unstack
from minitf.api.constants import zeros
from minitf.api.framework import name_scope
from minitf.api.math import add_n
from minitf.api.nn_losses import softmax, softmax_cross_entropy_with_logits
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32
from minitf.rnn.static import static_rnn
from minitf.tensor import Tensor
from minitf.variables.sharing import get_variable_scope, variable_scope

_Decoded = tuple[list[Any], list[Any], list[Any], list[Any]]


def sequence_classifier(
    decoding: Sequence[Any],
    labels: Sequence[Any],
    sampling_decoding: Sequence[Any] | None = None,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """Return the probabilities at each place of a sequence, and the loss of all places.

    Args:
        decoding: logits float[batch, classes] of each place.
        labels: float[batch, classes] of each place.
        sampling_decoding: the logits to predict by, instead.
        name: name of the name scope.

    Returns:
        float[batch, places, classes], and the sum of the cross entropies.
    """
    with name_scope(name, "sequence_classifier", [decoding, labels]):
        losses = [
            softmax_cross_entropy_with_logits(
                labels=label, logits=logits, name=f"sequence_loss/xent_raw{i}"
            )
            for i, (logits, label) in enumerate(zip(decoding, labels, strict=False))
        ]
        predictions = [softmax(logits) for logits in sampling_decoding or decoding]
        total = reduce_sum(add_n(losses, name="sequence_loss/xent"), name="sequence_loss")
        return stack(predictions, axis=1), total


def seq2seq_inputs(
    x: Any,
    y: Any,
    input_length: int,
    output_length: int,
    sentinel: Any = None,
    name: str | None = None,
) -> tuple[list[Tensor], list[Tensor], list[Tensor]]:
    """Return what an encoder and a decoder read at each place, and what the decoder is to give.

    Args:
        x: float[batch, input_length, depth].
        y: float[batch, output_length, depth].
        input_length: known from `x`; accepted.
        output_length: known from `y`; accepted.
        sentinel: float[batch, depth]: the decoder's first input and last output; zeros if None.
        name: name of the name scope.
    """
    with name_scope(name, "seq2seq_inputs", [x, y]):
        x = convert_to_tensor(x)
        places = unstack(y, axis=1)
        if sentinel is None:
            sentinel = zeros(stack([shape(x)[0], places[0].shape[1].value]))
            sentinel.set_shape(places[0].shape)
        return unstack(x, axis=1), [sentinel, *places], [*places, sentinel]


def rnn_decoder(
    decoder_inputs: Sequence[Any], initial_state: Any, cell: Any, scope: Any = None
) -> _Decoded:
    """Return outputs and states of a decoder, fed with its inputs and with its own outputs.

    Args:
        decoder_inputs: float[batch, depth] of each place.
        initial_state: the state before the first place.
        cell: an RNNCell.
        scope: name of the variable scope.

    Returns:
        Outputs and states for training, outputs and states for sampling.
    """
    with variable_scope(scope or "dnn_decoder"):
        states, own_states = [initial_state], [initial_state]
        outputs: list[Any] = []
        own_outputs: list[Any] = []
        with name_scope("training", values=[*decoder_inputs]):
            for i, each in enumerate(decoder_inputs):
                if i > 0:
                    get_variable_scope().reuse_variables()
                output, state = cell(each, states[-1])
                outputs.append(output)
                states.append(state)
        with name_scope("sampling"):
            for i in range(len(decoder_inputs)):
                first = i == 0  # nothing has been said before
                output, state = (
                    (outputs[0], states[1]) if first else cell(own_outputs[-1], own_states[-1])
                )
                own_outputs.append(output)
                own_states.append(state)
    return outputs, states, own_outputs, own_states


def rnn_seq2seq(
    encoder_inputs: Sequence[Any],
    decoder_inputs: Sequence[Any],
    encoder_cell: Any,
    decoder_cell: Any = None,
    dtype: Any = float32,
    scope: Any = None,
) -> _Decoded:
    """Return what `rnn_decoder` does, from the last state of an encoder on.

    Args:
        encoder_inputs: float[batch, depth] of each place.
        decoder_inputs: likewise.
        encoder_cell: an RNNCell.
        decoder_cell: that of the decoder; the same if None.
        dtype: of the encoder's first state.
        scope: name of the variable scope.
    """
    with variable_scope(scope or "rnn_seq2seq"):
        _, state = static_rnn(encoder_cell, encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, decoder_cell or encoder_cell)
