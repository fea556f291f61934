"""`tf.saved_model.experimental`: where saving objects was at first."""

from minitf import lazy

__getattr__, __dir__, __all__ = lazy.attach(__name__, {"minitf.saved_model.object_saver": "save"})
