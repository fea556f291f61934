"""`tf.keras.mixed_precision.experimental`: policies of types, and scaled losses."""

from minitf import lazy

_NAMES = {
    "minitf.keras.mixed_precision.loss_scale_optimizer": "LossScaleOptimizer",
    "minitf.keras.mixed_precision.policy": "Policy global_policy set_policy",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
