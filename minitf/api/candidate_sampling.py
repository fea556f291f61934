"""Losses over many classes that compare the true ones with a few sampled ones.

A full softmax over a large vocabulary multiplies each example with the weights of all words.  These
losses take the rows of the true classes and of some sampled ones only, and correct the scores by
how often each class is expected among the sampled.

Source: OSDI §4.2, §6.4 (sampled softmax); Jean et al. (2015); Gutmann and Hyvarinen, "Noise
contrastive estimation" (2010); TensorFlow 1.15's functions of the same names in tf.nn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import ops
from minitf.api.array import concat, expand_dims, reshape, slice, stack
from minitf.api.casting import cast
from minitf.api.constants import ones, ones_like, zeros_like
from minitf.api.control import stop_gradient
from minitf.api.elementary import log
from minitf.api.framework import name_scope
from minitf.api.math import multiply
from minitf.api.matmul import matmul
from minitf.api.nn_embedding import embedding_lookup
from minitf.api.nn_losses import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
)
from minitf.api.old_orders import inputs_first, warn_of_old_order
from minitf.api.random import seeds_of
from minitf.api.sizes import shape
from minitf.dtypes import int32, int64
from minitf.tensor import Tensor

# --- samplers ------------------------------------------------------------------------------------


def uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Draw classes, all equally likely.

    Args:
        true_classes: int64[batch, num_true], the classes of each example.
        num_true: how many each has.
        num_sampled: how many to draw.
        unique: whether all that are drawn must differ.
        range_max: classes are numbered from 0 to range_max - 1.
        seed: of this operation; see `tf.set_random_seed`.
        name: name of the operation.

    Returns:
        sampled_candidates: int64[num_sampled].
        true_expected_count: float32[batch, num_true], how often each is expected to be drawn.
        sampled_expected_count: float32[num_sampled].
    """
    given = _given(num_true, num_sampled, unique, seed, name)
    return ops.uniform_candidate_sampler_op(true_classes, range_max=range_max, **given)


def log_uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Draw classes by Zipf's law; for classes numbered by falling frequency.

    Arguments and results as of `uniform_candidate_sampler`.
    """
    given = _given(num_true, num_sampled, unique, seed, name)
    return ops.log_uniform_candidate_sampler_op(true_classes, range_max=range_max, **given)


def learned_unigram_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Draw classes by how often each was a true class in the runs before.

    Arguments and results as of `uniform_candidate_sampler`.
    """
    given = _given(num_true, num_sampled, unique, seed, name)
    return ops.learned_unigram_candidate_sampler_op(true_classes, range_max=range_max, **given)


def fixed_unigram_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    vocab_file: str = "",
    distortion: float = 1.0,
    num_reserved_ids: int = 0,
    num_shards: int = 1,
    shard: int = 0,
    unigrams: Sequence[float] = (),
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Draw classes with probabilities that are given.

    Args:
        true_classes: int64[batch, num_true], the classes of each example.
        num_true: how many each has.
        num_sampled: how many to draw.
        unique: whether all that are drawn must differ.
        range_max: how many classes there are.
        vocab_file: a file with a line per class, whose last field behind a comma is its weight.
        distortion: the power that weights are raised to.
        num_reserved_ids: classes before the given ones, with weight 0.
        num_shards: of how many parts of the classes this is one.
        shard: which.
        unigrams: the weights, where there is no file.
        seed: of this operation; see `tf.set_random_seed`.
        name: name of the operation.

    Returns:
        As `uniform_candidate_sampler`.
    """
    return ops.fixed_unigram_candidate_sampler_op(
        true_classes,
        range_max=range_max,
        vocab_file=vocab_file,
        distortion=distortion,
        num_reserved_ids=num_reserved_ids,
        num_shards=num_shards,
        shard=shard,
        unigrams=tuple(unigrams),
        **_given(num_true, num_sampled, unique, seed, name),
    )


def all_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Give all `num_sampled` classes, expected once each: for tests.

    Arguments and results as of `uniform_candidate_sampler`.
    """
    given = _given(num_true, num_sampled, unique, seed, name)
    return ops.all_candidate_sampler_op(true_classes, **given)


