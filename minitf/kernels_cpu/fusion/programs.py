"""A cluster and the shapes of its inputs, as a Program.

The operations are walked in order.  Each is checked by its own shape rule; those that give sizes
are computed by their bodies, of arrays that are known and of stand-ins that have a shape only; the
rest adds values to the Program.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.devices import Cluster
from minitf.kernels_cpu.fusion.calls import Call, by_body
from minitf.kernels_cpu.fusion.lowering import known_view, outputs_of, rule_shapes
from minitf.kernels_cpu.fusion.scalars import Trace
from minitf.kernels_cpu.fusion.values import Layout, NotFusedError, Program, Value, View
from minitf.operation import Operation
from minitf.tensor import Tensor

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Output:
    """One output of a cluster.

    Attributes:
        shape: its shape.
        value: what it holds.
        input: the position of the input that it is another view of, or None.
    """

    shape: Shape
    value: Value
    layout: Layout
    input: int | None


def program_of(cluster: Cluster, shapes: Sequence[Shape]) -> tuple[Program, list[Output]]:
    """Return what a cluster computes of inputs of some shapes.

    Raises:
        NotFusedError: if that is not compiled.
        OpError: if the shapes do not fit, by the shape rule of an operation.
    """
    walk = _Walk(cluster, shapes)
    return walk.program, walk.outputs()


class _Walk:
    """One walk; per tensor its shape, and its view or its array if that is known."""

    def __init__(self, cluster: Cluster, shapes: Sequence[Shape]) -> None:
        self.program = Program()
        self._cluster = cluster
        self._trace = Trace(self.program)
        self._arrays: dict[Tensor, Any] = dict(cluster.constants)
        self._shapes: dict[Tensor, Shape] = {t: a.shape for t, a in self._arrays.items()}
        self._views: dict[Tensor, View] = {}
        for position, (tensor, shape) in enumerate(zip(cluster.inputs, shapes, strict=True)):
            dtype = tensor.dtype.base_dtype.numpy
            self._enter(tensor, self.program.load(position, dtype, shape), shape)
        sizes = set(cluster.sizes)
        for operation, operands in cluster.operands.items():
            if operation in sizes:
                self._compute(operation, operands)
            else:
                self._lower(operation, operands)

    def _enter(self, tensor: Tensor, view: View, shape: Shape) -> None:
        if 0 in shape:
            raise NotFusedError("an array is empty")
        self._views[tensor], self._shapes[tensor] = view, shape

    def _compute(self, operation: Operation, operands: Sequence[Tensor]) -> None:
        """Compute sizes by the operation's body."""
        found = by_body(operation, [self._array(tensor) for tensor in operands])
        for tensor, array in zip(operation.outputs, found, strict=True):
            self._arrays[tensor] = np.asarray(array)
            self._shapes[tensor] = self._arrays[tensor].shape

    def _array(self, tensor: Tensor) -> Any:
        """Return a known array, or a stand-in of the tensor's shape that takes no memory."""
        known = self._arrays.get(tensor)
        if known is not None:
            return known
        return np.broadcast_to(np.zeros((), np.bool_), self._shapes[tensor])

    def _lower(self, operation: Operation, operands: Sequence[Tensor]) -> None:
        """Add an operation's values to the Program."""
        known = {i: self._arrays[t] for i, t in enumerate(operands) if t in self._arrays}
        shapes = rule_shapes(operation, [self._shapes[tensor] for tensor in operands], known)
        views = [self._view(tensor) for tensor in operands]
        call = Call(self._trace, operation, views, known, shapes)
        for tensor, view, shape in zip(operation.outputs, outputs_of(call), shapes, strict=True):
            if self.program.shape_of(view.layout) != shape:
                raise NotFusedError(f"{operation.type} repeats its inputs")
            self._enter(tensor, view, shape)

    def _view(self, tensor: Tensor) -> View | None:
        found = self._views.get(tensor)
        if found is None:
            constant = tensor in self._cluster.constants
            found = known_view(self.program, self._arrays[tensor], is_constant=constant)
            if found is not None:
                self._views[tensor] = found
        return found

    def outputs(self) -> list[Output]:
        """Return the outputs, once all dimensions are known to be the same that are.

        Raises:
            NotFusedError: if a tensor has one dimension in two places.
        """
        find = self.program.find
        for view in self._views.values():
            dims = [find(dim) for dim in view.layout if dim is not None]
            if len(set(dims)) < len(dims):
                raise NotFusedError("an array has one dimension in two places")
        made = []
        for tensor in self._cluster.outputs:
            view, shape = self._views[tensor], self._shapes[tensor]
            value = view.value
            is_whole = value.kind == "load" and value not in self.program.windows
            if is_whole and {*map(find, value.dims)} == self._dims(view.layout):
                made.append(Output(shape, value, view.layout, value.what))
            else:
                stored = self.program.stored(value, self._dims(view.layout))
                made.append(Output(shape, stored, view.layout, None))
        return made

    def _dims(self, layout: Layout) -> set[int]:
        return {self.program.find(dim) for dim in layout if dim is not None}
