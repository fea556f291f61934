# `tf.contrib.tfprof`: what a graph costs, under the names from before `tf.profiler`.

from minitf.contrib.tfprof import model_analyzer as model_analyzer
from minitf.contrib.tfprof import tfprof_logger as tfprof_logger
__all__ = ['model_analyzer', 'tfprof_logger']
