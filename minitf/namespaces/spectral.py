"""`tf.spectral`: transforms, under their older names."""

from minitf import lazy

_NAMES = {
    "minitf.api.spectral": (
        "dct fft fft2d fft3d idct ifft ifft2d ifft3d irfft irfft2d irfft3d rfft rfft2d rfft3d"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
