"""Datasets of the elements of another in another order or number: shuffled, repeated, cut.

Source: TensorFlow 1.15, the methods of `tf.data.Dataset`.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.data.dataset import (
    INFINITE,
    Dataset,
    Element,
    Elements,
    is_dataset,
    positive,
)
from minitf.ops.data.shuffling import SeedsOfPasses, Shuffler
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import int64, variant

Array = np.ndarray[Any, Any]

# --- ShuffleDataset, ShuffleAndRepeatDataset -----------------------------------------------------


@op("ShuffleDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def shuffle_dataset_op(
    input_dataset: variant,
    buffer_size: int64,
    seed: int64,
    seed2: int64,
    *,
    reshuffle_each_iteration: bool = True,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset of elements in random order, drawn from a buffer that is kept full.

    Args:
        input_dataset: whose elements they are.
        buffer_size: how many elements wait to be drawn.
        seed: the first seed.
        seed2: the second; both 0 ask for an order that nobody can repeat.
        reshuffle_each_iteration: whether each iteration has an order of its own.
        output_types, output_shapes: of an element.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if the buffer has no size.

    Source: 2015 §4.6 (shuffling); TensorFlow's op of the same name.
    """
    size = positive(buffer_size, "buffer_size")
    seeds = SeedsOfPasses(int(seed), int(seed2), anew=reshuffle_each_iteration)

    def begin() -> Elements:
        return Elements(Shuffler(input_dataset.begin, size, seeds).step)

    return Dataset(output_types, output_shapes, begin, input_dataset.size)


@op("ShuffleAndRepeatDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def shuffle_and_repeat_dataset_op(
    input_dataset: variant,
    buffer_size: int64,
    seed: int64,
    seed2: int64,
    count: int64,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    reshuffle_each_iteration: bool = True,
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset of elements in random order, several times; the buffer stays full between.

    Args:
        input_dataset: whose elements they are.
        buffer_size: how many elements wait to be drawn.
        seed: the first seed.
        seed2: the second; both 0 ask for an order that nobody can repeat.
        count: how often; -1 for without end.
        output_types, output_shapes: of an element.
        reshuffle_each_iteration: whether each iteration has an order of its own.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if the buffer has no size, or `count` is 0 or below -1.

    Source: TensorFlow's op of the same name.
    """
    size, times = positive(buffer_size, "buffer_size"), int(count)
    if times < -1 or not times:
        raise invalid("count must be greater than zero or equal to -1.", count=times)
    seeds = SeedsOfPasses(int(seed), int(seed2), anew=reshuffle_each_iteration)

    def begin() -> Elements:
        return Elements(Shuffler(input_dataset.begin, size, seeds, times).step)

    return Dataset(output_types, output_shapes, begin, _times(input_dataset.size, times))


def _times(size: int, count: int) -> int:
    """Return the size of a dataset that is repeated."""
    if count < 0:
        return INFINITE if size else 0
    return size * count if size >= 0 else size if count else 0


# --- RepeatDataset, TakeDataset, SkipDataset, ShardDataset ---------------------------------------


@op("RepeatDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def repeat_dataset_op(
    input_dataset: variant,
    count: int64,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset of the elements of another, several times.

    Args:
        input_dataset: the other.
        count: how often; negative for without end.
        output_types, output_shapes: of an element.
        metadata: accepted for compatibility.

    Returns:
        The dataset.  One that is empty has no elements however often.

    Source: TensorFlow's op of the same name.
    """
    times = int(count)

    def begin() -> Elements:
        done, found_any = 0, False
        source: Iterator[Element] = iter(())

        def step() -> Element:
            nonlocal done, found_any, source
            while True:
                element = next(source, None)
                if element is not None:
                    found_any = True
                    return element
                if done == times or (done and not found_any):
                    raise StopIteration
                source, found_any = input_dataset.begin(), False
                done += 1

        return Elements(step)

    return Dataset(output_types, output_shapes, begin, _times(input_dataset.size, times))


@op("TakeDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def take_dataset_op(
    input_dataset: variant,
    count: int64,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset of the first elements of another.

    Args:
        input_dataset: the other.
        count: how many; negative for all.
        output_types, output_shapes: of an element.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    most = int(count)
    if most < 0:
        return Dataset(output_types, output_shapes, input_dataset.begin, input_dataset.size)

    def begin() -> Elements:
        source, left = input_dataset.begin(), most

        def step() -> Element:
            nonlocal left
            if not left:
                raise StopIteration
            element = next(source)
            left -= 1
            return element

        return Elements(step)

    size = input_dataset.size
    size = most if size == INFINITE else size if size < 0 else min(size, most)
    return Dataset(output_types, output_shapes, begin, size)


@op("SkipDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def skip_dataset_op(
    input_dataset: variant,
    count: int64,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset of the elements of another but the first ones.

    Args:
        input_dataset: the other.
        count: how many are left out; negative for all.
        output_types, output_shapes: of an element.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    first = int(count)
    if first < 0:
        size = min(input_dataset.size, 0)
        return Dataset(output_types, output_shapes, lambda: iter(()), size)
    size = input_dataset.size
    return Dataset(
        output_types,
        output_shapes,
        lambda: _every(input_dataset.begin(), first, 1),
        max(size - first, 0) if size >= 0 else size,
    )


def _every(source: Iterator[Element], first: int, hop: int) -> Elements:
    """Return every `hop`th element from number `first` on."""
    ahead = first

    def step() -> Element:
        nonlocal ahead
        while ahead:
            next(source)
            ahead -= 1
        element = next(source)
        ahead = hop - 1
        return element

    return Elements(step)


@op("ShardDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def shard_dataset_op(
    input_dataset: variant,
    num_shards: int64,
    index: int64,
    *,
    require_non_empty: bool = False,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset of one of several shares of the elements of another.

    Args:
        input_dataset: the other.
        num_shards: n, how many shares there are.
        index: which share: elements number index, index + n, ...
        require_non_empty: accepted for compatibility.
        output_types, output_shapes: of an element.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if there is no such share.

    Source: TensorFlow's op of the same name.
    """
    shares, number = int(num_shards), int(index)
    if shares <= 0:
        raise invalid(f"Number of shards must be greater than zero (got {shares}).")
    if not 0 <= number < shares:
        raise invalid(
            f"Index must be between 0 and {shares - 1} (currently index = {number}, num_shards = "
            f"{shares})."
        )
    size = input_dataset.size
    return Dataset(
        output_types,
        output_shapes,
        lambda: _every(input_dataset.begin(), number, shares),
        len(range(number, size, shares)) if size >= 0 else size,
    )


for _op in (
    shuffle_dataset_op,
    shuffle_and_repeat_dataset_op,
    repeat_dataset_op,
    take_dataset_op,
    skip_dataset_op,
    shard_dataset_op,
):
    is_dataset(_op)
