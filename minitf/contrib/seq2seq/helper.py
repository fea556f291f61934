"""Helpers: what a decoder's cell takes next, and which sequences have ended.

    TrainingHelper           the right inputs, whatever the cell gave
    GreedyEmbeddingHelper    the vector of the symbol with the greatest score
    SampleEmbeddingHelper    the vector of a symbol drawn by the scores
    InferenceHelper          what a function makes of the outputs
    CustomHelper             what functions say

Source: TensorFlow 1.15's tf.contrib.seq2seq.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.api.array import tile
from minitf.api.casting import cast
from minitf.api.comparison import equal
from minitf.api.constants import zeros_like
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.nn_embedding import embedding_lookup
from minitf.api.random import categorical
from minitf.api.reductions import argmax, reduce_all
from minitf.api.sizes import shape as shape_of
from minitf.api.sizes import size
from minitf.control_flow.cond import cond
from minitf.dtypes import int32
from minitf.rnn.steps import swap_batch_and_time
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_shape import TensorShape


class Helper:
    """What a decoder asks at each step; subclasses define everything."""

    @property
    def batch_size(self) -> Any:
        """How many sequences there are: a tensor."""
        raise NotImplementedError("batch_size has not been implemented")

    @property
    def sample_ids_shape(self) -> Any:
        """The shape of `sample`'s results without the batch."""
        raise NotImplementedError("sample_ids_shape has not been implemented")

    @property
    def sample_ids_dtype(self) -> Any:
        """The type of `sample`'s results."""
        raise NotImplementedError("sample_ids_dtype has not been implemented")

    def initialize(self, name: str | None = None) -> Any:
        """Return which sequences have ended, and the first inputs."""
        raise NotImplementedError("initialize has not been implemented")

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """Return what the outputs of a step say."""
        raise NotImplementedError("sample has not been implemented")

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> Any:
        """Return which sequences have ended, the next inputs and the next state."""
        raise NotImplementedError("next_inputs has not been implemented")


class CustomHelper(Helper):
    """Does what functions say.

    Args:
        initialize_fn: returns which sequences have ended, and the first inputs.
        sample_fn: function of `time`, `outputs` and `state`: samples.
        next_inputs_fn: function of these and `sample_ids`: which sequences have ended, the next
            inputs and the next state.
        sample_ids_shape: shape of the samples without the batch; scalars by default.
        sample_ids_dtype: their type; int32 by default.
    """

    def __init__(
        self,
        initialize_fn: Callable[..., Any],
        sample_fn: Callable[..., Any],
        next_inputs_fn: Callable[..., Any],
        sample_ids_shape: Any = None,
        sample_ids_dtype: Any = None,
    ) -> None:
        self._initialize_fn, self._sample_fn = initialize_fn, sample_fn
        self._next_inputs_fn = next_inputs_fn
        self._batch_size: Any = None
        self._sample_ids_shape = TensorShape(sample_ids_shape or [])
        self._sample_ids_dtype = sample_ids_dtype or int32

    @property
    def batch_size(self) -> Any:
        """How many sequences there are.

        Raises:
            ValueError: before `initialize` was called.
        """
        if self._batch_size is None:
            raise ValueError("batch_size accessed before initialize was called")
        return self._batch_size

    @property
    def sample_ids_shape(self) -> Any:
        """The shape of the samples without the batch."""
        return self._sample_ids_shape

    @property
    def sample_ids_dtype(self) -> Any:
        """The type of the samples."""
        return self._sample_ids_dtype

    def initialize(self, name: str | None = None) -> Any:
        """Return which sequences have ended, and the first inputs."""
        with name_scope(name, "CustomHelperInitialize"):
            finished, next_inputs = self._initialize_fn()
            if self._batch_size is None:
                self._batch_size = size(finished)
        return finished, next_inputs

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """Return what the outputs of a step say."""
        with name_scope(name, "CustomHelperSample", nest.flatten((time, outputs, state))):
            return self._sample_fn(time=time, outputs=outputs, state=state)

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> Any:
        """Return which sequences have ended, the next inputs and the next state."""
        with name_scope(name, "CustomHelperNextInputs", nest.flatten((time, outputs, state))):
            return self._next_inputs_fn(
                time=time, outputs=outputs, state=state, sample_ids=sample_ids
            )


