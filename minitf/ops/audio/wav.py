"""Sounds as WAV files: 16-bit samples of one or more channels, from -1 to 1 as numbers.

Source: TensorFlow's ops of the same names.
"""

import struct
from typing import Any

import numpy as np

from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.strings.arrays import strings
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import channels, float32, int32, samples, string

Array = np.ndarray[Any, Any]
FILE = "a file has no slope"

# size of the rest; size of the format, PCM, channels, frames and bytes per second, bytes a frame,
# bits a sample; size of the data
_WAV_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


def wav_file(samples: Array, rate: float) -> bytes:
    """Return samples [frames, channels] as a WAV file of 16-bit numbers.

    Raises:
        InvalidArgumentError: if a WAV file cannot have that rate or so many channels.
    """
    channels = samples.shape[1]
    per_second = max(round(rate), 1) if rate < 2**32 else rate
    if per_second >= 2**32:
        raise invalid(f"sample_rate must be in (0, 2^32), got: {per_second}")
    if not 0 < channels < 2**16:
        raise invalid(f"num_channels must be in (0, 2^16), got: {channels}")
    if 2 * samples.size + _WAV_HEADER.size >= 2**32:
        raise invalid("Provided channels and frames cannot be encoded as a WAV.")
    scaled = samples.astype(np.float64) * 2**15
    rounded = np.trunc(scaled + np.copysign(0.5, scaled))  # halves away from zero
    data = np.nan_to_num(rounded.clip(-(2**15), 2**15 - 1)).astype("<i2").tobytes()
    frame_bytes = 2 * channels
    return (
        _WAV_HEADER.pack(
            *(b"RIFF", _WAV_HEADER.size - 8 + len(data), b"WAVE"),
            *(b"fmt ", 16, 1, channels, per_second),
            *(per_second * frame_bytes % 2**32, frame_bytes % 2**16, 16),
            *(b"data", len(data)),
        )
        + data
    )


class _Reader:
    """Reads a file from its start on.

    Args:
        contents: the file.
    """

    def __init__(self, contents: bytes) -> None:
        self._contents = contents
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        """Whether everything is read."""
        return self._at >= len(self._contents)

    def take(self, count: int) -> bytes:
        """Return the next bytes."""
        found = self._contents[self._at : self._at + count]
        if len(found) < count:
            raise invalid("Data too short when trying to read string", wanted=count)
        self._at += count
        return found

    def numbers(self, form: str) -> tuple[Any, ...]:
        """Return the next numbers of a form of `struct`, least significant bytes first."""
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))

    def expect(self, text: bytes) -> None:
        """Read a text that must stand next."""
        found = self.take(len(text))
        if found != text:
            wanted, got = text.decode("latin-1"), found.decode("latin-1")
            raise invalid(f"Header mismatch: Expected {wanted} but found {got}")


def _format(file: _Reader) -> tuple[int, int]:
    """Return channels and samples per second of the format chunk."""
    (size,) = file.numbers("I")
    if size < 16:
        raise invalid(f"Bad format chunk size for WAV: Expected 16 or more, but got{size}")
    kind, count, rate, per_second, frame, bits = file.numbers("HHIIHH")
    file.take(size - 16)
    if kind not in (1, 0xFFFE):
        raise invalid(f"Bad audio format for WAV: Expected 1 (PCM), but got{kind}")
    if bits != 16:
        raise invalid(f"Can only read 16-bit WAV files, but received {bits}")
    if per_second != rate * 2 * count:
        raise invalid(
            f"Bad bytes per second in WAV header: Expected {rate * 2 * count} but got {per_second} "
            f"(sample_rate={rate}, bytes_per_sample=2)"
        )
    if frame != 2 * count:
        raise invalid(f"Bad bytes per frame in WAV header: Expected {2 * count} but got {frame}")
    return count, rate


def read_wav(contents: bytes) -> tuple[Array, int]:
    """Return float32[samples, channels] and the samples per second of a WAV file.

    Raises:
        InvalidArgumentError: if it is none, is torn, or has other samples than 16-bit ones.
    """
    file = _Reader(contents)
    file.expect(b"RIFF")
    file.take(4)  # the size of the rest, which recorders get wrong
    file.expect(b"WAVE")
    file.expect(b"fmt ")
    count, rate = _format(file)
    data: Array | None = None
    while not file.is_at_end:
        name, (size,) = file.take(4), file.numbers("I")
        chunk = file.take(size)
        if size % 2:
            file.take(1)  # chunks begin at even places
        if name == b"data" and data is None:
            whole = size // (2 * count) * count if count else 0
            data = np.frombuffer(chunk, "<i2", whole).reshape(-1, max(count, 1))
    if data is None:
        raise invalid("No data chunk found in WAV")
    return data.astype(np.float32) / np.float32(2**15), rate


# --- DecodeWav -----------------------------------------------------------------------------------


@op("DecodeWav", outputs=("audio", "sample_rate"))
def decode_wav_op(
    contents: string[()], *, desired_channels: int = -1, desired_samples: int = -1
) -> tuple[float32, int32]:
    """Read a WAV file.

    A channel that is wanted beyond those of the file is a copy of the last one; samples that are
    wanted beyond its end are 0.

    Args:
        contents: string[], the file, of 16-bit samples.
        desired_channels: how many channels to give; those of the file if -1.
        desired_samples: how many samples of each to give; those of the file if -1.

    Returns:
        audio: float32[samples, channels], from -1 to 1.
        sample_rate: int32[], samples per second.

    Raises:
        InvalidArgumentError: if it is no such file, or it is torn.

    Source: TensorFlow's op of the same name.
    """
    if contents.ndim:
        raise invalid(f"contents must be scalar, got shape {list(contents.shape)}")
    found, rate = read_wav(contents.item())
    if desired_channels != -1:
        last = found.shape[1] - 1
        found = found[:, np.minimum(np.arange(desired_channels), last)]
    if desired_samples != -1:
        found = found[:desired_samples]
        found = np.pad(found, [(0, desired_samples - len(found)), (0, 0)])
    return found, np.array(rate, np.int32)


@decode_wav_op.shape
def decode_wav_shape(contents: Shape, *, desired_channels: int, desired_samples: int) -> Any:
    for name, wanted in (("channels", desired_channels), ("samples", desired_samples)):
        if wanted < -1 or wanted == 0:
            raise invalid(f"{name} must be non-negative, got {wanted}")
    sizes = [UNKNOWN if each == -1 else each for each in (desired_samples, desired_channels)]
    return [Shape(sizes), Shape(())]


decode_wav_op.no_gradient(FILE)

# --- EncodeWav -----------------------------------------------------------------------------------


@op("EncodeWav", outputs=("contents",))
def encode_wav_op(audio: float32[samples, channels], sample_rate: int32[()]) -> string:
    """Write a WAV file of 16-bit samples.

    Args:
        audio: float32[samples, channels], from -1 to 1; what is beyond is cut.
        sample_rate: int32[], samples per second.

    Returns:
        string[], the file.

    Raises:
        InvalidArgumentError: if a WAV file cannot have that rate or so many channels.

    Source: TensorFlow's op of the same name.
    """
    rate = int(sample_rate)
    if rate <= 0:
        raise invalid(f"sample_rate must be in (0, 2^32), got: {rate}")
    return strings([wav_file(audio, rate)], ())


@encode_wav_op.shape
def encode_wav_shape(audio: Shape, sample_rate: Shape) -> Shape:
    return Shape(())


encode_wav_op.no_gradient(FILE)
