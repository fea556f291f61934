"""`tf.keras.mixed_precision`: layers that compute in other types than their variables have."""

from minitf import lazy

__getattr__, __dir__, __all__ = lazy.attach(__name__, {}, "experimental")
