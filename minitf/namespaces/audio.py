"""`tf.audio`: sounds as WAV files."""

from minitf import lazy

_NAMES = {"minitf.api.audio": "decode_wav encode_wav"}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
