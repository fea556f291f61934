"""Embeddings and sampled losses, with TensorFlow 2's arguments; tables are always cut by "div".

Source: TensorFlow 1.15's functions of the same names in tf.compat.v2.nn.
"""

from __future__ import annotations

from typing import Any

from minitf.api import candidate_sampling, nn_embedding, nn_embedding_sparse
from minitf.tensor import Tensor


def embedding_lookup(
    params: Any, ids: Any, max_norm: Any = None, name: str | None = None
) -> Tensor:
    """Return the rows of a table, or of parts of one, that ids name."""
    return nn_embedding.embedding_lookup(params, ids, "div", name, max_norm=max_norm)


def embedding_lookup_sparse(
    params: Any,
    sp_ids: Any,
    sp_weights: Any,
    combiner: str | None = None,
    max_norm: Any = None,
    name: str | None = None,
) -> Tensor:
    """Combine, for each row of a SparseTensor, the rows of a table that its ids name."""
    return nn_embedding_sparse.embedding_lookup_sparse(
        params, sp_ids, sp_weights, "div", name, combiner, max_norm
    )


def safe_embedding_lookup_sparse(
    embedding_weights: Any,
    sparse_ids: Any,
    sparse_weights: Any = None,
    combiner: str = "mean",
    default_id: Any = None,
    max_norm: Any = None,
    name: str | None = None,
) -> Tensor:
    """Combine rows as `embedding_lookup_sparse`, where there may be none or invalid ones."""
    return nn_embedding_sparse.safe_embedding_lookup_sparse(
        embedding_weights,
        sparse_ids,
        sparse_weights=sparse_weights,
        combiner=combiner,
        default_id=default_id,
        name=name,
        partition_strategy="div",
        max_norm=max_norm,
    )


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
    name: str = "nce_loss",
) -> Tensor:
    """Return the loss of telling the true classes from sampled ones, each by itself."""
    return candidate_sampling.nce_loss(
        *(weights, biases, labels, inputs, num_sampled, num_classes),
        num_true=num_true,
        sampled_values=sampled_values,
        remove_accidental_hits=remove_accidental_hits,
        partition_strategy="div",
        name=name,
    )


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
    seed: int | None = None,
    name: str = "sampled_softmax_loss",
) -> Tensor:
    """Return the loss of a softmax over the true classes and sampled ones."""
    return candidate_sampling.sampled_softmax_loss(
        *(weights, biases, labels, inputs, num_sampled, num_classes),
        num_true=num_true,
        sampled_values=sampled_values,
        remove_accidental_hits=remove_accidental_hits,
        partition_strategy="div",
        name=name,
        seed=seed,
    )
