"""Cells with other gates, and a wrapper whose outputs are mixed with its inputs.

    UGRNN    g, c = [x, h] W + b;   h' = s(g) h + (1 - s(g)) act(c)
    SRU      gates of the inputs only, so that steps share one product
    IndRNN   h' = act(x W + u h + b), each unit for itself
    NAS      a tree of gates that a search found

Source: Collins 2016 (UGRNN), Lei 2017 (SRU), Li 2018 (IndRNN), Zoph 2017 (NAS), Srivastava 2015
(highways); TensorFlow 1.15's tf.contrib.rnn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.api.array import concat, split
from minitf.api.elementary import sigmoid, tanh
from minitf.api.matmul import matmul
from minitf.api.nn_activations import relu
from minitf.api.nn_layers import bias_add
from minitf.rnn.basic_cells import GatedCell
from minitf.rnn.cell import LayerRNNCell, RNNCell, known_depth
from minitf.rnn.lstm_cells import LSTMStateTuple
from minitf.rnn.projection_wrappers import projected
from minitf.rnn.wrappers import CellWrapper
from minitf.variables.initializers import Constant, RandomUniform, Zeros
from minitf.variables.sharing import get_variable, get_variable_scope, variable_scope


class UGRNNCell(RNNCell):
    """h' = g h + (1 - g) act(c), the gate and the candidate of inputs and state.

    Args:
        num_units: the width of state and outputs.
        initializer: of the kernel.
        forget_bias: added to the gate, so that training begins with a long memory.
        activation: of the candidate.
        reuse: whether to find variables that exist, not to make them.

    Source: Collins 2016.
    """

    def __init__(
        self,
        num_units: int,
        initializer: Any = None,
        forget_bias: float = 1.0,
        activation: Any = tanh,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._initializer = initializer
        self._forget_bias = forget_bias
        self._activation = activation

    @property
    def state_size(self) -> int:
        """The width of the state."""
        return self._num_units

    @property
    def output_size(self) -> int:
        """The number of outputs."""
        return self._num_units

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', h'.

        Raises:
            ValueError: if the width of the inputs is not known.
        """
        if inputs.shape.with_rank(2)[1].value is None:
            raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            gate, candidate = split(
                projected(concat([inputs, state], 1), 2 * self._num_units), 2, 1
            )
        c = self._activation(candidate)
        g = sigmoid(gate + self._forget_bias)
        new_h = g * state + (1.0 - g) * c
        return new_h, new_h


class SRUCell(GatedCell):
    """c' = f c + (1 - f) x U;  h = r act(c') + (1 - r) x V; gates f and r of the inputs.

    Args:
        num_units: the width of state and outputs.
        activation: tanh by default.
        reuse: whether to find variables that exist, not to make them.
        name: name of the cell and of its variable scope.
        **kwargs: `trainable`, `dtype`.

    Source: Lei 2017.
    """

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: Any = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, **kwargs)

    def build(self, input_shape: Any) -> None:
        """Make kernel and bias."""
        depth, n = known_depth(input_shape), self._num_units
        self._kernel = self.add_weight("kernel", shape=[depth, 4 * n])
        self._bias = self.add_weight("bias", shape=[2 * n], initializer=Zeros())
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h, c'."""
        candidate, f, r, through = split(matmul(inputs, self._kernel), 4, 1)
        f, r = split(sigmoid(bias_add(concat([f, r], 1), self._bias)), 2, 1)
        c = f * state + (1.0 - f) * candidate
        return r * self._activation(c) + (1.0 - r) * through, c


