"""Rows of arrays, fed through a queue.

    arrays -> threads that feed placeholders -> enqueue_many -> queue -> dequeue

**State** of `RowFeed`: the next row, and how many epochs are over.

**Invariants**
1. An epoch gives every row once, from the first row of the feed on, around the end of the arrays.
2. Without shuffling a feed starts at row 0 and one thread gives the rows in order.

Source: TensorFlow 1.15's feeding functions; 2015 §4.6 "Queues".
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.api.casting import cast
from minitf.api.constants import placeholder
from minitf.api.framework import name_scope
from minitf.api.math import maximum
from minitf.api.queue_kinds import FIFOQueue, RandomShuffleQueue
from minitf.errors import CancelledError, OutOfRangeError
from minitf.summary.values import scalar
from minitf.train.queue_runner import QueueRunner, add_queue_runner

Array = np.ndarray[Any, Any]
_LOG = logging.getLogger("tensorflow")


class RowFeed:
    """What the placeholders of one thread are fed: rows, batch by batch.

    Args:
        placeholders: for the numbers of the rows, then for each column.
        columns: the arrays, of one length.
        batch_size: how many rows at a time; the last batch of all may have fewer.
        shuffle: whether to start anywhere.
        num_epochs: how often each row is given; for ever if None.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        placeholders: Sequence[Any],
        columns: Sequence[Array],
        batch_size: int,
        shuffle: bool,
        num_epochs: int | None,
    ) -> None:
        self._placeholders = placeholders
        self._columns = columns
        self._rows = len(columns[0])
        self._batch_size = batch_size
        self._first = random.randrange(self._rows) if shuffle else 0
        self._left = None if num_epochs is None else num_epochs * self._rows
        self._given = 0
        self._lock = threading.Lock()

    def __call__(self) -> dict[Any, Array]:
        """Return the feeds of the next batch.

        Raises:
            OutOfRangeError: if the epochs are over.
        """
        with self._lock:
            count = self._batch_size
            if self._left is not None:
                count = min(count, self._left - self._given)
            if count <= 0:
                raise OutOfRangeError(None, None, "Already emitted all epochs.")
            start = self._first + self._given
            self._given += count
        rows = np.arange(start, start + count) % self._rows
        values = (rows, *(column[rows] for column in self._columns))
        return dict(zip(self._placeholders, values, strict=True))


class FeedingQueueRunner(QueueRunner):
    """A queue runner whose operations are fed.

    Args:
        queue: the queue.
        enqueue_ops: operations that put elements into it; each gets a thread.
        feeds: for each the function that gives its feeds.

    Source: TensorFlow 1.15's class of the same name.
    """

    def __init__(self, queue: Any, enqueue_ops: Sequence[Any], feeds: Sequence[RowFeed]) -> None:
        super().__init__(
            queue, enqueue_ops, queue_closed_exception_types=(OutOfRangeError, CancelledError)
        )
        self._feeds = dict(zip(enqueue_ops, feeds, strict=True))

    def _callable(self, sess: Any, enqueue_op: Any) -> Callable[[], Any]:
        feed = self._feeds[enqueue_op]
        return lambda: sess.run(enqueue_op, feed_dict=feed())

    def to_proto(self, export_scope: str | None = None) -> Any:
        """Return None: a file cannot hold what its placeholders are fed."""
        return


def queue_of_rows(
    columns: Mapping[Any, Array],
    capacity: int,
    shuffle: bool,
    num_threads: int,
    batch_size: int,
    num_epochs: int | None,
    min_after_dequeue: int | None = None,
) -> Any:
    """Return a queue of rows: their numbers, and then the columns.

    Args:
        columns: array by name, all of one length.
        capacity: how many rows the queue holds.
        shuffle: whether it gives them in any order.
        num_threads: how many threads fill it.
        batch_size: how many rows a thread enqueues at a time.
        num_epochs: how often a thread gives each row; for ever if None.
        min_after_dequeue: how many rows stay in a shuffling queue; a quarter of `capacity` if None.
    """
    with name_scope("enqueue_input"):
        arrays = list(columns.values())
        types = [dtypes.int64, *(_type_of(array) for array in arrays)]
        shapes = [(), *(array.shape[1:] for array in arrays)]
        _warn_of_order(shuffle, num_threads, num_epochs)
        staying = 0
        if shuffle:
            staying = int(capacity / 4 if min_after_dequeue is None else min_after_dequeue)
            queue: Any = RandomShuffleQueue(capacity, staying, types, shapes)
        else:
            queue = FIFOQueue(capacity, types, shapes)
        enqueues, feeds = [], []
        for _ in range(num_threads):
            placeholders = [placeholder(each) for each in types]
            enqueues.append(queue.enqueue_many(placeholders))
            feeds.append(RowFeed(placeholders, arrays, batch_size, shuffle, num_epochs))
        add_queue_runner(FeedingQueueRunner(queue, enqueues, feeds))
        above = capacity - staying
        full = cast(maximum(0, queue.size() - staying), dtypes.float32) * (1.0 / above)
        scalar(f"queue/{queue.name}fraction_over_{staying}_of_{above}_full", full)
        return queue


def _type_of(array: Array) -> dtypes.DType:
    return dtypes.string if array.dtype.kind in "OSU" else dtypes.as_dtype(array.dtype)


def _warn_of_order(shuffle: bool, num_threads: int, num_epochs: int | None) -> None:
    if num_threads == 1:
        return
    if num_epochs is not None:
        _LOG.warning(
            "enqueue_data was called with num_epochs and num_threads > 1. num_epochs is applied "
            "per thread, so this will produce more epochs than you probably intend. If you want to "
            "limit epochs, use one thread."
        )
    if not shuffle:
        _LOG.warning(
            "enqueue_data was called with shuffle=False and num_threads > 1. This will create "
            "multiple threads, all reading the array/dataframe in order. If you want examples read "
            "in order, use one thread; if you want multiple threads, enable shuffling."
        )
