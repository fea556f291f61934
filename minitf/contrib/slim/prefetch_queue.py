"""`tf.contrib.slim.prefetch_queue`: batches made ahead, by threads of their own.

Source: TensorFlow 1.15's tf.contrib.slim.prefetch_queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from minitf.api.casting import cast
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.queue_kinds import FIFOQueue, PaddingFIFOQueue
from minitf.dtypes import float32
from minitf.summary.values import scalar
from minitf.train.queue_runner import QueueRunner, add_queue_runner


def prefetch_queue(
    tensors: Any,
    capacity: int = 8,
    num_threads: int = 1,
    dynamic_pad: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Return a queue that threads fill with the values of tensors.

    Args:
        tensors: a list of tensors, or a dict of names to them; `dequeue` gives the same.
        capacity: how many values wait at most.
        num_threads: how many threads there are.
        dynamic_pad: whether unknown sizes may differ from value to value.
        shared_name: the queue's name among sessions.
        name: name of the name scope.
    """
    names = list(tensors) if isinstance(tensors, Mapping) else None
    given = list(tensors.values()) if isinstance(tensors, Mapping) else tensors
    with name_scope(name, "prefetch_queue", given):
        given = [convert_to_tensor(each) for each in given]
        kind = PaddingFIFOQueue if dynamic_pad else FIFOQueue
        queue = kind(
            capacity=capacity,
            dtypes=[each.dtype for each in given],
            shapes=[each.shape for each in given],
            names=names,
            shared_name=shared_name,
        )
        values = given if names is None else dict(zip(names, given, strict=True))
        enqueue = queue.enqueue(values)
        add_queue_runner(QueueRunner(queue, [enqueue] * num_threads))
        full = cast(queue.size(), float32) * (1.0 / capacity)
        scalar(f"fraction_of_{capacity}_full", full)
        return queue
