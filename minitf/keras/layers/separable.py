"""Separable, depthwise and transposed convolutions of sequences, images and volumes.

Source: TensorFlow 1.15's `tf.keras.layers`.
"""

from __future__ import annotations

from typing import Any

from minitf.api import nn_depthwise, nn_layers
from minitf.keras.engine.layer import Layer
from minitf.keras.layers.arguments import WEIGHTS, described, understood
from minitf.keras.layers.convolutional import Conv2D
from minitf.layers import separable, transposed
from minitf.layers.utils import convert_data_format, normalize_tuple
from minitf.tensor import Tensor

_WINDOW = "filters kernel_size strides padding data_format activation"
_SEPARABLE = (
    "dilation_rate depth_multiplier use_bias depthwise_initializer pointwise_initializer "
    "bias_initializer depthwise_regularizer pointwise_regularizer bias_regularizer "
    "activity_regularizer depthwise_constraint pointwise_constraint bias_constraint"
)


class SeparableConv1D(separable.SeparableConv1D, Layer):
    """Cross-correlates each channel of sequences [N, T, C], then mixes the channels.

    Args:
        filters: the channels of the outputs.
        kernel_size: taps of a filter, a number or one for each axis.
        strides: cells from one window to the next, likewise.
        padding: "valid" or "same", or "causal".
        data_format: "channels_last" or "channels_first"; by default the default layout.
        dilation_rate: cells from one tap to the next; 1 where a stride exceeds 1.
        depth_multiplier: how many filters each channel has.
        activation: a function, or its name; none by default.
        use_bias: see `Dense`, and so are the following ones.
        **kwargs: see `Layer`.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**understood(locals()))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), **described(self, f"{_WINDOW} {_SEPARABLE}")}


class SeparableConv2D(separable.SeparableConv2D, Layer):
    """Cross-correlates each channel of images [N, H, W, C], then mixes the channels.

    Args:
        filters: the channels of the outputs.
        kernel_size: taps of a filter, a number or one for each axis.
        strides: cells from one window to the next, likewise.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first"; by default the default layout.
        dilation_rate: cells from one tap to the next; 1 where a stride exceeds 1.
        depth_multiplier: how many filters each channel has.
        activation: a function, or its name; none by default.
        use_bias: see `Dense`, and so are the following ones.
        **kwargs: see `Layer`.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = (1, 1),
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**understood(locals()))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), **described(self, f"{_WINDOW} {_SEPARABLE}")}


class DepthwiseConv2D(Conv2D):
    """Cross-correlates each channel of images [N, H, W, C] with filters of its own.

    Args:
        kernel_size: taps of a filter, a number or one for each axis.
        strides: cells from one window to the next, likewise.
        padding: "valid" or "same".
        depth_multiplier: how many filters each channel has.
        data_format: "channels_last" or "channels_first"; by default the default layout.
        activation: a function, or its name; none by default.
        use_bias: see `Dense`, and so are the following ones.
        **kwargs: see `Layer`; `dilation_rate`.
    """

    def __init__(
        self,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            0,  # filters: known when the channels are
            kernel_size,
            strides,
            padding,
            data_format,
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=depthwise_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=depthwise_regularizer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            kernel_constraint=depthwise_constraint,
            bias_constraint=bias_constraint,
            **kwargs,
        )
        self.depth_multiplier = depth_multiplier
        self.depthwise_initializer = self.kernel_initializer
        self.depthwise_regularizer = self.kernel_regularizer
        self.depthwise_constraint = self.kernel_constraint

    def build(self, input_shape: Any) -> None:
        """Make filters and bias.

        Raises:
            ValueError: if the number of channels is not known.
        """
        channels = self._channels(input_shape)
        self.filters = channels * self.depth_multiplier
        self.depthwise_kernel = self.add_weight(
            "depthwise_kernel",
            [*self.kernel_size, channels, self.depth_multiplier],
            initializer=self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
            constraint=self.depthwise_constraint,
        )
        self.bias = self._add_bias()
        self.built = True

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        layout = convert_data_format(self.data_format, 4)
        first = self.data_format == "channels_first"
        made = nn_depthwise.depthwise_conv2d(
            inputs,
            self.depthwise_kernel,
            (1, 1, *self.strides) if first else (1, *self.strides, 1),
            self.padding.upper(),
            rate=self.dilation_rate,
            data_format=layout,
        )
        if self.use_bias:
            made = nn_layers.bias_add(made, self.bias, layout)
        return self._activated(made)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        config = super().get_config()
        for name in ("filters", "kernel_initializer", "kernel_regularizer", "kernel_constraint"):
            del config[name]
        names = "depth_multiplier depthwise_initializer depthwise_regularizer depthwise_constraint"
        return {**config, **described(self, names)}


