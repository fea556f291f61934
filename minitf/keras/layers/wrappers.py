"""Wrappers: a layer at each step in time, or in both directions of it.

Source: TensorFlow 1.15's `tf.keras.layers`.
"""

from __future__ import annotations

import math
from typing import Any, Self

from minitf import nest
from minitf.api import array
from minitf.api.sizes import shape
from minitf.keras.engine.calls import Arguments
from minitf.keras.engine.layer import Layer
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.trackable.base import no_automatic_dependency_tracking_scope


class Wrapper(Layer):
    """A layer around another.

    Args:
        layer: the other.
        **kwargs: see `Layer`.
    """

    layer: Any

    def __init__(self, layer: Any, **kwargs: Any) -> None:
        assert isinstance(layer, Layer), f"a layer is wanted, not {layer!r}"
        self.layer = layer
        super().__init__(**kwargs)

    def get_config(self) -> dict[str, Any]:
        """Return the configuration of the layer within."""
        inner = {"class_name": type(self.layer).__name__, "config": self.layer.get_config()}
        return {**super().get_config(), "layer": inner}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Self:
        """Return the layer that `get_config` describes."""
        from minitf.keras.layers.serialization import deserialize

        data = dict(config)
        layer = deserialize(data.pop("layer"), custom_objects=custom_objects)
        return cls(layer, **data)


class TimeDistributed(Wrapper):
    """Applies a layer to each step of [N, T, ...].

    Args:
        layer: the layer.
        **kwargs: see `Layer`.

    Raises:
        ValueError: if it is no layer.
    """

    supports_masking = True

    def __init__(self, layer: Any, **kwargs: Any) -> None:
        if not isinstance(layer, Layer):
            raise ValueError(
                "Please initialize `TimeDistributed` layer with a `Layer` instance. You passed: "
                f"{layer}"
            )
        super().__init__(layer, **kwargs)

    def build(self, input_shape: Any) -> None:
        """Make the variables of the layer, in the scope of this one."""
        sizes = TensorShape(input_shape).as_list()
        if not self.layer.built:
            self.layer.build(TensorShape([sizes[0], *sizes[2:]]))
            self.layer.built = True
        self.built = True

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Tensor:
        """Return the outputs [N, T, ...]: all steps are rows of the layer's inputs."""
        sizes = inputs.shape.as_list()
        computed = shape(inputs)
        rows = array.reshape(inputs, array.concat([[-1], computed[2:]], 0))
        whole = None if None in sizes[:2] else math.prod(sizes[:2])
        rows.set_shape([whole, *sizes[2:]])
        takes = Arguments(self.layer.call)
        passed: dict[str, Any] = {}
        if takes.takes("training") and training is not None:
            passed["training"] = training
        if takes.takes("mask") and mask is not None:
            passed["mask"] = array.reshape(mask, array.concat([[-1], shape(mask)[2:]], 0))
        made = self.layer(rows, **passed)
        outputs = array.reshape(made, array.concat([computed[:2], shape(made)[1:]], 0))
        outputs.set_shape([*sizes[:2], *made.shape.as_list()[1:]])
        return outputs

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        sizes = TensorShape(input_shape).as_list()
        of_rows = self.layer.compute_output_shape(TensorShape([sizes[0], *sizes[2:]])).as_list()
        return TensorShape([*sizes[:2], *of_rows[1:]])


