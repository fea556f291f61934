"""Rows and columns paired by their distances.

Source: TensorFlow 1.15's tf.contrib.image.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.framework import convert_to_tensor
from minitf.dtypes import float32
from minitf.tensor import Tensor


def bipartite_match(
    distance_mat: Any, num_valid_rows: Any, top_k: int = -1
) -> tuple[Tensor, Tensor]:
    """Pair the nearest row and column that are free, again and again.

    Args:
        distance_mat: float32[rows, columns].
        num_valid_rows: scalar, how many of the first rows count; all if it is negative.
        top_k: how many pairs at most; as many as there can be if it is not positive.

    Returns:
        int32[rows], each row's column, and int32[columns], each column's row; -1 for those left.
    """
    valid = convert_to_tensor(num_valid_rows, dtype=float32)
    pairs: tuple[Tensor, Tensor] = ops.bipartite_match_op(distance_mat, valid, top_k=top_k)
    return pairs
