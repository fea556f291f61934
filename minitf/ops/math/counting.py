"""How many numbers fall where: bins of whole numbers, of equal widths, between given boundaries.

Source: TensorFlow's ops of these names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import INDICES, DType, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.shapes import UNKNOWN, Shape, known
from minitf.symbols import T, int32
from minitf.symbols import dtype as counts

Array = np.ndarray[Any, Any]
COUNTABLE = types("int32", "int64", "float32", "float64")
COUNTS = "TensorFlow defines no gradient of counts"

# --- Bincount ------------------------------------------------------------------------------------


@op("Bincount", T=COUNTABLE, outputs=("bins",))
def bincount_op(arr: int32, size: int32[()], weights: T) -> T:
    """Count how often each of 0, 1, ..., size - 1 occurs, or add up the weights where it does.

    Args:
        arr: int[...] >= 0; what is not below `size` is not counted.
        size: scalar >= 0.
        weights: number, one for each of `arr`; without elements each counts 1.

    Returns:
        number[size].

    Raises:
        InvalidArgumentError: if a number or the size is negative, or there are other than as many
            weights as numbers.

    Source: TensorFlow's op.
    """
    if size < 0:
        raise invalid(f"size ({size}) must be non-negative")
    if arr.size and arr.min() < 0:
        raise invalid("Input arr must be non-negative!", least=int(arr.min()))
    if weights.size not in (0, arr.size):
        raise invalid(
            "Input indices and weights must have the same size.",
            arr=arr.size,
            weights=weights.size,
        )
    bins = np.zeros(int(size), weights.dtype)
    counted = arr < size
    np.add.at(bins, arr[counted], weights.reshape(arr.shape)[counted] if weights.size else 1)
    return bins


@bincount_op.shape(values_of=("size",))
def bincount_shape(arr: Shape, size: int | None, weights: Shape) -> Shape:
    if size is not None and size < 0:
        raise invalid(f"size ({size}) must be non-negative")
    return Shape([UNKNOWN if size is None else size])


bincount_op.no_gradient(COUNTS, refuse=True)


# --- HistogramFixedWidth -------------------------------------------------------------------------


@op("HistogramFixedWidth", T=COUNTABLE, dtype=INDICES, outputs=("out",))
def histogram_fixed_width_op(
    values: T, value_range: T[2], nbins: int32[()], *, dtype: DType = int32
) -> counts:
    """Count the numbers in each of `nbins` equal parts of a range.

    Args:
        values: real[...]; those outside the range count in the first or last part.
        value_range: the ends of the range.
        nbins: scalar > 0.
        dtype: type of the counts.

    Returns:
        int[nbins].

    Raises:
        InvalidArgumentError: if the range is empty or there is no part.

    Source: TensorFlow's op.
    """
    if value_range.shape != (2,):
        raise invalid("value_range should be a vector of 2 elements.", shape=value_range.shape)
    low, high = value_range
    if not low < high:
        raise invalid(
            f"value_range should satisfy value_range[0] < value_range[1], but got '[{low}, {high}]'"
        )
    if nbins <= 0:
        raise invalid(f"nbins should be a positive number, but got '{nbins}'")
    width = float(high - low) / int(nbins)
    places = (np.maximum(values, low) - low).astype(np.float64) / width
    bins = np.minimum(places, int(nbins) - 1).astype(np.int64)
    return np.bincount(bins.ravel(), minlength=int(nbins)).astype(dtype.numpy)


@histogram_fixed_width_op.shape(values_of=("nbins",))
def histogram_fixed_width_shape(
    values: Shape, value_range: Shape, nbins: int | None, *, dtype: DType
) -> Shape:
    size = value_range[0]
    if known(size) and size != 2:
        raise invalid(f"Dimension must be 2 but is {size}")
    if nbins is not None and nbins <= 0:
        raise invalid(f"Requires nbins > 0: {nbins}")
    return Shape([UNKNOWN if nbins is None else nbins])


histogram_fixed_width_op.no_gradient(COUNTS, refuse=True)


# --- Bucketize -----------------------------------------------------------------------------------


@op("Bucketize", T=COUNTABLE)
def bucketize_op(input: T, *, boundaries: tuple[float, ...]) -> int32:
    """Tell between which boundaries each number lies: how many of them are not above it.

    Args:
        input: real[...].
        boundaries: float32 numbers, rising.

    Returns:
        int32[...] of the same shape.

    Raises:
        InvalidArgumentError: if the boundaries fall somewhere.

    Source: TensorFlow's op.
    """
    edges = np.asarray(boundaries, np.float32)
    if np.any(edges[1:] < edges[:-1]):
        raise invalid("Expected sorted boundaries", boundaries=boundaries)
    return np.searchsorted(edges, input, side="right").astype(np.int32)


@bucketize_op.shape
def bucketize_shape(input: Shape, *, boundaries: tuple[float, ...]) -> Shape:
    return input


bucketize_op.no_gradient(COUNTS, refuse=True)
