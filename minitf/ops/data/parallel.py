"""Datasets whose elements are made ahead, on threads: mapped, interleaved, prefetched.

What comes out is what comes out without threads, in the same order.

**State** of an iteration that runs ahead: what has been asked for and not yet taken, in order.

**Invariants**
1. At most as many elements are ahead as the dataset says.
2. The threads end with the iteration: when nobody holds it any more, or at its end.

Source: TensorFlow 1.15, `tf.data.Dataset.prefetch`, `map` and `interleave`.
"""

import contextvars
import os
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.errors import invalid
from minitf.grammar import Function
from minitf.op_def import op
from minitf.ops.data.dataset import (
    UNKNOWN_SIZE,
    Dataset,
    Element,
    Elements,
    is_dataset,
    positive,
)
from minitf.ops.data.functional import CAPTURED
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.ops.functions.calls import caller
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import Targuments, TypeList, int32, int64, variant

Array = np.ndarray[Any, Any]

AUTOTUNE = -1
_AUTOTUNED_BUFFER = 4  # elements: enough to hide the making of one behind the use of another


# --- running ahead -------------------------------------------------------------------------------


class _Buffer:
    """Elements that a thread takes from an iteration, up to `size` ahead of who takes them."""

    def __init__(self, source: Iterator[Element], size: int) -> None:
        self._source = source
        self._size = size
        self._ready: deque[tuple[Element | None, BaseException | None]] = deque()
        self._changed = threading.Condition()
        self._is_stopped = False
        self._is_over = False
        self._has_begun = False

    def take(self) -> Element:
        """Return the next element, or raise what came in its place."""
        if not self._has_begun:
            self._has_begun = True
            work = contextvars.copy_context().run  # what is drawn counts to this iteration
            thread = threading.Thread(target=work, args=(self._fill,), name="minitf-prefetch")
            thread.daemon = True
            thread.start()
        with self._changed:
            self._changed.wait_for(lambda: self._ready or self._is_over)
            if not self._ready:
                raise StopIteration
            element, error = self._ready.popleft()
            self._changed.notify_all()
        if error is not None:
            raise error
        assert element is not None
        return element

    def stop(self) -> None:
        """Let the thread end."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    def _fill(self) -> None:
        """Take elements while there is room; the thread's work."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_stopped or len(self._ready) < self._size)
                if self._is_stopped:
                    return
            made: tuple[Element | None, BaseException | None]
            try:
                made = next(self._source), None
            except StopIteration:
                with self._changed:
                    self._is_over = True
                    self._changed.notify_all()
                return
            except BaseException as error:  # noqa: BLE001 whoever takes it is told
                made = None, error
            with self._changed:
                self._ready.append(made)
                self._changed.notify_all()


def prefetched(source: Iterator[Element], size: int) -> Elements:
    """Return an iteration over what a thread takes from another ahead of time."""
    buffer = _Buffer(source, size)
    elements = Elements(buffer.take)
    weakref.finalize(elements, buffer.stop)
    return elements


def mapped(source: Iterator[Element], call: Callable[[Element], Element], threads: int) -> Elements:
    """Return an iteration over what `call` makes of elements, on threads, in order."""
    crew = ThreadPoolExecutor(threads, "minitf-map")
    under_way: deque[Future[Element] | BaseException] = deque()
    is_over = False

    def step() -> Element:
        nonlocal is_over
        while not is_over and len(under_way) < threads:
            try:
                under_way.append(crew.submit(call, next(source)))
            except StopIteration:
                is_over = True
            except BaseException as error:  # noqa: BLE001 it is raised in its turn
                under_way.append(error)
        if not under_way:
            crew.shutdown(wait=False)
            raise StopIteration
        first = under_way.popleft()
        if isinstance(first, BaseException):
            raise first
        return first.result()

    elements = Elements(step)
    weakref.finalize(elements, crew.shutdown, wait=False, cancel_futures=True)
    return elements


def threads_of(number: Array) -> int:
    """Return how many calls may be under way at once.

    Raises:
        InvalidArgumentError: if the number is neither positive nor AUTOTUNE.
    """
    if int(number) == AUTOTUNE:
        return os.cpu_count() or 1
    return positive(number, "num_parallel_calls")


# --- PrefetchDataset -----------------------------------------------------------------------------


