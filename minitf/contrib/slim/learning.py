"""`tf.contrib.slim.learning`: an operation that trains, and the loop that runs it.

    train_op = slim.learning.create_train_op(loss, optimizer)
    slim.learning.train(train_op, "/tmp/logs", number_of_steps=1000)

Source: TensorFlow 1.15's tf.contrib.slim.learning.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from minitf.api.comparison import equal, greater_equal
from minitf.api.constants import constant
from minitf.api.control import group
from minitf.api.framework import get_default_graph, name_scope
from minitf.api.math import floormod
from minitf.api.state import (
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
    tables_initializer,
)
from minitf.contrib.training.gradients import (
    add_gradients_summaries,
    clip_gradient_norms,
    multiply_gradients,
)
from minitf.contrib.training.gradients import create_train_op as made_train_op
from minitf.errors import AbortedError, OutOfRangeError
from minitf.protos import RunMetadata, RunOptions
from minitf.summary.merging import merge_all
from minitf.tensor import Tensor
from minitf.timeline import Timeline
from minitf.train.optimizer import Optimizer
from minitf.train.saver import Saver
from minitf.train.supervisor import Supervisor
from minitf.train.training_util import get_or_create_global_step
from minitf.train.training_util import global_step as value_of_step

__all__ = [
    "add_gradients_summaries",
    "clip_gradient_norms",
    "create_train_op",
    "multiply_gradients",
    "train",
    "train_step",
]

_LOG = logging.getLogger("tensorflow")
_USE_DEFAULT = 0
_POLL_S = 1.0  # between looks at the step that other tasks advance


def create_train_op(
    total_loss: Any,
    optimizer: Optimizer,
    global_step: Any = _USE_DEFAULT,
    update_ops: Sequence[Any] | None = None,
    variables_to_train: Sequence[Any] | None = None,
    clip_gradient_norm: float = 0,
    summarize_gradients: bool = False,
    gate_gradients: int = Optimizer.GATE_OP,
    aggregation_method: Any = None,
    colocate_gradients_with_ops: bool = False,
    gradient_multipliers: Any = None,
    check_numerics: bool = True,
) -> Tensor:
    """Return a loss that trains; see `tf.contrib.training.create_train_op`.

    Args:
        total_loss: a scalar.
        optimizer: the optimizer.
        global_step: see there, and so are the following ones.
        clip_gradient_norm: the greatest norm of each gradient; 0 for any.
        gradient_multipliers: variable, or name of its operation -> factor of its gradient.
    """

    def changed(pairs: Any) -> Any:
        if gradient_multipliers:
            pairs = multiply_gradients(pairs, gradient_multipliers)
        return clip_gradient_norms(pairs, clip_gradient_norm) if clip_gradient_norm > 0 else pairs

    return made_train_op(
        total_loss,
        optimizer,
        global_step,
        update_ops,
        variables_to_train,
        changed,
        summarize_gradients,
        gate_gradients,
        aggregation_method,
        colocate_gradients_with_ops,
        check_numerics,
    )


def train_step(
    sess: Any, train_op: Any, global_step: Any, train_step_kwargs: dict[str, Any]
) -> tuple[Any, Any]:
    """Train once; return the loss, and whether to stop.

    Args:
        sess: the session.
        train_op: what trains and gives the loss.
        global_step: the variable that counts.
        train_step_kwargs: tensors `should_stop`, `should_log` and `should_trace`; `logdir` and
            `summary_writer` for the traces.

    Raises:
        ValueError: if there is to be a trace and no `logdir`.
    """
    options = metadata = None
    if "should_trace" in train_step_kwargs:
        if "logdir" not in train_step_kwargs:
            raise ValueError(
                "logdir must be present in train_step_kwargs when should_trace is present"
            )
        if sess.run(train_step_kwargs["should_trace"]):
            options = RunOptions(trace_level=RunOptions.FULL_TRACE)
            metadata = RunMetadata()
    start_s = time.monotonic()
    loss, step = sess.run([train_op, global_step], options=options, run_metadata=metadata)
    elapsed_s = time.monotonic() - start_s
    if metadata is not None:
        path = Path(train_step_kwargs["logdir"]) / f"tf_trace-{step}.json"
        _LOG.info("Writing trace to %s", path)
        path.write_text(Timeline(metadata.step_stats).generate_chrome_trace_format())
        if train_step_kwargs.get("summary_writer") is not None:
            train_step_kwargs["summary_writer"].add_run_metadata(metadata, f"run_metadata-{step}")
    if "should_log" in train_step_kwargs and sess.run(train_step_kwargs["should_log"]):
        _LOG.info("global step %d: loss = %.4f (%.3f sec/step)", step, loss, elapsed_s)
    stops = train_step_kwargs.get("should_stop")
    return loss, False if stops is None else sess.run(stops)


def train(
    train_op: Any,
    logdir: Any,
    train_step_fn: Callable[..., Any] = train_step,
    train_step_kwargs: Any = _USE_DEFAULT,
    log_every_n_steps: int = 1,
    graph: Any = None,
    master: str = "",
    is_chief: bool = True,
    global_step: Any = None,
    number_of_steps: int | None = None,
    init_op: Any = _USE_DEFAULT,
    init_feed_dict: Any = None,
    local_init_op: Any = _USE_DEFAULT,
    init_fn: Callable[[Any], Any] | None = None,
    ready_op: Any = _USE_DEFAULT,
    summary_op: Any = _USE_DEFAULT,
    save_summaries_secs: float = 600,
    summary_writer: Any = _USE_DEFAULT,
    startup_delay_steps: int = 0,
    saver: Any = None,
    save_interval_secs: float = 600,
    sync_optimizer: Any = None,
    session_config: Any = None,
    session_wrapper: Callable[[Any], Any] | None = None,
    trace_every_n_steps: int | None = None,
    ignore_live_threads: bool = False,
) -> Any:
    """Train, with a supervisor on the side; return the last loss.

    Args:
        train_op: what trains and gives the loss.
        logdir: folder of checkpoints and summaries; None for neither.
        train_step_fn: function of the session, `train_op`, the step and `train_step_kwargs` that
            returns the loss, and whether to stop.
        train_step_kwargs: see `train_step`; by default what the other arguments say.
        log_every_n_steps: how often the loss is logged; 0 for never.
        graph: the graph; the default one if None.
        master: where the session is.
        is_chief: whether this task initializes variables and saves.
        global_step: the variable that counts; by default the graph's.
        number_of_steps: where training stops; None for never.
        init_op: gives variables first values; by default `tf.global_variables_initializer()`.
        init_feed_dict: its feeds.
        local_init_op: likewise for local variables and tables.
        init_fn: function of the session, called after `init_op`.
        ready_op: names what is not ready; by default the variables without values.
        summary_op: summaries; by default all.
        save_summaries_secs: seconds from one writing to the next.
        summary_writer: a FileWriter; None for none.
        startup_delay_steps: the step that another task waits for.
        saver: a Saver.
        save_interval_secs: seconds from one checkpoint to the next.
        sync_optimizer: None: steps of several tasks are not synchronized.
        session_config: a ConfigProto of the session.
        session_wrapper: function of the session that returns another one.
        trace_every_n_steps: how often a step is traced; None for never.
        ignore_live_threads: whether threads that do not stop are left alone.

    Raises:
        ValueError: if arguments do not fit together.
    """
    _check(train_op, logdir, summary_op, saver, trace_every_n_steps, number_of_steps)
    if sync_optimizer is not None:
        raise ValueError(
            "`sync_optimizer` must be None: there is no tf.train.SyncReplicasOptimizer"
        )
    graph = graph or get_default_graph()
    with graph.as_default():
        step = get_or_create_global_step() if global_step is None else global_step
        with name_scope("init_ops"):
            if init_op == _USE_DEFAULT:
                init_op = global_variables_initializer()
            if ready_op == _USE_DEFAULT:
                ready_op = report_uninitialized_variables()
            if local_init_op == _USE_DEFAULT:
                local_init_op = group(local_variables_initializer(), tables_initializer())
        if summary_op == _USE_DEFAULT:
            summary_op = merge_all()
        if train_step_kwargs == _USE_DEFAULT:
            train_step_kwargs = _step_arguments(
                step, number_of_steps, log_every_n_steps, trace_every_n_steps if is_chief else None
            )
            if "should_trace" in train_step_kwargs:
                train_step_kwargs["logdir"] = logdir
        supervisor = Supervisor(
            graph=graph,
            is_chief=is_chief,
            logdir=logdir,
            init_op=init_op,
            init_feed_dict=init_feed_dict,
            local_init_op=local_init_op,
            ready_for_local_init_op=None,
            ready_op=ready_op,
            summary_op=summary_op,
            summary_writer=(
                Supervisor.USE_DEFAULT if summary_writer == _USE_DEFAULT else summary_writer
            ),
            global_step=step,
            saver=saver or Saver(),
            save_summaries_secs=save_summaries_secs,
            save_model_secs=save_interval_secs,
            init_fn=init_fn,
        )
    if summary_writer is not None:
        train_step_kwargs["summary_writer"] = supervisor.summary_writer
    loop = _Loop(supervisor, train_op, step, train_step_fn, train_step_kwargs)
    first = min(startup_delay_steps, number_of_steps or startup_delay_steps)
    while True:
        try:
            return loop.run(
                (master, session_config),
                session_wrapper,
                0 if is_chief else first,
                saves=bool(logdir),
                ignore_live_threads=ignore_live_threads,
            )
        except AbortedError:
            _LOG.info("Retrying training!")


class _Loop:
    """A training: what runs at each step, and what does the rest.

    Args:
        supervisor: the Supervisor.
        train_op: what trains and gives the loss.
        step: the variable that counts.
        step_fn: trains once.
        arguments: its last argument.
    """

    def __init__(
        self, supervisor: Supervisor, train_op: Any, step: Any, step_fn: Any, arguments: Any
    ) -> None:
        self._supervisor, self._train_op, self._step = supervisor, train_op, step
        self._step_fn, self._arguments = step_fn, arguments
        self._loss: Any = None

    def run(
        self,
        where: tuple[str, Any],
        wrapper: Any,
        first_step: int,
        *,
        saves: bool,
        ignore_live_threads: bool,
    ) -> Any:
        """Train in one session; return the last loss."""
        supervisor = self._supervisor
        master, config = where
        with supervisor.managed_session(
            master, start_standard_services=False, config=config
        ) as session:
            _LOG.info("Starting Session.")
            wrapped = session if wrapper is None else wrapper(session)
            if supervisor.is_chief and saves:
                supervisor.start_standard_services(wrapped)
            while value_of_step(wrapped, self._step) < first_step:
                time.sleep(_POLL_S)
            threads = supervisor.start_queue_runners(wrapped)
            _LOG.info("Starting Queues.")
            try:
                self._train(wrapped)
            except OutOfRangeError as error:
                _LOG.info("Caught OutOfRangeError. Stopping Training. %s", error)
            if saves and supervisor.is_chief:
                # the threads first: the checkpoint that one is writing must not become the latest
                supervisor.stop(
                    threads, close_summary_writer=False, ignore_live_threads=ignore_live_threads
                )
                _LOG.info("Finished training! Saving model to disk.")
                supervisor.saver.save(
                    wrapped, supervisor.save_path, global_step=supervisor.global_step
                )
        return self._loss

    def _train(self, session: Any) -> None:
        while not self._supervisor.should_stop():
            self._loss, should_stop = self._step_fn(
                session, self._train_op, self._step, self._arguments
            )
            if should_stop:
                _LOG.info("Stopping Training.")
                self._supervisor.request_stop()


def _step_arguments(
    step: Any, number_of_steps: int | None, log_every: int, trace_every: int | None
) -> dict[str, Any]:
    with name_scope("train_step"):
        made: dict[str, Any] = {"should_stop": constant(False)}
        if number_of_steps:
            made["should_stop"] = greater_equal(step, number_of_steps)
        if log_every > 0:
            made["should_log"] = equal(floormod(step, log_every), 0)
        if trace_every is not None:
            made["should_trace"] = equal(floormod(step, trace_every), 0)
    return made


def _check(
    train_op: Any, logdir: Any, summary_op: Any, saver: Any, trace: Any, number_of_steps: Any
) -> None:
    if train_op is None:
        raise ValueError("train_op cannot be None.")
    if logdir is None:
        given = {
            "summary_op": summary_op != _USE_DEFAULT,
            "saver": saver is not None,
            "trace_every_n_steps": trace is not None,
        }
        for name, is_given in given.items():
            if is_given:
                raise ValueError(f"Cannot provide {name} because logdir=None")
    if number_of_steps is not None and number_of_steps <= 0:
        raise ValueError("`number_of_steps` must be either None or a positive number.")
