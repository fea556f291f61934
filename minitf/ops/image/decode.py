"""Reading images of any format: JPEG, PNG, GIF and BMP.

What a file holds is told by its first bytes: each op but DecodeBmp reads all four, whatever its
name.  PNG and BMP are read by NumPy; JPEG and GIF need Pillow.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import DType, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.image import bmp, pillow, png
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import H, N, W, dtype, n, string, uint8

Array = np.ndarray[Any, Any]

TEXT = "text has no slope"
FORMATS = {b"\xff\xd8\xff": "JPEG", png.SIGNATURE: "PNG", b"GIF8": "GIF", b"BM": "BMP"}


def format_of(contents: Array) -> tuple[bytes, str]:
    """Return the bytes of a file and the name of its format."""
    file = contents.item()
    if not file:
        raise invalid("Input is empty.")
    for magic, name in FORMATS.items():
        if file.startswith(magic):
            return file, name
    raise invalid("Unknown image file format. One of JPEG, PNG, GIF, BMP required.")


def check_channels(channels: int, allowed: tuple[int, ...] = (0, 1, 3, 4)) -> None:
    """Refuse numbers of channels that no image has."""
    if channels not in allowed:
        *others, last = allowed
        listed = ", ".join(map(str, others))
        raise invalid(f"channels must be {listed} or {last}, got {channels}")


def decoded(
    contents: Array, channels: int, *, ratio: int = 1, recover: bool = False, frames: bool = False
) -> Array:
    """Return the samples of a file of any format: [H, W, C], or [N, H, W, 3] of a GIF's frames."""
    file, name = format_of(contents)
    if name == "JPEG":
        return pillow.decode_jpeg(file, 0 if channels == 4 else channels, ratio, recover=recover)
    if name == "PNG":
        return with_channels(png.decode(file), channels)
    if name == "BMP":
        return _bmp(file, channels)
    check_channels(channels, (0, 3))
    found = pillow.decode_gif(file)
    if frames:
        return found
    if len(found) > 1:
        raise invalid(
            f"Got {len(found)} frames, but animated gifs can only be decoded by "
            "tf.image.decode_gif or tf.image.decode_image"
        )
    return found[0]


def _bmp(file: bytes, channels: int) -> Array:
    pixels = bmp.decode(file)
    if channels not in (0, pixels.shape[2]):
        raise invalid(
            f"channels attribute {channels} does not match bits per pixel from file "
            f"{8 * pixels.shape[2]}"
        )
    return pixels


def with_channels(picture: png.Picture, channels: int) -> Array:
    """Return the samples of a PNG file as so many channels; 0: as many as there are."""
    pixels, colour, transparent = picture
    count = pixels.shape[2]
    channels = channels or count
    is_grey, has_alpha = colour in (png.GREY, png.GREY_ALPHA), colour in (png.GREY_ALPHA, png.RGBA)
    colours = pixels[..., :-1] if has_alpha else pixels
    if channels < 3 and not is_grey:
        colours = grey(colours)
    if channels >= 3 and is_grey:
        colours = np.repeat(colours, 3, 2)
    if channels % 2:
        return colours
    alpha = pixels[..., -1:] if has_alpha else _opacity(pixels, transparent)
    return np.concatenate([colours, alpha], 2)


def _opacity(pixels: Array, transparent: Array | None) -> Array:
    most = pixels.dtype.type(np.iinfo(pixels.dtype).max)
    if transparent is None:
        return np.full((*pixels.shape[:2], 1), most)
    return np.where((pixels == transparent).all(2, keepdims=True), pixels.dtype.type(0), most)


def grey(pixels: Array) -> Array:
    """Return the brightness of RGB pixels, as libpng rounds it."""
    weights = np.array([9797, 19234, 3737])  # of 2**15
    half = 2**14 if pixels.dtype == np.uint16 else 0
    return ((pixels @ weights + half) >> 15)[..., None].astype(pixels.dtype)


def as_type(samples: Array, wanted: DType) -> Array:
    """Return samples as numbers of another type, over its whole range."""
    if wanted.name == "float32":
        return samples.astype(np.float32) / np.float32(np.iinfo(samples.dtype).max)
    if wanted.size > samples.itemsize:
        return samples.astype(np.uint16) * np.uint16(257)
    return (samples >> 8).astype(np.uint8) if wanted.size < samples.itemsize else samples


