# `tf.contrib.signal`: frames and spectra, where programs before TensorFlow 1.14 find them.

from minitf.api.signal_frames import frame as frame
from minitf.api.signal_frames import overlap_and_add as overlap_and_add
from minitf.api.signal_spectra import inverse_stft as inverse_stft
from minitf.api.signal_spectra import inverse_stft_window_fn as inverse_stft_window_fn
from minitf.api.signal_spectra import linear_to_mel_weight_matrix as linear_to_mel_weight_matrix
from minitf.api.signal_spectra import mfccs_from_log_mel_spectrograms as mfccs_from_log_mel_spectrograms
from minitf.api.signal_spectra import stft as stft
from minitf.api.signal_windows import hamming_window as hamming_window
from minitf.api.signal_windows import hann_window as hann_window
__all__ = ['frame', 'hamming_window', 'hann_window', 'inverse_stft', 'inverse_stft_window_fn', 'linear_to_mel_weight_matrix', 'mfccs_from_log_mel_spectrograms', 'overlap_and_add', 'stft']
