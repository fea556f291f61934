# `tf.profiler`: what a graph costs: parameters, floating-point operations, time, memory.

from minitf.profiler.model_profiler import Profiler as Profiler
from minitf.profiler.model_profiler import advise as advise
from minitf.profiler.model_profiler import profile as profile
from minitf.profiler.op_log import write_op_log as write_op_log
from minitf.profiler.options import ProfileOptionBuilder as ProfileOptionBuilder
from minitf.protos import AdviceProto as AdviceProto
from minitf.protos import GraphNodeProto as GraphNodeProto
from minitf.protos import MultiGraphNodeProto as MultiGraphNodeProto
from minitf.protos import OpLogProto as OpLogProto
__all__ = ['AdviceProto', 'GraphNodeProto', 'MultiGraphNodeProto', 'OpLogProto', 'ProfileOptionBuilder', 'Profiler', 'advise', 'profile', 'write_op_log']
