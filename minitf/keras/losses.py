"""`tf.keras.losses`: losses by themselves, by name, or by configuration.

    mean_squared_error(y_true, y_pred)        [N, C], [N, C] -> [N]
    MeanSquaredError()(y_true, y_pred)        -> a number, the mean over all rows

Source: TensorFlow 1.15's `tf.keras.losses`.
"""

from __future__ import annotations

from typing import Any

from minitf.keras import loss_functions as functions
from minitf.keras.loss_classes import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    CategoricalHinge,
    CosineSimilarity,
    Hinge,
    Huber,
    KLDivergence,
    LogCosh,
    Loss,
    LossFunctionWrapper,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    Poisson,
    Reduction,
    SparseCategoricalCrossentropy,
    SquaredHinge,
)
from minitf.keras.loss_functions import (
    binary_crossentropy,
    categorical_crossentropy,
    categorical_hinge,
    cosine_proximity,
    hinge,
    huber_loss,
    kullback_leibler_divergence,
    logcosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
)
from minitf.keras.utils.objects import Registry

KLD = kld = kullback_leibler_divergence
MAE = mae = mean_absolute_error
MAPE = mape = mean_absolute_percentage_error
MSE = mse = mean_squared_error
MSLE = msle = mean_squared_logarithmic_error
cosine = cosine_similarity = cosine_proximity

CLASSES = (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    CategoricalHinge,
    CosineSimilarity,
    Hinge,
    Huber,
    KLDivergence,
    LogCosh,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    Poisson,
    SparseCategoricalCrossentropy,
    SquaredHinge,
)
FUNCTIONS = {
    each.__name__: each
    for each in (
        binary_crossentropy,
        categorical_crossentropy,
        categorical_hinge,
        cosine_proximity,
        hinge,
        huber_loss,
        kullback_leibler_divergence,
        logcosh,
        mean_absolute_error,
        mean_absolute_percentage_error,
        mean_squared_error,
        mean_squared_logarithmic_error,
        poisson,
        sparse_categorical_crossentropy,
        squared_hinge,
    )
} | {
    "KLD": kld,
    "MAE": mae,
    "MAPE": mape,
    "MSE": mse,
    "MSLE": msle,
    "cosine": cosine,
    "cosine_similarity": functions.cosine_similarity,
    "kld": kld,
    "mae": mae,
    "mape": mape,
    "mse": mse,
    "msle": msle,
}

_REGISTRY = Registry("loss function", FUNCTIONS | {each.__name__: each for each in CLASSES})
serialize = _REGISTRY.serialize
deserialize = _REGISTRY.deserialize
get = _REGISTRY.get


def as_loss(identifier: Any) -> Loss:
    """Return a loss as an object: what a model that is compiled with it uses."""
    found = get(identifier)
    if isinstance(found, Loss):
        return found
    if isinstance(found, type):
        made: Loss = found()
        return made
    return LossFunctionWrapper(
        found, Reduction.SUM_OVER_BATCH_SIZE, getattr(found, "__name__", None)
    )
