"""Names of modes, predictions and metrics in `tf.contrib.learn`.

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

from typing import ClassVar


class ModeKeys:
    """What a model is built for; the values are those of `tf.estimator.ModeKeys`.

    Source: TensorFlow 1.15.
    """

    TRAIN: ClassVar[str] = "train"
    EVAL: ClassVar[str] = "eval"
    INFER: ClassVar[str] = "infer"


class PredictionKey:
    """Names of predictions.

    Source: TensorFlow 1.15.
    """

    CLASSES: ClassVar[str] = "classes"
    PROBABILITIES: ClassVar[str] = "probabilities"
    LOGITS: ClassVar[str] = "logits"
    LOGISTIC: ClassVar[str] = "logistic"
    SCORES: ClassVar[str] = "scores"
    TOP_K: ClassVar[str] = "top_k"
    GENERIC: ClassVar[str] = "output"


class MetricKey:
    """Names of metrics; those of one class or threshold have a place for its number.

    Source: TensorFlow 1.15.
    """

    LOSS: ClassVar[str] = "loss"
    AUC: ClassVar[str] = "auc"
    AUC_PR: ClassVar[str] = "auc_precision_recall"
    CLASS_AUC: ClassVar[str] = "auc/class%d"
    CLASS_AUC_PR: ClassVar[str] = "auc_precision_recall/class%d"
    PREDICTION_MEAN: ClassVar[str] = "labels/prediction_mean"
    CLASS_PREDICTION_MEAN: ClassVar[str] = "labels/prediction_mean/class%d"
    CLASS_LOGITS_MEAN: ClassVar[str] = "labels/logits_mean/class%d"
    CLASS_PROBABILITY_MEAN: ClassVar[str] = "labels/probability_mean/class%d"
    LABEL_MEAN: ClassVar[str] = "labels/actual_label_mean"
    CLASS_LABEL_MEAN: ClassVar[str] = "labels/actual_label_mean/class%d"
    ACCURACY: ClassVar[str] = "accuracy"
    ACCURACY_BASELINE: ClassVar[str] = "accuracy/baseline_label_mean"
    ACCURACY_MEAN: ClassVar[str] = "accuracy/threshold_%f_mean"
    PRECISION_MEAN: ClassVar[str] = "precision/positive_threshold_%f_mean"
    RECALL_MEAN: ClassVar[str] = "recall/positive_threshold_%f_mean"
