"""How a window slides over images: the arithmetic that convolution and pooling share.

Along one axis, a window of `window` taps, `dilation` apart, starts at every `stride`-th position of
the input, which `before` and `after` cells of padding extend:

    window 3, stride 2, SAME, on 5 cells:      . 0 1 2 3 4 .        before = after = 1
                                               [---]                window 0
                                                   [---]            window 1
                                                       [---]        window 2

One *tap* of all windows at once is a strided slice of the padded input (`Windows.taps`).  So a
convolution is the sum over taps of `slice @ filter[tap]`, max pooling the greatest of the slices,
and a gradient adds to the same slices.

**State**: `Frame`, what an op's attributes say, the same for any image; `Windows`, a Frame applied
to images of known size.

Source: 2015 Table 1, row "Neural-net building blocks"; TensorFlow's padding rules.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.errors import UnimplementedError, invalid
from minitf.operation import Operation
from minitf.shapes import Dim, Shape, Unknown

Array = np.ndarray[Any, Any]
Index = tuple[slice, ...]

FORMATS = ("NHWC", "NCHW", "NDHWC", "NCDHW")


@dataclass(frozen=True)
class Sweep:
    """A window's way along one axis.

    Attributes:
        size: cells of the input.
        window: taps of the window.
        stride: cells from one window to the next.
        dilation: cells from one tap to the next.
        before: cells of padding in front; `after`: behind.
        count: windows, i.e. cells of the output.
    """

    size: int
    window: int
    stride: int
    dilation: int
    before: int
    after: int
    count: int

    def tap(self, number: int) -> slice:
        """Return where tap `number` of each window lies in the padded input."""
        start = number * self.dilation
        return slice(start, start + self.count * self.stride, self.stride)

    @property
    def inside(self) -> slice:
        """Where the input lies in the padded input."""
        return slice(self.before, self.before + self.size)


@dataclass(frozen=True)
class Windows:
    """Windows over images [N, axis, axis, ...]: one Sweep for each axis after the first."""

    sweeps: tuple[Sweep, ...]

    @property
    def is_padded(self) -> bool:
        """Whether there is any padding."""
        return any(sweep.before or sweep.after for sweep in self.sweeps)

    @property
    def counts(self) -> tuple[int, ...]:
        """The sizes of the output along the swept axes."""
        return tuple(sweep.count for sweep in self.sweeps)

    def padded(self, images: Array, fill: Any = 0, empty: Callable[..., Array] = np.empty) -> Array:
        """Return a copy of the images with their padding.

        Args:
            images: the input.
            fill: what the padding holds.
            empty: gives the memory for it.
        """
        sizes = [sweep.before + sweep.size + sweep.after for sweep in self.sweeps]
        shape = (len(images), *sizes, *images.shape[1 + len(sizes) :])
        padded = empty(shape, images.dtype)
        padded.fill(fill)
        self.cropped(padded)[...] = images
        return padded

    def cropped(self, padded: Array) -> Array:
        """Return padded images without their padding."""
        return padded[(slice(None), *[sweep.inside for sweep in self.sweeps])]

    def taps(self) -> Iterator[tuple[tuple[int, ...], Index]]:
        """Walk the taps in row order: a tap's place in the window, and in the padded images."""
        for place in itertools.product(*[range(sweep.window) for sweep in self.sweeps]):
            slices = [sweep.tap(t) for sweep, t in zip(self.sweeps, place, strict=True)]
            yield place, (slice(None), *slices)


