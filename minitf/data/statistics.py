"""Statistics of how elements are made: who keeps them, and datasets that measure.

    aggregator = tf.data.experimental.StatsAggregator()
    dataset = dataset.apply(tf.data.experimental.latency_stats("step"))
    options = tf.data.Options()
    options.experimental_stats.aggregator = aggregator
    dataset = dataset.with_options(options)
    ...
    writer.add_summary(session.run(aggregator.get_summary()))

Source: TensorFlow 1.15's functions and classes of the same names in `tf.data.experimental`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.tensor import Tensor

Transformation = Callable[[Any], Any]


class StatsAggregatorV2:
    """Keeps what datasets measure."""

    def __init__(self) -> None:
        self._resource: Tensor = ops.stats_aggregator_handle_v2_op()


class StatsAggregator:
    """Keeps what datasets measure."""

    def __init__(self) -> None:
        self._resource: Tensor = ops.stats_aggregator_handle_op()

    def get_summary(self) -> Tensor:
        """Return a string that shows what it keeps: a Summary with a histogram of each name."""
        made: Tensor = ops.stats_aggregator_summary_op(self._resource)
        return made


def set_stats_aggregator(
    stats_aggregator: Any, prefix: str = "", counter_prefix: str = ""
) -> Transformation:
    """Tell an aggregator what is measured before.

    Args:
        stats_aggregator: the aggregator.
        prefix: stands before the names of numbers.
        counter_prefix: stands before the names of counters.
    """
    return lambda dataset: dataset.made_by(
        ops.set_stats_aggregator_dataset_op, stats_aggregator._resource, prefix, counter_prefix
    )


def bytes_produced_stats(tag: Any) -> Transformation:
    """Measure how many bytes each element has.

    Args:
        tag: the name of the numbers.
    """
    return lambda dataset: dataset.made_by(ops.bytes_produced_stats_dataset_op, tag)


def latency_stats(tag: Any) -> Transformation:
    """Measure how many microseconds each element takes.

    Args:
        tag: the name of the numbers.
    """
    return lambda dataset: dataset.made_by(ops.latency_stats_dataset_op, tag)
