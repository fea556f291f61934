# `tf.contrib.tensorboard.plugins`: the projector, which shows embeddings.

from minitf.contrib.tensorboard.plugins import projector as projector
__all__ = ['projector']
