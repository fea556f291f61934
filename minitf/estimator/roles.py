"""What each process of a cluster does in `train_and_evaluate`.

| task type | what it does |
|---|---|
| chief | trains with the others, saves checkpoints and writes summaries |
| master | likewise, and evaluates its checkpoints |
| worker | trains, once the chief has given the variables their values |
| ps | keeps variables, until the process is ended |
| evaluator | evaluates the chief's checkpoints; it is no task of the cluster |

All but the evaluator run a `tf.train.Server`.

**Departure**: an evaluator does not wait `throttle_secs` once more after the last checkpoint.

Source: TensorFlow 1.15's `tf.estimator.train_and_evaluate`; OSDI §3.3, §4.1 (what a task of
parameter servers keeps).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from minitf import train as _train
from minitf.estimator.checkpoint_evaluation import CheckpointEvaluation, EvaluatingListener
from minitf.estimator.cluster_task import TaskType
from minitf.estimator.estimators import Estimator
from minitf.protos import ConfigProto

if TYPE_CHECKING:
    from minitf.estimator.training import EvalSpec, TrainSpec

_LOG = logging.getLogger("tensorflow")
_DELAY_S = 5.0  # for each worker before it
_MOST_DELAY_S = 60.0
_SERVERS: dict[str, Any] = {}  # of this process, by target: they serve until it ends


def role_of(task_type: str) -> Callable[[Estimator, TrainSpec, EvalSpec], None]:
    """Return what a task of a cluster does.

    Raises:
        ValueError: if there is no such kind of task.
    """
    if task_type not in _ROLES:
        raise ValueError(
            f"Task type {task_type} is not supported. Supported task types are {sorted(_ROLES)}"
        )
    return _ROLES[task_type]


def _run_chief(estimator: Estimator, train_spec: TrainSpec, eval_spec: EvalSpec) -> None:
    _train_in_cluster(estimator, train_spec, [])


def _run_master(estimator: Estimator, train_spec: TrainSpec, eval_spec: EvalSpec) -> None:
    evaluation = CheckpointEvaluation(estimator, eval_spec, train_spec.max_steps)
    listener = EvaluatingListener(evaluation, eval_spec.throttle_secs)
    _train_in_cluster(estimator, train_spec, [listener])


def _run_ps(estimator: Estimator, train_spec: TrainSpec, eval_spec: EvalSpec) -> None:
    _start_server(estimator.config).join()


def _run_evaluator(estimator: Estimator, train_spec: TrainSpec, eval_spec: EvalSpec) -> None:
    number = estimator.config.task_id
    if number > 0:
        raise ValueError(
            "For distributed training, there can only be one `evaluator` task (with task id 0).  "
            f"Given task id {number}"
        )
    evaluation = CheckpointEvaluation(estimator, eval_spec, train_spec.max_steps)
    evaluation.evaluate_until_the_last()


_ROLES: dict[str, Callable[[Estimator, TrainSpec, EvalSpec], None]] = {
    TaskType.CHIEF: _run_chief,
    TaskType.EVALUATOR: _run_evaluator,
    TaskType.MASTER: _run_master,
    TaskType.PS: _run_ps,
    TaskType.WORKER: _run_chief,
}


def _train_in_cluster(estimator: Estimator, spec: TrainSpec, listeners: list[Any]) -> None:
    """Train as a task of the cluster; later workers begin later."""
    config = estimator.config
    _start_server(config)
    if config.task_type == TaskType.WORKER:
        most = config.experimental_max_worker_delay_secs
        delay_s = min(_MOST_DELAY_S if most is None else most, _DELAY_S * (config.task_id + 1))
        if delay_s > 0:
            _LOG.info("Waiting %s secs before starting training.", delay_s)
            time.sleep(delay_s)
    estimator.train(
        spec.input_fn, hooks=list(spec.hooks), max_steps=spec.max_steps, saving_listeners=listeners
    )


def _start_server(config: Any) -> Any:
    """Return the server of this task, started once; None where the task is the only one.

    Raises:
        RuntimeError: if sessions have no target in a cluster of several tasks.
    """
    cluster = config.cluster_spec
    if not config.master:
        if len(cluster.jobs) == 1 and cluster.num_tasks(cluster.jobs[0]) == 1:
            _LOG.info("Skip starting Tensorflow server as there is only one node in the cluster.")
            return None
        raise RuntimeError(
            "Could not start server; be sure to specify master in RunConfig or set the TF_CONFIG "
            "environment variable."
        )
    if config.master not in _SERVERS:
        _LOG.info("Start Tensorflow server.")
        _SERVERS[config.master] = _train.Server(
            cluster,
            job_name=config.task_type,
            task_index=config.task_id,
            protocol=config.protocol,
            config=ConfigProto(gpu_options=config.session_config.gpu_options),
        )
    return _SERVERS[config.master]
