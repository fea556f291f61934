"""What the steps of optimizers are made of where only some rows of a variable have a gradient.

Source: TensorFlow 1.15's `tf.keras.optimizers`.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.framework import control_dependencies
from minitf.api.gathering import unique
from minitf.api.segments import unsorted_segment_sum
from minitf.api.sizes import shape as shape_of
from minitf.api.state import assign
from minitf.composite import IndexedSlices
from minitf.tensor import Tensor


def summed(grad: IndexedSlices) -> tuple[Tensor, Tensor]:
    """Return rows of a gradient, those of one place added up, and the places."""
    places, numbers = unique(grad.indices)
    return unsorted_segment_sum(grad.values, numbers, shape_of(places)[0]), places


def scattered(variable: Any, places: Tensor, rows: Tensor) -> Any:
    """Return the operation that adds to rows of a variable."""
    return ops.resource_scatter_add_op(variable.handle, places, rows)


def decayed(slot: Any, share: Tensor, places: Tensor, rows: Tensor) -> Any:
    """Return a slot after all of it has shrunk and some rows have grown."""
    with control_dependencies([assign(slot, slot * share)]):
        grown = scattered(slot, places, rows)
    with control_dependencies([grown]):
        return slot.read_value()


def scatter_update(variable: Any, places: Tensor, rows: Tensor) -> Any:
    """Return the operation that replaces rows of a variable."""
    return ops.resource_scatter_update_op(variable.handle, places, rows)
