# `tf.contrib.tfprof.tfprof_logger`: operation logs.

from minitf.profiler.op_log import write_op_log as write_op_log
__all__ = ['write_op_log']
