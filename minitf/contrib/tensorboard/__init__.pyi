# `tf.contrib.tensorboard`: what TensorBoard's plugins are told.

from minitf.contrib.tensorboard import plugins as plugins
__all__ = ['plugins']
