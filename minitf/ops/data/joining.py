"""Datasets of the elements of several: one after the other, side by side, in turns.

Source: TensorFlow 1.15, the methods of `tf.data.Dataset`.
"""

from collections.abc import Iterator
from itertools import chain

from minitf.dtypes import DType
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.ops.data.dataset import (
    INFINITE,
    UNKNOWN_SIZE,
    Dataset,
    Element,
    Elements,
    is_dataset,
)
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.shapes import Shape
from minitf.symbols import List, N, variant

# --- ConcatenateDataset, ZipDataset, DirectedInterleaveDataset -----------------------------------


@op("ConcatenateDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def concatenate_dataset_op(
    input_dataset: variant,
    another_dataset: variant,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset of the elements of one dataset, then those of another.

    Args:
        input_dataset: the one.
        another_dataset: the other.
        output_types, output_shapes: of an element.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """

    def begin() -> Elements:
        waiting = [another_dataset]
        source = input_dataset.begin()

        def step() -> Element:
            nonlocal source
            while True:
                element = next(source, None)
                if element is not None:
                    return element
                if not waiting:
                    raise StopIteration
                source = waiting.pop().begin()

        return Elements(step)

    sizes = [input_dataset.size, another_dataset.size]
    size = INFINITE if INFINITE in sizes else UNKNOWN_SIZE if min(sizes) < 0 else sum(sizes)
    return Dataset(output_types, output_shapes, begin, size)


@op(
    "ZipDataset",
    output_types=TYPES,
    output_shapes=SHAPES,
    N=at_least(1),
    outputs=("handle",),
)
def zip_dataset_op(
    input_datasets: List[variant, N],
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset whose elements are those of several side by side.

    Args:
        input_datasets: the several.
        output_types, output_shapes: of an element.
        metadata: accepted for compatibility.

    Returns:
        The dataset, which ends with the shortest.

    Source: TensorFlow's op of the same name.
    """

    def begin() -> Elements:
        sources = [each.begin() for each in input_datasets]

        def step() -> Element:
            parts = [next(source) for source in sources]
            return tuple(chain.from_iterable(parts))

        return Elements(step)

    sizes = [each.size for each in input_datasets]
    finite = [size for size in sizes if size != INFINITE]
    size = UNKNOWN_SIZE if UNKNOWN_SIZE in sizes else min(finite, default=INFINITE)
    return Dataset(output_types, output_shapes, begin, size)


def _directed(
    selector: Dataset,
    datasets: list[Dataset],
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    *,
    stops_on_empty: bool,
) -> Dataset:
    def begin() -> Elements:
        choices = selector.begin()
        sources: list[Iterator[Element] | None] = [each.begin() for each in datasets]

        def step() -> Element:
            while any(source is not None for source in sources):
                (chosen,) = next(choices)
                number = int(chosen)
                if not 0 <= number < len(sources):
                    raise invalid(f"Selector index out of range: {number} >= {len(sources)}")
                source = sources[number]
                element = None if source is None else next(source, None)
                if element is not None:
                    return element
                if stops_on_empty:
                    break
                sources[number] = None
            raise StopIteration

        return Elements(step)

    return Dataset(output_types, output_shapes, begin)


@op(
    "DirectedInterleaveDataset",
    output_types=TYPES,
    output_shapes=SHAPES,
    N=at_least(1),
    outputs=("handle",),
)
def directed_interleave_dataset_op(
    selector_input_dataset: variant,
    data_input_datasets: List[variant, N],
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    stop_on_empty_dataset: bool = False,
) -> variant:
    """Make a dataset that takes each element from one of several, which a further one names.

    Args:
        selector_input_dataset: of numbers of datasets, int64 scalars.
        data_input_datasets: the several; one that is over is passed over.
        output_types, output_shapes: of an element.
        stop_on_empty_dataset: whether to end where one is over.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    return _directed(
        selector_input_dataset,
        data_input_datasets,
        output_types,
        output_shapes,
        stops_on_empty=stop_on_empty_dataset,
    )


for _op in (concatenate_dataset_op, zip_dataset_op, directed_interleave_dataset_op):
    is_dataset(_op)
