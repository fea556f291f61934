"""A graph of layers as data: the layers' configurations, and what is called with what.

    {"name": ..., "layers": [{"name", "class_name", "config", "inbound_nodes"}, ...],
     "input_layers": [[name, call, output]], "output_layers": [...]}

An inbound node is a list of [name of a layer, number of its call, of the output, arguments].

Source: TensorFlow 1.15's `tf.keras.Model.get_config`.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from minitf import nest
from minitf.keras.engine.nodes import Node, history_of


def config_of(network: Any) -> dict[str, Any]:
    """Return the data of a network."""
    numbers = _numbers(network)
    layers = []
    for layer in network.layers:
        nodes = [node for node in layer.inbound_nodes if node in numbers and node.sources]
        layers.append(
            {
                "name": layer.name,
                "class_name": type(layer).__name__,
                "config": layer.get_config(),
                "inbound_nodes": [_of_node(node, numbers) for node in nodes],
            }
        )
    inputs, outputs = network._structures  # noqa: SLF001 - a part of the class
    return {
        "name": network.name,
        "layers": layers,
        "input_layers": [_place(each, numbers) for each in nest.flatten(inputs)],
        "output_layers": [_place(each, numbers) for each in nest.flatten(outputs)],
    }


def _numbers(network: Any) -> dict[Node, int]:
    """Return the numbers of the nodes in the saved model: those outside of it do not count."""
    within = set(network._topology.nodes)  # noqa: SLF001
    numbers: dict[Node, int] = {}
    for layer in network.layers:
        kept = 1 if hasattr(layer, "_topology") and layer._topology is not None else 0  # noqa: SLF001
        for node in layer.inbound_nodes:
            if node in within:
                numbers[node] = kept
                kept += 1
    return numbers


def _place(tensor: Any, numbers: dict[Node, int]) -> list[Any]:
    layer, number, index = history_of(tensor)
    return [layer.name, numbers[layer.inbound_nodes[number]], index]


def _of_node(node: Node, numbers: dict[Node, int]) -> list[Any]:
    arguments = {name: _plain(value) for name, value in node.arguments.items()}
    return [
        [*_place(each, numbers), arguments if i == 0 else {}]
        for i, each in enumerate(nest.flatten(node.input_tensors))
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    return value


def tensors_of(config: dict[str, Any], custom_objects: Any = None) -> tuple[Any, Any]:
    """Make the layers that data describes, and call them.

    Returns:
        The tensors that the network begins with, and those that it ends with.

    Raises:
        ValueError: if a layer waits for one that is missing.
    """
    from minitf.keras.layers import deserialize

    layers: dict[str, Any] = {}
    waiting: deque[tuple[Any, Any]] = deque()
    starts: dict[str, int] = {}
    for data in config["layers"]:
        layer = deserialize(data, custom_objects=custom_objects)
        layers[data["name"]] = layer
        starts[data["name"]] = 0
        waiting.extend((layer, node) for node in data["inbound_nodes"])
    stuck = 0
    while waiting:
        layer, node = waiting.popleft()
        found = [_found(layers, each) for each in _edges(node)]
        if any(each is None for each in found):
            waiting.append((layer, node))
            stuck += 1
            if stuck > len(waiting):
                raise ValueError(f"Layer {layer.name} waits for a layer that is not in the model.")
            continue
        stuck = 0
        arguments: dict[str, Any] = next((each[3] for each in _edges(node) if len(each) > 3), {})
        layer(found[0] if len(found) == 1 else found, **arguments)
    inputs, outputs = (
        _one([_found(layers, place) for place in _places(config[key])])
        for key in ("input_layers", "output_layers")
    )
    return inputs, outputs


def _edges(node: Any) -> list[Any]:
    return [node] if node and isinstance(node[0], str) else list(node)


def _places(data: Any) -> list[Any]:
    return [data] if data and isinstance(data[0], str) else list(data)


def _found(layers: dict[str, Any], place: Any) -> Any:
    layer = layers.get(place[0])
    if layer is None or place[1] >= len(layer.inbound_nodes):
        return None
    return nest.flatten(layer.inbound_nodes[place[1]].output_tensors)[place[2]]


def _one(tensors: list[Any]) -> Any:
    return tensors[0] if len(tensors) == 1 else tensors
