"""Image files: JPEG, PNG, GIF, BMP.

Source: TensorFlow 1.15's functions of the same names in tf.image and tf.io.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.comparison import equal
from minitf.api.framework import name_scope
from minitf.api.strings import substr
from minitf.convert import convert_to_tensor
from minitf.dtypes import as_dtype, int32, uint8
from minitf.tensor import Tensor

# --- reading -------------------------------------------------------------------------------------


def decode_jpeg(
    contents: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
    name: str | None = None,
) -> Tensor:
    """Return the pixels of a JPEG file; of another format too.

    Args:
        contents: the file's bytes.
        channels: 1 grey, 3 RGB, 0 what the file holds.
        ratio: by how much to shrink the image: 1, 2, 4 or 8.
        fancy_upscaling: accepted, without effect.
        try_recover_truncated: whether the rest of a torn file is grey.
        acceptable_fraction: accepted, without effect.
        dct_method: accepted; it is always "INTEGER_ACCURATE".
        name: name of the operation.
    """
    return ops.decode_jpeg_op(
        contents,
        channels=channels,
        ratio=ratio,
        fancy_upscaling=fancy_upscaling,
        try_recover_truncated=try_recover_truncated,
        acceptable_fraction=float(acceptable_fraction),
        dct_method=dct_method,
        name=name,
    )


def decode_and_crop_jpeg(
    contents: Any,
    crop_window: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
    name: str | None = None,
) -> Tensor:
    """Return a part of the pixels of a JPEG file.

    Args:
        contents: the file's bytes.
        crop_window: first row, first column, height, width.
        channels: as `decode_jpeg`'s, and so are the others.
    """
    return ops.decode_and_crop_jpeg_op(
        contents,
        crop_window,
        channels=channels,
        ratio=ratio,
        fancy_upscaling=fancy_upscaling,
        try_recover_truncated=try_recover_truncated,
        acceptable_fraction=float(acceptable_fraction),
        dct_method=dct_method,
        name=name,
    )


def decode_png(
    contents: Any, channels: int = 0, dtype: Any = uint8, name: str | None = None
) -> Tensor:
    """Return the pixels of a PNG file; of another format too.

    Args:
        contents: the file's bytes.
        channels: 1 grey, 3 RGB, 4 RGBA, 0 what the file holds.
        dtype: uint8 or uint16.
        name: name of the operation.
    """
    return ops.decode_png_op(contents, channels=channels, dtype=as_dtype(dtype), name=name)


def decode_gif(contents: Any, name: str | None = None) -> Tensor:
    """Return the frames of a GIF file: uint8[n, height, width, 3]."""
    return ops.decode_gif_op(contents, name=name)


def decode_bmp(contents: Any, channels: int = 0, name: str | None = None) -> Tensor:
    """Return the pixels of a BMP file.

    Args:
        contents: the file's bytes.
        channels: what the file must hold: 1, 3 or 4; 0 for any.
        name: name of the operation.
    """
    return ops.decode_bmp_op(contents, channels=channels, name=name)


def decode_image(
    contents: Any,
    channels: int | None = None,
    dtype: Any = uint8,
    name: str | None = None,
    expand_animations: bool = True,
) -> Tensor:
    """Return the pixels of a file of any of the four formats.

    Args:
        contents: the file's bytes.
        channels: 1 grey, 3 RGB, 4 RGBA, None or 0 what the file holds.
        dtype: uint8, uint16, or float32 in [0, 1].
        name: name scope of the operation.
        expand_animations: whether a GIF gives all its frames, [n, height, width, 3].

    Returns:
        dtype[height, width, channels]; its rank is known only without `expand_animations`.
    """
    with name_scope(name, "decode_image"):
        return ops.decode_image_op(
            contents,
            channels=channels or 0,
            dtype=as_dtype(dtype),
            expand_animations=expand_animations,
        )


def extract_jpeg_shape(contents: Any, output_type: Any = int32, name: str | None = None) -> Tensor:
    """Return height, width and channels of a JPEG file."""
    return ops.extract_jpeg_shape_op(contents, output_type=as_dtype(output_type), name=name)


def is_jpeg(contents: Any, name: str | None = None) -> Tensor:
    """Tell whether a file begins as JPEG files do."""
    with name_scope(name, "is_jpeg"):
        return equal(substr(contents, 0, 3), b"\xff\xd8\xff", name=name)


# --- writing -------------------------------------------------------------------------------------


def encode_jpeg(
    image: Any,
    format: str = "",
    quality: int = 95,
    progressive: bool = False,
    optimize_size: bool = False,
    chroma_downsampling: bool = True,
    density_unit: str = "in",
    x_density: int = 300,
    y_density: int = 300,
    xmp_metadata: str = "",
    name: str | None = None,
) -> Tensor:
    """Return an image uint8[height, width, 1 or 3] as the bytes of a JPEG file.

    Args:
        image: the pixels.
        format: "grayscale" or "rgb", what `image` must be; "" for either.
        quality: 0 to 100.
        progressive: whether it can be shown before it has arrived.
        optimize_size: whether to look for the shortest codes.
        chroma_downsampling: whether colours have half the resolution.
        density_unit: "in" or "cm".
        x_density: pixels per unit.
        y_density: likewise.
        xmp_metadata: a text to embed.
        name: name of the operation.
    """
    return ops.encode_jpeg_op(
        image,
        format=format,
        quality=quality,
        progressive=progressive,
        optimize_size=optimize_size,
        chroma_downsampling=chroma_downsampling,
        density_unit=density_unit,
        x_density=x_density,
        y_density=y_density,
        xmp_metadata=xmp_metadata,
        name=name,
    )


def encode_png(image: Any, compression: int = -1, name: str | None = None) -> Tensor:
    """Return an image of uint8 or uint16 as the bytes of a PNG file.

    Args:
        image: [height, width, 1 to 4], or several such images.
        compression: zlib's level, -1 (its choice) to 9.
        name: name of the operation.
    """
    return ops.encode_png_op(convert_to_tensor(image), compression=compression, name=name)
