"""`tf.profiler`: what a graph costs: parameters, floating-point operations, time, memory.

    options = tf.profiler.ProfileOptionBuilder.float_operation()
    tf.profiler.profile(tf.get_default_graph(), options=options).total_float_ops

Source: 2015 §9 (its tools); TensorFlow 1.15's module of the same name.
"""

from minitf import lazy

_NAMES = {
    "minitf.profiler.model_profiler": "Profiler advise profile",
    "minitf.profiler.op_log": "write_op_log",
    "minitf.profiler.options": "ProfileOptionBuilder",
    "minitf.protos": "AdviceProto GraphNodeProto MultiGraphNodeProto OpLogProto",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
