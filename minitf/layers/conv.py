"""Conv: what the layers of convolutions share.

Source: TensorFlow 1.15's layers of convolutions.
"""

from __future__ import annotations

from typing import Any

from minitf.api import array, nn_layers
from minitf.api.constants import constant
from minitf.api.nn_convolution import convolved
from minitf.dtypes import int32
from minitf.layers.base import Layer
from minitf.layers.input_spec import InputSpec
from minitf.layers.named import activation_of, constraint_of, initializer_of, regularizer_of
from minitf.layers.utils import (
    conv_output_length,
    convert_data_format,
    normalize_data_format,
    normalize_padding,
    normalize_tuple,
)
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.variables.initializers import Zeros

ZEROS = Zeros()


class Conv(Layer):
    """activation(the cross-correlation of inputs with a bank of filters + bias).

    Args:
        rank: how many axes of space there are.
        filters: how many there are: the channels of the outputs.
        kernel_size: taps of a filter, a number or one for each axis.
        strides: cells from one window to the next, likewise.
        padding: "valid", "same", or for sequences "causal": what is before a cell, and the cell.
        data_format: "channels_last" for [N, space..., C], "channels_first" for [N, C, space...].
        dilation_rate: cells from one tap to the next; 1 where a stride exceeds 1.
        activation: a function, or its name; none by default.
        use_bias: whether there is a bias.
        kernel_initializer: of the filters; that of the variable scope by default.
        bias_initializer: of the bias.
        kernel_regularizer: a function of the filters whose result is a loss.
        bias_regularizer: likewise of the bias.
        activity_regularizer: likewise of the outputs.
        kernel_constraint: what optimizers apply to the filters after each update.
        bias_constraint: likewise to the bias.
        trainable: whether optimizers change filters and bias.
        name: name of the layer and of its variable scope.
        **kwargs: `dtype`.

    Raises:
        ValueError: if the arguments do not fit together.
    """

    DESCRIBED = (
        "filters kernel_size strides padding data_format dilation_rate activation use_bias "
        "kernel_initializer bias_initializer kernel_regularizer bias_regularizer "
        "activity_regularizer kernel_constraint bias_constraint"
    )

    may_be_causal = False

    def __init__(
        self,
        rank: int,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = ZEROS,
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable, name, activity_regularizer=activity_regularizer, **kwargs)
        self.rank = rank
        self.filters = filters
        self.kernel_size = normalize_tuple(kernel_size, rank, "kernel_size")
        self.strides = normalize_tuple(strides, rank, "strides")
        self.padding = normalize_padding(padding)
        if self.padding == "causal" and not self.may_be_causal:
            raise ValueError("Causal padding is only supported for `Conv1D`and ``SeparableConv1D`.")
        self.data_format = normalize_data_format(data_format)
        self.dilation_rate = normalize_tuple(dilation_rate, rank, "dilation_rate")
        self.activation = activation_of(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializer_of(kernel_initializer)
        self.bias_initializer = initializer_of(bias_initializer)
        self.kernel_regularizer = regularizer_of(kernel_regularizer)
        self.bias_regularizer = regularizer_of(bias_regularizer)
        self.kernel_constraint = constraint_of(kernel_constraint)
        self.bias_constraint = constraint_of(bias_constraint)
        self.input_spec = InputSpec(ndim=rank + 2)

    # --- variables -------------------------------------------------------------------------------

    def build(self, input_shape: Any) -> None:
        """Make filters and bias.

        Raises:
            ValueError: if the number of channels is not known.
        """
        channels = self._channels(input_shape)
        self.kernel = self._add_kernel([*self.kernel_size, channels, self.filters])
        self.bias = self._add_bias()
        # A constant of the layer also where windows have no holes: later seeds count it.
        self._rate = constant(self.dilation_rate, int32, name="dilation_rate")
        self.built = True

    def _channels(self, input_shape: Any) -> int:
        """Return how many channels the inputs have, and expect as many from now on."""
        axis = 1 if self.data_format == "channels_first" else -1
        channels = TensorShape(input_shape)[axis].value
        if channels is None:
            raise ValueError("The channel dimension of the inputs should be defined. Found `None`.")
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={axis: channels})
        return int(channels)

    def _add_kernel(self, shape: list[int]) -> Any:
        return self.add_weight(
            "kernel",
            shape,
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )

    def _add_bias(self) -> Any:
        if not self.use_bias:
            return None
        return self.add_weight(
            "bias",
            [self.filters],
            initializer=self.bias_initializer,
            regularizer=self.bias_regularizer,
            constraint=self.bias_constraint,
        )

    # --- outputs ---------------------------------------------------------------------------------

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        inputs, padding = self._with_margin(inputs)
        layout = convert_data_format(self.data_format, self.rank + 2)
        outputs = convolved(
            inputs,
            self.kernel,
            padding,
            self.strides,
            self.dilation_rate,
            layout,
            name=None,
            rate=self._rate,
        )
        return self._activated(self._plus_bias(outputs))

    def _with_margin(self, inputs: Any) -> tuple[Any, str]:
        """Return the inputs, what comes before a causal sequence added, and an op's padding."""
        if self.padding != "causal":
            return inputs, self.padding.upper()
        margin = [self.dilation_rate[0] * (self.kernel_size[0] - 1), 0]
        none = [0, 0]
        last = self.data_format == "channels_last"
        return array.pad(inputs, [none, margin, none] if last else [none, none, margin]), "VALID"

    def _plus_bias(self, outputs: Any) -> Any:
        if not self.use_bias:
            return outputs
        if self.data_format == "channels_first" and self.rank == 1:
            return outputs + array.reshape(self.bias, (1, self.filters, 1))
        return nn_layers.bias_add(
            outputs, self.bias, "NCHW" if self.data_format == "channels_first" else "NHWC"
        )

    def _activated(self, outputs: Any) -> Any:
        return outputs if self.activation is None else self.activation(outputs)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        batch, *sizes = TensorShape(input_shape).as_list()
        first = self.data_format == "channels_first"
        space = [
            conv_output_length(size, taps, self.padding, stride, dilation)
            for size, taps, stride, dilation in zip(
                sizes[1:] if first else sizes[:-1],
                self.kernel_size,
                self.strides,
                self.dilation_rate,
                strict=True,
            )
        ]
        return TensorShape(
            [batch, self.filters, *space] if first else [batch, *space, self.filters]
        )
