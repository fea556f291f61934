"""Datasets of other parts of elements: sparse batches, smaller batches, sliding windows, samples.

Source: TensorFlow 1.15, `tf.data.experimental.dense_to_sparse_batch`, `tf.contrib.data`.
"""

from collections import deque
from itertools import islice
from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.dtypes import variant as variant_type
from minitf.errors import DataLossError, invalid
from minitf.op_def import op
from minitf.ops.data.batching import stacked, told
from minitf.ops.data.dataset import UNKNOWN_SIZE, Dataset, Element, Elements, is_dataset, positive
from minitf.ops.data.draws import draw
from minitf.ops.data.shuffling import SeedsOfPasses
from minitf.ops.data.sources import SHAPES, TYPES, random_words
from minitf.ops.sparse.serialising import serialize_sparse_op
from minitf.shapes import Shape
from minitf.symbols import float32, int64, variant

Array = np.ndarray[Any, Any]

# --- DenseToSparseBatchDataset -------------------------------------------------------------------


@op("DenseToSparseBatchDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def dense_to_sparse_batch_dataset_op(
    input_dataset: variant,
    batch_size: int64,
    row_shape: int64,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> variant:
    """Make a dataset of sparse tensors, each of several dense elements of different shapes.

    Args:
        input_dataset: whose elements they are, of one component.
        batch_size: how many elements make one; the last one may be of fewer.
        row_shape: of each part for an element; -1 is the greatest size there.
        output_types, output_shapes: of the sparse tensors.

    Returns:
        The dataset of variants[3], as SerializeSparse gives them.

    Raises:
        InvalidArgumentError: if the size is not positive, or an element has another rank.
        DataLossError: if an element is too large.

    Source: TensorFlow's op of the same name.
    """
    size, wanted = positive(batch_size, "Batch size"), row_shape.tolist()

    def begin() -> Elements:
        source = input_dataset.begin()

        def step() -> Element:
            rows: list[Array] = []
            for (row,) in islice(source, size):
                _must_fit(row, wanted)
                rows.append(row)
            if not rows:
                raise StopIteration
            return (_sparse(rows, wanted),)

        return Elements(step)

    return Dataset((variant_type,), (Shape([3]),), begin, UNKNOWN_SIZE)


def _must_fit(row: Array, wanted: list[int]) -> None:
    """Raise an error if an array does not fit into the row of a sparse tensor."""
    if row.ndim != len(wanted):
        raise invalid(
            f"Input element had shape ({told(row.shape)}) that is incompatible with the row shape "
            f"({told(wanted)})."
        )
    if any(-1 < most < have for have, most in zip(row.shape, wanted, strict=True)):
        raise DataLossError(
            None,
            None,
            f"Input element had shape ({told(row.shape)}) that is larger than the row shape "
            f"({told(wanted)}).",
        )


def _sparse(rows: list[Array], wanted: list[int]) -> Array:
    """Return dense arrays as the rows of a sparse tensor."""
    greatest = [max(sizes) for sizes in zip(*[row.shape for row in rows], strict=True)]
    shape = [len(rows), *[g if w < 0 else w for g, w in zip(greatest, wanted, strict=True)]]
    where = [
        np.insert(np.argwhere(np.ones(row.shape, bool)), 0, i, axis=1) for i, row in enumerate(rows)
    ]
    made: Array = serialize_sparse_op.body(
        np.concatenate(where).astype(np.int64),
        np.concatenate([row.ravel() for row in rows]),
        np.array(shape, np.int64),
        out_type=variant_type,
    )
    return made


# --- RebatchDataset ------------------------------------------------------------------------------


@op("RebatchDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def rebatch_dataset_op(
    input_dataset: variant,
    num_replicas: int64,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    use_fallback: bool = True,
) -> variant:
    """Make a dataset of parts of batches: each in turn for one of several replicas.

    Args:
        input_dataset: of batches.
        num_replicas: n, how many parts a batch has: all of ceil(batch / n) rows but the last ones.
        output_types, output_shapes: of a part.
        use_fallback: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if the number is not positive, or a component is a scalar.

    Source: TensorFlow's op of the same name.
    """
    replicas = positive(num_replicas, "num_replicas")

    def begin() -> Elements:
        source = input_dataset.begin()
        waiting: deque[Element] = deque()

        def step() -> Element:
            if not waiting:
                waiting.extend(_parts(next(source), replicas))
            return waiting.popleft()

        return Elements(step)

    size = input_dataset.size
    return Dataset(output_types, output_shapes, begin, size * replicas if size > 0 else size)


def _parts(batch: Element, count: int) -> list[Element]:
    """Return the parts of a batch."""
    if not all(part.ndim for part in batch):
        raise invalid("Cannot rebatch dataset: All components must have at least one dimension.")
    rows = -(-len(batch[0]) // count)
    return [tuple([part[i * rows : (i + 1) * rows] for part in batch]) for i in range(count)]


# --- SlidingWindowDataset ------------------------------------------------------------------------


@op("SlidingWindowDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def sliding_window_dataset_op(
    input_dataset: variant,
    window_size: int64,
    window_shift: int64,
    window_stride: int64,
    *,
    drop_remainder: bool = True,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> variant:
    """Make a dataset of stacks of elements that overlap.

    Args:
        input_dataset: whose elements they are.
        window_size: how many elements a stack has.
        window_shift: how far the next stack begins after this one.
        window_stride: from one element of a stack to the next.
        drop_remainder: whether to leave out stacks that would be smaller.
        output_types, output_shapes: of a stack.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if a number is not positive.

    Source: TensorFlow's op of the same name.
    """
    count, hop, pace = (
        positive(value, name)
        for value, name in (
            (window_size, "Window size"),
            (window_shift, "Window shift"),
            (window_stride, "Window stride"),
        )
    )
    width = (count - 1) * pace + 1

    def begin() -> Elements:
        source = input_dataset.begin()
        ahead: deque[Element] = deque()
        left_out = 0

        def step() -> Element:
            nonlocal left_out
            while left_out and next(source, None) is not None:
                left_out -= 1
            while len(ahead) < width and not left_out:
                element = next(source, None)
                if element is None:
                    break
                ahead.append(element)
            if not ahead or left_out or (drop_remainder and len(ahead) < width):
                raise StopIteration
            rows = list(ahead)[:width:pace]
            for _ in range(min(hop, len(ahead))):
                ahead.popleft()
            left_out = max(hop - width, 0)
            return stacked(rows)

        return Elements(step)

    return Dataset(output_types, output_shapes, begin, UNKNOWN_SIZE)


# --- SamplingDataset -----------------------------------------------------------------------------


@op("SamplingDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def sampling_dataset_op(
    input_dataset: variant,
    rate: float32,
    seed: int64,
    seed2: int64,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> variant:
    """Make a dataset of some of the elements of another, each kept by chance.

    Args:
        input_dataset: the other.
        rate: how likely an element is kept.
        seed: the first seed.
        seed2: the second; both 0 ask for a choice that nobody can repeat.
        output_types, output_shapes: of an element.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    seeds = SeedsOfPasses(int(seed), int(seed2), anew=False)
    least = float(rate)

    def begin() -> Elements:
        source = input_dataset.begin()
        chance = random_words(*draw(seeds))

        def step() -> Element:
            while True:
                element: Element = next(source)
                if _unit_float(chance()) < least:
                    return element

        return Elements(step)

    return Dataset(output_types, output_shapes, begin, UNKNOWN_SIZE)


def _unit_float(word: int) -> float:
    """Return a random word as a number of [0, 1), as TensorFlow's uniform numbers are made."""
    mantissa = np.array((127 << 23) | (word & 0x7FFFFF), np.uint32)
    return float(mantissa.view(np.float32)) - 1.0


# --- FilterByLastComponentDataset ----------------------------------------------------------------


@op("FilterByLastComponentDataset", output_types=TYPES, output_shapes=SHAPES)
def filter_by_last_component_dataset_op(
    input_dataset: variant, *, output_types: tuple[DType, ...], output_shapes: tuple[Shape, ...]
) -> variant:
    """Make a dataset of the elements whose last component is true, without it.

    Args:
        input_dataset: whose elements they are.
        output_types, output_shapes: of the other components.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """

    def begin() -> Elements:
        source = input_dataset.begin()

        def step() -> Element:
            while True:
                *parts, truth = next(source)
                if truth:
                    return tuple(parts)

        return Elements(step)

    return Dataset(output_types, output_shapes, begin, UNKNOWN_SIZE)


for _op in (
    dense_to_sparse_batch_dataset_op,
    rebatch_dataset_op,
    sliding_window_dataset_op,
    sampling_dataset_op,
    filter_by_last_component_dataset_op,
):
    is_dataset(_op)
