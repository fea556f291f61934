"""Transposes of convolutions: what is small becomes large.

    conv2d_transpose     [N, P, Q, C] -> [N, H, W, filters]

Source: TensorFlow 1.15's functions and classes of the same names in tf.layers.
"""

from __future__ import annotations

from typing import Any

from minitf.api import array, nn_conv, nn_conv3d, nn_layers
from minitf.api.sizes import shape
from minitf.layers.arguments import applied, passed_on
from minitf.layers.conv import ZEROS, Conv
from minitf.layers.utils import convert_data_format, deconv_output_length
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class _ConvTranspose(Conv):
    """The transpose of a convolution; filters are [window..., channels out, channels in]."""

    DESCRIBED = (
        "filters kernel_size strides padding data_format activation use_bias kernel_initializer "
        "bias_initializer kernel_regularizer bias_regularizer activity_regularizer "
        "kernel_constraint bias_constraint"
    )

    def build(self, input_shape: Any) -> None:
        """Make filters and bias.

        Raises:
            ValueError: if the number of channels is not known, or the rank is not as expected.
        """
        rank = TensorShape(input_shape).ndims
        if rank != self.rank + 2:
            raise ValueError(
                f"Inputs should have rank {self.rank + 2}. Received input shape: {input_shape}"
            )
        channels = self._channels(input_shape)
        self.kernel = self._add_kernel([*self.kernel_size, self.filters, channels])
        self.bias = self._add_bias()
        self.built = True

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        sizes = shape(inputs)
        batch = sizes[0]
        space = [sizes[axis] for axis in self._axes()]
        large = self._enlarged(space)
        outputs = self._transposed(inputs, batch, large)
        outputs.set_shape(self.compute_output_shape(inputs.shape))
        if self.use_bias:
            layout = convert_data_format(self.data_format, 4)
            outputs = nn_layers.bias_add(outputs, self.bias, layout)
        return self._activated(outputs)

    def _transposed(self, inputs: Any, batch: Any, space: list[Any]) -> Tensor:
        """Return the transpose; `space` are the sizes of the result."""
        raise NotImplementedError

    def _axes(self) -> range:
        start = 2 if self.data_format == "channels_first" else 1
        return range(start, start + self.rank)

    def _enlarged(self, space: list[Any]) -> list[Any]:
        """Return the sizes of outputs for those of inputs: numbers, Tensors, or None."""
        return [
            deconv_output_length(size, taps, self.padding, stride)
            for size, taps, stride in zip(space, self.kernel_size, self.strides, strict=True)
        ]

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        sizes = TensorShape(input_shape).as_list()
        axes = self._axes()
        space = self._enlarged([sizes[axis] for axis in axes])
        if self.data_format == "channels_first":
            return TensorShape([sizes[0], self.filters, *space])
        return TensorShape([sizes[0], *space, self.filters])


class Conv2DTranspose(_ConvTranspose):
    """Applies the transpose of a convolution to images [N, H, W, C].

    Args:
        filters: how many there are: the channels of the outputs.
        kernel_size: taps of a filter, a number or one for each axis.
        strides: of the convolution whose transpose this is, likewise.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first".
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
        super().__init__(2, **passed_on(locals()))

    def _transposed(self, inputs: Any, batch: Any, space: list[Any]) -> Tensor:
        first = self.data_format == "channels_first"
        if first:  # which no convolution on a CPU of TensorFlow's knows
            inputs = array.transpose(inputs, (0, 2, 3, 1))
        made = nn_conv.conv2d_transpose(
            inputs,
            self.kernel,
            array.stack([batch, *space, self.filters]),
            (1, *self.strides, 1),
            padding=self.padding.upper(),
            data_format="NHWC",
        )
        return array.transpose(made, (0, 3, 1, 2)) if first else made


class Conv3DTranspose(_ConvTranspose):
    """Applies the transpose of a convolution to volumes [N, D, H, W, C].

    Args:
        filters: how many there are: the channels of the outputs.
        kernel_size: taps of a filter, a number or one for each axis.
        strides: of the convolution whose transpose this is, likewise.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first".
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
        strides: Any = (1, 1, 1),
        padding: str = "valid",
        data_format: str = "channels_last",
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
        super().__init__(3, **passed_on(locals()))

    def _transposed(self, inputs: Any, batch: Any, space: list[Any]) -> Tensor:
        first = self.data_format == "channels_first"
        sizes = [batch, self.filters, *space] if first else [batch, *space, self.filters]
        return nn_conv3d.conv3d_transpose(
            inputs,
            self.kernel,
            array.stack(sizes),
            (1, 1, *self.strides) if first else (1, *self.strides, 1),
            data_format=convert_data_format(self.data_format, 5),
            padding=self.padding.upper(),
        )


def conv2d_transpose(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
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
    reuse: Any = None,
) -> Tensor:
    """Apply the transpose of a convolution to images; see `tf.layers.Conv2DTranspose`.

    Args:
        inputs: images [N, H, W, C], or with the channels second for "channels_first".
        reuse: whether to find the variables of an earlier layer of that name.
    """
    return applied(Conv2DTranspose, locals())


def conv3d_transpose(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
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
    reuse: Any = None,
) -> Tensor:
    """Apply the transpose of a convolution to volumes; see `tf.layers.Conv3DTranspose`.

    Args:
        inputs: volumes [N, D, H, W, C], or with the channels second for "channels_first".
        reuse: whether to find the variables of an earlier layer of that name.
    """
    return applied(Conv3DTranspose, locals())