class TrainingHelper(Helper):
    """Gives the right inputs, up to the lengths of the sequences.

    Args:
        inputs: a tensor [batch, time, ...], or a structure of them.
        sequence_length: int[batch]: how many inputs each sequence has.
        time_major: whether inputs are [time, batch, ...].
        name: name of the name scope.

    Raises:
        ValueError: if the lengths are no vector.
    """

    def __init__(
        self, inputs: Any, sequence_length: Any, time_major: bool = False, name: str | None = None
    ) -> None:
        with name_scope(name, "TrainingHelper", [*nest.flatten(inputs), sequence_length]):
            inputs = nest.map_structure(convert_to_tensor, inputs)
            self._inputs = inputs
            if not time_major:
                inputs = nest.map_structure(swap_batch_and_time, inputs)
            self._input_tas = nest.map_structure(_unstacked, inputs)
            self._sequence_length = convert_to_tensor(sequence_length, name="sequence_length")
            if self._sequence_length.shape.ndims != 1:
                raise ValueError(
                    "Expected sequence_length to be a vector, but received shape: "
                    f"{self._sequence_length.shape}"
                )
            self._zero_inputs = nest.map_structure(lambda x: zeros_like(x[0, :]), inputs)
            self._batch_size = size(self._sequence_length)

    @property
    def inputs(self) -> Any:
        """The inputs as they were given."""
        return self._inputs

    @property
    def sequence_length(self) -> Any:
        """How many inputs each sequence has."""
        return self._sequence_length

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        return self._batch_size

    @property
    def sample_ids_shape(self) -> Any:
        """The shape of the samples without the batch."""
        return TensorShape([])

    @property
    def sample_ids_dtype(self) -> Any:
        """The type of the samples."""
        return int32

    def initialize(self, name: str | None = None) -> Any:
        """Return which sequences are empty, and the first inputs."""
        with name_scope(name, "TrainingHelperInitialize"):
            finished = equal(0, self._sequence_length)
            return finished, self._inputs_at(0, reduce_all(finished))

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """Return the symbols with the greatest scores, which nothing depends on."""
        with name_scope(name, "TrainingHelperSample", [time, outputs]):
            return cast(argmax(outputs, axis=-1), int32)

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> Any:
        """Return which sequences have ended, the next inputs and the state."""
        with name_scope(name, "TrainingHelperNextInputs", [time, outputs]):
            next_time = time + 1
            finished = next_time >= self._sequence_length
            return finished, self._inputs_at(next_time, reduce_all(finished)), state

    def _inputs_at(self, time: Any, all_finished: Any) -> Any:
        """Return the inputs of a step; zeros once all sequences have ended."""
        return cond(
            all_finished,
            lambda: self._zero_inputs,
            lambda: nest.map_structure(lambda array: array.read(time), self._input_tas),
        )


def _unstacked(inputs: Tensor) -> TensorArray:
    array = TensorArray(inputs.dtype, shape_of(inputs)[0], element_shape=inputs.shape[1:])
    return array.unstack(inputs)


class GreedyEmbeddingHelper(Helper):
    """Gives the vector of the symbol with the greatest score, until that is the end token.

    Args:
        embedding: a function of symbols, or the table of their vectors.
        start_tokens: int[batch]: the first symbols.
        end_token: the symbol that ends a sequence.

    Raises:
        ValueError: if the shapes are others.
    """

    def __init__(self, embedding: Any, start_tokens: Any, end_token: Any) -> None:
        self._embedding_fn = embedding_function(embedding)
        self._start_tokens = convert_to_tensor(start_tokens, int32, name="start_tokens")
        self._end_token = convert_to_tensor(end_token, int32, name="end_token")
        if self._start_tokens.shape.ndims != 1:
            raise ValueError("start_tokens must be a vector")
        self._batch_size = size(self._start_tokens)
        if self._end_token.shape.ndims != 0:
            raise ValueError("end_token must be a scalar")
        self._start_inputs = self._embedding_fn(self._start_tokens)

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        return self._batch_size

    @property
    def sample_ids_shape(self) -> Any:
        """The shape of the samples without the batch."""
        return TensorShape([])

    @property
    def sample_ids_dtype(self) -> Any:
        """The type of the samples."""
        return int32

    def initialize(self, name: str | None = None) -> Any:
        """Return that no sequence has ended, and the vectors of the first symbols."""
        return tile([False], [self._batch_size]), self._start_inputs

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """Return the symbols with the greatest scores.

        Raises:
            TypeError: if the outputs are no tensor.
        """
        _check_tensor(outputs)
        return argmax(outputs, axis=-1, output_type=int32)

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> Any:
        """Return which sequences have ended, the vectors of the symbols and the state."""
        finished = equal(sample_ids, self._end_token)
        # once all have ended, nothing is looked up
        next_inputs = cond(
            reduce_all(finished),
            lambda: self._start_inputs,
            lambda: self._embedding_fn(sample_ids),
        )
        return finished, next_inputs, state


