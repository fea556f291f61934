"""Places: of values in sorted sequences, of flat indices in a shape; sequences in order.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes, ops
from minitf.api.array import reshape
from minitf.api.sizes import shape as shape_of
from minitf.dtypes import as_dtype
from minitf.tensor import Tensor


def searchsorted(
    sorted_sequence: Any,
    values: Any,
    side: str = "left",
    out_type: Any = dtypes.int32,
    name: str | None = None,
) -> Tensor:
    """Return where each value would be inserted, so that its sequence stays in order.

    Args:
        sorted_sequence: sequences along the last dimension, in ascending order.
        values: values along the last dimension, with the same other dimensions.
        side: "left": before equal elements; "right": after them.
        out_type: int32 or int64.
        name: name of the operation.

    Raises:
        ValueError: if `side` is none of the two.
    """
    sequences = reshape(sorted_sequence, [-1, shape_of(sorted_sequence)[-1]])
    wanted = reshape(values, [-1, shape_of(values)[-1]])
    if side not in ("left", "right"):
        raise ValueError(f"side must be either 'right' or 'left'.  Saw: {side}.")
    search = ops.lower_bound_op if side == "left" else ops.upper_bound_op
    found = search(sequences, wanted, out_type=as_dtype(out_type), name=name)
    return reshape(found, shape_of(values))


def unravel_index(indices: Any, dims: Any, name: str | None = None) -> Tensor:
    """Turn flat indices into coordinates, a row per dimension of the shape `dims`."""
    return ops.unravel_index_op(indices, dims, name=name)
