# `tf.nn`: building blocks of neural networks.

from minitf.api.elementary import sigmoid as sigmoid
from minitf.api.elementary import tanh as tanh
from minitf.api.nn_activations import crelu as crelu
from minitf.api.nn_activations import elu as elu
from minitf.api.nn_activations import leaky_relu as leaky_relu
from minitf.api.nn_activations import relu as relu
from minitf.api.nn_activations import relu6 as relu6
from minitf.api.nn_activations import selu as selu
from minitf.api.nn_activations import softplus as softplus
from minitf.api.nn_activations import softsign as softsign
from minitf.api.nn_conv import avg_pool as avg_pool
from minitf.api.nn_conv import avg_pool2d as avg_pool2d
from minitf.api.nn_conv import conv2d as conv2d
from minitf.api.nn_conv import conv2d_backprop_filter as conv2d_backprop_filter
from minitf.api.nn_conv import conv2d_backprop_input as conv2d_backprop_input
from minitf.api.nn_conv import conv2d_transpose as conv2d_transpose
from minitf.api.nn_conv import max_pool as max_pool
from minitf.api.nn_conv import max_pool2d as max_pool2d
from minitf.api.nn_layers import bias_add as bias_add
from minitf.api.nn_layers import dropout as dropout
from minitf.api.nn_layers import in_top_k as in_top_k
from minitf.api.nn_layers import relu_layer as relu_layer
from minitf.api.nn_layers import top_k as top_k
from minitf.api.nn_layers import xw_plus_b as xw_plus_b
from minitf.api.nn_layers import zero_fraction as zero_fraction
from minitf.api.nn_losses import l2_loss as l2_loss
from minitf.api.nn_losses import log_poisson_loss as log_poisson_loss
from minitf.api.nn_losses import log_softmax as log_softmax
from minitf.api.nn_losses import sigmoid_cross_entropy_with_logits as sigmoid_cross_entropy_with_logits
from minitf.api.nn_losses import softmax as softmax
from minitf.api.nn_losses import softmax_cross_entropy_with_logits as softmax_cross_entropy_with_logits
from minitf.api.nn_losses import softmax_cross_entropy_with_logits_v2 as softmax_cross_entropy_with_logits_v2
from minitf.api.nn_losses import sparse_softmax_cross_entropy_with_logits as sparse_softmax_cross_entropy_with_logits
from minitf.api.nn_losses import weighted_cross_entropy_with_logits as weighted_cross_entropy_with_logits
__all__ = ['avg_pool', 'avg_pool2d', 'bias_add', 'conv2d', 'conv2d_backprop_filter', 'conv2d_backprop_input', 'conv2d_transpose', 'crelu', 'dropout', 'elu', 'in_top_k', 'l2_loss', 'leaky_relu', 'log_poisson_loss', 'log_softmax', 'max_pool', 'max_pool2d', 'relu', 'relu6', 'relu_layer', 'selu', 'sigmoid', 'sigmoid_cross_entropy_with_logits', 'softmax', 'softmax_cross_entropy_with_logits', 'softmax_cross_entropy_with_logits_v2', 'softplus', 'softsign', 'sparse_softmax_cross_entropy_with_logits', 'tanh', 'top_k', 'weighted_cross_entropy_with_logits', 'xw_plus_b', 'zero_fraction']
