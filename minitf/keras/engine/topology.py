"""Topology: the layers between inputs and outputs, in the order in which they run.

    depth of a node = the longest way from it to an output

Layers of greater depth run first; those of one depth stand in the order in which a walk back from
the outputs meets them.  The order of a model's layers, and so of its weights, follows.

Source: TensorFlow 1.15's `tf.keras.Model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import nest
from minitf.keras.engine.nodes import Node, history_of


class Topology:
    """The nodes and layers of a model.

    Args:
        inputs: the tensors that it begins with.
        outputs: the tensors that it ends with.

    Attributes:
        layers: in order.
        nodes: likewise.
        by_depth: depth -> layers, for programs that ask.

    Raises:
        ValueError: if outputs follow from something else, in a circle, or two layers share a name.
    """

    def __init__(self, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
        order, met = _walk(outputs)
        of_node: dict[Node, int] = {}
        of_layer: dict[Any, int] = {}
        for node in reversed(order):
            layer = node.outbound_layer
            depth = max(of_node.get(node, 0), of_layer.get(layer, 0))
            of_layer[layer] = of_node[node] = depth
            for each in node.before:
                of_node[each] = max(depth + 1, of_node.get(each, 0))
        for tensor in inputs:
            layer, number, _ = history_of(tensor)
            if layer not in of_layer:
                of_layer[layer], met[layer] = 0, -1
                of_node[layer.inbound_nodes[number]] = 0
        self.layers = sorted(of_layer, key=lambda layer: (-of_layer[layer], met[layer]))
        places = {node: i for i, node in enumerate(order)}
        self.nodes = sorted(of_node, key=lambda node: (-of_node[node], places.get(node, -1)))
        self.by_depth: dict[int, list[Any]] = {}
        for layer in self.layers:
            self.by_depth.setdefault(of_layer[layer], []).append(layer)
        self._check(inputs)

    def _check(self, inputs: Sequence[Any]) -> None:
        known = {id(each) for each in inputs}
        done: list[str] = []
        for node in self.nodes:
            layer = node.outbound_layer
            for each in nest.flatten(node.input_tensors):
                if id(each) not in known:
                    raise ValueError(
                        f"Graph disconnected: cannot obtain value for tensor {each} at layer "
                        f'"{layer.name}". The following previous layers were accessed without '
                        f"issue: {done}"
                    )
            known.update(id(each) for each in nest.flatten(node.output_tensors))
            done.append(layer.name)
        names = [layer.name for layer in self.layers]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(
                    f'The name "{name}" is used {names.count(name)} times in the model. All layer '
                    "names should be unique."
                )


def _walk(outputs: Sequence[Any]) -> tuple[list[Node], dict[Any, int]]:
    """Return the nodes that outputs follow from, each after those before it, and layers as met."""
    order: list[Node] = []
    met: dict[Any, int] = {}
    done: set[Node] = set()
    going: set[Node] = set()
    for tensor in outputs:
        stack = [(_node_of(tensor), False)]
        while stack:
            node, before_done = stack.pop()
            if before_done:
                going.discard(node)
                done.add(node)
                order.append(node)
                continue
            if node in done:
                continue
            if node in going:
                name = node.outbound_layer.name
                raise ValueError(f'The tensor at layer "{name}" is part of a cycle.')
            going.add(node)
            met.setdefault(node.outbound_layer, len(met))
            stack.append((node, True))
            stack += [(each, False) for each in reversed(node.before) if each not in done]
    return order, met


def _node_of(tensor: Any) -> Node:
    layer, number, _ = history_of(tensor)
    node: Node = layer.inbound_nodes[number]
    return node
