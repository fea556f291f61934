"""What surrounds the work of a pooling op: its window, where the channels are, checks.

Source: 2015 Table 1, row "Neural-net building blocks".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.errors import invalid
from minitf.ops.conv.windows import Frame, last, per_axis
from minitf.shapes import Shape

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Pool:
    """The attributes of a pooling op.

    Attributes:
        window: cells along height, width and channels.
        frame: how windows slide.
    """

    window: tuple[int, int, int]
    frame: Frame

    @classmethod
    def of(
        cls,
        ksize: Sequence[int],
        strides: Sequence[int],
        padding: str,
        data_format: str,
        explicit_paddings: Sequence[int] = (),
    ) -> Pool:
        """Read an op's attributes."""
        frame = Frame.of(strides, padding, explicit_paddings, data_format)
        return cls(last(per_axis("ksize", ksize), channels_first=frame.channels_first), frame)

    def shape(self, images: Shape) -> Shape:
        """Return the shape of the output for images in the op's own order."""
        batch, sizes = self.frame.sizes(images)
        counts = [self.frame.count(axis, sizes[axis], self.window[axis]) for axis in range(3)]
        return self.frame.shape(batch, *counts)

    def applied(self, work: Callable[..., Array], images: Array, *others: Array) -> Array:
        """Return `work(images, *others, windows)`, all as [N, H, W, C] and back again."""
        if images.ndim != 4:
            raise invalid(f"tensor_in must be 4-dimensional: {list(images.shape)}")
        first, *rest = [self.frame.to_last(each) for each in (images, *others)]
        windows = self.frame.windows(first.shape[1:], self.window)
        return self.frame.from_last(work(first, *rest, windows))


def check_shape(what: str, array: Array, wanted: Sequence[int]) -> None:
    """Refuse an array that is not as large as the pooling of the other arrays says."""
    if array.shape != tuple(wanted):
        raise invalid(f"Expected {what} shape to be {list(wanted)}, but got {list(array.shape)}")
