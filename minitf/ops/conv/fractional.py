"""Fractional pooling: windows of two sizes, at random, shrink an image by any ratio.

`minitf.ops.conv.regions` draws the regions; of equal cells the first is the greatest.

Letters: N batch, H W input, C channels, P Q output.

Source: Graham, "Fractional Max-Pooling" (2014); TensorFlow's ops of these names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import types
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.ops.conv.pooling import least_value
from minitf.ops.conv.regions import (
    Index,
    both_regions,
    check_ratio,
    draw_sequences,
    region_count,
    taps,
)
from minitf.resources import Context
from minitf.shapes import Shape, Unknown, shape_of_value
from minitf.symbols import C, H, N, P, Q, T, W, int64, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
POOLED = types("float32", "float64", "int32", "int64")
FOUR = at_least(4)
NAMES = ("output", "row_pooling_sequence", "col_pooling_sequence")
NO_SECOND = "TensorFlow defines none of second order"


def pooled_shape(
    value: Shape, *, pooling_ratio: tuple[float, ...], **attrs: Any
) -> tuple[Shape, Shape, Shape]:
    check_ratio(pooling_ratio)
    sizes = [
        dim if isinstance(dim, Unknown) else region_count(dim, ratio)
        for dim, ratio in zip(value, pooling_ratio, strict=True)
    ]
    return Shape(sizes), Shape([sizes[1] + 1]), Shape([sizes[2] + 1])


# --- FractionalMaxPool -------------------------------------------------------------------------


@op("FractionalMaxPool", T=POOLED, pooling_ratio=FOUR, outputs=NAMES)
def fractional_max_pool_op(
    value: T[N, H, W, C],
    *,
    pooling_ratio: tuple[float, ...],
    pseudo_random: bool = False,
    overlapping: bool = False,
    deterministic: bool = False,
    seed: int = 0,
    seed2: int = 0,
    context: Context,
) -> tuple[T[N, P, Q, C], int64[n], int64[n]]:
    """Take the greatest value of each region of random regions.

    Args:
        value: number[N, H, W, C].
        pooling_ratio: four floats >= 1: how much smaller each axis becomes; the first and last 1.
        pseudo_random: whether regions lie as evenly as their sizes allow, or shuffled.
        overlapping: whether regions share the cell at their boundary.
        deterministic: whether each run draws the same regions.
        seed: first seed, only if deterministic.
        seed2: second seed.

    Returns:
        output: number[N, P, Q, C] with P = floor(H / ratio).
        row_pooling_sequence: int64[P + 1], where regions start.
        col_pooling_sequence: int64[Q + 1].

    Raises:
        InvalidArgumentError: if nothing would be left, or there are seeds without `deterministic`.
        UnimplementedError: for a ratio of the batch or the channels.

    Source: Graham (2014).
    """
    sequences = draw_sequences(
        value,
        pooling_ratio,
        context,
        pseudo_random=pseudo_random,
        deterministic=deterministic,
        seed=seed,
        seed2=seed2,
    )
    rows, columns = both_regions(value.shape, None, sequences, overlapping=overlapping)
    return greatest(value, rows, columns), *sequences


def greatest(images: Array, rows: Index, columns: Index) -> Array:
    """Return the greatest value of each region."""
    shape = len(images), len(rows[0]), len(columns[0]), images.shape[-1]
    out = np.full(shape, least_value(images.dtype))
    for cells, windows in taps(rows, columns):
        out[windows] = np.maximum(out[windows], images[cells])
    return out


fractional_max_pool_op.shape(pooled_shape)


@fractional_max_pool_op.gradient
def fractional_max_pool_gradient(
    op: Operation, grad: Tensor | None, _: None, __: None
) -> list[Tensor | None]:
    if grad is None:
        return [None]
    attrs = {"overlapping": op.attrs["overlapping"]}
    pooled, rows, columns = op.outputs
    return [ops.fractional_max_pool_grad_op(op.inputs[0], pooled, grad, rows, columns, **attrs)]


# --- FractionalMaxPoolGrad ---------------------------------------------------------------------


@op("FractionalMaxPoolGrad", T=POOLED)
def fractional_max_pool_grad_op(
    orig_input: T[N, H, W, C],
    orig_output: T[N, P, Q, C],
    out_backprop: T[N, P, Q, C],
    row_pooling_sequence: int64[n],
    col_pooling_sequence: int64[n],
    *,
    overlapping: bool = False,
) -> T[N, H, W, C]:
    """Give each region's gradient back to the cell that was its greatest, the first of several.

    Args:
        orig_input: number[N, H, W, C], what was pooled.
        orig_output: number[N, P, Q, C], the greatest values.
        out_backprop: number[N, P, Q, C].
        row_pooling_sequence: int64[P + 1], where regions start.
        col_pooling_sequence: int64[Q + 1].
        overlapping: whether regions share the cell at their boundary.

    Returns:
        number[N, H, W, C].

    Raises:
        InvalidArgumentError: if a sequence does not increase, leaves the image, or is too short.

    Source: Graham (2014).
    """
    sequences = row_pooling_sequence, col_pooling_sequence
    regions = both_regions(orig_input.shape, out_backprop, sequences, overlapping=overlapping)
    best = greatest(orig_input, *regions)
    undecided = np.ones(best.shape, np.bool_)
    total = np.zeros(orig_input.shape, orig_input.dtype)
    for cells, windows in taps(*regions):
        values = orig_input[cells]
        is_first = undecided[windows] & ((values == best[windows]) | np.isnan(values))
        total[cells] += np.where(is_first, out_backprop[windows], 0)
        undecided[windows] &= ~is_first
    return total


@fractional_max_pool_grad_op.shape
def fractional_max_pool_grad_shape(
    orig_input: Shape,
    orig_output: Shape,
    out_backprop: Shape,
    rows: Shape,
    columns: Shape,
    **_: Any,
) -> Shape:
    return orig_input


fractional_max_pool_grad_op.no_gradient(NO_SECOND, refuse=True)

# --- FractionalAvgPool -------------------------------------------------------------------------


@op("FractionalAvgPool", T=POOLED, pooling_ratio=FOUR, outputs=NAMES)
def fractional_avg_pool_op(
    value: T[N, H, W, C],
    *,
    pooling_ratio: tuple[float, ...],
    pseudo_random: bool = False,
    overlapping: bool = False,
    deterministic: bool = False,
    seed: int = 0,
    seed2: int = 0,
    context: Context,
) -> tuple[T[N, P, Q, C], int64[n], int64[n]]:
    """Average each region of random regions; averages of integers are rounded towards zero.

    Args:
        value: number[N, H, W, C].
        pooling_ratio: as FractionalMaxPool's, and so are the other attributes.

    Returns:
        output: number[N, P, Q, C] with P = floor(H / ratio).
        row_pooling_sequence: int64[P + 1], where regions start.
        col_pooling_sequence: int64[Q + 1].

    Raises:
        InvalidArgumentError: if nothing would be left, or there are seeds without `deterministic`.
        UnimplementedError: for a ratio of the batch or the channels.

    Source: Graham (2014).
    """
    sequences = draw_sequences(
        value,
        pooling_ratio,
        context,
        pseudo_random=pseudo_random,
        deterministic=deterministic,
        seed=seed,
        seed2=seed2,
    )
    rows, columns = both_regions(value.shape, None, sequences, overlapping=overlapping)
    return average(value, rows, columns), *sequences


def average(images: Array, rows: Index, columns: Index) -> Array:
    """Return the average of each region."""
    total = np.zeros((len(images), len(rows[0]), len(columns[0]), images.shape[-1]), images.dtype)
    for cells, windows in taps(rows, columns):
        total[windows] += images[cells]
    counts = region_sizes(rows, columns).astype(images.dtype)
    if images.dtype.kind == "f":
        return total / counts
    return (total - np.fmod(total, counts)) // counts


def region_sizes(rows: Index, columns: Index) -> Array:
    """Return how many cells each region has: int64[P, Q, 1]."""
    return np.multiply.outer(rows[1], columns[1])[..., None]


fractional_avg_pool_op.shape(pooled_shape)


@fractional_avg_pool_op.gradient
def fractional_avg_pool_gradient(
    op: Operation, grad: Tensor | None, _: None, __: None
) -> list[Tensor | None]:
    if grad is None:
        return [None]
    shape = ops.shape_op(op.inputs[0], out_type=int64)
    attrs = {"overlapping": op.attrs["overlapping"]}
    return [ops.fractional_avg_pool_grad_op(shape, grad, *op.outputs[1:], **attrs)]


# --- FractionalAvgPoolGrad ---------------------------------------------------------------------


@op("FractionalAvgPoolGrad", T=POOLED)
def fractional_avg_pool_grad_op(
    orig_input_tensor_shape: int64[n],
    out_backprop: T[N, P, Q, C],
    row_pooling_sequence: int64[n],
    col_pooling_sequence: int64[n],
    *,
    overlapping: bool = False,
) -> T[N, H, W, C]:
    """Share each region's gradient equally among its cells, in double precision.

    Args:
        orig_input_tensor_shape: int64[4], the shape of what was pooled.
        out_backprop: number[N, P, Q, C].
        row_pooling_sequence: int64[P + 1], where regions start.
        col_pooling_sequence: int64[Q + 1].
        overlapping: whether regions share the cell at their boundary.

    Returns:
        number of shape `orig_input_tensor_shape`.

    Raises:
        InvalidArgumentError: if a sequence does not increase, leaves the image, or is too short.

    Source: Graham (2014).
    """
    sequences = row_pooling_sequence, col_pooling_sequence
    shape = tuple(orig_input_tensor_shape.tolist())
    regions = both_regions(shape, out_backprop, sequences, overlapping=overlapping)
    shares = out_backprop / region_sizes(*regions)
    total = np.zeros(shape)
    for cells, windows in taps(*regions):
        total[cells] += shares[windows]
    return total.astype(out_backprop.dtype)


@fractional_avg_pool_grad_op.shape(values_of=("orig_input_tensor_shape",))
def fractional_avg_pool_grad_shape(
    orig_input_tensor_shape: Any, out_backprop: Shape, rows: Shape, columns: Shape, **_: Any
) -> Shape:
    return shape_of_value(orig_input_tensor_shape).with_rank(4, "orig_input_tensor_shape")


fractional_avg_pool_grad_op.no_gradient(NO_SECOND, refuse=True)
