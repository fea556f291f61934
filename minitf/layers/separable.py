"""Separable convolutions: each channel by itself, then the channels of each cell.

    separable_conv2d     [N, H, W, C] -> [N, P, Q, C depth_multiplier] -> [N, P, Q, filters]

Source: TensorFlow 1.15's functions and classes of the same names in tf.layers.
"""

from __future__ import annotations

from typing import Any

from minitf.api import array, nn_layers
from minitf.api.nn_depthwise import separable_conv2d as separable
from minitf.layers.arguments import applied, passed_on
from minitf.layers.conv import ZEROS, Conv
from minitf.layers.named import constraint_of, initializer_of, regularizer_of
from minitf.layers.utils import convert_data_format
from minitf.tensor import Tensor


class _SeparableConv(Conv):
    """A convolution of each channel by itself, then one with windows of one cell."""

    DESCRIBED = (
        "filters kernel_size strides padding data_format dilation_rate depth_multiplier activation "
        "use_bias depthwise_initializer pointwise_initializer bias_initializer "
        "depthwise_regularizer pointwise_regularizer bias_regularizer activity_regularizer "
        "depthwise_constraint pointwise_constraint bias_constraint"
    )

    def __init__(
        self,
        rank: int,
        depth_multiplier: int = 1,
        depthwise_initializer: Any = None,
        pointwise_initializer: Any = None,
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(rank, **kwargs)
        self.depth_multiplier = depth_multiplier
        self.depthwise_initializer = initializer_of(depthwise_initializer)
        self.pointwise_initializer = initializer_of(pointwise_initializer)
        self.depthwise_regularizer = regularizer_of(depthwise_regularizer)
        self.pointwise_regularizer = regularizer_of(pointwise_regularizer)
        self.depthwise_constraint = constraint_of(depthwise_constraint)
        self.pointwise_constraint = constraint_of(pointwise_constraint)

    def build(self, input_shape: Any) -> None:
        """Make both kinds of filters, and the bias.

        Raises:
            ValueError: if the number of channels is not known.
        """
        channels = self._channels(input_shape)
        self.depthwise_kernel = self.add_weight(
            "depthwise_kernel",
            [*self.kernel_size, channels, self.depth_multiplier],
            initializer=self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
            constraint=self.depthwise_constraint,
        )
        self.pointwise_kernel = self.add_weight(
            "pointwise_kernel",
            [*(1,) * self.rank, channels * self.depth_multiplier, self.filters],
            initializer=self.pointwise_initializer,
            regularizer=self.pointwise_regularizer,
            constraint=self.pointwise_constraint,
        )
        self.bias = self._add_bias()
        self.built = True

    def _separable(
        self,
        images: Any,
        kernels: tuple[Any, Any],
        strides: tuple[int, ...],
        padding: str,
        rate: tuple[int, ...],
    ) -> Any:
        """Return the convolution of images plus bias."""
        layout = convert_data_format(self.data_format, 4)
        first = self.data_format == "channels_first"
        made = separable(
            images,
            *kernels,
            strides=(1, 1, *strides) if first else (1, *strides, 1),
            padding=padding,
            rate=rate,
            data_format=layout,
        )
        return nn_layers.bias_add(made, self.bias, layout) if self.use_bias else made


class SeparableConv1D(_SeparableConv):
    """Cross-correlates each channel of sequences [N, T, C], then mixes the channels.

    Args:
        filters: the channels of the outputs.
        kernel_size: taps of a filter.
        strides: cells from one window to the next.
        padding: "valid", "same" or "causal".
        data_format: "channels_last" or "channels_first".
        dilation_rate: cells from one tap to the next; 1 where a stride exceeds 1.
        depth_multiplier: how many filters each channel has.
        activation: a function, or its name; none by default.
        use_bias: see `Dense`, and so are the following ones.
        **kwargs: `dtype`.

    Raises:
        ValueError: if the arguments do not fit together.
    """

    may_be_causal = True

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str = "channels_last",
        dilation_rate: Any = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = None,
        pointwise_initializer: Any = None,
        bias_initializer: Any = ZEROS,
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(1, **passed_on(locals()))

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs: sequences are images of one row."""
        inputs, padding = self._with_margin(inputs)
        axis = 2 if self.data_format == "channels_first" else 1
        images = array.expand_dims(inputs, axis)
        kernels = (
            array.expand_dims(self.depthwise_kernel, 0),
            array.expand_dims(self.pointwise_kernel, 0),
        )
        made = self._separable(images, kernels, self.strides * 2, padding, (1, *self.dilation_rate))
        return self._activated(array.squeeze(made, [axis]))


class SeparableConv2D(_SeparableConv):
    """Cross-correlates each channel of images [N, H, W, C], then mixes the channels.

    Args:
        filters: the channels of the outputs.
        kernel_size: taps of a filter, a number or one for each axis.
        strides: cells from one window to the next, likewise.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first".
        dilation_rate: cells from one tap to the next; 1 where a stride exceeds 1.
        depth_multiplier: how many filters each channel has.
        activation: a function, or its name; none by default.
        use_bias: see `Dense`, and so are the following ones.
        **kwargs: `dtype`.

    Raises:
        ValueError: if the arguments do not fit together.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        data_format: str = "channels_last",
        dilation_rate: Any = (1, 1),
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = None,
        pointwise_initializer: Any = None,
        bias_initializer: Any = ZEROS,
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(2, **passed_on(locals()))

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        kernels = self.depthwise_kernel, self.pointwise_kernel
        padding = self.padding.upper()
        made = self._separable(inputs, kernels, self.strides, padding, self.dilation_rate)
        return self._activated(made)


def separable_conv1d(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = 1,
    depth_multiplier: int = 1,
    activation: Any = None,
    use_bias: bool = True,
    depthwise_initializer: Any = None,
    pointwise_initializer: Any = None,
    bias_initializer: Any = ZEROS,
    depthwise_regularizer: Any = None,
    pointwise_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    depthwise_constraint: Any = None,
    pointwise_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """Cross-correlate each channel, then mix them; see `tf.layers.SeparableConv1D`.

    Args:
        inputs: sequences [N, T, C], or with the channels second for "channels_first".
        reuse: whether to find the variables of an earlier layer of that name.
    """
    return applied(SeparableConv1D, locals())


def separable_conv2d(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = (1, 1),
    depth_multiplier: int = 1,
    activation: Any = None,
    use_bias: bool = True,
    depthwise_initializer: Any = None,
    pointwise_initializer: Any = None,
    bias_initializer: Any = ZEROS,
    depthwise_regularizer: Any = None,
    pointwise_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    depthwise_constraint: Any = None,
    pointwise_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """Cross-correlate each channel, then mix them; see `tf.layers.SeparableConv2D`.

    Args:
        inputs: images [N, H, W, C], or with the channels second for "channels_first".
        reuse: whether to find the variables of an earlier layer of that name.
    """
    return applied(SeparableConv2D, locals())
