"""Writing images: JPEG and PNG.

Source: TensorFlow's ops of the same names.
"""

from typing import Any, Literal

import numpy as np

from minitf.dtypes import types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.image import pillow, png
from minitf.ops.strings.arrays import strings
from minitf.shapes import Shape
from minitf.symbols import C, H, T, W, int32, string, uint8

Array = np.ndarray[Any, Any]

TEXT = "text has no slope"

# --- EncodeJpeg ----------------------------------------------------------------------------------


@op("EncodeJpeg", outputs=("contents",))
def encode_jpeg_op(
    image: uint8[H, W, C],
    *,
    format: Literal["", "grayscale", "rgb"] = "",
    quality: int = 95,
    progressive: bool = False,
    optimize_size: bool = False,
    chroma_downsampling: bool = True,
    density_unit: Literal["in", "cm"] = "in",
    x_density: int = 300,
    y_density: int = 300,
    xmp_metadata: str = "",
) -> string[()]:
    """Write a JPEG image.

    Args:
        image: uint8[H, W, 1 or 3].
        format: which number of channels it must have; "" for either.
        quality: 0 to 100.
        progressive: whether it can be shown before it has arrived.
        optimize_size: whether to look for the shortest codes, which takes time.
        chroma_downsampling: whether colours have half the resolution.
        density_unit: of the densities: inches or centimetres.
        x_density: pixels per unit.
        y_density: likewise.
        xmp_metadata: a text to embed.

    Returns:
        string scalar, the file.

    Raises:
        InvalidArgumentError: if an attribute does not fit the image.
        UnimplementedError: if Pillow is not installed.

    Source: TensorFlow's op of the same name.
    """
    channels = image.shape[2] if image.ndim == 3 else None
    if channels not in (1, 3):
        raise invalid(f"image must have 1 or 3 channels, got {list(image.shape)}")
    wanted = {"": channels, "grayscale": 1, "rgb": 3}[format]
    if channels != wanted:
        raise invalid(f"format {format} expects {wanted} channels, got {list(image.shape)}")
    _check_quality(quality)
    _check_pixels(image)
    jpeg = pillow.encode_jpeg(
        image,
        quality,
        progressive=progressive,
        optimize=optimize_size,
        subsampling=2 if chroma_downsampling and channels == 3 else 0,
        dpi=(300, 300),
    )
    made = pillow.labelled(jpeg, density_unit, x_density, y_density, xmp_metadata)
    return strings([made], ())


def _check_quality(quality: int) -> None:
    if not 0 <= quality <= 100:
        raise invalid(f"quality must be in [0,100], got {quality}")


def _check_pixels(image: Array) -> None:
    if 0 in image.shape[-3:]:
        raise invalid("an image without pixels cannot be encoded", image=list(image.shape))


@encode_jpeg_op.shape
def encode_jpeg_shape(image: Shape, **attrs: Any) -> Shape:
    return Shape(())


encode_jpeg_op.no_gradient(TEXT)

# --- EncodeJpegVariableQuality -------------------------------------------------------------------


@op("EncodeJpegVariableQuality", outputs=("contents",))
def encode_jpeg_variable_quality_op(images: uint8[H, W, C], quality: int32[()]) -> string[()]:
    """Write a JPEG image in a quality that may differ from run to run.

    Args:
        images: uint8[H, W, 1 or 3], one image.
        quality: scalar, 0 to 100.

    Returns:
        string scalar, the file.

    Raises:
        InvalidArgumentError: if the image has another number of channels, or the quality is wrong.
        UnimplementedError: if Pillow is not installed.

    Source: TensorFlow's op of the same name.
    """
    return encode_jpeg_op.body(images, quality=int(quality))


@encode_jpeg_variable_quality_op.shape
def encode_jpeg_variable_quality_shape(images: Shape, quality: Shape) -> Shape:
    return Shape(())


encode_jpeg_variable_quality_op.no_gradient(TEXT)

# --- EncodePng -----------------------------------------------------------------------------------


@op("EncodePng", T=types("uint8", "uint16").default(uint8), outputs=("contents",))
def encode_png_op(image: T, *, compression: int = -1) -> string:
    """Write PNG images.

    Args:
        image: T[..., H, W, 1 to 4]: grey, grey and alpha, RGB, RGBA.
        compression: zlib's level, -1 (its choice) to 9.

    Returns:
        string[...], a file for each image.

    Raises:
        InvalidArgumentError: if there are no pixels or not so many channels, or no such level.

    Source: TensorFlow's op of the same name.
    """
    if image.ndim < 3:
        raise invalid("image must be at least rank 3", image=list(image.shape))
    if not 1 <= image.shape[-1] <= 4:
        raise invalid(f"image must have 1, 2, 3, or 4 channels, got {image.shape[-1]}")
    if not -1 <= compression <= 9:
        raise invalid(f"compression should be in [-1,9], got {compression}")
    _check_pixels(image)
    images = image.reshape(-1, *image.shape[-3:])
    return strings((png.encode(each, compression) for each in images), image.shape[:-3])


@encode_png_op.shape
def encode_png_shape(image: Shape, *, compression: int) -> Shape:
    if image.dims is None:
        return image
    if len(image) < 3:
        raise invalid(f"Shape must be at least rank 3 but is rank {len(image)}")
    return Shape(image[:-3])


encode_png_op.no_gradient(TEXT)