class IndRNNCell(GatedCell):
    """h' = act(x W + u h + b), which is also the output: each unit sees its own state only.

    Args:
        num_units: the width of state and outputs.
        activation: tanh by default.
        reuse: whether to find variables that exist, not to make them.
        name: name of the cell and of its variable scope.
        dtype: type of the variables; that of the first inputs by default.

    Source: Li 2018.
    """

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: Any = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype)

    def build(self, input_shape: Any) -> None:
        """Make the kernels of inputs and of the state, and the bias."""
        depth, n = known_depth(input_shape), self._num_units
        uniform = RandomUniform(-1, 1, dtype=self.dtype)
        self._kernel_w = self.add_weight("kernel_w", shape=[depth, n])
        self._kernel_u = self.add_weight("kernel_u", shape=[1, n], initializer=uniform)
        self._bias = self.add_weight("bias", shape=[n], initializer=Zeros(dtype=self.dtype))
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', h'."""
        total = matmul(inputs, self._kernel_w) + state * self._kernel_u
        new_h = self._activation(bias_add(total, self._bias))
        return new_h, new_h


class NASCell(LayerRNNCell):
    """The cell that a search among cells found for language.

    Args:
        num_units: the width of the memory, and of the outputs unless they are projected.
        num_proj: the width of the outputs, if they are projected.
        use_bias: whether there is a bias.
        reuse: whether to find variables that exist, not to make them.
        **kwargs: of a layer: `trainable`, `name`, `dtype`.

    Source: Zoph 2017.
    """

    def __init__(
        self,
        num_units: int,
        num_proj: int | None = None,
        use_bias: bool = False,
        reuse: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_reuse=reuse, **kwargs)
        self._num_units = num_units
        self._num_proj = num_proj
        self._use_bias = use_bias

    @property
    def state_size(self) -> LSTMStateTuple:
        """The widths of the memory and of the outputs."""
        return LSTMStateTuple(self._num_units, self.output_size)

    @property
    def output_size(self) -> int:
        """The width of the projection, or the number of units."""
        return self._num_units if self._num_proj is None else self._num_proj

    def build(self, input_shape: Any) -> None:
        """Make the kernels of state and inputs, the bias, the projection."""
        depth, width = known_depth(input_shape), 8 * self._num_units
        self.recurrent_kernel = self.add_weight("recurrent_kernel", [self.output_size, width])
        self.kernel = self.add_weight("kernel", [depth, width])
        if self._use_bias:
            self.bias = self.add_weight("bias", [width], initializer=Zeros())
        if self._num_proj is not None:
            self.projection_weights = self.add_weight(
                "projection_weights", [self._num_units, self._num_proj]
            )
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', (c', h')."""
        c, h = state
        of_state = matmul(h, self.recurrent_kernel)
        if self._use_bias:
            of_state = bias_add(of_state, self.bias)
        pairs = zip(split(matmul(inputs, self.kernel), 8, 1), split(of_state, 8, 1), strict=True)
        x = [a * b if i == 3 else a + b for i, (a, b) in enumerate(pairs)]
        memory = tanh(tanh(sigmoid(x[0]) * relu(x[1])) + c)
        new_c = memory * tanh(sigmoid(x[2]) + relu(x[3]))
        right = tanh(tanh(tanh(x[4]) * sigmoid(x[5])) + sigmoid(tanh(x[6]) + sigmoid(x[7])))
        new_h = tanh(new_c * right)
        if self._num_proj is not None:
            new_h = matmul(new_h, self.projection_weights)
        return new_h, LSTMStateTuple(new_c, new_h)


class HighwayWrapper(CellWrapper):
    """A cell whose outputs are mixed with its inputs: carry inputs + transform outputs.

    Args:
        cell: the cell, whose outputs are like its inputs.
        couple_carry_transform_gates: whether transform is 1 - carry.
        carry_bias_init: where the bias of carry begins, and its negative that of transform.

    Raises:
        TypeError: if `cell` is none.

    Source: Srivastava 2015.
    """

    def __init__(
        self, cell: Any, couple_carry_transform_gates: bool = True, carry_bias_init: float = 1.0
    ) -> None:
        super().__init__(cell)
        self._couple = couple_carry_transform_gates
        self._carry_bias = carry_bias_init

    def _wrapped(self, inputs: Any, state: Any, step: Callable[[Any, Any], Any]) -> Any:
        outputs, new_state = step(inputs, state)
        nest.assert_same_structure(inputs, outputs)
        return nest.map_structure(self._mixed, inputs, outputs), new_state

    def _mixed(self, x: Any, y: Any) -> Any:
        x.shape.assert_is_compatible_with(y.shape)
        carry = self._gate("carry", x, self._carry_bias)
        transform = 1 - carry if self._couple else self._gate("transform", x, -self._carry_bias)
        return x * carry + y * transform

    def _gate(self, name: str, x: Any, start: float) -> Any:
        width = x.shape.with_rank(2)[1].value
        kernel = get_variable(f"{name}_w", [width, width])
        bias = get_variable(f"{name}_b", [width], initializer=Constant(start))
        return sigmoid(bias_add(matmul(x, kernel), bias))


class CompiledWrapper(CellWrapper):
    """A cell that TensorFlow compiles by XLA; here it is the cell, as steps are compiled anyway.

    Args:
        cell: the cell.
        compile_stateful: accepted, without effect.

    Raises:
        TypeError: if `cell` is none.

    Source: TensorFlow 1.15's tf.contrib.rnn.CompiledWrapper.
    """

    def __init__(self, cell: Any, compile_stateful: Any = False) -> None:
        super().__init__(cell)
        self._compile_stateful = compile_stateful

    def _wrapped(self, inputs: Any, state: Any, step: Callable[[Any, Any], Any]) -> Any:
        return step(inputs, state)
