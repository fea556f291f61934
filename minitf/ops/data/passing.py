"""Datasets that hand on the elements of another: they say how it shall run, or wait.

How many threads there are and what is rewritten is the runtime's choice here, so most of these
hand elements on and do no more.

Source: TensorFlow 1.15, `tf.data.Options`, `tf.data.experimental`.
"""

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.errors import invalid
from minitf.grammar import Function
from minitf.op_def import at_least, op
from minitf.ops.data.dataset import Dataset, Element, Elements, is_dataset
from minitf.ops.data.functional import CAPTURED
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.ops.functions.calls import caller
from minitf.resources import Context, Handle
from minitf.shapes import SCALAR, Shape
from minitf.symbols import List, N, Resource, Targuments, TypeList, int64, string, variant

Array = np.ndarray[Any, Any]


def _typed(dataset: Dataset, types: tuple[DType, ...], shapes: tuple[Shape, ...]) -> Dataset:
    """Return a dataset of the same elements, of which as much is known as is said."""
    return replace(dataset, types=types, shapes=shapes)


# --- ModelDataset, OptimizeDataset, NonSerializableDataset ---------------------------------------


@op("ModelDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def model_dataset_op(
    input_dataset: variant,
    *,
    algorithm: int = 0,
    cpu_budget: int = 0,
    ram_budget: int = 0,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> variant:
    """Hand on elements; TensorFlow measures meanwhile how many threads are good.

    Args:
        input_dataset: whose elements they are.
        algorithm, cpu_budget, ram_budget: accepted for compatibility.
        output_types, output_shapes: of an element.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    return _typed(input_dataset, output_types, output_shapes)


@op("OptimizeDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def optimize_dataset_op(
    input_dataset: variant,
    optimizations: string,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    optimization_configs: tuple[str, ...] = (),
) -> variant:
    """Hand on elements; TensorFlow rewrites the pipeline to one that gives the same.

    Args:
        input_dataset: whose elements they are.
        optimizations: string[n], names of rewritings.
        output_types, output_shapes: of an element.
        optimization_configs: accepted for compatibility.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    return _typed(input_dataset, output_types, output_shapes)


@op("NonSerializableDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def non_serializable_dataset_op(
    input_dataset: variant, *, output_types: tuple[DType, ...], output_shapes: tuple[Shape, ...]
) -> variant:
    """Hand on elements; TensorFlow rewrites nothing across it.

    Args:
        input_dataset: whose elements they are.
        output_types, output_shapes: of an element.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    return _typed(input_dataset, output_types, output_shapes)


# --- MaxIntraOpParallelismDataset, PrivateThreadPoolDataset, ThreadPoolDataset -------------------


@op("MaxIntraOpParallelismDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def max_intra_op_parallelism_dataset_op(
    input_dataset: variant,
    max_intra_op_parallelism: int64,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> variant:
    """Hand on elements, made by ops on at most so many threads.

    Args:
        input_dataset: whose elements they are.
        max_intra_op_parallelism: how many; 0 leaves the choice.
        output_types, output_shapes: of an element.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if the number is negative.

    Source: TensorFlow's op of the same name.
    """
    if int(max_intra_op_parallelism) < 0:
        raise invalid("`max_intra_op_parallelism` must be >= 0")
    return _typed(input_dataset, output_types, output_shapes)


@op("PrivateThreadPoolDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def private_thread_pool_dataset_op(
    input_dataset: variant,
    num_threads: int64,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> variant:
    """Hand on elements, made on threads of the dataset's own.

    Args:
        input_dataset: whose elements they are.
        num_threads: how many.
        output_types, output_shapes: of an element.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if the number is negative.

    Source: TensorFlow's op of the same name.
    """
    if int(num_threads) < 0:
        raise invalid("`num_threads` must be >= 0")
    return _typed(input_dataset, output_types, output_shapes)


@dataclass(frozen=True)
class ThreadPool:
    """How many threads a dataset shall run on."""

    num_threads: int


@op("ThreadPoolHandle", "stateful", outputs=("handle",))
def thread_pool_handle_op(
    *,
    num_threads: int,
    max_intra_op_parallelism: int = 1,
    display_name: str,
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> Resource:
    """Give the handle of a pool of threads for datasets.

    Args:
        num_threads: how many threads it has.
        max_intra_op_parallelism: accepted for compatibility.
        display_name: its name for people.
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if there are no threads.

    Source: TensorFlow's op of the same name.
    """
    if num_threads <= 0:
        raise invalid("`num_threads` must be greater than zero.")
    name = shared_name or context.node_name
    pool = context.resources.find_or_create(
        container, name, lambda: ThreadPool(num_threads), ThreadPool
    )
    return Handle(pool, container, name)


thread_pool_handle_op.shape(lambda **_: SCALAR)
thread_pool_handle_op.no_gradient("it has no inputs")


@op("ThreadPoolDataset", "stateful", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def thread_pool_dataset_op(
    input_dataset: variant,
    thread_pool: Resource,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> variant:
    """Hand on elements, made on the threads of a pool.

    Args:
        input_dataset: whose elements they are.
        thread_pool: the pool.
        output_types, output_shapes: of an element.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    return _typed(input_dataset, output_types, output_shapes)


# --- SleepDataset --------------------------------------------------------------------------------


@op("SleepDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def sleep_dataset_op(
    input_dataset: variant,
    sleep_microseconds: int64,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> variant:
    """Hand on each element after a while.

    Args:
        input_dataset: whose elements they are.
        sleep_microseconds: how long a while is.
        output_types, output_shapes: of an element.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    while_s = int(sleep_microseconds) / 1e6

    def begin() -> Elements:
        source = input_dataset.begin()

        def step() -> Element:
            time.sleep(while_s)
            element: Element = next(source)
            return element

        return Elements(step)

    return Dataset(output_types, output_shapes, begin, input_dataset.size)


# --- ChooseFastestDataset, ChooseFastestBranchDataset --------------------------------------------


@op(
    "ChooseFastestDataset",
    N=at_least(2),
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def choose_fastest_dataset_op(
    input_datasets: List[variant, N],
    *,
    num_experiments: int,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> variant:
    """Hand on the elements of one of several datasets that give the same.

    Args:
        input_datasets: the several; the first is taken.
        num_experiments: accepted for compatibility.
        output_types, output_shapes: of an element.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name, which takes the one that proves fastest.
    """
    return _typed(input_datasets[0], output_types, output_shapes)


@op(
    "ChooseFastestBranchDataset",
    Targuments=CAPTURED,
    num_elements_per_branch=at_least(1),
    branches=at_least(1),
    other_arguments_lengths=at_least(1),
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def choose_fastest_branch_dataset_op(
    input_dataset: variant,
    ratio_numerator: int64,
    ratio_denominator: int64,
    other_arguments: TypeList[Targuments],
    *,
    num_elements_per_branch: int,
    branches: tuple[Function, ...],
    other_arguments_lengths: tuple[int, ...],
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    context: Context,
) -> variant:
    """Make a dataset by one of several functions of another that give the same.

    Args:
        input_dataset: the other.
        ratio_numerator, ratio_denominator: accepted for compatibility.
        other_arguments: what the functions get besides, one after the other.
        num_elements_per_branch: accepted for compatibility.
        branches: functions that make a dataset of a dataset; the first is taken.
        other_arguments_lengths: how many of `other_arguments` each of them gets.
        output_types, output_shapes: of an element.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name, which takes the one that proves fastest.
    """
    captured = other_arguments[: other_arguments_lengths[0]]
    (made,) = caller(context, branches[0])(input_dataset, *captured)
    return _typed(made, output_types, output_shapes)


# --- WrapDatasetVariant, UnwrapDatasetVariant ----------------------------------------------------


@op("WrapDatasetVariant", outputs=("output_handle",))
def wrap_dataset_variant_op(input_handle: variant) -> variant:
    """Give a dataset that can be moved between devices: here the dataset itself.

    Args:
        input_handle: the dataset.

    Returns:
        It, wrapped.

    Source: TensorFlow's op of the same name.
    """
    return input_handle


@op("UnwrapDatasetVariant", outputs=("output_handle",))
def unwrap_dataset_variant_op(input_handle: variant) -> variant:
    """Give the dataset that was wrapped.

    Args:
        input_handle: what WrapDatasetVariant gave.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    return input_handle


for _op in (
    model_dataset_op,
    optimize_dataset_op,
    non_serializable_dataset_op,
    max_intra_op_parallelism_dataset_op,
    private_thread_pool_dataset_op,
    thread_pool_dataset_op,
    sleep_dataset_op,
    choose_fastest_dataset_op,
    choose_fastest_branch_dataset_op,
    wrap_dataset_variant_op,
    unwrap_dataset_variant_op,
):
    is_dataset(_op)
