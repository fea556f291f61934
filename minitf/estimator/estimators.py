"""Estimator: a model that trains, evaluates and predicts by itself.

    estimator = tf.estimator.Estimator(model_fn, model_dir="model", params={"rate": 0.1})
    estimator.train(train_input_fn, steps=1000)
    estimator.evaluate(eval_input_fn)                   # {"loss": ..., "global_step": 1000}
    for prediction in estimator.predict(input_fn): ...

**State**: the model function, its parameters, the folder and the RunConfig.  Everything that was
learned stands in the folder: each call builds a new graph, restores the latest checkpoint and goes
on from there.

**Invariants**
1. A training saves a checkpoint before its first step and after its last.
2. A graph is the default one only while it is built, never while a generator of predictions waits.

**Departures**: a generator of predictions leaves the program's default graph alone; 1.15's makes
its own the default one until it ends.

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import contextlib
import copy
import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from minitf.api.framework import device, get_default_graph
from minitf.api.random import set_random_seed
from minitf.estimator.arguments import (
    Hooks,
    call_model_fn,
    check_model_fn,
    check_positive,
    checked_hooks,
    complete_config,
    device_fn_of,
)
from minitf.estimator.evaluations import (
    Evaluation,
    StopAfterRunsHook,
    evaluate_once,
    split_metrics,
    write_results,
)
from minitf.estimator.exporting import Exporting
from minitf.estimator.input_functions import call_input_fn
from minitf.estimator.model_spec import EstimatorSpec, ModeKeys
from minitf.estimator.predictions import batch_length, wanted_predictions
from minitf.estimator.savers import trained_steps
from minitf.estimator.training_sessions import training_session
from minitf.estimator.warm_starting import as_settings
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys
from minitf.metrics.means import mean
from minitf.train.checkpoint_reader import load_checkpoint
from minitf.train.checkpoint_saver_hook import CheckpointSaverListener
from minitf.train.checkpoint_state import latest_checkpoint
from minitf.train.monitored_session import MonitoredSession
from minitf.train.session_creators import ChiefSessionCreator
from minitf.train.session_run_hook import SessionRunHook
from minitf.train.step_hooks import StopAtStepHook
from minitf.train.training_util import create_global_step, get_global_step
from minitf.train.warm_starting import warm_start

_LOG = logging.getLogger("tensorflow")


class Estimator(Exporting):
    """A model that trains, evaluates and predicts by itself.

    Args:
        model_fn: builds the model: a function of `features`, and of `labels`, `mode`, `params` and
            `config` if it has such arguments, that returns an EstimatorSpec.
        model_dir: the folder of checkpoints and summaries; that of `config`, or a new temporary
            one, if None.
        config: RunConfig.
        params: what `model_fn` gets as `params`.
        warm_start_from: a checkpoint, its folder, or WarmStartSettings: where variables get their
            first values.

    Raises:
        ValueError: if `model_fn` does not take what it must, or two folders are given.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        model_fn: Callable[..., Any],
        model_dir: Any = None,
        config: Any = None,
        params: Any = None,
        warm_start_from: Any = None,
    ) -> None:
        if model_fn is None:
            raise ValueError("model_fn must be provided to Estimator.")
        check_model_fn(model_fn, params)
        self._model_fn = model_fn
        self._config = complete_config(config, model_dir)
        self._model_dir: str = self._config.model_dir
        self._params = copy.deepcopy(params or {})
        self._warm_start = as_settings(warm_start_from)
        _LOG.info("Using config: %s", vars(self._config).get("_values", self._config))

    # --- what it is -------------------------------------------------------------------------------

    @property
    def model_dir(self) -> str:
        """The folder of checkpoints and summaries."""
        return self._model_dir

    @property
    def config(self) -> Any:
        """A copy of the RunConfig."""
        return copy.copy(self._config)

    @property
    def params(self) -> Any:
        """A copy of the parameters of the model function."""
        return copy.deepcopy(self._params)

    @property
    def model_fn(self) -> Callable[..., EstimatorSpec]:
        """The model function: of features, labels, mode and config."""

        def public_model_fn(features: Any, labels: Any, mode: str, config: Any) -> EstimatorSpec:
            return self._call_model_fn(features, labels, mode, config)

        return public_model_fn

    def eval_dir(self, name: str | None = None) -> str:
        """Return the folder of the summaries of evaluations of a name."""
        return str(Path(self._model_dir, f"eval_{name}" if name else "eval"))

    def latest_checkpoint(self) -> str | None:
        """Return the path of the latest checkpoint; None if there is none."""
        return latest_checkpoint(self._model_dir)

    def get_variable_names(self) -> list[str]:
        """Return the names of the variables of the latest checkpoint.

        Raises:
            ValueError: if there is none.
        """
        self._check_trained()
        names: list[str] = sorted(load_checkpoint(self._model_dir).get_variable_to_shape_map())
        return names

    def get_variable_value(self, name: str) -> Any:
        """Return the value of a variable of the latest checkpoint.

        Raises:
            ValueError: if there is none.
        """
        self._check_trained()
        return load_checkpoint(self._model_dir).get_tensor(name)

    def _check_trained(self) -> None:
        if not self.latest_checkpoint():
            raise ValueError(f"Could not find trained model in model_dir: {self._model_dir}.")

    # --- training ---------------------------------------------------------------------------------

    def train(
        self,
        input_fn: Callable[..., Any],
        hooks: Hooks = None,
        steps: int | None = None,
        max_steps: int | None = None,
        saving_listeners: Sequence[CheckpointSaverListener] | None = None,
    ) -> Estimator:
        """Train from the latest checkpoint on.

        Args:
            input_fn: gives features and labels, or a Dataset of such.
            hooks: more hooks.
            steps: how many steps to do; until the input ends if None.
            max_steps: the step to stop at, counted from the first training on, instead.
            saving_listeners: told before and after each checkpoint.

        Returns:
            The estimator.

        Raises:
            ValueError: if both numbers are given, one is not above 0, or the model does not fit.
            TypeError: if a hook or listener is none.
        """
        if steps is not None and max_steps is not None:
            raise ValueError("Can not provide both steps and max_steps.")
        check_positive("steps", steps)
        check_positive("max_steps", max_steps)
        if max_steps is not None and trained_steps(self.latest_checkpoint()) >= max_steps:
            _LOG.info("Skipping training since max_steps has already saved.")
            return self
        all_hooks = checked_hooks(hooks)
        if steps is not None or max_steps is not None:
            all_hooks.append(StopAtStepHook(steps, max_steps))
        listeners = list(saving_listeners or ())
        for listener in listeners:
            if not isinstance(listener, CheckpointSaverListener):
                raise TypeError(
                    f"saving_listeners must be a list of CheckpointSaverListener, given: {listener}"
                )
        loss = self._train_model(input_fn, all_hooks, listeners)
        _LOG.info("Loss for final step: %s.", loss)
        return self

    def _train_model(
        self, input_fn: Callable[..., Any], hooks: list[Any], listeners: list[Any]
    ) -> Any:
        """Build the model, train it, and return its last loss."""
        with self._new_graph():
            features, labels, input_hooks = self._inputs(input_fn, ModeKeys.TRAIN)
            spec = self._call_model_fn(features, labels, ModeKeys.TRAIN, self.config)
            if self._warm_start is not None:
                warm_start(*self._warm_start)
            loss, made_steps = None, False
            with training_session(spec, self._config, input_hooks, hooks, listeners) as session:
                while not session.should_stop():
                    _, loss = session.run([spec.train_op, spec.loss])
                    made_steps = True
            if not made_steps:
                _LOG.warning(
                    "Training with estimator made no steps. Perhaps input is empty or misspecified."
                )
            return loss

    # --- evaluation -------------------------------------------------------------------------------

    def evaluate(
        self,
        input_fn: Callable[..., Any],
        steps: int | None = None,
        hooks: Hooks = None,
        checkpoint_path: str | None = None,
        name: str | None = None,
    ) -> dict[str, Any]:
        """Return the metrics of a checkpoint.

        Args:
            input_fn: gives features and labels, or a Dataset of such.
            steps: how many batches to take; all if None.
            hooks: more hooks.
            checkpoint_path: the checkpoint; the latest one if None.
            name: the name of the evaluation, for its folder.

        Returns:
            Value by name: those of the model's `eval_metric_ops`, the mean `loss`, `global_step`.

        Raises:
            ValueError: if `steps` is not above 0, or a metric is called `global_step`.
        """
        all_hooks = self.evaluation_hooks(steps, hooks)
        path = checkpoint_path or self._checkpoint_or_nothing("evaluate")
        with self._new_graph():
            return self.run_evaluation(self.build_evaluation(input_fn, all_hooks, path), path, name)

    def evaluation_hooks(self, steps: int | None, hooks: Hooks) -> list[SessionRunHook]:
        """Return the hooks of an evaluation of so many batches.

        Raises:
            ValueError: if `steps` is not above 0.
            TypeError: if a hook is none.
        """
        check_positive("steps", steps)
        return [*checked_hooks(hooks), *([] if steps is None else [StopAfterRunsHook(steps)])]

    def build_evaluation(
        self, input_fn: Callable[..., Any], hooks: list[SessionRunHook], path: str | None
    ) -> Evaluation:
        """Build an evaluation of a checkpoint in the default graph.

        Raises:
            ValueError: if a metric is called `global_step`.
        """
        if get_global_step() is None:
            self._create_global_step(get_default_graph())
        features, labels, input_hooks = self._inputs(input_fn, ModeKeys.EVAL)
        spec = self._call_model_fn(features, labels, ModeKeys.EVAL, self.config)
        metrics = {**spec.eval_metric_ops, "loss": mean(spec.loss)}
        if path is None and self._warm_start is not None:
            warm_start(*self._warm_start)
        return Evaluation(
            spec.scaffold,
            *split_metrics(metrics),
            [*input_hooks, *hooks, *spec.evaluation_hooks],
        )

    def run_evaluation(
        self, evaluation: Evaluation, path: str | None, name: str | None
    ) -> dict[str, Any]:
        """Return the metrics of an evaluation, and write them; `path` is the checkpoint."""
        results = evaluate_once(path, evaluation, self._config)
        step = int(results[GraphKeys.GLOBAL_STEP])
        write_results(self.eval_dir(name), results, step, path)
        return results

    def _checkpoint_or_nothing(self, purpose: str) -> str | None:
        path = self.latest_checkpoint()
        if path is None:
            _LOG.info(
                "Could not find trained model in model_dir: %s, running initialization to %s.",
                *(self._model_dir, purpose),
            )
        return path

    # --- predictions ------------------------------------------------------------------------------

    def predict(
        self,
        input_fn: Callable[..., Any],
        predict_keys: Any = None,
        hooks: Hooks = None,
        checkpoint_path: str | None = None,
        yield_single_examples: bool = True,
    ) -> Iterator[Any]:
        """Yield the predictions of a checkpoint.

        Args:
            input_fn: gives features (labels are ignored), or a Dataset of such.
            predict_keys: names of the predictions to give; all if None.
            hooks: more hooks.
            checkpoint_path: the checkpoint; the latest one if None.
            yield_single_examples: whether to give examples one by one, or batches.

        Yields:
            The value of each prediction by name, or that of the only one.

        Raises:
            ValueError: if no prediction has such a name, or batches have different lengths.
        """
        all_hooks = checked_hooks(hooks)
        path = checkpoint_path or self._checkpoint_or_nothing("predict")
        with self._new_graph():
            features, _, input_hooks = self._inputs(input_fn, ModeKeys.PREDICT)
            spec = self._call_model_fn(features, None, ModeKeys.PREDICT, self.config)
            if path is None and self._warm_start is not None:
                warm_start(*self._warm_start)
            wanted = wanted_predictions(spec.predictions, predict_keys)
            creator = ChiefSessionCreator(
                spec.scaffold,
                self._config.master,
                self._config.session_config,
                checkpoint_filename_with_path=path,
            )
            session = MonitoredSession(creator, [*input_hooks, *all_hooks, *spec.prediction_hooks])
        with session:
            while not session.should_stop():
                batch = session.run(wanted)
                if not yield_single_examples:
                    yield batch
                elif isinstance(batch, dict):
                    for row in range(batch_length(batch)):
                        yield {key: values[row] for key, values in batch.items()}
                else:
                    yield from batch

    # --- building ---------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _new_graph(self) -> Iterator[Graph]:
        """Make a graph with seed and global step the default one."""
        with Graph().as_default() as graph, device(device_fn_of(self._config)):
            set_random_seed(self._config.tf_random_seed)
            self._create_global_step(graph)
            yield graph

    def _create_global_step(self, graph: Graph) -> Any:
        """Return the graph's global step; TensorFlow's subclasses override this name."""
        return create_global_step(graph)

    def _inputs(
        self, input_fn: Callable[..., Any], mode: str
    ) -> tuple[Any, Any, list[SessionRunHook]]:
        """Return features, labels and the hooks that they need."""
        return call_input_fn(input_fn, mode, {"params": self.params, "config": self.config})

    def _call_model_fn(self, features: Any, labels: Any, mode: str, config: Any) -> EstimatorSpec:
        """Build the model."""
        spec = call_model_fn(self._model_fn, features, labels, mode, self.params, config)
        if not isinstance(spec, EstimatorSpec):
            raise ValueError("model_fn should return an EstimatorSpec.")
        return spec
