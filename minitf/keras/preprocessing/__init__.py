"""`tf.keras.preprocessing`: sequences, text and images as arrays (`minitf[keras]`)."""

from minitf import lazy

__getattr__, __dir__, __all__ = lazy.attach(__name__, {}, "image sequence text")
