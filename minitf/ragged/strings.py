"""Strings cut into pieces, rows of different lengths; n-grams.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes, ops
from minitf.api.array import renamed_argument
from minitf.api.framework import name_scope
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor
from minitf.ragged.tensor import RaggedTensor, as_tensor_or_ragged
from minitf.tensor import Tensor


def string_split(
    source: Any,
    sep: Any = None,
    skip_empty: bool = True,
    delimiter: Any = None,
    result_type: str = "SparseTensor",
    name: str | None = None,
) -> Any:
    """Cut each string of a vector at any of several bytes.

    Args:
        source: a vector of strings.
        sep: the bytes, a space by default; empty: between all bytes.
        skip_empty: leave empty pieces out.
        delimiter: deprecated name of `sep`.
        result_type: "SparseTensor" or "RaggedTensor".
        name: name of the operation.

    Returns:
        A matrix with a row per string.

    Raises:
        ValueError: if another type of result is asked for.
    """
    _check_result_type(result_type)
    sep = renamed_argument("sep", sep, "delimiter", delimiter)
    with name_scope(name, "StringSplit", [source]):
        sep = convert_to_tensor(" " if sep is None else sep, dtypes.string)
        source = convert_to_tensor(source, dtypes.string)
        made = SparseTensor(*ops.string_split_op(source, sep, skip_empty=skip_empty))
        return made if result_type == "SparseTensor" else _rows_of(made, source)


def _check_result_type(result_type: str) -> None:
    if result_type not in ("SparseTensor", "RaggedTensor"):
        raise ValueError("result_type must be 'RaggedTensor' or 'SparseTensor'.")


def _rows_of(sparse: SparseTensor, texts: Tensor) -> RaggedTensor:
    """Return the rows of a sparse matrix, one for each string."""
    made: RaggedTensor = RaggedTensor.from_value_rowids(
        sparse.values, sparse.indices[:, 0], sparse.dense_shape[0], validate=False
    )
    rows = texts.shape[0].value
    made.row_splits.set_shape([None if rows is None else rows + 1])
    return made


def string_split_v2(
    input: Any = None,
    sep: Any = None,
    maxsplit: int = -1,
    result_type: str = "SparseTensor",
    source: Any = None,
    name: str | None = None,
) -> Any:
    """Cut each string at a separator, as Python's `split`.

    Args:
        input: strings of any shape, ragged or not; one alone is a vector of one.
        sep: the separator; runs of white space by default.
        maxsplit: cut at most so often; -1: everywhere.
        result_type: "SparseTensor" or "RaggedTensor".
        source: deprecated name of `input`.
        name: name of the operation.

    Returns:
        The parts of each string along a dimension more.

    Raises:
        ValueError: if another type of result is asked for.
    """
    input = renamed_argument("input", input, "source", source)
    _check_result_type(result_type)
    with name_scope(name, "StringSplit", [input]):
        texts = as_tensor_or_ragged(input, dtypes.string, name="input")
        rank = texts.shape.ndims
        if rank == 0:
            texts, rank = ops.expand_dims_op(texts, 0), 1
        if result_type == "SparseTensor" and rank in (None, 1):
            return _cut(texts, sep, maxsplit)
        rows = split_to_ragged(texts, sep, maxsplit)
        return rows if result_type == "RaggedTensor" else rows.to_sparse()


def split_to_ragged(
    input: Any, sep: Any = None, maxsplit: int = -1, name: str | None = None
) -> Any:
    """Cut each string at a separator; the parts of each are a row.

    Args:
        input: strings of any shape whose rank is known, ragged or not.
        sep: the separator; runs of white space by default.
        maxsplit: cut at most so often; -1: everywhere.
        name: name of the operation.

    Returns:
        A RaggedTensor; a vector of one string.

    Raises:
        ValueError: if the rank is not known.
    """
    with name_scope(name, "StringSplit", [input]):
        texts = as_tensor_or_ragged(input, dtypes.string, name="input")
        if isinstance(texts, RaggedTensor):
            return texts.with_flat_values(split_to_ragged(texts.flat_values, sep, maxsplit))
        rank = texts.shape.ndims
        if rank is None:
            raise ValueError("input must have a known rank.")
        if rank == 0:
            return split_to_ragged(ops.expand_dims_op(texts, 0), sep, maxsplit).values
        if rank > 1:
            texts = RaggedTensor.from_tensor(texts, ragged_rank=rank - 1)
            return split_to_ragged(texts, sep, maxsplit)
        return _rows_of(_cut(texts, sep, maxsplit), texts)


def _cut(texts: Tensor, sep: Any, maxsplit: int) -> SparseTensor:
    sep = convert_to_tensor("" if sep is None else sep, dtypes.string)
    return SparseTensor(*ops.string_split_v2_op(texts, sep, maxsplit=maxsplit))


def string_bytes_split(input: Any, name: str | None = None) -> Any:
    """Cut each string into its bytes.

    Args:
        input: strings of any shape whose rank is known, ragged or not.
        name: name of the operation.

    Returns:
        A RaggedTensor; a vector of one string.

    Raises:
        ValueError: if the rank is not known.
    """
    with name_scope(name, "StringsByteSplit", [input]):
        texts = as_tensor_or_ragged(input, dtypes.string, name="input")
        if isinstance(texts, RaggedTensor):
            return texts.with_flat_values(string_bytes_split(texts.flat_values))
        rank = texts.shape.ndims
        if rank is None:
            raise ValueError("input must have a statically-known rank.")
        if rank == 0:
            return string_bytes_split(ops.expand_dims_op(texts, 0)).values
        if rank > 1:
            return string_bytes_split(RaggedTensor.from_tensor(texts, ragged_rank=rank - 1))
        cut = ops.string_split_op(texts, "", skip_empty=False)
        return _rows_of(SparseTensor(*cut), texts)


def ngrams(
    data: Any,
    ngram_width: Any,
    separator: str = " ",
    pad_values: Any = None,
    padding_width: int | None = None,
    preserve_short_sequences: bool = False,
    name: str | None = None,
) -> Any:
    """Join neighbours along the last dimension.

    Args:
        data: strings of at least one dimension, ragged or not.
        ngram_width: how many neighbours, or several such numbers.
        separator: what stands between two strings.
        pad_values: what stands before and behind each row: a string for both, or two.
        padding_width: how often; one time less than the width if None.
        preserve_short_sequences: whether a row that has no n-gram is one itself.
        name: name of the operation.

    Returns:
        A RaggedTensor; a vector if `data` is one.

    Raises:
        TypeError: if the padding is no strings.
        ValueError: if padding is wide but of nothing, or numbers are out of range.
    """
    with name_scope(name, "StringNGrams", [data]):
        left, right, width = _padding(pad_values, padding_width)
        texts = as_tensor_or_ragged(data, dtypes.string, name="data")
        widths = tuple(ngram_width) if isinstance(ngram_width, (list, tuple)) else (ngram_width,)
        if any(not isinstance(each, int) or each < 1 for each in widths):
            raise ValueError(f"All ngram_widths must be greater than 0. Got {ngram_width}")
        rank = texts.shape.ndims
        if rank == 0:
            raise ValueError("Data must have rank>0")

        def windows(values: Tensor, splits: Any) -> Any:
            return ops.string_n_grams_op(
                values,
                splits,
                separator=separator,
                ngram_widths=widths,
                left_pad=left,
                right_pad=right,
                pad_width=width,
                preserve_short_sequences=preserve_short_sequences,
            )

        if isinstance(texts, RaggedTensor):
            return _of_innermost_rows(texts, windows)
        if rank is None:
            raise ValueError("Rank of data must be known.")
        if rank == 1:
            splits = ops.pack_op([0, ops.shape_op(texts, out_type=dtypes.int64)[0]])
            return windows(texts, splits).ngrams
        rows = RaggedTensor.from_tensor(texts, ragged_rank=rank - 1)
        return _of_innermost_rows(rows, windows).to_tensor(default_value="")


def _padding(pad_values: Any, padding_width: int | None) -> tuple[Any, Any, int]:
    """Return what is put before and behind each row, and how often (-1: as the width asks).

    Raises:
        TypeError: if it is no strings.
        ValueError: if there is a width but nothing to pad with, or it is out of range.
    """
    pair = pad_values if isinstance(pad_values, (list, tuple)) else [pad_values] * 2
    if pad_values is None:
        pair = ["", ""]
    if not all(isinstance(each, (str, bytes)) for each in pair):
        raise TypeError("pad_values must be a string, tuple of strings, or None.")
    if padding_width is not None and padding_width < 1:
        raise ValueError("padding_width must be greater than 0.")
    if padding_width is not None and pad_values is None:
        raise ValueError("pad_values must be provided if padding_width is set.")
    left, right = pair
    if padding_width is not None:
        return left, right, padding_width
    return left, right, 0 if pad_values is None else -1


def _of_innermost_rows(rows: RaggedTensor, windows: Callable[[Tensor, Tensor], Any]) -> Any:
    if isinstance(rows.values, RaggedTensor):
        return rows.with_values(_of_innermost_rows(rows.values, windows))
    if rows.values.shape.ndims not in (None, 1):
        inner = RaggedTensor.from_tensor(
            rows.values,
            ragged_rank=rows.values.shape.ndims - 1,
            row_splits_dtype=rows.row_splits.dtype,
        )
        return rows.with_values(_of_innermost_rows(inner, windows))
    made = windows(rows.values, rows.row_splits)
    return RaggedTensor.from_row_splits(made.ngrams, made.ngrams_splits, validate=False)
