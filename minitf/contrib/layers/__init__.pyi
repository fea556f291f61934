# `tf.contrib.layers`: layers from before `tf.layers`, initial values, regularizers, training.

from minitf.contrib.layers.initializers import variance_scaling_initializer as variance_scaling_initializer
from minitf.contrib.layers.initializers import xavier_initializer as xavier_initializer
from minitf.contrib.layers.initializers import xavier_initializer_conv2d as xavier_initializer_conv2d
from minitf.contrib.layers.layers import convolution2d as conv2d
from minitf.contrib.layers.layers import convolution2d as convolution2d
from minitf.contrib.layers.layers import dropout as dropout
from minitf.contrib.layers.layers import flatten as flatten
from minitf.contrib.layers.layers import fully_connected as fully_connected
from minitf.contrib.layers.layers import linear as linear
from minitf.contrib.layers.layers import relu as relu
from minitf.contrib.layers.normalization import layer_norm as layer_norm
from minitf.contrib.layers.optimizers import OPTIMIZER_CLS_NAMES as OPTIMIZER_CLS_NAMES
from minitf.contrib.layers.optimizers import OPTIMIZER_SUMMARIES as OPTIMIZER_SUMMARIES
from minitf.contrib.layers.optimizers import optimize_loss as optimize_loss
from minitf.contrib.layers.regularizers import apply_regularization as apply_regularization
from minitf.variables.regularizers import l1_l2_regularizer as l1_l2_regularizer
from minitf.variables.regularizers import l1_regularizer as l1_regularizer
from minitf.variables.regularizers import l2_regularizer as l2_regularizer
from minitf.variables.regularizers import sum_regularizer as sum_regularizer
__all__ = ['OPTIMIZER_CLS_NAMES', 'OPTIMIZER_SUMMARIES', 'apply_regularization', 'conv2d', 'convolution2d', 'dropout', 'flatten', 'fully_connected', 'l1_l2_regularizer', 'l1_regularizer', 'l2_regularizer', 'layer_norm', 'linear', 'optimize_loss', 'relu', 'sum_regularizer', 'variance_scaling_initializer', 'xavier_initializer', 'xavier_initializer_conv2d']
