"""Metrics by name: a mean of a function of labels and predictions, for each such function.

Source: TensorFlow 1.15's `tf.keras.metrics`.
"""

from __future__ import annotations

from typing import Any

from minitf.keras import loss_functions as losses
from minitf.keras.losses import FUNCTIONS as LOSSES
from minitf.keras.metrics import classes, counts, functions
from minitf.keras.metrics.base import Mean, MeanMetricWrapper, Metric, RootMeanSquaredError, Sum
from minitf.keras.utils.objects import Registry


class Accuracy(MeanMetricWrapper):
    """How often predictions equal labels.

    Args:
        name: of the metric.
        dtype: type of the state.
    """

    def __init__(self, name: str | None = "accuracy", dtype: Any = None) -> None:
        super().__init__(functions.accuracy, name, dtype)


class BinaryAccuracy(MeanMetricWrapper):
    """How often predictions are on the label's side of a threshold.

    Args:
        name: of the metric.
        dtype: type of the state.
        threshold: above which a prediction is 1.
    """

    def __init__(
        self, name: str | None = "binary_accuracy", dtype: Any = None, threshold: float = 0.5
    ) -> None:
        super().__init__(functions.binary_accuracy, name, dtype, threshold=threshold)


class TopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the greatest label is among the k greatest predictions.

    Args:
        k: how many predictions count.
        name: of the metric.
        dtype: type of the state.
    """

    def __init__(
        self, k: int = 5, name: str | None = "top_k_categorical_accuracy", dtype: Any = None
    ) -> None:
        super().__init__(functions.top_k_categorical_accuracy, name, dtype, k=k)


class SparseTopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the label's class is among the k greatest predictions.

    Args:
        k: how many predictions count.
        name: of the metric.
        dtype: type of the state.
    """

    def __init__(
        self, k: int = 5, name: str | None = "sparse_top_k_categorical_accuracy", dtype: Any = None
    ) -> None:
        super().__init__(functions.sparse_top_k_categorical_accuracy, name, dtype, k=k)


class CosineSimilarity(MeanMetricWrapper):
    """The cosine of the angle between rows.

    Args:
        name: of the metric.
        dtype: type of the state.
        axis: along which a row lies.
    """

    def __init__(
        self, name: str | None = "cosine_similarity", dtype: Any = None, axis: int = -1
    ) -> None:
        super().__init__(losses.cosine_proximity, name, dtype, axis=axis)


class BinaryCrossentropy(MeanMetricWrapper):
    """See `tf.keras.losses.binary_crossentropy`.

    Args:
        name: of the metric.
        dtype: type of the state.
        from_logits: whether predictions are scores.
        label_smoothing: the share of each label that becomes 1/2.
    """

    def __init__(
        self,
        name: str | None = "binary_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
    ) -> None:
        super().__init__(
            losses.binary_crossentropy,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )


class CategoricalCrossentropy(MeanMetricWrapper):
    """See `tf.keras.losses.categorical_crossentropy`.

    Args:
        name: of the metric.
        dtype: type of the state.
        from_logits: whether predictions are scores.
        label_smoothing: the share of each label that is spread over all classes.
    """

    def __init__(
        self,
        name: str | None = "categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
    ) -> None:
        super().__init__(
            losses.categorical_crossentropy,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )


class SparseCategoricalCrossentropy(MeanMetricWrapper):
    """See `tf.keras.losses.sparse_categorical_crossentropy`.

    Args:
        name: of the metric.
        dtype: type of the state.
        from_logits: whether predictions are scores.
        axis: of the classes.
    """

    def __init__(
        self,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(
            losses.sparse_categorical_crossentropy, name, dtype, from_logits=from_logits, axis=axis
        )


def _mean_of(class_name: str, function: Any) -> type[MeanMetricWrapper]:
    """Return the class of a metric that has no further arguments."""

    def make(self: Any, name: str | None = function.__name__, dtype: Any = None) -> None:
        MeanMetricWrapper.__init__(self, function, name, dtype)

    text = f"The mean of `{function.__name__}`: arguments `name` and `dtype`."
    body = {"__init__": make, "__doc__": text, "__module__": __name__}
    return type(class_name, (MeanMetricWrapper,), body)


CategoricalAccuracy = _mean_of("CategoricalAccuracy", functions.categorical_accuracy)
CategoricalHinge = _mean_of("CategoricalHinge", losses.categorical_hinge)
Hinge = _mean_of("Hinge", losses.hinge)
KLDivergence = _mean_of("KLDivergence", losses.kullback_leibler_divergence)
LogCoshError = _mean_of("LogCoshError", losses.logcosh)
MeanAbsoluteError = _mean_of("MeanAbsoluteError", losses.mean_absolute_error)
MeanAbsolutePercentageError = _mean_of(
    "MeanAbsolutePercentageError", losses.mean_absolute_percentage_error
)
MeanSquaredError = _mean_of("MeanSquaredError", losses.mean_squared_error)
MeanSquaredLogarithmicError = _mean_of(
    "MeanSquaredLogarithmicError", losses.mean_squared_logarithmic_error
)
Poisson = _mean_of("Poisson", losses.poisson)
SparseCategoricalAccuracy = _mean_of(
    "SparseCategoricalAccuracy", functions.sparse_categorical_accuracy
)
SquaredHinge = _mean_of("SquaredHinge", losses.squared_hinge)

_FUNCTIONS = {
    name: vars(functions)[name]
    for name in (
        "accuracy",
        "binary_accuracy",
        "categorical_accuracy",
        "sparse_categorical_accuracy",
        "sparse_top_k_categorical_accuracy",
        "top_k_categorical_accuracy",
    )
}
_CLASSES = (
    *(Accuracy, BinaryAccuracy, BinaryCrossentropy, CategoricalAccuracy, CategoricalCrossentropy),
    *(CategoricalHinge, CosineSimilarity, Hinge, KLDivergence, LogCoshError, Mean),
    *(MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredError),
    *(MeanSquaredLogarithmicError, Poisson, RootMeanSquaredError, SparseCategoricalAccuracy),
    *(SparseCategoricalCrossentropy, SparseTopKCategoricalAccuracy, SquaredHinge, Sum),
    *(TopKCategoricalAccuracy, counts.AUC, counts.FalseNegatives, counts.FalsePositives),
    *(counts.Precision, counts.Recall, counts.TrueNegatives, counts.TruePositives),
    *(classes.MeanIoU, classes.MeanRelativeError, classes.MeanTensor),
    *(classes.SensitivityAtSpecificity, classes.SpecificityAtSensitivity),
)
_REGISTRY = Registry(
    "metric function", {**LOSSES, **_FUNCTIONS, **{each.__name__: each for each in _CLASSES}}
)
serialize = _REGISTRY.serialize
deserialize = _REGISTRY.deserialize
get = _REGISTRY.get


def as_metric(identifier: Any, name: str | None = None) -> Metric:
    """Return a metric as an object: a function's is its mean."""
    found = get(identifier)
    if isinstance(found, type):
        found = found()
    if isinstance(found, Metric):
        return found
    return MeanMetricWrapper(found, name or getattr(found, "__name__", "metric"))
