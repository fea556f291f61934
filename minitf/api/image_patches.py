"""Windows of images and volumes, laid out as channels.

Source: TensorFlow 1.15's functions of the same names in tf and tf.image.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import renamed_argument
from minitf.tensor import Tensor


def extract_patches(
    images: Any, sizes: Any, strides: Any, rates: Any, padding: Any, name: str | None = None
) -> Tensor:
    """Lay the cells of each window of images out as channels, row by row.

    Args:
        images: [N, H, W, C].
        sizes: four numbers, the window between two ones.
        strides: four numbers, cells from one window to the next.
        rates: four numbers, cells from one tap of a window to the next.
        padding: "SAME" or "VALID".
        name: name of the operation.
    """
    return ops.extract_image_patches_op(
        images, ksizes=sizes, strides=strides, rates=rates, padding=padding, name=name
    )


def extract_image_patches(
    images: Any,
    ksizes: Any = None,
    strides: Any = None,
    rates: Any = None,
    padding: Any = None,
    name: str | None = None,
    sizes: Any = None,
) -> Tensor:
    """Lay the cells of each window of images out as channels: see `tf.image.extract_patches`.

    Args:
        images: [N, H, W, C].
        ksizes: deprecated name of `sizes`.
        strides: four numbers, cells from one window to the next.
        rates: four numbers, cells from one tap of a window to the next.
        padding: "SAME" or "VALID".
        name: name of the operation.
        sizes: four numbers, the window between two ones.
    """
    sizes = renamed_argument("sizes", sizes, "ksizes", ksizes)
    return extract_patches(images, sizes, strides, rates, padding, name)


def extract_volume_patches(
    input: Any, ksizes: Any, strides: Any, padding: Any, name: str | None = None
) -> Tensor:
    """Lay the cells of each window of volumes out as channels, plane by plane and row by row.

    Args:
        input: [N, D, H, W, C].
        ksizes: five numbers, the window between two ones.
        strides: five numbers, cells from one window to the next.
        padding: "SAME" or "VALID".
        name: name of the operation.
    """
    return ops.extract_volume_patches_op(
        input, ksizes=ksizes, strides=strides, padding=padding, name=name
    )
