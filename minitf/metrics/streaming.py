"""What all metrics share: variables that add up over batches, a value, and an update.

A metric is a pair: `value` reads the variables, `update` adds a batch to them and returns what the
value is then.  The variables are local: a program that runs
`tf.local_variables_initializer()` begins to count anew.

    value, update = tf.metrics.mean(batch)
    session.run(tf.local_variables_initializer())
    session.run(update, {batch: [1, 2]})            # 1.5
    session.run(update, {batch: [6]})               # 3.0
    session.run(value)                              # 3.0

Source: TensorFlow 1.15's tf.metrics.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.constants import zeros
from minitf.api.framework import add_to_collections, control_dependencies
from minitf.api.weights import fitted_weights, remove_squeezable_dimensions
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor
from minitf.variables.base import Variable
from minitf.variables.options import VariableAggregation, VariableSynchronization

Metric = tuple[Any, Any]
_COLLECTIONS = [GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES]


def metric_variable(shape: Any, dtype: DType, name: str) -> Any:
    """Return a local variable that begins at 0."""
    return Variable(
        lambda: zeros(shape, dtype),
        trainable=False,
        collections=_COLLECTIONS,
        name=name,
        synchronization=VariableSynchronization.ON_READ,
        aggregation=VariableAggregation.SUM,
    )


def metric_of(
    compute: Callable[..., Tensor],
    totals: Sequence[Any],
    updates: Sequence[Any],
    metrics_collections: Any,
    updates_collections: Any,
) -> Metric:
    """Return a metric whose value and update are one function of totals, before and after.

    Args:
        compute: called as (*totals, name=...).
        totals: variables.
        updates: what they are after a batch.
        metrics_collections: names of the collections that the value joins.
        updates_collections: those of the update.
    """
    value = value_of(lambda: compute(*totals, name="value"), metrics_collections)
    update = compute(*updates, name="update_op")
    gather(updates_collections, update)
    return value, update


def value_of(compute: Callable[[], Any], metrics_collections: Any) -> Any:
    """Return a metric's value, which waits for nothing but its variables."""
    with control_dependencies(None):
        value = compute()
    gather(metrics_collections, value)
    return value


def gather(collections: Any, value: Any) -> None:
    """Put a value into collections, if there are any."""
    if collections:
        add_to_collections(collections, value)


def fitted(predictions: Any, labels: Any, weights: Any) -> tuple[Tensor, Any, Any]:
    """Return all three without last dimensions of size 1 that they have too many.

    Args:
        predictions: what is compared.
        labels: with what; None if with nothing.
        weights: None, a scalar, or shaped as the predictions.
    """
    predictions = convert_to_tensor(predictions)
    if labels is not None:
        labels, predictions = remove_squeezable_dimensions(labels, predictions)
        predictions.shape.assert_is_compatible_with(labels.shape)
    return predictions, labels, None if weights is None else fitted_weights(weights, predictions)
