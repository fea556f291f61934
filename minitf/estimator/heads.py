"""Heads: what canned models make of logits: predictions, losses, metrics, a step of training.

Source: TensorFlow 1.15's heads of canned estimators.
"""

from __future__ import annotations

import abc
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from minitf import dtypes
from minitf.api.array import concat, expand_dims
from minitf.api.assertions import assert_equal
from minitf.api.casting import cast
from minitf.api.constants import ones_like
from minitf.api.control import group, identity
from minitf.api.framework import (
    control_dependencies,
    convert_to_tensor_or_sparse_tensor,
    get_collection,
    name_scope,
)
from minitf.api.losses import Reduction, compute_weighted_loss
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import shape
from minitf.api.static_checks import assert_rank_at_least
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor
from minitf.estimator.model_spec import EstimatorSpec, ModeKeys
from minitf.feature_column.columns import Features
from minitf.feature_column.numeric import NumericColumn, numeric_column
from minitf.graph_keys import GraphKeys
from minitf.metrics.means import mean
from minitf.summary.values import scalar
from minitf.tensor import Tensor
from minitf.train.optimizer import Optimizer
from minitf.train.training_util import get_global_step


class Loss(NamedTuple):
    """A loss as one number and of each example, the weights, and what labels became."""

    training: Tensor
    of_examples: Tensor
    weights: Any
    labels: Tensor


class Head(abc.ABC):
    """What a canned model makes of its logits.

    Args:
        logits_dimension: how many logits an example has.
        weight_column: the key of the examples' weights, or a numeric column; None for 1.
        loss_reduction: how losses of examples become one.

    Raises:
        ValueError: if there is no such reduction.

    Source: TensorFlow 1.15.
    """

    def __init__(self, logits_dimension: int, weight_column: Any, loss_reduction: str) -> None:
        if loss_reduction not in Reduction.all() or loss_reduction == Reduction.NONE:
            raise ValueError(f"Invalid loss_reduction: {loss_reduction}")
        self.logits_dimension = logits_dimension
        self._weight_column = weight_column
        self._reduction = loss_reduction

    @abc.abstractmethod
    def predictions(self, logits: Tensor) -> dict[str, Any]:
        """Return the predictions by name."""

    @abc.abstractmethod
    def loss(self, features: Mapping[str, Any], logits: Tensor, labels: Any) -> Loss:
        """Return the loss."""

    @abc.abstractmethod
    def metrics(self, predictions: dict[str, Any], loss: Loss) -> dict[str, Any]:
        """Return pairs (value, update) of metrics by name, besides the average loss."""

    @abc.abstractmethod
    def outputs(self, predictions: dict[str, Any]) -> dict[str, Any]:
        """Return the outputs that are served, by name."""

    def spec(
        self,
        features: Mapping[str, Any],
        mode: str,
        labels: Any,
        logits: Any,
        train: Optimizer | Callable[[Any], Any],
    ) -> EstimatorSpec:
        """Return what a model function returns.

        Args:
            features: feature by key.
            mode: a key of ModeKeys.
            labels: the labels.
            logits: float32[batch, logits_dimension].
            train: the optimizer, or a function of the loss that returns the training operation.

        Raises:
            ValueError: if labels, logits or weights do not fit.
        """
        with name_scope("head"):
            logits = self._checked_logits(logits)
            with name_scope(None, "predictions", [logits]):
                predictions = self.predictions(logits)
            if mode == ModeKeys.PREDICT:
                return EstimatorSpec(
                    mode, predictions=predictions, export_outputs=self.outputs(predictions)
                )
            loss = self.loss(features, logits, labels)
            if mode == ModeKeys.EVAL:
                with name_scope(None, "metrics"):
                    metrics = {
                        "average_loss": mean(loss.of_examples, loss.weights, name="average_loss"),
                        **self.metrics(predictions, loss),
                    }
                return EstimatorSpec(
                    mode, predictions=predictions, loss=loss.training, eval_metric_ops=metrics
                )
            if isinstance(train, Optimizer):
                train_op = train.minimize(loss.training, global_step=get_global_step())
            else:
                train_op = train(loss.training)
            updates = get_collection(GraphKeys.UPDATE_OPS)
            if updates:
                train_op = group(train_op, *updates)
            average = None
            if self._reduction == Reduction.SUM:
                total = reduce_sum(loss.weights * ones_like(loss.of_examples))
                average = loss.training / total
        with name_scope(""):
            scalar("loss", loss.training)
            if average is not None:
                scalar("average_loss", average)
        return EstimatorSpec(mode, predictions=predictions, loss=loss.training, train_op=train_op)

    # --- what heads do with labels and weights ----------------------------------------------------

    def reduced(
        self, features: Mapping[str, Any], logits: Tensor, of_examples: Tensor, labels: Tensor
    ) -> Loss:
        """Return the loss of which the examples' losses are known."""
        weights = self._weights(features, logits)
        training = compute_weighted_loss(of_examples, weights, reduction=self._reduction)
        return Loss(training, of_examples, weights, labels)

    def _checked_logits(self, logits: Any) -> Tensor:
        """Return logits of the right dimension.

        Raises:
            ValueError: if they are of another.
        """
        with name_scope(None, "logits", [logits]):
            logits = cast(convert_to_tensor(logits), dtypes.float32)
            known = logits.get_shape()
            last = known.as_list()[-1] if known.ndims else None
            if last is not None and last != self.logits_dimension:
                raise ValueError(
                    "logits shape must be [D0, D1, ... DN, logits_dimension], got "
                    f"{known} instead of {self.logits_dimension}."
                )
            found: Tensor = identity(logits)
            return found

    def _weights(self, features: Mapping[str, Any], logits: Tensor) -> Any:
        """Return the examples' weights: float32[batch, 1], or 1.

        Raises:
            ValueError: if they do not fit the logits.
            TypeError: if they are neither a key nor a numeric column.
        """
        column = self._weight_column
        if column is None:
            return 1.0
        if isinstance(column, str):
            column = numeric_column(column, shape=(1,))
        if not isinstance(column, NumericColumn):
            raise TypeError(
                "Weight column must be either a string or NumericColumn. "
                f"Given type: {type(column)}."
            )
        with name_scope(None, "weights"):
            weights = convert_to_tensor(Features(features).get(column))
            fitting = {1, self.logits_dimension} if self.weighs_logits else {1}
            last = weights.get_shape().as_list()[-1] if weights.get_shape().ndims else None
            if last is not None and last not in fitting:
                raise ValueError(
                    "weights shape must be [D0, D1, ... DN] or [D0, D1, ... DN, 1], got "
                    f"{weights.get_shape()} for logits {logits.get_shape()}"
                )
            return weights

    weighs_logits = False  # whether each logit may have a weight of its own


