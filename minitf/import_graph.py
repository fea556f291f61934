"""GraphDef messages become Operations, or nothing is changed at all.

In this order: read the nodes (`minitf.import_node`) and give them names that are free; order them
so that inputs come first, of those that are ready the earliest in the message, as TensorFlow does;
build one after the other by the checks that every operation passes; close loops, whose back edges
run from a NextIteration to a Merge.

Worked example, two nodes read from the text form:

    message = text_format.Parse(
        'node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } }'
        'node { name: "y" op: "Neg" input: "x" attr { key: "T" value { type: DT_FLOAT } } }',
        protos.GraphDef())
    made = import_graph(tf.get_default_graph(), message, prefix="net")
    made["y"].inputs[0].name                                    # 'net/x:0'

Source: 2015 §2 "Sessions" (Extend), §3.1; TensorFlow 1.15's import_graph_def.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from typing import Any

from minitf import ops
from minitf.build import add_operation
from minitf.dtypes import DType
from minitf.elements import Element
from minitf.errors import GraphBuildError, house_message
from minitf.graph import Graph
from minitf.graph_def import merged_library, merged_versions
from minitf.import_node import (
    CONTROL,
    Node,
    Source,
    check_inputs,
    input_text,
    input_types,
    read_node,
    refine_shapes,
)
from minitf.operation import Operation
from minitf.shapes import Shape
from minitf.tensor import Tensor

InputMap = Mapping[Source, Element]
_COLOCATED = "loc:@"


def import_graph(
    graph: Graph,
    message: Any,
    prefix: str = "",
    input_map: InputMap | None = None,
    producer_ops: Mapping[str, Any] | None = None,
) -> dict[str, Operation]:
    """Add the nodes of a GraphDef to a graph.

    Args:
        graph: the graph to add to.
        message: the GraphDef.
        prefix: a name scope without a slash.
        input_map: an input that nodes of the message name -> the Tensor to take instead, or the
            Operation for a control dependency.
        producer_ops: OpDef messages of whoever wrote the GraphDef, by name; their defaults tell
            which attributes that we do not know may be left out.

    Returns:
        The operations by their names in the message.

    Raises:
        ValueError: if anything does not fit; the graph is as it was.
        NotFoundError: if an op is not registered.
        RuntimeError: if the graph is finalized.
    """
    graph.check_not_finalized()
    with graph.all_or_nothing():
        versions = merged_versions(graph, message.versions)
        library = merged_library(graph, message.library)
        graph.library = library  # its functions are ops of the nodes
        made = _Importer(graph, prefix, input_map or {}).run(message, producer_ops or {})
        graph.versions = versions
    return made


class _Importer:
    """One import: `nodes` by name in the message, `made` as they become Operations."""

    def __init__(self, graph: Graph, prefix: str, input_map: InputMap) -> None:
        self.graph = graph
        self.prefix = f"{prefix}/" if prefix else ""
        self.input_map = input_map
        self.nodes: dict[str, Node] = {}
        self.made: dict[str, Operation] = {}

    def run(self, message: Any, producer_ops: Mapping[str, Any]) -> dict[str, Operation]:
        for each in message.node:
            node = read_node(each, message.versions.producer, producer_ops, self.graph)
            if node.name in self.nodes:
                raise node.wrong(f"Node '{node.name}' is not unique")
            self.nodes[node.name] = node
        self._choose_names()
        self._choose_frames()
        self._check_names()
        loops = [(node, i) for node in self._in_order() for i in self._build(node)]
        for node, i in loops:
            operation = self.made[node.name]
            operation._update_input(i, self._output(node, node.inputs[i]))
            check_inputs(node, operation.inputs)
        self._place_colocated()
        return self.made

    # --- names ---------------------------------------------------------------------------------

    def _choose_names(self) -> None:
        """Give each node a name that is free: `x_1` where an operation or scope `x` is there."""
        taken = _names_and_scopes(self.graph)
        own = {self.prefix + name for name in self.nodes}
        for name, node in self.nodes.items():
            free, count = self.prefix + name, 0
            while free in taken or (count and free in own):
                count += 1
                free = f"{self.prefix}{name}_{count}"
            taken.add(free)
            node.full_name = free

    def _choose_frames(self) -> None:
        """Give each loop a frame name that is free: two imports of a loop are two loops."""
        chosen: dict[str, str] = {}
        with self.graph.scopes.named(""):
            for node in self.nodes.values():
                name = node.attrs.get("frame_name")
                if name is not None:
                    if name not in chosen:
                        chosen[name] = self.graph.unique_name(self.prefix + name)
                    node.attrs["frame_name"] = chosen[name]

    def _check_names(self) -> None:
        """Check that inputs, colocation groups and `input_map` name what is there."""
        used = set()
        for node in self.nodes.values():
            used.update(node.inputs)
            for source in node.inputs:
                if source[0] not in self.nodes and source not in self.input_map:
                    raise node.wrong(
                        f"Node '{node.name}': Unknown input node '{_as_written(source)}'"
                    )
            if "_class" in node.attrs:
                groups = [self._renamed_group(node, group) for group in node.attrs["_class"]]
                node.attrs["_class"] = tuple(sorted(groups))
        unused = [source for source in self.input_map if source not in used]
        missing = [input_text(source) for source in unused if not self._has_output(source)]
        if missing:
            names = ", ".join(sorted(missing))
            raise GraphBuildError(
                None, None, f"Attempted to map inputs that were not found in graph_def: [{names}]"
            )

    def _renamed_group(self, node: Node, group: str) -> str:
        name = group.removeprefix(_COLOCATED)
        if name == group:
            return group
        if name in self.nodes:
            return _COLOCATED + self.nodes[name].full_name
        if (name, CONTROL) in self.input_map:
            return _COLOCATED + self.input_map[name, CONTROL].name
        raise node.wrong(f"Node '{node.name}' expects to be colocated with unknown node '{name}'")

    def _has_output(self, source: Source) -> bool:
        node = self.nodes.get(source[0])
        return node is not None and source[1] < len(node.definition.output_types(node.attrs))

    # --- order ---------------------------------------------------------------------------------

    def _in_order(self) -> Iterator[Node]:
        """Walk the nodes so that each comes after its inputs, loops' back edges left out."""
        nodes = list(self.nodes.values())
        position = {name: i for i, name in enumerate(self.nodes)}
        consumers: list[list[int]] = [[] for _ in nodes]
        waits_for = [0] * len(nodes)
        for i, node in enumerate(nodes):
            for source in node.inputs:
                if source not in self.input_map and not self._is_back_edge(node, source):
                    consumers[position[source[0]]].append(i)
                    waits_for[i] += 1
        ready = [i for i, count in enumerate(waits_for) if not count]  # sorted, so it is a heap
        while ready:
            i = heapq.heappop(ready)
            yield nodes[i]
            for consumer in consumers[i]:
                waits_for[consumer] -= 1
                if not waits_for[consumer]:
                    heapq.heappush(ready, consumer)
        stuck = [node.name for node, count in zip(nodes, waits_for, strict=True) if count]
        if stuck:
            facts = {"nodes": ", ".join(stuck[:10]) + (", ..." if stuck[10:] else "")}
            raise GraphBuildError(
                None, None, house_message(f"{len(stuck)} nodes in a cycle", facts)
            )

    def _is_back_edge(self, node: Node, source: Source) -> bool:
        kinds = node.definition.name, self.nodes[source[0]].definition.name
        return source[1] != CONTROL and kinds in _LOOPS

    # --- building ------------------------------------------------------------------------------

    def _build(self, node: Node) -> list[int]:
        """Make an Operation of a node; returns which inputs stand for what is not made yet."""
        types = input_types(node)
        later: list[int] = []
        inputs = []
        for i, source in enumerate(node.inputs[: len(types)]):
            if source in self.input_map or source[0] in self.made:
                inputs.append(self._output(node, source))
            else:
                later.append(i)
                inputs.append(_stand_in(self.graph, types[i]))
        check_inputs(node, inputs)
        controls = dict.fromkeys([self._operation(each) for each in node.inputs[len(types) :]])
        operation = add_operation(
            self.graph,
            node.definition,
            node.full_name,
            inputs,
            node.attrs,
            list(controls),
            node.device,
        )
        refine_shapes(node, operation)
        self.made[node.name] = operation
        return later

    def _output(self, node: Node, source: Source) -> Tensor:
        """Return the Tensor that an input of a node names."""
        mapped = self.input_map.get(source)
        if isinstance(mapped, Tensor):
            return mapped
        name, index = source
        outputs = self.made[name].outputs
        if index >= len(outputs):
            raise node.wrong(
                f"Node '{node.name}': Connecting to invalid output {index} of source node {name} "
                f"which has {len(outputs)} outputs."
            )
        return outputs[index]

    def _operation(self, source: Source) -> Operation:
        """Return the Operation that a control input names."""
        mapped = self.input_map.get(source)
        if mapped is None:
            return self.made[source[0]]
        return mapped.op if isinstance(mapped, Tensor) else mapped

    def _place_colocated(self) -> None:
        """Give an operation that is colocated with others their device instead of its own."""
        for name, operation in self.made.items():
            groups = self.nodes[name].attrs.get("_class", ())
            names = {group.removeprefix(_COLOCATED) for group in groups} - {operation.name}
            others = [self.graph.find_operation(each) for each in sorted(names)]
            devices = [each.device for each in others if each is not None]
            if devices:
                operation.device = next(filter(None, devices), "")


_LOOPS = frozenset((("Merge", "NextIteration"), ("RefMerge", "RefNextIteration")))


def _stand_in(graph: Graph, dtype: DType) -> Tensor:
    """Return a Tensor outside the graph, of which nothing but the type is known."""
    attrs = {"dtype": dtype.base_dtype, "shape": Shape.unknown()}
    operation = Operation(graph, ops.placeholder_op, "", (), attrs)
    return Tensor(operation, 0, dtype, Shape.unknown())


def _as_written(source: Source) -> str:
    return input_text(source).removesuffix(":0")


def _names_and_scopes(graph: Graph) -> set[str]:
    """Return the names of all operations and of all scopes that they stand in."""
    taken: set[str] = set()
    for operation in graph.get_operations():
        name = operation.name
        while name and name not in taken:
            taken.add(name)
            name = name.rpartition("/")[0]
    return taken
