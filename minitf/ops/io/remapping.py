"""Matrices of a checkpoint whose rows or columns stand for words of another vocabulary.

    GenerateVocabRemapping      the number in the old vocabulary of each word of the new one
    LoadAndRemapMatrix          the old matrix with rows and columns in their new places

Source: no paper; TensorFlow's ops of the same names.
"""

from itertools import islice
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.errors import (
    FailedPreconditionError,
    NotFoundError,
    OutOfRangeError,
    UnimplementedError,
    invalid,
)
from minitf.io.checkpoints import open_checkpoint
from minitf.io.os_errors import told
from minitf.op_def import at_least, op
from minitf.ops.io.checkpoint import must_have_type, text_of
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import float32, int32, int64, n, string

Array = np.ndarray[Any, Any]

# --- GenerateVocabRemapping ----------------------------------------------------------------------


@op(
    "GenerateVocabRemapping",
    new_vocab_offset=at_least(0),
    num_new_vocab=at_least(0),
    old_vocab_size=at_least(-1),
    outputs=("remapping", "num_present"),
)
def generate_vocab_remapping_op(
    new_vocab_file: string[()],
    old_vocab_file: string[()],
    *,
    new_vocab_offset: int,
    num_new_vocab: int,
    old_vocab_size: int = -1,
    context: Context,
) -> tuple[int64, int32]:
    """Return the number in the old vocabulary of each word of the new one.

    Args:
        new_vocab_file: the path of a file with a word in each line.
        old_vocab_file: likewise.
        new_vocab_offset: the line to begin with, from 0.
        num_new_vocab: how many words of the new vocabulary are wanted.
        old_vocab_size: how many lines of the old one count; -1 for all.

    Returns:
        int64[num_new_vocab], -1 for a word that the old vocabulary lacks; how many it has: int32[].

    Raises:
        InvalidArgumentError: if a file has too few lines.
        FailedPreconditionError: if the old vocabulary has a word twice.
        NotFoundError: if there is no such file.

    Source: TensorFlow's op.
    """
    if not text_of(old_vocab_file) or not text_of(new_vocab_file):
        raise invalid("new and old vocab filename cannot be empty.")
    old = _words(text_of(old_vocab_file))
    if old_vocab_size == 0:
        raise OutOfRangeError(
            None, None, f"Finished reading 0 of lines from {text_of(old_vocab_file)}"
        )
    if old_vocab_size > len(old):
        raise invalid(
            f"Invalid vocab_size in {text_of(old_vocab_file)}: expected {old_vocab_size} but got "
            f"{len(old)}"
        )
    numbers: dict[bytes, int] = {}
    for number, word in enumerate(islice(old, old_vocab_size if old_vocab_size > 0 else None)):
        if numbers.setdefault(word, number) != number:
            raise FailedPreconditionError(
                None,
                None,
                "HashTable has different value for same key. Key "
                f"{word.decode('utf-8', 'replace')} has {numbers[word]} and trying to add value "
                f"{number}",
            )
    new = _words(text_of(new_vocab_file))[new_vocab_offset : new_vocab_offset + num_new_vocab]
    if len(new) < num_new_vocab:
        raise invalid(
            "lookup table size must be larger than last new vocab entry's line: only "
            f"{len(new)} of the {num_new_vocab} words from line {new_vocab_offset} on are in "
            f"{text_of(new_vocab_file)}"
        )
    found = np.array([numbers.get(word, -1) for word in new], np.int64)
    return found, np.int32(np.count_nonzero(found >= 0))


def _words(path: str) -> list[bytes]:
    with told(path), open(path, "rb") as file:  # noqa: PTH123 the path as it was given
        return [line.rstrip(b"\r\n") for line in file]


@generate_vocab_remapping_op.shape
def generate_vocab_remapping_shape(
    new_vocab_file: Shape,
    old_vocab_file: Shape,
    *,
    new_vocab_offset: int,
    num_new_vocab: int,
    old_vocab_size: int,
) -> tuple[Shape, Shape]:
    return Shape((num_new_vocab,)), Shape(())


generate_vocab_remapping_op.no_gradient("files are no function of tensors")

# --- LoadAndRemapMatrix --------------------------------------------------------------------------


