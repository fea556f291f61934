"""`tf.contrib.tpu`: TPUEstimators, which run on the CPU, and what builds graphs for TPUs."""

from minitf import lazy

_NAMES = {
    "minitf.api.tpu": (
        "batch_parallel core cross_replica_sum initialize_system outside_compilation replicate "
        "rewrite shard shutdown_system"
    ),
    "minitf.contrib.async_checkpoint": "AsyncCheckpointSaverHook",
    "minitf.estimator.tpu.settings": "InputPipelineConfig RunConfig TPUConfig",
    "minitf.estimator.tpu.spec": "TPUEstimatorSpec",
    "minitf.estimator.tpu.tpu_estimator": "TPUEstimator export_estimator_savedmodel",
    "minitf.train.cross_shard_optimizer": "CrossShardOptimizer",
    "minitf.variables.bfloat16_scope": "bfloat16_scope",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
