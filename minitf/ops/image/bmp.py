"""The BMP format: a header, then rows of pixels from the bottom up, blue first.

Source: Microsoft, "Bitmap Storage"; TensorFlow's DecodeBmp reads this part of it.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from minitf.errors import invalid

Array = np.ndarray[Any, Any]

HEADER = struct.Struct("<2s8xIIii2xH")  # magic, start of the pixels, ..., bits per pixel


def decode(contents: bytes) -> Array:
    """Return the pixels: uint8[H, W, 1, 3 or 4].

    Raises:
        InvalidArgumentError: if the file is torn, or its pixels are not of 8, 24 or 32 bits.
    """
    if len(contents) < HEADER.size:
        raise invalid(f"Incomplete bmp content, requires at least {HEADER.size} bytes")
    _, start, _, width, height, bits = HEADER.unpack_from(contents)
    if bits not in (8, 24, 32) or width <= 0 or height == 0:
        raise invalid(f"Number of channels inferred from header, {bits // 8}, must be 1, 3 or 4")
    channels, rows = bits // 8, abs(height)
    length = -(-width * channels // 4) * 4
    if len(contents) < start + rows * length:
        raise invalid(f"Incomplete bmp content, requires at least {start + rows * length} bytes")
    lines = np.frombuffer(contents, np.uint8, rows * length, start).reshape(rows, length)
    pixels = lines[:, : width * channels].reshape(rows, width, channels)
    order = {1: [0], 3: [2, 1, 0], 4: [2, 1, 0, 3]}[channels]
    return pixels[:: -1 if height > 0 else 1, :, order]