@dataclass(frozen=True)
class Frame:
    """The attributes of a convolution or pooling: how windows slide over any images.

    The axes are those of space, height and width or depth, height and width, and then the channels.

    Attributes:
        strides: along each axis; `dilations` likewise.
        padding: "SAME", "VALID" or "EXPLICIT".
        margins: the explicit padding, (before, after) along each axis.
        channels_first: whether images are [N, C, H, W], else [N, H, W, C].
    """

    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    padding: str
    margins: tuple[tuple[int, int], ...]
    channels_first: bool

    @classmethod
    def of(
        cls,
        strides: Sequence[int],
        padding: str,
        explicit_paddings: Sequence[int] = (),
        data_format: str = "NHWC",
        dilations: Sequence[int] | None = None,
    ) -> Frame:
        """Read an op's attributes, one entry for each letter of `data_format`.

        Raises:
            InvalidArgumentError: if a list has the wrong length or a stride is not positive.
            UnimplementedError: for "NCHW_VECT_C", a memory layout of GPUs.
        """
        if data_format not in FORMATS:
            raise UnimplementedError(None, None, f"data_format {data_format} is not implemented")
        rank, first = len(data_format), data_format[1] == "C"
        if dilations is None:
            dilations = (1,) * rank
        pairs = _explicit_pairs(explicit_paddings, padding, rank)
        return cls(
            last(per_axis("strides", strides, rank), channels_first=first),
            last(per_axis("dilations", dilations, rank), channels_first=first),
            padding,
            last(pairs, channels_first=first),
            first,
        )

    @property
    def rank(self) -> int:
        """The number of dimensions of images, the batch included."""
        return 1 + len(self.strides)

    def count(self, axis: int, size: Dim, window: Dim) -> Dim:
        """Return how many windows start along an axis: 0 is the first of space.

        Raises:
            InvalidArgumentError: if the window is larger than the padded input.
        """
        stride, dilation = self.strides[axis], self.dilations[axis]
        if self.padding == "SAME":
            return (size + stride - 1) // stride
        extent = (window - 1) * dilation + 1
        before, after = self.margins[axis]
        room = size + before + after
        if not isinstance(room, Unknown) and not isinstance(extent, Unknown) and room < extent:
            raise invalid(f"Negative dimension size caused by subtracting {extent} from {room}")
        return (room - extent) // stride + 1

    def windows(self, sizes: Sequence[int], window: Sequence[int]) -> Windows:
        """Return the windows over images of these sizes; `window` may leave out the channels."""
        return Windows(tuple(self._sweep(axis, sizes[axis], n) for axis, n in enumerate(window)))

    def _sweep(self, axis: int, size: int, window: int) -> Sweep:
        count = self.count(axis, size, window)
        assert not isinstance(count, Unknown)
        stride, dilation = self.strides[axis], self.dilations[axis]
        before, after = self.margins[axis]
        if self.padding == "SAME":
            total = max((count - 1) * stride + (window - 1) * dilation + 1 - size, 0)
            before, after = total // 2, total - total // 2
        return Sweep(size, window, stride, dilation, before, after, count)

    # --- where the channels are ------------------------------------------------------------------

    def to_last(self, images: Array) -> Array:
        """Return images as [N, H, W, C]."""
        return np.moveaxis(images, 1, -1) if self.channels_first else images

    def from_last(self, images: Array) -> Array:
        """Return [N, H, W, C] in the op's own order."""
        return np.ascontiguousarray(np.moveaxis(images, -1, 1)) if self.channels_first else images

    def sizes(self, images: Shape) -> tuple[Dim, tuple[Dim, ...]]:
        """Return N and (H, W, C) of images in the op's own order."""
        return images[0], last(tuple(images), channels_first=self.channels_first)

    def shape(self, batch: Dim, *sizes: Dim) -> Shape:
        """Return the Shape of images in the op's own order, given N, H, W, C."""
        *space, channels = sizes
        return Shape([batch, channels, *space] if self.channels_first else [batch, *sizes])


def last(values: Any, *, channels_first: bool) -> Any:
    """Return the entries of space, then of the channels, of (batch, ...) in the op's own order."""
    _, first, *rest = values
    return (*rest, first) if channels_first else (first, *rest)


def per_axis(what: str, values: Sequence[int], rank: int = 4) -> Sequence[int]:
    """Check an attribute that has one positive number for each axis, 1 for the batch."""
    if len(values) != rank:
        raise invalid(f"Sliding window {what} field must specify {rank} dimensions: {list(values)}")
    if min(values) < 1:
        raise invalid(f"Sliding window {what} must be positive: {list(values)}")
    if values[0] != 1:
        raise invalid(f"{what} in the batch dimension is not yet supported: {list(values)}")
    return values


def _explicit_pairs(values: Sequence[int], padding: str, rank: int) -> list[tuple[int, int]]:
    """Return (before, after) of each axis, the batch included."""
    if padding != "EXPLICIT":
        if values:
            raise invalid(
                "explicit_paddings attribute must be empty if the padding attribute is not "
                f"EXPLICIT, but is {list(values)}"
            )
        return [(0, 0)] * rank
    if len(values) != 2 * rank or min(values) < 0:
        raise invalid(
            f"explicit_paddings attribute must contain {2 * rank} values, none negative, but got: "
            f"{list(values)}"
        )
    return list(zip(values[::2], values[1::2], strict=True))


def given(op: Operation) -> dict[str, Any]:
    """Return an operation's attributes as a call of a sister op takes them."""
    return {name: op.attrs[name] for name in op.definition.explicit_attrs}
