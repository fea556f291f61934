# `tf.user_ops`: where TensorFlow shows how a user adds an op.

from minitf.api.script import my_fact as my_fact
__all__ = ['my_fact']
