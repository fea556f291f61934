"""What a layer of Keras holds: its own variables, losses, updates, metrics, and inner layers'.

Inner layers and variables are found where they are kept: in attributes, and in lists, tuples and
dicts that are attributes.  A list may so grow after it became one.

Source: TensorFlow 1.15's `tf.keras.layers.Layer`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from minitf import nest
from minitf.api.framework import convert_to_tensor
from minitf.dtypes import as_dtype
from minitf.keras.backend.config import floatx
from minitf.layers import base
from minitf.layers.holdings import follows
from minitf.tensor import Tensor
from minitf.trackable.holding import TrackableDataStructure
from minitf.variables.base import Variable

_HELD = base.Layer._UNTRACKED  # noqa: SLF001 one of us
_NO_PARTS = _HELD - {"_metrics"} | {  # calls, and what is asked for elsewhere
    "_collected",
    "_compiled",
    "_measured",
    "_states",
}
_OWN = {  # what is kept beside the parts that programs make
    "_endpoints",
    "_first_weights",
    "_functions",
    "_graph_layers",
    "_masks",
    "_neutral",
    "_of_runs",
    "_stack",
    "_structures",
    "_topology",
    "_varying",
    "arguments",
    "input_names",
    "inputs",
    "loss",
    "loss_weights",
    "output_names",
    "outputs",
    "state_size",
}


class Inner(base.Layer):
    """A layer whose attributes may be layers."""

    _UNTRACKED = _HELD | _NO_PARTS | _OWN
    _trained = True

    def _parts(self, kind: type[Any]) -> list[Any]:
        """Return the objects of a class that are attributes, or in containers that are."""
        kept = [value for name, value in vars(self).items() if name not in _NO_PARTS]
        return list(distinct(_within(kept, kind)))

    def _inner(self) -> list[Any]:
        return self._parts(Inner)

    # --- variables -------------------------------------------------------------------------------

    def _own_weights(self, *, trainable: bool) -> list[Any]:
        known = {id(each) for each in self._trainable_weights + self._non_trainable_weights}
        kept = [
            each
            for each in self._parts(Variable)
            if each.trainable is trainable and id(each) not in known
        ]
        return [*(self._trainable_weights if trainable else self._non_trainable_weights), *kept]

    @property
    def trainable(self) -> bool:
        """Whether optimizers change the variables, those of inner layers included."""
        return self._trained

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trained = value
        for each in self._inner():
            each.trainable = value

    @property
    def trainable_weights(self) -> list[Any]:
        """The variables that optimizers change."""
        if not self.trainable:
            return []
        nested = [each for layer in self._inner() for each in layer.trainable_weights]
        return list(distinct(self._own_weights(trainable=True) + nested))

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The variables that optimizers leave alone."""
        own = self._own_weights(trainable=False)
        if self.trainable:
            nested = [each for layer in self._inner() for each in layer.non_trainable_weights]
        else:
            own = self._own_weights(trainable=True) + own
            nested = [each for layer in self._inner() for each in layer.weights]
        return list(distinct(own + nested))

    # --- losses, updates, metrics ---------------------------------------------------------------

    def add_loss(self, losses: Any, inputs: Any = None) -> None:
        """Count tensors as losses of the layer.

        Args:
            losses: a scalar, a function that makes one, None, or a list of these.
            inputs: the inputs of a call that they follow from; None if they follow from none.
        """
        for each in nest.flatten(losses):
            loss = each() if callable(each) else each
            if loss is None:
                continue
            if not isinstance(loss, Tensor):
                loss = convert_to_tensor(loss, as_dtype(floatx()))
            self._losses.append((loss, inputs is not None or follows(loss.op, self._inputs)))

    @property
    def losses(self) -> list[Any]:
        """All losses, those of inner layers included."""
        nested = [each for layer in self._inner() for each in layer.losses]
        return list(distinct([loss for loss, _ in self._losses] + nested))

    def get_losses_for(self, inputs: Any) -> list[Any]:
        """Return the losses that follow from inputs, or for None those that follow from none."""
        nested = [each for layer in self._inner() for each in layer.get_losses_for(inputs)]
        return list(distinct(super().get_losses_for(inputs) + nested))

    @property
    def updates(self) -> list[Any]:
        """All updates, those of inner layers included; none if the layer is not trained."""
        if not self.trainable and not self.stateful:
            return []
        nested = [each for layer in self._inner() for each in layer.updates]
        return list(distinct([update for update, _ in self._updates] + nested))

    def get_updates_for(self, inputs: Any) -> list[Any]:
        """Return the updates that follow from inputs, or for None those that follow from none."""
        if not self.trainable and not self.stateful:
            return []
        nested = [each for layer in self._inner() for each in layer.get_updates_for(inputs)]
        return list(distinct(super().get_updates_for(inputs) + nested))

    @property
    def metrics(self) -> list[Any]:
        """The metrics of the layer and of its inner layers."""
        return self.layer_metrics()

    def layer_metrics(self) -> list[Any]:
        """Return the metrics that layers hold, none of those that a model is compiled with."""
        from minitf.keras.metrics.base import Metric

        nested = [each for layer in self._inner() for each in layer.layer_metrics()]
        return list(distinct(self._parts(Metric) + nested))

    def measurements(self) -> list[tuple[Any, Tensor]]:
        """Return what `add_metric` was told: metrics, each with what adds a batch to it."""
        nested = [each for layer in self._inner() for each in layer.measurements()]
        return list(distinct(self._metrics + nested))


def distinct(objects: Iterable[Any]) -> Iterator[Any]:
    """Give each object once, at its first place."""
    seen: set[int] = set()
    for each in objects:
        if id(each) not in seen:
            seen.add(id(each))
            yield each


def _within(values: Iterable[Any], kind: type[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, kind):
            yield value
        elif isinstance(value, TrackableDataStructure):
            yield from _within(value._values, kind)  # noqa: SLF001 one of us
        elif isinstance(value, (list, tuple)):
            yield from _within(value, kind)
        elif isinstance(value, Mapping):
            yield from _within(value.values(), kind)
