"""Datasets of batches of elements that are filled up to one shape.

Source: TensorFlow 1.15, `tf.data.Dataset.padded_batch`.
"""

from typing import Any

import numpy as np

from minitf.dtypes import by_numpy
from minitf.errors import DataLossError, house_message, invalid
from minitf.op_def import at_least, op
from minitf.ops.data.batching import batch_count, groups
from minitf.ops.data.dataset import Dataset, Element, Elements, is_dataset, positive
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.shapes import Shape
from minitf.symbols import List, N, Toutput_types, TypeList, int64, variant
from minitf.symbols import bool as boolean

Array = np.ndarray[Any, Any]

# --- PaddedBatchDataset, PaddedBatchDatasetV2 ----------------------------------------------------


def _padded(
    dataset: Dataset,
    batch_size: Array,
    padded_shapes: list[Array],
    padding_values: list[Array],
    output_shapes: tuple[Shape, ...],
    *,
    drop_remainder: bool,
) -> Dataset:
    size = positive(batch_size, "Batch size")
    wanted = [tuple(shape.tolist()) for shape in padded_shapes]
    for shape in wanted:
        if any(side < -1 for side in shape):
            raise invalid("Padded shapes must be at least -1", shape=list(shape))
    for i, value in enumerate(padding_values):
        if value.ndim:
            raise invalid("All padding values must be scalars", component=i)
    if len(wanted) != len(dataset.types):
        raise invalid(
            f"Number of padded shapes ({len(wanted)}) must match the number of components in the "
            f"input dataset's elements ({len(dataset.types)})"
        )

    def begin() -> Elements:
        source = groups(dataset.begin(), size, drop_remainder=drop_remainder)

        def step() -> Element:
            columns = zip(*next(source), strict=True)
            return tuple(
                [
                    _pad(list(column), shape, value)
                    for column, shape, value in zip(columns, wanted, padding_values, strict=True)
                ]
            )

        return Elements(step)

    count = batch_count(dataset.size, size, drop_remainder=drop_remainder)
    return Dataset(tuple(by_numpy(v.dtype) for v in padding_values), output_shapes, begin, count)


def _pad(parts: list[Array], wanted: tuple[int, ...], value: Array) -> Array:
    """Stack arrays, filled up to one shape; -1 is the greatest size that there is."""
    for part in parts:
        if part.ndim != len(wanted):
            raise invalid(
                "All elements in a batch must have the same rank as the padded shape for "
                f"component: expected rank {len(wanted)} but got element with rank {part.ndim}"
            )
    most = np.max([part.shape for part in parts], axis=0) if wanted else ()
    sides = tuple(
        [int(side) if want < 0 else want for side, want in zip(most, wanted, strict=True)]
    )
    full = np.full((len(parts), *sides), value[()], parts[0].dtype)
    for i, part in enumerate(parts):
        if any(have > side for have, side in zip(part.shape, sides, strict=True)):
            facts = {"element": list(part.shape), "padded": list(sides)}
            message = "Attempted to pad to a smaller size than the input element."
            raise DataLossError(None, None, house_message(message, facts))
        place: tuple[Any, ...] = (i, *[slice(side) for side in part.shape])
        full[place] = part
    return full


@op(
    "PaddedBatchDataset",
    Toutput_types=TYPES,
    output_shapes=SHAPES,
    N=at_least(1),
    outputs=("handle",),
)
def padded_batch_dataset_op(
    input_dataset: variant,
    batch_size: int64,
    padded_shapes: List[int64, N],
    padding_values: TypeList[Toutput_types],
    *,
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset of stacks of elements that are filled up to one shape.

    Args:
        input_dataset: whose elements they are.
        batch_size: how many elements a stack has; the last one may be smaller.
        padded_shapes: for each component a vector; -1 is the greatest size in the stack.
        padding_values: for each component a scalar.
        output_shapes: of a stack.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if the size is not positive, or ranks differ.
        DataLossError: if an element is larger than its padded shape.

    Source: TensorFlow's op of the same name.
    """
    return _padded(
        input_dataset,
        batch_size,
        padded_shapes,
        padding_values,
        output_shapes,
        drop_remainder=False,
    )


@op(
    "PaddedBatchDatasetV2",
    Toutput_types=TYPES,
    output_shapes=SHAPES,
    N=at_least(1),
    outputs=("handle",),
)
def padded_batch_dataset_v2_op(
    input_dataset: variant,
    batch_size: int64,
    padded_shapes: List[int64, N],
    padding_values: TypeList[Toutput_types],
    drop_remainder: boolean,
    *,
    parallel_copy: bool = False,
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset of stacks of elements that are filled up to one shape.

    Args:
        input_dataset: whose elements they are.
        batch_size: how many elements a stack has.
        padded_shapes: for each component a vector; -1 is the greatest size in the stack.
        padding_values: for each component a scalar.
        drop_remainder: whether to leave out a last stack that would be smaller.
        parallel_copy: accepted for compatibility.
        output_shapes: of a stack.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if the size is not positive, or ranks differ.
        DataLossError: if an element is larger than its padded shape.

    Source: TensorFlow's op of the same name.
    """
    return _padded(
        input_dataset,
        batch_size,
        padded_shapes,
        padding_values,
        output_shapes,
        drop_remainder=bool(drop_remainder),
    )


for _op in (padded_batch_dataset_op, padded_batch_dataset_v2_op):
    is_dataset(_op)
