"""How far sequences are apart: insertions, deletions and replacements.

Source: Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals"
(1966); TensorFlow's op of the same name.
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY
from minitf.errors import invalid
from minitf.op_def import op
from minitf.shapes import Shape, dim_max, known
from minitf.symbols import T, float32, int64, k, m, n, r

Array = np.ndarray[Any, Any]
Place = tuple[int, ...]


@op("EditDistance", T=ANY)
def edit_distance_op(
    hypothesis_indices: int64[n, r],
    hypothesis_values: T[n],
    hypothesis_shape: int64[r],
    truth_indices: int64[m, k],
    truth_values: T[m],
    truth_shape: int64[k],
    *,
    normalize: bool = True,
) -> float32:
    """Give the Levenshtein distance of the sequences that two sparse arrays hold.

    Args:
        hypothesis_indices: places, in order; the last coordinate counts along a sequence.
        hypothesis_values: T[n].
        hypothesis_shape: sizes.
        truth_indices: places, in order.
        truth_values: T[m].
        truth_shape: sizes.
        normalize: divide by the true sequence's length: infinity where only that is empty.

    Returns:
        float32[...] of the larger of the two sizes in each dimension but the last.

    Raises:
        InvalidArgumentError: if the ranks differ, or a place is outside.

    Source: TensorFlow's op of the same name.
    """
    if len(hypothesis_shape) != len(truth_shape) or len(truth_shape) < 2:
        raise invalid(
            "hypothesis_shape and truth_shape must have the same length, at least 2: "
            f"{hypothesis_shape.tolist()}, {truth_shape.tolist()}"
        )
    out = np.zeros(np.maximum(hypothesis_shape, truth_shape)[:-1], np.float32)
    ours = _sequences(hypothesis_indices, hypothesis_values, out.shape)
    theirs = _sequences(truth_indices, truth_values, out.shape)
    none = hypothesis_values[:0]
    for place in ours.keys() | theirs.keys():
        truth = theirs.get(place, none)
        distance = _distance(ours.get(place, none), truth)
        out[place] = distance if not normalize else distance / len(truth) if len(truth) else np.inf
    return out


def _sequences(indices: Array, values: Array, shape: Place) -> dict[Place, Array]:
    """Return by place the sequence that a sparse array holds there."""
    places = indices[:, :-1]
    if (places < 0).any() or (places >= shape).any():
        raise invalid(f"EditDistance: a place is outside of {list(shape)}")
    starts = np.flatnonzero((places[1:] != places[:-1]).any(axis=1)) + 1
    parts = zip(np.split(places, starts), np.split(values, starts), strict=True)
    return {tuple(rows[0].tolist()): part for rows, part in parts if len(rows)}


def _distance(ours: Array, truth: Array) -> int:
    """Fill the table of distances of prefixes row by row; a row's minimum runs from the left."""
    places = np.arange(len(truth) + 1)
    row = places
    for i, each in enumerate(ours, 1):
        replaced = row[:-1] + (truth != each)
        best = np.concatenate([[i], np.minimum(row[1:] + 1, replaced)])
        row = np.minimum.accumulate(best - places) + places
    return int(row[-1])


@edit_distance_op.shape(values_of=("hypothesis_shape", "truth_shape"))
def edit_distance_shape(
    hypothesis_indices: Shape,
    hypothesis_values: Shape,
    hypothesis_shape: tuple[Any, ...] | None,
    truth_indices: Shape,
    truth_values: Shape,
    truth_shape: tuple[Any, ...] | None,
    *,
    normalize: bool,
) -> Shape:
    if hypothesis_shape is None or truth_shape is None:
        return Shape.unknown()
    if len(hypothesis_shape) != len(truth_shape):
        raise invalid(
            "Num elements of hypothesis_shape does not match truth_shape: "
            f"{len(hypothesis_shape)} vs. {len(truth_shape)}"
        )
    sizes = zip(hypothesis_shape[:-1], truth_shape[:-1], strict=True)
    return Shape(dim_max(*pair) if known(*pair) else None for pair in sizes)


edit_distance_op.no_gradient("distances are whole numbers")
