"""Convolutions of sequences, images and volumes.

    conv2d     [N, H, W, C] -> [N, P, Q, filters]     activation(inputs * kernel + bias)

Source: TensorFlow 1.15's functions and classes of the same names in tf.layers.
"""

from __future__ import annotations

from typing import Any

from minitf.layers.arguments import applied, passed_on
from minitf.layers.conv import ZEROS, Conv
from minitf.tensor import Tensor

# --- classes -------------------------------------------------------------------------------------


class Conv1D(Conv):
    """Cross-correlates sequences [N, T, C] with a bank of filters.

    Args:
        filters: how many there are: the channels of the outputs.
        kernel_size: taps of a filter.
        strides: cells from one window to the next.
        padding: "valid", "same" or "causal".
        data_format: "channels_last" or "channels_first".
        dilation_rate: cells from one tap to the next; 1 where a stride exceeds 1.
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
        super().__init__(1, **passed_on(locals()))


class Conv2D(Conv):
    """Cross-correlates images [N, H, W, C] with a bank of filters.

    Args:
        filters: how many there are: the channels of the outputs.
        kernel_size: taps of a filter, a number or one for each axis.
        strides: cells from one window to the next, likewise.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first".
        dilation_rate: cells from one tap to the next; 1 where a stride exceeds 1.
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


class Conv3D(Conv):
    """Cross-correlates volumes [N, D, H, W, C] with a bank of filters.

    Args:
        filters: how many there are: the channels of the outputs.
        kernel_size: taps of a filter, a number or one for each axis.
        strides: cells from one window to the next, likewise.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first".
        dilation_rate: cells from one tap to the next; 1 where a stride exceeds 1.
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
        dilation_rate: Any = (1, 1, 1),
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


# --- functions -----------------------------------------------------------------------------------


def conv1d(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str = "channels_last",
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
    reuse: Any = None,
) -> Tensor:
    """Cross-correlate sequences with a bank of filters; see `tf.layers.Conv1D`.

    Args:
        inputs: sequences [N, T, C], or with the channels second for "channels_first".
        reuse: whether to find the variables of an earlier layer of that name.
    """
    return applied(Conv1D, locals())


def conv2d(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = (1, 1),
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
    """Cross-correlate images with a bank of filters; see `tf.layers.Conv2D`.

    Args:
        inputs: images [N, H, W, C], or with the channels second for "channels_first".
        reuse: whether to find the variables of an earlier layer of that name.
    """
    return applied(Conv2D, locals())


def conv3d(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = (1, 1, 1),
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
    """Cross-correlate volumes with a bank of filters; see `tf.layers.Conv3D`.

    Args:
        inputs: volumes [N, D, H, W, C], or with the channels second for "channels_first".
        reuse: whether to find the variables of an earlier layer of that name.
    """
    return applied(Conv3D, locals())
