"""Nodes: which layer made which tensors of which others.

    x = Input((3,))       history of x: (input layer, its node 0, output 0)
    y = Dense(2)(x)       history of y: (dense layer, its node 0, output 0); the node knows x

A layer has a node for each of its calls; a model is found by walking from its outputs back.

Source: TensorFlow 1.15's `tf.keras`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from minitf import nest
from minitf.composite import SparseTensor
from minitf.tensor import Tensor
from minitf.variables.base import Variable


class KerasHistory(NamedTuple):
    """Where a tensor comes from: the layer, the number of the call, and of the output."""

    layer: Any
    node_index: int
    tensor_index: int


class Node:
    """One call of a layer.

    Args:
        outbound_layer: the layer.
        inputs: the tensors that it was called with, in a structure.
        outputs: what it returned.
        arguments: what else it was called with, by name.
    """

    def __init__(
        self, outbound_layer: Any, inputs: Any, outputs: Any, arguments: dict[str, Any]
    ) -> None:
        self.outbound_layer = outbound_layer
        self.input_tensors = inputs
        self.output_tensors = outputs
        self.arguments = arguments
        self.sources: list[KerasHistory] = [history_of(each) for each in nest.flatten(inputs)]
        for source in self.sources:
            source.layer.outbound_nodes.append(self)
        outbound_layer.inbound_nodes.append(self)

    @property
    def inbound_layers(self) -> list[Any]:
        """The layers that made the inputs."""
        return [source.layer for source in self.sources]

    @property
    def before(self) -> list[Node]:
        """The nodes that made the inputs."""
        return [source.layer.inbound_nodes[source.node_index] for source in self.sources]


def give_history(node: Node) -> None:
    """Make the newest node of a layer the one that made its outputs."""
    layer = node.outbound_layer
    for index, each in enumerate(nest.flatten(node.output_tensors)):
        number = len(layer.inbound_nodes) - 1
        vars(each)["_keras_history"] = KerasHistory(layer, number, index)


def history_of(tensor: Any) -> Any:
    """Return the history of a tensor, None if no layer made it."""
    return getattr(tensor, "_keras_history", None)


def is_keras_tensor(x: Any) -> bool:
    """Tell whether a layer made a tensor.

    Raises:
        ValueError: if it is no tensor.
    """
    if not isinstance(x, (Tensor, Variable, SparseTensor)):
        raise ValueError(
            f"Unexpectedly found an instance of type `{type(x)}`. Expected a symbolic tensor "
            "instance."
        )
    return history_of(x) is not None
