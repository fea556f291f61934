# `tf.config.optimizer`: which optimizers of graphs work.

from minitf.session.settings import get_optimizer_experimental_options as get_experimental_options
from minitf.session.settings import get_optimizer_jit as get_jit
from minitf.session.settings import set_optimizer_experimental_options as set_experimental_options
from minitf.session.settings import set_optimizer_jit as set_jit
__all__ = ['get_experimental_options', 'get_jit', 'set_experimental_options', 'set_jit']
