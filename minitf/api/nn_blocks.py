"""Dilated windows as plain ones: blocks of space in the batch.

A window whose taps are `rate` cells apart sees one cell of every block of `rate` cells, always at
the same place of the block.  So the places are moved to the batch, where windows are plain, and
back afterwards:

    rate 2:  a window of 3 taps on [0 1 2 3 4 5] sees 0 2 4 or 1 3 5
             plain windows of 3 taps on [0 2 4] and on [1 3 5] see the same

Source: TensorFlow 1.15's tf.nn.with_space_to_batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.api.array import concat, stack
from minitf.api.sizes import shape
from minitf.api.space_batch import (
    batch_to_space_nd,
    required_space_to_batch_paddings,
    space_to_batch_nd,
)
from minitf.convert import convert_to_tensor
from minitf.shapes import Shape, Unknown, known
from minitf.static_value import constant_value
from minitf.tensor import Tensor

SlideOver = Callable[[Any, int, Any], Tensor]


def with_space_to_batch(
    input: Any,
    dilation_rate: Any,
    padding: Any,
    op: SlideOver,
    filter_shape: Any = None,
    spatial_dims: Iterable[int] | None = None,
    data_format: str | None = None,
) -> Tensor:
    """Apply `op` to the places of blocks of space, so that its windows are dilated.

    Args:
        input: a tensor [N, ...].
        dilation_rate: sizes of a block: cells from one tap of a window to the next.
        padding: "SAME" or "VALID".
        op: (tensor, number of axes of space, padding) -> tensor; it slides windows over the axes of
            space with stride 1.
        filter_shape: sizes of a window; "SAME" needs them.
        spatial_dims: which axes are space, in order; the first after the batch by default, or after
            the channels for "NC...".
        data_format: "NC..." where the channels are first.

    Raises:
        ValueError: if the arguments do not fit together.
    """
    input = convert_to_tensor(input, name="input")
    return in_blocks(
        input,
        input.static_shape,
        dilation_rate,
        padding,
        op,
        filter_shape,
        spatial_dims,
        data_format,
    )


def in_blocks(
    input: Any,
    sizes: Shape,
    dilation_rate: Any,
    padding: Any,
    op: SlideOver,
    filter_shape: Any = None,
    spatial_dims: Iterable[int] | None = None,
    data_format: str | None = None,
) -> Tensor:
    """Do the work of `with_space_to_batch` for an input of static shape `sizes`."""
    rate = convert_to_tensor(dilation_rate, dtypes.int32, name="dilation_rate")
    if rate.static_shape.rank not in (None, 1):
        raise ValueError("rate must be rank 1")
    count = rate.static_shape[0]
    if isinstance(count, Unknown):
        raise ValueError("rate must have known shape")
    first = 2 if data_format is not None and data_format.startswith("NC") else 1
    axes = _axes(range(first, first + count) if spatial_dims is None else spatial_dims, sizes)
    known_rate = constant_value(rate)
    if known_rate is not None:
        if (known_rate < 1).any():
            raise ValueError("dilation_rate must be positive")
        if (known_rate == 1).all():
            return op(input, count, padding)
    if padding == "SAME":
        margins: Any = _margins(filter_shape, count, rate if known_rate is None else known_rate)
    elif padding == "VALID":
        margins = np.zeros([count, 2], np.int32)
    else:
        raise ValueError(f"Invalid padding method {padding!r}")

    space: Any = None if sizes.rank is None else [sizes[axis] for axis in axes]
    if space is None or not known(*space):
        every = shape(input)
        space = stack([every[axis] for axis in axes])
    paddings, crops = required_space_to_batch_paddings(space, rate, margins)
    block, paddings, crops = (
        _on_axes(axes, values, fill) for values, fill in ((rate, 1), (paddings, 0), (crops, 0))
    )
    made = op(space_to_batch_nd(input, block, paddings), count, "VALID")
    return batch_to_space_nd(made, block, crops)


def _axes(spatial_dims: Iterable[int], sizes: Shape) -> list[int]:
    """Return which axes are space.

    Raises:
        ValueError: if they are not in order, or more than there are.
    """
    given = list(spatial_dims)
    axes = sorted({int(axis) for axis in given})
    if axes != given or min(axes, default=1) < 1:
        raise ValueError(
            "spatial_dims must be a monotonically increasing sequence of positive integers"
        )
    if sizes.rank is not None and sizes.rank <= max(axes, default=0):
        raise ValueError(f"input tensor must have rank {axes[-1] + 1} at least")
    return axes


def _margins(filter_shape: Any, count: int, rate: Any) -> Tensor:
    """Return the borders, [count, 2], with which "VALID" windows are as many as "SAME" ones.

    Raises:
        ValueError: if the window's sizes are not given.
    """
    if filter_shape is None:
        raise ValueError("filter_shape must be specified for SAME padding")
    window: Any = convert_to_tensor(filter_shape, name="filter_shape")
    if (sizes := constant_value(window)) is not None:
        window = sizes
    taps = window[:count]
    extra = taps + (taps - 1) * (rate - 1) - 1
    before = extra // 2
    after = extra - before  # the odd cell is behind
    return stack([[before[i], after[i]] for i in range(count)])


def _on_axes(axes: Sequence[int], values: Tensor, fill: int) -> Any:
    """Return the rows of `values` where `axes` are, counted from axis 1, and `fill` between them.

    Args:
        axes: places of the rows, in order.
        values: a row for each of them.
        fill: what stands in all other rows.
    """
    known_values = constant_value(values)
    rows = values if known_values is None else known_values
    _, *width = rows.shape
    parts: list[Any] = []
    end, begin = 1, 0
    for i, axis in enumerate(axes):
        if i + 1 < len(axes) and axes[i + 1] == axis + 1:
            continue  # neighbours are one part
        start = axes[begin]
        if start > 1:
            parts.append(np.full([start - end, *width], fill, np.int32))
        parts.append(rows[begin : i + 1])
        begin, end = i + 1, axis + 1
    return concat(parts, 0) if known_values is None else np.concatenate(parts)
