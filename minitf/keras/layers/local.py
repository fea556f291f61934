"""Locally connected layers: as convolutions, but each window has filters of its own.

    implementation 1     kernel [windows, taps C, K]: a product for each window
    implementation 2     kernel [space, C, windows, K], zeros where a window does not see a cell
    implementation 3     the elements of that which may differ from zero

Source: TensorFlow 1.15's `tf.keras.layers`.
"""

from __future__ import annotations

import itertools
import math
from typing import Any, ClassVar

import numpy as np

from minitf.api import array
from minitf.api.constants import constant
from minitf.api.matmul import matmul
from minitf.api.sparse_math import sparse_tensor_dense_matmul
from minitf.composite import SparseTensor
from minitf.dtypes import as_dtype
from minitf.keras import activations, constraints, initializers, regularizers
from minitf.keras.backend.config import floatx, layout
from minitf.keras.backend.local import local_conv
from minitf.keras.backend.nn import bias_add
from minitf.keras.engine.layer import Layer
from minitf.keras.layers.arguments import WEIGHTS, described
from minitf.layers.input_spec import InputSpec
from minitf.layers.utils import conv_output_length, normalize_padding, normalize_tuple
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_WINDOW = "filters kernel_size strides padding data_format activation implementation"


class _LocallyConnected(Layer):
    """What the layers of one and two axes share.

    Args:
        filters: how many filters each window has: the channels of the outputs.
        kernel_size: taps of a window, a number or one for each axis.
        strides: cells from one window to the next, likewise.
        padding: "valid"; "same" too, unless `implementation` is 1.
        data_format: "channels_last" or "channels_first"; by default the default layout.
        activation: a function, or its name; none by default.
        use_bias: whether there is a bias, for each window.
        kernel_initializer: see `Dense`, and so are the following ones.
        implementation: how the kernel is kept, 1 to 3; see the module.
        **kwargs: see `Layer`.

    Raises:
        ValueError: if the arguments do not fit together.
    """

    rank: ClassVar[int]
    kernel: Any
    bias: Any

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
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
        implementation: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.filters = filters
        self.kernel_size = normalize_tuple(kernel_size, self.rank, "kernel_size")
        self.strides = normalize_tuple(strides, self.rank, "strides")
        self.padding = normalize_padding(padding)
        if self.padding != "valid" and implementation == 1:
            raise ValueError(
                f'Invalid border mode for {type(self).__name__} (only "valid" is supported if '
                f"implementation is 1): {padding}"
            )
        if implementation not in {1, 2, 3}:
            raise ValueError(f"Unrecognized implementation mode: {implementation}.")
        self.data_format = layout(data_format)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.implementation = implementation
        self.input_spec = InputSpec(ndim=self.rank + 2)

    # --- variables -------------------------------------------------------------------------------

    def build(self, input_shape: Any) -> None:
        """Make the filters of all windows, and their biases.

        Raises:
            ValueError: if a size of the inputs is not known.
        """
        shape = TensorShape(input_shape)
        space, channels = self._apart(shape)
        if None in space or channels is None:
            raise ValueError(
                f"The spatial dimensions of the inputs to a {type(self).__name__} layer should be "
                f"fully-defined, but layer received the inputs shape {shape}"
            )
        windows = self._windows(space)
        self._sizes = space, channels, windows
        self.kernel = self.add_weight(
            "kernel",
            self._kernel_shape(space, channels, windows),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                [*windows, self.filters],
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        axis = 1 if self.data_format == "channels_first" else -1
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={axis: channels})
        self.built = True

    def _apart(self, shape: TensorShape) -> tuple[list[Any], Any]:
        """Return the sizes of space, and the channels."""
        sizes = shape.as_list()[1:]
        if self.data_format == "channels_first":
            return sizes[1:], sizes[0]
        return sizes[:-1], sizes[-1]

    def _windows(self, space: list[Any]) -> list[Any]:
        return [
            conv_output_length(size, taps, self.padding, step)
            for size, taps, step in zip(space, self.kernel_size, self.strides, strict=True)
        ]

    def _kernel_shape(self, space: list[int], channels: int, windows: list[int]) -> tuple[int, ...]:
        if self.implementation == 1:
            taps = math.prod(self.kernel_size) * channels
            return math.prod(windows), taps, self.filters
        if self.implementation == 2:
            return self._of_layout(space, channels) + self._of_layout(windows, self.filters)
        return (int(self._seen(space, channels, windows).sum()),)

    def _of_layout(self, space: list[int], channels: int) -> tuple[int, ...]:
        return (channels, *space) if self.data_format == "channels_first" else (*space, channels)

    def _seen(self, space: list[int], channels: int, windows: list[int]) -> np.ndarray[Any, Any]:
        """Return whether a cell is seen by a window: [inputs in a row, outputs in a row]."""
        seen = np.zeros((*space, *windows), bool)
        for place in itertools.product(*map(range, windows)):
            cells: list[Any] = []
            for at, size, taps, step in zip(
                place, space, self.kernel_size, self.strides, strict=True
            ):
                start = at * step - (taps // 2 if self.padding == "same" else 0)
                cells.append(slice(max(0, start), min(size, start + taps)))
            seen[(*cells, *place)] = True
        rank = self.rank
        whole = np.broadcast_to(
            seen.reshape((*space, 1, *windows, 1)), (*space, channels, *windows, self.filters)
        )
        if self.data_format == "channels_first":
            order = [rank, *range(rank), 2 * rank + 1, *range(rank + 1, 2 * rank + 1)]
            whole = whole.transpose(order)
        return np.ascontiguousarray(whole).reshape(channels * math.prod(space), -1)

    # --- outputs ---------------------------------------------------------------------------------

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        if self.implementation == 1:
            windows = self._sizes[2]
            made = local_conv(
                inputs, self.kernel, self.kernel_size, self.strides, windows, self.data_format
            )
        else:
            made = self._product(inputs)
        if self.use_bias:
            made = bias_add(made, self.bias, self.data_format)
        return self.activation(made)

    def _product(self, inputs: Any) -> Tensor:
        space, channels, windows = self._sizes
        seen = self._seen(space, channels, windows)
        rows = array.reshape(inputs, (-1, seen.shape[0]))
        if self.implementation == 2:
            mask = constant(seen, as_dtype(floatx()))
            made = matmul(rows, array.reshape(self.kernel, seen.shape) * mask)
        else:  # the transpose, as the sparse factor stands first
            turned = SparseTensor(
                np.argwhere(seen.T), self._by_output(seen), np.asarray(seen.T.shape, np.int64)
            )
            made = array.transpose(sparse_tensor_dense_matmul(turned, array.transpose(rows)))
        return array.reshape(made, (-1, *self._of_layout(windows, self.filters)))

    def _by_output(self, seen: np.ndarray[Any, Any]) -> Any:
        """Return the kernel's elements, which are kept by output, in that order."""
        return self.kernel.read_value()

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        shape = TensorShape(input_shape)
        windows = self._windows(self._apart(shape)[0])
        return TensorShape([shape.as_list()[0], *self._of_layout(windows, self.filters)])

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), **described(self, f"{_WINDOW} {WEIGHTS}")}


class LocallyConnected1D(_LocallyConnected):
    """Windows of sequences [N, T, C] with filters of their own; see `_LocallyConnected`."""

    rank = 1


class LocallyConnected2D(_LocallyConnected):
    """Windows of images [N, H, W, C] with filters of their own; see `_LocallyConnected`."""

    rank = 2
