"""AutomaticControlDependencies: what a function does happens in the order in which it was written.

    with AutomaticControlDependencies() as deps:
        v.assign(1.0)
        y = deps.mark_as_return(v + 2.0)

Whatever uses a resource waits for what used it before; other stateful operations wait for one
another; what is returned waits for all of them.

Source: TensorFlow 1.15, `auto_control_deps`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Self

from minitf import nest, ops
from minitf.composite import IndexedSlices, SparseTensor
from minitf.default_graph import default_graph
from minitf.dtypes import resource
from minitf.operation import Operation
from minitf.tensor import Tensor

# Stateful, but nobody sees in which order they run.
_UNORDERED = frozenset(("Placeholder", "VarHandleOp", "FakeParam", "EmptyTensorList"))


class AutomaticControlDependencies:
    """Orders the stateful operations of a block, in the graph that is the default one there."""

    def __init__(self) -> None:
        self._returned: set[Tensor] = set()
        self.must_run: list[Operation] = []

    def mark_as_return(self, tensor: Any) -> Any:
        """Return a value behind which all of the block has happened."""
        if isinstance(tensor, (IndexedSlices, SparseTensor)):
            parts = [
                None if part is None else self.mark_as_return(part)
                for part in nest.flatten(tensor, expand_composites=True)
            ]
            return nest.pack_sequence_as(tensor, parts, expand_composites=True)
        made: Tensor = ops.identity_op(tensor)
        self._returned.add(made)
        return made

    def __enter__(self) -> Self:
        self._graph = default_graph()
        self._before = self._graph.version
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if kind is not None or default_graph() is not self._graph:
            return
        last: dict[Any, Operation] = {}
        made = self._graph.get_operations()[self._before :]
        for op in made:
            if op.context is not None:
                continue
            used = dict.fromkeys(each for each in op.inputs if each.dtype is resource)
            keys: list[Any] = list(used)
            if op_is_stateful(op):
                self.must_run.append(op)
                if not keys and not _is_random(op):
                    keys = [None]
            waits = [last[key] for key in keys if key in last]
            if waits:
                op._add_control_inputs(waits)
            last.update(dict.fromkeys(keys, op))
        for tensor in self._returned:
            others = [op for op in self.must_run if op is not tensor.op]
            tensor.op._add_control_inputs(others)


def op_is_stateful(op: Operation) -> bool:
    """Tell whether an operation has effects, or sees those of others."""
    return op.definition.is_stateful and op.type not in _UNORDERED


def _is_random(op: Operation) -> bool:
    return ".ops.random." in op.definition.__module__


def automatic_control_dependencies(f: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function of what happens in the order in which it is written."""

    @functools.wraps(f)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with AutomaticControlDependencies() as deps:
            return nest.map_structure(deps.mark_as_return, f(*args, **kwargs))

    return wrapper
