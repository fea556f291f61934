"""`tf.train.experimental`: scales of losses, and state of Python in checkpoints."""

from minitf import lazy

_NAMES = {
    "minitf.object_checkpoint.python_state": "PythonState",
    "minitf.train.loss_scale": "DynamicLossScale FixedLossScale LossScale",
    "minitf.train.loss_scale_optimizer": "MixedPrecisionLossScaleOptimizer",
    "minitf.train.mixed_precision": (
        "disable_mixed_precision_graph_rewrite enable_mixed_precision_graph_rewrite"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
