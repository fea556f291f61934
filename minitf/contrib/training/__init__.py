"""`tf.contrib.training`: hyperparameters, placement of variables, batches of like length."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.training.device_strategies": (
        "GreedyLoadBalancingStrategy RandomStrategy byte_size_load_fn"
    ),
    "minitf.contrib.training.hparam": "HParams parse_values",
    "minitf.train.input_buckets": "bucket bucket_by_sequence_length",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
