"""Random regions of two sizes, which shrink an axis by any ratio.

A *sequence* cuts an axis of H cells into P regions of floor(H / P) or one more; region i is
sequence[i] <= cell < sequence[i + 1], and with `overlapping` the cell sequence[i + 1] too.

    H = 7, ratio 1.44, P = 4:     0 1 | 2 3 | 4 | 5 6       sequence 0 2 4 5 7

One *tap* takes the cell at one place within all regions at once, as far as they have that place.

Source: Graham, "Fractional Max-Pooling" (2014), §2; the same seeds give TensorFlow's regions.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from minitf.errors import UnimplementedError, invalid
from minitf.ops.random.conversion import uniform_doubles
from minitf.ops.random.philox import Stream, reserve
from minitf.resources import Context

Array = np.ndarray[Any, Any]
Index = tuple[Any, ...]

# --- sequences -----------------------------------------------------------------------------------


def region_count(size: int, ratio: float) -> int:
    """Return floor(size / ratio), in TensorFlow's single precision."""
    return int(np.floor(np.float32(size) / np.float32(ratio)))


def draw_sequences(
    images: Array,
    pooling_ratio: Sequence[float],
    context: Context,
    *,
    pseudo_random: bool,
    deterministic: bool,
    seed: int,
    seed2: int,
) -> tuple[Array, Array]:
    """Draw the sequences of rows and of columns: int64[P + 1], int64[Q + 1].

    Args:
        images: [N, H, W, C].
        pooling_ratio: H / P and W / Q, between two ones.
        context: of the running operation.
        pseudo_random: whether one number decides all regions of an axis, or a shuffle of sizes.
        deterministic: whether each run draws the same.
        seed: first seed, only if deterministic.
        seed2: second seed.

    Raises:
        InvalidArgumentError: if nothing would be left, or there are seeds without `deterministic`.
    """
    check_ratio(pooling_ratio)
    if (seed or seed2) and not deterministic:
        raise invalid("Both seed and seed2 should be 0 if deterministic is false.")
    sizes, counts = images.shape[1:3], []
    for axis, (size, ratio) in enumerate(zip(sizes, pooling_ratio[1:3], strict=True), 1):
        counts.append(region_count(size, ratio))
        if size < ratio:
            raise invalid(
                f"Pooling ratio is higher than input dimension size for dimension {axis}. "
                f"Input dim size: {size} pooling ratio: {ratio:g}"
            )
    blocks = [1 if pseudo_random else -(-count // 4) for count in counts]
    stream = reserve(context, seed, seed2, 0 if deterministic else sum(blocks))
    by_rows, by_columns = stream, stream._replace(position=stream.position + blocks[0])
    regions = stepped_regions if pseudo_random else shuffled_regions
    return regions(sizes[0], counts[0], by_rows), regions(sizes[1], counts[1], by_columns)


def check_ratio(pooling_ratio: Sequence[float]) -> None:
    """Refuse ratios below 1, and of other axes than rows and columns."""
    if len(pooling_ratio) != 4:
        raise invalid(f"pooling_ratio field must specify 4 dimensions: {list(pooling_ratio)}")
    if min(pooling_ratio) < 1:
        raise invalid(f"pooling_ratio cannot be smaller than 1, got: {min(pooling_ratio):g}")
    if pooling_ratio[0] != 1 or pooling_ratio[3] != 1:
        raise UnimplementedError(
            None,
            None,
            "Fractional max pooling is not yet supported on the batch nor channel dimension.",
        )


def shuffled_regions(size: int, count: int, stream: Stream) -> Array:
    """Return a sequence whose larger regions are anywhere: the sizes, put in a random order."""
    lengths = [size // count + (i < size % count) for i in range(count)]
    words = stream.blocks(-(-count // 4)).reshape(-1).tolist()
    for i in range(count - 1):
        j = i + words[i] % (count - i)
        lengths[i], lengths[j] = lengths[j], lengths[i]
    return np.cumsum([0, *lengths])


def stepped_regions(size: int, count: int, stream: Stream) -> Array:
    """Return a sequence of steps: ceil(alpha * (i + u)), with alpha = size / count, one random u.

    u is small enough that the first and the last region have one of the two sizes too.
    """
    alpha, least = size / count, size // count
    most = min((least + 2) / alpha - 1, (size + 1 - least) / alpha - (count - 1))
    u = uniform_doubles(stream.blocks(1))[0, 0] * most
    return np.array([0, *[math.ceil(alpha * (i + u)) - 1 for i in range(1, count)], size])


# --- regions -------------------------------------------------------------------------------------


def regions_of(what: str, sequence: Array, count: int, size: int, *, overlapping: bool) -> Index:
    """Return where the first `count` regions of an axis start, and how long they are.

    Raises:
        InvalidArgumentError: if the sequence is too short, does not increase, or leaves the axis.
    """
    if len(sequence) <= count:
        raise invalid(
            f"{what}_pooling_sequence must have at least {count + 1} elements, but got "
            f"{len(sequence)}"
        )
    starts = sequence[:count]
    if count and (starts[0] < 0 or (np.diff(sequence[: count + 1]) <= 0).any()):
        raise invalid(
            f"{what}_pooling_sequence values must not be negative, and increase, got "
            f"{sequence.tolist()}"
        )
    if count and starts[-1] >= size:
        raise invalid(f"{what}_pooling_sequence {sequence.tolist()} leaves an axis of size {size}")
    stops = np.minimum(sequence[1 : count + 1] + overlapping, size)
    return starts, stops - starts


def both_regions(
    shape: Sequence[int], grads: Array | None, sequences: Sequence[Array], *, overlapping: bool
) -> tuple[Index, Index]:
    """Return the regions of rows and columns, as many as there are gradients, or all."""
    if len(shape) != 4 or (grads is not None and grads.ndim != 4):
        raise invalid("tensor_in and out_backprop must be 4-dimensional")
    counts = grads.shape[1:3] if grads is not None else [len(each) - 1 for each in sequences]
    rows, columns = (
        regions_of(what, sequence, count, size, overlapping=overlapping)
        for what, sequence, count, size in zip(
            ("row", "col"), sequences, counts, shape[1:3], strict=True
        )
    )
    return rows, columns


def taps(rows: Index, columns: Index) -> Iterator[tuple[Index, Index]]:
    """Walk the taps in row order: cells of the images, and the windows that they belong to."""
    (row_starts, row_lengths), (column_starts, column_lengths) = rows, columns
    for r in range(max(row_lengths, default=0)):
        p = np.flatnonzero(row_lengths > r)
        for s in range(max(column_lengths, default=0)):
            q = np.flatnonzero(column_lengths > s)
            cells = np.ix_(row_starts[p] + r, column_starts[q] + s)
            yield (slice(None), *cells), (slice(None), *np.ix_(p, q))
