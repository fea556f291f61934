"""`tf.signal`: transforms, frames and windows of signals."""

from minitf import lazy

_NAMES = {
    "minitf.api.signal_frames": "frame overlap_and_add",
    "minitf.api.signal_spectra": (
        "inverse_stft inverse_stft_window_fn linear_to_mel_weight_matrix "
        "mfccs_from_log_mel_spectrograms stft"
    ),
    "minitf.api.signal_windows": "hamming_window hann_window",
    "minitf.api.spectral": (
        "dct fft fft2d fft3d fftshift idct ifft ifft2d ifft3d ifftshift irfft irfft2d irfft3d "
        "rfft rfft2d rfft3d"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
