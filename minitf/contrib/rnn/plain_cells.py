"""Cells of one state: two gates for width and depth, few weights, and units by themselves.

    Intersection   h' and y of coupled gates: one along time, one through the layers
    Minimal        z = act(x W);  u = s([z, h] V + b);  h' = u h + (1 - u) z
    CFN            h' = s(..) act(h) + s(..) act(x W): without inputs it comes to rest
    Indy           GRU and LSTM whose units see their own state only

Source: Collins 2017; Chen 2017 (MinimalRNN); Laurent and von Brecht 2017 (chaos-free networks);
Li 2018 and Gonnet 2019 (independent units); TensorFlow 1.15's tf.contrib.rnn.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat, split, tile
from minitf.api.elementary import sigmoid, tanh
from minitf.api.matmul import matmul
from minitf.api.nn_activations import relu
from minitf.api.nn_layers import bias_add
from minitf.layers.input_spec import InputSpec
from minitf.layers.named import initializer_of
from minitf.rnn.basic_cells import GatedCell
from minitf.rnn.cell import LayerRNNCell, RNNCell, activation_function, known_depth
from minitf.rnn.linear import linear
from minitf.rnn.lstm_cells import LSTMStateTuple
from minitf.tensor import Tensor
from minitf.variables.initializers import Constant, RandomUniform, Zeros
from minitf.variables.sharing import get_variable_scope, variable_scope


class IntersectionRNNCell(RNNCell):
    """A cell for deep stacks: gates carry the state through time, and the inputs through layers.

    Args:
        num_units: the width of state, inputs and outputs.
        num_in_proj: set it in the first layer, whose inputs are then projected to `num_units`.
        initializer: of the matrices.
        forget_bias: added to both gates.
        y_activation: of what is new for the next layer.
        reuse: whether to find variables that exist, not to make them.

    Source: Collins, Sohl-Dickstein and Sussillo 2017, "Capacity and Trainability in RNNs".
    """

    def __init__(
        self,
        num_units: int,
        num_in_proj: int | None = None,
        initializer: Any = None,
        forget_bias: float = 1.0,
        y_activation: Any = relu,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._num_input_proj = num_in_proj
        self._initializer = initializer
        self._forget_bias = forget_bias
        self._y_activation = y_activation

    @property
    def state_size(self) -> int:
        """The width of the state."""
        return self._num_units

    @property
    def output_size(self) -> int:
        """The number of outputs."""
        return self._num_units

    def call(self, inputs: Any, state: Any) -> Any:
        """Return y, h'.

        Raises:
            ValueError: if the width of the inputs is not known, or neither `num_units` nor
                projected.
        """
        n, depth = self._num_units, inputs.shape.with_rank(2)[1].value
        if depth is None:
            raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            if depth != n:
                if not self._num_input_proj:
                    raise ValueError(
                        f"Must have input size == output size for Intersection RNN, {depth} != {n}."
                        " To fix this, num_in_proj should be set to num_units at cell init."
                    )
                with variable_scope("in_projection"):
                    inputs = linear(inputs, n, bias=True)
            made = linear([inputs, state], 4 * n, bias=True)
        along, new_h, through, new_y = split(made, 4, 1)
        along, through = sigmoid(along + self._forget_bias), sigmoid(through + self._forget_bias)
        new_h = along * state + (1.0 - along) * tanh(new_h)
        return through * inputs + (1.0 - through) * self._y_activation(new_y), new_h


class _KerasLikeCell(LayerRNNCell):
    """What the two share that have the arguments of Keras' layers."""

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "ones",
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, dtype=dtype, **kwargs)
        self.input_spec = InputSpec(ndim=2)
        self.units = units
        self.activation = activation_function(activation)
        self.kernel_initializer = initializer_of(kernel_initializer)
        self.bias_initializer = initializer_of(bias_initializer)

    @property
    def state_size(self) -> int:
        """The width of the state."""
        return self.units

    @property
    def output_size(self) -> int:
        """The number of outputs."""
        return self.units

    def _weight(self, name: str, *shape: int) -> Any:
        start = self.bias_initializer if name == "bias" else self.kernel_initializer
        return self.add_weight(name, shape=list(shape), initializer=start)


