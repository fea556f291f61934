"""`tf.contrib.training`: hyperparameters, and batches of examples of about the same length."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.training.hparam": "HParams parse_values",
    "minitf.train.input_buckets": "bucket bucket_by_sequence_length",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
