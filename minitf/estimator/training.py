"""train_and_evaluate: a training with evaluations of its checkpoints in between.

    train_spec = tf.estimator.TrainSpec(train_input_fn, max_steps=1000)
    eval_spec = tf.estimator.EvalSpec(eval_input_fn, steps=None)
    tf.estimator.train_and_evaluate(estimator, train_spec, eval_spec)

Source: TensorFlow 1.15's functions and classes of the same names.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Self

from minitf.data.base import BaseDataset
from minitf.estimator.checkpoint_evaluation import CheckpointEvaluation, EvaluatingListener
from minitf.estimator.cluster_task import TaskType
from minitf.estimator.estimators import Estimator
from minitf.estimator.roles import role_of
from minitf.train.session_run_hook import SessionRunHook

_LOG = logging.getLogger("tensorflow")


class _TrainFields(NamedTuple):
    input_fn: Callable[..., Any]
    max_steps: int | None
    hooks: tuple[SessionRunHook, ...]


class TrainSpec(_TrainFields):
    """What `train_and_evaluate` trains with.

    Args:
        input_fn: gives features and labels, or a Dataset of such.
        max_steps: the step to stop at; when the input ends if None.
        hooks: hooks of the training.

    Raises:
        TypeError: if something is of the wrong type.
        ValueError: if the step is not above 0.

    Source: TensorFlow 1.15.
    """

    __slots__ = ()

    def __new__(
        cls,
        input_fn: Callable[..., Any],
        max_steps: int | None = None,
        hooks: Iterable[SessionRunHook] | None = None,
    ) -> Self:
        """Check what is given."""
        _check_input(input_fn)
        if max_steps is not None and max_steps <= 0:
            raise ValueError(f"Must specify max_steps > 0, given: {max_steps}")
        return super().__new__(cls, input_fn, max_steps, _checked_hooks(hooks))


class _EvalFields(NamedTuple):
    input_fn: Callable[..., Any]
    steps: int | None
    name: str | None
    hooks: tuple[SessionRunHook, ...]
    exporters: tuple[Any, ...]
    start_delay_secs: float
    throttle_secs: float


class EvalSpec(_EvalFields):
    """What `train_and_evaluate` evaluates with.

    Args:
        input_fn: gives features and labels, or a Dataset of such.
        steps: how many batches to take; all if None.
        name: the name of the evaluations, for their folder.
        hooks: hooks of the evaluations.
        exporters: told of each evaluation: objects with `name` and `export(estimator, export_path,
            checkpoint_path, eval_result, is_the_final_export)`.
        start_delay_secs: how long an evaluator of a cluster waits before it begins.
        throttle_secs: how long after an evaluation the next may begin.

    Raises:
        TypeError: if something is of the wrong type.
        ValueError: if a number does not fit.

    Source: TensorFlow 1.15.
    """

    __slots__ = ()

    def __new__(
        cls,
        input_fn: Callable[..., Any],
        steps: int | None = 100,
        name: str | None = None,
        hooks: Iterable[SessionRunHook] | None = None,
        exporters: Any = None,
        start_delay_secs: float = 120,
        throttle_secs: float = 600,
    ) -> Self:
        """Check what is given."""
        _check_input(input_fn)
        if steps is not None and steps <= 0:
            raise ValueError(f"Must specify steps > 0, given: {steps}")
        if name is not None and not isinstance(name, str):
            raise TypeError(f"`name` must be string, given: {name}")
        if start_delay_secs < 0:
            raise ValueError(f"Must specify start_delay_secs >= 0, given: {start_delay_secs}")
        if throttle_secs < 0:
            raise ValueError(f"Must specify throttle_secs >= 0, given: {throttle_secs}")
        told = tuple(exporters) if isinstance(exporters, (list, tuple)) else (exporters,)
        told = tuple(each for each in told if each is not None)
        for exporter in told:
            if not hasattr(exporter, "export") or not hasattr(exporter, "name"):
                raise TypeError(f"`exporters` must be an Exporter or a list of such, given: {told}")
        names = [exporter.name for exporter in told]
        if len(set(names)) != len(names):
            raise ValueError(
                f"`exporters` must have unique names. Such a name has been found: {names}"
            )
        return super().__new__(
            cls,
            *(input_fn, steps, name, _checked_hooks(hooks), told),
            *(start_delay_secs, throttle_secs),
        )


def train_and_evaluate(
    estimator: Estimator, train_spec: TrainSpec, eval_spec: EvalSpec
) -> tuple[Any, list[Any]]:
    """Train, and evaluate checkpoints when they are saved.

    If TF_CONFIG names a cluster, this process does what its task does there (`roles.py`).

    Args:
        estimator: the model.
        train_spec: what to train with.
        eval_spec: what to evaluate with.

    Returns:
        The metrics of the last checkpoint, and what the exporters returned for it; None and an
        empty list if the training was over already, or in a cluster.

    Raises:
        TypeError: if something is of the wrong type.
        ValueError: if the RunConfig saves no checkpoints, or there is no such kind of task.
    """
    if not isinstance(estimator, Estimator):
        raise TypeError(f"`estimator` must have type `tf.estimator.Estimator`, given {estimator}")
    if not isinstance(train_spec, TrainSpec):
        raise TypeError(f"`train_spec` must have type `tf.estimator.TrainSpec`, given {train_spec}")
    if not isinstance(eval_spec, EvalSpec):
        raise TypeError(f"`eval_spec` must have type `tf.estimator.EvalSpec`, given {eval_spec}")
    config = estimator.config
    if not (config.save_checkpoints_secs or config.save_checkpoints_steps):
        raise ValueError(
            "Please provide non-None for `save_checkpoints_secs` or `save_checkpoints_steps`: "
            "evaluations are of checkpoints."
        )
    if config.cluster_spec or config.task_type == TaskType.EVALUATOR:
        role_of(config.task_type)(estimator, train_spec, eval_spec)
        return None, []
    _LOG.info(
        "Start train and evaluate loop. The evaluate will happen after every checkpoint. "
        "Checkpoint frequency is determined based on RunConfig arguments: save_checkpoints_steps "
        "%s or save_checkpoints_secs %s.",
        *(config.save_checkpoints_steps, config.save_checkpoints_secs),
    )
    evaluation = CheckpointEvaluation(estimator, eval_spec, train_spec.max_steps)
    estimator.train(
        train_spec.input_fn,
        hooks=list(train_spec.hooks),
        max_steps=train_spec.max_steps,
        saving_listeners=[EvaluatingListener(evaluation, eval_spec.throttle_secs)],
    )
    return evaluation.result, evaluation.exports


def _check_input(input_fn: Any) -> None:
    if not callable(input_fn) or isinstance(input_fn, BaseDataset):
        raise TypeError(f"`input_fn` must be callable, given: {input_fn}")


def _checked_hooks(hooks: Iterable[Any] | None) -> tuple[SessionRunHook, ...]:
    checked = tuple(hooks or ())
    for hook in checked:
        if not isinstance(hook, SessionRunHook):
            raise TypeError(f"All hooks must be `SessionRunHook` instances, given: {hook}")
    return checked
