"""Most functions of `tf.data.experimental`: they return what `Dataset.apply` takes.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.parsing import parse_example
from minitf.convert import convert_to_tensor
from minitf.data.dataset import Dataset
from minitf.data.functions import check_predicate, traced, with_state
from minitf.data.parts import SparsePart, TensorPart
from minitf.data.sources import seeds
from minitf.data.structure import (
    NUMBER,
    batch_dimension,
    element_of,
    flat_attrs,
    flat_tensors,
    stacked_structure,
    structure_of,
    structure_of_specs,
)
from minitf.dtypes import as_dtype, int64, string
from minitf.shapes import UNKNOWN, Shape, as_shape, shape_of_value
from minitf.static_value import static_value
from minitf.tensor import Tensor

INFINITE_CARDINALITY = -1
UNKNOWN_CARDINALITY = -2

Transformation = Callable[[Any], Any]

# --- sources and results -------------------------------------------------------------------------


def Counter(start: int = 0, step: int = 1, dtype: Any = int64) -> Any:  # noqa: N802
    """Return a dataset of the numbers start, start + step, ... without end."""
    kind = as_dtype(dtype)

    def count(state: Tensor, _: Any) -> tuple[Tensor, Tensor]:
        return state + convert_to_tensor(step, kind), state

    first = convert_to_tensor(start, kind)
    return Dataset.from_tensors(0).repeat(None).apply(scan(first, count))


class RandomDataset(Dataset):
    """Random whole numbers of 32 bits, without end.

    Args:
        seed: of the numbers.
    """

    def __init__(self, seed: int | None = None) -> None:
        made = ops.random_dataset_op(*seeds(seed), **flat_attrs(NUMBER))
        super().__init__(made, NUMBER)


def cardinality(dataset: Any) -> Tensor:
    """Return how many elements a dataset has, or INFINITE_CARDINALITY or UNKNOWN_CARDINALITY."""
    size: Tensor = ops.dataset_cardinality_op(dataset.variant_tensor)
    return size


def get_single_element(dataset: Any) -> Any:
    """Return the only element of a dataset.

    Raises:
        TypeError: if it is no dataset.
    """
    if not isinstance(dataset, Dataset):
        raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
    attrs = flat_attrs(dataset.structure)
    found = ops.dataset_to_single_element_op(dataset.variant_tensor, **attrs)
    return element_of(dataset.structure, found)


# --- transformations -----------------------------------------------------------------------------


def enumerate_dataset(start: int = 0) -> Transformation:
    """Number elements from `start` on."""
    return lambda dataset: dataset.enumerate(start)


def unbatch() -> Transformation:
    """Take elements apart along their first dimension."""
    return lambda dataset: dataset.unbatch()


def ignore_errors() -> Transformation:
    """Leave out elements that cannot be had without an error."""
    return lambda dataset: dataset.made_by(ops.ignore_errors_dataset_op)


def unique() -> Transformation:
    """Leave out elements that have come before."""
    return lambda dataset: dataset.made_by(ops.unique_dataset_op)


def shuffle_and_repeat(
    buffer_size: Any, count: Any = None, seed: int | None = None
) -> Transformation:
    """Shuffle and repeat at once, so that the buffer stays full between repetitions.

    Args:
        buffer_size: how many elements wait to be drawn.
        count: how often; without end for None or -1.
        seed: of the order.
    """
    times = -1 if count is None else count
    return lambda dataset: dataset.made_by(
        ops.shuffle_and_repeat_dataset_op, buffer_size, *seeds(seed), times
    )


def map_and_batch(
    map_func: Callable[..., Any],
    batch_size: Any,
    num_parallel_batches: int | None = None,
    drop_remainder: Any = False,
    num_parallel_calls: Any = None,
) -> Transformation:
    """Stack what a function makes of each element, several calls at once.

    Args:
        map_func: gets an element.
        batch_size: how many elements a stack has.
        num_parallel_batches: how many stacks may be in the making.
        drop_remainder: whether to leave out a last one that would be smaller.
        num_parallel_calls: how many calls may be under way at once, instead of
            `num_parallel_batches`.

    Raises:
        ValueError: if both numbers are given.
    """
    if num_parallel_batches is not None and num_parallel_calls is not None:
        raise ValueError(
            "The `num_parallel_batches` and `num_parallel_calls` arguments are mutually exclusive."
        )
    calls = num_parallel_calls
    if calls is None:
        calls = batch_size * (1 if num_parallel_batches is None else num_parallel_batches)

    def transform(dataset: Any) -> Any:
        f = traced(map_func, "map_and_batch", dataset.structure)
        count = batch_dimension(batch_size, drop_remainder)
        return dataset.made_by(
            ops.map_and_batch_dataset_op,
            f.captured,
            batch_size,
            calls,
            drop_remainder,
            f=f.function,
            preserve_cardinality=True,
            structure=stacked_structure(f.structure, count),
        )

    return transform


def parallel_interleave(
    map_func: Callable[..., Any],
    cycle_length: Any,
    block_length: Any = 1,
    sloppy: bool = False,
    buffer_output_elements: Any = None,
    prefetch_input_elements: Any = None,
) -> Transformation:
    """Interleave the datasets that a function makes; those in work run ahead on threads.

    Args:
        map_func: makes a dataset of an element.
        cycle_length: how many datasets are in work at once.
        block_length: how many elements one gives in its turn.
        sloppy, buffer_output_elements, prefetch_input_elements: accepted for compatibility: the
            order is always that of `interleave`.
    """
    return lambda dataset: dataset.interleave(
        map_func, cycle_length, block_length, num_parallel_calls=cycle_length
    )


def scan(initial_state: Any, scan_func: Callable[..., Any]) -> Transformation:
    """Give what a function makes of a state and each element, while it renews the state.

    Args:
        initial_state: the first state.
        scan_func: gets the state and an element, gives the new state and an element.
    """

    def transform(dataset: Any) -> Any:
        f, state = with_state(scan_func, "scan", structure_of(initial_state), dataset.structure)
        return dataset.made_by(
            ops.scan_dataset_op,
            flat_tensors(state, initial_state),
            f.captured,
            f=f.function,
            preserve_cardinality=True,
            structure=f.structure[1],
        )

    return transform


def take_while(predicate: Callable[..., Any]) -> Transformation:
    """Take elements before the first for which a function is false.

    Raises:
        ValueError: if the function gives no bool scalar.
    """

    def transform(dataset: Any) -> Any:
        f = traced(predicate, "take_while", dataset.structure)
        check_predicate(f.structure)
        return dataset.made_by(ops.take_while_dataset_op, f.captured, predicate=f.function)

    return transform


def dense_to_sparse_batch(batch_size: Any, row_shape: Any) -> Transformation:
    """Make sparse tensors of several dense elements of different shapes.

    Args:
        batch_size: how many elements make one.
        row_shape: of each part for an element; unknown sizes are the greatest there.

    Raises:
        TypeError: if an element is no single tensor.
    """
    if isinstance(row_shape, Tensor):
        known, rows = shape_of_value(static_value(row_shape)), row_shape
    else:
        known = as_shape(row_shape)
        sizes = [-1 if size is None else size for size in known.as_list() or ()]
        rows = convert_to_tensor(np.array(sizes, np.int64), int64)

    def transform(dataset: Any) -> Any:
        part = dataset.structure
        if not isinstance(part, TensorPart):
            raise TypeError(
                "DenseToSparseDataset requires an input whose elements have a single component, "
                f"whereas the input has {dataset.output_types!r}."
            )
        whole = Shape.unknown() if known.dims is None else Shape([UNKNOWN, *known])
        return dataset.made_by(
            ops.dense_to_sparse_batch_dataset_op,
            batch_size,
            rows,
            structure=SparsePart(part.dtype, whole),
        )

    return transform


def parse_example_dataset(
    features: Mapping[str, Any], num_parallel_calls: int = 1
) -> Transformation:
    """Read features of batches of Examples.

    Args:
        features: as of `tf.parse_example`.
        num_parallel_calls: how many batches may be read at once.

    Raises:
        ValueError: if there are no features.
    """
    if features is None:
        raise ValueError("Missing: features was None.")

    def transform(dataset: Any) -> Any:
        part = dataset.structure
        is_text = isinstance(part, TensorPart) and part.dtype is string
        if not is_text or part.shape.rank not in (1, None):
            raise TypeError("Input dataset should be a dataset of vectors of strings")
        return dataset.map(
            lambda serialized: parse_example(serialized, features), num_parallel_calls
        )

    return transform


# --- datasets as tensors -------------------------------------------------------------------------


def to_variant(dataset: Any) -> Tensor:
    """Return a dataset as a variant scalar."""
    tensor: Tensor = dataset.variant_tensor
    return tensor


def from_variant(variant: Tensor, structure: Any) -> Dataset:
    """Return the dataset that a variant scalar is.

    Args:
        variant: what `to_variant` gave.
        structure: the specs of an element, in its structure.
    """
    return Dataset(variant, structure_of_specs(structure))
