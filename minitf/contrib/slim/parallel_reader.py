"""`tf.contrib.slim.parallel_reader`: several readers that fill one queue.

    key, value = parallel_read(["train-*"], tf.TFRecordReader, num_readers=4)

Source: TensorFlow 1.15's tf.contrib.slim.parallel_reader.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.casting import cast
from minitf.api.framework import name_scope
from minitf.api.math import add_n
from minitf.api.queue_kinds import FIFOQueue, RandomShuffleQueue
from minitf.api.readers import ReaderBase
from minitf.compat.gfile import Glob
from minitf.dtypes import float32, string
from minitf.summary.values import scalar
from minitf.tensor import Tensor
from minitf.train.input_producers import string_input_producer
from minitf.train.queue_runner import QueueRunner, add_queue_runner


class ParallelReader(ReaderBase):
    """Readers that put what they read into one queue, from which `read` takes.

    Args:
        reader_class: makes a reader.
        common_queue: a queue of keys and records.
        num_readers: how many readers there are.
        reader_kwargs: arguments of `reader_class`.

    Raises:
        TypeError: if the queue has other elements than two strings.
    """

    def __init__(
        self,
        reader_class: Callable[..., Any],
        common_queue: Any,
        num_readers: int = 4,
        reader_kwargs: dict[str, Any] | None = None,
    ) -> None:
        kinds = common_queue.dtypes
        if len(kinds) != 2 or not all(kind.is_compatible_with(string) for kind in kinds):
            raise TypeError("common_queue.dtypes must be [tf.string, tf.string]")
        self._readers = [reader_class(**(reader_kwargs or {})) for _ in range(num_readers)]
        self._common_queue = common_queue

    @property
    def num_readers(self) -> int:
        """How many readers there are."""
        return len(self._readers)

    @property
    def common_queue(self) -> Any:
        """The queue that the readers fill."""
        return self._common_queue

    def read(self, queue: Any, name: str | None = None) -> Any:
        """Return the next key and record of the common queue, whose threads are registered.

        Args:
            queue: a queue of the files' names.
            name: name of the operation.
        """
        self._fill(queue)
        return self._common_queue.dequeue(name=name)

    def read_up_to(self, queue: Any, num_records: Any, name: str | None = None) -> Any:
        """Return up to so many keys and records of the common queue.

        Args:
            queue: a queue of the files' names.
            num_records: how many.
            name: name of the operation.
        """
        self._fill(queue)
        return self._common_queue.dequeue_up_to(num_records, name)

    def num_records_produced(self, name: str | None = None) -> Tensor:
        """Return how many records all readers have read."""
        return add_n([each.num_records_produced() for each in self._readers], name=name)

    def num_work_units_completed(self, name: str | None = None) -> Tensor:
        """Return how many files all readers have read to their ends."""
        return add_n([each.num_work_units_completed() for each in self._readers], name=name)

    def _fill(self, queue: Any) -> None:
        enqueues = [self._common_queue.enqueue(each.read(queue)) for each in self._readers]
        add_queue_runner(QueueRunner(self._common_queue, enqueues))


def parallel_read(
    data_sources: Any,
    reader_class: Callable[..., Any],
    num_epochs: int | None = None,
    num_readers: int = 4,
    reader_kwargs: dict[str, Any] | None = None,
    shuffle: bool = True,
    dtypes: Sequence[Any] | None = None,
    capacity: int = 256,
    min_after_dequeue: int = 128,
    seed: int | None = None,
    scope: str | None = None,
) -> Any:
    """Return the next key and record of files that several readers read at once.

    Args:
        data_sources: files: a path, a pattern, or a list of them.
        reader_class: makes a reader.
        num_epochs: how often each file is read; without end if None.
        num_readers: how many readers there are.
        reader_kwargs: arguments of `reader_class`.
        shuffle: whether files and records come in random order.
        dtypes: of key and record; strings if None.
        capacity: how many records wait at most.
        min_after_dequeue: how many stay behind when one leaves.
        seed: seed of the random order.
        scope: name of the name scope.

    Raises:
        ValueError: if there are no files.
    """
    files = get_data_files(data_sources)
    with name_scope(scope, "parallel_read"):
        names = string_input_producer(
            files, num_epochs=num_epochs, shuffle=shuffle, seed=seed, name="filenames"
        )
        kinds = list(dtypes or (string, string))
        queue: Any
        if shuffle:
            queue = RandomShuffleQueue(
                capacity=capacity,
                min_after_dequeue=min_after_dequeue,
                dtypes=kinds,
                seed=seed,
                name="common_queue",
            )
        else:
            queue = FIFOQueue(capacity=capacity, dtypes=kinds, name="common_queue")
        scalar(f"fraction_of_{capacity}_full", cast(queue.size(), float32) * (1.0 / capacity))
        reader = ParallelReader(reader_class, queue, num_readers, reader_kwargs)
        return reader.read(names)


def single_pass_read(
    data_sources: Any,
    reader_class: Callable[..., Any],
    reader_kwargs: dict[str, Any] | None = None,
    scope: str | None = None,
) -> Any:
    """Return the next key and record of files that one reader reads once, in order.

    Args:
        data_sources: files: a path, a pattern, or a list of them.
        reader_class: makes a reader.
        reader_kwargs: arguments of `reader_class`.
        scope: name of the name scope.

    Raises:
        ValueError: if there are no files.
    """
    files = get_data_files(data_sources)
    with name_scope(scope, "single_pass_read"):
        names = string_input_producer(
            files, num_epochs=1, shuffle=False, capacity=1, name="filenames"
        )
        return reader_class(**(reader_kwargs or {})).read(names)


def get_data_files(data_sources: Any) -> list[str]:
    """Return the paths of files.

    Args:
        data_sources: a path, a pattern with `*`, `?` or `[`, or a list of them.

    Raises:
        ValueError: if there is none.
    """
    if isinstance(data_sources, (list, tuple)):
        files = [path for each in data_sources for path in get_data_files(each)]
    elif any(sign in data_sources for sign in "*?["):
        files = Glob(data_sources)
    else:
        files = [data_sources]
    if not files:
        raise ValueError(f"No data files found in {data_sources}")
    return files
