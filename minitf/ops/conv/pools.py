"""What surrounds the work of a pooling op: its window, where the channels are, checks.

Images [N, H, W, C] and volumes [N, D, H, W, C] differ only in how many axes a window slides along,
so the work of all pooling ops is written once, over `Windows` (`minitf.ops.conv.windows`).

Source: 2015 Table 1, row "Neural-net building blocks".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.errors import UnimplementedError, invalid
from minitf.ops.conv.windows import Frame, Windows, last
from minitf.shapes import Shape

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Pool:
    """The attributes of a pooling op.

    Attributes:
        window: cells along the axes after the first, channels last.
        frame: how windows slide.
    """

    window: tuple[int, ...]
    frame: Frame

    @classmethod
    def of(
        cls,
        ksize: Sequence[int],
        strides: Sequence[int],
        padding: str,
        data_format: str = "NHWC",
        explicit_paddings: Sequence[int] = (),
    ) -> Pool:
        """Read the attributes of a pooling of images.

        Raises:
            InvalidArgumentError: if a list has the wrong length or an entry is not positive.
            UnimplementedError: for windows over the batch.
        """
        _check(ksize, strides, 4)
        frame = Frame.of(strides, padding, explicit_paddings, data_format)
        return cls(last(ksize, channels_first=frame.channels_first), frame)

    @classmethod
    def of_volumes(
        cls, ksize: Sequence[int], strides: Sequence[int], padding: str, data_format: str
    ) -> Pool:
        """Read the attributes of a pooling of volumes.

        Raises:
            InvalidArgumentError: if a list has the wrong length or an entry is not positive.
            UnimplementedError: for windows over the batch or the channels.
        """
        _check(ksize, strides, 5)
        first = data_format == "NCDHW"
        window, steps = (last(each, channels_first=first) for each in (ksize, strides))
        if window[-1] != 1 or steps[-1] != 1:
            raise UnimplementedError(
                None, None, "Pooling3d only supports pooling across plane/width/height."
            )
        return cls(window, Frame(steps, (1,) * 4, padding, ((0, 0),) * 4, first))

    def shape(self, images: Shape) -> Shape:
        """Return the shape of the output for images in the op's own order."""
        sizes = last(tuple(images), channels_first=self.frame.channels_first)
        counts = [
            self.frame.count(axis, size, cells)
            for axis, (size, cells) in enumerate(zip(sizes, self.window, strict=True))
        ]
        if self.frame.channels_first:
            counts = [counts[-1], *counts[:-1]]
        return Shape([images[0], *counts])

    def applied(self, work: Callable[..., Array], images: Array, *others: Array) -> Array:
        """Return `work(images, *others, windows)`, all with channels last and back again."""
        windows = self.windows(images)
        first, *rest = [self.frame.to_last(each) for each in (images, *others)]
        return self.frame.from_last(work(first, *rest, windows))

    def windows(self, images: Array) -> Windows:
        """Return the windows over images in the op's own order.

        Raises:
            InvalidArgumentError: if they have another rank than the attributes.
        """
        rank = len(self.window) + 1
        if images.ndim != rank:
            raise invalid(f"tensor_in must be {rank}-dimensional: {list(images.shape)}")
        return self.frame.windows(self.frame.to_last(images).shape[1:], self.window)


def _check(ksize: Sequence[int], strides: Sequence[int], rank: int) -> None:
    """Check attributes that have one positive number for each axis, 1 for the batch."""
    for what, values in (("ksize", ksize), ("strides", strides)):
        if len(values) != rank:
            raise invalid(
                f"Sliding window {what} field must specify {rank} dimensions: {list(values)}"
            )
        if min(values) < 1:
            raise invalid(f"Sliding window {what} must be positive: {list(values)}")
        if values[0] != 1:
            raise UnimplementedError(
                None, None, f"Pooling is not yet supported on the batch dimension: {list(values)}"
            )


def check_shape(what: str, array: Array, wanted: Sequence[int]) -> None:
    """Refuse an array that is not as large as the pooling of the other arrays says."""
    if array.shape != tuple(wanted):
        raise invalid(f"Expected {what} shape to be {list(wanted)}, but got {list(array.shape)}")
