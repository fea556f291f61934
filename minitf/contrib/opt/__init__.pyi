# `tf.contrib.opt`: optimizers beyond those of `tf.train`.

from minitf.contrib.opt.adam_variants import AdaMaxOptimizer as AdaMaxOptimizer
from minitf.contrib.opt.adam_variants import LazyAdamOptimizer as LazyAdamOptimizer
from minitf.contrib.opt.adam_variants import NadamOptimizer as NadamOptimizer
from minitf.contrib.opt.external_optimizer import ExternalOptimizerInterface as ExternalOptimizerInterface
from minitf.contrib.opt.external_optimizer import ScipyOptimizerInterface as ScipyOptimizerInterface
from minitf.contrib.opt.moving_average_optimizer import MovingAverageOptimizer as MovingAverageOptimizer
from minitf.contrib.opt.signs import AddSignOptimizer as AddSignOptimizer
from minitf.contrib.opt.signs import PowerSignOptimizer as PowerSignOptimizer
__all__ = ['AdaMaxOptimizer', 'AddSignOptimizer', 'ExternalOptimizerInterface', 'LazyAdamOptimizer', 'MovingAverageOptimizer', 'NadamOptimizer', 'PowerSignOptimizer', 'ScipyOptimizerInterface']
