"""RNN: a cell that is run along time.

    inputs [N, T, C] -> outputs [N, U] of the last step, or [N, T, U] of all

Source: TensorFlow 1.15's `tf.keras.layers`.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from minitf import nest
from minitf.keras.backend.recurrence import rnn
from minitf.keras.backend.sessions import batch_set_value
from minitf.keras.backend.tensors import zeros
from minitf.keras.engine.calls import Arguments
from minitf.keras.engine.layer import Layer
from minitf.keras.layers.arguments import described
from minitf.keras.layers.stacked_cells import StackedRNNCells
from minitf.keras.layers.states import initial_state, output_size
from minitf.tensor_shape import TensorShape

OF_RNN = ("return_sequences", "return_state", "go_backwards", "stateful", "unroll", "time_major")


class RNN(Layer):
    """Runs a cell along time.

    Args:
        cell: the cell, or a list of cells that stand one on the other.
        return_sequences: whether the outputs of all steps are returned, not of the last only.
        return_state: whether the last states are returned too.
        go_backwards: whether the last cell is the first step.
        stateful: whether a batch begins with the states that the last one ended with; the number
            of rows must be known.
        unroll: whether the graph holds all steps; else it holds a loop.
        time_major: whether inputs and outputs are [T, N, ...].
        **kwargs: see `Layer`; `zero_output_for_mask`, whether outputs are 0 where a step is masked.

    Raises:
        ValueError: if it is no cell.
    """

    supports_masking = True

    def __init__(
        self,
        cell: Any,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        time_major: bool = False,
        **kwargs: Any,
    ) -> None:
        if isinstance(cell, (list, tuple)):
            cell = StackedRNNCells(cell)
        if not hasattr(cell, "call") or not hasattr(cell, "state_size"):
            raise ValueError(
                "`cell` should have a `call` method and a `state_size` attribute. The RNN was "
                f"passed: {cell}"
            )
        self._zero_output_for_mask = kwargs.pop("zero_output_for_mask", False)
        if "input_shape" not in kwargs and ("input_dim" in kwargs or "input_length" in kwargs):
            length, depth = kwargs.pop("input_length", None), kwargs.pop("input_dim", None)
            kwargs["input_shape"] = (length, depth)
        super().__init__(**kwargs)
        self.cell = cell
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.unroll = unroll
        self.time_major = time_major
        self._states: Any = None
        self._batch: int | None = None
        self._count = 0  # of the constants

    # --- states ----------------------------------------------------------------------------------

    @property
    def states(self) -> Any:
        """The states that the next batch begins with, where states outlive a batch."""
        if self._states is None:
            return nest.map_structure(lambda _: None, _listed(self.cell.state_size))
        return self._states

    def get_initial_state(self, inputs: Any) -> list[Any]:
        """Return zeros for the states of a batch."""
        first = nest.flatten(inputs)[0]
        row = first[0] if self.time_major else first[:, 0]
        make = getattr(self.cell, "get_initial_state", None)
        made = initial_state(self.cell, row) if make is None else make(inputs=row)
        return _listed(made)

    def reset_states(self, states: Any = None) -> None:
        """Begin with zeros, or with given states.

        Args:
            states: arrays in the structure of the states.

        Raises:
            AttributeError: if states do not outlive a batch.
            ValueError: if the number of rows is not known, or arrays have another shape.
        """
        if not self.stateful:
            raise AttributeError("Layer must be stateful.")
        if self._states is None:
            rows = self._rows()
            self._states = nest.map_structure(
                lambda size: (
                    zeros([rows, *TensorShape(size).as_list()])
                    if isinstance(size, TensorShape)
                    else zeros([rows, size])
                ),
                _listed(self.cell.state_size),
            )
        held = nest.flatten(self._states)
        given = (
            [np.zeros(each.shape.as_list()) for each in held]
            if states is None
            else [np.asarray(each) for each in nest.flatten(states)]
        )
        if len(given) != len(held):
            raise ValueError(
                f"Layer {self.name} expects {len(held)} states, but it received {len(given)} state "
                f"values. Input received: {states}"
            )
        for variable, value in zip(held, given, strict=True):
            if tuple(variable.shape.as_list()) != value.shape:
                raise ValueError(
                    f"State of layer {self.name} is incompatible: expected shape="
                    f"{tuple(variable.shape.as_list())}, found shape={value.shape}"
                )
        batch_set_value(list(zip(held, given, strict=True)))

    def _rows(self) -> int:
        rows = self._batch
        if not rows:
            raise ValueError(
                "If a RNN is stateful, it needs to know its batch size. Specify the batch size of "
                "your input tensors: pass a `batch_input_shape` to your first layer, or a "
                "`batch_shape` to your Input layer."
            )
        return rows

    # --- calls -----------------------------------------------------------------------------------

    def build(self, input_shape: Any) -> None:
        """Make the variables of the cell."""
        first = nest.flatten(input_shape)[0] if isinstance(input_shape, list) else input_shape
        sizes = TensorShape(first).as_list()
        if isinstance(self.cell, Layer) and not self.cell.built:
            self.cell.build(TensorShape([sizes[0 if not self.time_major else 1], *sizes[2:]]))
            self.cell.built = True
        self._batch = sizes[1 if self.time_major else 0]
        if self.stateful:
            self.reset_states()
        self.built = True

    def __call__(
        self, inputs: Any, initial_state: Any = None, constants: Any = None, **kwargs: Any
    ) -> Any:
        """Return the outputs.

        Args:
            inputs: [N, T, ...], or a list of that, the first states and the constants.
            initial_state: the states before the first step; zeros by default.
            constants: what the cell takes at each step besides.
            **kwargs: `mask`, bool[N, T]; `training`.
        """
        if isinstance(inputs, (list, tuple)) and initial_state is None and constants is None:
            inputs, initial_state, constants = self._taken_apart(inputs)
        further = [*_flat(initial_state), *_flat(constants)]
        self._count = len(_flat(constants))
        if not further:
            return super().__call__(inputs, **kwargs)
        return super().__call__([inputs, *further], **kwargs)

    def _taken_apart(self, inputs: Any) -> tuple[Any, Any, Any]:
        count = self._count
        states = inputs[1 : len(inputs) - count] or None
        return inputs[0], states, inputs[len(inputs) - count :] if count else None

    def call(self, inputs: Any, mask: Any = None, training: Any = None) -> Any:
        """Return the outputs; see `__call__`."""
        states: Any = None
        constants: list[Any] = []
        if isinstance(inputs, (list, tuple)):
            inputs, given, constants = self._taken_apart(inputs)
            constants = list(constants or ())
            if given:
                states = nest.pack_sequence_as(_listed(self.cell.state_size), list(given))
        mask = nest.flatten(mask)[0] if mask is not None else None
        if states is None:
            states = list(self._states) if self.stateful else self.get_initial_state(inputs)
            if self.stateful:
                states = nest.map_structure(lambda each: each.read_value(), states)
        self._reset_dropout()
        last, outputs, after = rnn(
            self._step(training, constants),
            inputs,
            states,
            go_backwards=self.go_backwards,
            mask=mask,
            constants=constants,
            unroll=self.unroll,
            time_major=self.time_major,
            zero_output_for_mask=self._zero_output_for_mask,
        )
        if self.stateful:
            pairs = zip(nest.flatten(self._states), nest.flatten(after), strict=True)
            self.add_update([held.assign(new) for held, new in pairs])
        made = outputs if self.return_sequences else last
        return [made, *nest.flatten(after)] if self.return_state else made

    def _step(self, training: Any, constants: list[Any]) -> Any:
        takes = Arguments(self.cell.call)
        passed = {"training": training} if takes.takes("training") else {}

        def step(x: Any, states: list[Any]) -> tuple[Any, list[Any]]:
            if constants:
                own, given = states[: -len(constants)], states[-len(constants) :]
                return self.cell.call(x, own, constants=given, **passed)
            made, after = self.cell.call(x, states, **passed)
            return made, list(_listed(after))

        return step

    def _reset_dropout(self) -> None:
        cells = self.cell.cells if isinstance(self.cell, StackedRNNCells) else [self.cell]
        for each in cells:
            if hasattr(each, "reset_dropout_mask"):
                each.reset_dropout_mask()
                each.reset_recurrent_dropout_mask()

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the mask of the outputs: that of the inputs, if all steps are returned."""
        first = nest.flatten(mask)[0] if mask is not None else None
        own = first if self.return_sequences else None
        if not self.return_state:
            return own
        return [own, *(None for _ in nest.flatten(self.cell.state_size))]

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the static shape of the outputs."""
        first = input_shape[0] if isinstance(input_shape, list) else input_shape
        batch, time, *_ = TensorShape(first).as_list()
        if self.time_major:
            batch, time = time, batch
        steps = (
            ([time, batch] if self.time_major else [batch, time])
            if self.return_sequences
            else [batch]
        )
        own = TensorShape([*steps, output_size(self.cell)])
        if not self.return_state:
            return own
        return [own, *(TensorShape([batch, each]) for each in nest.flatten(self.cell.state_size))]

    # --- configuration ---------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        cell = {"class_name": type(self.cell).__name__, "config": self.cell.get_config()}
        return {**super().get_config(), **described(self, " ".join(OF_RNN)), "cell": cell}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Self:
        """Return the layer that `get_config` describes."""
        from minitf.keras.layers.serialization import deserialize

        data = dict(config)
        cell = deserialize(data.pop("cell"), custom_objects=custom_objects)
        return cls(cell, **data)


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _flat(value: Any) -> list[Any]:
    return [] if value is None else nest.flatten(value)
