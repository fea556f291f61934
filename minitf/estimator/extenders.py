"""add_metrics: an Estimator that measures more.

    def auc(labels, predictions):
        return {"auc": tf.metrics.auc(labels, predictions["logistic"])}

    estimator = tf.estimator.add_metrics(classifier, auc)

Source: TensorFlow 1.15's function of the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.estimator.estimators import Estimator
from minitf.estimator.input_functions import arguments_of
from minitf.estimator.model_spec import EstimatorSpec, ModeKeys

_ARGUMENTS = ("predictions", "labels", "features", "config")


def add_metrics(estimator: Estimator, metric_fn: Callable[..., Any]) -> Estimator:
    """Return an Estimator of the same model and folder that measures more.

    Args:
        estimator: the model.
        metric_fn: returns more metrics by name, as EstimatorSpec has them: a function of any of
            `predictions`, `labels`, `features` and `config`. Metrics of a name that the model has
            take their place.

    Raises:
        ValueError: if the function takes something else.
        TypeError: if it is none.
    """
    if not callable(metric_fn):
        raise TypeError(f"metric_fn must be callable, given: {metric_fn}")
    wanted = arguments_of(metric_fn)
    others = sorted(set(wanted) - set(_ARGUMENTS))
    if others:
        raise ValueError(f"metric_fn ({metric_fn}) has following not expected args: {others}")

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> EstimatorSpec:
        spec = estimator.model_fn(features, labels, mode, config)
        if mode != ModeKeys.EVAL:
            return spec
        values = {
            "predictions": spec.predictions,
            "labels": labels,
            "features": features,
            "config": config,
        }
        more = metric_fn(**{name: values[name] for name in _ARGUMENTS if name in wanted})
        return EstimatorSpec(
            mode,
            predictions=spec.predictions,
            loss=spec.loss,
            train_op=spec.train_op,
            eval_metric_ops={**spec.eval_metric_ops, **more},
            scaffold=spec.scaffold,
            evaluation_hooks=spec.evaluation_hooks,
        )

    return Estimator(model_fn, estimator.model_dir, estimator.config)