def _given(
    num_true: int, num_sampled: int, unique: bool, seed: int | None, name: str | None
) -> dict[str, Any]:
    sizes = {"num_true": num_true, "num_sampled": num_sampled, "unique": unique}
    return {**sizes, **seeds_of(seed), "name": name}


def compute_accidental_hits(
    true_classes: Any,
    sampled_candidates: Any,
    num_true: int,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Find sampled classes that are true classes of an example.

    Args:
        true_classes: int64[batch, num_true].
        sampled_candidates: int64[num_sampled].
        num_true: how many classes each example has.
        seed: without effect.
        name: name of the operation.

    Returns:
        indices: int32[hits], the example.
        ids: int64[hits], the position among the sampled classes.
        weights: float32[hits], the least float each.
    """
    return ops.compute_accidental_hits_op(
        true_classes, sampled_candidates, num_true=num_true, **seeds_of(seed), name=name
    )


# --- losses --------------------------------------------------------------------------------------


def nce_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = False,
    partition_strategy: str = "mod",
    name: str = "nce_loss",
) -> Tensor:
    """Return the loss of telling each example's true classes from sampled ones, by noise contrast.

    Args:
        weights: float[num_classes, D], or a list of its parts.
        biases: float[num_classes].
        labels: int64[batch, num_true], the true classes.
        inputs: float[batch, D].
        num_sampled: how many classes to sample for the batch.
        num_classes: how many there are.
        num_true: how many true classes each example has.
        sampled_values: what a sampler gave; by default the log-uniform sampler is asked.
        remove_accidental_hits: whether sampled classes that are true ones are left out.
        partition_strategy: how the rows are dealt out to the parts: "mod" or "div".
        name: name scope of the operations.

    Returns:
        float[batch], per example the sum of its sigmoids' cross entropies.
    """
    logits, targets = sampled_logits(
        (weights, biases, labels, inputs),
        (num_sampled, num_classes, num_true, None),
        sampled_values,
        partition_strategy,
        name,
        removes_hits=remove_accidental_hits,
    )
    losses = sigmoid_cross_entropy_with_logits(labels=targets, logits=logits, name="sampled_losses")
    return _row_sums(losses)


def sampled_softmax_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = True,
    partition_strategy: str = "mod",
    name: str = "sampled_softmax_loss",
    seed: int | None = None,
) -> Tensor:
    """Return the cross entropy of a softmax over each example's true classes and sampled ones.

    An estimate of the full softmax's loss, for training; predictions need the full softmax.

    Args:
        weights: float[num_classes, D], or a list of its parts.
        biases: float[num_classes].
        labels: int64[batch, num_true], the true classes.
        inputs: float[batch, D].
        num_sampled: how many classes to sample for the batch.
        num_classes: how many there are.
        num_true: how many true classes each example has.
        sampled_values: what a sampler gave; by default the log-uniform sampler is asked.
        remove_accidental_hits: whether sampled classes that are true ones are left out.
        partition_strategy: how the rows are dealt out to the parts: "mod" or "div".
        name: name scope of the operations.
        seed: of the sampler.

    Returns:
        float[batch].
    """
    logits, targets = sampled_logits(
        (weights, biases, labels, inputs),
        (num_sampled, num_classes, num_true, seed),
        sampled_values,
        partition_strategy,
        name,
        removes_hits=remove_accidental_hits,
    )
    targets = stop_gradient(targets, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels=targets, logits=logits)


def sampled_logits(
    operands: tuple[Any, Any, Any, Any],
    sampling: tuple[int, int, int, int | None],
    sampled_values: Any,
    partition_strategy: str,
    name: str | None,
    *,
    removes_hits: bool,
    subtracts_log_q: bool = True,
) -> tuple[Tensor, Tensor]:
    """Return scores of the true and the sampled classes side by side, and what they should be.

    Args:
        operands: weights, biases, labels, inputs.
        sampling: num_sampled, num_classes, num_true, seed.
        sampled_values: what a sampler gave, or None.
        partition_strategy: of the weights.
        name: name scope of the operations.
        removes_hits: whether the score of a sampled class that is a true one becomes -inf.
        subtracts_log_q: whether how often a class is sampled counts.
    """
    weights, biases, labels, inputs = operands
    if inputs_first(labels, inputs):
        warn_of_old_order(
            name or "sampled loss", "inputs, labels", "name them: labels=..., inputs=...", 4
        )
        labels, inputs = inputs, labels
    num_sampled, num_classes, num_true, seed = sampling
    weights = list(weights) if hasattr(weights, "as_tensor") else weights
    weights = weights if isinstance(weights, list) else [weights]
    with name_scope(name, "compute_sampled_logits", [*weights, biases, inputs, labels]):
        labels = cast(labels, int64)
        flat = reshape(labels, [-1])
        if sampled_values is None:
            sampled_values = log_uniform_candidate_sampler(
                labels, num_true, num_sampled, unique=True, range_max=num_classes, seed=seed
            )
        sampled, true_count, sampled_count = (stop_gradient(each) for each in sampled_values)
        sampled = cast(sampled, int64)
        classes = concat([flat, sampled], 0)
        rows = cast(embedding_lookup(weights, classes, partition_strategy), inputs.dtype)
        true_rows = slice(rows, [0, 0], stack([shape(flat)[0], -1]))
        sampled_rows = slice(rows, stack([shape(flat)[0], 0]), [-1, -1])
        sampled_scores = matmul(inputs, sampled_rows, transpose_b=True)
        offsets = cast(embedding_lookup(biases, classes, partition_strategy), inputs.dtype)
        true_offsets = slice(offsets, [0], shape(flat))
        sampled_offsets = slice(offsets, shape(flat), [-1])

        width = shape(true_rows)[1:2]
        per_example = concat([[-1, num_true], width], 0)
        products = multiply(expand_dims(inputs, 1), reshape(true_rows, per_example))
        products = reshape(products, concat([[-1], width], 0))
        true_scores = reshape(_row_sums(products), [-1, num_true])
        true_scores += reshape(true_offsets, [-1, num_true])
        sampled_scores += sampled_offsets
        if removes_hits:
            sampled_scores += _hit_penalties(labels, sampled, num_true, num_sampled, sampled_scores)
        if subtracts_log_q:
            true_scores -= log(true_count)
            sampled_scores -= log(sampled_count)
        scores = concat([true_scores, sampled_scores], 1)
        targets = [ones_like(true_scores) / num_true, zeros_like(sampled_scores)]
        return scores, concat(targets, 1)


def _hit_penalties(
    labels: Tensor, sampled: Tensor, num_true: int, num_sampled: int, scores: Tensor
) -> Tensor:
    """Return the least float where a sampled class is a true one of the example, 0 elsewhere."""
    examples, places, penalties = compute_accidental_hits(labels, sampled, num_true)
    examples = reshape(examples, [-1, 1])
    places = reshape(cast(places, int32), [-1, 1])
    coordinates = concat([examples, places], 1, "sparse_indices")
    sizes = concat([shape(labels)[:1], expand_dims(num_sampled, 0)], 0)
    penalties = cast(penalties, scores.dtype)
    return ops.sparse_to_dense_op(coordinates, sizes, penalties, 0.0, validate_indices=False)


def _row_sums(x: Tensor) -> Tensor:
    """Return the sum of each row, as a product with ones."""
    column = ones(stack([shape(x)[1], 1]), x.dtype)
    return reshape(matmul(x, column), [-1])
