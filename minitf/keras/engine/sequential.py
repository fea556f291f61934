"""Sequential: layers one after the other.

    model = Sequential([Dense(3, input_shape=(4,)), Dense(2)])     built at once
    model = Sequential([Dense(3), Dense(2)])                       built with the first inputs

Source: TensorFlow 1.15's `tf.keras.Sequential`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from minitf.keras.engine.input_layer import Input, InputLayer
from minitf.keras.engine.layer import Layer
from minitf.keras.engine.nodes import history_of
from minitf.keras.engine.training import Model
from minitf.tensor_shape import TensorShape


class Sequential(Model):
    """A model whose layers stand one after the other.

    Args:
        layers: the first of them.
        name: its name.
    """

    def __init__(self, layers: Sequence[Any] | None = None, name: str | None = None) -> None:
        super().__init__(name=name)
        self._stack: list[Any] = []
        for layer in layers or ():
            self.add(layer)

    @property
    def layers(self) -> list[Any]:
        """Its layers, without the input."""
        return [each for each in self._stack if not isinstance(each, InputLayer)]

    @property
    def _stands_for_layers(self) -> bool:
        is_ours = type(self).__module__.startswith("minitf.keras")
        return is_ours or super()._stands_for_layers

    def _inner(self) -> list[Any]:
        return list(vars(self).get("_stack", ()))

    def add(self, layer: Any) -> None:
        """Add a layer behind the others.

        Raises:
            TypeError: if it is none.
            ValueError: if it has several outputs.
        """
        if history_of(layer) is not None and isinstance(history_of(layer).layer, InputLayer):
            layer = history_of(layer).layer
        if not isinstance(layer, Layer):
            raise TypeError(
                "The added layer must be an instance of class Layer. Found: " + str(layer)
            )
        if not self._stack:
            first = _first_layer(layer)
            if isinstance(layer, InputLayer):
                self._stack.append(layer)
                self._end(layer.output)
                return
            shape = None if first is None else first._batch_input_shape  # noqa: SLF001
            if shape is not None:
                begin = Input(batch_shape=shape, dtype=first.dtype, name=f"{layer.name}_input")
                self._stack.append(history_of(begin).layer)
                self._stack.append(layer)
                self._end(layer(begin))
                return
        self._stack.append(layer)
        if self.outputs is not None:
            self._end(layer(self.outputs[0]))
        else:
            self.built = False
            self._restore_layers()

    def _end(self, output: Any) -> None:
        if isinstance(output, (list, tuple)):
            self._stack.pop()
            raise ValueError(
                "All layers in a Sequential model should have a single output tensor. For "
                "multi-output layers, use the functional API."
            )
        self._set_graph(self._stack[0].output, output)

    def pop(self) -> None:
        """Remove the last layer.

        Raises:
            TypeError: if there is none.
        """
        if not self.layers:
            raise TypeError("There are no layers in the model.")
        layer = self._stack.pop()
        if not self.layers:
            self.outputs = self.inputs = self._topology = None
            self.built = False
            self._stack.clear()
        elif self.outputs is not None:
            layer.inbound_nodes.pop()
            below = self._stack[-1]
            below.outbound_nodes.clear()
            self._end(below.output)

    def build(self, input_shape: Any = None) -> None:
        """Build the layers for inputs of a shape.

        Raises:
            ValueError: if no shape is given and none is known.
        """
        if self._topology is not None:
            return
        if input_shape is None:
            raise ValueError("You must provide an `input_shape` argument.")
        self._build_for(Input(batch_shape=tuple(TensorShape(input_shape).as_list())))

    def _build_for(self, begin: Any) -> None:
        """Build the layers behind an input."""
        layers = list(self._stack)
        x = begin
        for layer in layers:
            x = layer(x)
        self._stack = [history_of(begin).layer, *layers]
        self._set_graph(begin, x)

    def _build_once(self, inputs: Any) -> None:
        self.built = True

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Run the layers on other inputs."""
        if self._topology is not None:
            return super().call(inputs, training, mask)
        x = inputs
        for layer in self.layers:
            x = layer(x)
        return x

    def predict_proba(self, x: Any, batch_size: int = 32, verbose: int = 0) -> Any:
        """Return the outputs, which are probabilities if the last layer makes such."""
        return self.predict(x, batch_size, verbose)

    def predict_classes(self, x: Any, batch_size: int = 32, verbose: int = 0) -> Any:
        """Return the class of each row: where the greatest output is, or whether it exceeds 1/2."""
        made = self.predict(x, batch_size, verbose)
        if made.shape[-1] > 1:
            return made.argmax(axis=-1)
        return (made > 0.5).astype(np.int32)

    def get_config(self) -> dict[str, Any]:
        """Return the configurations of its layers."""
        layers = [
            {"class_name": type(each).__name__, "config": each.get_config()} for each in self.layers
        ]
        config: dict[str, Any] = {"name": self.name, "layers": layers}
        if self.inputs is not None and layers and "batch_input_shape" not in layers[0]["config"]:
            config["build_input_shape"] = self.inputs[0].shape.as_list()
        return config

    @classmethod
    def from_config(cls, config: Any, custom_objects: Any = None) -> Self:
        """Return the model that `get_config` describes."""
        from minitf.keras.layers import deserialize

        data = config if isinstance(config, dict) else {"layers": config}
        model = cls(name=data.get("name"))
        for each in data["layers"]:
            model.add(deserialize(each, custom_objects=custom_objects))
        if model.inputs is None and data.get("build_input_shape"):
            model.build(data["build_input_shape"])
        return model


def _first_layer(layer: Any) -> Any:
    """Return the layer that a layer begins with, within models."""
    while isinstance(layer, Model):
        if not layer.layers:
            return None
        if layer.inputs is not None:
            return history_of(layer.inputs[0]).layer
        layer = layer.layers[0]
    return layer
