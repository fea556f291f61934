"""`tf.queue`: tensors on their way from steps that make them to steps that use them."""

from minitf import lazy

_NAMES = {
    "minitf.api.queue_kinds": "FIFOQueue PaddingFIFOQueue PriorityQueue RandomShuffleQueue",
    "minitf.api.queues": "QueueBase",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
