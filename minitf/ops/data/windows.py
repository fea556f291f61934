"""Datasets of datasets: windows over the elements, groups by key.

Source: TensorFlow 1.15, `tf.data.Dataset.window`, `tf.data.experimental.group_by_window`.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.errors import OpError, invalid
from minitf.grammar import Function
from minitf.op_def import op
from minitf.ops.data.dataset import Dataset, Element, Elements, is_dataset, positive
from minitf.ops.data.functional import CAPTURED
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.ops.functions.calls import caller
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import (
    Tkey_func_other_arguments,
    Treduce_func_other_arguments,
    Twindow_size_func_other_arguments,
    TypeList,
    int64,
    variant,
)
from minitf.symbols import bool as boolean

Array = np.ndarray[Any, Any]


def _of_list(types: tuple[DType, ...], shapes: tuple[Shape, ...], rows: list[Element]) -> Dataset:
    """Return the dataset of elements that are there."""
    return Dataset(types, shapes, lambda: iter(rows), len(rows))


# --- WindowDataset -------------------------------------------------------------------------------


@op("WindowDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def window_dataset_op(
    input_dataset: variant,
    size: int64,
    shift: int64,
    stride: int64,
    drop_remainder: boolean,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset of windows over the elements of another: of a dataset for each component.

    Args:
        input_dataset: the other.
        size: how many elements a window has.
        shift: how far the next window begins after this one.
        stride: from one element of a window to the next.
        drop_remainder: whether to leave out windows at the end that would be smaller.
        output_types, output_shapes: of an element of the input.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if a number is not positive.

    Source: TensorFlow's op of the same name.
    """
    count, hop, step_size = (
        positive(value, name)
        for value, name in (
            (size, "Window size"),
            (shift, "Window shift"),
            (stride, "Window stride"),
        )
    )
    width = (count - 1) * step_size + 1
    drops = bool(drop_remainder)

    def begin() -> Elements:
        source = input_dataset.begin()
        ahead: deque[Element | OpError] = deque()  # an error stands where its element would
        left_out = 0

        def step() -> Element:
            nonlocal left_out
            while left_out and next(source, None) is not None:
                left_out -= 1
            while len(ahead) < width and not left_out:
                try:
                    element = next(source, None)
                except OpError as error:
                    ahead.append(error)
                    continue
                if element is None:
                    break
                ahead.append(element)
            if not ahead or left_out or (drops and len(ahead) < width):
                raise StopIteration
            rows = list(ahead)[:width:step_size]
            for _ in range(min(hop, len(ahead))):
                ahead.popleft()
            left_out = max(hop - width, 0)
            for row in rows:
                if isinstance(row, OpError):
                    raise row
            columns = [[(value,) for value in column] for column in zip(*rows, strict=True)]
            kinds = zip(input_dataset.types, input_dataset.shapes, columns, strict=True)
            return tuple([_of_list((dtype,), (shape,), column) for dtype, shape, column in kinds])

        return Elements(step)

    left = input_dataset.size - (width - 1 if drops else 0)
    size = input_dataset.size if input_dataset.size < 0 else -(-max(left, 0) // hop)
    return Dataset(output_types, output_shapes, begin, size)


# --- GroupByWindowDataset ------------------------------------------------------------------------


@op(
    "GroupByWindowDataset",
    Tkey_func_other_arguments=CAPTURED,
    Treduce_func_other_arguments=CAPTURED,
    Twindow_size_func_other_arguments=CAPTURED,
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def group_by_window_dataset_op(
    input_dataset: variant,
    key_func_other_arguments: TypeList[Tkey_func_other_arguments],
    reduce_func_other_arguments: TypeList[Treduce_func_other_arguments],
    window_size_func_other_arguments: TypeList[Twindow_size_func_other_arguments],
    *,
    key_func: Function,
    reduce_func: Function,
    window_size_func: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset of what a function makes of groups of elements with equal keys.

    Args:
        input_dataset: whose elements they are.
        key_func_other_arguments: captured by `key_func`.
        reduce_func_other_arguments: captured by `reduce_func`.
        window_size_func_other_arguments: captured by `window_size_func`.
        key_func: gives an element's key, an int64 scalar.
        reduce_func: makes a dataset of a key and the dataset of its elements.
        window_size_func: gives, for a key, how many elements make a group.
        output_types, output_shapes: of an element of what `reduce_func` makes.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if a group has no size.

    Source: TensorFlow's op of the same name.
    """
    key_of = caller(context, key_func)
    reduced = caller(context, reduce_func)
    size_of = caller(context, window_size_func)

    def begin() -> Elements:
        source = input_dataset.begin()
        rows: dict[int, list[Element]] = {}
        sizes: dict[int, int] = {}
        found: Iterator[Element] = iter(())

        def group(key: int) -> Iterator[Element]:
            dataset = _of_list(input_dataset.types, input_dataset.shapes, rows.pop(key))
            made = reduced(np.array(key, np.int64), dataset, *reduce_func_other_arguments)
            inner: Iterator[Element] = made[0].begin()
            return inner

        def step() -> Element:
            nonlocal found
            while True:
                element = next(found, None)
                if element is not None:
                    return element
                row = next(source, None)
                if row is None:
                    if not rows:
                        raise StopIteration
                    found = group(min(rows))
                    continue
                key = int(key_of(*row, *key_func_other_arguments)[0])
                if key not in sizes:
                    number = np.array(key, np.int64)
                    sizes[key] = int(size_of(number, *window_size_func_other_arguments)[0])
                    if sizes[key] <= 0:
                        del sizes[key]
                        raise invalid("Window size must be greater than zero", key=key)
                rows.setdefault(key, []).append(row)
                if len(rows[key]) == sizes[key]:
                    found = group(key)

        return Elements(step)

    return Dataset(output_types, output_shapes, begin)


for _op in (window_dataset_op, group_by_window_dataset_op):
    is_dataset(_op)
