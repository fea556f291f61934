"""Scheduled sampling: in training, sometimes the network's own outputs go in, not the right inputs.

    ScheduledEmbeddingTrainingHelper    the vector of a symbol drawn by the scores
    ScheduledOutputTrainingHelper       the outputs themselves, or what a layer makes of them

Source: Bengio et al. 2015, "Scheduled sampling"; TensorFlow 1.15's tf.contrib.seq2seq.
"""

from __future__ import annotations

from typing import Any

from minitf import nest
from minitf.api.array import concat
from minitf.api.casting import cast
from minitf.api.comparison import greater_equal
from minitf.api.constants import fill
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.gathering import gather_nd, scatter_nd, where
from minitf.api.random import categorical, random_uniform
from minitf.api.reductions import reduce_all
from minitf.api.sizes import shape as shape_of
from minitf.contrib.seq2seq.helper import TrainingHelper, embedding_function
from minitf.control_flow.cond import cond
from minitf.dtypes import int32
from minitf.layers.base import Layer
from minitf.rnn.steps import swap_batch_and_time


def _chosen(batch_size: Any, probability: Any, seed: int | None) -> Any:
    """Return which sequences are chosen, each with the same probability."""
    return random_uniform([batch_size], seed=seed) < probability


def _check_probability(sampling_probability: Any) -> Any:
    probability = convert_to_tensor(sampling_probability, name="sampling_probability")
    if probability.shape.ndims not in (0, 1):
        raise ValueError(
            "sampling_probability must be either a scalar or a vector. saw shape: "
            f"{probability.shape}"
        )
    return probability


class ScheduledEmbeddingTrainingHelper(TrainingHelper):
    """Gives the right inputs, or at random the vectors of symbols drawn by their scores.

    Args:
        inputs: see `TrainingHelper`, and so are the following ones.
        embedding: a function of symbols, or the table of their vectors.
        sampling_probability: how often it is a drawn symbol: one number, or one for each sequence.
        seed: of the random symbols.
        scheduling_seed: of the choice where they are used.

    Raises:
        ValueError: if the shapes are others.
    """

    def __init__(
        self,
        inputs: Any,
        sequence_length: Any,
        embedding: Any,
        sampling_probability: Any,
        time_major: bool = False,
        seed: int | None = None,
        scheduling_seed: int | None = None,
        name: str | None = None,
    ) -> None:
        with name_scope(
            name, "ScheduledEmbeddingSamplingWrapper", [embedding, sampling_probability]
        ):
            self._embedding_fn = embedding_function(embedding)
            self._sampling_probability = _check_probability(sampling_probability)
            self._seed, self._scheduling_seed = seed, scheduling_seed
            super().__init__(inputs, sequence_length, time_major)

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """Return symbols drawn by their scores where that was chosen, else -1."""
        with name_scope(name, "ScheduledEmbeddingTrainingHelperSample", [time, outputs, state]):
            chosen = _chosen(self.batch_size, self._sampling_probability, self._scheduling_seed)
            drawn = categorical(outputs, 1, dtype=int32, seed=self._seed)[:, 0]
            return where(chosen, drawn, fill([self.batch_size], -1))

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> Any:
        """Return which sequences have ended, the next inputs and the state."""
        with name_scope(
            name, "ScheduledEmbeddingTrainingHelperNextInputs", [time, outputs, sample_ids]
        ):
            finished, right, state = super().next_inputs(time, outputs, state, sample_ids)

            def mixed() -> Any:
                drawn = where(sample_ids > -1)
                vectors = self._embedding_fn(gather_nd(sample_ids, drawn))
                return _mixed(sample_ids > -1, right, drawn, vectors)

            return finished, cond(reduce_all(finished), lambda: right, mixed), state


class ScheduledOutputTrainingHelper(TrainingHelper):
    """Gives the right inputs, or at random the outputs.

    Args:
        inputs: see `TrainingHelper`, and so are the following ones.
        sampling_probability: how often it is the outputs.
        seed: of the random choice.
        next_inputs_fn: a layer that makes inputs of outputs; None if they are of one kind.
        auxiliary_inputs: what is put beside the outputs: a tensor like `inputs`, or a structure.

    Raises:
        ValueError: if the shapes are others.
        TypeError: if `next_inputs_fn` is no layer.
    """

    def __init__(
        self,
        inputs: Any,
        sequence_length: Any,
        sampling_probability: Any,
        time_major: bool = False,
        seed: int | None = None,
        next_inputs_fn: Any = None,
        auxiliary_inputs: Any = None,
        name: str | None = None,
    ) -> None:
        with name_scope(
            name, "ScheduledOutputTrainingHelper", [inputs, auxiliary_inputs, sampling_probability]
        ):
            self._sampling_probability = _check_probability(sampling_probability)
            self._seed = seed
            self._beside: Any = None
            if auxiliary_inputs is not None:
                if nest.is_nested(inputs):
                    raise ValueError("inputs must be a Tensor, but saw a structure of them.")
                beside = convert_to_tensor(auxiliary_inputs)
                self._beside = beside if time_major else swap_batch_and_time(beside)
                inputs = concat([convert_to_tensor(inputs), beside], -1)
            if next_inputs_fn is not None and not isinstance(next_inputs_fn, Layer):
                raise TypeError(f"next_inputs_fn must be a Layer, received: {type(next_inputs_fn)}")
            self._next_inputs_fn = next_inputs_fn
            super().__init__(inputs, sequence_length, time_major)

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """Return 1 for sequences whose outputs go in, else 0."""
        with name_scope(name, "ScheduledOutputTrainingHelperSample", [time, outputs, state]):
            chosen = _chosen(self.batch_size, self._sampling_probability, self._seed)
            return cast(chosen, int32)

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> Any:
        """Return which sequences have ended, the next inputs and the state."""
        with name_scope(
            name, "ScheduledOutputTrainingHelperNextInputs", [time, outputs, sample_ids]
        ):
            finished, right, state = super().next_inputs(time, outputs, state, sample_ids)

            def mixed() -> Any:
                chosen = greater_equal(sample_ids, 1)
                places = where(chosen)
                given = gather_nd(outputs, places)
                if self._next_inputs_fn is not None:
                    given = self._next_inputs_fn(given)
                if self._beside is not None:
                    given = concat([given, gather_nd(self._beside[time + 1], places)], -1)
                return _mixed(chosen, right, places, given)

            return finished, cond(reduce_all(finished), lambda: right, mixed), state


def _mixed(chosen: Any, right: Any, places: Any, rows: Any) -> Any:
    """Return the right inputs with other rows in some places."""
    sizes = shape_of(right)
    spread = scatter_nd(cast(places, sizes.dtype), rows, sizes)
    mixed = where(chosen, spread, right)
    mixed.set_shape(right.shape)
    return mixed
