"""What a decoder attends to: a memory, of which each step takes a weighted mean.

    keys         what the weights are computed from: memory_layer(memory)
    values       what the mean is of: the memory, 0 beyond the lengths of its sequences
    score        Bahdanau: v tanh(keys + query_layer(query))        Luong: query keys
    alignments   softmax(score), -inf beyond the lengths

Source: Bahdanau, Cho and Bengio 2014; Luong, Pham and Manning 2015; TensorFlow 1.15's
tf.contrib.seq2seq.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.api.array import expand_dims, reshape, squeeze
from minitf.api.assertions import assert_positive
from minitf.api.constants import ones_like, zeros
from minitf.api.elementary import rsqrt, square, tanh
from minitf.api.framework import control_dependencies, convert_to_tensor, name_scope
from minitf.api.gathering import where
from minitf.api.matmul import matmul
from minitf.api.nn_losses import softmax
from minitf.api.reductions import argmax, reduce_sum
from minitf.api.sequences import one_hot, sequence_mask
from minitf.api.sizes import shape as shape_of
from minitf.dtypes import as_dtype, float32
from minitf.layers.core import Dense
from minitf.rnn.cell import sizes, static_sizes
from minitf.tensor import Tensor
from minitf.variables.initializers import Constant, Ones, Zeros
from minitf.variables.sharing import get_variable, variable_scope


class AttentionMechanism:
    """What AttentionWrapper attends by; see `BahdanauAttention`."""

    @property
    def alignments_size(self) -> Any:
        """How many weights there are."""
        raise NotImplementedError

    @property
    def state_size(self) -> Any:
        """The width of the state."""
        raise NotImplementedError


class LayeredAttention(AttentionMechanism):
    """Attention by the scores of keys.

    Args:
        query_layer: makes of queries what keys are like; None for nothing.
        memory_layer: makes keys of the memory, likewise.
        memory: see `BahdanauAttention`, and so are the following ones.
        function_on_keys: makes keys and values of these.
    """

    def __init__(
        self,
        query_layer: Any,
        memory_layer: Any,
        memory: Any,
        memory_sequence_length: Any,
        probability_fn: Callable[..., Any] | None,
        score_mask_value: Any,
        function_on_keys: Any,
    ) -> None:
        self._query_layer, self._memory_layer = query_layer, memory_layer
        self.dtype = nest.flatten(memory)[0].dtype if memory_layer is None else memory_layer.dtype
        given = softmax if probability_fn is None else probability_fn
        if not callable(given):
            raise TypeError(f"probability_fn must be callable, saw type: {type(given).__name__}")
        hidden = -math.inf if score_mask_value is None else score_mask_value
        with name_scope(None, "BaseAttentionMechanismInit", nest.flatten(memory)):
            lengths = memory_sequence_length
            if lengths is not None:
                lengths = convert_to_tensor(lengths, name="memory_sequence_length")
            self._values = nest.map_structure(lambda each: _within(each, lengths), memory)
            self._keys = self._values if memory_layer is None else memory_layer(self._values)
            if function_on_keys is not None:
                self._keys, self._values = function_on_keys(self._keys, self._values)
            found = self._keys.shape
            whole = shape_of(self._keys)
            self._batch_size = whole[0] if found[0].value is None else found[0].value
            self._alignments_size = whole[1] if found[1].value is None else found[1].value
        self._probability_fn: Callable[..., Any] = lambda score, *before: given(
            _without(score, lengths, hidden), *before
        )

    @property
    def memory_layer(self) -> Any:
        """What makes keys of the memory."""
        return self._memory_layer

    @property
    def query_layer(self) -> Any:
        """What makes of queries what keys are like."""
        return self._query_layer

    @property
    def values(self) -> Any:
        """What a mean is taken of."""
        return self._values

    @property
    def keys(self) -> Any:
        """What weights are computed from."""
        return self._keys

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        return self._batch_size

    @property
    def alignments_size(self) -> Any:
        """How many weights there are: the steps of the memory."""
        return self._alignments_size

    @property
    def state_size(self) -> Any:
        """The width of the state, which is the last weights."""
        return self._alignments_size

    def initial_alignments(self, batch_size: Any, dtype: Any) -> Tensor:
        """Return weights of 0."""
        made = zeros(sizes(batch_size, self._alignments_size), dtype)
        made.set_shape(static_sizes(batch_size, self._alignments_size))
        return made

    def initial_state(self, batch_size: Any, dtype: Any) -> Tensor:
        """Return the first state: weights of 0."""
        return self.initial_alignments(batch_size, dtype)


class BahdanauAttention(LayeredAttention):
    """Additive attention: v tanh(keys + query_layer(query)).

    Args:
        num_units: width of the keys.
        memory: what is attended to, [batch, time, ...].
        memory_sequence_length: int[batch]: how much of the memory is meant; None for all.
        normalize: whether v has a learned length, and a bias is added.
        probability_fn: makes weights of scores; softmax by default.
        score_mask_value: the score beyond the lengths; -inf by default.
        dtype: of the layers; float32 by default.
        custom_key_value_fn: function of keys and values that returns others.
        name: name of the name scope.

    Raises:
        ValueError: if inner sizes of the memory are not known.
    """

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        normalize: bool = False,
        probability_fn: Callable[[Any], Any] | None = None,
        score_mask_value: Any = None,
        dtype: Any = None,
        custom_key_value_fn: Callable[[Any, Any], Any] | None = None,
        name: str = "BahdanauAttention",
    ) -> None:
        kind = as_dtype(dtype or float32)
        super().__init__(
            Dense(num_units, name="query_layer", use_bias=False, dtype=kind),
            Dense(num_units, name="memory_layer", use_bias=False, dtype=kind),
            memory,
            memory_sequence_length,
            probability_fn,
            score_mask_value,
            custom_key_value_fn,
        )
        self._num_units, self._normalize, self._name = num_units, normalize, name

    def __call__(self, query: Any, state: Any) -> tuple[Any, Any]:
        """Return the weights, and the next state, which is the weights too.

        Args:
            query: [batch, depth].
            state: the last weights, which do not matter.
        """
        with variable_scope(None, "bahdanau_attention", [query]):
            alignments = self._probability_fn(self._score(query))
        return alignments, alignments

    def _score(self, query: Any) -> Tensor:
        processed = expand_dims(self._query_layer(query), 1)
        v = get_variable("attention_v", [self._num_units], query.dtype)
        if not self._normalize:
            return reduce_sum(v * tanh(self._keys + processed), [2])
        length = get_variable(
            "attention_g", (), query.dtype, Constant(math.sqrt(1.0 / self._num_units))
        )
        bias = get_variable("attention_b", [self._num_units], query.dtype, Zeros())
        v = length * v * rsqrt(reduce_sum(square(v)))
        return reduce_sum(v * tanh(self._keys + processed + bias), [2])


class LuongAttention(LayeredAttention):
    """Multiplicative attention: query keys.

    Args:
        num_units: width of the keys, which queries must have too.
        memory: see `BahdanauAttention`, and so are the following ones.
        scale: whether scores are multiplied by a learned number.
    """

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        scale: bool = False,
        probability_fn: Callable[[Any], Any] | None = None,
        score_mask_value: Any = None,
        dtype: Any = None,
        custom_key_value_fn: Callable[[Any, Any], Any] | None = None,
        name: str = "LuongAttention",
    ) -> None:
        kind = as_dtype(dtype or float32)
        super().__init__(
            None,
            Dense(num_units, name="memory_layer", use_bias=False, dtype=kind),
            memory,
            memory_sequence_length,
            probability_fn,
            score_mask_value,
            custom_key_value_fn,
        )
        self._num_units, self._scale, self._name = num_units, scale, name

    def __call__(self, query: Any, state: Any) -> tuple[Any, Any]:
        """Return the weights, and the next state, which is the weights too.

        Args:
            query: [batch, num_units].
            state: the last weights, which do not matter.

        Raises:
            ValueError: if queries and keys differ in width.
        """
        with variable_scope(None, "luong_attention", [query]):
            alignments = self._probability_fn(self._score(query))
        return alignments, alignments

    def _score(self, query: Any) -> Tensor:
        depth, wanted = query.shape[-1].value, self._keys.shape[-1].value
        if depth != wanted:
            raise ValueError(
                "Incompatible or unknown inner dimensions between query and keys.  Query "
                f"({query}) has units: {depth}.  Keys ({self._keys}) have units: {wanted}.  "
                f"Perhaps you need to set num_units to the keys' dimension ({wanted})?"
            )
        score = squeeze(matmul(expand_dims(query, 1), self._keys, transpose_b=True), [1])
        return (
            get_variable("attention_g", (), query.dtype, Ones()) * score if self._scale else score
        )


def hardmax(logits: Any, name: str | None = None) -> Tensor:
    """Return 1 where the last axis is greatest, else 0.

    Args:
        logits: a tensor.
        name: name of the name scope.
    """
    with name_scope(name, "Hardmax", [logits]):
        logits = convert_to_tensor(logits, name="logits")
        known = logits.shape[-1].value
        depth = shape_of(logits)[-1] if known is None else known
        return one_hot(argmax(logits, -1), depth, dtype=logits.dtype)


# --- lengths -------------------------------------------------------------------------------------


def _within(memory: Any, lengths: Any) -> Tensor:
    """Return the memory, 0 beyond the lengths."""
    memory = convert_to_tensor(memory, name="memory")
    if not memory.shape[2:].is_fully_defined():
        raise ValueError(
            f"Expected memory {memory.name} to have fully defined inner dims, but saw shape: "
            f"{memory.shape}"
        )
    if lengths is None:
        return memory
    mask = sequence_mask(lengths, maxlen=shape_of(memory)[1], dtype=memory.dtype)
    rank = memory.shape.ndims or 0
    masked = memory * reshape(mask, [*(shape_of(mask)[i] for i in (0, 1)), *[1] * (rank - 2)])
    masked.set_shape(memory.shape)
    return masked


def _without(score: Tensor, lengths: Any, value: Any) -> Tensor:
    """Return the scores, with a value beyond the lengths."""
    if lengths is None:
        return score
    message = "All values in memory_sequence_length must greater than zero."
    with control_dependencies([assert_positive(lengths, message=message)]):
        mask = sequence_mask(lengths, maxlen=shape_of(score)[1])
        return where(mask, score, value * ones_like(score))
