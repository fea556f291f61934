# `tf.contrib.opt`: optimizers beyond those of `tf.train`.

from minitf.contrib.opt.adam_of_step import AdamGSOptimizer as AdamGSOptimizer
from minitf.contrib.opt.adam_of_step import LazyAdamGSOptimizer as LazyAdamGSOptimizer
from minitf.contrib.opt.adam_variants import AdaMaxOptimizer as AdaMaxOptimizer
from minitf.contrib.opt.adam_variants import LazyAdamOptimizer as LazyAdamOptimizer
from minitf.contrib.opt.adam_variants import NadamOptimizer as NadamOptimizer
from minitf.contrib.opt.external_optimizer import ExternalOptimizerInterface as ExternalOptimizerInterface
from minitf.contrib.opt.external_optimizer import ScipyOptimizerInterface as ScipyOptimizerInterface
from minitf.contrib.opt.lars import LARSOptimizer as LARSOptimizer
from minitf.contrib.opt.moving_average_optimizer import MovingAverageOptimizer as MovingAverageOptimizer
from minitf.contrib.opt.multitask import MultitaskOptimizerWrapper as MultitaskOptimizerWrapper
from minitf.contrib.opt.multitask import clip_gradients_by_global_norm as clip_gradients_by_global_norm
from minitf.contrib.opt.reg_adagrad import RegAdagradOptimizer as RegAdagradOptimizer
from minitf.contrib.opt.sign_decays import get_cosine_decay_fn as get_cosine_decay_fn
from minitf.contrib.opt.sign_decays import get_linear_decay_fn as get_linear_decay_fn
from minitf.contrib.opt.sign_decays import get_restart_decay_fn as get_restart_decay_fn
from minitf.contrib.opt.signs import AddSignOptimizer as AddSignOptimizer
from minitf.contrib.opt.signs import PowerSignOptimizer as PowerSignOptimizer
from minitf.contrib.opt.stale_gradients import DropStaleGradientOptimizer as DropStaleGradientOptimizer
from minitf.contrib.opt.variable_clipping import VariableClippingOptimizer as VariableClippingOptimizer
from minitf.contrib.opt.weight_decay import AdamWOptimizer as AdamWOptimizer
from minitf.contrib.opt.weight_decay import DecoupledWeightDecayExtension as DecoupledWeightDecayExtension
from minitf.contrib.opt.weight_decay import MomentumWOptimizer as MomentumWOptimizer
from minitf.contrib.opt.weight_decay import extend_with_decoupled_weight_decay as extend_with_decoupled_weight_decay
__all__ = ['AdaMaxOptimizer', 'AdamGSOptimizer', 'AdamWOptimizer', 'AddSignOptimizer', 'DecoupledWeightDecayExtension', 'DropStaleGradientOptimizer', 'ExternalOptimizerInterface', 'LARSOptimizer', 'LazyAdamGSOptimizer', 'LazyAdamOptimizer', 'MomentumWOptimizer', 'MovingAverageOptimizer', 'MultitaskOptimizerWrapper', 'NadamOptimizer', 'PowerSignOptimizer', 'RegAdagradOptimizer', 'ScipyOptimizerInterface', 'VariableClippingOptimizer', 'clip_gradients_by_global_norm', 'extend_with_decoupled_weight_decay', 'get_cosine_decay_fn', 'get_linear_decay_fn', 'get_restart_decay_fn']
