"""Compilation: what a model is trained for, as a graph behind its outputs.

    output --- loss(target, output) weights --- mean --- loss weight --+
    output2 -- ...                                                     +-- total loss
    losses of layers (regularizers) -----------------------------------+

Source: TensorFlow 1.15's `tf.keras.Model.compile`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from minitf.api.casting import cast
from minitf.api.constants import placeholder_with_default
from minitf.api.framework import name_scope
from minitf.api.math import add_n
from minitf.keras import losses as losses_
from minitf.keras.backend.tensors import dtype as dtype_of
from minitf.keras.backend.tensors import int_shape, placeholder
from minitf.keras.loss_classes import Loss, LossFunctionWrapper, Reduction, reduced
from minitf.keras.loss_functions import (
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from minitf.keras.metrics import functions
from minitf.keras.metrics.base import Mean, Metric
from minitf.keras.metrics.named import as_metric
from minitf.keras.metrics.named import get as metric_of
from minitf.keras.utils.weighting import laid_upon
from minitf.layers.masks import mask_of
from minitf.tensor import Tensor

_ACCURACY = {"accuracy", "acc"}
_CROSSENTROPY = {"crossentropy", "ce"}


@dataclass
class Endpoint:
    """An output that is trained: what is right, what errors cost, what is measured."""

    name: str
    output: Any
    loss: Loss
    loss_weight: float
    target: Any
    weight: Any
    temporal: bool
    given_target: bool = False
    metrics: list[Metric] = field(default_factory=list)
    weighted_metrics: list[Metric] = field(default_factory=list)
    loss_metric: Metric | None = None
    tracked_cost: Any = None

    @property
    def target_shape(self) -> Any:
        """The shape that targets must have; None where the loss is the program's own."""
        function = getattr(self.loss, "fn", None)
        shape = int_shape(self.output)
        if shape is None or not isinstance(self.loss, LossFunctionWrapper):
            return None
        if function is sparse_categorical_crossentropy:
            return (*shape[:-1], 1)
        known = function in losses_.FUNCTIONS.values()
        return shape if known else None


def for_each(given: Any, names: Sequence[str], what: str) -> list[Any]:
    """Return what an argument says of each output.

    Args:
        given: one for all, a list, or a mapping from names.
        names: of the outputs.
        what: of the argument, for messages.

    Raises:
        ValueError: if a list has another length, or a mapping another name.
    """
    if isinstance(given, Mapping):
        unknown = sorted(set(given) - set(names))
        if unknown:
            raise ValueError(
                f"Unknown entries in {what} dictionary: {unknown}. Only expected following keys: "
                f"{list(names)}"
            )
        return [given.get(name) for name in names]
    if isinstance(given, (list, tuple)):
        if len(given) != len(names):
            raise ValueError(
                f"When passing a list as {what}, it should have one entry per model output. The "
                f"model has {len(names)} outputs, but you passed {what}={given}"
            )
        return list(given)
    return [given] * len(names)


def endpoints_of(
    names: Sequence[str],
    outputs: Sequence[Any],
    loss: Any,
    loss_weights: Any,
    sample_weight_mode: Any,
    target_tensors: Any,
) -> list[Endpoint]:
    """Return the outputs that are trained: those that have a loss."""
    weights = for_each(loss_weights, names, "loss_weights")
    modes = for_each(sample_weight_mode, names, "sample_weight_mode")
    targets = for_each(target_tensors, names, "target_tensors")
    made = []
    for name, output, of_loss, weight, mode, target in zip(
        names, outputs, for_each(loss, names, "loss"), weights, modes, targets, strict=True
    ):
        if of_loss is None:
            continue
        temporal = mode == "temporal"
        first, shape = ([[1.0]], [None, None]) if temporal else ([1.0], [None])
        rows = placeholder_with_default(first, shape, name=f"{name}_sample_weights")
        found = losses_.as_loss(of_loss)
        given, right = target is not None, target
        if right is None:
            sparse = getattr(found, "fn", None) is sparse_categorical_crossentropy
            rank = len(int_shape(output) or ())
            right = placeholder(
                ndim=rank, name=f"{name}_target", dtype="float32" if sparse else dtype_of(output)
            )
        factor = 1.0 if weight is None else weight
        made.append(Endpoint(name, output, found, factor, right, rows, temporal, given))
    return made


def total_loss(endpoints: Sequence[Endpoint], others: Sequence[Any]) -> Tensor:
    """Return the loss of a model.

    Args:
        endpoints: its outputs.
        others: losses of its layers.

    Raises:
        ValueError: if there is nothing to train.
    """
    parts = []
    with name_scope("loss"):
        for each in endpoints:
            with name_scope(f"{each.name}_loss"):
                cost = _cost(each)
            if len(endpoints) > 1:
                each.loss_metric = Mean(name=f"{each.name}_loss")
                each.tracked_cost = each.loss_metric(cost)
            parts.append(cost * each.loss_weight if each.loss_weight != 1.0 else cost)
        if not parts and not others:
            raise ValueError("The model cannot be compiled because it has no loss to optimize.")
        total = parts[0] if len(parts) == 1 else add_n(parts) if parts else None
        if others:
            added = add_n([cast(each, others[0].dtype) for each in others])
            total = added if total is None else total + cast(added, total.dtype)
    assert total is not None
    return total


