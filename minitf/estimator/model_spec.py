"""What a model function returns: the operations that an Estimator runs.

    def model_fn(features, labels, mode):
        logits = tf.layers.dense(features["x"], 10)
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
        train_op = tf.train.AdamOptimizer().minimize(loss, tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, NamedTuple, Self

from minitf.api.array import reshape
from minitf.api.framework import get_default_graph
from minitf.composite import IndexedSlices, SparseTensor
from minitf.convert import convert_to_tensor
from minitf.estimator.outputs import ExportOutput
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.train.scaffold import Scaffold
from minitf.train.session_run_hook import SessionRunHook
from minitf.variables.base import Variable


class ModeKeys:
    """What a model is built for.

    Source: TensorFlow 1.15.
    """

    TRAIN: ClassVar[str] = "train"
    EVAL: ClassVar[str] = "eval"
    PREDICT: ClassVar[str] = "infer"


class _Fields(NamedTuple):
    mode: str
    predictions: Any
    loss: Any
    train_op: Any
    eval_metric_ops: dict[str, Any]
    export_outputs: dict[str, Any] | None
    training_chief_hooks: tuple[SessionRunHook, ...]
    training_hooks: tuple[SessionRunHook, ...]
    scaffold: Scaffold
    evaluation_hooks: tuple[SessionRunHook, ...]
    prediction_hooks: tuple[SessionRunHook, ...]


class EstimatorSpec(_Fields):
    """The operations of a model, built for one mode.

    Args:
        mode: a key of ModeKeys.
        predictions: a Tensor, or Tensors by name; needed to predict.
        loss: scalar; needed to train and to evaluate.
        train_op: does one step of training and counts it; needed to train.
        eval_metric_ops: by name the pair (value, update) that functions of `tf.metrics` return, or
            an object with `result` and `updates`.
        export_outputs: outputs that are served, by name.
        training_chief_hooks: hooks of the training's chief.
        training_hooks: hooks of the training.
        scaffold: what the session needs besides.
        evaluation_hooks: hooks of the evaluation.
        prediction_hooks: hooks of the predictions.

    Raises:
        ValueError: if something that the mode needs is missing, or is of another graph.
        TypeError: if something is of the wrong type.

    Source: TensorFlow 1.15.
    """

    __slots__ = ()

    def __new__(
        cls,
        mode: str,
        predictions: Any = None,
        loss: Any = None,
        train_op: Any = None,
        eval_metric_ops: Mapping[str, Any] | None = None,
        export_outputs: Mapping[str, Any] | None = None,
        training_chief_hooks: Iterable[SessionRunHook] | None = None,
        training_hooks: Iterable[SessionRunHook] | None = None,
        scaffold: Scaffold | None = None,
        evaluation_hooks: Iterable[SessionRunHook] | None = None,
        prediction_hooks: Iterable[SessionRunHook] | None = None,
    ) -> Self:
        """Check what is given, and fill in what is not."""
        _check_train_op(train_op, mode)
        loss = _checked_loss(loss, mode)
        predictions = _checked_predictions(predictions, mode)
        metrics = _checked_metrics(eval_metric_ops)
        if mode == ModeKeys.PREDICT:
            _check_outputs(export_outputs)
        if scaffold is not None and not isinstance(scaffold, Scaffold):
            raise TypeError(f"scaffold must be tf.train.Scaffold. Given: {scaffold}")
        _check_graph(predictions, loss, train_op, metrics)
        return super().__new__(
            cls,
            mode,
            predictions,
            loss,
            train_op,
            metrics,
            dict(export_outputs) if export_outputs is not None else None,
            _checked_hooks(training_chief_hooks),
            _checked_hooks(training_hooks),
            scaffold or Scaffold(),
            _checked_hooks(evaluation_hooks),
            _checked_hooks(prediction_hooks),
        )


def _check_train_op(train_op: Any, mode: str) -> None:
    if train_op is None:
        if mode == ModeKeys.TRAIN:
            raise ValueError("Missing train_op.")
    elif not isinstance(train_op, (Tensor, Operation, Variable)):
        raise TypeError(f"train_op must be Operation or Tensor, given: {train_op}")


def _checked_loss(loss: Any, mode: str) -> Any:
    if loss is None:
        if mode in {ModeKeys.TRAIN, ModeKeys.EVAL}:
            raise ValueError("Missing loss.")
        return None
    if not isinstance(loss, (Tensor, Variable)):
        raise TypeError(f"loss must be Tensor, given: {loss}")
    loss = convert_to_tensor(loss)
    shape = loss.get_shape()
    if shape.num_elements() not in {None, 1}:
        raise ValueError(f"Loss must be scalar, given: {loss}")
    return loss if shape.ndims in {0, None} else reshape(loss, [])


def _checked_predictions(predictions: Any, mode: str) -> Any:
    if predictions is None:
        if mode == ModeKeys.PREDICT:
            raise ValueError("Missing predictions.")
        return {}
    named = predictions if isinstance(predictions, dict) else {"predictions": predictions}
    for name, value in named.items():
        if not isinstance(value, (Tensor, Variable, SparseTensor, IndexedSlices)):
            raise TypeError(f"predictions[{name}] must be Tensor, given: {value}")
    return predictions


def _checked_metrics(metrics: Mapping[str, Any] | None) -> dict[str, Any]:
    if metrics is None:
        return {}
    if not isinstance(metrics, Mapping):
        raise TypeError(f"eval_metric_ops must be a dict, given: {metrics}")
    checked = {}
    for name, metric in metrics.items():
        pair = metric
        if hasattr(metric, "result") and hasattr(metric, "updates"):
            pair = metric.result(), metric.updates
        elif not isinstance(metric, tuple) or len(metric) != 2:
            raise TypeError(
                f"Values of eval_metric_ops must be (metric_value, update_op) tuples, given: "
                f"{metric} for key: {name}"
            )
        checked[name] = pair
    return checked


def _check_outputs(outputs: Any) -> None:
    if outputs is None:
        return
    if not isinstance(outputs, Mapping):
        raise TypeError(f"export_outputs must be dict, given: {outputs}")
    for output in outputs.values():
        if not isinstance(output, ExportOutput):
            raise TypeError(
                f"Values in export_outputs must be ExportOutput objects. Given: {dict(outputs)}"
            )


def _checked_hooks(hooks: Iterable[Any] | None) -> tuple[SessionRunHook, ...]:
    checked = tuple(hooks or ())
    for hook in checked:
        if not isinstance(hook, SessionRunHook):
            raise TypeError(f"All hooks must be SessionRunHook instances, given: {hook}")
    return checked


def _check_graph(predictions: Any, loss: Any, train_op: Any, metrics: dict[str, Any]) -> None:
    """Raise ValueError if something belongs to another graph than the default one."""
    graph = get_default_graph()
    named = predictions if isinstance(predictions, dict) else {"predictions": predictions}
    of_metrics = {f"eval_metric_ops[{key}]": part for key, pair in metrics.items() for part in pair}
    for what, value in {**named, "loss": loss, "train_op": train_op, **of_metrics}.items():
        if value is not None and getattr(value, "graph", graph) is not graph:
            raise ValueError(
                f"{what} with name '{value.name}' must be from the default graph. Possible causes "
                "of this error include: 1) it was created outside the context of the default graph."
                " 2) the object passed through to EstimatorSpec was not created in the most recent "
                'call to "model_fn".'
            )
