# `tf.signal`: transforms, frames and windows of signals.

from minitf.api.signal_frames import frame as frame
from minitf.api.signal_frames import overlap_and_add as overlap_and_add
from minitf.api.signal_spectra import inverse_stft as inverse_stft
from minitf.api.signal_spectra import inverse_stft_window_fn as inverse_stft_window_fn
from minitf.api.signal_spectra import linear_to_mel_weight_matrix as linear_to_mel_weight_matrix
from minitf.api.signal_spectra import mfccs_from_log_mel_spectrograms as mfccs_from_log_mel_spectrograms
from minitf.api.signal_spectra import stft as stft
from minitf.api.signal_windows import hamming_window as hamming_window
from minitf.api.signal_windows import hann_window as hann_window
from minitf.api.spectral import dct as dct
from minitf.api.spectral import fft as fft
from minitf.api.spectral import fft2d as fft2d
from minitf.api.spectral import fft3d as fft3d
from minitf.api.spectral import fftshift as fftshift
from minitf.api.spectral import idct as idct
from minitf.api.spectral import ifft as ifft
from minitf.api.spectral import ifft2d as ifft2d
from minitf.api.spectral import ifft3d as ifft3d
from minitf.api.spectral import ifftshift as ifftshift
from minitf.api.spectral import irfft as irfft
from minitf.api.spectral import irfft2d as irfft2d
from minitf.api.spectral import irfft3d as irfft3d
from minitf.api.spectral import rfft as rfft
from minitf.api.spectral import rfft2d as rfft2d
from minitf.api.spectral import rfft3d as rfft3d
__all__ = ['dct', 'fft', 'fft2d', 'fft3d', 'fftshift', 'frame', 'hamming_window', 'hann_window', 'idct', 'ifft', 'ifft2d', 'ifft3d', 'ifftshift', 'inverse_stft', 'inverse_stft_window_fn', 'irfft', 'irfft2d', 'irfft3d', 'linear_to_mel_weight_matrix', 'mfccs_from_log_mel_spectrograms', 'overlap_and_add', 'rfft', 'rfft2d', 'rfft3d', 'stft']
