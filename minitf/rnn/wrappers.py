"""Cells around a cell: what they have in common, residual connections, devices.

Source: TensorFlow 1.15's `tf.nn.rnn_cell`; He 2016 (residual connections).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

from minitf import nest
from minitf.api.framework import device, name_scope
from minitf.layers.base import Layer
from minitf.rnn.cell import RNNCell, assert_like_rnncell


class CellWrapper(RNNCell):
    """A cell around another one; it opens no variable scope, so that variables keep their names.

    Subclasses define `_wrapped`.
    """

    DESCRIBED = ""

    def __init__(self, cell: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        assert_like_rnncell("cell", cell)
        self.cell = cell

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """Run one step of the cell inside, changed by this one; see `RNNCell`."""
        return self._wrapped(inputs, state, lambda x, s: self.cell(x, s, scope=scope))

    def _wrapped(self, inputs: Any, state: Any, step: Callable[[Any, Any], Any]) -> Any:
        """Return the outputs and the next state, given what runs the cell inside."""
        raise NotImplementedError

    @property
    def state_size(self) -> Any:
        """That of the cell inside."""
        return self.cell.state_size

    @property
    def output_size(self) -> Any:
        """That of the cell inside."""
        return self.cell.output_size

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor; the cell by its class and its own ones."""
        cell = {"class_name": type(self.cell).__name__, "config": self.cell.get_config()}
        return {**super().get_config(), "cell": cell}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return the cell that `get_config` describes, around the one that stands in `cell`.

        Raises:
            ValueError: if it is still a description.
        """
        others = dict(config)
        cell = others.pop("cell")
        if isinstance(cell, Mapping):
            raise ValueError(
                "RNNCellWrapper cannot reconstruct the wrapped cell. Please overwrite the cell in "
                "the config with a RNNCell instance."
            )
        return cls(cell, **others)

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Return the state of zeros of the cell inside."""
        with name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]):
            return self.cell.zero_state(batch_size, dtype)

    @property
    def trainable_weights(self) -> list[Any]:
        """The variables of the cell inside that optimizers change."""
        return self.cell.trainable_weights if isinstance(self.cell, Layer) else []

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The other variables of the cell inside."""
        return self.cell.non_trainable_weights if isinstance(self.cell, Layer) else []


class ResidualWrapper(CellWrapper):
    """A cell whose inputs are added to its outputs.

    Args:
        cell: the cell.
        residual_fn: function of inputs and outputs instead of their sum.
        **kwargs: of a layer: `trainable`, `name`, `dtype`.

    Raises:
        TypeError: if `cell` is none.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self, cell: Any, residual_fn: Callable[[Any, Any], Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(cell, **kwargs)
        self._residual_fn = residual_fn or _sum

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor.

        Raises:
            ValueError: if there is a function: it can not be written down.
        """
        if self._residual_fn is not _sum:
            raise ValueError(f"Cannot serialize the residual_fn of {self.name}")
        return super().get_config()

    def _wrapped(self, inputs: Any, state: Any, step: Callable[[Any, Any], Any]) -> Any:
        outputs, new_state = step(inputs, state)
        return self._residual_fn(inputs, outputs), new_state


def _sum(inputs: Any, outputs: Any) -> Any:
    nest.map_structure(lambda x, y: x.shape.assert_is_compatible_with(y.shape), inputs, outputs)
    return nest.map_structure(lambda x, y: x + y, inputs, outputs)


class DeviceWrapper(CellWrapper):
    """A cell that is placed on a device.

    Args:
        cell: the cell.
        device: the device, or a function that says it, as `tf.device` takes them.
        **kwargs: of a layer: `trainable`, `name`, `dtype`.

    Raises:
        TypeError: if `cell` is none.

    Source: TensorFlow 1.15.
    """

    def __init__(self, cell: Any, device: Any, **kwargs: Any) -> None:
        super().__init__(cell, **kwargs)
        self._device = device

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "device": self._device}

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Return the state of zeros of the cell inside, made on the device."""
        name = f"{type(self).__name__}ZeroState"
        with name_scope(name, values=[batch_size]), device(self._device):
            return self.cell.zero_state(batch_size, dtype)

    def _wrapped(self, inputs: Any, state: Any, step: Callable[[Any, Any], Any]) -> Any:
        with device(self._device):
            return step(inputs, state)
