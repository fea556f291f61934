"""Reading JPEG images, whole or in part, or only their sizes.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import INDICES, DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.image.decode import TEXT, as_type, check_channels, decoded, image_shape
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import H, W, int32, n, output_type, string, uint8

Array = np.ndarray[Any, Any]

# --- DecodeJpeg ----------------------------------------------------------------------------------


@op("DecodeJpeg", outputs=("image",))
def decode_jpeg_op(
    contents: string[()],
    *,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1.0,
    dct_method: str = "",
) -> uint8[H, W, n]:
    """Read a JPEG image.

    Args:
        contents: scalar, the file.
        channels: 1 for grey, 3 for RGB, 0 for what the file holds.
        ratio: by how much to shrink it while reading: 1, 2, 4 or 8.
        fancy_upscaling: accepted; colours are always interpolated.
        try_recover_truncated: whether the rest of a torn file is grey.
        acceptable_fraction: accepted, without effect.
        dct_method: accepted; it is always "INTEGER_ACCURATE".

    Returns:
        uint8[H, W, channels].

    Raises:
        InvalidArgumentError: if the file or an attribute makes no sense.
        UnimplementedError: if Pillow is not installed.

    Source: TensorFlow's op of the same name.
    """
    check_channels(channels)
    if ratio not in (1, 2, 4, 8):
        raise invalid(f"ratio must be 1, 2, 4, or 8, got {ratio}")
    samples = decoded(contents, channels, ratio=ratio, recover=try_recover_truncated)
    return as_type(samples, uint8)


decode_jpeg_op.shape(image_shape)
decode_jpeg_op.no_gradient(TEXT)

# --- DecodeAndCropJpeg ---------------------------------------------------------------------------


@op("DecodeAndCropJpeg", outputs=("image",))
def decode_and_crop_jpeg_op(
    contents: string[()],
    crop_window: int32[n],
    *,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1.0,
    dct_method: str = "",
) -> uint8[H, W, n]:
    """Read a part of a JPEG image.

    Args:
        contents: scalar, the file.
        crop_window: int32[4]: first row, first column, height, width.
        channels: 1 for grey, 3 for RGB, 0 for what the file holds.
        ratio: by how much to shrink the image before it is cut: 1, 2, 4 or 8.
        fancy_upscaling: accepted; colours are always interpolated.
        try_recover_truncated: whether the rest of a torn file is grey.
        acceptable_fraction: accepted, without effect.
        dct_method: accepted; it is always "INTEGER_ACCURATE".

    Returns:
        uint8[height, width, channels].

    Raises:
        InvalidArgumentError: if the file or an attribute makes no sense, or the window is empty or
            exceeds the image.
        UnimplementedError: if Pillow is not installed.

    Source: TensorFlow's op of the same name.
    """
    if crop_window.shape != (4,):
        raise invalid("crop_window must have four elements", crop_window=list(crop_window.shape))
    samples = decode_jpeg_op.body(
        contents, channels=channels, ratio=ratio, try_recover_truncated=try_recover_truncated
    )
    y, x, height, width = crop_window.tolist()
    fits = y >= 0 and x >= 0 and y + height <= samples.shape[0] and x + width <= samples.shape[1]
    if not fits or height <= 0 or width <= 0:
        raise invalid(
            f"Invalid JPEG data or crop window, data size {len(contents.item())}",
            image=list(samples.shape),
            crop_window=crop_window.tolist(),
        )
    return samples[y : y + height, x : x + width]


@decode_and_crop_jpeg_op.shape(values_of=("crop_window",))
def decode_and_crop_jpeg_shape(
    contents: Shape, crop_window: Any, *, channels: int, **attrs: Any
) -> Shape:
    if crop_window is None:
        return image_shape(contents, channels=channels)
    if len(crop_window) != 4:
        raise invalid(f"Dimension must be 4 but is {len(crop_window)}")
    return Shape([*crop_window[2:], channels or UNKNOWN])


decode_and_crop_jpeg_op.no_gradient(TEXT)

# --- ExtractJpegShape ----------------------------------------------------------------------------


@op("ExtractJpegShape", output_type=INDICES, outputs=("image_shape",))
def extract_jpeg_shape_op(contents: string[()], *, output_type: DType = int32) -> output_type[n]:
    """Read the sizes of a JPEG image, without its pixels.

    Args:
        contents: scalar, the file.
        output_type: int32 or int64.

    Returns:
        output_type[3]: height, width, channels.

    Raises:
        InvalidArgumentError: if the file makes no sense.

    Source: TensorFlow's op of the same name.
    """
    file = contents.item()
    at = 2
    while file[:2] == b"\xff\xd8" and file[at : at + 1] == b"\xff":
        kind, length = file[at + 1], int.from_bytes(file[at + 2 : at + 4])
        frame = file[at + 4 : at + 2 + length]
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC) and len(frame) > 5:
            height, width = (int.from_bytes(frame[i : i + 2]) for i in (1, 3))
            return np.array([height, width, frame[5]], output_type.numpy)
        at += 2 + length
    raise invalid(f"Invalid JPEG data, size {len(file)}")


@extract_jpeg_shape_op.shape
def extract_jpeg_shape_shape(contents: Shape, *, output_type: DType) -> Shape:
    return Shape([3])


extract_jpeg_shape_op.no_gradient(TEXT)
