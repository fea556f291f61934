"""N-grams: words that stand side by side, joined.

Source: TensorFlow's op of the same name.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from minitf.dtypes import INDICES, int64
from minitf.errors import invalid
from minitf.grammar import at_least
from minitf.op_def import op
from minitf.ops.strings.arrays import strings
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import Tsplits, m, n, string

Array = np.ndarray[Any, Any]


@op(
    "StringNGrams",
    Tsplits=INDICES.default(int64),
    ngram_widths=at_least(0),
    outputs=("ngrams", "ngrams_splits"),
)
def string_n_grams_op(
    data: string[n],
    data_splits: Tsplits[m],
    *,
    separator: str,
    ngram_widths: tuple[int, ...],
    left_pad: str,
    right_pad: str,
    pad_width: int,
    preserve_short_sequences: bool,
) -> tuple[string, Tsplits]:
    """Join so many neighbours of each row as a window over it is wide.

    Args:
        data: the strings of all rows.
        data_splits: where each row begins, and the end.
        separator: what stands between two strings.
        ngram_widths: the widths; a row has its n-grams of the first one first.
        left_pad: what is put before a row.
        right_pad: what is put behind a row.
        pad_width: how often, at most one time less than the width; -1: that many times.
        preserve_short_sequences: whether a row that has no n-gram is one itself.

    Returns:
        ngrams: string[windows]; ngrams_splits: Tsplits[m], where each row's begin.  An empty row
        has windows of padding only if another row is not empty.

    Raises:
        InvalidArgumentError: if a width is not positive, or the splits are not in order from 0 to
            n.

    Source: TensorFlow's op of the same name.
    """
    if any(width <= 0 for width in ngram_widths):
        raise invalid("ngram_widths must contain positive values", widths=ngram_widths)
    if not data_splits.size:
        return strings([b""] * data.size, data.shape), data_splits
    _check_splits(data_splits, data.size)
    if not data.size:  # rows without any string have no windows of padding either
        return strings([], (0,)), np.zeros_like(data_splits)
    left, right, between = left_pad.encode(), right_pad.encode(), separator.encode()

    def padded(row: list[bytes], width: int) -> list[bytes]:
        count = width - 1 if pad_width < 0 else min(pad_width, width - 1)
        return [left] * count + row + [right] * count

    rows = []
    for begin, end in pairwise(data_splits.tolist()):
        row = data[begin:end].tolist()
        found = [
            between.join(window)
            for width in ngram_widths
            for window in _windows(padded(row, width), width)
        ]
        if preserve_short_sequences and row and not found:
            found = [between.join(padded(row, len(row) + 2 * pad_width))]
        rows.append(found)
    splits = np.cumsum([0, *map(len, rows)]).astype(data_splits.dtype)
    return strings((each for row in rows for each in row), (int(splits[-1]),)), splits


def _windows(row: list[bytes], width: int) -> Iterator[list[bytes]]:
    return (row[i : i + width] for i in range(len(row) - width + 1))


def _check_splits(splits: Array, size: int) -> None:
    if splits[0] != 0:
        raise invalid(f"First split value must be 0, got {splits[0]}")
    for before, split in pairwise(splits.tolist()):
        if not before <= split <= size:
            raise invalid(f"Invalid split value {split}, must be in [{before}, {size}]")
    if splits[-1] != size:
        raise invalid(f"Last split value must be data size. Expected {size}, got {splits[-1]}")


@string_n_grams_op.shape
def string_n_grams_shape(data: Shape, data_splits: Shape, **_: Any) -> list[Shape]:
    return [Shape([UNKNOWN]), data_splits]


string_n_grams_op.no_gradient("text has no slope")
