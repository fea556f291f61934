"""Short-time Fourier transforms, and the steps from spectra to what ears tell apart.

Source: TensorFlow 1.15's functions of the same names in tf.signal; Griffin and Lim 1984 (inverse);
Davis and Mermelstein 1980 (mel frequencies).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.api.array import expand_dims, pad, reshape, split, tile
from minitf.api.casting import cast
from minitf.api.constants import zeros_like
from minitf.api.framework import name_scope
from minitf.api.gathering import where
from minitf.api.math import maximum, minimum
from minitf.api.math import pow as pow_
from minitf.api.reductions import reduce_sum
from minitf.api.sequences import lin_space
from minitf.api.signal_frames import frame, overlap_and_add
from minitf.api.signal_windows import hann_window
from minitf.api.sizes import shape
from minitf.api.spectral import dct, irfft, rfft
from minitf.convert import convert_to_tensor
from minitf.dtypes import as_dtype, float32
from minitf.shapes import known
from minitf.static_value import constant_value
from minitf.tensor import Tensor

Window = Callable[..., Tensor]

# --- short-time Fourier transforms ---------------------------------------------------------------


def stft(
    signals: Any,
    frame_length: Any,
    frame_step: Any,
    fft_length: Any = None,
    window_fn: Window | None = hann_window,
    pad_end: bool = False,
    name: str | None = None,
) -> Tensor:
    """Return the spectra of a signal's frames.

    Args:
        signals: float[..., samples].
        frame_length: samples of a frame.
        frame_step: samples from the start of one frame to that of the next.
        fft_length: N, to which frames are filled up; the next power of 2 by default.
        window_fn: (length, dtype) -> weights of a frame's samples; None for none.
        pad_end: whether a last, incomplete frame is filled up, or left out.
        name: name scope of the operations.

    Returns:
        complex[..., frames, N // 2 + 1].
    """
    with name_scope(name, "stft", [signals, frame_length, frame_step]):
        signals = convert_to_tensor(signals, name="signals")
        frame_length = convert_to_tensor(frame_length, name="frame_length")
        frame_step = convert_to_tensor(frame_step, name="frame_step")
        size = _transform_length(frame_length, fft_length)
        frames = frame(signals, frame_length, frame_step, pad_end=pad_end)
        if window_fn is not None:
            frames *= window_fn(frame_length, dtype=frames.dtype)
        return rfft(frames, [size])


def inverse_stft(
    stfts: Any,
    frame_length: Any,
    frame_step: Any,
    fft_length: Any = None,
    window_fn: Window | None = hann_window,
    name: str | None = None,
) -> Tensor:
    """Return the signal of which the spectra of frames are given.

    It is the signal itself, but for its ends, if `window_fn` is `inverse_stft_window_fn` of the
    window that `stft` was given.

    Args:
        stfts: complex[..., frames, N // 2 + 1].
        frame_length: samples of a frame.
        frame_step: samples from the start of one frame to that of the next.
        fft_length: N; the next power of 2 by default.
        window_fn: (length, dtype) -> weights of a frame's samples; None for none.
        name: name scope of the operations.

    Returns:
        float[..., (frames - 1) frame_step + frame_length].
    """
    with name_scope(name, "inverse_stft", [stfts]):
        stfts = convert_to_tensor(stfts, name="stfts")
        frame_length = convert_to_tensor(frame_length, name="frame_length")
        frame_step = convert_to_tensor(frame_step, name="frame_step")
        size = _transform_length(frame_length, fft_length)
        frames = _of_length(irfft(stfts, [size]), frame_length)
        if window_fn is not None:
            frames *= window_fn(frame_length, dtype=stfts.dtype.real_dtype)
        return overlap_and_add(frames, frame_step)


def _transform_length(frame_length: Tensor, fft_length: Any) -> Tensor:
    """Return `fft_length`, by default the least power of 2 that holds a frame."""
    if fft_length is not None:
        return convert_to_tensor(fft_length, name="fft_length")
    found = constant_value(frame_length)
    if found is not None:
        return convert_to_tensor(1 << (max(int(found), 1) - 1).bit_length(), frame_length.dtype)
    power = ops.ceil_op(ops.log_op(cast(frame_length, float32)) / math.log(2.0))
    return cast(pow_(2.0, power), frame_length.dtype)


def _of_length(frames: Tensor, frame_length: Tensor) -> Tensor:
    """Cut frames, or fill them up with zeros."""
    length: Any = constant_value(frame_length)
    own = frames.static_shape[-1]
    if length is None or not known(own):
        frames = frames[..., :frame_length]
        own, length = shape(frames)[-1], frame_length
    elif own >= length:
        return frames[..., : int(length)] if own > length else frames
    borders = [[0, 0]] * (len(frames.static_shape) - 1) + [[0, maximum(0, length - own)]]
    return pad(frames, borders)


def inverse_stft_window_fn(
    frame_step: Any, forward_window_fn: Window = hann_window, name: str | None = None
) -> Window:
    """Return the window for `inverse_stft` that undoes the window of `stft`.

    Args:
        frame_step: samples from the start of one frame to that of the next.
        forward_window_fn: the window that `stft` was given.
        name: name scope of the operations.

    Returns:
        (length, dtype) -> w / sum of w^2, over all frames that share a sample.
    """

    def inverse_window(frame_length: Any, dtype: Any) -> Tensor:
        with name_scope(name, "inverse_stft_window_fn", [forward_window_fn]):
            step = convert_to_tensor(frame_step, name="frame_step")
            length = convert_to_tensor(frame_length, name="frame_length")
            window = forward_window_fn(length, dtype=dtype)
            overlaps = -(-length // step)
            squares = pad(ops.square_op(window), [(0, overlaps * step - length)])
            shares = reshape(squares, [overlaps, step])
            total = tile(reduce_sum(shares, 0, keepdims=True), [overlaps, 1])
            total = reshape(total, [overlaps * step])[:length]
            return where(ops.equal_op(total, 0.0), zeros_like(window), window / total)

    return inverse_window


# --- mel frequencies -----------------------------------------------------------------------------


def _hertz_to_mel(frequency: Any) -> Tensor:
    """Return 1127 ln(1 + f / 700)."""
    with name_scope(None, "hertz_to_mel", [frequency]):
        frequency = convert_to_tensor(frequency)
        return 1127.0 * ops.log_op(1.0 + frequency / 700.0)


def linear_to_mel_weight_matrix(
    num_mel_bins: int = 20,
    num_spectrogram_bins: int = 129,
    sample_rate: Any = 8000,
    lower_edge_hertz: float = 125.0,
    upper_edge_hertz: float = 3800.0,
    dtype: Any = float32,
    name: str | None = None,
) -> Tensor:
    """Return the matrix that turns spectra into spectra of mel frequencies.

    Each mel band is a triangle: it rises from the middle of the band before to its own, and falls
    to that of the next.

    Args:
        num_mel_bins: how many bands.
        num_spectrogram_bins: how many frequencies a spectrum has, from 0 to half the sample rate.
        sample_rate: samples per second.
        lower_edge_hertz: where the first band begins.
        upper_edge_hertz: where the last ends.
        dtype: a floating-point type.
        name: name scope of the operations.

    Returns:
        dtype[num_spectrogram_bins, num_mel_bins].

    Raises:
        ValueError: if there are no bands, or the frequencies are out of order.
    """
    dtype = as_dtype(dtype)
    with name_scope(name, "linear_to_mel_weight_matrix") as scope:
        found = constant_value(sample_rate) if isinstance(sample_rate, Tensor) else None
        sample_rate = sample_rate if found is None else found
        _check_mel(num_mel_bins, sample_rate, lower_edge_hertz, upper_edge_hertz)
        if not dtype.is_floating:
            raise ValueError(f"dtype must be a floating point type. Got: {dtype}")
        rate = cast(sample_rate, dtype, name="sample_rate")
        lower = convert_to_tensor(lower_edge_hertz, dtype, "lower_edge_hertz")
        upper = convert_to_tensor(upper_edge_hertz, dtype, "upper_edge_hertz")
        zero = convert_to_tensor(0.0, dtype)
        linear = lin_space(zero, rate / 2.0, num_spectrogram_bins)[1:]  # 0 is in no band
        bins = expand_dims(_hertz_to_mel(linear), 1)
        edges = lin_space(_hertz_to_mel(lower), _hertz_to_mel(upper), num_mel_bins + 2)
        bands = split(frame(edges, frame_length=3, frame_step=1), 3, axis=1)
        begin, middle, end = (reshape(t, [1, num_mel_bins]) for t in bands)
        rising, falling = (bins - begin) / (middle - begin), (end - bins) / (end - middle)
        weights = maximum(zero, minimum(rising, falling))
        return pad(weights, [[1, 0], [0, 0]], name=scope)


def _check_mel(bands: int, sample_rate: Any, lower: float, upper: float) -> None:
    if bands <= 0:
        raise ValueError(f"num_mel_bins must be positive. Got: {bands}")
    if lower < 0:
        raise ValueError(f"lower_edge_hertz must be non-negative. Got: {lower}")
    if lower >= upper:
        raise ValueError(f"lower_edge_hertz {lower:.1f} >= upper_edge_hertz {upper:.1f}")
    if isinstance(sample_rate, Tensor):
        return
    if sample_rate <= 0:
        raise ValueError(f"sample_rate must be positive. Got: {sample_rate}")
    if upper > sample_rate / 2:
        raise ValueError(
            "upper_edge_hertz must not be larger than the Nyquist frequency (sample_rate / 2). Got "
            f"{upper} for sample_rate: {sample_rate}"
        )


def mfccs_from_log_mel_spectrograms(log_mel_spectrograms: Any, name: str | None = None) -> Tensor:
    """Return cepstral coefficients: the cosine transform of logarithms of mel spectra.

    Args:
        log_mel_spectrograms: float[..., bands].
        name: name scope of the operations.

    Raises:
        ValueError: if there are no bands.
    """
    with name_scope(name, "mfccs_from_log_mel_spectrograms", [log_mel_spectrograms]):
        spectra = convert_to_tensor(log_mel_spectrograms)
        last = spectra.static_shape[-1]
        bands = last if known(last) else shape(spectra)[-1]
        if isinstance(bands, int) and bands == 0:
            raise ValueError(f"num_mel_bins must be positive. Got: {spectra}")
        made = dct(spectra, type=2)
        return made * ops.rsqrt_op(cast(bands, made.dtype) * 2.0)
