"""Layers that add cells at the border, cut them off, or repeat them.

Source: TensorFlow 1.15's `tf.keras.layers`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from minitf.api import array
from minitf.keras.backend import images
from minitf.keras.backend.config import layout
from minitf.keras.backend.tensors import repeat_elements
from minitf.keras.engine.layer import Layer
from minitf.layers.input_spec import InputSpec
from minitf.layers.utils import normalize_tuple
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class _OfSpace(Layer):
    """A layer that changes the sizes of space."""

    rank: ClassVar[int]
    data_format: str

    def _axes(self) -> range:
        start = 2 if self.data_format == "channels_first" else 1
        return range(start, start + self.rank)

    def _with_sizes(self, input_shape: Any, change: Any) -> TensorShape:
        sizes = TensorShape(input_shape).as_list()
        for number, axis in enumerate(self._axes()):
            if sizes[axis] is not None:
                sizes[axis] = change(sizes[axis], number)
        return TensorShape(sizes)


def _pairs(value: Any, rank: int, name: str) -> tuple[tuple[int, int], ...]:
    """Return what is before and behind each axis: one number, one for each axis, or pairs."""
    if isinstance(value, int):
        return ((value, value),) * rank
    given = tuple(value)
    if rank == 1 and len(given) == 2 and all(isinstance(each, int) for each in given):
        return ((int(given[0]), int(given[1])),)
    if len(given) != rank:
        raise ValueError(f"`{name}` should have {rank} elements. Found: {value}")
    pairs = []
    for each in given:
        one = normalize_tuple(each, 2, f"an entry of {name}")
        pairs.append((one[0], one[1]))
    return tuple(pairs)


class _ZeroPadding(_OfSpace):
    """Adds zeros at the border."""

    def __init__(self, padding: Any, data_format: str | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = layout(data_format)
        self._margins = _pairs(padding, self.rank, "padding")
        self.padding: Any = self._margins[0] if self.rank == 1 else self._margins
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        margins = [(0, 0)] * (self.rank + 2)
        for axis, margin in zip(self._axes(), self._margins, strict=True):
            margins[axis] = margin
        return array.pad(inputs, margins)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        return self._with_sizes(input_shape, lambda size, i: size + sum(self._margins[i]))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        config = {**super().get_config(), "padding": self.padding}
        return config if self.rank == 1 else {**config, "data_format": self.data_format}


class ZeroPadding1D(_ZeroPadding):
    """Adds zeros before and behind sequences [N, T, C].

    Args:
        padding: how many: a number, or one before and one behind.
        **kwargs: see `Layer`.
    """

    rank = 1

    def __init__(self, padding: Any = 1, **kwargs: Any) -> None:
        super().__init__(padding, "channels_last", **kwargs)


class ZeroPadding2D(_ZeroPadding):
    """Adds zeros around images [N, H, W, C].

    Args:
        padding: how many: a number, one for each axis, or pairs (before, behind).
        data_format: "channels_last" or "channels_first".
        **kwargs: see `Layer`.
    """

    rank = 2

    def __init__(
        self, padding: Any = (1, 1), data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(padding, data_format, **kwargs)


class ZeroPadding3D(_ZeroPadding):
    """Adds zeros around volumes [N, D, H, W, C]; see `ZeroPadding2D`."""

    rank = 3

    def __init__(
        self, padding: Any = (1, 1, 1), data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(padding, data_format, **kwargs)


class _Cropping(_OfSpace):
    """Cuts cells off at the border."""

    def __init__(self, cropping: Any, data_format: str | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = layout(data_format)
        self._margins = _pairs(cropping, self.rank, "cropping")
        self.cropping: Any = self._margins[0] if self.rank == 1 else self._margins
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        parts = [slice(None)] * (self.rank + 2)
        for axis, (before, behind) in zip(self._axes(), self._margins, strict=True):
            parts[axis] = slice(before, -behind if behind else None)
        return inputs[tuple(parts)]

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        return self._with_sizes(input_shape, lambda size, i: size - sum(self._margins[i]))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        config = {**super().get_config(), "cropping": self.cropping}
        return config if self.rank == 1 else {**config, "data_format": self.data_format}


class Cropping1D(_Cropping):
    """Cuts steps off sequences [N, T, C].

    Args:
        cropping: how many: a number, or one before and one behind.
        **kwargs: see `Layer`.
    """

    rank = 1

    def __init__(self, cropping: Any = (1, 1), **kwargs: Any) -> None:
        super().__init__(cropping, "channels_last", **kwargs)


class Cropping2D(_Cropping):
    """Cuts cells off the border of images [N, H, W, C].

    Args:
        cropping: how many: a number, one for each axis, or pairs (before, behind).
        data_format: "channels_last" or "channels_first".
        **kwargs: see `Layer`.
    """

    rank = 2

    def __init__(
        self, cropping: Any = ((0, 0), (0, 0)), data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(cropping, data_format, **kwargs)


class Cropping3D(_Cropping):
    """Cuts cells off the border of volumes [N, D, H, W, C]; see `Cropping2D`."""

    rank = 3

    def __init__(
        self,
        cropping: Any = ((1, 1), (1, 1), (1, 1)),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(cropping, data_format, **kwargs)


class _UpSampling(_OfSpace):
    """Repeats cells."""

    def __init__(self, size: Any, data_format: str | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = layout(data_format)
        self._times = normalize_tuple(size, self.rank, "size")
        self.size: Any = self._times[0] if self.rank == 1 else self._times
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        return self._with_sizes(input_shape, lambda size, i: size * self._times[i])

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        config = {**super().get_config(), "size": self.size}
        return config if self.rank == 1 else {**config, "data_format": self.data_format}


class UpSampling1D(_UpSampling):
    """Repeats the steps of sequences [N, T, C].

    Args:
        size: how often.
        **kwargs: see `Layer`.
    """

    rank = 1

    def __init__(self, size: int = 2, **kwargs: Any) -> None:
        super().__init__(int(size), "channels_last", **kwargs)

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        return repeat_elements(inputs, self.size, axis=1)


class UpSampling2D(_UpSampling):
    """Repeats the cells of images [N, H, W, C], or interpolates between them.

    Args:
        size: how often, for each axis.
        data_format: "channels_last" or "channels_first".
        interpolation: "nearest" or "bilinear".
        **kwargs: see `Layer`.

    Raises:
        ValueError: if the interpolation is neither.
    """

    rank = 2

    def __init__(
        self,
        size: Any = (2, 2),
        data_format: str | None = None,
        interpolation: str = "nearest",
        **kwargs: Any,
    ) -> None:
        super().__init__(size, data_format, **kwargs)
        if interpolation not in {"nearest", "bilinear"}:
            raise ValueError(
                '`interpolation` argument should be one of `"nearest"` or `"bilinear"`.'
            )
        self.interpolation = interpolation

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        rows, columns = self._times
        return images.resize_images(
            inputs, rows, columns, self.data_format, interpolation=self.interpolation
        )

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "interpolation": self.interpolation}


class UpSampling3D(_UpSampling):
    """Repeats the cells of volumes [N, D, H, W, C].

    Args:
        size: how often, for each axis.
        data_format: "channels_last" or "channels_first".
        **kwargs: see `Layer`.
    """

    rank = 3

    def __init__(
        self, size: Any = (2, 2, 2), data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(size, data_format, **kwargs)

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        depth, rows, columns = self._times
        return images.resize_volumes(inputs, depth, rows, columns, self.data_format)
