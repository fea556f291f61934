"""Recurrent cells: one step of a network along time, (inputs, state) to (outputs, next state).

Source: Hochreiter 1997 (LSTM); Cho 2014 (GRU); TensorFlow 1.15's `tf.nn.rnn_cell`.
"""

from __future__ import annotations

import re
from collections import namedtuple
from typing import Any

from minitf import nest
from minitf.api.array import concat, split
from minitf.api.constants import zeros
from minitf.api.elementary import sigmoid, tanh
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.matmul import matmul
from minitf.api.nn_layers import bias_add
from minitf.dtypes import float32
from minitf.variables.initializers import Constant, Zeros
from minitf.variables.sharing import get_variable, variable_scope

LSTMStateTuple = namedtuple("LSTMStateTuple", ("c", "h"))


class RNNCell:
    """A cell: its variables are made once, on its first call, in a variable scope of its name.

    **State**: `built`, the scope that was entered first, and the variables made in it.
    """

    def __init__(
        self, trainable: bool = True, name: str | None = None, dtype: Any = None, reuse: Any = None
    ) -> None:
        snake = re.sub(r"([a-z])([A-Z])", r"\1_\2", type(self).__name__)
        self._base_name = name or re.sub(r"([A-Z])([A-Z][a-z]{2,})", r"\1_\2", snake).lower()
        self.trainable = trainable
        self.dtype = dtype
        self.built = False
        self._reuse = reuse
        self._scope: Any = None
        self.variables: list[Any] = []

    @property
    def state_size(self) -> Any:
        """The width of the state, or a structure of widths."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self) -> Any:
        """The width of the outputs."""
        raise NotImplementedError("Abstract method")

    @property
    def trainable_variables(self) -> list[Any]:
        """The variables that optimizers change."""
        return self.variables if self.trainable else []

    def build(self, inputs_shape: Any) -> None:
        """Make the variables."""

    def call(self, inputs: Any, state: Any) -> Any:
        """Return (outputs, next state)."""
        raise NotImplementedError("Abstract method")

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """Make the variables if there are none yet, and add one step to the graph."""
        inputs = convert_to_tensor(inputs)
        given = self._scope or scope or (self._base_name if self._reuse else None)
        with variable_scope(given, self._base_name, reuse=self.built or self._reuse) as entered:
            self._scope = self._scope or entered
            if not self.built:
                self.dtype = self.dtype or inputs.dtype.base_dtype
                self.build(inputs.shape)
                self.built = True
            return self.call(inputs, state)

    def add_variable(self, name: str, shape: Any, initializer: Any = None) -> Any:
        """Return a variable of the cell, made in its scope."""
        made = get_variable(
            name, shape, dtype=self.dtype, initializer=initializer, trainable=self.trainable
        )
        self.variables.append(made)
        return made

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Return a state of zeros."""
        with name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return nest.map_structure(lambda n: zeros([batch_size, n], dtype), self.state_size)


class BasicRNNCell(RNNCell):
    """h' = act([x, h] W + b), which is also the output."""

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: Any = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype, reuse=reuse)
        self._units = num_units
        self._activation = activation or tanh

    @property
    def state_size(self) -> int:
        """The number of units."""
        return self._units

    @property
    def output_size(self) -> int:
        """The number of units."""
        return self._units

    def build(self, inputs_shape: Any) -> None:
        """Make kernel and bias."""
        depth = int(inputs_shape[-1])
        self._kernel = self.add_variable("kernel", [depth + self._units, self._units])
        self._bias = self.add_variable("bias", [self._units], Zeros(dtype=float32))

    def call(self, inputs: Any, state: Any) -> Any:
        """Return (h', h')."""
        output = self._activation(
            bias_add(matmul(concat([inputs, state], 1), self._kernel), self._bias)
        )
        return output, output


class BasicLSTMCell(BasicRNNCell):
    """i, j, f, o = [x, h] W + b;  c' = c s(f + forget_bias) + s(i) act(j);  h' = act(c') s(o)."""

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Any = None,
        reuse: Any = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype)
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple

    @property
    def state_size(self) -> Any:
        """(c, h), or both side by side."""
        n = self._units
        return LSTMStateTuple(n, n) if self._state_is_tuple else 2 * n

    def build(self, inputs_shape: Any) -> None:
        """Make the kernel and bias of the four gates."""
        n = self._units
        self._kernel = self.add_variable("kernel", [int(inputs_shape[-1]) + n, 4 * n])
        self._bias = self.add_variable("bias", [4 * n], Zeros(dtype=float32))

    def call(self, inputs: Any, state: Any) -> Any:
        """Return (h', (c', h'))."""
        c, h = state if self._state_is_tuple else split(state, 2, 1)
        gates = bias_add(matmul(concat([inputs, h], 1), self._kernel), self._bias)
        i, j, f, o = split(gates, 4, 1)
        new_c = c * sigmoid(f + self._forget_bias) + sigmoid(i) * self._activation(j)
        new_h = self._activation(new_c) * sigmoid(o)
        if self._state_is_tuple:
            return new_h, LSTMStateTuple(new_c, new_h)
        return new_h, concat([new_c, new_h], 1)


class GRUCell(BasicRNNCell):
    """r, u = s([x, h] W + b);  c = act([x, r h] V + d);  h' = u h + (1 - u) c."""

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: Any = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype)
        self._initializers = kernel_initializer, bias_initializer

    def build(self, inputs_shape: Any) -> None:
        """Make the kernels and biases of the gates and of the candidate."""
        n = self._units
        rows = int(inputs_shape[-1]) + n
        kernel, bias = self._initializers
        self._gates = (
            self.add_variable("gates/kernel", [rows, 2 * n], kernel),
            self.add_variable("gates/bias", [2 * n], bias or Constant(1.0, dtype=self.dtype)),
        )
        self._candidate = (
            self.add_variable("candidate/kernel", [rows, n], kernel),
            self.add_variable("candidate/bias", [n], bias or Zeros(dtype=self.dtype)),
        )

    def call(self, inputs: Any, state: Any) -> Any:
        """Return (h', h')."""
        kernel, bias = self._gates
        r, u = split(sigmoid(bias_add(matmul(concat([inputs, state], 1), kernel), bias)), 2, 1)
        kernel, bias = self._candidate
        c = self._activation(bias_add(matmul(concat([inputs, r * state], 1), kernel), bias))
        new_h = u * state + (1 - u) * c
        return new_h, new_h
