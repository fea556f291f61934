"""Heads of classifiers: two classes by one logit, or a logit for each class.

Source: TensorFlow 1.15's heads of canned estimators.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from minitf import dtypes
from minitf.api.array import concat, expand_dims, tile
from minitf.api.assertions import assert_less_equal, assert_non_negative
from minitf.api.casting import cast
from minitf.api.constants import constant, zeros_like
from minitf.api.control import identity
from minitf.api.elementary import sigmoid
from minitf.api.framework import control_dependencies, name_scope
from minitf.api.losses import Reduction
from minitf.api.losses_scores import sparse_softmax_cross_entropy
from minitf.api.math import maximum
from minitf.api.nn_losses import sigmoid_cross_entropy_with_logits, softmax
from minitf.api.reductions import argmax
from minitf.api.sequences import range as range_
from minitf.api.sizes import shape
from minitf.api.strings import as_string
from minitf.api.weights import broadcast_weights
from minitf.estimator.heads import Head, Loss, dense_labels
from minitf.estimator.outputs import ClassificationOutput, PredictOutput, RegressionOutput
from minitf.lookup.index_tables import (
    index_table_from_tensor,
    index_to_string_table_from_tensor,
)
from minitf.metrics.areas import auc
from minitf.metrics.counts import precision, recall
from minitf.metrics.means import accuracy, mean
from minitf.tensor import Tensor


class _ClassHead(Head):
    """What both heads do.

    Args:
        n_classes: how many classes there are.
        logits_dimension: how many logits an example has.
        weight_column: as of Head.
        label_vocabulary: the labels, where they are text.
        loss_reduction: as of Head.
    """

    def __init__(
        self,
        n_classes: int,
        logits_dimension: int,
        weight_column: Any,
        label_vocabulary: Sequence[str] | None,
        loss_reduction: str,
    ) -> None:
        super().__init__(logits_dimension, weight_column, loss_reduction)
        if label_vocabulary is not None and not isinstance(label_vocabulary, (list, tuple)):
            raise ValueError(
                "label_vocabulary should be a list or a tuple. "
                f"Given type: {type(label_vocabulary)}"
            )
        self._n_classes = n_classes
        self._vocabulary = label_vocabulary

    def _classes(self, logits: Tensor, class_ids: Tensor) -> dict[str, Any]:
        """Return the numbers and names of classes, those predicted and all."""
        if self._vocabulary:
            table = index_to_string_table_from_tensor(self._vocabulary, name="class_string_lookup")
            classes = table.lookup(class_ids)
            names: Any = constant(list(self._vocabulary))
        else:
            classes = as_string(class_ids, name="str_classes")
            names = as_string(range_(self._n_classes))
        batch = shape(logits)[0]
        numbers = range_(self._n_classes)
        return {
            "class_ids": class_ids,
            "classes": classes,
            "all_class_ids": tile(expand_dims(numbers, 0), [batch, 1]),
            "all_classes": tile(expand_dims(names, 0), [batch, 1]),
        }

    def _class_ids(self, labels: Any, logits: Tensor) -> Tensor:
        """Return labels as numbers of classes.

        Raises:
            ValueError: if they are neither text of a vocabulary nor whole numbers.
        """
        labels = dense_labels(labels, logits, 1)
        if self._vocabulary:
            if labels.dtype.base_dtype is not dtypes.string:
                raise ValueError(
                    "Labels dtype should be string if label vocabulary is given. "
                    f"Instead got {labels.dtype}"
                )
            table = index_table_from_tensor(tuple(self._vocabulary), name="class_id_lookup")
            numbers: Tensor = table.lookup(labels)
            return numbers
        if labels.dtype.base_dtype is dtypes.string:
            raise ValueError(
                f"Labels dtype should be integer. Instead got {labels.dtype}: text needs a "
                "label_vocabulary."
            )
        found: Tensor = labels
        return found

    def _in_range(self, labels: Tensor) -> Tensor:
        """Return labels; a step fails where one is no class."""
        with name_scope(None, "assert_range", [labels]):
            last = constant(self._n_classes - 1, labels.dtype.base_dtype)
            checks = [
                assert_less_equal(labels, last, message="Labels must <= n_classes - 1"),
                assert_non_negative(labels, message="Labels must >= 0"),
            ]
            with control_dependencies(checks):
                found: Tensor = identity(labels)
                return found

    def outputs(self, predictions: dict[str, Any]) -> dict[str, Any]:
        """Return the outputs that are served: classes, and all predictions."""
        classes = ClassificationOutput(predictions["probabilities"], predictions["all_classes"])
        return {
            "serving_default": classes,
            "classification": classes,
            "predict": PredictOutput(predictions),
        }


class BinaryHead(_ClassHead):
    """Two classes: the logit is the logarithm of the odds of the second.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self, weight_column: Any, label_vocabulary: Sequence[str] | None, loss_reduction: str
    ) -> None:
        super().__init__(2, 1, weight_column, label_vocabulary, loss_reduction)

    def predictions(self, logits: Tensor) -> dict[str, Any]:
        """Return the predictions by name."""
        both = concat((zeros_like(logits), logits), axis=-1, name="two_class_logits")
        class_ids = expand_dims(argmax(both, axis=-1, name="class_ids"), axis=-1)
        return {
            "logits": logits,
            "logistic": sigmoid(logits, name="logistic"),
            "probabilities": softmax(both, name="probabilities"),
            **self._classes(logits, class_ids),
        }

    def loss(self, features: Mapping[str, Any], logits: Tensor, labels: Any) -> Loss:
        """Return the cross-entropy."""
        numbers = self._in_range(cast(self._class_ids(labels, logits), dtypes.float32))
        losses = sigmoid_cross_entropy_with_logits(labels=numbers, logits=logits)
        return self.reduced(features, logits, losses, numbers)

    def metrics(self, predictions: dict[str, Any], loss: Loss) -> dict[str, Any]:
        """Return pairs (value, update) of metrics by name."""
        labels, weights = loss.labels, loss.weights
        ids, logistic = predictions["class_ids"], predictions["logistic"]
        of_labels = mean(labels, weights, name="label/mean")
        spread = broadcast_weights(weights, logistic) if not isinstance(weights, float) else None
        curve = {"labels": labels, "predictions": logistic, "weights": spread}
        return {
            "accuracy": accuracy(labels, ids, weights, name="accuracy"),
            "precision": precision(labels, ids, weights, name="precision"),
            "recall": recall(labels, ids, weights, name="recall"),
            "prediction/mean": mean(logistic, weights, name="prediction/mean"),
            "label/mean": of_labels,
            "accuracy_baseline": tuple(maximum(each, 1.0 - each) for each in of_labels),
            "auc": auc(**curve, name="auc"),
            "auc_precision_recall": auc(**curve, curve="PR", name="auc_precision_recall"),
        }

    def outputs(self, predictions: dict[str, Any]) -> dict[str, Any]:
        """Return the outputs that are served: also the probability of the second class."""
        found = super().outputs(predictions)
        return {**found, "regression": RegressionOutput(predictions["logistic"])}