class Bidirectional(Wrapper):
    """Runs a recurrent layer in both directions of time.

    Args:
        layer: the layer.
        merge_mode: how the outputs are joined: "concat", "sum", "mul", "ave", or None for both.
        weights: the first values of the variables.
        backward_layer: the layer for the other direction; one like the first by default.
        **kwargs: see `Layer`.

    Raises:
        ValueError: if arguments do not fit.
    """

    supports_masking = True

    def __init__(
        self,
        layer: Any,
        merge_mode: str | None = "concat",
        weights: Any = None,
        backward_layer: Any = None,
        **kwargs: Any,
    ) -> None:
        if not isinstance(layer, Layer):
            raise ValueError(
                "Please initialize `Bidirectional` layer with a `Layer` instance. You passed: "
                f"{layer}"
            )
        if merge_mode not in {"sum", "mul", "ave", "concat", None}:
            raise ValueError(
                'Invalid merge mode. Merge mode should be one of {"sum", "mul", "ave", "concat", '
                "None}"
            )
        with no_automatic_dependency_tracking_scope(self):  # two copies of it are the parts
            super().__init__(layer, **kwargs)
        self.merge_mode = merge_mode
        self._own_backward = backward_layer is not None
        config = layer.get_config()
        other = dict(config, go_backwards=not config["go_backwards"])
        other["name"] = f"backward_{layer.name}"
        make: Any = type(layer).from_config
        self.forward_layer = make(dict(config, name=f"forward_{layer.name}"))
        self.backward_layer = backward_layer or make(other)
        if self.backward_layer.go_backwards == self.forward_layer.go_backwards:
            raise ValueError(
                "Forward layer and backward layer should have different `go_backwards` value."
            )
        self._first_weights = weights
        self.stateful = layer.stateful
        self.return_sequences = self.forward_layer.return_sequences
        self.return_state = self.forward_layer.return_state

    def _inner(self) -> list[Any]:
        kept = vars(self)
        return [kept[name] for name in ("forward_layer", "backward_layer") if name in kept]

    def build(self, input_shape: Any) -> None:
        """Leave the layers to their first calls."""
        self.built = True

    def call(
        self, inputs: Any, training: Any = None, mask: Any = None, initial_state: Any = None
    ) -> Any:
        """Return the outputs of both directions, joined, and their states if they are wanted."""
        passed: dict[str, Any] = {} if training is None else {"training": training}
        if mask is not None:
            passed["mask"] = nest.flatten(mask)[0]
        states = [None, None]
        if isinstance(inputs, (list, tuple)):
            inputs, initial_state = inputs[0], list(inputs[1:])
        if initial_state is not None:
            half = len(initial_state) // 2
            states = [initial_state[:half], initial_state[half:]]
        forward = self.forward_layer(inputs, initial_state=states[0], **passed)
        backward = self.backward_layer(inputs, initial_state=states[1], **passed)
        after: list[Any] = []
        if self.return_state:
            after = [*forward[1:], *backward[1:]]
            forward, backward = forward[0], backward[0]
        if self.return_sequences:
            axis = 0 if self.forward_layer.time_major else 1
            backward = array.reverse(backward, [axis])
        made = self._joined(forward, backward)
        if not self.return_state:
            return made
        return [*made, *after] if isinstance(made, list) else [made, *after]

    def _joined(self, forward: Any, backward: Any) -> Any:
        if self.merge_mode is None:
            return [forward, backward]
        if self.merge_mode == "concat":
            return array.concat([forward, backward], -1)
        if self.merge_mode == "sum":
            return forward + backward
        if self.merge_mode == "mul":
            return forward * backward
        return (forward + backward) / 2

    def reset_states(self) -> None:
        """Begin with zeros in both directions."""
        self.forward_layer.reset_states()
        self.backward_layer.reset_states()

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the masks of the outputs."""
        first = nest.flatten(mask)[0] if mask is not None else None
        own = first if self.return_sequences else None
        outputs = [own, own] if self.merge_mode is None else [own]
        if self.return_state:
            outputs += [None] * (2 * len(nest.flatten(self.forward_layer.cell.state_size)))
        return outputs if len(outputs) > 1 else outputs[0]

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        config = {**super().get_config(), "merge_mode": self.merge_mode}
        if self._own_backward:
            other = self.backward_layer
            config["backward_layer"] = {
                "class_name": type(other).__name__,
                "config": other.get_config(),
            }
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Self:
        """Return the layer that `get_config` describes."""
        from minitf.keras.layers.serialization import deserialize

        data = dict(config)
        if data.get("backward_layer") is not None:
            data["backward_layer"] = deserialize(
                data["backward_layer"], custom_objects=custom_objects
            )
        return super().from_config(data, custom_objects)
