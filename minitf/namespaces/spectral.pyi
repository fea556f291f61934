# `tf.spectral`: transforms, under their older names.

from minitf.api.spectral import dct as dct
from minitf.api.spectral import fft as fft
from minitf.api.spectral import fft2d as fft2d
from minitf.api.spectral import fft3d as fft3d
from minitf.api.spectral import idct as idct
from minitf.api.spectral import ifft as ifft
from minitf.api.spectral import ifft2d as ifft2d
from minitf.api.spectral import ifft3d as ifft3d
from minitf.api.spectral import irfft as irfft
from minitf.api.spectral import irfft2d as irfft2d
from minitf.api.spectral import irfft3d as irfft3d
from minitf.api.spectral import rfft as rfft
from minitf.api.spectral import rfft2d as rfft2d
from minitf.api.spectral import rfft3d as rfft3d
__all__ = ['dct', 'fft', 'fft2d', 'fft3d', 'idct', 'ifft', 'ifft2d', 'ifft3d', 'irfft', 'irfft2d', 'irfft3d', 'rfft', 'rfft2d', 'rfft3d']
