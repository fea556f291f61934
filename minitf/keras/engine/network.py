"""Network: a layer made of layers, by a graph of them or by a `call` of its own.

    x = Input((3,)); y = Dense(2)(x)
    Network(x, y)            its layers stand between x and y
    class Mine(Network)      its layers are its attributes, and `call` uses them

**Invariants**
1. The layers of a graph run on other inputs by being called again, in the order of `Topology`.
2. A graph's own node is the first: further calls count from 1, as in TensorFlow's saved models.

Source: TensorFlow 1.15's `tf.keras.Model`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from minitf import nest
from minitf.keras.backend.sessions import note_inputs
from minitf.keras.engine import network_config
from minitf.keras.engine.calls import Arguments
from minitf.keras.engine.inner import distinct
from minitf.keras.engine.input_layer import Input, InputLayer
from minitf.keras.engine.layer import Layer
from minitf.keras.engine.nodes import Node, history_of
from minitf.keras.engine.topology import Topology
from minitf.layers.masks import set_mask
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.trackable.base import TrackableReference


class Network(Layer):
    """A layer made of layers.

    Args:
        inputs: the tensors that its graph begins with; none for a subclass with a `call`.
        outputs: the tensors that it ends with.
        name: its name; by default that of its class, and a number if that is taken.
        **kwargs: `trainable`, `dtype`.

    Attributes:
        inputs: the tensors that it begins with, in a list; None before they are known.
        outputs: the tensors that it ends with, likewise.
    """

    inputs: list[Any] | None = None
    outputs: list[Any] | None = None
    input_names: list[str]
    output_names: list[str]
    _topology: Topology | None = None
    _graph_layers: list[Any] | None = None
    _structures: tuple[Any, Any]

    def __init__(
        self, inputs: Any = None, outputs: Any = None, name: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(name=name, **{"autocast": False, **kwargs})
        self.supports_masking = True
        if outputs is not None:
            self._set_graph(inputs, outputs)

    def _set_graph(self, inputs: Any, outputs: Any) -> None:
        self.inputs = [_begun(each) for each in nest.flatten(inputs)]
        if any(
            each is not given for each, given in zip(self.inputs, nest.flatten(inputs), strict=True)
        ):
            inputs = nest.pack_sequence_as(inputs, self.inputs)
        self.outputs = nest.flatten(outputs)
        if len({id(each) for each in self.inputs}) != len(self.inputs):
            raise ValueError(
                "The list of inputs passed to the model is redundant. All inputs should only "
                f"appear once. Found: {self.inputs}"
            )
        from minitf.keras.engine.operations import wrap

        wrap([each for each in self.outputs if isinstance(each, Tensor)])
        for each in self.outputs:
            if history_of(each) is None:
                raise ValueError(
                    "Output tensors to a Model must be the output of a TensorFlow `Layer` "
                    f"(thus holding past layer metadata). Found: {each}"
                )
        self._structures = inputs, outputs
        self._topology = Topology(self.inputs, self.outputs)
        self._graph_layers = self._topology.layers
        self.built = True
        self.inbound_nodes.clear()
        self._calls.clear()
        Node(self, inputs, outputs, {})
        self._calls.append((inputs, outputs))
        self.input_names = [history_of(each).layer.name for each in self.inputs]
        self.output_names = _output_names(self.outputs)
        self._restore_layers()

    # --- its layers ------------------------------------------------------------------------------

    def _inner(self) -> list[Any]:
        return list(self._graph_layers) if self._graph_layers is not None else super()._inner()

    @property
    def layers(self) -> list[Any]:
        """Its layers, in order."""
        return self._inner()

    @property
    def _is_graph_network(self) -> bool:
        return self._topology is not None

    def _list_functions_for_serialization(self) -> dict[str, Any]:
        from minitf.keras.saving.functions import functions_of

        return functions_of(self)

    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """Return a layer by its name or its number.

        Raises:
            ValueError: if there is none, or neither is given.
        """
        layers = self.layers
        if index is not None:
            if len(layers) <= index:
                raise ValueError(
                    f"Was asked to retrieve layer at index {index} but model only has "
                    f"{len(layers)} layers."
                )
            return layers[index]
        if not name:
            raise ValueError("Provide either a layer name or layer index.")
        for layer in layers:
            if layer.name == name:
                return layer
        raise ValueError(f"No such layer: {name}")

    @property
    def state_updates(self) -> list[Any]:
        """The updates of the layers whose states outlive a batch."""
        return [each for layer in self.layers if layer.stateful for each in layer.updates]

    @property
    def stateful(self) -> bool:  # type: ignore[override]
        """Whether states of a layer outlive a batch."""
        return any(layer.stateful for layer in self.layers)

    def reset_states(self) -> None:
        """Begin with the first states again."""
        for layer in self.layers:
            if layer.stateful and hasattr(layer, "reset_states"):
                layer.reset_states()

    @property
    def weights(self) -> list[Any]:
        """All variables, layer by layer, then those that are no layer's."""
        of_layers = [each for layer in self.layers for each in layer.weights]
        own = self._own_weights(trainable=True) + self._own_weights(trainable=False)
        return list(distinct(of_layers + own))

    # --- checkpoints of objects ------------------------------------------------------------------

    @property
    def _layer_references(self) -> list[TrackableReference]:
        """Its layers as parts; those with variables have numbers of their own too."""
        if not self._stands_for_layers:
            return []
        found: list[TrackableReference] = []
        with_weights = 0
        for number, layer in enumerate(self.layers):
            if layer.weights:
                found.append(TrackableReference(f"layer_with_weights-{with_weights}", layer))
                with_weights += 1
            found.append(TrackableReference(f"layer-{number}", layer))
        return found

    @property
    def _stands_for_layers(self) -> bool:
        return self._topology is not None

    def _restore_layers(self) -> None:
        """Restore layers from what waits for them."""
        for name, layer in self._layer_references:
            self._handle_deferred_dependencies(name, layer)

    @property
    def _checkpoint_dependencies(self) -> list[TrackableReference]:
        return self._layer_references + super()._checkpoint_dependencies

    def _lookup_dependency(self, name: str) -> Any:
        for each in self._layer_references:
            if each.name == name:
                return each.ref
        return super()._lookup_dependency(name)

    # --- calls -----------------------------------------------------------------------------------

    def _build_once(self, inputs: Any) -> None:
        if not self.built and type(self).build is not Layer.build:
            super()._build_once(inputs)
        self.built = True

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Run the graph of layers on other inputs.

        Raises:
            NotImplementedError: if a subclass does not say what its own call is.
        """
        if self._topology is None:
            raise NotImplementedError(
                "When subclassing the `Model` class, you should implement a `call` method."
            )
        given = nest.flatten(inputs)
        assert self.inputs is not None
        if len(given) != len(self.inputs):
            raise ValueError(
                f"Layer {self.name} expects {len(self.inputs)} inputs, but it received "
                f"{len(given)} input tensors. Inputs received: {inputs}"
            )
        for tensor, each in zip(
            given, nest.flatten(mask) if mask is not None else [], strict=False
        ):
            set_mask(tensor, each)
        return self.run_copies(given, lambda layer: layer, training)

    def run_copies(
        self, inputs: list[Any], copied: Callable[[Any], Any], training: Any = None
    ) -> Any:
        """Run the graph with other layers in the places of its own.

        Args:
            inputs: what it begins with.
            copied: a layer of the graph -> the one in its place.
            training: what the layers are told of training.
        """
        assert self.inputs is not None, "only a graph of layers can run"
        assert self._topology is not None, "which is what has a topology"
        known = {id(own): each for own, each in zip(self.inputs, inputs, strict=True)}
        for node in self._topology.nodes:
            if isinstance(node.outbound_layer, InputLayer):
                continue
            computed = nest.map_structure(lambda each: known[id(each)], node.input_tensors)
            layer = copied(node.outbound_layer)
            outputs = _called_again(node, layer, computed, training, known)
            made = zip(nest.flatten(node.output_tensors), nest.flatten(outputs), strict=True)
            known.update((id(own), each) for own, each in made)
        return nest.map_structure(lambda each: known[id(each)], self._structures[1])

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the masks of the outputs, which the layers within computed."""
        return None

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the static shapes of the outputs for some of the inputs."""
        assert self.inputs is not None, "only a graph of layers knows its shapes"
        shapes = input_shape if isinstance(input_shape, list) else [input_shape]
        made = self.call([Input(batch_shape=TensorShape(each).as_list()) for each in shapes])
        return nest.map_structure(lambda each: each.shape, made)

    # --- configuration and saving ----------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """Return the configurations of its layers, and what is called with what.

        Raises:
            NotImplementedError: if it is no graph of layers.
        """
        if self._topology is None:
            raise NotImplementedError
        return network_config.config_of(self)

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Self:
        """Return the model that `get_config` describes."""
        inputs, outputs = network_config.tensors_of(config, custom_objects)
        return cls(inputs=inputs, outputs=outputs, name=config.get("name"))

    def summary(
        self,
        line_length: int | None = None,
        positions: Any = None,
        print_fn: Callable[[str], Any] | None = None,
    ) -> None:
        """Print a table of the layers.

        Args:
            line_length: characters of a line.
            positions: where the columns end, as shares of a line or in characters.
            print_fn: called with each line; `print` by default.

        Raises:
            ValueError: if there are no variables yet.
        """
        from minitf.keras.utils.layer_utils import print_summary

        if not self.built:
            raise ValueError(
                "This model has not yet been built. Build the model first by calling `build()` or "
                "calling `fit()` with some data, or specify an `input_shape` argument in the first "
                "layer(s) for automatic build."
            )
        print_summary(self, line_length, positions, print_fn)

    def to_json(self, **kwargs: Any) -> str:
        """Return the configuration as JSON.

        Args:
            **kwargs: see `json.dumps`.
        """
        from minitf.keras.saving.model_config import model_json

        return model_json(self, **kwargs)


def _called_again(node: Node, layer: Any, inputs: Any, training: Any, known: dict[int, Any]) -> Any:
    """Call a layer on other inputs, with the arguments of a call of old."""
    takes = Arguments(layer.call)
    arguments = nest.map_structure(
        lambda each: known.get(id(each), each) if isinstance(each, Tensor) else each,
        {name: each for name, each in node.arguments.items() if name != "mask"},
    )
    if training is not None and takes.takes("training"):
        arguments.setdefault("training", training)
    return layer(inputs, **arguments)


def _begun(tensor: Any) -> Any:
    """Return an input of a model: a tensor that an `Input` made, or one in front of it."""
    note_inputs()
    if history_of(tensor) is None:
        return Input(tensor=tensor, name=tensor.op.name.replace("/", "_") + "_input")
    return tensor


def _output_names(outputs: list[Any]) -> list[str]:
    names: list[str] = []
    for each in outputs:
        name = proposed = history_of(each).layer.name
        number = 1
        while proposed in names:
            proposed = f"{name}_{number}"
            number += 1
        names.append(proposed)
    return names
