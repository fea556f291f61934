"""`tf.keras.optimizers`: how variables follow their gradients."""

from minitf import lazy

_NAMES = {
    "minitf.keras.optimizers.adam": "Adam Adamax Nadam",
    "minitf.keras.optimizers.adaptive": "Adadelta Adagrad",
    "minitf.keras.optimizers.base": "Optimizer",
    "minitf.keras.optimizers.descent": "RMSprop SGD",
    "minitf.keras.optimizers.ftrl": "Ftrl",
    "minitf.keras.optimizers.named": "TFOptimizer deserialize get serialize",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, "schedules")
