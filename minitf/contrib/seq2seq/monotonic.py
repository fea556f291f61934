"""Attention that moves through a memory in one direction.

At each step a decoder goes on from the place that it attended to, and stops at place i with
probability p_i; the weights are the probabilities of where it stops:

    q_i = (1 - p_{i-1}) q_{i-1} + before_i,   weight_i = p_i q_i

"recursive" computes just that, "parallel" by products and sums of all places at once (inexact where
p is near 1), "hard" for p of 0 and 1.

Source: Raffel, Luong, Liu, Weiss and Eck 2017; TensorFlow 1.15's tf.contrib.seq2seq.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.api.array import concat, transpose
from minitf.api.casting import cast
from minitf.api.clipping import clip_by_value
from minitf.api.constants import ones, zeros
from minitf.api.elementary import exp, log, sigmoid
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.random import random_normal
from minitf.api.reductions import cumprod, cumsum
from minitf.api.sequences import one_hot
from minitf.api.sizes import shape as shape_of
from minitf.contrib.seq2seq.attention import BahdanauAttention, LuongAttention
from minitf.dtypes import int32
from minitf.functional.scanning import scan
from minitf.tensor import Tensor
from minitf.variables.initializers import Constant
from minitf.variables.sharing import get_variable, variable_scope


def safe_cumprod(x: Any, *args: Any, **kwargs: Any) -> Tensor:
    """Return the products of all elements before, as exp of a sum of logarithms.

    Args:
        x: numbers in [0, 1]; those below the least normal one are taken for it.
        *args: of `tf.cumsum`: `axis`, `exclusive`, `reverse`, `name`.
        **kwargs: likewise.
    """
    with name_scope(None, "SafeCumprod", [x]):
        x = convert_to_tensor(x, name="x")
        least = np.finfo(x.dtype.as_numpy_dtype).tiny
        return exp(cumsum(log(clip_by_value(x, least, 1)), *args, **kwargs))


def monotonic_attention(p_choose_i: Any, previous_attention: Any, mode: str) -> Tensor:
    """Return where a step stops, from where the one before did.

    Args:
        p_choose_i: float[batch, time]: the probability to stop at a place that is reached.
        previous_attention: float[batch, time]: the weights of the step before.
        mode: "recursive", "parallel" or "hard"; see the module.

    Raises:
        ValueError: if it is none of them.
    """
    p = convert_to_tensor(p_choose_i, name="p_choose_i")
    before = convert_to_tensor(previous_attention, name="previous_attention")
    if mode == "recursive":
        batch = p.shape[0].value or shape_of(p)[0]
        passed = concat([ones((batch, 1), p.dtype), 1 - p[:, :-1]], 1)
        reached = scan(
            lambda q, of_place: of_place[0] * q + of_place[1],
            [transpose(passed), transpose(before)],
            zeros((batch,), p.dtype),
        )
        attention = p * transpose(reached)
    elif mode == "parallel":
        passed = safe_cumprod(1 - p, axis=1, exclusive=True)
        sums = cumsum(before / clip_by_value(passed, 1e-10, 1.0), axis=1)
        attention = p * passed * sums
    elif mode == "hard":
        p = p * cumsum(before, axis=1)
        attention = p * cumprod(1 - p, axis=1, exclusive=True)
    else:
        raise ValueError("mode must be 'recursive', 'parallel', or 'hard'.")
    attention.set_shape(before.shape.merge_with(p.shape))
    return attention


def _stopping(noise: float, seed: int | None, mode: str) -> Callable[[Any, Any], Tensor]:
    """Return a function from scores and the weights before to weights."""

    def weights(score: Any, before: Any) -> Tensor:
        if noise > 0:
            drawn = random_normal(shape_of(score), dtype=score.dtype, seed=seed)
            score += noise * drawn
        p = cast(score > 0, score.dtype) if mode == "hard" else sigmoid(score)
        return monotonic_attention(p, before, mode)

    return weights


class _Monotonic:
    """What the kinds share: a bias of the scores, and weights that begin at the first place."""

    scope: str
    _score: Callable[[Any], Any]
    _probability_fn: Callable[..., Any]
    _alignments_size: Any
    _first_bias: float

    def __call__(self, query: Any, state: Any) -> tuple[Any, Any]:
        """Return the weights, and the next state, which is the weights too.

        Args:
            query: [batch, depth].
            state: the last weights.
        """
        with variable_scope(None, self.scope, [query]):
            score = self._score(query)
            bias = get_variable("attention_score_bias", (), query.dtype, Constant(self._first_bias))
            alignments = self._probability_fn(score + bias, state)
        return alignments, alignments

    def initial_alignments(self, batch_size: Any, dtype: Any) -> Tensor:
        """Return weights that are 1 at the first place."""
        return one_hot(zeros((batch_size,), int32), self._alignments_size, dtype=dtype)


class BahdanauMonotonicAttention(_Monotonic, BahdanauAttention):
    """Monotonic attention by additive scores; see `BahdanauAttention`.

    Args:
        num_units: width of the keys.
        memory: what is attended to, [batch, time, ...].
        memory_sequence_length: int[batch]: how much of the memory is meant; None for all.
        normalize: whether v has a learned length, and a bias is added.
        score_mask_value: the score beyond the lengths; -inf by default.
        sigmoid_noise: deviation of the noise that is added to scores, so that they grow.
        sigmoid_noise_seed: of the noise.
        score_bias_init: where the bias of the scores begins; low for long memories.
        mode: see `monotonic_attention`.
        dtype: of the layers; float32 by default.
        name: name of the name scope.

    Source: Raffel et al. 2017.
    """

    scope = "bahdanau_monotonic_attention"

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        normalize: bool = False,
        score_mask_value: Any = None,
        sigmoid_noise: float = 0.0,
        sigmoid_noise_seed: int | None = None,
        score_bias_init: float = 0.0,
        mode: str = "parallel",
        dtype: Any = None,
        name: str = "BahdanauMonotonicAttention",
    ) -> None:
        super().__init__(
            num_units,
            memory,
            memory_sequence_length,
            normalize,
            _stopping(sigmoid_noise, sigmoid_noise_seed, mode),  # type: ignore[arg-type]
            score_mask_value,
            dtype,
            name=name,
        )
        self._first_bias = score_bias_init


class LuongMonotonicAttention(_Monotonic, LuongAttention):
    """Monotonic attention by multiplicative scores; see `LuongAttention`.

    Args:
        num_units: width of the keys, which queries must have too.
        memory: see `BahdanauMonotonicAttention`, and so are the following ones.
        scale: whether scores are multiplied by a learned number.

    Source: Raffel et al. 2017.
    """

    scope = "luong_monotonic_attention"

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        scale: bool = False,
        score_mask_value: Any = None,
        sigmoid_noise: float = 0.0,
        sigmoid_noise_seed: int | None = None,
        score_bias_init: float = 0.0,
        mode: str = "parallel",
        dtype: Any = None,
        name: str = "LuongMonotonicAttention",
    ) -> None:
        super().__init__(
            num_units,
            memory,
            memory_sequence_length,
            scale,
            _stopping(sigmoid_noise, sigmoid_noise_seed, mode),  # type: ignore[arg-type]
            score_mask_value,
            dtype,
            name=name,
        )
        self._first_bias = score_bias_init
