"""Sequences of symbols as vectors: one for each symbol, or their mean.

    embed_sequence    EmbedSequence/embeddings [V, E]    int[N, T] -> float[N, T, E]
    bow_encoder       bow_encoder/embeddings [V, E]      int[N, T] -> float[N, E]

Source: TensorFlow 1.15's functions of the same names in tf.contrib.layers.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat, reshape
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.gathering import gather, unique
from minitf.api.nn_embedding import embedding_lookup
from minitf.api.nn_embedding_sparse import safe_embedding_lookup_sparse
from minitf.api.reductions import reduce_mean
from minitf.api.sizes import shape as shape_of
from minitf.composite import SparseTensor
from minitf.contrib.framework.variables import model_variable
from minitf.contrib.layers.sequences import dense_to_sparse_tensor
from minitf.tensor import Tensor
from minitf.variables.sharing import variable_scope


def bow_encoder(
    ids: Any,
    vocab_size: int,
    embed_dim: int,
    sparse_lookup: bool = True,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    scope: Any = None,
    reuse: Any = None,
) -> Tensor:
    """Return the mean of the vectors of each sequence's symbols.

    Args:
        ids: symbols, int[N, T] or a SparseTensor.
        vocab_size: how many symbols there are.
        embed_dim: size of the vectors.
        sparse_lookup: whether zeros of a dense `ids` are no symbols; a sequence without any gets
            the vector of symbol 0.
        initializer: of the vectors.
        regularizer: a function of them whose result is a loss.
        trainable: whether optimizers change them.
        scope: name of the variable scope.
        reuse: whether to find variables that exist; needs `scope`.

    Raises:
        ValueError: if a size is missing.
        TypeError: if `ids` are sparse and the lookup is not.
    """
    if not vocab_size or not embed_dim:
        raise ValueError("Must specify vocab size and embedding dimension")
    with variable_scope(scope, "bow_encoder", [ids], reuse=reuse):
        embeddings = model_variable(
            "embeddings",
            shape=[vocab_size, embed_dim],
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
        )
        if sparse_lookup:
            symbols = ids if isinstance(ids, SparseTensor) else dense_to_sparse_tensor(ids)
            return safe_embedding_lookup_sparse(
                [embeddings], symbols, combiner="mean", default_id=0
            )
        if isinstance(ids, SparseTensor):
            raise TypeError(f"ids are expected to be dense Tensor, got: {ids}")
        return reduce_mean(embedding_lookup(embeddings, ids), axis=1)


def embed_sequence(
    ids: Any,
    vocab_size: int | None = None,
    embed_dim: int | None = None,
    unique: bool = False,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    scope: Any = None,
    reuse: Any = None,
) -> Tensor:
    """Return the vectors of each sequence's symbols.

    Args:
        ids: symbols, int[N, T].
        vocab_size: how many symbols there are; may be left out where vectors are found.
        embed_dim: size of the vectors, likewise.
        unique: whether each symbol's vector is looked up once.
        initializer: of the vectors.
        regularizer: a function of them whose result is a loss.
        trainable: whether optimizers change them.
        scope: name of the variable scope.
        reuse: whether to find variables that exist; needs `scope`.

    Raises:
        ValueError: if a size is missing.
    """
    if not (reuse or (vocab_size and embed_dim)):
        raise ValueError(
            "Must specify vocab size and embedding dimension when not reusing. Got "
            f"vocab_size={vocab_size} and embed_dim={embed_dim}"
        )
    with variable_scope(scope, "EmbedSequence", [ids], reuse=reuse):
        is_known = vocab_size is not None and embed_dim is not None
        embeddings = model_variable(
            "embeddings",
            shape=[vocab_size, embed_dim] if is_known else None,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
        )
        if unique:
            return embedding_lookup_unique(embeddings, ids)
        return embedding_lookup(embeddings, ids)


def embedding_lookup_unique(
    params: Any, ids: Any, partition_strategy: str = "mod", name: str | None = None
) -> Tensor:
    """Return rows of a table, each of which is looked up once.

    Args:
        params: the table: a tensor, a variable, or a list of its parts.
        ids: numbers of rows, of any shape.
        partition_strategy: how the rows are dealt out to parts: "div" or "mod".
        name: name of the name scope.

    Raises:
        ValueError: if there is no table.
    """
    with name_scope(name, "EmbeddingLookupUnique", [params, ids]):
        ids = convert_to_tensor(ids)
        once, places = _unique(reshape(ids, [-1]))
        rows = embedding_lookup(params, once, partition_strategy=partition_strategy)
        found = reshape(gather(rows, places), concat([shape_of(ids), shape_of(rows)[1:]], 0))
        found.set_shape(ids.shape.concatenate(rows.shape[1:]))
        return found


_unique = unique  # an argument above has TensorFlow's name
