"""Batches of elements that come one by one: in order or shuffled, from one thread or several.

    image, label = read_and_decode(files)              # one element in each run
    images, labels = tf.train.shuffle_batch(
        [image, label], batch_size=32, capacity=2000, min_after_dequeue=1000, num_threads=4)

Each function makes a queue, a queue runner that fills it (`tf.train.start_queue_runners` starts
it), a summary of how full it is, and returns what is dequeued: batches in the form of the tensors
given.  `batch` and `shuffle_batch` run one operation in several threads, the `..._join` functions
one thread per list of tensors; the `maybe_...` functions drop elements.

Source: 2015 §4.6 "Queues"; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf.train.input_assembly import Batching, fullness, fullness_over, in_order, shuffled
from minitf.train.input_elements import as_list, as_lists

# --- in order -------------------------------------------------------------------------------------


def batch(
    tensors: Any,
    batch_size: Any,
    num_threads: int = 1,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Return batches of tensors, in the order in which they come.

    Args:
        tensors: a list or dict of tensors, dense or sparse: one element, or with `enqueue_many`
            several along the first axis.
        batch_size: how many elements make a batch.
        num_threads: how many threads fill the queue; with several the order is not kept.
        capacity: of the queue.
        enqueue_many: whether the first axis of the tensors counts elements.
        shapes: the shape of each component of an element, if it is not known.
        dynamic_pad: whether components may differ in size and are filled up with zeros.
        allow_smaller_final_batch: whether what is left at the end is a batch too.
        shared_name: sessions of one target share the queue of this name.
        name: name of the operations.

    Returns:
        The batch, in the form of `tensors`.

    Raises:
        ValueError: if shapes are not known and must be.

    A run raises OutOfRangeError at the end of the input.
    """
    return maybe_batch(
        tensors,
        True,
        batch_size,
        num_threads,
        capacity,
        enqueue_many,
        shapes,
        dynamic_pad,
        allow_smaller_final_batch,
        shared_name,
        name,
    )


def maybe_batch(
    tensors: Any,
    keep_input: Any,
    batch_size: Any,
    num_threads: int = 1,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Do as `batch` with the elements that are to be kept.

    Args:
        keep_input: a bool, or with `enqueue_many` one for each element.
        tensors, batch_size, num_threads, capacity, enqueue_many, shapes, dynamic_pad,
            allow_smaller_final_batch, shared_name, name: as of `batch`.
    """
    return Batching(
        [as_list(tensors)],
        tensors,
        batch_size,
        in_order(capacity, dynamic_pad=dynamic_pad, shared_name=shared_name),
        fullness(capacity),
        keep_input,
        enqueue_many,
        shapes,
        allow_smaller_final_batch,
        num_threads,
    ).build(name, "batch")


def batch_join(
    tensors_list: Any,
    batch_size: Any,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Return batches of tensors that several threads make, each its own.

    Args:
        tensors_list: lists or dicts of tensors of the same types; each gets a thread.
        batch_size, capacity, enqueue_many, shapes, dynamic_pad, allow_smaller_final_batch,
            shared_name, name: as of `batch`.

    Returns:
        The batch, in the form of the first of `tensors_list`.

    Raises:
        ValueError, TypeError: if the lists do not fit each other.
    """
    return maybe_batch_join(
        tensors_list,
        True,
        batch_size,
        capacity,
        enqueue_many,
        shapes,
        dynamic_pad,
        allow_smaller_final_batch,
        shared_name,
        name,
    )


def maybe_batch_join(
    tensors_list: Any,
    keep_input: Any,
    batch_size: Any,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Do as `batch_join` with the elements that are to be kept.

    Args:
        keep_input: a bool, or with `enqueue_many` one for each element.
        tensors_list, batch_size, capacity, enqueue_many, shapes, dynamic_pad,
            allow_smaller_final_batch, shared_name, name: as of `batch_join`.
    """
    return Batching(
        as_lists(tensors_list),
        tensors_list[0],
        batch_size,
        in_order(capacity, dynamic_pad=dynamic_pad, shared_name=shared_name),
        fullness(capacity),
        keep_input,
        enqueue_many,
        shapes,
        allow_smaller_final_batch,
    ).build(name, "batch_join")


# --- shuffled -------------------------------------------------------------------------------------


def shuffle_batch(
    tensors: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    num_threads: int = 1,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Return batches of tensors in random order.

    Args:
        min_after_dequeue: how many elements stay in the queue, so that there is a choice.
        seed: fixes the order.
        tensors, batch_size, capacity, num_threads, enqueue_many, shapes,
            allow_smaller_final_batch, shared_name, name: as of `batch`.

    Raises:
        ValueError: if shapes are not known, or the capacity is too small.

    A run raises OutOfRangeError at the end of the input.
    """
    return maybe_shuffle_batch(
        tensors,
        batch_size,
        capacity,
        min_after_dequeue,
        True,
        num_threads,
        seed,
        enqueue_many,
        shapes,
        allow_smaller_final_batch,
        shared_name,
        name,
    )


def maybe_shuffle_batch(
    tensors: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    keep_input: Any,
    num_threads: int = 1,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Do as `shuffle_batch` with the elements that are to be kept.

    Args:
        keep_input: a bool, or with `enqueue_many` one for each element.
        tensors, batch_size, capacity, min_after_dequeue, num_threads, seed, enqueue_many, shapes,
            allow_smaller_final_batch, shared_name, name: as of `shuffle_batch`.
    """
    return Batching(
        [as_list(tensors)],
        tensors,
        batch_size,
        shuffled(capacity, min_after_dequeue, seed, shared_name),
        fullness_over(capacity, min_after_dequeue),
        keep_input,
        enqueue_many,
        shapes,
        allow_smaller_final_batch,
        num_threads,
    ).build(name, "shuffle_batch")


def shuffle_batch_join(
    tensors_list: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Return batches, in random order, of tensors that several threads make, each its own.

    Args:
        tensors_list: lists or dicts of tensors of the same types; each gets a thread.
        batch_size, capacity, min_after_dequeue, seed, enqueue_many, shapes,
            allow_smaller_final_batch, shared_name, name: as of `shuffle_batch`.
    """
    return maybe_shuffle_batch_join(
        tensors_list,
        batch_size,
        capacity,
        min_after_dequeue,
        True,
        seed,
        enqueue_many,
        shapes,
        allow_smaller_final_batch,
        shared_name,
        name,
    )


def maybe_shuffle_batch_join(
    tensors_list: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    keep_input: Any,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Do as `shuffle_batch_join` with the elements that are to be kept.

    Args:
        keep_input: a bool, or with `enqueue_many` one for each element.
        tensors_list, batch_size, capacity, min_after_dequeue, seed, enqueue_many, shapes,
            allow_smaller_final_batch, shared_name, name: as of `shuffle_batch_join`.
    """
    return Batching(
        as_lists(tensors_list),
        tensors_list[0],
        batch_size,
        shuffled(capacity, min_after_dequeue, seed, shared_name),
        fullness_over(capacity, min_after_dequeue),
        keep_input,
        enqueue_many,
        shapes,
        allow_smaller_final_batch,
    ).build(name, "shuffle_batch_join")
