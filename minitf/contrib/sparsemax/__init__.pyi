# `tf.contrib.sparsemax`: probabilities many of which are 0, and their loss.

from minitf.contrib.sparsemax.functions import sparsemax as sparsemax
from minitf.contrib.sparsemax.functions import sparsemax_loss as sparsemax_loss
__all__ = ['sparsemax', 'sparsemax_loss']
