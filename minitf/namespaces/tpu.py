"""`tf.tpu`: what builds graphs for TPUs, of which MiniTF has none yet."""

from minitf import lazy

_NAMES = {
    "minitf.api.tpu": (
        "batch_parallel core cross_replica_sum initialize_system outside_compilation replicate "
        "rewrite shard shutdown_system"
    ),
    "minitf.train.cross_shard_optimizer": "CrossShardOptimizer",
    "minitf.variables.bfloat16_scope": "bfloat16_scope",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
