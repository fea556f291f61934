"""`tensorflow.python.tpu.tpu_function`: among how many cores a TPU's batch is divided.

Source: TensorFlow 1.15's module of the same name.
"""

from minitf.api.tpu import TpuContext, get_tpu_context, tpu_shard_context

__all__ = ["TpuContext", "get_tpu_context", "tpu_shard_context"]
