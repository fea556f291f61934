"""InMemoryEvaluatorHook: evaluates a model while it trains, without a checkpoint in between.

    hook = tf.estimator.experimental.InMemoryEvaluatorHook(estimator, eval_input_fn)
    estimator.train(train_input_fn, hooks=[hook])

**State**: a graph of the evaluation, built once; at each evaluation the values of the variables are
fetched from the training's session and assigned in a new session of that graph.

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.api.constants import placeholder
from minitf.api.control import group
from minitf.api.framework import get_collection
from minitf.api.state import assign
from minitf.estimator.estimators import Estimator
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys
from minitf.train.scaffold import Scaffold
from minitf.train.session_run_hook import SessionRunContext, SessionRunHook, SessionRunValues
from minitf.train.step_hooks import SecondOrStepTimer
from minitf.variables.base import Variable


class InMemoryEvaluatorHook(SessionRunHook):
    """Evaluates when a training begins, every so many steps, and when it ends.

    Args:
        estimator: the model.
        input_fn: gives features and labels, or a Dataset of such.
        steps: how many batches to take; all if None.
        hooks: hooks of the evaluations.
        name: the name of the evaluations, for their folder.
        every_n_iter: after how many steps of this training.

    Raises:
        ValueError: if a number is not above 0, or there are parameter servers.
        TypeError: if a hook is none.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        estimator: Estimator,
        input_fn: Callable[..., Any],
        steps: int | None = None,
        hooks: Any = None,
        name: str | None = None,
        every_n_iter: int = 100,
    ) -> None:
        if every_n_iter is None or every_n_iter <= 0:
            raise ValueError(f"invalid every_n_iter={every_n_iter}.")
        if estimator.config.num_ps_replicas > 0:
            raise ValueError("InMemoryEvaluator supports only single machine execution.")
        self._estimator = estimator
        self._input_fn = input_fn
        self._hooks = estimator.evaluation_hooks(steps, hooks)
        self._name = name
        self._timer = SecondOrStepTimer(every_steps=every_n_iter)
        self._iterations = 0

    def begin(self) -> None:
        """Build the evaluation.

        Raises:
            ValueError: if the model has a Saver or an `init_fn` of its own.
        """
        self._trained = {each.name: each for each in get_collection(GraphKeys.GLOBAL_VARIABLES)}
        self._graph = Graph()
        with self._graph.as_default():
            self._evaluation = self._estimator.build_evaluation(self._input_fn, self._hooks, None)
            scaffold = self._evaluation.scaffold
            for what in ("saver", "init_fn"):
                if getattr(scaffold, what) is not None:
                    raise ValueError(f"InMemoryEvaluator does not support custom {what}")
            self._assignments = {
                each.name: _assignment(each)
                for each in get_collection(GraphKeys.GLOBAL_VARIABLES)
                if each.name in self._trained
            }
            self._assign_all = group(*[op for _, op in self._assignments.values()])

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Evaluate what the training begins with."""
        if self._iterations == 0:
            self._timer.reset()
            self._evaluate(session)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Evaluate if it is time."""
        self._iterations += 1
        if self._timer.should_trigger_for_step(self._iterations):
            self._evaluate(run_context.session)

    def end(self, session: Any) -> None:
        """Evaluate what was learned."""
        self._evaluate(session)

    def _evaluate(self, session: Any) -> None:
        self._timer.update_last_triggered_step(self._iterations)
        values = session.run({name: self._trained[name] for name in self._assignments})
        feeds = {self._assignments[name][0]: value for name, value in values.items()}
        given = self._evaluation.scaffold

        def init_fn(_: Scaffold, evaluating: Any) -> None:
            evaluating.run(self._assign_all, feed_dict=feeds)

        with self._graph.as_default():
            scaffold = Scaffold(
                init_op=given.init_op,
                init_feed_dict=given.init_feed_dict,
                init_fn=init_fn,
                ready_op=given.ready_op,
                ready_for_local_init_op=given.ready_for_local_init_op,
                local_init_op=given.local_init_op,
                summary_op=given.summary_op,
            )
            evaluation = self._evaluation._replace(scaffold=scaffold)
            self._estimator.run_evaluation(evaluation, None, self._name)


def _assignment(variable: Variable) -> tuple[Any, Any]:
    """Return a placeholder, and the operation that gives a variable its value."""
    value = placeholder(variable.dtype.base_dtype, variable.get_shape())
    return value, assign(variable, value).op
