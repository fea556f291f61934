"""ConvLSTMCell: an LSTM cell whose states are sequences, images or volumes.

    i, j, f, o = conv([x, h], W) + b
    c' = s(f + forget_bias) c + s(i) tanh(j);   h' = tanh(c') s(o)

Source: Shi et al. 2015; TensorFlow 1.15's tf.contrib.rnn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api.array import concat, split
from minitf.api.elementary import sigmoid, tanh
from minitf.api.nn_convolution import convolution
from minitf.rnn.cell import RNNCell
from minitf.rnn.lstm_cells import LSTMStateTuple
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.variables.initializers import Constant
from minitf.variables.sharing import get_variable


class ConvLSTMCell(RNNCell):
    """The cell; windows are filled up with zeros, so that sizes stay.

    Args:
        conv_ndims: how many axes of space there are, 1 to 3.
        input_shape: sizes of the inputs, without the batch: [space..., C].
        output_channels: channels of the states.
        kernel_shape: taps of a window, one number for each axis.
        use_bias: whether there is a bias.
        skip_connection: whether the inputs are joined to the outputs.
        forget_bias: added to the forget gate.
        initializers: accepted, without effect.
        name: name of the cell and of its variable scope.

    Raises:
        ValueError: if the inputs have another number of axes.

    Source: Shi et al. 2015.
    """

    def __init__(
        self,
        conv_ndims: int,
        input_shape: Sequence[int],
        output_channels: int,
        kernel_shape: Sequence[int],
        use_bias: bool = True,
        skip_connection: bool = False,
        forget_bias: float = 1.0,
        initializers: Any = None,
        name: str = "conv_lstm_cell",
    ) -> None:
        super().__init__(name=name)
        if conv_ndims != len(input_shape) - 1:
            raise ValueError(f"Invalid input_shape {input_shape} for conv_ndims={conv_ndims}.")
        self._space = list(input_shape)[:-1]
        self._channels = output_channels
        self._taps = list(kernel_shape)
        self._use_bias = use_bias
        self._forget_bias = forget_bias
        self._joined = input_shape[-1] if skip_connection else 0

    @property
    def state_size(self) -> LSTMStateTuple:
        """The shapes of c and h, without the batch."""
        shape = TensorShape([*self._space, self._channels])
        return LSTMStateTuple(shape, shape)

    @property
    def output_size(self) -> TensorShape:
        """The shape of the outputs, without the batch."""
        return TensorShape([*self._space, self._channels + self._joined])

    def call(self, inputs: Any, state: Any) -> Any:
        """Return the outputs, and (c', outputs)."""
        c, h = state
        i, j, f, o = split(self._convolved(concat([inputs, h], -1)), 4, -1)
        new_c = sigmoid(f + self._forget_bias) * c + sigmoid(i) * tanh(j)
        output = tanh(new_c) * sigmoid(o)
        if self._joined:
            output = concat([output, inputs], -1)
        return output, LSTMStateTuple(new_c, output)

    def _convolved(self, x: Any) -> Tensor:
        """Return the convolution of inputs and state, with variables of the present scope."""
        width = 4 * self._channels
        kernel = get_variable("kernel", [*self._taps, x.shape[-1].value, width], x.dtype)
        made = convolution(x, kernel, "SAME")
        if not self._use_bias:
            return made
        return made + get_variable("biases", [width], x.dtype, Constant(0.0, dtype=x.dtype))


class Conv1DLSTMCell(ConvLSTMCell):
    """The cell of sequences [T, C]; see `ConvLSTMCell`."""

    def __init__(self, name: str = "conv_1d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(conv_ndims=1, name=name, **kwargs)


class Conv2DLSTMCell(ConvLSTMCell):
    """The cell of images [H, W, C]; see `ConvLSTMCell`."""

    def __init__(self, name: str = "conv_2d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(conv_ndims=2, name=name, **kwargs)


class Conv3DLSTMCell(ConvLSTMCell):
    """The cell of volumes [D, H, W, C]; see `ConvLSTMCell`."""

    def __init__(self, name: str = "conv_3d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(conv_ndims=3, name=name, **kwargs)
