"""Who uses which variable of a subgraph, and how.

Source: 2015 §2 "Variables"; OSDI §3.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from minitf import dtypes
from minitf.executor.prune import Subgraph
from minitf.executor.variable_reads import VariableReads, stands_for_variable
from minitf.operation import Operation
from minitf.tensor import Tensor

VARIABLES = frozenset(("VarHandleOp", "Variable", "VariableV2"))  # they give handles
READS = frozenset(("Identity", "ReadVariableOp"))  # change nothing behind a handle
Name = tuple[Any, Any]  # container and shared name: two operations may give one variable


class VariableUses:
    """The variables that the operations of a subgraph read or change.

    Attributes:
        has_unknown: whether a handle comes from elsewhere than the operation that makes it.
    """

    def __init__(self, subgraph: Subgraph) -> None:
        self._source = subgraph.source
        self._reads = VariableReads(subgraph)
        self.has_unknown = any(map(is_handle, subgraph.request.feeds))
        self._behind: dict[Tensor, Name] = {}  # what stands for a variable -> its name
        for operation in subgraph.operations:
            self._note(operation)

    def of(self, operation: Operation) -> Iterator[tuple[Name, bool]]:
        """Walk the variables that an operation uses, each with whether it only reads it."""
        reads = self._reads.positions(operation)
        for i, tensor in enumerate(operation.inputs):
            variable = self._behind.get(self._source(tensor))
            if variable is not None:
                yield variable, i in reads or operation.type in READS

    def _note(self, operation: Operation) -> None:
        if operation.type in VARIABLES:
            attrs = operation.attrs
            name = attrs.get("container"), attrs.get("shared_name") or operation.name
            self._behind[operation.outputs[0]] = name
            return
        if operation.inputs:
            variable_of = self._behind.get(self._source(operation.inputs[0]))
            hands_on = stands_for_variable(operation) or operation.type == "Identity"
            for tensor in operation.outputs:
                if variable_of is not None and (hands_on or tensor.dtype.is_ref):
                    self._behind[tensor] = variable_of
        for tensor in map(self._source, operation.inputs):
            if is_handle(tensor) and tensor not in self._behind and tensor.op.inputs:
                self.has_unknown = True


def is_handle(tensor: Tensor) -> bool:
    """Tell whether a tensor stands for something that keeps state."""
    return tensor.dtype.is_ref or tensor.dtype is dtypes.resource
