"""`tf.contrib.learn.MetricSpec`: which metric of which predictions and labels to take.

    metrics = {"accuracy": MetricSpec(tf.contrib.metrics.streaming_accuracy, "classes")}
    estimator.evaluate(x=x, y=y, metrics=metrics)

Source: TensorFlow 1.15's `tf.contrib.learn.MetricSpec`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

_LABELS = ("labels", "label", "targets", "target")
_PREDICTIONS = ("predictions", "prediction", "logits", "logit")
_WEIGHTS = ("weights", "weight")


class MetricSpec:
    """Which metric of which predictions and labels to take.

    Args:
        metric_fn: makes a metric of predictions, labels and weights, which it may call by their
            names of 0.x.
        prediction_key: the key of the predictions, where there are several.
        label_key: the key of the labels, where there are several.
        weight_key: the key of the feature that weighs; None for no weights.
    """

    def __init__(
        self,
        metric_fn: Callable[..., Any],
        prediction_key: str | None = None,
        label_key: str | None = None,
        weight_key: str | None = None,
    ) -> None:
        self._metric_fn = metric_fn
        self._prediction_key = prediction_key
        self._label_key = label_key
        self._weight_key = weight_key

    @property
    def prediction_key(self) -> str | None:
        """The key of the predictions."""
        return self._prediction_key

    @property
    def label_key(self) -> str | None:
        """The key of the labels."""
        return self._label_key

    @property
    def weight_key(self) -> str | None:
        """The key of the weights."""
        return self._weight_key

    @property
    def metric_fn(self) -> Callable[..., Any]:
        """What makes the metric."""
        return self._metric_fn

    def __str__(self) -> str:
        """Show function and keys."""
        name = getattr(self._metric_fn, "__name__", str(self._metric_fn))
        return (
            f"MetricSpec(metric_fn={name}, prediction_key={self._prediction_key}, "
            f"label_key={self._label_key}, weight_key={self._weight_key})"
        )

    def create_metric_ops(self, inputs: Any, labels: Any, predictions: Any) -> Any:
        """Return what `metric_fn` makes.

        Args:
            inputs: the features by their keys; or one tensor.
            labels: the labels; or labels by their keys.
            predictions: the predictions; or predictions by their keys.

        Raises:
            ValueError: if a key is missing, or is not among those that there are.
        """
        found: dict[str, Any] = {
            "predictions": self._of("prediction", predictions, self._prediction_key),
            "labels": self._of("label", labels, self._label_key),
        }
        if self._weight_key:
            found["weights"] = self._of("weight", inputs, self._weight_key)
        return _call(self._metric_fn, found)

    def _of(self, name: str, values: Any, key: str | None) -> Any:
        """Return the value of a key, or the only one.

        Raises:
            ValueError: if there is no such value, or there are several and no key.
        """
        if not isinstance(values, Mapping):
            if key:
                raise ValueError(
                    f"MetricSpec with {name}_key specified requires {name}s dict, got {values}."
                )
            return values
        if not key:
            if len(values) == 1:
                return next(iter(values.values()))
            raise ValueError(
                f"MetricSpec without specified {name}_key requires {name}s tensor or single "
                f"element dict, got {values}"
            )
        if key not in values:
            raise ValueError(f"{name}_key '{key}' is not among {sorted(values)}: {self}")
        return values[key]


def _call(function: Callable[..., Any], found: dict[str, Any]) -> Any:
    """Call a metric's function by the names that it has for its arguments."""
    names = list(inspect.signature(function).parameters)
    given, open_ = {}, []
    for kind, spellings in (
        ("predictions", _PREDICTIONS),
        ("labels", _LABELS),
        ("weights", _WEIGHTS),
    ):
        if kind not in found:
            continue
        known = [name for name in names if name in spellings]
        if known:
            given[known[0]] = found[kind]
        elif kind == "predictions":
            open_.append(found[kind])
    return function(*open_, **given)


def metric_ops(metrics: Mapping[Any, Any], features: Any, labels: Any, predictions: Any) -> Any:
    """Return value and update of each metric by its name.

    Args:
        metrics: name -> MetricSpec, or a function of predictions and labels; (name, key of the
            predictions) -> function in the oldest programs.
        features: the features by their keys; or one tensor.
        labels: the labels; or labels by their keys.
        predictions: the predictions; or predictions by their keys.
    """
    made: dict[str, Any] = {}
    for key, metric in metrics.items():
        name, prediction_key = key if isinstance(key, tuple) else (key, None)
        spec = metric if isinstance(metric, MetricSpec) else MetricSpec(metric, prediction_key)
        found = spec.create_metric_ops(features, labels, predictions)
        made[name] = found if isinstance(found, tuple) else (found, found)
    return made
