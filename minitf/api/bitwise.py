"""`tf.bitwise`: operations on the bits of whole numbers.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.dispatch import dispatchable
from minitf.tensor import Tensor


@dispatchable
def bitwise_and(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return the bits that are set in both x and y."""
    return ops.bitwise_and_op(x, y, name=name)


@dispatchable
def bitwise_or(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return the bits that are set in x or y."""
    return ops.bitwise_or_op(x, y, name=name)


@dispatchable
def bitwise_xor(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return the bits that are set in one of x and y."""
    return ops.bitwise_xor_op(x, y, name=name)


@dispatchable
def invert(x: Any, name: str | None = None) -> Tensor:
    """Return the bits that are not set in x."""
    return ops.invert_op(x, name=name)


@dispatchable
def left_shift(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x with its bits moved up by y places."""
    return ops.left_shift_op(x, y, name=name)


@dispatchable
def right_shift(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x with its bits moved down by y places; a signed number keeps its sign."""
    return ops.right_shift_op(x, y, name=name)