class _Padded:
    """A transpose of a convolution to whose outputs cells may be added."""

    kernel_size: Any
    output_padding: Any
    padding: str
    rank: int
    strides: Any

    def __init__(self, output_padding: Any = None, dilation_rate: Any = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if any(each != 1 for each in normalize_tuple(dilation_rate, self.rank, "dilation_rate")):
            raise ValueError("A transposed convolution has no holes: dilation_rate must be 1.")
        self.output_padding = output_padding
        if output_padding is not None:
            self.output_padding = normalize_tuple(output_padding, self.rank, "output_padding")
            if any(b >= a for a, b in zip(self.strides, self.output_padding, strict=True)):
                raise ValueError(
                    f"Stride {self.strides} must be greater than output padding "
                    f"{self.output_padding}"
                )

    def _enlarged(self, space: list[Any]) -> list[Any]:
        if self.output_padding is None:
            made: list[Any] = super()._enlarged(space)  # type: ignore[misc]
            return made
        lost = 0 if self.padding == "valid" else 2
        return [
            None if size is None else (size - 1) * stride + taps - lost * (taps // 2) + extra
            for size, taps, stride, extra in zip(
                space, self.kernel_size, self.strides, self.output_padding, strict=True
            )
        ]


class Conv2DTranspose(_Padded, transposed.Conv2DTranspose, Layer):
    """Applies the transpose of a convolution to images [N, H, W, C].

    Args:
        filters: how many there are: the channels of the outputs.
        kernel_size: taps of a filter, a number or one for each axis.
        strides: of the convolution whose transpose this is, likewise.
        padding: "valid" or "same".
        output_padding: cells that are added at one side of the outputs, below the strides.
        data_format: "channels_last" or "channels_first"; by default the default layout.
        dilation_rate: 1: there are no holes in the windows.
        activation: a function, or its name; none by default.
        use_bias: see `Dense`, and so are the following ones.
        **kwargs: see `Layer`.

    Raises:
        ValueError: if the arguments do not fit together.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        dilation_rate: Any = (1, 1),
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**understood(locals()))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        names = f"{_WINDOW} output_padding {WEIGHTS}"
        return {**super().get_config(), **described(self, names)}


class Conv3DTranspose(_Padded, transposed.Conv3DTranspose, Layer):
    """Applies the transpose of a convolution to volumes [N, D, H, W, C].

    Args:
        filters: how many there are: the channels of the outputs.
        kernel_size: taps of a filter, a number or one for each axis.
        strides: of the convolution whose transpose this is, likewise.
        padding: "valid" or "same".
        output_padding: cells that are added at one side of the outputs, below the strides.
        data_format: "channels_last" or "channels_first"; by default the default layout.
        activation: a function, or its name; none by default.
        use_bias: see `Dense`, and so are the following ones.
        **kwargs: see `Layer`.

    Raises:
        ValueError: if the arguments do not fit together.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1, 1),
        padding: str = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**understood(locals()))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        names = f"{_WINDOW} output_padding {WEIGHTS}"
        return {**super().get_config(), **described(self, names)}


SeparableConvolution1D, SeparableConvolution2D = SeparableConv1D, SeparableConv2D
Convolution2DTranspose, Convolution3DTranspose = Conv2DTranspose, Conv3DTranspose
