"""What adds up over batches: how many examples, their values end to end, agreement of classes.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.metrics.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat, transpose
from minitf.api.casting import cast
from minitf.api.constants import zeros
from minitf.api.control import identity
from minitf.api.counting import confusion_matrix
from minitf.api.diagonals import diag_part
from minitf.api.framework import control_dependencies
from minitf.api.math import div_no_nan, maximum, minimum
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import shape, size
from minitf.api.state import assign, assign_add
from minitf.api.weights import broadcast_weights
from minitf.control_flow.cond import cond
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32, float64, int32, int64
from minitf.graph_keys import GraphKeys
from minitf.metrics.streaming import Metric, fitted, gather, metric_of, metric_variable, value_of
from minitf.tensor import Tensor
from minitf.variables.base import Variable
from minitf.variables.sharing import variable_scope


def count(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return how many values there were, or the sum of their weights.

    Args:
        values: of any type and shape; only the shape counts.
        weights: a scalar, or of the rank of the values, each size 1 or theirs; 1 by default.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.

    Returns:
        value: float32.
        update: adds a batch, and returns the value with it.

    Raises:
        ValueError: if the weights do not fit.
    """
    with variable_scope(name, "count", [values, weights]):
        total = metric_variable([], float32, "count")
        if weights is None:
            number = cast(size(values), float32)
        else:
            values, _, weights = fitted(values, None, weights)
            number = reduce_sum(broadcast_weights(cast(weights, float32), values))
        value = value_of(lambda: identity(total), metrics_collections)
        update = assign_add(total, number, name="update_op")
        gather(updates_collections, update)
        return value, update


def streaming_concat(
    values: Any,
    axis: int = 0,
    max_size: int | None = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return all values of all batches, end to end along an axis.

    A batch costs time in its own size only, on average: the variable doubles when it is full.

    Args:
        values: of any type; all sizes but that of the axis known.
        axis: the axis.
        max_size: how much is kept along the axis; what comes later is left out.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.

    Returns:
        value: the values.
        update: int32, adds a batch, and returns the size along the axis with it.

    Raises:
        ValueError: if the rank or a size is not known, or the axis is not there.
    """
    with variable_scope(name, "streaming_concat", [values]):
        values = convert_to_tensor(values)
        rank = values.shape.ndims
        if rank is None:
            raise ValueError("`values` must have known statically known rank")
        if not 0 <= axis < rank:
            raise ValueError(f"axis = {axis} not in [0, {rank})")
        others = [side.value for at, side in enumerate(values.shape.dims) if at != axis]
        if None in others:
            raise ValueError(
                "all dimensions of `values` other than the dimension to concatenate "
                "along must have statically known size"
            )
        to_front = [axis, *(at for at in range(rank) if at != axis)]
        back = [to_front.index(at) for at in range(rank)]
        keys = [GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES]
        room: Any = Variable(
            lambda: zeros([0, *others], values.dtype),
            trainable=False,
            collections=keys,
            name="array",
            validate_shape=False,
        )
        length = metric_variable([], int32, "size")
        batch = transpose(values, to_front)
        with control_dependencies([batch]):
            old = identity(length.read_value())
            held = identity(room.read_value())
        added = shape(batch)[0]
        if max_size is not None:
            added = minimum(added, max_size - old)
        new = old + added

        def grown() -> Any:
            more = zeros(concat([[maximum(shape(held)[0], new)], others], 0), held.dtype)
            return assign(room, concat([held[:old], batch[:added], more], 0), validate_shape=False)

        def filled() -> Any:
            return room[old:new].assign(batch[:added])

        stored = cond(new > shape(held)[0], lambda: size(grown()), lambda: size(filled()))
        with control_dependencies([stored]):
            update = assign(length, new, name="update_op")
        value = value_of(lambda: transpose(room.read_value()[: length.read_value()], back), None)
        value.set_shape([*others[:axis], None, *others[axis:]])
        gather(metrics_collections, value)
        gather(updates_collections, update)
        return value, update


def cohen_kappa(
    labels: Any,
    predictions_idx: Any,
    num_classes: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return how much more often two raters agree than by chance: Cohen's kappa.

    (sum of po - sum of pe) / (N - sum of pe), where po is how often both say a class, pe how often
    they would by chance, and N how many cases there are.

    Args:
        labels: int[N], classes.
        predictions_idx: int[N], classes, of the same type.
        num_classes: how many there are, at least 2.
        weights: [N]; 1 by default.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.

    Returns:
        value: float64; 0 where nothing can be said.
        update: adds a batch, and returns the value with it.

    Raises:
        ValueError: if there are fewer than 2 classes, or shapes do not fit.

    Source: Cohen, "A coefficient of agreement for nominal scales" (1960).
    """
    if num_classes < 2:
        raise ValueError(f"`num_classes` must be >= 2.Found: {num_classes}")
    with variable_scope(name, "cohen_kappa", [labels, predictions_idx, weights]):
        labels, predictions = convert_to_tensor(labels), convert_to_tensor(predictions_idx)
        predictions.shape.assert_is_compatible_with(labels.shape)
        dtype = int64 if weights is None else float32
        table = confusion_matrix(labels, predictions, num_classes, dtype, weights=weights)
        parts = [diag_part(table), reduce_sum(table, 0), reduce_sum(table, 1)]
        totals = [
            metric_variable([num_classes], dtype, each) for each in ("po", "pe_row", "pe_col")
        ]
        updates = [assign_add(total, part) for total, part in zip(totals, parts, strict=True)]
        return metric_of(_kappa, totals, updates, metrics_collections, updates_collections)


def _kappa(po: Any, rows: Any, columns: Any, name: str) -> Tensor:
    po, rows, columns = (cast(each, float64) for each in (po, rows, columns))
    number = reduce_sum(rows)
    chance = reduce_sum(div_no_nan(rows * columns, number))
    return div_no_nan(reduce_sum(po) - chance, number - chance, name=name)
