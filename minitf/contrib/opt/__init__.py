"""`tf.contrib.opt`: optimizers beyond those of `tf.train`."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.opt.adam_of_step": "AdamGSOptimizer LazyAdamGSOptimizer",
    "minitf.contrib.opt.adam_variants": "AdaMaxOptimizer LazyAdamOptimizer NadamOptimizer",
    "minitf.contrib.opt.external_optimizer": "ExternalOptimizerInterface ScipyOptimizerInterface",
    "minitf.contrib.opt.lars": "LARSOptimizer",
    "minitf.contrib.opt.moving_average_optimizer": "MovingAverageOptimizer",
    "minitf.contrib.opt.multitask": "MultitaskOptimizerWrapper clip_gradients_by_global_norm",
    "minitf.contrib.opt.reg_adagrad": "RegAdagradOptimizer",
    "minitf.contrib.opt.sign_decays": (
        "get_cosine_decay_fn get_linear_decay_fn get_restart_decay_fn"
    ),
    "minitf.contrib.opt.signs": "AddSignOptimizer PowerSignOptimizer",
    "minitf.contrib.opt.stale_gradients": "DropStaleGradientOptimizer",
    "minitf.contrib.opt.variable_clipping": "VariableClippingOptimizer",
    "minitf.contrib.opt.weight_decay": (
        "AdamWOptimizer DecoupledWeightDecayExtension MomentumWOptimizer "
        "extend_with_decoupled_weight_decay"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
