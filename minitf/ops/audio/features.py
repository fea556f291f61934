"""What is heard in a sound: how loud each frequency is, over time.

A spectrogram cuts the sound into windows that overlap, and takes the Fourier transform of each:

    window[i] = 1/2 - cos(2 pi i / size) / 2

Mel-frequency coefficients (MFCC) add neighbouring frequencies up as the ear does, in bands that lie
evenly on the scale mel(f) = 1127 log(1 + f / 700), and describe the logarithms of the bands' sums
by the first cosines of their own spectrum.

Source: TensorFlow's ops of the same names.
"""

from functools import cache
from typing import Any

import numpy as np

from minitf.errors import invalid
from minitf.op_def import op
from minitf.shapes import UNKNOWN, Shape, known
from minitf.symbols import bins, channels, float32, frames, int32, samples

Array = np.ndarray[Any, Any]
FEATURE = "TensorFlow defines none"
_QUIET = 1e-12  # the least sum of a band, whose logarithm is taken


# --- AudioSpectrogram ----------------------------------------------------------------------------


@op("AudioSpectrogram", outputs=("spectrogram",))
def audio_spectrogram_op(
    input: float32[samples, channels],
    *,
    window_size: int,
    stride: int,
    magnitude_squared: bool = False,
) -> float32[channels, frames, bins]:
    """Tell how loud each frequency is in windows of a sound.

    Args:
        input: float32[samples, channels].
        window_size: samples in a window, at least 2; transformed with zeros up to the next power
            of 2, F.
        stride: samples from one window to the next, at least 1.
        magnitude_squared: whether to give squares of magnitudes.

    Returns:
        float32[channels, 1 + (samples - window_size) // stride, F / 2 + 1].

    Raises:
        InvalidArgumentError: if the window or the stride is too small.

    Source: TensorFlow's op of the same name.
    """
    size = _transformed(window_size)
    window = 0.5 - 0.5 * np.cos(2 * np.pi / window_size * np.arange(window_size))
    count = _windows(len(input), window_size, stride)
    starts = stride * np.arange(count)[:, None] + np.arange(window_size)
    cut = np.moveaxis(input.astype(np.float64)[starts], -1, 0) * window
    power = np.abs(np.fft.rfft(cut, size, axis=-1)) ** 2
    return (power if magnitude_squared else np.sqrt(power)).astype(np.float32)


def _transformed(window_size: int) -> int:
    """Return the size of the Fourier transform of a window."""
    return 1 << (window_size - 1).bit_length()


def _windows(length: Any, window_size: int, stride: int) -> int:
    return 0 if length < window_size else 1 + (length - window_size) // stride


@audio_spectrogram_op.shape
def audio_spectrogram_shape(
    input: Shape, *, window_size: int, stride: int, magnitude_squared: bool
) -> Shape:
    if window_size <= 1:
        raise invalid(f"window size must be > 1, got {window_size}")
    if stride <= 0:
        raise invalid(f"stride must be strictly positive, got {stride}")
    length, count = input
    windows = _windows(length, window_size, stride) if known(length) else UNKNOWN
    return Shape((count, windows, _transformed(window_size) // 2 + 1))


audio_spectrogram_op.no_gradient(FEATURE, refuse=True)

# --- Mfcc ----------------------------------------------------------------------------------------


@op("Mfcc")
def mfcc_op(
    spectrogram: float32[channels, frames, bins],
    sample_rate: int32[()],
    *,
    upper_frequency_limit: float = 4000.0,
    lower_frequency_limit: float = 20.0,
    filterbank_channel_count: int = 40,
    dct_coefficient_count: int = 13,
) -> float32[channels, frames, bins]:
    """Describe a spectrogram by mel-frequency coefficients.

    Args:
        spectrogram: float32[channels, frames, bins], squares of magnitudes.
        sample_rate: int32[], samples per second of the sound.
        upper_frequency_limit: the highest frequency that counts, in hertz.
        lower_frequency_limit: the lowest one.
        filterbank_channel_count: how many bands there are.
        dct_coefficient_count: how many coefficients are given.

    Returns:
        float32[channels, frames, dct_coefficient_count].

    Raises:
        InvalidArgumentError: if limits or numbers do not fit.

    Source: TensorFlow's op of the same name.
    """
    bin_count, rate = spectrogram.shape[-1], int(sample_rate)
    bands, coefficients = filterbank_channel_count, dct_coefficient_count
    limits = lower_frequency_limit, upper_frequency_limit
    fits = rate > 0 and bin_count > 1 and 0 <= limits[0] < limits[1]
    if not fits or bands < 1 or not 1 <= coefficients <= bands:
        raise invalid(
            f"Mfcc initialization failed for channel count {bin_count}, sample rate {rate} and "
            f"filterbank_channel_count {bands}",
            limits=list(limits),
            dct_coefficient_count=coefficients,
        )
    weights = _band_weights(bin_count, rate, bands, *limits)
    sums = np.sqrt(spectrogram.astype(np.float64)) @ weights
    numbers = np.arange(bands) + 0.5
    cosines = np.cos(np.pi / bands * numbers[:, None] * np.arange(coefficients))
    spectrum = np.log(np.maximum(sums, _QUIET)) @ (np.sqrt(2 / bands) * cosines)
    return spectrum.astype(np.float32)


@cache
def _band_weights(bin_count: int, rate: int, bands: int, lower: float, upper: float) -> Array:
    """Return by how much each frequency counts in each band: [bins, bands].

    A frequency between the centres of two bands counts in both, in the one more that is nearer.
    """
    hertz = 0.5 * rate / (bin_count - 1)
    low, high = _mel(lower), _mel(upper)
    centres = low + (high - low) / (bands + 1) * np.arange(bands + 2)  # from the lower limit on
    made = np.zeros([bin_count, bands + 2])
    for i in range(int(1.5 + lower / hertz), min(int(upper / hertz), bin_count - 1) + 1):
        place = _mel(i * hertz)
        left = int(np.clip(np.searchsorted(centres, place) - 1, 0, bands))
        share = (centres[left + 1] - place) / (centres[left + 1] - centres[left])
        made[i, left], made[i, left + 1] = share, 1 - share
    return made[:, 1:-1]  # the limits are no bands


def _mel(hertz: float) -> float:
    return float(1127 * np.log1p(hertz / 700))


@mfcc_op.shape
def mfcc_shape(
    spectrogram: Shape, sample_rate: Shape, *, dct_coefficient_count: int, **_: Any
) -> Shape:
    sounds, count, _bins = spectrogram
    return Shape((sounds, count, dct_coefficient_count))


mfcc_op.no_gradient(FEATURE, refuse=True)
