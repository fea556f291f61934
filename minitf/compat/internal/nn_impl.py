"""What `tensorflow.python.ops.nn_impl` has besides the public functions.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.api.candidate_sampling import sampled_logits
from minitf.tensor import Tensor


def compute_sampled_logits(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    subtract_log_q: bool = True,
    remove_accidental_hits: bool = False,
    partition_strategy: str = "mod",
    name: str | None = None,
    seed: int | None = None,
) -> tuple[Tensor, Tensor]:
    """Return the scores of the true and of sampled classes, and what they should be.

    Args:
        weights: a row of each class, or a list of parts.
        biases: a number of each class.
        labels: int64[batch, num_true], the true classes.
        inputs: real[batch, size of a row].
        num_sampled: how many classes are sampled.
        num_classes: how many there are.
        num_true: how many are true of each example.
        sampled_values: what a sampler gave, or None.
        subtract_log_q: whether how often a class is sampled counts.
        remove_accidental_hits: whether the score of a sampled class that is true becomes -inf.
        partition_strategy: of the weights.
        name: name scope of the operations.
        seed: of the sampler.

    Returns:
        Both real[batch, num_true + num_sampled].
    """
    return sampled_logits(
        (weights, biases, labels, inputs),
        (num_sampled, num_classes, num_true, seed),
        sampled_values,
        partition_strategy,
        name,
        removes_hits=remove_accidental_hits,
        subtracts_log_q=subtract_log_q,
    )
