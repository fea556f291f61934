# `tf.contrib.layers`: initial values, regularizers and the training of a loss.

from minitf.contrib.layers.initializers import variance_scaling_initializer as variance_scaling_initializer
from minitf.contrib.layers.initializers import xavier_initializer as xavier_initializer
from minitf.contrib.layers.initializers import xavier_initializer_conv2d as xavier_initializer_conv2d
from minitf.contrib.layers.optimizers import OPTIMIZER_CLS_NAMES as OPTIMIZER_CLS_NAMES
from minitf.contrib.layers.optimizers import OPTIMIZER_SUMMARIES as OPTIMIZER_SUMMARIES
from minitf.contrib.layers.optimizers import optimize_loss as optimize_loss
from minitf.contrib.layers.regularizers import apply_regularization as apply_regularization
from minitf.variables.regularizers import l1_l2_regularizer as l1_l2_regularizer
from minitf.variables.regularizers import l1_regularizer as l1_regularizer
from minitf.variables.regularizers import l2_regularizer as l2_regularizer
from minitf.variables.regularizers import sum_regularizer as sum_regularizer
__all__ = ['OPTIMIZER_CLS_NAMES', 'OPTIMIZER_SUMMARIES', 'apply_regularization', 'l1_l2_regularizer', 'l1_regularizer', 'l2_regularizer', 'optimize_loss', 'sum_regularizer', 'variance_scaling_initializer', 'xavier_initializer', 'xavier_initializer_conv2d']
