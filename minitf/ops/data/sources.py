"""Datasets of what is there already: tensors, their slices, ranges, random numbers, generators.

Source: TensorFlow 1.15, `tf.data.Dataset.from_tensors` and its kin.
"""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType, by_numpy
from minitf.dtypes import int64 as int64_type
from minitf.errors import OutOfRangeError, invalid
from minitf.grammar import Function
from minitf.op_def import at_least, op
from minitf.ops.data.dataset import (
    INFINITE,
    UNKNOWN_SIZE,
    Dataset,
    Element,
    Elements,
    is_dataset,
    kept,
)
from minitf.ops.data.draws import Anything, draw
from minitf.ops.random.philox import Stream
from minitf.resources import Context
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import (
    Tfinalize_func_args,
    Tinit_func_args,
    Tnext_func_args,
    Toutput_types,
    Tvalues,
    TypeList,
    int64,
    variant,
)

Array = np.ndarray[Any, Any]

TYPES: Any = ANY.at_least(1)
SHAPES: Any = at_least(1)


def _type_of(value: Any) -> DType:
    """Return the type of a component; what is no array is a variant."""
    return by_numpy(value.dtype) if isinstance(value, np.ndarray) else variant


# --- TensorDataset, TensorSliceDataset, SparseTensorSliceDataset ---------------------------------


