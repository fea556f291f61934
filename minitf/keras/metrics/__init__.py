"""`tf.keras.metrics`: how good predictions are, batch by batch."""

from minitf import lazy

_NAMES = {
    "minitf.keras.loss_functions": (
        "binary_crossentropy categorical_crossentropy cosine_proximity hinge "
        "kullback_leibler_divergence mean_absolute_error mean_absolute_percentage_error "
        "mean_squared_error mean_squared_logarithmic_error poisson "
        "sparse_categorical_crossentropy squared_hinge"
    ),
    "minitf.keras.losses": "KLD MAE MAPE MSE MSLE cosine kld mae mape mse msle",
    "minitf.keras.metrics.base": "Mean MeanMetricWrapper Metric RootMeanSquaredError Sum",
    "minitf.keras.metrics.classes": (
        "MeanIoU MeanRelativeError MeanTensor SensitivityAtSpecificity SpecificityAtSensitivity"
    ),
    "minitf.keras.metrics.counts": (
        "AUC FalseNegatives FalsePositives Precision Recall TrueNegatives TruePositives"
    ),
    "minitf.keras.metrics.functions": (
        "binary_accuracy categorical_accuracy sparse_categorical_accuracy "
        "sparse_top_k_categorical_accuracy top_k_categorical_accuracy"
    ),
    "minitf.keras.metrics.named": (
        "Accuracy BinaryAccuracy BinaryCrossentropy CategoricalAccuracy CategoricalCrossentropy "
        "CategoricalHinge CosineSimilarity Hinge KLDivergence LogCoshError MeanAbsoluteError "
        "MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson "
        "SparseCategoricalAccuracy SparseCategoricalCrossentropy SparseTopKCategoricalAccuracy "
        "SquaredHinge TopKCategoricalAccuracy deserialize get serialize"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
