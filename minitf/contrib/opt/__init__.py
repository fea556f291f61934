"""`tf.contrib.opt`: optimizers beyond those of `tf.train`."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.opt.adam_variants": "AdaMaxOptimizer LazyAdamOptimizer NadamOptimizer",
    "minitf.contrib.opt.external_optimizer": "ExternalOptimizerInterface ScipyOptimizerInterface",
    "minitf.contrib.opt.moving_average_optimizer": "MovingAverageOptimizer",
    "minitf.contrib.opt.signs": "AddSignOptimizer PowerSignOptimizer",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
