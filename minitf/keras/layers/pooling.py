"""Pools: the greatest cell, or the mean, of each window or of all cells.

Source: TensorFlow 1.15's `tf.keras.layers`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from minitf.api import array
from minitf.api.casting import cast
from minitf.api.reductions import reduce_max, reduce_mean, reduce_sum
from minitf.keras.backend.config import layout
from minitf.keras.engine.layer import Layer
from minitf.keras.layers.arguments import described
from minitf.layers import pooling
from minitf.layers.input_spec import InputSpec
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class _Pool:
    """A pool of windows, which touch where no strides are given."""

    def __init__(self, pool_size: Any, strides: Any, data_format: Any, **kwargs: Any) -> None:
        sizes = {"pool_size": pool_size, "strides": pool_size if strides is None else strides}
        given = {**sizes, "data_format": layout(data_format), **kwargs}
        super().__init__(**given)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        config = super().get_config()  # type: ignore[misc]
        return {**config, **described(self, "pool_size padding strides data_format")}


class _Pool1D(_Pool):
    def __init__(
        self,
        pool_size: Any = 2,
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = "channels_last",
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, data_format, padding=padding, **kwargs)


class _Pool2D(_Pool):
    def __init__(
        self,
        pool_size: Any = (2, 2),
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, data_format, padding=padding, **kwargs)


class _Pool3D(_Pool):
    def __init__(
        self,
        pool_size: Any = (2, 2, 2),
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, data_format, padding=padding, **kwargs)


class MaxPooling1D(_Pool1D, pooling.MaxPooling1D, Layer):
    """Maxima over windows of sequences [N, T, C].

    Args:
        pool_size: cells of a window, a number or one for each axis.
        strides: cells from one window to the next; by default windows touch.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first"; by default the default layout.
        **kwargs: see `Layer`.
    """


class AveragePooling1D(_Pool1D, pooling.AveragePooling1D, Layer):
    """Means over windows of sequences [N, T, C]; see `MaxPooling1D`."""


class MaxPooling2D(_Pool2D, pooling.MaxPooling2D, Layer):
    """Maxima over windows of images [N, H, W, C]; see `MaxPooling1D`."""


class AveragePooling2D(_Pool2D, pooling.AveragePooling2D, Layer):
    """Means over windows of images [N, H, W, C]; see `MaxPooling1D`."""


class MaxPooling3D(_Pool3D, pooling.MaxPooling3D, Layer):
    """Maxima over windows of volumes [N, D, H, W, C]; see `MaxPooling1D`."""


class AveragePooling3D(_Pool3D, pooling.AveragePooling3D, Layer):
    """Means over windows of volumes [N, D, H, W, C]; see `MaxPooling1D`."""


class _GlobalPool(Layer):
    """One cell for all of space.

    Args:
        data_format: "channels_last" or "channels_first"; by default the default layout.
        **kwargs: see `Layer`.
    """

    rank: ClassVar[int]

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = layout(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def _axes(self) -> list[int]:
        start = 2 if self.data_format == "channels_first" else 1
        return list(range(start, start + self.rank))

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        sizes = TensorShape(input_shape).as_list()
        return TensorShape([sizes[0], sizes[1 if self.data_format == "channels_first" else -1]])

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "data_format": self.data_format}


class _GlobalMaxPool(_GlobalPool):
    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        return reduce_max(inputs, axis=self._axes())


class _GlobalAveragePool(_GlobalPool):
    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        return reduce_mean(inputs, axis=self._axes())


class GlobalAveragePooling1D(_GlobalPool):
    """Means over sequences [N, T, C], of the steps that are not masked; see `_GlobalPool`."""

    rank = 1
    supports_masking = True

    def __init__(self, data_format: str | None = "channels_last", **kwargs: Any) -> None:
        super().__init__(data_format, **kwargs)

    def call(self, inputs: Any, mask: Any = None) -> Tensor:
        """Return the outputs."""
        axis = self._axes()[0]
        if mask is None:
            return reduce_mean(inputs, axis=axis)
        kept = array.expand_dims(cast(mask, inputs.dtype), 3 - axis)
        return reduce_sum(inputs * kept, axis=axis) / reduce_sum(kept, axis=axis)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """Return no mask: there are no steps any more."""


class GlobalMaxPooling1D(_GlobalMaxPool):
    """Maxima over sequences [N, T, C]; see `_GlobalPool`."""

    rank = 1

    def __init__(self, data_format: str | None = "channels_last", **kwargs: Any) -> None:
        super().__init__(data_format, **kwargs)


class GlobalAveragePooling2D(_GlobalAveragePool):
    """Means over images [N, H, W, C]; see `_GlobalPool`."""

    rank = 2


class GlobalMaxPooling2D(_GlobalMaxPool):
    """Maxima over images [N, H, W, C]; see `_GlobalPool`."""

    rank = 2


class GlobalAveragePooling3D(_GlobalAveragePool):
    """Means over volumes [N, D, H, W, C]; see `_GlobalPool`."""

    rank = 3


class GlobalMaxPooling3D(_GlobalMaxPool):
    """Maxima over volumes [N, D, H, W, C]; see `_GlobalPool`."""

    rank = 3


MaxPool1D, MaxPool2D, MaxPool3D = MaxPooling1D, MaxPooling2D, MaxPooling3D
AvgPool1D, AvgPool2D, AvgPool3D = AveragePooling1D, AveragePooling2D, AveragePooling3D
GlobalAvgPool1D, GlobalMaxPool1D = GlobalAveragePooling1D, GlobalMaxPooling1D
GlobalAvgPool2D, GlobalMaxPool2D = GlobalAveragePooling2D, GlobalMaxPooling2D
GlobalAvgPool3D, GlobalMaxPool3D = GlobalAveragePooling3D, GlobalMaxPooling3D