@op(
    "TensorDataset",
    "stateful",
    Toutput_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def tensor_dataset_op(
    components: TypeList[Toutput_types],
    *,
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset of one element.

    Args:
        components: the element.
        output_shapes: its shapes.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    element = tuple([kept(each) for each in components])
    types = tuple([_type_of(each) for each in element])
    return Dataset(types, output_shapes, lambda: iter([element]), size=1)


@op(
    "TensorSliceDataset",
    "stateful",
    Toutput_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def tensor_slice_dataset_op(
    components: TypeList[Toutput_types],
    *,
    output_shapes: tuple[Shape, ...],
    is_files: bool = False,
    metadata: str = "",
    replicate_on_split: bool = False,
) -> variant:
    """Make a dataset of the slices of tensors along their first dimension.

    Args:
        components: [n, ...] each.
        output_shapes: the shapes of a slice.
        is_files, metadata, replicate_on_split: accepted for compatibility.

    Returns:
        The dataset, of n elements.

    Raises:
        InvalidArgumentError: if they are not equally long.

    Source: TensorFlow's op of the same name.
    """
    arrays = [kept(each) for each in components]
    for i, array in enumerate(arrays):
        if not array.ndim:
            raise invalid("All components must be at least 1-dimensional", component=i)
        if len(array) != len(arrays[0]):
            raise invalid(
                "All components must have the same size in the 0th dimension",
                sizes=[len(each) for each in arrays],
            )
    count = len(arrays[0])

    def begin() -> Elements:
        numbers = iter(range(count))

        def step() -> Element:
            i = next(numbers)
            return tuple([array[i, ...] for array in arrays])

        return Elements(step)

    types = tuple([by_numpy(each.dtype) for each in arrays])
    return Dataset(types, output_shapes, begin, count)


@op("SparseTensorSliceDataset", "stateful", Tvalues=ANY, outputs=("handle",))
def sparse_tensor_slice_dataset_op(indices: int64, values: Tvalues, dense_shape: int64) -> variant:
    """Make a dataset of the slices of a sparse tensor along its first dimension.

    Args:
        indices: int64[n, rank], in row-major order.
        values: Tvalues[n].
        dense_shape: int64[rank].

    Returns:
        The dataset: each element has indices, values and shape of a slice.

    Raises:
        InvalidArgumentError: if the parts do not fit together or are out of order.

    Source: TensorFlow's op of the same name.
    """
    from minitf.ops.sparse.serialising import slices

    parts = [tuple(map(kept, each)) for each in slices(indices, values, dense_shape)]
    rank = len(dense_shape) - 1
    types = (int64_type, by_numpy(values.dtype), int64_type)
    shapes = (Shape([UNKNOWN, rank]), Shape([UNKNOWN]), Shape([rank]))
    return Dataset(types, shapes, lambda: iter(parts), len(parts))


# --- RangeDataset, RandomDataset -----------------------------------------------------------------


@op(
    "RangeDataset",
    "stateful",
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def range_dataset_op(
    start: int64,
    stop: int64,
    step: int64,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
    replicate_on_split: bool = False,
) -> variant:
    """Make a dataset of whole numbers.

    Args:
        start: the first.
        stop: where they end.
        step: from one to the next.
        output_types, output_shapes: of an element: one scalar.
        metadata, replicate_on_split: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if the step is zero.

    Source: TensorFlow's op of the same name.
    """
    if not step:
        raise invalid("step must be a non-zero integer.")
    numbers = range(int(start), int(stop), int(step))
    dtype = output_types[0].numpy

    def begin() -> Elements:
        left = iter(numbers)
        return Elements(lambda: (np.array(next(left), dtype),))

    return Dataset(output_types, output_shapes, begin, len(numbers))


@op(
    "RandomDataset",
    "stateful",
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def random_dataset_op(
    seed: int64,
    seed2: int64,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset of random whole numbers of 32 bits, without end.

    Args:
        seed: the first seed.
        seed2: the second; both 0 ask for numbers that nobody can repeat.
        output_types, output_shapes: of an element: one scalar.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """

    def begin() -> Elements:
        word = random_words(int(seed), int(seed2))
        return Elements(lambda: (np.array(word(), np.int64),))

    return Dataset(output_types, output_shapes, begin, INFINITE)


def random_words(seed: int, seed2: int) -> Callable[[], int]:
    """Return what gives random words of 32 bits one by one, in TensorFlow's order."""
    if seed == seed2 == 0:
        seed, seed2 = draw(Anything())
    stream = Stream(seed % 2**64, (seed2 % 2**64) << 64)

    def words() -> Any:
        for first in itertools.count(0, 64):
            yield from stream.blocks_at(np.arange(first, first + 64)).ravel().tolist()

    return words().__next__


# --- GeneratorDataset ----------------------------------------------------------------------------


@op(
    "GeneratorDataset",
    "stateful",
    Tinit_func_args=ANY.at_least(0),
    Tnext_func_args=ANY.at_least(0),
    Tfinalize_func_args=ANY.at_least(0),
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def generator_dataset_op(
    init_func_other_args: TypeList[Tinit_func_args],
    next_func_other_args: TypeList[Tnext_func_args],
    finalize_func_other_args: TypeList[Tfinalize_func_args],
    *,
    init_func: Function,
    next_func: Function,
    finalize_func: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset of what a function gives, call by call, until it raises OutOfRangeError.

    Args:
        init_func_other_args: captured by `init_func`.
        next_func_other_args: captured by `next_func`.
        finalize_func_other_args: captured by `finalize_func`.
        init_func: gives the state of an iteration.
        next_func: gives an element for the state.
        finalize_func: is called with the state at the end.
        output_types, output_shapes: of an element.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    assert context.function is not None
    first = context.function(init_func)
    following = context.function(next_func)
    last = context.function(finalize_func)

    def begin() -> Elements:
        state: list[Any] | None = None
        is_over = False

        def step() -> Element:
            nonlocal state, is_over
            if is_over:
                raise StopIteration
            if state is None:
                state = first(*init_func_other_args)
            try:
                return tuple(following(*state, *next_func_other_args))
            except OutOfRangeError:
                is_over = True
                last(*state, *finalize_func_other_args)
                raise StopIteration from None

        return Elements(step)

    return Dataset(output_types, output_shapes, begin, UNKNOWN_SIZE)


for _op in (
    tensor_dataset_op,
    tensor_slice_dataset_op,
    sparse_tensor_slice_dataset_op,
    range_dataset_op,
    random_dataset_op,
    generator_dataset_op,
):
    is_dataset(_op)