class MultiClassHead(_ClassHead):
    """Several classes: a logit for each.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        n_classes: int,
        weight_column: Any,
        label_vocabulary: Sequence[str] | None,
        loss_reduction: str,
    ) -> None:
        super().__init__(n_classes, n_classes, weight_column, label_vocabulary, loss_reduction)

    def predictions(self, logits: Tensor) -> dict[str, Any]:
        """Return the predictions by name."""
        class_ids = expand_dims(argmax(logits, axis=-1, name="class_ids"), axis=-1)
        return {
            "logits": logits,
            "probabilities": softmax(logits, name="probabilities"),
            **self._classes(logits, class_ids),
        }

    def loss(self, features: Mapping[str, Any], logits: Tensor, labels: Any) -> Loss:
        """Return the cross-entropy."""
        numbers = self._class_ids(labels, logits)
        if not numbers.dtype.is_integer:
            raise ValueError(f"Labels dtype should be integer. Instead got {numbers.dtype}.")
        numbers = self._in_range(numbers)
        losses = sparse_softmax_cross_entropy(
            labels=numbers, logits=logits, reduction=Reduction.NONE
        )
        return self.reduced(features, logits, expand_dims(losses, axis=-1), numbers)

    def metrics(self, predictions: dict[str, Any], loss: Loss) -> dict[str, Any]:
        """Return pairs (value, update) of metrics by name."""
        ids = predictions["class_ids"]
        return {"accuracy": accuracy(loss.labels, ids, loss.weights, name="accuracy")}


def class_head(
    n_classes: int, weight_column: Any, label_vocabulary: Any, loss_reduction: str
) -> Head:
    """Return the head of a classifier.

    Args:
        n_classes: how many classes there are.
        weight_column: as of Head.
        label_vocabulary: the labels, where they are text.
        loss_reduction: as of Head.

    Raises:
        ValueError: if there are fewer than two classes, or another number than labels.
    """
    if label_vocabulary is not None and n_classes != len(label_vocabulary):
        raise ValueError(
            f"Length of label_vocabulary must be n_classes ({n_classes}), given: {label_vocabulary}"
        )
    if n_classes == 2:
        return BinaryHead(weight_column, label_vocabulary, loss_reduction)
    if n_classes is None or n_classes < 2:
        raise ValueError(f"n_classes must be > 2: {n_classes}. For 2 classes, use binary head.")
    return MultiClassHead(n_classes, weight_column, label_vocabulary, loss_reduction)
