# `tf.contrib`: what the papers or real programs need of TensorFlow 1.x's contributed code.

from minitf.contrib import checkpoint as checkpoint
from minitf.contrib import cudnn_rnn as cudnn_rnn
from minitf.contrib import data as data
from minitf.contrib import distributions as distributions
from minitf.contrib import eager as eager
from minitf.contrib import feature_column as feature_column
from minitf.contrib import framework as framework
from minitf.contrib import graph_editor as graph_editor
from minitf.contrib import layers as layers
from minitf.contrib import learn as learn
from minitf.contrib import legacy_seq2seq as legacy_seq2seq
from minitf.contrib import linalg as linalg
from minitf.contrib import lookup as lookup
from minitf.contrib import losses as losses
from minitf.contrib import metrics as metrics
from minitf.contrib import opt as opt
from minitf.contrib import predictor as predictor
from minitf.contrib import rnn as rnn
from minitf.contrib import seq2seq as seq2seq
from minitf.contrib import signal as signal
from minitf.contrib import learn as skflow
from minitf.contrib import slim as slim
from minitf.contrib import staging as staging
from minitf.contrib import stateless as stateless
from minitf.contrib import summary as summary
from minitf.contrib import tensorboard as tensorboard
from minitf.contrib import tfprof as tfprof
from minitf.contrib import training as training
from minitf.contrib import util as util
__all__ = ['checkpoint', 'cudnn_rnn', 'data', 'distributions', 'eager', 'feature_column', 'framework', 'graph_editor', 'layers', 'learn', 'legacy_seq2seq', 'linalg', 'lookup', 'losses', 'metrics', 'opt', 'predictor', 'rnn', 'seq2seq', 'signal', 'skflow', 'slim', 'staging', 'stateless', 'summary', 'tensorboard', 'tfprof', 'training', 'util']
