# `tf.contrib.layers`: layers from before `tf.layers`, columns, initial values, training.

from minitf.contrib.layers.feature_columns import create_feature_spec_for_parsing as create_feature_spec_for_parsing
from minitf.contrib.layers.feature_columns import crossed_column as crossed_column
from minitf.contrib.layers.feature_columns import one_hot_column as one_hot_column
from minitf.contrib.layers.feature_columns import real_valued_column as real_valued_column
from minitf.contrib.layers.feature_columns import sparse_column_with_hash_bucket as sparse_column_with_hash_bucket
from minitf.contrib.layers.feature_columns import sparse_column_with_integerized_feature as sparse_column_with_integerized_feature
from minitf.contrib.layers.feature_columns import sparse_column_with_keys as sparse_column_with_keys
from minitf.contrib.layers.feature_columns import sparse_column_with_vocabulary_file as sparse_column_with_vocabulary_file
from minitf.contrib.layers.feature_columns import weighted_sparse_column as weighted_sparse_column
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
from minitf.feature_column.embeddings import embedding_column as embedding_column
from minitf.feature_column.numeric import bucketized_column as bucketized_column
from minitf.variables.regularizers import l1_l2_regularizer as l1_l2_regularizer
from minitf.variables.regularizers import l1_regularizer as l1_regularizer
from minitf.variables.regularizers import l2_regularizer as l2_regularizer
from minitf.variables.regularizers import sum_regularizer as sum_regularizer
__all__ = ['OPTIMIZER_CLS_NAMES', 'OPTIMIZER_SUMMARIES', 'apply_regularization', 'bucketized_column', 'conv2d', 'convolution2d', 'create_feature_spec_for_parsing', 'crossed_column', 'dropout', 'embedding_column', 'flatten', 'fully_connected', 'l1_l2_regularizer', 'l1_regularizer', 'l2_regularizer', 'layer_norm', 'linear', 'one_hot_column', 'optimize_loss', 'real_valued_column', 'relu', 'sparse_column_with_hash_bucket', 'sparse_column_with_integerized_feature', 'sparse_column_with_keys', 'sparse_column_with_vocabulary_file', 'sum_regularizer', 'variance_scaling_initializer', 'weighted_sparse_column', 'xavier_initializer', 'xavier_initializer_conv2d']
