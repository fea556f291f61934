"""Buckets: elements that are alike, such as sentences of similar length, share a batch.

    _, (words, tags) = bucket_by_sequence_length(
        length, [words, tags], batch_size=32, bucket_boundaries=[10, 20, 40], dynamic_pad=True)

Each bucket has a queue.  A batch that is complete goes to the queue at the top, from which batches
are taken.  When the input ends the buckets are closed first, then the top: so nothing is lost that
makes a batch, and with `allow_smaller_final_batch` nothing at all.

TensorFlow keeps these functions in tf.contrib.training.  There an element goes to its bucket
through a branch of a conditional; here it goes as a batch of one or no rows to each.

Source: 2015 §4.6 (queues group inputs of similar length); TensorFlow 1.15's functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from minitf.api.array import expand_dims
from minitf.api.casting import cast
from minitf.api.comparison import less, less_equal, logical_and
from minitf.api.constants import fill
from minitf.api.control import group
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.gathering import dynamic_partition, where
from minitf.api.queue_kinds import FIFOQueue, PaddingFIFOQueue
from minitf.api.queues import QueueBase
from minitf.api.reductions import reduce_min
from minitf.api.sizes import shape as shape_of
from minitf.dtypes import float32, int32
from minitf.errors import CancelledError, OutOfRangeError
from minitf.static_value import constant_value
from minitf.summary.values import scalar
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.train import input_elements as elements
from minitf.train.input_producers import fraction
from minitf.train.queue_runner import QueueRunner, add_queue_runner

_ENDS = (OutOfRangeError, CancelledError)


def bucket(
    tensors: Any,
    which_bucket: Any,
    batch_size: Any,
    num_buckets: int,
    num_threads: int = 1,
    capacity: int = 32,
    bucket_capacities: Sequence[int] | None = None,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    keep_input: Any = True,
    shared_name: str | None = None,
    name: str | None = None,
) -> tuple[Tensor, Any]:
    """Return batches of elements that go into the same bucket.

    Args:
        tensors: a list or dict of tensors, dense or sparse: one element.
        which_bucket: the number of its bucket, an int32 scalar.
        batch_size: how many elements make a batch; a list gives each bucket a number of its own.
        num_buckets: how many buckets there are.
        num_threads: how many threads put elements into buckets.
        capacity: of the queue of batches, and of each bucket unless the next argument says more.
        bucket_capacities: of each bucket.
        shapes: the shape of each component of an element, if it is not known.
        dynamic_pad: whether components may differ in size and are filled up with zeros.
        allow_smaller_final_batch: whether what is left in a bucket at the end is a batch too.
        keep_input: whether the element is kept, a bool scalar.
        shared_name: sessions of one target share the queues of this name.
        name: name of the operations.

    Returns:
        (number of the bucket, batch in the form of `tensors`).

    Raises:
        ValueError: if lists do not have an entry per bucket, or shapes are not known.

    A run raises OutOfRangeError at the end of the input, InvalidArgumentError in a thread that gets
    an element for a bucket that does not exist.
    """
    sizes = list(batch_size) if isinstance(batch_size, (list, tuple)) else None
    if sizes is not None and len(sizes) != num_buckets:
        raise ValueError("If batch_size is a list it must have num_buckets elements")
    capacities = [capacity] * num_buckets if bucket_capacities is None else list(bucket_capacities)
    if len(capacities) != num_buckets:
        raise ValueError(
            f"The list bucket_capacities ({bucket_capacities}) must have exactly num_buckets "
            f"({num_buckets}) elements."
        )
    given = elements.as_list(tensors)
    with name_scope(name, "bucket", given):
        listed = elements.converted(given, "bucket")
        keep = elements.checked_keep(keep_input, batched=False)
        chosen, batched = elements.kept(listed, keep, batched=False)
        dense, components = elements.stored(chosen, batched=batched)
        numbers = [_size(size) for size in sizes or [batch_size] * num_buckets]
        types = elements.types_of([dense])
        known = elements.shapes_of([dense], shapes, batched=batched)
        which = convert_to_tensor(which_bucket, dtype=int32, name="which_bucket")
        kind = PaddingFIFOQueue if dynamic_pad else FIFOQueue
        queues = [
            kind(
                capacities[i],
                types,
                known,
                shared_name=None if shared_name is None else f"{shared_name}_{i}",
                name=f"bucket_queue_{i}",
            )
            for i in range(num_buckets)
        ]
        is_static = sizes is None and not allow_smaller_final_batch
        rows = numbers[0] if is_static and isinstance(numbers[0], int) else None
        batch_shapes = [TensorShape([rows]).concatenate(each) for each in queues[0].shapes]
        top = PaddingFIFOQueue(
            capacity,
            [int32, *types],
            [TensorShape([]), *batch_shapes],
            shared_name=shared_name,
            name="top_queue",
        )
        _add_runners(
            queues,
            top,
            puts=[_into_buckets(dense, which, queues, batched=batched)] * num_threads,
            moves=[
                _to_top(queue, i, number, top, smaller=allow_smaller_final_batch)
                for i, (queue, number) in enumerate(zip(queues, numbers, strict=True))
            ],
        )
        for queue in queues:
            scalar(f"bucket/{queue.name}/size", cast(queue.size(), float32))
        scalar(f"bucket/{top.name}/fraction_of_{capacity}_full", fraction(top.size(), capacity))
        number, *found = top.dequeue(name="dequeue_top")
        restored = elements.restored(found, components)
        return number, elements.in_form_of(tensors, restored)


def _size(size: Any) -> Any:
    """Return a batch size as an int if it is known, else as a Tensor."""
    number = convert_to_tensor(size, dtype=int32, name="batch_size")
    value = constant_value(number)
    return number if value is None else int(value)


def _into_buckets(tensors: list[Tensor], which: Tensor, queues: list[Any], *, batched: bool) -> Any:
    """Return an operation that puts an element into its bucket: one row to it, none to others."""
    parts = []
    for tensor in tensors:
        row = tensor if batched else expand_dims(tensor, 0)
        places = fill(shape_of(row)[:1], which)
        parts.append(dynamic_partition(row, places, num_partitions=len(queues)))
    puts = [queue.enqueue_many([each[i] for each in parts]) for i, queue in enumerate(queues)]
    return group(*puts, name="group_enqueues")


def _to_top(queue: QueueBase, index: int, size: Any, top: QueueBase, *, smaller: bool) -> Any:
    """Return an operation that moves a batch from a bucket to the top."""
    take = queue.dequeue_up_to if smaller else queue.dequeue_many
    found = take(size, name=f"read_bucket_{index}")
    batch = found if isinstance(found, list) else [found]
    return top.enqueue([index, *batch], name=f"enqueue_from_bucket_{index}")


def _add_runners(queues: list[Any], top: QueueBase, puts: list[Any], moves: list[Any]) -> None:
    """Add the runners: when `puts` end all buckets are closed, when `moves` have ended the top."""
    closes = group(*[queue.close() for queue in queues], name="close_buckets")
    cancels = group(
        *[queue.close(cancel_pending_enqueues=True) for queue in queues], name="cancel_buckets"
    )
    add_queue_runner(QueueRunner(queues[0], puts, closes, cancels, _ENDS))
    add_queue_runner(QueueRunner(top, moves, queue_closed_exception_types=_ENDS))


def bucket_by_sequence_length(
    input_length: Any,
    tensors: Any,
    batch_size: Any,
    bucket_boundaries: Any,
    num_threads: int = 1,
    capacity: int = 32,
    bucket_capacities: Sequence[int] | None = None,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    keep_input: Any = True,
    shared_name: str | None = None,
    name: str | None = None,
) -> tuple[Tensor, Any]:
    """Return batches of elements of similar length.

    Args:
        input_length: the element's length, an int32 scalar.
        bucket_boundaries: increasing lengths, at each of which a bucket ends and the next begins.
        tensors, batch_size, num_threads, capacity, bucket_capacities, shapes, dynamic_pad,
            allow_smaller_final_batch, keep_input, shared_name, name: as of `bucket`.

    Returns:
        (lengths, batch in the form of `tensors`).

    Raises:
        TypeError: if the boundaries are not a list of ints.
        ValueError: if there are none, or they do not increase.
    """
    if not isinstance(bucket_boundaries, (list, tuple)):
        raise TypeError(
            f"bucket_boundaries must be a list or tuple, but received: {bucket_boundaries}"
        )
    if not bucket_boundaries:
        raise ValueError("bucket_boundaries must not be empty")
    for low, high in pairwise(bucket_boundaries):
        if not isinstance(low, int) or not isinstance(high, int):
            raise TypeError(f"bucket boundaries must be integers, but saw: {low} and {high}")
        if low >= high:
            raise ValueError(
                f"Buckets must contain sequential increasing lengths, but saw: {low} before {high}"
            )
    given = elements.as_list(tensors)
    with name_scope(name, "bucket_by_sequence_length", [input_length, *given]):
        length = convert_to_tensor(input_length, dtype=int32, name="input_length")
        limits = np.iinfo(np.int32)
        is_in = logical_and(
            less_equal([int(limits.min), *bucket_boundaries], length),
            less(length, [*bucket_boundaries, int(limits.max)]),
        )
        which = cast(reduce_min(where(is_in)), int32)
        _, found = bucket(
            [length, *given],
            which,
            batch_size,
            len(bucket_boundaries) + 1,
            num_threads,
            capacity,
            bucket_capacities,
            None if shapes is None else [TensorShape([]), *shapes],
            dynamic_pad,
            allow_smaller_final_batch,
            keep_input,
            shared_name,
        )
        lengths, *batch = found
        return lengths, elements.in_form_of(tensors, batch)
