"""ConvLSTM2D: an LSTM whose states are images, and whose kernels are filters.

    inputs [N, T, H, W, C] -> [N, P, Q, K] of the last step, or [N, T, P, Q, K] of all

Source: Shi et al. 2015; TensorFlow 1.15's `tf.keras.layers.ConvLSTM2D`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api.constants import zeros, zeros_like
from minitf.keras.backend.config import layout
from minitf.keras.backend.images import conv2d
from minitf.keras.backend.nn import bias_add
from minitf.keras.layers.arguments import described
from minitf.keras.layers.cells import LSTMCell
from minitf.keras.layers.recurrent_kinds import OfCell
from minitf.layers.input_spec import InputSpec
from minitf.layers.utils import conv_output_length, normalize_padding, normalize_tuple
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_WINDOW = "filters kernel_size strides padding data_format dilation_rate"


class ConvLSTM2DCell(LSTMCell):
    """One step of ConvLSTM2D; see there for the arguments."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = (1, 1),
        **kwargs: Any,
    ) -> None:
        super().__init__(filters, **kwargs)
        self.filters = filters
        self.kernel_size = normalize_tuple(kernel_size, 2, "kernel_size")
        self.strides = normalize_tuple(strides, 2, "strides")
        self.padding = normalize_padding(padding)
        self.data_format = layout(data_format)
        self.dilation_rate = normalize_tuple(dilation_rate, 2, "dilation_rate")

    def build(self, input_shape: Any) -> None:
        """Make kernels and bias; the size of the states is known from here on."""
        super().build(input_shape)
        state = self.images(TensorShape(input_shape).as_list()[1:])
        self.state_size = [TensorShape(state), TensorShape(state)]

    def _kernel_shapes(self, sizes: list[Any]) -> tuple[list[int], list[int]]:
        depth = sizes[1 if self.data_format == "channels_first" else -1]
        if depth is None:
            raise ValueError("The channel dimension of the inputs should be defined. Found `None`.")
        width = self.units * self.gates
        return [*self.kernel_size, depth, width], [*self.kernel_size, self.units, width]

    def images(self, sizes: list[Any]) -> list[Any]:
        """Return the sizes of a state for those of an input, without the batch."""
        first = self.data_format == "channels_first"
        space = [
            conv_output_length(size, taps, self.padding, step, rate)
            for size, taps, step, rate in zip(
                sizes[1:] if first else sizes[:-1],
                self.kernel_size,
                self.strides,
                self.dilation_rate,
                strict=True,
            )
        ]
        return [self.filters, *space] if first else [*space, self.filters]

    def get_initial_state(
        self, inputs: Any = None, batch_size: Any = None, dtype: Any = None
    ) -> Any:
        """Return images of zeros: what filters of zeros make of inputs."""
        sizes = self.kernel.shape.as_list()[:3]
        made = self._of_inputs(zeros_like(inputs), zeros([*sizes, self.filters], inputs.dtype))
        return [made, made]

    def _of_inputs(self, x: Any, kernel: Any) -> Tensor:
        return conv2d(x, kernel, self.strides, self.padding, self.data_format, self.dilation_rate)

    def call(self, inputs: Any, states: Sequence[Any], training: Any = None) -> tuple[Any, Any]:
        """Return the output, and the states h and c."""
        h, c = states[0], states[1]
        x, before = self._inputs_of_gates(inputs, training), self._states_of_gates(h, training)
        parts = [self._gate(x[gate], before[gate], gate) for gate in range(4)]
        i, f, o = (self.recurrent_activation(parts[gate]) for gate in (0, 1, 3))
        c = f * c + i * self.activation(parts[2])
        h = o * self.activation(c)
        return h, [h, c]

    def _gate(self, x: Any, h: Any, gate: int) -> Any:
        made = self._of_inputs(x, self._of_gate(self.kernel, gate))
        if self.use_bias:
            made = bias_add(made, self._of_gate(self.bias, gate), self.data_format)
        kernel = self._of_gate(self.recurrent_kernel, gate)
        return made + conv2d(h, kernel, padding="same", data_format=self.data_format)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        config = super().get_config()
        for name in ("units", "implementation"):
            del config[name]
        return {**config, **described(self, _WINDOW)}


class ConvLSTM2D(OfCell):
    """A long short-term memory of images along time.

    Args:
        filters: the channels of states and outputs.
        kernel_size: taps of a filter, a number or one for each axis.
        strides: of the filters of inputs, likewise; those of states have 1.
        padding: "valid" or "same", of the filters of inputs; those of states have "same".
        data_format: "channels_last" for [N, T, H, W, C], "channels_first" for [N, T, C, H, W].
        dilation_rate: cells from one tap to the next, of the filters of inputs.
        activation: see `LSTM`, and so are those that are not named here.
        return_sequences: see `RNN`, and so are the following ones.
        **kwargs: see `RNN`.

    Source: Shi et al. 2015.
    """

    kind = ConvLSTM2DCell

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = (1, 1),
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
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        return_sequences: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:
        self.set_up(locals())
        self.input_spec = [InputSpec(ndim=5)]

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the static shape of the outputs."""
        first = input_shape[0] if isinstance(input_shape, list) else input_shape
        batch, time, *sizes = TensorShape(first).as_list()
        images = self.cell.images(sizes)
        steps = [batch, time] if self.return_sequences else [batch]
        own = TensorShape([*steps, *images])
        return [own, *[TensorShape([batch, *images])] * 2] if self.return_state else own