@op("PrefetchDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def prefetch_dataset_op(
    input_dataset: variant,
    buffer_size: int64,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    slack_period: int = 0,
    legacy_autotune: bool = True,
    buffer_size_min: int = 0,
    metadata: str = "",
) -> variant:
    """Make a dataset whose elements a thread takes from another before they are asked for.

    Args:
        input_dataset: the other.
        buffer_size: how many elements may be ahead; -1 leaves the choice, 0 is none.
        output_types, output_shapes: of an element.
        slack_period, legacy_autotune, buffer_size_min, metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if the size is below -1.

    Source: 2015 §4.6 (prefetching); TensorFlow's op of the same name.
    """
    size = int(buffer_size)
    if size < AUTOTUNE:
        raise invalid("buffer_size must be >= 0 or set to be -1 (auto)", buffer_size=size)
    size = _AUTOTUNED_BUFFER if size == AUTOTUNE else size

    def begin() -> Iterator[Element]:
        source: Iterator[Element] = input_dataset.begin()
        return prefetched(source, size) if size else source

    return Dataset(output_types, output_shapes, begin, input_dataset.size)


# --- ParallelMapDataset, ParallelMapDatasetV2 ----------------------------------------------------


def parallel_map(
    dataset: Dataset,
    call: Callable[..., list[Any]],
    captured: list[Any],
    number: Array,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    *,
    keeps_size: bool,
) -> Dataset:
    """Return the dataset of what a function makes of each element, several at once.

    Raises:
        InvalidArgumentError: if the number of calls is neither positive nor AUTOTUNE.
    """
    threads = threads_of(number)

    def begin() -> Elements:
        return mapped(dataset.begin(), lambda element: tuple(call(*element, *captured)), threads)

    size = dataset.size if keeps_size else UNKNOWN_SIZE
    return Dataset(output_types, output_shapes, begin, size)


@op(
    "ParallelMapDataset",
    Targuments=CAPTURED,
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def parallel_map_dataset_op(
    input_dataset: variant,
    other_arguments: TypeList[Targuments],
    num_parallel_calls: int32,
    *,
    f: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    use_inter_op_parallelism: bool = True,
    sloppy: bool = False,
    preserve_cardinality: bool = False,
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset of what a function makes of each element, several at once, in order.

    Args:
        input_dataset: whose elements the function gets.
        other_arguments: what it gets besides.
        num_parallel_calls: how many calls may be under way at once; -1 leaves the choice.
        f: the function.
        output_types, output_shapes: of what it gives.
        preserve_cardinality: whether the function is known to end nothing, so that there are as
            many elements as the input has.
        use_inter_op_parallelism, sloppy, metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if the number is neither positive nor -1.

    Source: TensorFlow's op of the same name.
    """
    call = caller(context, f)
    return parallel_map(
        input_dataset,
        call,
        other_arguments,
        num_parallel_calls,
        output_types,
        output_shapes,
        keeps_size=preserve_cardinality,
    )


@op(
    "ParallelMapDatasetV2",
    Targuments=CAPTURED,
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def parallel_map_dataset_v2_op(
    input_dataset: variant,
    other_arguments: TypeList[Targuments],
    num_parallel_calls: int64,
    *,
    f: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    use_inter_op_parallelism: bool = True,
    deterministic: str = "default",
    preserve_cardinality: bool = False,
    use_unbounded_threadpool: bool = False,
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset of what a function makes of each element, several at once, in order.

    Args:
        input_dataset: whose elements the function gets.
        other_arguments: what it gets besides.
        num_parallel_calls: how many calls may be under way at once; -1 leaves the choice.
        f: the function.
        output_types, output_shapes: of what it gives.
        preserve_cardinality: whether the function is known to end nothing, so that there are as
            many elements as the input has.
        use_inter_op_parallelism, deterministic, use_unbounded_threadpool, metadata: accepted for
            compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if the number is neither positive nor -1.

    Source: TensorFlow's op of the same name.
    """
    call = caller(context, f)
    return parallel_map(
        input_dataset,
        call,
        other_arguments,
        num_parallel_calls,
        output_types,
        output_shapes,
        keeps_size=preserve_cardinality,
    )


for _op in (prefetch_dataset_op, parallel_map_dataset_op, parallel_map_dataset_v2_op):
    is_dataset(_op)
