"""Where a plan reads variables: an input that comes as a variable and is wanted as its value.

The Identity `v/read` that every variable has is no read: it stands for the variable, and whoever
takes its output reads when it fires itself.  So `tf.identity(v)` under a control dependency shows
what was written before.  The same holds where such an output goes into a branch or, as a constant,
into a loop: each operation there sees the variable as it is when it fires.

Source: 2015 §2 "Variables", §4.4; OSDI §3.1.
"""

from __future__ import annotations

from minitf.errors import InvalidArgumentError
from minitf.executor.loops import MERGES
from minitf.executor.prune import Subgraph
from minitf.operation import Operation
from minitf.tensor import Tensor


class VariableReads:
    """Which values of a subgraph are variables, and which inputs read them.

    Source: OSDI §3.1.
    """

    def __init__(self, subgraph: Subgraph) -> None:
        self._source = subgraph.source
        self._fed = set(subgraph.request.feeds)
        self._passed_on: set[Tensor] = set()  # outputs that stand for a variable
        for operation in subgraph.operations:
            if stands_for_variable(operation) and self.is_variable(operation.inputs[0]):
                self._passed_on.update(operation.outputs)

    def is_variable(self, tensor: Tensor) -> bool:
        """Tell whether a tensor's token is a variable."""
        tensor = self._source(tensor)
        is_variable = tensor.dtype.is_ref or tensor in self._passed_on
        return is_variable and tensor not in self._fed

    def positions(self, operation: Operation) -> tuple[int, ...]:
        """Return the positions of inputs that an operation reads when it fires.

        Merge reads none: its inputs are read before, as only one of them comes.

        Raises:
            InvalidArgumentError: if an operation that changes a variable would get a fed array.
        """
        definition = operation.definition
        if not (definition.takes_refs or any(map(self.is_variable, operation.inputs))):
            return ()
        wanted = definition.input_types(operation.attrs)
        hands_on = bool(operation.outputs) and operation.outputs[0] in self._passed_on
        reads = []
        for i, (tensor, dtype) in enumerate(zip(operation.inputs, wanted, strict=True)):
            is_variable = self.is_variable(tensor)
            if dtype.is_ref and not is_variable:
                raise InvalidArgumentError(
                    None,
                    operation,
                    f"Input {i} of node {operation.name} was passed {tensor.dtype.base_dtype.name} "
                    f"from a feed incompatible with expected {dtype.name}: feed the value "
                    "read from the variable instead of the variable",
                )
            if is_variable and not dtype.is_ref and not (hands_on and i == 0):
                reads.append(i)
        return () if operation.type in MERGES else tuple(reads)


def stands_for_variable(operation: Operation) -> bool:
    """Tell whether an operation hands a variable on, if it gets one."""
    if operation.type == "Identity":
        data = operation.inputs[0]
        return data.dtype.is_ref and operation.name == f"{data.op.name}/read"
    if operation.type == "Enter":
        return bool(operation.attrs["is_constant"])
    return operation.type == "Switch"
