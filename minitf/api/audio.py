"""Sounds as WAV files.

Source: TensorFlow 1.15's functions of the same names in tf.audio.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.tensor import Tensor


def decode_wav(
    contents: Any,
    desired_channels: int = -1,
    desired_samples: int = -1,
    name: str | None = None,
) -> Any:
    """Read a WAV file of 16-bit samples.

    Args:
        contents: string[], the file.
        desired_channels: how many channels to give, the last one again if need be; all if -1.
        desired_samples: how many samples of each to give, zeros at the end if need be; all if -1.
        name: name of the operation.

    Returns:
        audio: float32[samples, channels], from -1 to 1.
        sample_rate: int32[], samples per second.
    """
    return ops.decode_wav_op(
        contents,
        desired_channels=desired_channels,
        desired_samples=desired_samples,
        name=name or "DecodeWav",
    )


def encode_wav(audio: Any, sample_rate: Any, name: str | None = None) -> Tensor:
    """Write a WAV file of 16-bit samples.

    Args:
        audio: float32[samples, channels], from -1 to 1; what is beyond is cut.
        sample_rate: int32[], samples per second.
        name: name of the operation.
    """
    return ops.encode_wav_op(audio, sample_rate, name=name or "EncodeWav")


def audio_spectrogram(
    input: Any,
    window_size: int,
    stride: int,
    magnitude_squared: bool = False,
    name: str | None = None,
) -> Tensor:
    """Tell how loud each frequency is in windows of a sound.

    Args:
        input: float32[samples, channels].
        window_size: samples in a window, at least 2.
        stride: samples from one window to the next.
        magnitude_squared: whether to give squares of magnitudes.
        name: name of the operation.

    Returns:
        float32[channels, windows, frequencies].
    """
    return ops.audio_spectrogram_op(
        input,
        window_size=window_size,
        stride=stride,
        magnitude_squared=magnitude_squared,
        name=name or "AudioSpectrogram",
    )


def mfcc(
    spectrogram: Any,
    sample_rate: Any,
    upper_frequency_limit: float = 4000,
    lower_frequency_limit: float = 20,
    filterbank_channel_count: int = 40,
    dct_coefficient_count: int = 13,
    name: str | None = None,
) -> Tensor:
    """Describe a spectrogram by mel-frequency coefficients.

    Args:
        spectrogram: float32[channels, windows, frequencies], squares of magnitudes.
        sample_rate: int32[], samples per second of the sound.
        upper_frequency_limit: the highest frequency that counts, in hertz.
        lower_frequency_limit: the lowest one.
        filterbank_channel_count: how many bands of frequencies there are.
        dct_coefficient_count: how many coefficients are given.
        name: name of the operation.
    """
    return ops.mfcc_op(
        spectrogram,
        sample_rate,
        upper_frequency_limit=upper_frequency_limit,
        lower_frequency_limit=lower_frequency_limit,
        filterbank_channel_count=filterbank_channel_count,
        dct_coefficient_count=dct_coefficient_count,
        name=name or "Mfcc",
    )
