"""Classes of `tensorflow.python.ops.nn_ops` that are not public.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.api.nn_convolution import convolution
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

__all__ = ["Convolution"]


class Convolution:
    """A convolution whose settings are kept: `Convolution(...)(input, filter)`.

    Args:
        input_shape: of the inputs, with the number of channels known.
        filter_shape: of the filters: [window..., channels in, channels out].
        padding: "SAME" or "VALID".
        strides: cells from one window to the next.
        dilation_rate: cells from one tap of a window to the next.
        name: name of the operations.
        data_format: as for `tf.nn.convolution`.

    Raises:
        ValueError: if the number of channels is unknown, or does not fit the filters.
    """

    def __init__(
        self,
        input_shape: Any,
        filter_shape: Any,
        padding: Any,
        strides: Any = None,
        dilation_rate: Any = None,
        name: str | None = None,
        data_format: str | None = None,
    ) -> None:
        sizes, window = TensorShape(input_shape), TensorShape(filter_shape)
        is_first = data_format is not None and data_format.startswith("NC")
        channels = sizes[1 if is_first else len(window) - 1].value
        if channels is None or not window[-2].is_compatible_with(channels):
            raise ValueError(
                "number of input channels does not match corresponding dimension of filter, "
                f"{channels} != {window[-2]}"
            )
        self.input_shape, self.filter_shape = sizes, window
        self._settings = {
            "padding": padding,
            "strides": strides,
            "dilation_rate": dilation_rate,
            "name": name,
            "data_format": data_format,
        }

    def __call__(self, inp: Any, filter: Any) -> Tensor:
        """Return the cross-correlation of inputs with filters."""
        return convolution(inp, filter, **self._settings)
