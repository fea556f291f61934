"""Members: what a layer tells of itself, as layers of Keras and modules do.

    layer.get_config()                    {"name": "dense_1", ..., "units": 3, ...}
    type(layer).from_config(config)       another one like it
    layer.add_metric(x, "mean", "m")      layer.metrics

A class names the arguments that its configuration consists of in `DESCRIBED`.

Source: TensorFlow 1.15's base class of `tf.layers`, and `tf.Module`.
"""

from __future__ import annotations

import inspect
from typing import Any, ClassVar, Self

from minitf import nest
from minitf.dtypes import DType
from minitf.layers.holdings import Holdings
from minitf.layers.masks import masks_of
from minitf.tensor_shape import TensorShape


class Members(Holdings):
    """Configuration, masks, metrics and inner layers of a layer."""

    DESCRIBED: ClassVar[str | None] = None
    _UNTRACKED = Holdings._UNTRACKED | {  # noqa: SLF001 one of us
        "_inbound_nodes",
        "_metrics",
        "_outbound_nodes",
    }
    supports_masking = True
    stateful = False
    dtype: Any

    def __init__(self, trainable: bool, name: str) -> None:
        super().__init__(trainable, name)
        self._metrics: list[tuple[Any, Any]] = []  # with what adds a batch
        self._inbound_nodes: list[Any] = []
        self._outbound_nodes: list[Any] = []

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the static shape of the outputs for one of the inputs."""
        raise NotImplementedError

    # --- configuration ---------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor, in a form that JSON can hold.

        Raises:
            NotImplementedError: if the class does not say which ones it has.
        """
        from minitf.keras.layers.arguments import described

        dtype = self.dtype
        config: dict[str, Any] = {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": dtype.name if isinstance(dtype, DType) else dtype,
        }
        if self.DESCRIBED is not None:
            return {**config, **described(self, self.DESCRIBED)}
        others = set(inspect.getfullargspec(type(self).__init__).args) - {"self", *config}
        if others:
            raise NotImplementedError(
                "Layers with arguments in `__init__` must override `get_config`. "
                f"{type(self).__name__} has {sorted(others)}."
            )
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return the layer that `get_config` describes."""
        return cls(**config)

    def compute_output_signature(self, input_signature: Any) -> Any:
        """Return the specifications of the outputs for those of the inputs.

        Args:
            input_signature: a `TensorSpec`, or a structure of them.

        Raises:
            TypeError: if there is something else in it.
        """
        given = nest.flatten(input_signature)
        for each in given:
            if not (hasattr(each, "shape") and hasattr(each, "dtype")):
                raise TypeError(
                    "Only TensorSpec signature types are supported, but saw signature signature "
                    f"entry: {each}."
                )
        shapes = nest.map_structure(lambda each: each.shape, input_signature)
        made = self.compute_output_shape(shapes)
        dtype, kind = self.dtype or given[0].dtype, type(given[0])
        if isinstance(made, TensorShape):
            return kind(shape=made, dtype=dtype)
        return [kind(shape=TensorShape(each), dtype=dtype) for each in made]

    # --- masks -----------------------------------------------------------------------------------

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the mask of the outputs: that of the inputs.

        Raises:
            TypeError: if there is a mask and the layer does not say what it means.
        """
        if self.supports_masking:
            return mask
        if any(each is not None for each in nest.flatten(mask)):
            raise TypeError(
                f"Layer {self.name} does not support masking, but was passed an input_mask: {mask}"
            )
        return None

    @property
    def input_mask(self) -> Any:
        """The mask of the inputs of its only call."""
        return masks_of(self.input)

    @property
    def output_mask(self) -> Any:
        """The mask of the outputs of its only call."""
        return masks_of(self.output)

    def get_input_mask_at(self, node_index: int) -> Any:
        """Return the masks of the inputs of a call, by its number."""
        return masks_of(self.get_input_at(node_index))

    def get_output_mask_at(self, node_index: int) -> Any:
        """Return the masks of the outputs of a call, by its number."""
        return masks_of(self.get_output_at(node_index))

    @property
    def inbound_nodes(self) -> list[Any]:
        """The nodes of its calls in models of Keras."""
        return self._inbound_nodes

    @property
    def outbound_nodes(self) -> list[Any]:
        """The nodes of the calls that take its outputs, in models of Keras."""
        return self._outbound_nodes

    # --- metrics ---------------------------------------------------------------------------------

    def add_metric(self, value: Any, aggregation: str | None = None, name: Any = None) -> None:
        """Count a tensor as a metric of the layer.

        Args:
            value: the tensor, or what a metric object returned.
            aggregation: "mean": of the batches of an epoch; None for a metric object's result.
            name: what it is called; that of the metric object by default.

        Raises:
            ValueError: if there is another aggregation, or no name.
        """
        from minitf.keras.metrics.base import Mean

        if aggregation not in {None, "mean"}:
            raise ValueError(
                "We currently support only `mean` sample-wise metric aggregation. You provided "
                f"aggregation=`{aggregation}`"
            )
        metric, added = getattr(value, "_metric_obj", None), value
        if metric is None:
            if name is None:
                raise ValueError(
                    "Please provide a name for your metric like `self.add_metric("
                    "tf.reduce_sum(inputs), name='mean_activation', aggregation='mean')`"
                )
            if aggregation is None:
                raise ValueError(
                    "Using the result of calling a `Metric` object when calling `add_metric` is "
                    "required, or aggregation='mean'."
                )
            known = {each.name: each for each, _ in self._metrics}
            metric = known.get(name) or Mean(name=name, dtype=value.dtype)
            added = metric(value)
        self._metrics.append((metric, added))

    @property
    def metrics(self) -> list[Any]:
        """The metrics of the layer."""
        return list({id(each): each for each, _ in self._metrics}.values())
