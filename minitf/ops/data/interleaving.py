"""Datasets of the elements of several at once, some from each in turn.

**State** of an iteration
- `_open`: the datasets in work, one for each place of the cycle; None where a place is empty.
- `_place`, `_taken`: whose turn it is, and how many of its elements it has given in this turn.

**Invariant**: a place whose dataset is over is filled from the input when its turn comes next, and
the turn goes on to the next place meanwhile.

Worked example: cycle 2, block 1, the datasets of 1 to 3 repeat their number twice:

    1 2 1 2 3 3

Source: TensorFlow 1.15, `tf.data.Dataset.interleave`.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.errors import invalid
from minitf.grammar import Function
from minitf.op_def import op
from minitf.ops.data.dataset import Dataset, Element, Elements, is_dataset, positive
from minitf.ops.data.functional import CAPTURED
from minitf.ops.data.parallel import AUTOTUNE, prefetched
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.ops.functions.calls import caller
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import Targuments, TypeList, int64, variant
from minitf.symbols import bool as boolean

Array = np.ndarray[Any, Any]


class _Interleaving:
    """One iteration over elements of several datasets in turn."""

    def __init__(
        self,
        source: Iterator[Element],
        open_dataset: Callable[[Element], Iterator[Element]],
        cycle: int,
        block: int,
    ) -> None:
        self._source = source
        self._open_dataset = open_dataset
        self._open: list[Iterator[Element] | None] = [None] * cycle
        self._block = block
        self._place = 0
        self._taken = 0
        self._is_over = False  # the input is

    def step(self) -> Element:
        """Return the next element."""
        while not self._is_over or any(each is not None for each in self._open):
            present = self._open[self._place]
            if present is not None:
                element = next(present, None)
                if element is not None:
                    self._taken += 1
                    if self._taken == self._block:
                        self._turn()
                    return element
                self._open[self._place] = None
                self._turn()
            elif self._is_over:
                self._turn()
            else:
                self._fill()
        raise StopIteration

    def _turn(self) -> None:
        self._place = (self._place + 1) % len(self._open)
        self._taken = 0

    def _fill(self) -> None:
        element = next(self._source, None)
        if element is None:
            self._is_over = True
        else:
            self._open[self._place] = self._open_dataset(element)


def _interleaved(
    dataset: Dataset,
    call: Callable[..., list[Any]],
    captured: list[Any],
    cycle_length: Array,
    block_length: Array,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    ahead: int = 0,
) -> Dataset:
    """Return the dataset; each of the datasets in work may run `ahead` by some elements."""
    block = positive(block_length, "block_length")
    cycle = int(cycle_length)
    cycle = os.cpu_count() or 1 if cycle == AUTOTUNE else positive(cycle_length, "cycle_length")

    def open_dataset(element: Element) -> Iterator[Element]:
        source: Iterator[Element] = call(*element, *captured)[0].begin()
        return prefetched(source, ahead) if ahead else source

    def begin() -> Elements:
        return Elements(_Interleaving(dataset.begin(), open_dataset, cycle, block).step)

    return Dataset(output_types, output_shapes, begin)


@op(
    "InterleaveDataset",
    Targuments=CAPTURED,
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def interleave_dataset_op(
    input_dataset: variant,
    other_arguments: TypeList[Targuments],
    cycle_length: int64,
    block_length: int64,
    *,
    f: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset that takes elements in turn from the datasets that a function makes.

    Args:
        input_dataset: whose elements the function gets.
        other_arguments: what it gets besides.
        cycle_length: how many datasets are in work at once; -1 leaves the choice.
        block_length: how many elements one gives in its turn.
        f: gives a dataset.
        output_types, output_shapes: of an element of those.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if a length is not positive.

    Source: TensorFlow's op of the same name.
    """
    return _interleaved(
        input_dataset,
        caller(context, f),
        other_arguments,
        cycle_length,
        block_length,
        output_types,
        output_shapes,
    )


@op(
    "ParallelInterleaveDatasetV2",
    Targuments=CAPTURED,
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def parallel_interleave_dataset_v2_op(
    input_dataset: variant,
    other_arguments: TypeList[Targuments],
    cycle_length: int64,
    block_length: int64,
    num_parallel_calls: int64,
    *,
    f: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    sloppy: bool = False,
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset as InterleaveDataset does; the datasets in work run ahead on threads.

    Args:
        input_dataset: whose elements the function gets.
        other_arguments: what it gets besides.
        cycle_length: how many datasets are in work at once; -1 leaves the choice.
        block_length: how many elements one gives in its turn.
        num_parallel_calls: accepted for compatibility: each dataset in work has a thread.
        f: gives a dataset.
        output_types, output_shapes: of an element of those.
        sloppy, metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if a number is not positive.

    Source: TensorFlow's op of the same name.
    """
    if int(num_parallel_calls) != AUTOTUNE:
        calls = positive(num_parallel_calls, "num_parallel_calls")
        if calls > int(cycle_length) != AUTOTUNE:
            raise invalid("num_parallel_calls must less than or equal to cycle_length.")
    return _interleaved(
        input_dataset,
        caller(context, f),
        other_arguments,
        cycle_length,
        block_length,
        output_types,
        output_shapes,
        ahead=int(block_length),
    )


@op(
    "ParallelInterleaveDataset",
    Targuments=CAPTURED,
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def parallel_interleave_dataset_op(
    input_dataset: variant,
    other_arguments: TypeList[Targuments],
    cycle_length: int64,
    block_length: int64,
    sloppy: boolean,
    buffer_output_elements: int64,
    prefetch_input_elements: int64,
    *,
    f: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset as InterleaveDataset does; the datasets in work run ahead on threads.

    Args:
        input_dataset: whose elements the function gets.
        other_arguments: what it gets besides.
        cycle_length: how many datasets are in work at once.
        block_length: how many elements one gives in its turn.
        sloppy: accepted for compatibility: the order is always that of InterleaveDataset.
        buffer_output_elements: how many elements of each dataset may be ahead.
        prefetch_input_elements: accepted for compatibility.
        f: gives a dataset.
        output_types, output_shapes: of an element of those.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if a number is not positive.

    Source: TensorFlow's op of the same name.
    """
    ahead = positive(buffer_output_elements, "`buffer_output_elements`")
    if int(prefetch_input_elements) < 0:
        raise invalid("`prefetch_input_elements` must be >= 0")
    return _interleaved(
        input_dataset,
        caller(context, f),
        other_arguments,
        np.array(positive(cycle_length, "`cycle_length`")),
        block_length,
        output_types,
        output_shapes,
        ahead=ahead,
    )


for _op in (
    interleave_dataset_op,
    parallel_interleave_dataset_v2_op,
    parallel_interleave_dataset_op,
):
    is_dataset(_op)
