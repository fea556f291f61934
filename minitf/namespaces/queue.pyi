# `tf.queue`: tensors on their way from steps that make them to steps that use them.

from minitf.api.queue_kinds import FIFOQueue as FIFOQueue
from minitf.api.queue_kinds import PaddingFIFOQueue as PaddingFIFOQueue
from minitf.api.queue_kinds import PriorityQueue as PriorityQueue
from minitf.api.queue_kinds import RandomShuffleQueue as RandomShuffleQueue
from minitf.api.queues import QueueBase as QueueBase
__all__ = ['FIFOQueue', 'PaddingFIFOQueue', 'PriorityQueue', 'QueueBase', 'RandomShuffleQueue']
