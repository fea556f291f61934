"""Initializers that read matrices of checkpoints, rows and columns moved to new vocabularies.

    tf.get_variable("embeddings", [new_size + 1, 8], initializer=load_embedding_initializer(
        checkpoint, "embeddings", 8, 1, old_vocabulary, new_vocabulary, new_size))

Source: TensorFlow 1.15, `training/checkpoint_ops.py` and `tf.contrib.framework`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.api.array import concat, reshape
from minitf.api.constants import constant, zeros
from minitf.dtypes import float32, int64
from minitf.tensor import Tensor
from minitf.train.checkpoint_reader import checkpoint_path
from minitf.variables.initializers import Zeros

Initializer = Callable[..., Any]


def load_and_remap_matrix(
    ckpt_path: Any,
    old_tensor_name: str,
    new_row_vocab_offset: int,
    num_rows_to_load: int,
    new_col_vocab_size: int,
    initializer: Initializer,
    old_row_vocab_size: int = -1,
    old_row_vocab_file: str | None = None,
    new_row_vocab_file: str | None = None,
    old_col_vocab_file: str | None = None,
    new_col_vocab_file: str | None = None,
    num_row_oov_buckets: int = 0,
    num_col_oov_buckets: int = 0,
    max_rows_in_memory: int = -1,
) -> Tensor:
    """Return some rows of a matrix of a checkpoint, moved to new vocabularies.

    Rows or columns without vocabularies stay where they are; those of new words, and of the
    buckets behind them, come from an initializer.

    Args:
        ckpt_path: the checkpoint.
        old_tensor_name: the matrix's name.
        new_row_vocab_offset: the first row of the new matrix that is wanted.
        num_rows_to_load: how many are wanted, buckets not counted.
        new_col_vocab_size: how many columns the new matrix has, buckets not counted.
        initializer: makes what is missing, called with a shape and a type.
        old_row_vocab_size: how many words of the old rows count; -1 for all.
        old_row_vocab_file: a word for each old row.
        new_row_vocab_file: a word for each new row.
        old_col_vocab_file: a word for each old column.
        new_col_vocab_file: a word for each new column.
        num_row_oov_buckets: how many rows come behind.
        num_col_oov_buckets: how many columns come behind.
        max_rows_in_memory: accepted for compatibility.

    Returns:
        float32[num_rows_to_load + num_row_oov_buckets, new_col_vocab_size + num_col_oov_buckets].

    Raises:
        ValueError: if a number is negative, or one of two vocabularies is missing.
    """
    if num_row_oov_buckets < 0:
        raise ValueError(f"num_row_oov_buckets must be >= 0, but received {num_row_oov_buckets}")
    if num_col_oov_buckets < 0:
        raise ValueError(f"num_col_oov_buckets must be >= 0, but received {num_col_oov_buckets}")
    rows = _remapping(
        "row",
        old_row_vocab_file,
        new_row_vocab_file,
        offset=new_row_vocab_offset,
        count=num_rows_to_load,
        old_size=old_row_vocab_size,
    )
    if rows is None:
        first = new_row_vocab_offset
        numbers = range(first, first + num_rows_to_load)
        rows = constant(list(numbers), dtype=int64, shape=[num_rows_to_load]), num_rows_to_load
    columns = _remapping(
        "col", old_col_vocab_file, new_col_vocab_file, offset=0, count=new_col_vocab_size
    )
    row_numbers, rows_present = rows
    column_numbers, columns_present = columns or (
        constant([], dtype=int64, shape=[0]),
        new_col_vocab_size,
    )
    missing = num_rows_to_load * new_col_vocab_size - rows_present * columns_present
    matrix: Tensor = ops.load_and_remap_matrix_op(
        ckpt_path,
        old_tensor_name,
        row_numbers,
        column_numbers,
        # as many as are missing, which only a run can tell
        reshape(initializer([missing, 1], dtype=float32), [-1]),
        num_rows=num_rows_to_load,
        num_cols=new_col_vocab_size,
        max_rows_in_memory=max_rows_in_memory,
    )
    if num_row_oov_buckets:
        below = initializer([num_row_oov_buckets, new_col_vocab_size], dtype=float32)
        matrix = concat([matrix, below], 0)
    if num_col_oov_buckets:
        height = num_rows_to_load + num_row_oov_buckets
        beside = initializer([height, num_col_oov_buckets], dtype=float32)
        matrix = concat([matrix, beside], 1)
    return matrix


def _remapping(
    what: str, old: str | None, new: str | None, *, offset: int, count: int, old_size: int = -1
) -> tuple[Any, Any] | None:
    """Return the old number of each new word and how many have one; None without vocabularies."""
    if (old is None) != (new is None):
        raise ValueError(
            f"old_{what}_vocab_file and new_{what}_vocab_file must either both be specified or "
            f"both be None; got {old} and {new}."
        )
    if old is None:
        return None
    numbers, present = ops.generate_vocab_remapping_op(
        new, old, new_vocab_offset=offset, num_new_vocab=count, old_vocab_size=old_size
    )
    return numbers, present


def load_and_remap_matrix_initializer(
    ckpt_path: Any,
    old_tensor_name: str,
    new_row_vocab_size: int,
    new_col_vocab_size: int,
    old_row_vocab_size: int = -1,
    old_row_vocab_file: str | None = None,
    new_row_vocab_file: str | None = None,
    old_col_vocab_file: str | None = None,
    new_col_vocab_file: str | None = None,
    num_row_oov_buckets: int = 0,
    num_col_oov_buckets: int = 0,
    initializer: Initializer | None = None,
    max_rows_in_memory: int = -1,
) -> Initializer:
    """Return an initializer of a variable, of a part of one too; see `load_and_remap_matrix`.

    Args:
        ckpt_path: the checkpoint, or its folder.
        old_tensor_name: the matrix's name.
        new_row_vocab_size: how many rows the new matrix has, buckets not counted.
        new_col_vocab_size: how many columns it has, likewise; the rest as there.

    Raises:
        TypeError: if what makes the missing values cannot be called.
    """
    start = zeros_of if initializer is None else initializer
    if not callable(start):
        raise TypeError(
            f"initializer must be callable, instead of being {start} of type {type(start)}."
        )
    path = checkpoint_path(ckpt_path)

    def made(shape: Any, dtype: Any = float32, partition_info: Any = None) -> Tensor:
        sizes = [int(each) for each in shape]
        if len(sizes) != 2:
            raise ValueError(f"Expected 2-dim shape, but received: {shape}")
        if sizes[0] <= 0:
            raise ValueError(f"Expected 1st dim of shape to be > 0, but received shape: {shape}")
        columns = new_col_vocab_size + num_col_oov_buckets
        if sizes[1] != columns:
            raise ValueError(
                "Expected 2nd dim of shape to be new_col_vocab_size "
                f"({new_col_vocab_size}) + num_col_oov_buckets ({num_col_oov_buckets}) = {columns},"
                f" but received shape: {shape}"
            )
        offset = 0 if partition_info is None else int(partition_info.single_offset(shape))
        if offset + sizes[0] > new_row_vocab_size + num_row_oov_buckets:
            raise ValueError(
                f"Trying to initialize {sizes[0]} additional rows after {offset} rows have already "
                f"been initialized, which would exceed expected total row count of "
                f"new_row_vocab_size ({new_row_vocab_size}) + num_row_oov_buckets "
                f"({num_row_oov_buckets}) = {new_row_vocab_size + num_row_oov_buckets}."
            )
        from_file = max(0, min(sizes[0], new_row_vocab_size - offset))
        return load_and_remap_matrix(
            ckpt_path=path,
            old_tensor_name=old_tensor_name,
            new_row_vocab_offset=offset if from_file else 0,
            num_rows_to_load=from_file,
            new_col_vocab_size=new_col_vocab_size,
            initializer=lambda wanted, dtype: start(wanted, dtype=dtype),
            old_row_vocab_size=old_row_vocab_size,
            old_row_vocab_file=old_row_vocab_file,
            new_row_vocab_file=new_row_vocab_file,
            old_col_vocab_file=old_col_vocab_file,
            new_col_vocab_file=new_col_vocab_file,
            num_row_oov_buckets=sizes[0] - from_file,
            num_col_oov_buckets=num_col_oov_buckets,
            max_rows_in_memory=max_rows_in_memory,
        )

    return made


def zeros_of(shape: Any, dtype: Any = float32) -> Tensor:
    """Return zeros."""
    return zeros(shape, dtype)


def load_embedding_initializer(
    ckpt_path: Any,
    embedding_tensor_name: str,
    new_vocab_size: int,
    embedding_dim: int,
    old_vocab_file: str,
    new_vocab_file: str,
    old_vocab_size: int = -1,
    num_oov_buckets: int = 0,
    initializer: Initializer | None = None,
    max_rows_in_memory: int = -1,
) -> Initializer:
    """Return an initializer of embeddings: a row for each word.

    Args:
        ckpt_path: the checkpoint, or its folder.
        embedding_tensor_name: the matrix's name.
        new_vocab_size: how many words the new vocabulary has.
        embedding_dim: how many columns the matrix has.
        old_vocab_file: a word for each old row.
        new_vocab_file: a word for each new row.
        old_vocab_size: how many old words count; -1 for all.
        num_oov_buckets: how many rows come behind.
        initializer: of rows of new words and buckets; normal numbers by default, of a deviation
            of 1 / sqrt(embedding_dim).
        max_rows_in_memory: accepted for compatibility.
    """
    return load_and_remap_matrix_initializer(
        ckpt_path=ckpt_path,
        old_tensor_name=embedding_tensor_name,
        new_row_vocab_size=new_vocab_size,
        new_col_vocab_size=embedding_dim,
        old_row_vocab_size=old_vocab_size,
        old_row_vocab_file=old_vocab_file,
        new_row_vocab_file=new_vocab_file,
        num_row_oov_buckets=num_oov_buckets,
        initializer=initializer or _normal(embedding_dim),
        max_rows_in_memory=max_rows_in_memory,
    )


def _normal(columns: int) -> Initializer:
    from minitf.variables.initializers import TruncatedNormal

    return TruncatedNormal(stddev=1.0 / math.sqrt(columns))


def load_linear_multiclass_bias_initializer(
    ckpt_path: Any,
    bias_tensor_name: str,
    new_class_vocab_size: int,
    old_class_vocab_file: str,
    new_class_vocab_file: str,
    num_class_oov_buckets: int = 0,
    initializer: Initializer | None = None,
    max_rows_in_memory: int = -1,
) -> Initializer:
    """Return an initializer of biases of classes: float32[classes, 1].

    Args:
        ckpt_path: the checkpoint, or its folder.
        bias_tensor_name: the name of the biases.
        new_class_vocab_size: how many classes there are now.
        old_class_vocab_file: a name for each old class.
        new_class_vocab_file: a name for each new class.
        num_class_oov_buckets: how many biases come behind.
        initializer: of biases of new classes; zeros by default.
        max_rows_in_memory: accepted for compatibility.
    """
    return load_and_remap_matrix_initializer(
        ckpt_path=ckpt_path,
        old_tensor_name=bias_tensor_name,
        new_row_vocab_size=new_class_vocab_size,
        new_col_vocab_size=1,
        old_row_vocab_file=old_class_vocab_file,
        new_row_vocab_file=new_class_vocab_file,
        num_row_oov_buckets=num_class_oov_buckets,
        initializer=initializer or Zeros(),
        max_rows_in_memory=max_rows_in_memory,
    )


def load_variable_slot_initializer(
    ckpt_path: Any,
    old_tensor_name: str,
    primary_partition_info: Any,
    new_row_vocab_size: int,
    new_col_vocab_size: int,
    old_row_vocab_size: int = -1,
    old_row_vocab_file: str | None = None,
    new_row_vocab_file: str | None = None,
    old_col_vocab_file: str | None = None,
    new_col_vocab_file: str | None = None,
    num_row_oov_buckets: int = 0,
    num_col_oov_buckets: int = 0,
    initializer: Initializer | None = None,
    max_rows_in_memory: int = -1,
) -> Initializer:
    """Return an initializer of a slot, which lies as a part of another variable does.

    Args:
        ckpt_path: the checkpoint, or its folder.
        old_tensor_name: the matrix's name.
        primary_partition_info: where the other variable's part lies; the rest as of
            `load_and_remap_matrix_initializer`.
    """
    initialized = load_and_remap_matrix_initializer(
        ckpt_path,
        old_tensor_name,
        new_row_vocab_size,
        new_col_vocab_size,
        old_row_vocab_size,
        old_row_vocab_file,
        new_row_vocab_file,
        old_col_vocab_file,
        new_col_vocab_file,
        num_row_oov_buckets,
        num_col_oov_buckets,
        initializer,
        max_rows_in_memory,
    )

    def made(shape: Any, dtype: Any = float32, partition_info: Any = None) -> Tensor:
        del partition_info  # a slot is made whole
        made_: Tensor = initialized(shape, dtype, partition_info=primary_partition_info)
        return made_

    return made
