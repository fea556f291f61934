"""Datasets of batches: elements stacked, or taken apart again.

Source: TensorFlow 1.15, the methods of `tf.data.Dataset`.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.errors import OpError, invalid
from minitf.grammar import Function
from minitf.op_def import op
from minitf.ops.data.dataset import Dataset, Element, Elements, is_dataset, positive
from minitf.ops.data.functional import CAPTURED
from minitf.ops.data.parallel import parallel_map
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.ops.functions.calls import caller
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import Targuments, TypeList, int64, variant
from minitf.symbols import bool as boolean

Array = np.ndarray[Any, Any]


def stacked(rows: list[Element]) -> Element:
    """Return elements as one, each component stacked.

    Raises:
        InvalidArgumentError: if shapes of a component differ.
    """
    return tuple([_stack(list(column), i) for i, column in enumerate(zip(*rows, strict=True))])


def _stack(parts: list[Any], component: int) -> Array:
    if not isinstance(parts[0], np.ndarray):  # datasets
        found = np.empty(len(parts), object)
        found[:] = parts
        return found
    for i, part in enumerate(parts):
        if part.shape != parts[0].shape:
            raise invalid(
                f"Cannot batch tensors with different shapes in component {component}. First "
                f"element had shape {told(parts[0].shape)} and element {i} had shape "
                f"{told(part.shape)}.",
                hint="padded_batch brings them to one shape",
            )
    return np.stack(parts)


def told(shape: Sequence[int]) -> str:
    """Return a shape as TensorFlow's messages have it."""
    return f"[{','.join(map(str, shape))}]"


def groups(
    source: Iterator[Element], size: int, *, drop_remainder: bool
) -> Iterator[list[Element]]:
    """Return an iteration over groups of `size` elements; the last one may be smaller."""

    def step() -> Any:
        rows = list(islice(source, size))
        if not rows or (drop_remainder and len(rows) < size):
            raise StopIteration
        return rows

    return Elements(step)  # type: ignore[return-value]  # lists of elements here


def whole_groups(source: Iterator[Element], size: int) -> Iterator[list[Element]]:
    """Return an iteration over groups, of which an error loses all that belong to one."""

    def step() -> Any:
        rows: list[Element] = []
        failure: Exception | None = None
        for _ in range(size):
            try:
                rows.append(next(source))
            except StopIteration:
                break
            except OpError as error:
                failure = failure or error
        if failure is not None:
            raise failure
        if not rows:
            raise StopIteration
        return rows

    return Elements(step)  # type: ignore[return-value]  # lists of elements here


def batch_count(elements: int, size: int, *, drop_remainder: bool) -> int:
    """Return how many groups there are of so many elements."""
    if elements < 0:
        return elements
    return elements // size if drop_remainder else -(-elements // size)


# --- BatchDataset, BatchDatasetV2 ----------------------------------------------------------------


def _batched(
    dataset: Dataset,
    batch_size: Array,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    *,
    drop_remainder: bool,
) -> Dataset:
    size = positive(batch_size, "Batch size")

    def begin() -> Elements:
        source = groups(dataset.begin(), size, drop_remainder=drop_remainder)
        return Elements(lambda: stacked(next(source)))

    count = batch_count(dataset.size, size, drop_remainder=drop_remainder)
    return Dataset(output_types, output_shapes, begin, count)


@op("BatchDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def batch_dataset_op(
    input_dataset: variant,
    batch_size: int64,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset of stacks of elements; the last one may be smaller.

    Args:
        input_dataset: whose elements they are.
        batch_size: how many elements a stack has.
        output_types, output_shapes: of a stack.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if the size is not positive.

    Source: TensorFlow's op of the same name.
    """
    return _batched(input_dataset, batch_size, output_types, output_shapes, drop_remainder=False)


@op("BatchDatasetV2", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def batch_dataset_v2_op(
    input_dataset: variant,
    batch_size: int64,
    drop_remainder: boolean,
    *,
    parallel_copy: bool = False,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset of stacks of elements.

    Args:
        input_dataset: whose elements they are.
        batch_size: how many elements a stack has.
        drop_remainder: whether to leave out a last one that would be smaller.
        parallel_copy: accepted for compatibility.
        output_types, output_shapes: of a stack.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if the size is not positive.

    Source: TensorFlow's op of the same name.
    """
    return _batched(
        input_dataset,
        batch_size,
        output_types,
        output_shapes,
        drop_remainder=bool(drop_remainder),
    )


# --- MapAndBatchDataset --------------------------------------------------------------------------


@op(
    "MapAndBatchDataset",
    Targuments=CAPTURED,
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def map_and_batch_dataset_op(
    input_dataset: variant,
    other_arguments: TypeList[Targuments],
    batch_size: int64,
    num_parallel_calls: int64,
    drop_remainder: boolean,
    *,
    f: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    preserve_cardinality: bool = False,
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset of stacks of what a function makes of each element, several at once.

    Args:
        input_dataset: whose elements the function gets.
        other_arguments: what it gets besides.
        batch_size: how many elements a stack has.
        num_parallel_calls: how many calls may be under way at once; -1 leaves the choice.
        drop_remainder: whether to leave out a last stack that would be smaller.
        f: the function.
        output_types, output_shapes: of a stack.
        preserve_cardinality: whether the function is known to end nothing, so that there are as
            many elements as the input has.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if a number is not positive.

    Source: TensorFlow's op of the same name.
    """
    mapped = parallel_map(
        input_dataset,
        caller(context, f),
        other_arguments,
        num_parallel_calls,
        output_types,
        output_shapes,
        keeps_size=preserve_cardinality,
    )
    size, drops = positive(batch_size, "Batch size"), bool(drop_remainder)

    def begin() -> Elements:
        source = whole_groups(mapped.begin(), size)

        def step() -> Element:
            rows = next(source)
            if drops and len(rows) < size:
                raise StopIteration
            return stacked(rows)

        return Elements(step)

    count = batch_count(mapped.size, size, drop_remainder=drops)
    return Dataset(output_types, output_shapes, begin, count)


# --- UnbatchDataset ------------------------------------------------------------------------------


@op("UnbatchDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def unbatch_dataset_op(
    input_dataset: variant,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset of the slices of the elements of another along their first dimension.

    Args:
        input_dataset: the other.
        output_types, output_shapes: of a slice.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if components of an element are not equally long.

    Source: TensorFlow's op of the same name.
    """

    def begin() -> Elements:
        source = input_dataset.begin()
        rows: Iterator[Element] = iter(())

        def step() -> Element:
            nonlocal rows
            while True:
                row = next(rows, None)
                if row is not None:
                    return row
                element = next(source)
                if len({len(part) for part in element}) > 1:
                    raise invalid(
                        "Input element must have the same batch size in each component.",
                        sizes=[len(part) for part in element],
                    )
                rows = iter(
                    [tuple([part[i, ...] for part in element]) for i in range(len(element[0]))]
                )

        return Elements(step)

    return Dataset(output_types, output_shapes, begin)


for _op in (
    batch_dataset_op,
    batch_dataset_v2_op,
    map_and_batch_dataset_op,
    unbatch_dataset_op,
):
    is_dataset(_op)
