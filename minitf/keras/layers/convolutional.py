"""Convolutions of sequences, images and volumes.

Source: TensorFlow 1.15's `tf.keras.layers`.
"""

from __future__ import annotations

from typing import Any

from minitf.keras.engine.layer import Layer
from minitf.keras.layers.arguments import WEIGHTS, described, understood
from minitf.layers import convolutional

_WINDOW = "filters kernel_size strides padding data_format activation"


class Conv1D(convolutional.Conv1D, Layer):
    """Cross-correlates sequences [N, T, C] with a bank of filters.

    Args:
        filters: how many there are: the channels of the outputs.
        kernel_size: taps of a filter, a number or one for each axis.
        strides: cells from one window to the next, likewise.
        padding: "valid" or "same", or "causal": what is before a cell, and the cell.
        data_format: "channels_last" or "channels_first"; by default the default layout.
        dilation_rate: cells from one tap to the next; 1 where a stride exceeds 1.
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
        data_format: str | None = "channels_last",
        dilation_rate: Any = 1,
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
        return {**super().get_config(), **described(self, f"{_WINDOW} dilation_rate {WEIGHTS}")}


class Conv2D(convolutional.Conv2D, Layer):
    """Cross-correlates images [N, H, W, C] with a bank of filters.

    Args:
        filters: how many there are: the channels of the outputs.
        kernel_size: taps of a filter, a number or one for each axis.
        strides: cells from one window to the next, likewise.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first"; by default the default layout.
        dilation_rate: cells from one tap to the next; 1 where a stride exceeds 1.
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
        return {**super().get_config(), **described(self, f"{_WINDOW} dilation_rate {WEIGHTS}")}


class Conv3D(convolutional.Conv3D, Layer):
    """Cross-correlates volumes [N, D, H, W, C] with a bank of filters.

    Args:
        filters: how many there are: the channels of the outputs.
        kernel_size: taps of a filter, a number or one for each axis.
        strides: cells from one window to the next, likewise.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first"; by default the default layout.
        dilation_rate: cells from one tap to the next; 1 where a stride exceeds 1.
        activation: a function, or its name; none by default.
        use_bias: see `Dense`, and so are the following ones.
        **kwargs: see `Layer`.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = (1, 1, 1),
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
        return {**super().get_config(), **described(self, f"{_WINDOW} dilation_rate {WEIGHTS}")}


Convolution1D, Convolution2D, Convolution3D = Conv1D, Conv2D, Conv3D