class MinimalRNNCell(_KerasLikeCell):
    """h' = u h + (1 - u) z, also the output: z of the inputs alone, u = s([z, h] V + b).

    Args:
        units: the width of state and outputs.
        activation: of z; a function, or its name.
        kernel_initializer: of the matrices.
        bias_initializer: of the gate's bias.
        name: name of the cell and of its variable scope.
        dtype: type of the variables; that of the first inputs by default.
        **kwargs: of a layer.

    Source: Chen 2017, "MinimalRNN".
    """

    def build(self, input_shape: Any) -> None:
        """Make one matrix of both maps, and the bias."""
        depth = known_depth(input_shape)
        self.kernel = self._weight("kernel", depth + 2 * self.units, self.units)
        self.bias = self._weight("bias", self.units)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', h'."""
        of_inputs, of_gate = split(self.kernel, [inputs.shape[1].value, 2 * self.units], 0)
        z = self.activation(matmul(inputs, of_inputs))
        u = sigmoid(bias_add(matmul(concat([z, state], 1), of_gate), self.bias))
        new_h = u * state + (1 - u) * z
        return new_h, new_h


class CFNCell(_KerasLikeCell):
    """h' = theta act(h) + eta act(x W), also the output; gates theta and eta of both.

    Args:
        units: the width of state and outputs.
        activation: a function, or its name.
        kernel_initializer: of the matrices.
        bias_initializer: of the gates' biases.
        name: name of the cell and of its variable scope.
        dtype: type of the variables; that of the first inputs by default.
        **kwargs: of a layer.

    Source: Laurent and von Brecht 2017, "A recurrent neural network without chaos".
    """

    def build(self, input_shape: Any) -> None:
        """Make the matrices of inputs and of the state, and the bias."""
        depth = known_depth(input_shape)
        self.kernel = self._weight("kernel", depth, 3 * self.units)
        self.recurrent_kernel = self._weight("recurrent_kernel", self.units, 2 * self.units)
        self.bias = self._weight("bias", 2 * self.units)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', h'."""
        of_gates, candidate = split(matmul(inputs, self.kernel), [2 * self.units, self.units], 1)
        gates = sigmoid(bias_add(of_gates + matmul(state, self.recurrent_kernel), self.bias))
        theta, eta = split(gates, 2, 1)
        new_h = theta * self.activation(state) + eta * self.activation(candidate)
        return new_h, new_h


# --- units by themselves --------------------------------------------------------------------------


class _IndyCell(GatedCell):
    """What the two share whose units see their own state only: x W + u h + b."""

    def _make(self, scope: str, input_name: str, depth: int, parts: int, bias: Any) -> list[Any]:
        width = parts * self._num_units
        uniform = RandomUniform(-1, 1, dtype=self.dtype)
        own = initializer_of(self._kernel_initializer)
        given = initializer_of(self._bias_initializer)
        return [
            self.add_weight(scope + input_name, shape=[depth, width], initializer=own),
            self.add_weight(f"{scope}kernel_u", shape=[1, width], initializer=uniform),
            self.add_weight(f"{scope}bias", shape=[width], initializer=given or bias),
        ]

    _kernel_initializer: Any = None
    _bias_initializer: Any = None


def _own_map(inputs: Any, state: Any, weights: list[Any]) -> Tensor:
    of_inputs, of_state, bias = weights
    return bias_add(matmul(inputs, of_inputs) + state * of_state, bias)


class IndyGRUCell(_IndyCell):
    """The gated recurrent unit whose units see their own state only.

    Args:
        num_units: the width of state and outputs.
        activation: a function, or its name; tanh by default.
        reuse: whether to find variables that exist, not to make them.
        kernel_initializer: of the matrices of the inputs.
        bias_initializer: of the gates' bias, by default ones, and of the candidate's, zeros.
        name: name of the cell and of its variable scope.
        dtype: type of the variables; that of the first inputs by default.

    Source: Li 2018; Cho 2014.
    """

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
        self._kernel_initializer = kernel_initializer
        self._bias_initializer = bias_initializer

    def build(self, input_shape: Any) -> None:
        """Make the weights of the gates and of the candidate."""
        depth, ones = known_depth(input_shape), Constant(1.0, dtype=self.dtype)
        self._gates = self._make("gates/", "kernel_w", depth, 2, ones)
        zeros = Zeros(dtype=self.dtype)
        self._candidate = self._make("candidate/", "kernel", depth, 1, zeros)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', h'."""
        r, u = split(sigmoid(_own_map(inputs, tile(state, [1, 2]), self._gates)), 2, 1)
        c = self._activation(_own_map(inputs, r * state, self._candidate))
        new_h = u * state + (1 - u) * c
        return new_h, new_h


class IndyLSTMCell(_IndyCell):
    """The LSTM cell whose units see their own state only.

    Args:
        num_units: the width of the memory and of the outputs.
        forget_bias: added to the forget gate.
        activation: a function, or its name; tanh by default.
        reuse: whether to find variables that exist, not to make them.
        kernel_initializer: of the matrix of the inputs.
        bias_initializer: of the bias; zeros by default.
        name: name of the cell and of its variable scope.
        dtype: type of the variables; that of the first inputs by default.

    Source: Gonnet and Deselaers 2019, "IndyLSTMs"; Li 2018.
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        activation: Any = None,
        reuse: Any = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype)
        self._forget_bias = forget_bias
        self._kernel_initializer = kernel_initializer
        self._bias_initializer = bias_initializer

    @property
    def state_size(self) -> LSTMStateTuple:
        """The widths of c and h."""
        return LSTMStateTuple(self._num_units, self._num_units)

    def build(self, input_shape: Any) -> None:
        """Make the weights of the four gates."""
        zeros = Zeros(dtype=self.dtype)
        self._gates = self._make("", "kernel_w", known_depth(input_shape), 4, zeros)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', (c', h')."""
        c, h = state
        i, j, f, o = split(_own_map(inputs, tile(h, [1, 4]), self._gates), 4, 1)
        new_c = c * sigmoid(f + self._forget_bias) + sigmoid(i) * self._activation(j)
        new_h = self._activation(new_c) * sigmoid(o)
        return new_h, LSTMStateTuple(new_c, new_h)
