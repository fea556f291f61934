# `tf.contrib.training`: hyperparameters, and batches of examples of about the same length.

from minitf.contrib.training.hparam import HParams as HParams
from minitf.contrib.training.hparam import parse_values as parse_values
from minitf.train.input_buckets import bucket as bucket
from minitf.train.input_buckets import bucket_by_sequence_length as bucket_by_sequence_length
__all__ = ['HParams', 'bucket', 'bucket_by_sequence_length', 'parse_values']
