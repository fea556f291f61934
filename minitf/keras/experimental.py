"""`tf.keras.experimental`: cells, layers and schedules whose place was not settled."""

from minitf import lazy

_NAMES = {
    "minitf.keras.layers.feature_columns": "SequenceFeatures",
    "minitf.keras.layers.own_cells": "PeepholeLSTMCell",
    "minitf.keras.optimizers.schedules": (
        "CosineDecay CosineDecayRestarts LinearCosineDecay NoisyLinearCosineDecay"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
