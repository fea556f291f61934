"""Estimator: that of `tf.estimator`, with `fit`, arrays and model functions of 0.x.

A model function takes features, labels, and by their names mode, params and config if it wants
them.  It returns a `tf.estimator.EstimatorSpec`, a `ModelFnOps`, or (predictions, loss, train_op).

Source: TensorFlow 1.15's and 0.10's `tf.contrib.learn.Estimator`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np

from minitf.contrib.layers.feature_columns import ALONE
from minitf.contrib.learn.metric_spec import metric_ops
from minitf.contrib.learn.monitors.hooks import replace_monitors_with_hooks
from minitf.estimator.estimators import Estimator as Engine
from minitf.estimator.input_functions import arguments_of
from minitf.estimator.inputs.arrays import numpy_input_fn
from minitf.estimator.model_spec import EstimatorSpec, ModeKeys
from minitf.train.step_hooks import FeedFnHook


class ModelFnOps(NamedTuple):
    """What a model function returns: the operations that an Estimator runs.

    Source: TensorFlow 1.15.
    """

    mode: Any
    predictions: Any = None
    loss: Any = None
    train_op: Any = None
    eval_metric_ops: Any = None
    output_alternatives: Any = None
    training_chief_hooks: Any = None
    training_hooks: Any = None
    scaffold: Any = None

    def estimator_spec(self, default_serving_output_alternative_key: Any = None) -> EstimatorSpec:
        """Return the same for `tf.estimator`.

        Args:
            default_serving_output_alternative_key: accepted: outputs are not exported.
        """
        return EstimatorSpec(
            self.mode,
            self.predictions,
            self.loss,
            self.train_op,
            {key: _pair(value) for key, value in (self.eval_metric_ops or {}).items()},
            training_chief_hooks=self.training_chief_hooks,
            training_hooks=self.training_hooks,
            scaffold=self.scaffold,
        )


def _pair(metric: Any) -> Any:
    return metric if isinstance(metric, tuple) else (metric, metric)


def _as_spec(made: Any, mode: str) -> Any:
    """Return what a model function has returned, as `tf.estimator` takes it."""
    if isinstance(made, ModelFnOps):
        return made.estimator_spec()
    if isinstance(made, tuple) and not isinstance(made, EstimatorSpec):
        predictions, loss, train_op = made
        return EstimatorSpec(mode, predictions, loss, train_op)
    return made


def _adapted(model_fn: Callable[..., Any], feature_engineering_fn: Any) -> Callable[..., Any]:
    """Return a model function as `tf.estimator` calls it."""
    names = arguments_of(model_fn)

    def adapted(features: Any, labels: Any, mode: str, params: Any, config: Any) -> Any:
        if isinstance(features, dict) and list(features) == [ALONE]:
            features = features[ALONE]
        if feature_engineering_fn is not None:
            features, labels = feature_engineering_fn(features, labels)
        known = {"mode": mode, "params": params, "config": config}
        wanted = {name: value for name, value in known.items() if name in names}
        return _as_spec(model_fn(features, labels, **wanted), mode)

    return adapted


class Estimator(Engine):
    """A `tf.estimator.Estimator` that takes arrays too; other arguments as of that.

    Args:
        model_fn: builds the model.
        model_dir: the folder of checkpoints and summaries.
        config: RunConfig.
        params: what `model_fn` gets as `params`.
        feature_engineering_fn: function of features and labels that returns those for `model_fn`.

    Source: TensorFlow 1.15.
    """

    _metrics: Mapping[Any, Any] | None = None

    def __init__(
        self,
        model_fn: Callable[..., Any] | None = None,
        model_dir: Any = None,
        config: Any = None,
        params: Any = None,
        feature_engineering_fn: Callable[..., Any] | None = None,
    ) -> None:
        adapted = None if model_fn is None else _adapted(model_fn, feature_engineering_fn)
        super().__init__(adapted, model_dir, config, params)  # type: ignore[arg-type] # it raises

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        input_fn: Callable[..., Any] | None = None,
        steps: int | None = None,
        batch_size: int | None = None,
        monitors: Any = None,
        max_steps: int | None = None,
    ) -> Self:
        """Train from the latest checkpoint on.

        Args:
            x: features: an array, or array by key.
            y: labels.
            input_fn: gives both, instead.
            steps: how many steps to do.
            batch_size: how many rows a batch has; all if None.
            monitors: monitors and SessionRunHooks.
            max_steps: the step to stop at, instead.

        Raises:
            ValueError: if there are both arrays and an input function, or neither.
        """
        given = _input_fn(x, y, input_fn, batch_size, None, shuffle=True)
        hooks = replace_monitors_with_hooks(monitors, self)
        self.train(given, hooks=hooks, steps=steps, max_steps=max_steps)
        return self

    def partial_fit(
        self,
        x: Any = None,
        y: Any = None,
        input_fn: Callable[..., Any] | None = None,
        steps: int | None = 1,
        batch_size: int | None = None,
        monitors: Any = None,
    ) -> Self:
        """Train from the latest checkpoint on; arguments as of `fit`."""
        return self.fit(x, y, input_fn, steps, batch_size, monitors)

    def evaluate(  # type: ignore[override]  # the older order of arguments
        self,
        x: Any = None,
        y: Any = None,
        input_fn: Callable[..., Any] | None = None,
        feed_fn: Callable[[], Any] | None = None,
        batch_size: int | None = None,
        steps: int | None = None,
        metrics: Mapping[Any, Any] | None = None,
        name: str | None = None,
        checkpoint_path: str | None = None,
        hooks: Any = None,
        log_progress: bool = True,
    ) -> dict[str, Any]:
        """Return the metrics of a checkpoint; other arguments as of `fit`.

        Args:
            feed_fn: gives what each run is fed.
            metrics: more metrics: name -> MetricSpec, or a function of predictions and labels.
            name: the name of the evaluation, for its folder.
            checkpoint_path: the checkpoint; the latest one if None.
            hooks: more hooks.
            log_progress: accepted: runs are not logged.
        """
        given = _input_fn(x, y, input_fn, batch_size, 1, shuffle=False)
        all_hooks = [*(hooks or ()), *([FeedFnHook(feed_fn)] if feed_fn else [])]
        before, self._metrics = self._metrics, metrics
        try:
            return super().evaluate(given, steps, all_hooks, checkpoint_path, name)
        finally:
            self._metrics = before

    def _call_model_fn(self, features: Any, labels: Any, mode: str, config: Any) -> EstimatorSpec:
        """Build the model, with the metrics that are asked for."""
        spec = super()._call_model_fn(features, labels, mode, config)
        if mode != ModeKeys.EVAL or not self._metrics:
            return spec
        more = metric_ops(self._metrics, features, labels, self._for_metrics(spec.predictions))
        return spec._replace(eval_metric_ops={**spec.eval_metric_ops, **more})

    def _for_metrics(self, predictions: Any) -> Any:
        """Return the predictions under the keys that metrics know."""
        return predictions

    def predict(  # type: ignore[override]  # the older order of arguments
        self,
        x: Any = None,
        input_fn: Callable[..., Any] | None = None,
        batch_size: int | None = None,
        outputs: Sequence[str] | None = None,
        as_iterable: bool = True,
    ) -> Any:
        """Return the predictions of each row.

        Args:
            x: features: an array, or array by key.
            input_fn: gives them, instead.
            batch_size: how many rows a batch has; all if None.
            outputs: names of the predictions to give; all if None.
            as_iterable: whether to give an iterator, or a list.
        """
        given = _input_fn(x, None, input_fn, batch_size, 1, shuffle=False)
        found = super().predict(given, predict_keys=outputs)
        return found if as_iterable else list(found)

    def _one(self, key: str, options: dict[str, Any]) -> Iterator[Any]:
        """Yield one prediction of each row."""
        for each in Estimator.predict(self, outputs=[key], **options):
            yield each[key]


class SKCompat:
    """An estimator with the methods of scikit-learn, which give arrays.

    Args:
        estimator: the estimator.

    Source: TensorFlow 1.15.
    """

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator

    def fit(
        self,
        x: Any,
        y: Any,
        batch_size: int | None = 128,
        steps: int | None = None,
        max_steps: int | None = None,
        monitors: Any = None,
    ) -> Self:
        """Train from the latest checkpoint on; arguments as of `Estimator.fit`."""
        self._estimator.fit(x, y, None, steps, batch_size, monitors, max_steps)
        return self

    def score(
        self,
        x: Any,
        y: Any,
        batch_size: int | None = 128,
        steps: int | None = None,
        metrics: Mapping[Any, Any] | None = None,
        name: str | None = None,
    ) -> dict[str, Any]:
        """Return the metrics of the latest checkpoint; arguments as of `Estimator.evaluate`."""
        return self._estimator.evaluate(
            x, y, batch_size=batch_size, steps=steps, metrics=metrics, name=name
        )

    def predict(
        self, x: Any, batch_size: int | None = 128, outputs: Sequence[str] | None = None
    ) -> Any:
        """Return the predictions of all rows; arguments as of `Estimator.predict`."""
        rows = list(Estimator.predict(self._estimator, x, None, batch_size, outputs))
        if not isinstance(rows[0], dict):
            return np.stack(rows)
        return {key: np.stack([row[key] for row in rows]) for key in rows[0]}


def _input_fn(
    x: Any,
    y: Any,
    input_fn: Callable[..., Any] | None,
    batch_size: int | None,
    num_epochs: int | None,
    *,
    shuffle: bool,
) -> Callable[..., Any]:
    """Return an input function of arrays, or the one that is given.

    Raises:
        ValueError: if there are both, or neither.
    """
    if input_fn is not None:
        if x is not None or y is not None:
            raise ValueError("Can not provide both input_fn and x or y.")
        return input_fn
    if x is None:
        raise ValueError("Either x or input_fn must be provided.")
    features = x if isinstance(x, dict) else {ALONE: np.asarray(x)}
    labels = None if y is None else np.asarray(y)
    rows = len(next(iter(features.values())))
    return numpy_input_fn(
        features,
        labels,
        batch_size or rows,
        num_epochs,
        shuffle,
        queue_capacity=max(1000, 2 * rows),
    )