def dense_labels(labels: Any, logits: Tensor, dimension: int) -> Tensor:
    """Return labels as a matrix of the logits' rows.

    Args:
        labels: one label per example, or `dimension`.
        logits: the logits.
        dimension: how many labels an example has.

    Raises:
        ValueError: if there are none, they are sparse, or known not to fit.
    """
    if labels is None:
        raise ValueError(
            "You must provide a labels Tensor. Given: None. Suggested troubleshooting steps: Check "
            "that your data contain your label feature. Check that your input_fn properly parses "
            "and returns labels."
        )
    with name_scope(None, "labels", [labels, logits]):
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            raise ValueError(
                "SparseTensor labels are not supported. labels must be a Tensor of shape "
                f"[D0, D1, ..., DN, {dimension}], e.g. [batch_size, {dimension}]. Suggested Fix: "
                "In your input_fn, use tf.sparse_tensor_to_dense() to turn labels into a Tensor."
            )
        known = labels.get_shape()
        if known.ndims is not None and known.ndims == (logits.get_shape().ndims or 0) - 1:
            labels = expand_dims(labels, -1)
            known = labels.get_shape()
        if known.ndims and known.as_list()[-1] not in {None, dimension}:
            raise ValueError(
                f"Mismatched label shape. Expected labels dimension={dimension}.  Received "
                f"{known.as_list()[-1]}. Suggested Fix: If your classifier expects one-hot "
                "encoding label, check your n_classes argument to the estimator and/or the shape "
                "of your label. Otherwise, check the shape of your label."
            )
        message = (
            f"labels shape must be [D0, D1, ... DN, {dimension}]. Suggested Fix: check your "
            "n_classes argument to the estimator and/or the shape of your label."
        )
        expected = concat([shape(logits)[:-1], [dimension]], axis=0)
        checks = [
            assert_rank_at_least(labels, 2, message=message),
            assert_equal(expected, shape(labels), message=message),
        ]
        with control_dependencies(checks):
            found: Tensor = identity(labels)
        return found
