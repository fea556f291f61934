# `tf.contrib.nn`: variants of functions of `tf.nn`.

from minitf.api.nn_conv1d import conv1d_transpose as conv1d_transpose
from minitf.contrib.nn.variants import alpha_dropout as alpha_dropout
from minitf.contrib.nn.variants import deprecated_flipped_sigmoid_cross_entropy_with_logits as deprecated_flipped_sigmoid_cross_entropy_with_logits
from minitf.contrib.nn.variants import deprecated_flipped_softmax_cross_entropy_with_logits as deprecated_flipped_softmax_cross_entropy_with_logits
from minitf.contrib.nn.variants import deprecated_flipped_sparse_softmax_cross_entropy_with_logits as deprecated_flipped_sparse_softmax_cross_entropy_with_logits
from minitf.contrib.nn.variants import nth_element as nth_element
from minitf.contrib.nn.variants import sampled_sparse_softmax_loss as sampled_sparse_softmax_loss
from minitf.contrib.nn.variants import scaled_softplus as scaled_softplus
__all__ = ['alpha_dropout', 'conv1d_transpose', 'deprecated_flipped_sigmoid_cross_entropy_with_logits', 'deprecated_flipped_softmax_cross_entropy_with_logits', 'deprecated_flipped_sparse_softmax_cross_entropy_with_logits', 'nth_element', 'sampled_sparse_softmax_loss', 'scaled_softplus']
