"""The cell of a plain recurrent network, and the gated recurrent unit.

Source: Cho 2014 (GRU); TensorFlow 1.15's `tf.nn.rnn_cell`.
"""

from __future__ import annotations

from typing import Any

from minitf import nest
from minitf.api.array import concat, split
from minitf.api.elementary import sigmoid
from minitf.api.matmul import matmul
from minitf.api.nn_layers import bias_add
from minitf.layers.input_spec import InputSpec
from minitf.layers.named import initializer_of
from minitf.rnn.cell import LayerRNNCell, activation_function, check_floating, known_depth
from minitf.tensor import Tensor
from minitf.variables.initializers import Constant, Zeros


class GatedCell(LayerRNNCell):
    """What the library's cells share: one width, an activation, inputs that are rows of floats."""

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: Any = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_floating(self.dtype)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._activation = activation_function(activation)

    @property
    def state_size(self) -> Any:
        """The width of the state, or a structure of widths."""
        return self._num_units

    @property
    def output_size(self) -> int:
        """The number of outputs."""
        return self._num_units

    def _affine(self, inputs: Any, state: Any, kernel: Any, bias: Any) -> Tensor:
        """Return [inputs, state] kernel + bias."""
        return bias_add(matmul(concat([inputs, state], 1), kernel), bias)


class BasicRNNCell(GatedCell):
    """h' = act([x, h] W + b), which is also the output.

    Args:
        num_units: the width of state and outputs.
        activation: a function, or its name; tanh by default.
        reuse: whether to find variables that exist, not to make them.
        name: name of the cell and of its variable scope.
        dtype: type of the variables; that of the first inputs by default.
        **kwargs: `trainable`.

    Raises:
        ValueError: if the type is not floating-point.

    Source: TensorFlow 1.15.
    """

    DESCRIBED = "num_units activation reuse"

    def build(self, input_shape: Any) -> None:
        """Make kernel and bias."""
        depth, n = known_depth(input_shape), self._num_units
        check_floating(self.dtype)
        self._kernel = self.add_weight("kernel", shape=[depth + n, n])
        self._bias = self.add_weight("bias", shape=[n], initializer=Zeros(dtype=self.dtype))
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', h'."""
        check_all_floating(inputs, state)
        output = self._activation(self._affine(inputs, state, self._kernel, self._bias))
        return output, output


class GRUCell(GatedCell):
    """r, u = s([x, h] W + b);  c = act([x, r h] V + d);  h' = u h + (1 - u) c, also the output.

    Args:
        num_units: the width of state and outputs.
        activation: a function, or its name; tanh by default.
        reuse: whether to find variables that exist, not to make them.
        kernel_initializer: of W and V.
        bias_initializer: of b, by default ones, and of d, by default zeros.
        name: name of the cell and of its variable scope.
        dtype: type of the variables; that of the first inputs by default.
        **kwargs: `trainable`.

    Raises:
        ValueError: if the type is not floating-point.

    Source: Cho 2014; TensorFlow 1.15.
    """

    DESCRIBED = "num_units kernel_initializer bias_initializer activation reuse"
    NAMES = ("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias")  # of variables

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: Any = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        self._kernel_initializer = initializer_of(kernel_initializer)
        self._bias_initializer = initializer_of(bias_initializer)

    def build(self, input_shape: Any) -> None:
        """Make the kernels and biases of the gates and of the candidate."""
        depth, n = known_depth(input_shape), self._num_units
        check_floating(self.dtype)
        bias = self._bias_initializer
        self._gate_kernel = self.add_weight(
            self.NAMES[0], shape=[depth + n, 2 * n], initializer=self._kernel_initializer
        )
        self._gate_bias = self.add_weight(
            self.NAMES[1],
            shape=[2 * n],
            initializer=Constant(1.0, dtype=self.dtype) if bias is None else bias,
        )
        self._candidate_kernel = self.add_weight(
            self.NAMES[2], shape=[depth + n, n], initializer=self._kernel_initializer
        )
        self._candidate_bias = self.add_weight(
            self.NAMES[3],
            shape=[n],
            initializer=Zeros(dtype=self.dtype) if bias is None else bias,
        )
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', h'."""
        check_all_floating(inputs, state)
        gates = sigmoid(self._affine(inputs, state, self._gate_kernel, self._gate_bias))
        r, u = split(gates, 2, 1)
        c = self._activation(
            self._affine(inputs, r * state, self._candidate_kernel, self._candidate_bias)
        )
        new_h = u * state + (1 - u) * c
        return new_h, new_h


def check_all_floating(*structures: Any) -> None:
    """Check that tensors have types that gates can compute with.

    Raises:
        ValueError: if one has not.
    """
    for each in nest.flatten(structures):
        check_floating(each.dtype)
