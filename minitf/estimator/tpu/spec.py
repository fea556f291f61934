"""What a TPUEstimator's model function returns: as EstimatorSpec, with functions for the host.

    return tf.estimator.tpu.TPUEstimatorSpec(
        mode, loss=loss, train_op=train_op, eval_metrics=(metric_fn, [labels, logits]))

A TPU runs the model; metrics and summaries are computed on its host, of tensors that the TPU hands
over.  So these are given as a function and its arguments.  Without a TPU the function is called
with the tensors themselves.

Source: TensorFlow 1.15's `tf.estimator.tpu.TPUEstimatorSpec`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Self

from minitf.estimator.model_spec import EstimatorSpec
from minitf.estimator.tpu.hooks import HostCallHook
from minitf.train.scaffold import Scaffold
from minitf.train.session_run_hook import SessionRunHook

HostCall = tuple[Callable[..., Any], Any]


class _Fields(NamedTuple):
    mode: str
    predictions: Any
    loss: Any
    train_op: Any
    eval_metrics: HostCall | None
    export_outputs: Mapping[str, Any] | None
    scaffold_fn: Callable[[], Scaffold] | None
    host_call: HostCall | None
    training_hooks: tuple[SessionRunHook, ...]
    evaluation_hooks: tuple[SessionRunHook, ...]
    prediction_hooks: tuple[SessionRunHook, ...]


class TPUEstimatorSpec(_Fields):
    """The operations of a model, built for one mode; what the host does, as functions.

    Args:
        mode: a key of ModeKeys.
        predictions: Tensors by name; needed to predict.
        loss: scalar; needed to train and to evaluate.
        train_op: does one step of training and counts it; needed to train.
        eval_metrics: a pair: a function that returns pairs (value, update) by name, and the tensors
            that it gets: a list, or a dict by the names of its arguments.
        export_outputs: outputs that are served, by name.
        scaffold_fn: returns what the session needs besides.
        host_call: a pair as `eval_metrics`: what the function returns is run in each step.
        training_hooks: hooks of the training.
        evaluation_hooks: hooks of the evaluation.
        prediction_hooks: hooks of the predictions.

    Raises:
        ValueError: if a pair is none, or as of EstimatorSpec.
        TypeError: if a function is none, or a hook.
        RuntimeError: if a function takes another number of tensors.

    Source: TensorFlow 1.15.
    """

    __slots__ = ()

    def __new__(
        cls,
        mode: str,
        predictions: Any = None,
        loss: Any = None,
        train_op: Any = None,
        eval_metrics: HostCall | None = None,
        export_outputs: Mapping[str, Any] | None = None,
        scaffold_fn: Callable[[], Scaffold] | None = None,
        host_call: HostCall | None = None,
        training_hooks: Iterable[SessionRunHook] | None = None,
        evaluation_hooks: Iterable[SessionRunHook] | None = None,
        prediction_hooks: Iterable[SessionRunHook] | None = None,
    ) -> Self:
        """Check what is given."""
        _check_call("eval_metrics", eval_metrics)
        _check_call("host_call", host_call)
        checked = EstimatorSpec(
            mode,
            predictions=predictions,
            loss=loss,
            train_op=train_op,
            export_outputs=export_outputs,
            training_hooks=training_hooks,
            evaluation_hooks=evaluation_hooks,
            prediction_hooks=prediction_hooks,
        )
        return super().__new__(
            cls,
            *(mode, checked.predictions, checked.loss, checked.train_op),
            *(eval_metrics, checked.export_outputs, scaffold_fn, host_call),
            *(checked.training_hooks, checked.evaluation_hooks, checked.prediction_hooks),
        )

    def as_estimator_spec(self) -> EstimatorSpec:
        """Return the operations for a CPU: the functions are called here."""
        metrics = None if self.eval_metrics is None else _called(self.eval_metrics)
        hooks: tuple[SessionRunHook, ...] = ()
        if self.host_call is not None:
            hooks = (HostCallHook(_called(self.host_call)),)
        return EstimatorSpec(
            self.mode,
            predictions=self.predictions,
            loss=self.loss,
            train_op=self.train_op,
            eval_metric_ops=metrics,
            export_outputs=self.export_outputs,
            training_hooks=(*self.training_hooks, *hooks),
            scaffold=None if self.scaffold_fn is None else self.scaffold_fn(),
            evaluation_hooks=(*self.evaluation_hooks, *hooks),
            prediction_hooks=(*self.prediction_hooks, *hooks),
        )


def _check_call(name: str, call: Any) -> None:
    """Raise unless something is a function and what it gets."""
    if call is None:
        return
    if not isinstance(call, (tuple, list)):
        raise ValueError(f"{name} should be tuple or list")
    if len(call) != 2:
        raise ValueError(f"{name} should have two elements.")
    function, tensors = call
    if not callable(function):
        raise TypeError(f"{name}[0] should be callable.")
    if not isinstance(tensors, (tuple, list, dict)):
        raise ValueError(f"{name}[1] should be tuple or list, or dict.")
    kinds = [each.kind for each in inspect.signature(function).parameters.values()]
    if isinstance(tensors, dict) or inspect.Parameter.VAR_POSITIONAL in kinds:
        return
    if len(tensors) != len(kinds):
        raise RuntimeError(
            f"In TPUEstimatorSpec.{name}, length of tensors {len(tensors)} does not match method "
            f"args of the function, which takes {len(kinds)}."
        )


def _called(call: HostCall) -> Any:
    function, tensors = call
    return function(**tensors) if isinstance(tensors, dict) else function(*tensors)
