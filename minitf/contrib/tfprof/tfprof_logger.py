"""`tf.contrib.tfprof.tfprof_logger`: operation logs."""

from minitf import lazy

_NAMES = {"minitf.profiler.op_log": "write_op_log"}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
