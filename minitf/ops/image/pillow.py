"""JPEG and GIF, which Pillow reads and writes: the extra `images` installs it.

Pillow has the library that TensorFlow has (libjpeg-turbo): files are equal to TensorFlow's, and so
are the pixels that TensorFlow decodes with `dct_method="INTEGER_ACCURATE"`.

Source: Pillow's documentation.
"""

from __future__ import annotations

import io
import struct
from types import ModuleType
from typing import Any

import numpy as np

from minitf.errors import UnimplementedError, invalid

Array = np.ndarray[Any, Any]

XMP = b"http://ns.adobe.com/xap/1.0/\0"
END_OF_IMAGE = b"\xff\xd9"


def pillow() -> ModuleType:
    """Return Pillow's module of images.

    Raises:
        UnimplementedError: if Pillow is not installed.
    """
    try:
        from PIL import Image
    except ModuleNotFoundError:
        raise UnimplementedError(
            None, None, "JPEG and GIF images need Pillow: pip install 'minitf[images]'"
        ) from None
    return Image


# --- JPEG ----------------------------------------------------------------------------------------


def open_jpeg(contents: bytes) -> Any:
    """Return a JPEG image of which only the header is read."""
    try:
        return pillow().open(io.BytesIO(contents), formats=["JPEG"])
    except (OSError, SyntaxError) as error:
        raise _broken(contents, error) from None


def _broken(contents: bytes, reason: Exception) -> Exception:
    return invalid(f"Invalid JPEG data or crop window, data size {len(contents)}", reason=reason)


def decode_jpeg(contents: bytes, channels: int, ratio: int, *, recover: bool) -> Array:
    """Return the pixels of a JPEG file: uint8[H, W, 1 or 3].

    Args:
        contents: the file.
        channels: 1 for grey, 3 for RGB, 0 for what the file holds.
        ratio: by how much to shrink the image: 1, 2, 4 or 8.
        recover: whether the rest of a torn file is grey.
    """
    image = open_jpeg(contents + END_OF_IMAGE if recover else contents)
    mode = {0: "L" if image.mode == "L" else "RGB", 1: "L", 3: "RGB"}[channels]
    if ratio > min(image.size):
        raise invalid(f"an image of {image.size} pixels cannot be shrunk", ratio=ratio)
    image.draft(mode, tuple(side // ratio for side in image.size))
    try:
        pixels = np.asarray(image.convert(mode))
    except OSError as error:
        raise _broken(contents, error) from None
    return pixels[..., None] if mode == "L" else pixels


def encode_jpeg(pixels: Array, quality: int, **options: Any) -> bytes:
    """Return a JPEG file of pixels uint8[H, W, 1 or 3].

    Args:
        pixels: grey or RGB.
        quality: 0 to 100.
        options: Pillow's: subsampling, progressive, optimize, dpi.
    """
    image = pillow().fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=max(quality, 1), **options)  # Pillow takes 0 for "no wish"
    return file.getvalue()


def labelled(jpeg: bytes, unit: str, x_density: int, y_density: int, xmp: str) -> bytes:
    """Return a JPEG file with another density in its header, and a text behind the header."""
    density = struct.pack(">BHH", {"in": 1, "cm": 2}[unit], x_density, y_density)
    text = XMP + xmp.encode()
    segment = b"\xff\xe1" + struct.pack(">H", len(text) + 2) + text if xmp else b""
    return jpeg[:13] + density + jpeg[18:20] + segment + jpeg[20:]


# --- GIF -----------------------------------------------------------------------------------------


def decode_gif(contents: bytes) -> Array:
    """Return the frames of a GIF file, each drawn over those before it: uint8[N, H, W, 3]."""
    image_module = pillow()
    try:
        with image_module.open(io.BytesIO(contents), formats=["GIF"]) as image:
            frames = []
            for i in range(getattr(image, "n_frames", 1)):
                image.seek(i)
                frames.append(np.asarray(image.convert("RGB")))
    except (OSError, SyntaxError, EOFError) as error:
        raise invalid(f"Invalid GIF data (size {len(contents)})", reason=error) from None
    return np.stack(frames)
