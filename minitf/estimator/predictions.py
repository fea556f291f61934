"""Which predictions of a model are asked for, and of how many examples a batch of them is.

Source: TensorFlow 1.15's `tf.estimator.Estimator.predict`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def wanted_predictions(predictions: Any, keys: Any) -> Any:
    """Return the predictions that are asked for.

    Raises:
        ValueError: if there are none of those names.
    """
    if not keys:
        return predictions
    if not isinstance(predictions, Mapping):
        raise ValueError("predict_keys argument is not valid in case of non-dict predictions.")
    wanted = {key: value for key, value in predictions.items() if key in keys}
    if not wanted:
        raise ValueError(
            f"Expected to run at least one output from {list(predictions)}, provided {keys}."
        )
    return wanted


def batch_length(batch: Mapping[str, Any]) -> int:
    """Return how many examples a batch of predictions has.

    Raises:
        ValueError: if predictions have different lengths.
    """
    lengths = {key: np.shape(values)[0] for key, values in batch.items()}
    if len(set(lengths.values())) != 1:
        raise ValueError(
            f"Batch length of predictions should be same. {lengths} are the batch lengths."
        )
    return int(next(iter(lengths.values())))
