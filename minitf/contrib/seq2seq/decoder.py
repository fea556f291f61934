"""Decoders, and the loop that runs one until all sequences have ended.

    outputs, state, lengths = dynamic_decode(decoder)

    initialize()                        finished?, first inputs, first state
    step(time, inputs, state)           outputs, next state, next inputs, finished?
    finalize(outputs, state, lengths)   what the loop returns in the end

Source: TensorFlow 1.15's tf.contrib.seq2seq.
"""

from __future__ import annotations

import contextlib
from typing import Any

from minitf import nest
from minitf.api.comparison import logical_not, logical_or
from minitf.api.constants import constant, fill, zeros, zeros_like
from minitf.api.framework import convert_to_tensor
from minitf.api.gathering import where
from minitf.api.reductions import reduce_all
from minitf.api.sizes import shape as shape_of
from minitf.control_flow.while_loop import while_loop
from minitf.dtypes import int32
from minitf.rnn.cell import sizes, static_sizes
from minitf.rnn.steps import rnn_scope, swap_batch_and_time
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_shape import TensorShape


class Decoder:
    """What makes a sequence step by step; subclasses define all but `finalize`."""

    @property
    def batch_size(self) -> Any:
        """How many sequences there are: a tensor."""
        raise NotImplementedError

    @property
    def output_size(self) -> Any:
        """The shape of the outputs without the batch, or a structure of shapes."""
        raise NotImplementedError

    @property
    def output_dtype(self) -> Any:
        """The types of the outputs, in a structure like `output_size`."""
        raise NotImplementedError

    @property
    def tracks_own_finished(self) -> bool:
        """Whether `step` says itself which sequences have ended, those of earlier steps included.

        Sequences may trade places, as in beam search, and begin again.
        """
        return False

    def initialize(self, name: str | None = None) -> Any:
        """Return which sequences have ended, the first inputs and the first state."""
        raise NotImplementedError

    def step(self, time: Any, inputs: Any, state: Any, name: str | None = None) -> Any:
        """Return outputs, the next state, the next inputs, and which sequences have ended."""
        raise NotImplementedError

    def finalize(self, outputs: Any, final_state: Any, sequence_lengths: Any) -> Any:
        """Return the outputs of all steps, time first, and the last state, as they shall be."""
        raise NotImplementedError


def dynamic_decode(
    decoder: Decoder,
    output_time_major: bool = False,
    impute_finished: bool = False,
    maximum_iterations: Any = None,
    parallel_iterations: int = 32,
    swap_memory: bool = False,
    scope: Any = None,
    **kwargs: Any,
) -> tuple[Any, Any, Any]:
    """Run a decoder until all sequences have ended.

    Args:
        decoder: the decoder.
        output_time_major: whether outputs are [time, batch, ...], not [batch, time, ...].
        impute_finished: whether sequences that have ended have outputs of 0 and keep their state.
        maximum_iterations: how many steps there are at most; None for any number.
        parallel_iterations: see `tf.while_loop`.
        swap_memory: see `tf.while_loop`.
        scope: a variable scope, or its name; `decoder` by default.
        **kwargs: arguments of `initialize`.

    Returns:
        The outputs of all steps, the last state, and how many steps each sequence has.

    Raises:
        TypeError: if `decoder` is no Decoder.
        ValueError: if `maximum_iterations` is no scalar.
    """
    if not isinstance(decoder, Decoder):
        raise TypeError(f"Expected decoder to be type Decoder, but saw: {type(decoder)}")
    with rnn_scope(scope or "decoder"):
        if maximum_iterations is not None:
            maximum_iterations = convert_to_tensor(
                maximum_iterations, int32, name="maximum_iterations"
            )
            if maximum_iterations.shape.ndims != 0:
                raise ValueError("maximum_iterations must be a scalar")
        finished, inputs, state = decoder.initialize(**kwargs)
        if maximum_iterations is not None:
            finished = logical_or(finished, maximum_iterations <= 0)
        loop = _Loop(decoder, impute_finished)
        lengths = zeros_like(finished, dtype=int32)
        _, arrays, final_state, _, _, lengths = while_loop(
            lambda time, arrays, state, inputs, finished, lengths: logical_not(
                reduce_all(finished)
            ),
            loop.body,
            (constant(0, int32), loop.arrays, state, inputs, finished, lengths),
            parallel_iterations=parallel_iterations,
            maximum_iterations=maximum_iterations,
            swap_memory=swap_memory,
        )
        outputs = nest.map_structure(lambda array: array.stack(), arrays)
        with contextlib.suppress(NotImplementedError):  # a decoder need not define it
            outputs, final_state = decoder.finalize(outputs, final_state, lengths)
        if not output_time_major:
            outputs = nest.map_structure(swap_batch_and_time, outputs)
        return outputs, final_state, lengths


class _Loop:
    """The steps of a decoder.

    Args:
        decoder: the decoder.
        impute_finished: whether sequences that have ended have outputs of 0 and keep their state.
    """

    def __init__(self, decoder: Decoder, impute_finished: bool) -> None:
        self.decoder, self.impute_finished = decoder, impute_finished
        batch = decoder.batch_size
        self.zeros = nest.map_structure(
            lambda size, dtype: zeros(sizes(batch, size), dtype),
            decoder.output_size,
            decoder.output_dtype,
        )
        self.arrays = nest.map_structure(
            lambda size, dtype: TensorArray(
                dtype, 0, dynamic_size=True, element_shape=static_sizes(batch, size)
            ),
            decoder.output_size,
            decoder.output_dtype,
        )

    def body(
        self, time: Any, arrays: Any, state: Any, inputs: Any, finished: Any, lengths: Any
    ) -> Any:
        """Run one step."""
        outputs, next_state, next_inputs, ended = self.decoder.step(time, inputs, state)
        if not self.decoder.tracks_own_finished:
            ended = logical_or(ended, finished)
        lengths = where(finished, lengths, fill(shape_of(lengths), time + 1))
        nest.assert_same_structure(state, next_state)
        nest.assert_same_structure(arrays, outputs)
        nest.assert_same_structure(inputs, next_inputs)
        if self.impute_finished:
            outputs = nest.map_structure(
                lambda output, zero: where(finished, zero, output), outputs, self.zeros
            )
            next_state = nest.map_structure(
                lambda new, old: _kept(finished, new, old), next_state, state
            )
        arrays = nest.map_structure(
            lambda array, output: array.write(time, output), arrays, outputs
        )
        return time + 1, arrays, next_state, next_inputs, ended, lengths


def _kept(finished: Any, new: Any, old: Any) -> Any:
    """Return the old state of sequences that have ended; what has no batch is new."""
    if not isinstance(old, Tensor):
        return new
    new.set_shape(old.shape)
    return new if TensorShape(new.shape).ndims == 0 else where(finished, old, new)
