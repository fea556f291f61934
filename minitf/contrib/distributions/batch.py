"""The shape that parameters have together.

Source: NumPy's rules of broadcasting.
"""

from __future__ import annotations

from typing import Any

from minitf.api.sizes import broadcast_dynamic_shape, broadcast_static_shape, shape
from minitf.tensor import Tensor


def batch_of(*parameters: Tensor) -> Any:
    """Return the shape that parameters broadcast to, as a Tensor if it is not known before."""
    first, *others = parameters
    known = first.shape
    for each in others:
        known = broadcast_static_shape(known, each.shape)
    if known.is_fully_defined():
        return known
    sizes = shape(first)
    for each in others:
        sizes = broadcast_dynamic_shape(sizes, shape(each))
    return sizes
