"""`tf.config.threading`: how many threads sessions use."""

from minitf import lazy

_NAMES = {
    "minitf.session.settings": (
        "get_inter_op_parallelism_threads get_intra_op_parallelism_threads "
        "set_inter_op_parallelism_threads set_intra_op_parallelism_threads"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
