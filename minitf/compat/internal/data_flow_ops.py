"""`tensorflow.python.ops.data_flow_ops`: queues, accumulators, staging areas."""

from minitf import lazy

_NAMES = {
    "minitf.api.accumulators": (
        "ConditionalAccumulator ConditionalAccumulatorBase SparseConditionalAccumulator"
    ),
    "minitf.api.barriers": "Barrier",
    "minitf.api.gathering": "dynamic_partition dynamic_stitch",
    "minitf.api.queue_kinds": "FIFOQueue PaddingFIFOQueue PriorityQueue RandomShuffleQueue",
    "minitf.api.queues": "QueueBase",
    "minitf.api.record_input": "RecordInput",
    "minitf.api.staging": "MapStagingArea StagingArea",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