def _cost(endpoint: Endpoint) -> Tensor:
    """Return the loss of an output: where it is masked, rows and cells do not count."""
    loss, output = endpoint.loss, endpoint.output
    weight = _with_mask(endpoint.weight, output)
    if not hasattr(loss, "reduction"):
        return loss(endpoint.target, output, sample_weight=weight)
    way = Reduction.SUM_OVER_BATCH_SIZE if loss.reduction == Reduction.AUTO else loss.reduction
    return reduced(loss.call(endpoint.target, output), weight, way)


def _with_mask(weight: Any, output: Any) -> Any:
    mask = mask_of(output)
    if mask is None:
        return weight
    mask = cast(mask, output.dtype)
    return mask if weight is None else mask * laid_upon(mask, weight)


# --- metrics -------------------------------------------------------------------------------------


def set_metrics(endpoints: Sequence[Endpoint], metrics: Any, weighted_metrics: Any) -> None:
    """Make the metrics of outputs, as arguments of `compile` ask for them."""
    names = [each.name for each in endpoints]
    taken: set[str] = set()
    for given, weighted in ((metrics, False), (weighted_metrics, True)):
        for endpoint, asked in zip(endpoints, _asked(given, names), strict=True):
            for identifier in asked:
                made = _metric(identifier, endpoint, weighted)
                if len(endpoints) > 1:
                    made.name = f"{endpoint.name}_{made.name}"
                made.name = _free(made.name, taken)
                (endpoint.weighted_metrics if weighted else endpoint.metrics).append(made)


def _asked(given: Any, names: Sequence[str]) -> list[list[Any]]:
    if not given:
        return [[] for _ in names]
    if isinstance(given, Mapping):
        return [_listed(each) for each in for_each(given, names, "metrics")]
    if isinstance(given, (list, tuple)) and any(isinstance(each, (list, tuple)) for each in given):
        return [_listed(each) for each in for_each(given, names, "metrics")]
    listed = _listed(given)
    return [list(listed) for _ in names]


def _listed(given: Any) -> list[Any]:
    if given is None:
        return []
    return list(given) if isinstance(given, (list, tuple)) else [given]


def _free(name: str, taken: set[str]) -> str:
    number, proposed = 1, name
    while proposed in taken:
        proposed = f"{name}_{number}"
        number += 1
    taken.add(proposed)
    return proposed


def _metric(identifier: Any, endpoint: Endpoint, weighted: bool) -> Metric:
    prefix = "weighted_" if weighted else ""
    if isinstance(identifier, Metric):
        return identifier
    if isinstance(identifier, str) and identifier in _ACCURACY | _CROSSENTROPY:
        short = "acc" if identifier in _ACCURACY else "ce"
        return as_metric(_by_loss(short, endpoint), prefix + short)
    found = metric_of(identifier)
    if isinstance(found, (type, Metric)):
        return as_metric(found)
    return as_metric(found, prefix + getattr(found, "__name__", type(found).__name__))


def _by_loss(short: str, endpoint: Endpoint) -> Any:
    """Return the accuracy, or cross entropy, that fits a loss and an output."""
    function = getattr(endpoint.loss, "fn", None)
    shape = int_shape(endpoint.output) or (None,)
    if shape[-1] == 1 or function is binary_crossentropy:
        return functions.binary_accuracy if short == "acc" else binary_crossentropy
    if function is sparse_categorical_crossentropy:
        return (
            functions.sparse_categorical_accuracy
            if short == "acc"
            else sparse_categorical_crossentropy
        )
    return functions.categorical_accuracy if short == "acc" else categorical_crossentropy


def measured(endpoints: Sequence[Endpoint]) -> tuple[list[Metric], list[Tensor]]:
    """Return the metrics of outputs in order, and their results with a batch included."""
    metrics: list[Metric] = []
    results: list[Tensor] = []
    for each in endpoints:
        if each.loss_metric is not None:
            metrics.append(each.loss_metric)
            results.append(each.tracked_cost)
    with name_scope("metrics"):
        for each in endpoints:
            for metric in each.metrics:
                metrics.append(metric)
                results.append(_result(metric, each, _with_mask(None, each.output)))
        for each in endpoints:
            for metric in each.weighted_metrics:
                metrics.append(metric)
                results.append(_result(metric, each, _with_mask(each.weight, each.output)))
    return metrics, results


def _result(metric: Metric, endpoint: Endpoint, weight: Any) -> Tensor:
    if weight is None:
        return metric(endpoint.target, endpoint.output)
    return metric(endpoint.target, endpoint.output, sample_weight=weight)
