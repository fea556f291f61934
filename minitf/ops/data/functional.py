"""Datasets made by functions of elements: mapped, filtered, flattened, scanned.

A function is called as a run of its own, by whoever asks for the next element.

Source: TensorFlow 1.15, the methods of `tf.data.Dataset`.
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType
from minitf.grammar import Function
from minitf.op_def import op
from minitf.ops.data.dataset import UNKNOWN_SIZE, Dataset, Element, Elements, is_dataset
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.ops.functions.calls import caller
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import Targuments, Tstate, TypeList, variant

Array = np.ndarray[Any, Any]

CAPTURED: Any = ANY.at_least(0)


def truth(values: list[Any]) -> bool:
    """Return the answer of a predicate."""
    return bool(values[0])


# --- MapDataset ----------------------------------------------------------------------------------


@op(
    "MapDataset",
    Targuments=CAPTURED,
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def map_dataset_op(
    input_dataset: variant,
    other_arguments: TypeList[Targuments],
    *,
    f: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    use_inter_op_parallelism: bool = True,
    preserve_cardinality: bool = False,
    force_synchronous: bool = False,
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset of what a function makes of each element.

    Args:
        input_dataset: whose elements the function gets.
        other_arguments: what it gets besides.
        f: the function.
        output_types, output_shapes: of what it gives.
        preserve_cardinality: whether the function is known to end nothing, so that there are as
            many elements as the input has.
        use_inter_op_parallelism, force_synchronous, metadata: accepted for compatibility.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    call = caller(context, f)

    def begin() -> Elements:
        source = input_dataset.begin()
        return Elements(lambda: tuple(call(*next(source), *other_arguments)))

    size = input_dataset.size if preserve_cardinality else UNKNOWN_SIZE
    return Dataset(output_types, output_shapes, begin, size)


# --- FilterDataset, TakeWhileDataset -------------------------------------------------------------


@op(
    "FilterDataset",
    Targuments=CAPTURED,
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def filter_dataset_op(
    input_dataset: variant,
    other_arguments: TypeList[Targuments],
    *,
    predicate: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset of the elements for which a function is true.

    Args:
        input_dataset: whose elements they are.
        other_arguments: what the function gets besides.
        predicate: gives a bool scalar.
        output_types, output_shapes: of an element.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    call = caller(context, predicate)

    def begin() -> Elements:
        source = input_dataset.begin()

        def step() -> Element:
            while True:
                element: Element = next(source)
                if truth(call(*element, *other_arguments)):
                    return element

        return Elements(step)

    return Dataset(output_types, output_shapes, begin)


@op(
    "TakeWhileDataset",
    Targuments=CAPTURED,
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def take_while_dataset_op(
    input_dataset: variant,
    other_arguments: TypeList[Targuments],
    *,
    predicate: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset of the elements before the first for which a function is false.

    Args:
        input_dataset: whose elements they are.
        other_arguments: what the function gets besides.
        predicate: gives a bool scalar.
        output_types, output_shapes: of an element.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    call = caller(context, predicate)

    def begin() -> Elements:
        source = input_dataset.begin()
        is_over = False

        def step() -> Element:
            nonlocal is_over
            if not is_over:
                element: Element = next(source)
                if truth(call(*element, *other_arguments)):
                    return element
                is_over = True
            raise StopIteration

        return Elements(step)

    return Dataset(output_types, output_shapes, begin)


# --- FlatMapDataset ------------------------------------------------------------------------------


@op(
    "FlatMapDataset",
    Targuments=CAPTURED,
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def flat_map_dataset_op(
    input_dataset: variant,
    other_arguments: TypeList[Targuments],
    *,
    f: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset of the elements of the datasets that a function makes of each element.

    Args:
        input_dataset: whose elements the function gets.
        other_arguments: what it gets besides.
        f: gives a dataset.
        output_types, output_shapes: of an element of those.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    call = caller(context, f)

    def begin() -> Elements:
        outer, inner = input_dataset.begin(), iter(())

        def step() -> Element:
            nonlocal inner
            while True:
                found = next(inner, None)
                if found is not None:
                    return found
                inner = call(*next(outer), *other_arguments)[0].begin()

        return Elements(step)

    return Dataset(output_types, output_shapes, begin)


# --- ScanDataset ---------------------------------------------------------------------------------


@op(
    "ScanDataset",
    Tstate=TYPES,
    Targuments=CAPTURED,
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def scan_dataset_op(
    input_dataset: variant,
    initial_state: TypeList[Tstate],
    other_arguments: TypeList[Targuments],
    *,
    f: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    preserve_cardinality: bool = False,
    use_default_device: bool = True,
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset of what a function makes of each element and a state, which it renews.

    Args:
        input_dataset: whose elements the function gets, after the state.
        initial_state: what it gets first.
        other_arguments: what it gets besides.
        f: gives the new state, then an element.
        output_types, output_shapes: of an element.
        preserve_cardinality: whether the function is known to end nothing, so that there are as
            many elements as the input has.
        use_default_device, metadata: accepted for compatibility.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    call = caller(context, f)
    width = len(initial_state)

    def begin() -> Elements:
        source = input_dataset.begin()
        state = list(initial_state)

        def step() -> Element:
            nonlocal state
            found = call(*state, *next(source), *other_arguments)
            state = found[:width]
            return tuple(found[width:])

        return Elements(step)

    size = input_dataset.size if preserve_cardinality else UNKNOWN_SIZE
    return Dataset(output_types, output_shapes, begin, size)


for _op in (
    map_dataset_op,
    filter_dataset_op,
    take_while_dataset_op,
    flat_map_dataset_op,
    scan_dataset_op,
):
    is_dataset(_op)
