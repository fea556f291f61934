"""Summaries of images and sounds, as PNG and WAV files in messages.

Source: 2015 §9.1; TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import protos
from minitf.dtypes import types
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.ops.audio.wav import wav_file
from minitf.ops.image import png
from minitf.ops.summary.messages import MESSAGE, serialized, tag_of
from minitf.shapes import SCALAR, Shape
from minitf.symbols import C, H, N, T, W, float32, string

Array = np.ndarray[Any, Any]

_RED = np.array([255, 0, 0, 255], np.uint8)
_RED.flags.writeable = False
_FAINTEST = 1e-6  # an image with no value beyond is one of zeros

# --- ImageSummary ---------------------------------------------------------------------------------


@op(
    "ImageSummary",
    T=types("uint8", "float16", "float32", "float64").default(float32),
    max_images=at_least(1),
    outputs=("summary",),
)
def image_summary_op(
    tag: string,
    tensor: T[N, H, W, C],
    *,
    max_images: int = 3,
    bad_color: np.ndarray = _RED,
) -> string:
    """Write images as a Summary message.

    Floats are spread over 0 to 255, each image by itself: by 255 / max if no value is negative,
    else by 127 / max |x| about 128.

    Args:
        tag: string scalar; the images are called `<tag>/image/0`, ..., or `<tag>/image` if only one
            is wanted.
        tensor: T[N, H, W, 1, 3 or 4]: grey, RGB, RGBA.
        max_images: how many to write, at most.
        bad_color: uint8[C or more], the colour of pixels with NaN or an infinity.

    Returns:
        string[], the serialized message.

    Raises:
        InvalidArgumentError: if the tag is no scalar, the images have no pixels or another number
            of channels, or the colour does not fit.

    Source: TensorFlow's op of the same name.
    """
    name = tag_of(tag, "Tags must be a scalar")
    if tensor.ndim != 4 or tensor.shape[3] not in (1, 3, 4):
        got = str(Shape(tensor.shape)).replace(" ", "")
        raise invalid(f"Tensor must be 4-D with last dim 1, 3, or 4, not {got}")
    _, height, width, channels = tensor.shape
    if not height * width:
        raise invalid(f"input tensor must have non-zero dims. Found: {list(tensor.shape)}.")
    _check_colour(bad_color)
    if tensor.dtype != np.uint8 and len(bad_color) < channels:
        raise invalid(
            "expected depth <= bad_color.size, "
            f"got depth = {channels}, bad_color.size = {len(bad_color)}"
        )
    message = protos.Summary()
    for i, image in enumerate(tensor[:max_images]):
        pixels = image if image.dtype == np.uint8 else _spread(image, bad_color[:channels])
        message.value.add(tag=_numbered(f"{name}/image", i, max_images)).image.MergeFrom(
            protos.Summary.Image(
                height=height,
                width=width,
                colorspace=channels,
                encoded_image_string=png.encode(pixels),
            )
        )
    return serialized(message)


def _check_colour(colour: Array) -> None:
    if colour.dtype != np.uint8:
        raise invalid(f"bad_color must be uint8, got {colour.dtype}")
    if colour.ndim != 1:
        got = str(Shape(colour.shape)).replace(" ", "")
        raise invalid(f"bad_color must be a vector, got shape {got}")


def _numbered(tag: str, index: int, most: int) -> str:
    """Return the tag of one of several; what is alone by wish has no number."""
    return tag if most == 1 else f"{tag}/{index}"


def _spread(image: Array, bad_color: Array) -> Array:
    """Return floats [H, W, C] as pixels, computed in their own type as TensorFlow does."""
    fine = np.isfinite(image).all(-1)
    values = image[fine].astype(np.float32)
    lowest, highest = values.min(initial=np.inf), values.max(initial=-np.inf)
    most = max(abs(lowest), abs(highest)) if lowest < 0 else highest
    top, middle = (127, 128) if lowest < 0 else (255, 0)
    scale = np.float32(0 if most < _FAINTEST else np.float32(top) / most)
    spread = image[fine] * image.dtype.type(scale) + image.dtype.type(middle)
    pixels = np.empty(image.shape, np.uint8)
    pixels[~fine] = bad_color
    # half-precision scales of faint images overflow: no pixel is what TensorFlow shows then
    pixels[fine] = np.where(np.isfinite(spread), spread, 0)
    return pixels


@image_summary_op.shape
def image_summary_shape(tag: Shape, tensor: Shape, **_: Any) -> Shape:
    return SCALAR


image_summary_op.no_gradient(MESSAGE)

# --- AudioSummary, AudioSummaryV2 -----------------------------------------------------------------


@op(
    "AudioSummary",
    max_outputs=at_least(1),
    deprecated=(15, "Use AudioSummaryV2."),
    outputs=("summary",),
)
def audio_summary_op(
    tag: string, tensor: float32, *, sample_rate: float, max_outputs: int = 3
) -> string:
    """Write sounds of a rate known beforehand as a Summary message.

    Args:
        tag: as of AudioSummaryV2.
        tensor: likewise.
        sample_rate: samples per second.
        max_outputs: how many sounds to write, at most.

    Returns:
        string[], the serialized message.

    Raises:
        InvalidArgumentError: as AudioSummaryV2.

    Source: TensorFlow's op of the same name.
    """
    rate = np.array(sample_rate, np.float32)
    return audio_summary_v2_op.body(tag, tensor, rate, max_outputs=max_outputs)


@audio_summary_op.shape
def audio_summary_shape(tag: Shape, tensor: Shape, **_: Any) -> Shape:
    return SCALAR


audio_summary_op.no_gradient(MESSAGE)


@op("AudioSummaryV2", max_outputs=at_least(1), outputs=("summary",))
def audio_summary_v2_op(
    tag: string, tensor: float32, sample_rate: float32, *, max_outputs: int = 3
) -> string:
    """Write sounds as a Summary message.

    Args:
        tag: string scalar; the sounds are called `<tag>/audio/0`, ..., or `<tag>/audio` if only one
            is wanted.
        tensor: float32[N, frames] or [N, frames, channels], from -1 to 1; what is beyond is cut.
        sample_rate: scalar, samples per second.
        max_outputs: how many to write, at most.

    Returns:
        string[], the serialized message.

    Raises:
        InvalidArgumentError: if the tag is no scalar, the tensor has another rank, or a WAV file
            cannot have that rate or so many channels.

    Source: TensorFlow's op of the same name.
    """
    name = tag_of(tag, "Tag must be a scalar")
    if tensor.ndim not in (2, 3):
        got = str(Shape(tensor.shape)).replace(" ", "")
        raise invalid(f"Tensor must be 3-D or 2-D, got: {got}")
    if sample_rate.size != 1:
        raise invalid("sample_rate must be a scalar", got=list(sample_rate.shape))
    rate = float(sample_rate.item())
    if not rate > 0:
        raise invalid("sample_rate must be > 0", got=rate)
    message = protos.Summary()
    for i, sound in enumerate(tensor[:max_outputs]):
        samples = sound.reshape(len(sound), sound.shape[1] if sound.ndim == 2 else 1)
        message.value.add(tag=_numbered(f"{name}/audio", i, max_outputs)).audio.MergeFrom(
            protos.Summary.Audio(
                sample_rate=rate,
                num_channels=samples.shape[1],
                length_frames=len(samples),
                encoded_audio_string=wav_file(samples, rate),
                content_type="audio/wav",
            )
        )
    return serialized(message)


@audio_summary_v2_op.shape
def audio_summary_v2_shape(tag: Shape, tensor: Shape, sample_rate: Shape, **_: Any) -> Shape:
    return SCALAR


audio_summary_v2_op.no_gradient(MESSAGE)
