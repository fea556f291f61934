"""What `tensorflow.python.ops.math_ops` has besides the public functions.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.api.casting import cast
from minitf.api.constants import fill
from minitf.api.gathering import dynamic_stitch
from minitf.api.sequences import range as range_
from minitf.api.sizes import shape, size
from minitf.tensor import Tensor


def reduced_shape(input_shape: Any, axes: Any) -> Tensor:
    """Return a shape with size 1 along axes: that of a reduction that keeps them.

    Args:
        input_shape: int[rank].
        axes: int[...] in [-rank, rank).

    Returns:
        int32[rank].
    """
    sizes, axes = cast(input_shape, dtypes.int32), cast(axes, dtypes.int32)
    rank = size(sizes)
    places = (axes + rank) % rank
    return dynamic_stitch([range_(rank), places], [sizes, fill(shape(places), 1)])
