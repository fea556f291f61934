# `tf.contrib.tpu`: TPUEstimators, which run on the CPU, and what builds graphs for TPUs.

from minitf.api.tpu import batch_parallel as batch_parallel
from minitf.api.tpu import core as core
from minitf.api.tpu import cross_replica_sum as cross_replica_sum
from minitf.api.tpu import initialize_system as initialize_system
from minitf.api.tpu import outside_compilation as outside_compilation
from minitf.api.tpu import replicate as replicate
from minitf.api.tpu import rewrite as rewrite
from minitf.api.tpu import shard as shard
from minitf.api.tpu import shutdown_system as shutdown_system
from minitf.contrib.async_checkpoint import AsyncCheckpointSaverHook as AsyncCheckpointSaverHook
from minitf.estimator.tpu.settings import InputPipelineConfig as InputPipelineConfig
from minitf.estimator.tpu.settings import RunConfig as RunConfig
from minitf.estimator.tpu.settings import TPUConfig as TPUConfig
from minitf.estimator.tpu.spec import TPUEstimatorSpec as TPUEstimatorSpec
from minitf.estimator.tpu.tpu_estimator import TPUEstimator as TPUEstimator
from minitf.estimator.tpu.tpu_estimator import export_estimator_savedmodel as export_estimator_savedmodel
from minitf.train.cross_shard_optimizer import CrossShardOptimizer as CrossShardOptimizer
from minitf.variables.bfloat16_scope import bfloat16_scope as bfloat16_scope
__all__ = ['AsyncCheckpointSaverHook', 'CrossShardOptimizer', 'InputPipelineConfig', 'RunConfig', 'TPUConfig', 'TPUEstimator', 'TPUEstimatorSpec', 'batch_parallel', 'bfloat16_scope', 'core', 'cross_replica_sum', 'export_estimator_savedmodel', 'initialize_system', 'outside_compilation', 'replicate', 'rewrite', 'shard', 'shutdown_system']
