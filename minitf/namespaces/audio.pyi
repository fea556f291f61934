# `tf.audio`: sounds as WAV files.

from minitf.api.audio import decode_wav as decode_wav
from minitf.api.audio import encode_wav as encode_wav
__all__ = ['decode_wav', 'encode_wav']
