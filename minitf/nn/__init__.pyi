# `tf.nn`: building blocks of neural networks.

from minitf.api.elementary import sigmoid as sigmoid
from minitf.api.elementary import tanh as tanh
__all__ = ['sigmoid', 'tanh']
