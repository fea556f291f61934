"""Cells whose variables are those of the library's layers, in the form that checkpoints have.

    r, u = s([x, h] W + b);   c = tanh(x V + d + r (h R + e));   h' = (1 - u) c + u h

The reset gate stands behind the product with R, as the library computes it; in `GRUCell` it stands
before.

Source: TensorFlow 1.15's tf.contrib.cudnn_rnn.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import split
from minitf.api.elementary import sigmoid
from minitf.api.matmul import matmul
from minitf.api.nn_layers import bias_add
from minitf.contrib.rnn.block_cells import LSTMBlockCell
from minitf.rnn.basic_cells import GRUCell
from minitf.rnn.cell import known_depth
from minitf.variables.initializers import Constant


class CudnnCompatibleLSTMCell(LSTMBlockCell):
    """The LSTM cell without a bias of the forget gate beside the variable.

    Args:
        num_units: the width of the memory and of the outputs.
        reuse: whether to find variables that exist, not to make them.

    Source: TensorFlow 1.15.
    """

    def __init__(self, num_units: int, reuse: Any = None) -> None:
        super().__init__(num_units, 0.0, reuse=reuse, name="cudnn_compatible_lstm_cell")


class CudnnCompatibleGRUCell(GRUCell):
    """The gated recurrent unit with the reset gate behind the product.

    Args:
        num_units: the width of state and outputs.
        reuse: whether to find variables that exist, not to make them.
        kernel_initializer: of all kernels.

    Source: TensorFlow 1.15.
    """

    def __init__(self, num_units: int, reuse: Any = None, kernel_initializer: Any = None) -> None:
        super().__init__(num_units, reuse=reuse, kernel_initializer=kernel_initializer)

    def build(self, input_shape: Any) -> None:
        """Make the kernels and biases of the gates, and of both parts of the candidate."""
        depth, n = known_depth(input_shape), self._num_units
        bias = self._bias_initializer
        of_gates = Constant(1.0, dtype=self.dtype) if bias is None else bias
        of_candidate = Constant(0.0, dtype=self.dtype) if bias is None else bias
        kernel = self._kernel_initializer
        self._gate_kernel = self.add_weight("gates/kernel", [depth + n, 2 * n], initializer=kernel)
        self._gate_bias = self.add_weight("gates/bias", [2 * n], initializer=of_gates)
        parts = (("input_projection", depth), ("hidden_projection", n))
        kernels = [
            self.add_weight(f"candidate/{part}/kernel", [rows, n], initializer=kernel)
            for part, rows in parts
        ]
        biases = [
            self.add_weight(f"candidate/{part}/bias", [n], initializer=of_candidate)
            for part, _ in parts
        ]
        self._projections = list(zip(kernels, biases, strict=True))
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', h'."""
        gates = sigmoid(self._affine(inputs, state, self._gate_kernel, self._gate_bias))
        r, u = split(gates, 2, 1)
        from_inputs, from_state = (
            bias_add(matmul(x, kernel), bias)
            for x, (kernel, bias) in zip((inputs, state), self._projections, strict=True)
        )
        new_h = (1 - u) * self._activation(from_inputs + r * from_state) + u * state
        return new_h, new_h
