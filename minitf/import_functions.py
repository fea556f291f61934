"""The functions of a GraphDef: FunctionDef messages become Functions when a node calls them.

A FunctionDef is read as a GraphDef: its arguments become placeholders, and its inputs, which name
an output of a node (`split:output:1`), are numbered as those of a graph are (`split:1`).

Source: TensorFlow 1.15, `function.proto`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from minitf import ops, protos
from minitf.errors import GraphBuildError
from minitf.functions import Function
from minitf.graph import Graph
from minitf.op_def import OpDef
from minitf.operation import Operation
from minitf.tensor import Tensor



class FunctionReader:
    """The functions of a library, made as they are asked for.

    Args:
        library: a FunctionDefLibrary.
        import_nodes: adds the nodes of a GraphDef to a graph: (graph, message, this reader) ->
            operations by name.
    """

    def __init__(
        self,
        library: Any,
        import_nodes: Callable[[Graph, Any, FunctionReader], Mapping[str, Operation]],
    ) -> None:
        self._messages = {each.signature.name: each for each in library.function}
        self._gradients = {each.function_name: each.gradient_func for each in library.gradient}
        self._import = import_nodes
        self._made: dict[str, Function] = {}

    def find_op(self, name: str) -> OpDef:
        """Return the op of a registry name, or the function of that name.

        Raises:
            NotFoundError: if there is neither.
        """
        return self.find(name) or ops.find_op(name)

    def find(self, name: str) -> Function | None:
        """Return the function of that name, None if there is none.

        Raises:
            ValueError: if what it holds does not fit.
        """
        if name not in self._messages:
            return None
        if name not in self._made:
            self._made[name] = self._read(self._messages[name])
        return self._made[name]

    def _read(self, message: Any) -> Function:
        name = message.signature.name
        nodes = {node.name: node for node in message.node_def}
        graph_def = protos.GraphDef()
        for arg in message.signature.input_arg:
            node = graph_def.node.add(name=arg.name, op="Placeholder")
            node.attr["dtype"].type = arg.type
            node.attr["shape"].shape.unknown_rank = True
        for each in message.node_def:
            node = graph_def.node.add()
            node.CopyFrom(each)
            node.input[:] = [self._numbered(text, nodes) for text in each.input]
        graph = Graph()
        made = self._import(graph, graph_def, self)
        results = [
            _tensor(made, self._numbered(message.ret[arg.name], nodes))
            for arg in message.signature.output_arg
        ]
        function = Function(
            name,
            graph,
            [made[arg.name].outputs[0] for arg in message.signature.input_arg],
            results,
            [arg.name for arg in message.signature.output_arg],
        )
        self._add_gradient(function)
        return function

    def _numbered(self, text: str, nodes: Mapping[str, Any]) -> str:
        """Return `node:output:i` as `node:j`."""
        name, _, rest = text.partition(":")
        if not rest:
            return text
        output, _, index = rest.partition(":")
        node = nodes.get(name)
        if node is None:
            raise GraphBuildError(None, None, f"input {text} is not found")
        position = 0
        for arg in self.find_op(node.op).outputs:
            if arg.name == output:
                return f"{name}:{position + int(index or 0)}"
            position += _length(arg, node)
        raise GraphBuildError(None, None, f"Node '{name}' has no output {output}")

    def _add_gradient(self, function: Function) -> None:
        """Let the library's gradient of a function differentiate its calls."""
        name = self._gradients.get(function.name)
        if name is None:
            return

        def gradient(op: Operation, *grads: Any) -> Any:
            found = self.find(name)
            assert found is not None
            return found(*op.inputs, *grads)

        function.gradient(gradient)


def _length(arg: Any, node: Any) -> int:
    if arg.number_attr:
        return int(node.attr[arg.number_attr].i)
    return len(node.attr[arg.type_list_attr].list.type) if arg.type_list_attr else 1


def _tensor(made: Mapping[str, Operation], text: str) -> Tensor:
    name, _, index = text.partition(":")
    return made[name].outputs[int(index or 0)]