def image_shape(contents: Shape, *, channels: int, **attrs: Any) -> Shape:
    """Return the shape of one image, as far as attributes tell it."""
    if channels < 0:
        raise invalid(f"channels must be non-negative, got {channels}")
    return Shape([UNKNOWN, UNKNOWN, channels or UNKNOWN])


# --- DecodePng -----------------------------------------------------------------------------------


@op("DecodePng", dtype=types("uint8", "uint16"), outputs=("image",))
def decode_png_op(
    contents: string[()], *, channels: int = 0, dtype: DType = uint8
) -> dtype[H, W, n]:
    """Read a PNG image.

    Args:
        contents: scalar, the file.
        channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA, 0 for what the file holds.
        dtype: uint8 or uint16; the file's samples are spread over its range.

    Returns:
        dtype[H, W, channels].

    Raises:
        InvalidArgumentError: if the file makes no sense.

    Source: TensorFlow's op of the same name.
    """
    check_channels(channels)
    return as_type(decoded(contents, channels), dtype)


decode_png_op.shape(image_shape)
decode_png_op.no_gradient(TEXT)

# --- DecodeGif -----------------------------------------------------------------------------------


@op("DecodeGif", outputs=("image",))
def decode_gif_op(contents: string[()]) -> uint8[N, H, W, n]:
    """Read the frames of a GIF image; another image is one frame.

    Args:
        contents: scalar, the file.

    Returns:
        uint8[N, H, W, 3].

    Raises:
        InvalidArgumentError: if the file makes no sense.
        UnimplementedError: if Pillow is not installed.

    Source: TensorFlow's op of the same name.
    """
    samples = as_type(decoded(contents, 3, frames=True), uint8)
    return samples if samples.ndim == 4 else samples[None]


@decode_gif_op.shape
def decode_gif_shape(contents: Shape) -> Shape:
    return Shape([UNKNOWN, UNKNOWN, UNKNOWN, 3])


decode_gif_op.no_gradient(TEXT)

# --- DecodeBmp -----------------------------------------------------------------------------------


@op("DecodeBmp", outputs=("image",))
def decode_bmp_op(contents: string[()], *, channels: int = 0) -> uint8[H, W, n]:
    """Read a BMP image.

    Args:
        contents: scalar, the file.
        channels: 1, 3 or 4, what the file must hold; 0 for any.

    Returns:
        uint8[H, W, channels].

    Raises:
        InvalidArgumentError: if the file makes no sense or holds another number of channels.

    Source: TensorFlow's op of the same name.
    """
    check_channels(channels)
    file, name = format_of(contents)
    if name != "BMP":
        raise invalid(
            f"Trying to decode {name} format using DecodeBmp op. Use `decode_{name.lower()}` or "
            "`decode_image` instead."
        )
    return _bmp(file, channels)


decode_bmp_op.shape(image_shape)
decode_bmp_op.no_gradient(TEXT)

# --- DecodeImage ---------------------------------------------------------------------------------


@op("DecodeImage", dtype=types("uint8", "uint16", "float32"), outputs=("image",))
def decode_image_op(
    contents: string[()],
    *,
    channels: int = 0,
    dtype: DType = uint8,
    expand_animations: bool = True,
) -> dtype:
    """Read an image of any of the four formats.

    Args:
        contents: scalar, the file.
        channels: 1 grey, 3 RGB, 4 RGBA, 0 for what the file holds.
        dtype: uint8; uint16, 256 times as much, but a PNG's samples are spread over its range; or
            float32 in [0, 1].
        expand_animations: whether a GIF gives all its frames.

    Returns:
        dtype[H, W, channels]; of a GIF [N, H, W, 3], or its first frame.

    Raises:
        InvalidArgumentError: if the file makes no sense.
        UnimplementedError: if it is a JPEG or GIF and Pillow is not installed.

    Source: TensorFlow's op of the same name (2.3).
    """
    check_channels(channels)
    samples = decoded(contents, channels, frames=True)
    if samples.ndim == 4 and not expand_animations:
        samples = samples[0]
    if dtype.name == "uint16" and format_of(contents)[1] != "PNG":
        return samples.astype(np.uint16) * np.uint16(256)
    return as_type(samples, dtype)


@decode_image_op.shape
def decode_image_shape(
    contents: Shape, *, channels: int, expand_animations: bool, **attrs: Any
) -> Shape:
    if expand_animations:
        return Shape.unknown()
    return image_shape(contents, channels=channels)


decode_image_op.no_gradient(TEXT)