@op(
    "LoadAndRemapMatrix",
    "stateful",
    num_rows=at_least(0),
    num_cols=at_least(1),
    outputs=("output_matrix",),
)
def load_and_remap_matrix_op(
    ckpt_path: string[()],
    old_tensor_name: string[()],
    row_remapping: int64[n],
    col_remapping: int64[n],
    initializing_values: float32,
    *,
    num_rows: int,
    num_cols: int,
    max_rows_in_memory: int = -1,
) -> float32:
    """Read a matrix of a checkpoint, its rows and columns in new places.

    out[i, j] = old[row_remapping[i], col_remapping[j]]; where either is negative, the next of the
    initializing values, row by row.

    Args:
        ckpt_path: the checkpoint's path.
        old_tensor_name: the matrix's name: float32[R, C].
        row_remapping: int64[num_rows], an old row for each new one, or a negative number.
        col_remapping: int64[num_cols], likewise of columns; int64[0] to leave them as they are.
        initializing_values: float32, as many as there are elements without an old one.
        num_rows: how many rows there are.
        num_cols: how many columns there are.
        max_rows_in_memory: accepted for compatibility: the matrix is read at once.

    Returns:
        float32[num_rows, num_cols].

    Raises:
        InvalidArgumentError: if sizes do not fit, an old row or column is not there, or the number
            of initializing values is another one.
        UnimplementedError: if two new rows or columns have the same old one.
        NotFoundError: if there is no checkpoint, or it lacks the matrix.

    Source: TensorFlow's op.
    """
    del max_rows_in_memory
    if len(row_remapping) != num_rows:
        raise invalid(
            f"Size of row_remapping is {len(row_remapping)} instead of being equal to "
            f"num_rows={num_rows}"
        )
    has_columns = len(col_remapping) > 0
    if has_columns and len(col_remapping) != num_cols:
        raise invalid(
            f"Provided col_remapping, but its size is {len(col_remapping)} instead of being equal "
            f"to num_cols={num_cols}"
        )
    old = _matrix(text_of(ckpt_path), text_of(old_tensor_name))
    if not has_columns and num_cols != old.shape[1]:
        raise invalid(
            f"Tensor {text_of(old_tensor_name)} has shape {list(old.shape)}, where the size of its "
            f"2nd dimension is {old.shape[1]} instead of being equal to num_cols={num_cols}"
        )
    rows, row_is_old = _places(row_remapping, old.shape[0], "row")
    columns, column_is_old = np.arange(num_cols), np.ones(num_cols, bool)
    if has_columns:
        columns, column_is_old = _places(col_remapping, old.shape[1], "column")
    is_old = row_is_old[:, None] & column_is_old[None, :]
    missing = is_old.size - np.count_nonzero(is_old)
    if initializing_values.size != missing:
        few = initializing_values.size < missing
        raise invalid(
            f"initializing_values contained {initializing_values.size} elements, but "
            + (
                "more missing values remain."
                if few
                else f"only {missing} elements were used to fill in missing values."
            )
        )
    made: Array = np.zeros(is_old.shape, np.float32)
    if is_old.any():
        made[is_old] = old[np.ix_(rows, columns)][is_old]
    made[~is_old] = initializing_values.reshape(-1)
    return made


def _matrix(path: str, name: str) -> Array:
    files = open_checkpoint(path)
    if name not in files:
        raise NotFoundError(None, None, f"Key {name} not found in checkpoint")
    stored, shape = files.dtype(name), tuple(files.shape(name))
    must_have_type(name, stored, dtypes.float32)
    if len(shape) != 2:
        raise invalid(
            f"Tensor {name} has shape {list(shape)} of invalid rank {len(shape)} instead of "
            "expected shape of rank 2."
        )
    return np.asarray(files.read(name))


def _places(remapping: Array, size: int, what: str) -> tuple[Array, Array]:
    """Return which old rows or columns to take, and which of them are old."""
    is_old = remapping >= 0
    wanted = remapping[is_old]
    numbers, counts = np.unique(wanted, return_counts=True)
    if (counts > 1).any():
        twice = int(numbers[counts > 1][0])
        first, second, *_ = np.flatnonzero(remapping == twice)
        raise UnimplementedError(
            None,
            None,
            f"Old ID {twice} is mapped to both new ID {first} and {second}, which is not "
            "supported.",
        )
    if wanted.size and wanted.max() >= size:
        raise invalid(f"There is no old {what} {wanted.max()}: the matrix has {size}")
    return np.where(is_old, remapping, 0), is_old


@load_and_remap_matrix_op.shape
def load_and_remap_matrix_shape(
    ckpt_path: Shape,
    old_tensor_name: Shape,
    row_remapping: Shape,
    col_remapping: Shape,
    initializing_values: Shape,
    *,
    num_rows: int,
    num_cols: int,
    max_rows_in_memory: int,
) -> Shape:
    return Shape((num_rows, num_cols))


load_and_remap_matrix_op.no_gradient("files are no function of tensors")
