# `tf.contrib.losses`: losses that take predictions before labels.

from minitf.api.losses import add_loss as add_loss
from minitf.api.losses import get_losses as get_losses
from minitf.api.losses import get_regularization_losses as get_regularization_losses
from minitf.contrib.losses.errors import absolute_difference as absolute_difference
from minitf.contrib.losses.errors import compute_weighted_loss as compute_weighted_loss
from minitf.contrib.losses.errors import cosine_distance as cosine_distance
from minitf.contrib.losses.errors import get_total_loss as get_total_loss
from minitf.contrib.losses.errors import hinge_loss as hinge_loss
from minitf.contrib.losses.errors import log_loss as log_loss
from minitf.contrib.losses.errors import mean_pairwise_squared_error as mean_pairwise_squared_error
from minitf.contrib.losses.errors import mean_squared_error as mean_squared_error
from minitf.contrib.losses.errors import sigmoid_cross_entropy as sigmoid_cross_entropy
from minitf.contrib.losses.errors import softmax_cross_entropy as softmax_cross_entropy
from minitf.contrib.losses.errors import sparse_softmax_cross_entropy as sparse_softmax_cross_entropy
__all__ = ['absolute_difference', 'add_loss', 'compute_weighted_loss', 'cosine_distance', 'get_losses', 'get_regularization_losses', 'get_total_loss', 'hinge_loss', 'log_loss', 'mean_pairwise_squared_error', 'mean_squared_error', 'metric_learning', 'sigmoid_cross_entropy', 'softmax_cross_entropy', 'sparse_softmax_cross_entropy']
