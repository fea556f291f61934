# `tf.contrib.training`: hyperparameters, placement of variables, batches of like length.

from minitf.contrib.training.device_strategies import GreedyLoadBalancingStrategy as GreedyLoadBalancingStrategy
from minitf.contrib.training.device_strategies import RandomStrategy as RandomStrategy
from minitf.contrib.training.device_strategies import byte_size_load_fn as byte_size_load_fn
from minitf.contrib.training.hparam import HParams as HParams
from minitf.contrib.training.hparam import parse_values as parse_values
from minitf.train.input_buckets import bucket as bucket
from minitf.train.input_buckets import bucket_by_sequence_length as bucket_by_sequence_length
__all__ = ['GreedyLoadBalancingStrategy', 'HParams', 'RandomStrategy', 'bucket', 'bucket_by_sequence_length', 'byte_size_load_fn', 'parse_values']
