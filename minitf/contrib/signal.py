"""`tf.contrib.signal`: frames and spectra, where programs before TensorFlow 1.14 find them."""

from minitf import lazy

_NAMES = {
    "minitf.api.signal_frames": "frame overlap_and_add",
    "minitf.api.signal_spectra": (
        "inverse_stft inverse_stft_window_fn linear_to_mel_weight_matrix "
        "mfccs_from_log_mel_spectrograms stft"
    ),
    "minitf.api.signal_windows": "hamming_window hann_window",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
