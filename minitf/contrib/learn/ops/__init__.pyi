# `tf.contrib.learn.ops`: layers, losses and sequences of the models of TensorFlow 0.8 to 1.0.

from minitf.contrib.learn.ops.losses import mean_squared_error_regressor as mean_squared_error_regressor
from minitf.contrib.learn.ops.losses import softmax_classifier as softmax_classifier
from minitf.contrib.learn.ops.networks import categorical_variable as categorical_variable
from minitf.contrib.learn.ops.networks import conv2d as conv2d
from minitf.contrib.learn.ops.networks import dnn as dnn
from minitf.contrib.learn.ops.networks import dropout as dropout
from minitf.contrib.learn.ops.networks import embedding_lookup as embedding_lookup
from minitf.contrib.learn.ops.networks import one_hot_matrix as one_hot_matrix
from minitf.contrib.learn.ops.networks import split_squeeze as split_squeeze
from minitf.contrib.learn.ops.sequences import rnn_decoder as rnn_decoder
from minitf.contrib.learn.ops.sequences import rnn_seq2seq as rnn_seq2seq
from minitf.contrib.learn.ops.sequences import seq2seq_inputs as seq2seq_inputs
from minitf.contrib.learn.ops.sequences import sequence_classifier as sequence_classifier
__all__ = ['categorical_variable', 'conv2d', 'dnn', 'dropout', 'embedding_lookup', 'mean_squared_error_regressor', 'one_hot_matrix', 'rnn_decoder', 'rnn_seq2seq', 'seq2seq_inputs', 'sequence_classifier', 'softmax_classifier', 'split_squeeze']
