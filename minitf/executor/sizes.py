"""What follows from the shapes of arrays alone, and who needs it.

An operation is *sized* if its outputs are known as soon as the shapes of some tensors are, its
*roots*: Shape, Size and Rank, and whatever computes further sizes or axes from them and constants.

    x -> Shape -> BroadcastGradientArgs -> r0, r1        root: x, and the other operand's
    Sum(grad, r0)                                        its axes are known, given x's shape

Source: no paper; TensorFlow's BroadcastGradientArgs is the most frequent of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from minitf.executor.optimize import is_pure
from minitf.executor.prune import Subgraph
from minitf.operation import Operation
from minitf.tensor import Tensor

_FROM_SHAPES = frozenset(("Shape", "ShapeN", "Size", "Rank"))
_REPEATING = frozenset(("Range", "LinSpace", "Fill", "Tile", "BroadcastTo"))  # may be long
_MOST_VALUES = 64  # of sizes or axes in one tensor


class Sizes:
    """The sized operations of a subgraph.

    Args:
        subgraph: the operations.
        order: all of them, each after its inputs.
        tied: those that must run for their own sake.

    Attributes:
        roots: sized operation -> tensors whose shapes decide its outputs.
    """

    def __init__(
        self, subgraph: Subgraph, order: Iterable[Operation], tied: set[Operation]
    ) -> None:
        self.roots: dict[Operation, tuple[Tensor, ...]] = {}
        self._subgraph = subgraph
        self._uniform: dict[Tensor, bool] = {}
        for op in order:
            if op not in tied and is_pure(op.definition) and (roots := self._roots_of(op)):
                self.roots[op] = roots

    def _roots_of(self, op: Operation) -> tuple[Tensor, ...]:
        """Return the roots of an operation, none if it is not sized."""
        tensors = [self._subgraph.source(tensor) for tensor in op.inputs]
        if op.type in _FROM_SHAPES:
            return tuple(dict.fromkeys(tensors))
        constants = self._subgraph.constants
        if op.type in _REPEATING or not all(map(_is_small, op.outputs)):
            return ()
        if not all(tensor in constants or tensor.op in self.roots for tensor in tensors):
            return ()
        found = [self.roots[t.op] for t in tensors if t not in constants]
        return tuple(dict.fromkeys(root for roots in found for root in roots))

    def is_known(self, op: Operation, position: int) -> bool:
        """Tell whether an input is known, given shapes: a constant or the output of a sized one."""
        tensor = self._subgraph.source(op.inputs[position])
        constants = self._subgraph.constants
        if position in needed_values(op):
            return tensor in constants or tensor.op in self.roots
        if tensor in constants:
            return self._is_uniform(tensor)
        return tensor.op in self.roots and tensor.static_shape.rank == 0

    def read_for(self, op: Operation, position: int) -> tuple[Tensor, ...]:
        """Return the tensors that must be at hand for an input to be known or read."""
        tensor = self._subgraph.source(op.inputs[position])
        if not self.is_known(op, position):
            return (tensor,)
        return () if tensor in self._subgraph.constants else self.roots[tensor.op]

    def _is_uniform(self, tensor: Tensor) -> bool:
        """Tell whether all elements of a constant are the same."""
        found = self._uniform.get(tensor)
        if found is None:
            found = self._uniform[tensor] = _is_uniform(self._subgraph.constants[tensor])
        return found


def needed_values(op: Operation) -> tuple[int, ...]:
    """Return the positions of inputs whose value decides an output's shape."""
    return op.definition.positions_of_values(op.attrs)


def _is_small(tensor: Tensor) -> bool:
    """Tell whether a tensor can only hold sizes or axes, or one number made of them."""
    shape = tensor.static_shape
    if shape.rank == 0:
        return not tensor.dtype.is_ref
    if shape.rank != 1 or not (tensor.dtype.is_integer or tensor.dtype.is_bool):
        return False
    return not shape.is_full or int(shape.size) <= _MOST_VALUES


def _is_uniform(array: Any) -> bool:
    if array.size < 2 or array.dtype.kind not in "biuf":
        return bool(array.size == 1)
    bits = array.reshape(-1).view(f"u{array.itemsize}")  # 0.0 is not -0.0
    return bool(bits[0] == bits[-1]) and bool(np.all(bits == bits[0]))
