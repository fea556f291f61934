"""The head of regressors: the logits are the predictions.

Source: TensorFlow 1.15's heads of canned estimators.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from minitf import dtypes
from minitf.api.casting import cast
from minitf.api.losses import Reduction
from minitf.api.losses_errors import mean_squared_error
from minitf.estimator.heads import Head, Loss, dense_labels
from minitf.estimator.outputs import PredictOutput, RegressionOutput
from minitf.metrics.means import mean
from minitf.tensor import Tensor


class RegressionHead(Head):
    """Numbers, of which the squared error is the loss.

    Args:
        label_dimension: how many numbers an example has.
        weight_column: as of Head.
        loss_reduction: as of Head.

    Raises:
        ValueError: if there are none.

    Source: TensorFlow 1.15.
    """

    weighs_logits = True

    def __init__(self, label_dimension: int, weight_column: Any, loss_reduction: str) -> None:
        if label_dimension < 1:
            raise ValueError(f"Invalid label_dimension {label_dimension}.")
        super().__init__(label_dimension, weight_column, loss_reduction)

    def predictions(self, logits: Tensor) -> dict[str, Any]:
        """Return the predictions by name."""
        return {"predictions": logits}

    def loss(self, features: Mapping[str, Any], logits: Tensor, labels: Any) -> Loss:
        """Return the squared error."""
        numbers = cast(dense_labels(labels, logits, self.logits_dimension), dtypes.float32)
        losses = mean_squared_error(numbers, logits, reduction=Reduction.NONE)
        return self.reduced(features, logits, losses, numbers)

    def metrics(self, predictions: dict[str, Any], loss: Loss) -> dict[str, Any]:
        """Return pairs (value, update) of metrics by name."""
        return {
            "prediction/mean": mean(
                predictions["predictions"], loss.weights, name="prediction/mean"
            ),
            "label/mean": mean(loss.labels, loss.weights, name="label/mean"),
        }

    def outputs(self, predictions: dict[str, Any]) -> dict[str, Any]:
        """Return the outputs that are served: the numbers."""
        numbers = RegressionOutput(predictions["predictions"])
        return {
            "serving_default": numbers,
            "regression": numbers,
            "predict": PredictOutput(predictions),
        }
