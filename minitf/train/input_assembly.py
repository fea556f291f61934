"""How a batch comes about: a queue, a runner that fills it, a summary, and what is dequeued.

The eight functions of `input_batching` describe what they want as a `Batching`; `build` adds the
operations, in TensorFlow's order and under its names.

Source: 2015 §4.6 "Queues"; TensorFlow 1.15's `tf.train.batch` and its like.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from minitf.api.control import no_op
from minitf.api.framework import name_scope
from minitf.api.math import maximum
from minitf.api.queue_kinds import FIFOQueue, PaddingFIFOQueue, RandomShuffleQueue
from minitf.api.queues import QueueBase
from minitf.operation import Operation
from minitf.static_value import constant_value
from minitf.summary.values import scalar
from minitf.tensor import Tensor
from minitf.train import input_elements as elements
from minitf.train.input_producers import fraction
from minitf.train.queue_runner import QueueRunner, add_queue_runner


@dataclass(frozen=True)
class Batching:
    """What one of the functions does with its tensors.

    Attributes:
        lists: the tensors of each thread, or of all.
        like: the user's list or dict, whose form the batches get.
        batch_size: how many elements make a batch.
        queue: (types, shapes) -> the queue.
        fullness: the queue -> name and value of the summary.
        keep_input: whether elements are kept.
        batched: whether the first axis of the tensors counts elements.
        shapes: the shapes of an element's components, None for those that are known.
        smaller: whether the last batch may be smaller.
        threads: how many threads run each list.
    """

    lists: list[list[Any]]
    like: Any
    batch_size: Any
    queue: Callable[[Any, Any], QueueBase]
    fullness: Callable[[QueueBase], tuple[str, Tensor]]
    keep_input: Any
    batched: bool
    shapes: Any
    smaller: bool
    threads: int = 1

    def build(self, name: str | None, function: str) -> Any:
        """Add the operations and the queue runner; return what is dequeued."""
        flat = [tensor for each in self.lists for tensor in each]
        with name_scope(name, function, [*flat, self.keep_input]) as scope:
            lists = [elements.converted(each, function) for each in self.lists]
            keep = elements.checked_keep(self.keep_input, batched=self.batched)
            never = keep.shape.rank == 0 and constant_value(keep) is not None
            never = never and not constant_value(keep)
            batched = self.batched
            if not never:
                chosen = [elements.kept(each, keep, batched=self.batched) for each in lists]
                lists, batched = [each for each, _ in chosen], chosen[0][1]
            dense, components = elements.stored_lists(lists, batched=batched)
            types = elements.types_of(dense)
            queue = self.queue(types, elements.shapes_of(dense, self.shapes, batched=batched))
            put = queue.enqueue_many if batched else queue.enqueue
            enqueues: list[Operation] = [no_op() if never else put(each) for each in dense]
            add_queue_runner(QueueRunner(queue, enqueues * self.threads))
            scalar(*self.fullness(queue))
            take = queue.dequeue_up_to if self.smaller else queue.dequeue_many
            found = elements.restored(take(self.batch_size, name=scope), components)
            return elements.in_form_of(self.like, found)


def in_order(
    capacity: int, *, dynamic_pad: bool, shared_name: str | None
) -> Callable[[Any, Any], QueueBase]:
    """Return what makes a queue that keeps the order."""
    kind = PaddingFIFOQueue if dynamic_pad else FIFOQueue
    return lambda types, shapes: kind(capacity, types, shapes, shared_name=shared_name)


def fullness(capacity: int) -> Callable[[QueueBase], tuple[str, Tensor]]:
    """Return what names and computes how full such a queue is."""
    return lambda queue: (f"fraction_of_{capacity}_full", fraction(queue.size(), capacity))


def shuffled(
    capacity: int, least: int, seed: int | None, shared_name: str | None
) -> Callable[[Any, Any], QueueBase]:
    """Return what makes a queue that shuffles.

    Raises:
        ValueError: if more elements are to stay than there is room for.
    """
    if capacity <= least:
        raise ValueError(f"capacity {capacity} must be bigger than min_after_dequeue {least}.")
    return lambda types, shapes: RandomShuffleQueue(
        capacity, least, types, shapes, seed=seed, shared_name=shared_name
    )


def fullness_over(capacity: int, least: int) -> Callable[[QueueBase], tuple[str, Tensor]]:
    """Return what names and computes how many elements there are above the minimum."""
    room = capacity - least
    return lambda queue: (
        f"fraction_over_{least}_of_{room}_full",
        fraction(maximum(0, queue.size() - least), room),
    )
