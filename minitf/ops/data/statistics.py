"""What is measured while elements are made: an aggregator keeps it, a summary shows it.

A dataset that measures tells the aggregator that stands behind it in the pipeline, if there is one:

    sized = bytes_produced_stats_dataset(dataset, "bytes")       # measures
    told = set_stats_aggregator_dataset(sized, aggregator)       # to whom

Source: TensorFlow 1.15, `tf.data.experimental.StatsAggregator`.
"""

import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import numpy as np

from minitf import protos
from minitf.dtypes import DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.data.dataset import Dataset, Element, Elements, is_dataset
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.ops.summary.numbers import histogram_summary_op
from minitf.resources import Context, Handle
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource, string, variant

Array = np.ndarray[Any, Any]


class StatsAggregator:
    """Numbers by name: of each all that were told, in order."""

    def __init__(self) -> None:
        self._numbers: dict[str, list[float]] = {}
        self._lock = threading.Lock()

    def add(self, name: str, number: float) -> None:
        """Keep a number."""
        with self._lock:
            self._numbers.setdefault(name, []).append(number)

    def summary(self) -> Any:
        """Return a Summary with a histogram of each name."""
        with self._lock:
            kept = {name: np.array(numbers) for name, numbers in self._numbers.items()}
        merged = protos.Summary()
        for name, numbers in kept.items():
            text = histogram_summary_op.body(np.array(name.encode(), object), numbers)
            merged.MergeFromString(text.item())
        return merged


_PRESENT: ContextVar[Callable[[str, float], None] | None] = ContextVar(
    "minitf_statistics", default=None
)


def tell(tag: str, number: float) -> None:
    """Tell the aggregator of the present iteration a number, if it has one."""
    add = _PRESENT.get()
    if add is not None:
        add(tag, number)


# --- StatsAggregatorHandle, StatsAggregatorHandleV2, StatsAggregatorSummary ----------------------


def _handle(container: str, shared_name: str, context: Context) -> Handle:
    name = shared_name or context.node_name
    found = context.resources.find_or_create(container, name, StatsAggregator, StatsAggregator)
    return Handle(found, container, name)


@op("StatsAggregatorHandle", "stateful", outputs=("handle",))
def stats_aggregator_handle_op(
    *, container: str = "", shared_name: str = "", context: Context
) -> Resource:
    """Give the handle of an aggregator of statistics.

    Args:
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Returns:
        The handle.

    Source: TensorFlow's op of the same name.
    """
    return _handle(container, shared_name, context)


@op("StatsAggregatorHandleV2", "stateful", outputs=("handle",))
def stats_aggregator_handle_v2_op(
    *, container: str = "", shared_name: str = "", context: Context
) -> Resource:
    """Give the handle of an aggregator of statistics.

    Args:
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Returns:
        The handle.

    Source: TensorFlow's op of the same name.
    """
    return _handle(container, shared_name, context)


@op("StatsAggregatorSummary", "stateful", outputs=("summary",))
def stats_aggregator_summary_op(iterator: Resource) -> string:
    """Give what an aggregator keeps.

    Args:
        iterator: the aggregator's handle.

    Returns:
        string scalar, a Summary.

    Source: TensorFlow's op of the same name.
    """
    return np.array(_aggregator(iterator).summary().SerializeToString(), object)


def _aggregator(handle: Any) -> StatsAggregator:
    found = handle.resource if isinstance(handle, Handle) else None
    if not isinstance(found, StatsAggregator):
        raise invalid(f"Trying to access resource of the wrong type: {handle} is no aggregator")
    return found


for _op in (
    stats_aggregator_handle_op,
    stats_aggregator_handle_v2_op,
    stats_aggregator_summary_op,
):
    _op.shape(lambda *_, **__: SCALAR)
    _op.no_gradient("statistics are no function of a handle")

# --- SetStatsAggregatorDataset -------------------------------------------------------------------


@op(
    "SetStatsAggregatorDataset",
    "stateful",
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def set_stats_aggregator_dataset_op(
    input_dataset: variant,
    stats_aggregator: Resource,
    tag: string,
    counter_prefix: string,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> variant:
    """Hand on elements, and tell an aggregator what is measured before.

    Args:
        input_dataset: whose elements they are.
        stats_aggregator: the aggregator.
        tag: stands before the names of what is measured.
        counter_prefix: accepted for compatibility.
        output_types, output_shapes: of an element.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    aggregator = _aggregator(stats_aggregator)
    prefix = tag.item().decode()

    def add(name: str, number: float) -> None:
        aggregator.add(f"{prefix}_{name}" if prefix else name, number)

    def begin() -> Elements:
        token = _PRESENT.set(add)
        try:
            source = input_dataset.begin()
        finally:
            _PRESENT.reset(token)

        def step() -> Element:
            token = _PRESENT.set(add)
            try:
                element: Element = next(source)
                return element
            finally:
                _PRESENT.reset(token)

        return Elements(step)

    return Dataset(output_types, output_shapes, begin, input_dataset.size)


# --- BytesProducedStatsDataset, LatencyStatsDataset ----------------------------------------------


def _tag(tag: Array) -> str:
    text: str = tag.item().decode()
    return text


def _bytes(array: Any) -> int:
    """Return how much memory a component takes, as TensorFlow counts it."""
    if not isinstance(array, np.ndarray):
        return 0
    if array.dtype == object:
        return sum(len(each) for each in array.ravel().tolist() if isinstance(each, bytes))
    return array.nbytes


@op("BytesProducedStatsDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def bytes_produced_stats_dataset_op(
    input_dataset: variant,
    tag: string,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> variant:
    """Hand on elements, and tell how many bytes each has.

    Args:
        input_dataset: whose elements they are.
        tag: the name of the numbers.
        output_types, output_shapes: of an element.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    name = _tag(tag)

    def begin() -> Elements:
        source = input_dataset.begin()

        def step() -> Element:
            element: Element = next(source)
            tell(name, sum(map(_bytes, element)))
            return element

        return Elements(step)

    return Dataset(output_types, output_shapes, begin, input_dataset.size)


@op("LatencyStatsDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def latency_stats_dataset_op(
    input_dataset: variant,
    tag: string,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> variant:
    """Hand on elements, and tell how many microseconds each took.

    Args:
        input_dataset: whose elements they are.
        tag: the name of the numbers.
        output_types, output_shapes: of an element.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    name = _tag(tag)

    def begin() -> Elements:
        source = input_dataset.begin()

        def step() -> Element:
            start = time.perf_counter()
            try:
                element: Element = next(source)
                return element
            finally:
                tell(name, (time.perf_counter() - start) * 1e6)

        return Elements(step)

    return Dataset(output_types, output_shapes, begin, input_dataset.size)


for _op in (
    set_stats_aggregator_dataset_op,
    bytes_produced_stats_dataset_op,
    latency_stats_dataset_op,
):
    is_dataset(_op)
