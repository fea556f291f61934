"""Cells: one step of a recurrent network.

    cell(inputs [N, C], states) -> output [N, U], new states

Source: TensorFlow 1.15's `tf.keras.layers`; Hochreiter and Schmidhuber 1997 (LSTM), Cho 2014 (GRU).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api import array
from minitf.api.constants import ones, ones_like
from minitf.keras import activations, constraints, initializers, regularizers
from minitf.keras.backend.nn import bias_add, dropout
from minitf.keras.backend.numbers import dot
from minitf.keras.backend.sessions import in_train_phase
from minitf.keras.engine.layer import Layer
from minitf.keras.layers.arguments import described
from minitf.keras.layers.states import initial_state
from minitf.layers.arguments import passed_on
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_SHARED = (
    "units activation use_bias kernel_initializer recurrent_initializer bias_initializer "
    "kernel_regularizer recurrent_regularizer bias_regularizer kernel_constraint "
    "recurrent_constraint bias_constraint dropout recurrent_dropout"
)


class Cell(Layer):
    """What the cells share: two kernels, a bias, dropout of inputs and of states.

    Args:
        units: how many outputs there are.
        activation: of the outputs: a function, or its name.
        use_bias: whether there is a bias.
        kernel_initializer: of the kernel of the inputs; see `tf.keras.initializers`.
        recurrent_initializer: of the kernel of the states.
        bias_initializer: of the bias.
        kernel_regularizer: see `tf.keras.regularizers`, and so are the following ones.
        recurrent_regularizer: likewise of the kernel of the states.
        bias_regularizer: likewise of the bias.
        kernel_constraint: see `tf.keras.constraints`.
        recurrent_constraint: likewise of the kernel of the states.
        bias_constraint: likewise of the bias.
        dropout: the share of inputs that is set to 0 in training, alike at all steps.
        recurrent_dropout: likewise of states.
        **kwargs: see `Layer`.
    """

    gates = 1
    bias: Any

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.recurrent_regularizer = regularizers.get(recurrent_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.recurrent_constraint = constraints.get(recurrent_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.dropout = min(1.0, max(0.0, dropout))
        self.recurrent_dropout = min(1.0, max(0.0, recurrent_dropout))
        self.state_size: Any = units
        self.output_size = units
        self._masks: dict[str, list[Any]] = {}

    # --- variables -------------------------------------------------------------------------------

    def build(self, input_shape: Any) -> None:
        """Make kernels and bias."""
        shapes = self._kernel_shapes(TensorShape(input_shape).as_list())
        self.kernel = self.add_weight(
            "kernel",
            shapes[0],
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.recurrent_kernel = self.add_weight(
            "recurrent_kernel",
            shapes[1],
            initializer=self.recurrent_initializer,
            regularizer=self.recurrent_regularizer,
            constraint=self.recurrent_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                self._bias_shape(),
                initializer=self._first_bias(),
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self.built = True

    def _kernel_shapes(self, sizes: list[Any]) -> tuple[list[int], list[int]]:
        """Return the shapes of the kernels of inputs and of states, for inputs of given sizes."""
        width = self.units * self.gates
        return [sizes[-1], width], [self.units, width]

    def _bias_shape(self) -> list[int]:
        return [self.units * self.gates]

    def _first_bias(self) -> Any:
        return self.bias_initializer

    def _of_gate(self, x: Any, gate: int) -> Any:
        """Return the part of a kernel or bias that belongs to a gate."""
        return x[..., gate * self.units : (gate + 1) * self.units]

    # --- dropout ---------------------------------------------------------------------------------

    def reset_dropout_mask(self) -> None:
        """Forget what is dropped of inputs: the next step chooses anew."""
        self._masks.pop("inputs", None)

    def reset_recurrent_dropout_mask(self) -> None:
        """Forget what is dropped of states: the next step chooses anew."""
        self._masks.pop("states", None)

    def _dropped(self, x: Any, which: str, rate: float, training: Any) -> list[Any]:
        """Return x for each gate, elements set to 0 at random."""
        if not rate:
            return [x] * self.gates
        if which not in self._masks:
            kept = ones_like(x)
            self._masks[which] = [
                in_train_phase(lambda: dropout(kept, rate), kept, training)
                for _ in range(self.gates)
            ]
        return [x * each for each in self._masks[which]]

    def _inputs_of_gates(self, inputs: Any, training: Any) -> list[Any]:
        return self._dropped(inputs, "inputs", self.dropout, training)

    def _states_of_gates(self, state: Any, training: Any) -> list[Any]:
        return self._dropped(state, "states", self.recurrent_dropout, training)

    # --- others ----------------------------------------------------------------------------------

    def get_initial_state(
        self, inputs: Any = None, batch_size: Any = None, dtype: Any = None
    ) -> Any:
        """Return zeros for the states of a batch."""
        return initial_state(self, inputs, batch_size, dtype)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), **described(self, _SHARED)}


class SimpleRNNCell(Cell):
    """h = activation(inputs kernel + h recurrent_kernel + bias); see `Cell` for the arguments."""

    def call(self, inputs: Any, states: Sequence[Any], training: Any = None) -> tuple[Any, Any]:
        """Return the output, and the state, which is the same."""
        (inputs,) = self._inputs_of_gates(inputs, training)
        (state,) = self._states_of_gates(states[0], training)
        made = dot(inputs, self.kernel)
        if self.use_bias:
            made = bias_add(made, self.bias)
        made = self.activation(made + dot(state, self.recurrent_kernel))
        return made, [made]


class _Gated(Cell):
    """A cell with gates."""

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "hard_sigmoid",
        *args: Any,
        implementation: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(units, activation, *args, **kwargs)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.implementation = implementation

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), **described(self, "recurrent_activation implementation")}


class LSTMCell(_Gated):
    """c = f c + i activation(...); h = o activation(c); gates i, f, o; kernels [i, f, c, o].

    Args:
        units: see `Cell`, and so are those that are not named here.
        activation: of the cell and of the outputs.
        recurrent_activation: of the gates.
        unit_forget_bias: whether the bias of f starts as 1.
        implementation: 1: a choice of dropped elements for each gate; 2: one for all.
        **kwargs: see `Layer`.
    """

    gates = 4

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "hard_sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        implementation: int = 1,
        **kwargs: Any,
    ) -> None:
        given = passed_on(locals())
        given.pop("unit_forget_bias")
        super().__init__(**given)
        self.unit_forget_bias = unit_forget_bias
        self.state_size = [units, units]

    def _first_bias(self) -> Any:
        if not self.unit_forget_bias:
            return self.bias_initializer

        def first(shape: Any, dtype: Any = None) -> Tensor:
            start = self.bias_initializer
            return array.concat(
                [
                    start([self.units], dtype=dtype),
                    ones([self.units], dtype),
                    start([self.units * 2], dtype=dtype),
                ],
                0,
            )

        return first

    def call(self, inputs: Any, states: Sequence[Any], training: Any = None) -> tuple[Any, Any]:
        """Return the output, and the states h and c."""
        h, c = states[0], states[1]
        x, before = self._inputs_of_gates(inputs, training), self._states_of_gates(h, training)
        if self.implementation == 1 and (self.dropout or self.recurrent_dropout):
            parts = [self._gate(x[gate], before[gate], gate) for gate in range(4)]
        else:
            z = dot(x[0], self.kernel) + dot(before[0], self.recurrent_kernel)
            z = bias_add(z, self._one_bias()) if self.use_bias else z
            parts = array.split(z, 4, axis=1)
        i, f = (self.recurrent_activation(self._seeing(parts[gate], c, gate)) for gate in (0, 1))
        c = f * c + i * self.activation(parts[2])
        h = self.recurrent_activation(self._seeing(parts[3], c, 3)) * self.activation(c)
        return h, [h, c]

    def _seeing(self, part: Any, c: Any, gate: int) -> Any:
        """Return what a gate is made of; here no gate sees the memory."""
        return part

    def _one_bias(self) -> Any:
        return self.bias

    def _gate(self, x: Any, h: Any, gate: int) -> Any:
        made = dot(x, self._of_gate(self.kernel, gate))
        if self.use_bias:
            made = bias_add(made, self._of_gate(self.bias, gate))
        return made + dot(h, self._of_gate(self.recurrent_kernel, gate))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "unit_forget_bias": self.unit_forget_bias}


class GRUCell(_Gated):
    """h = z h + (1 - z) activation(x + (r h) kernel); gates z, r; kernels [z, r, h].

    Args:
        units: see `Cell`, and so are those that are not named here.
        activation: of the outputs.
        recurrent_activation: of the gates.
        implementation: 1: a choice of dropped elements for each gate; 2: one for all.
        reset_after: whether r is applied behind the kernel, which then has a bias of its own.
        **kwargs: see `Layer`.
    """

    gates = 3

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "hard_sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        implementation: int = 1,
        reset_after: bool = False,
        **kwargs: Any,
    ) -> None:
        given = passed_on(locals())
        given.pop("reset_after")
        super().__init__(**given)
        self.reset_after = reset_after

    def _bias_shape(self) -> list[int]:
        width = super()._bias_shape()
        return [2, *width] if self.reset_after else width

    def call(self, inputs: Any, states: Sequence[Any], training: Any = None) -> tuple[Any, Any]:
        """Return the output, and the state, which is the same."""
        h = states[0]
        x, before = self._inputs_of_gates(inputs, training), self._states_of_gates(h, training)
        if self.implementation == 2:
            x, before = x[:1] * 3, before[:1] * 3
        own, of_state = self._biases()
        from_inputs = [self._part(x[gate], self.kernel, own, gate) for gate in range(3)]
        from_state = [
            self._part(before[gate], self.recurrent_kernel, of_state, gate)
            for gate in range(3 if self.reset_after else 2)
        ]
        z, r = (
            self.recurrent_activation(from_inputs[gate] + from_state[gate]) for gate in range(2)
        )
        if self.reset_after:
            proposed = self.activation(from_inputs[2] + r * from_state[2])
        else:
            kernel = self._of_gate(self.recurrent_kernel, 2)
            proposed = self.activation(from_inputs[2] + dot(r * before[2], kernel))
        h = z * h + (1 - z) * proposed
        return h, [h]

    def _biases(self) -> tuple[Any, Any]:
        """Return the biases behind the kernel of the inputs and behind that of the state."""
        if self.reset_after and self.use_bias:
            return self.bias[0], self.bias[1]
        return self.bias, None

    def _part(self, x: Any, kernel: Any, bias: Any, gate: int) -> Any:
        made = dot(x, self._of_gate(kernel, gate))
        return made if bias is None else bias_add(made, self._of_gate(bias, gate))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "reset_after": self.reset_after}