class SampleEmbeddingHelper(GreedyEmbeddingHelper):
    """Gives the vector of a symbol that is drawn by its score, until that is the end token.

    Args:
        embedding: see `GreedyEmbeddingHelper`, and so are the following ones.
        softmax_temperature: what scores are divided by: small for sure choices; None for 1.
        seed: of the random numbers.
    """

    def __init__(
        self,
        embedding: Any,
        start_tokens: Any,
        end_token: Any,
        softmax_temperature: Any = None,
        seed: int | None = None,
    ) -> None:
        super().__init__(embedding, start_tokens, end_token)
        self._softmax_temperature, self._seed = softmax_temperature, seed

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """Return symbols drawn by their scores.

        Raises:
            TypeError: if the outputs are no tensor.
        """
        _check_tensor(outputs)
        scores = outputs
        if self._softmax_temperature is not None:
            scores = outputs / self._softmax_temperature
        return categorical(scores, 1, dtype=int32, seed=self._seed)[:, 0]


class InferenceHelper(Helper):
    """Gives what functions make of the outputs.

    Args:
        sample_fn: function of the outputs: samples.
        sample_shape: their shape without the batch.
        sample_dtype: their type.
        start_inputs: the first inputs.
        end_fn: function of samples that tells which sequences have ended.
        next_inputs_fn: function of samples: the next inputs; by default the samples themselves.
    """

    def __init__(
        self,
        sample_fn: Callable[[Any], Any],
        sample_shape: Any,
        sample_dtype: Any,
        start_inputs: Any,
        end_fn: Callable[[Any], Any],
        next_inputs_fn: Callable[[Any], Any] | None = None,
    ) -> None:
        self._sample_fn, self._end_fn = sample_fn, end_fn
        self._next_inputs_fn = next_inputs_fn
        self._sample_shape, self._sample_dtype = TensorShape(sample_shape), sample_dtype
        self._start_inputs = convert_to_tensor(start_inputs, name="start_inputs")
        self._batch_size = shape_of(self._start_inputs)[0]

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        return self._batch_size

    @property
    def sample_ids_shape(self) -> Any:
        """The shape of the samples without the batch."""
        return self._sample_shape

    @property
    def sample_ids_dtype(self) -> Any:
        """The type of the samples."""
        return self._sample_dtype

    def initialize(self, name: str | None = None) -> Any:
        """Return that no sequence has ended, and the first inputs."""
        return tile([False], [self._batch_size]), self._start_inputs

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """Return the samples."""
        return self._sample_fn(outputs)

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> Any:
        """Return which sequences have ended, the next inputs and the state."""
        given = sample_ids if self._next_inputs_fn is None else self._next_inputs_fn(sample_ids)
        return self._end_fn(sample_ids), given, state


def embedding_function(embedding: Any) -> Callable[[Any], Any]:
    """Return a function from symbols to their vectors: itself, or by a table."""
    if callable(embedding):
        found: Callable[[Any], Any] = embedding
        return found
    return lambda ids: embedding_lookup(embedding, ids)


def _check_tensor(outputs: Any) -> None:
    if not isinstance(outputs, Tensor):
        raise TypeError(f"Expected outputs to be a single Tensor, got: {type(outputs)}")
