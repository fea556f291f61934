"""`tf.keras`: models made of layers, as TensorFlow 1.15 has them."""

from minitf import lazy

__version__ = "2.2.4-tf"  # programs of the time compare it

_NAMES = {
    "minitf.keras.engine.input_layer": "Input",
    "minitf.keras.engine.sequential": "Sequential",
    "minitf.keras.engine.training": "Model",
}
_SUBMODULES = (
    "activations applications backend callbacks constraints datasets estimator experimental "
    "initializers layers losses metrics mixed_precision models optimizers preprocessing "
    "regularizers utils"
)

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
