# `tf.tpu`: what builds graphs for TPUs, of which MiniTF has none yet.

from minitf.api.tpu import batch_parallel as batch_parallel
from minitf.api.tpu import core as core
from minitf.api.tpu import cross_replica_sum as cross_replica_sum
from minitf.api.tpu import initialize_system as initialize_system
from minitf.api.tpu import outside_compilation as outside_compilation
from minitf.api.tpu import replicate as replicate
from minitf.api.tpu import rewrite as rewrite
from minitf.api.tpu import shard as shard
from minitf.api.tpu import shutdown_system as shutdown_system
from minitf.train.cross_shard_optimizer import CrossShardOptimizer as CrossShardOptimizer
from minitf.variables.bfloat16_scope import bfloat16_scope as bfloat16_scope
__all__ = ['CrossShardOptimizer', 'batch_parallel', 'bfloat16_scope', 'core', 'cross_replica_sum', 'initialize_system', 'outside_compilation', 'replicate', 'rewrite', 'shard', 'shutdown_system']
