"""TensorFlowEstimator: trains a function of features and labels that returns predictions and loss.

    def model(x, y):
        return learn.models.logistic_regression(learn.ops.dnn(x, [10, 20, 10]), y)

    classifier = learn.TensorFlowEstimator(model, n_classes=3, steps=500)
    classifier.fit(x, y)
    classifier.predict(x)                     # int64[rows]
    classifier.save("model")
    learn.TensorFlowEstimator.restore("model").predict(x)

**State**: constructor arguments; a `Built` once it is trained: graph, session, and the tensors that
are fed and fetched.  These stand in collections of the graph too, so that a saved graph has them.

**Invariants**
1. One graph serves training and prediction; the scalar of the collection IS_TRAINING, false unless
   it is fed, tells layers which it is.
2. A folder of `save` has the arguments in `model.def`, the graph in `graph.pbtxt`, a checkpoint.

**Departures**: constructor arguments are those of TensorFlow 0.9; what 0.8 had besides, such as
`tf_random_seed`, is part of `config`.  `save` keeps no functions: an estimator that is restored
trains and predicts by its graph.

Source: TensorFlow 0.8's and 0.9's `tf.contrib.learn.TensorFlowEstimator`.
"""

from __future__ import annotations

import inspect
import itertools
import json
import logging
import tempfile
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Self

import numpy as np

from minitf.api.framework import get_collection
from minitf.api.graph_io import write_graph
from minitf.api.state import local_variables_initializer
from minitf.contrib.layers.optimizers import OPTIMIZER_CLS_NAMES
from minitf.contrib.learn.batches import Batches
from minitf.contrib.learn.metric_spec import metric_ops
from minitf.contrib.learn.monitors.hooks import replace_monitors_with_hooks
from minitf.contrib.learn.run_config import RunConfig
from minitf.contrib.learn.skflow_graph import Built, Model, NotFittedError, build, read
from minitf.summary.file_writer import FileWriter
from minitf.summary.merging import merge_all
from minitf.train.checkpoint_state import latest_checkpoint
from minitf.train.coordinator import Coordinator
from minitf.train.hooked_session import HookedSession
from minitf.train.training_util import get_global_step

_LOG = logging.getLogger("tensorflow")
_SUMMARY_STEPS = 100
_DEFINITION = "model.def"  # the file with the arguments


class TensorFlowEstimator:
    """Trains a function of features and labels that returns predictions and loss.

    Args:
        model_fn: the function; labels of several classes reach it as vectors of 0 and 1.
        n_classes: how many classes the labels count; 0 if they are numbers.
        batch_size: how many rows a step takes.
        steps: how many steps `fit` does.
        optimizer: an Optimizer, a function that makes one of the learning rate, or a name.
        learning_rate: a number, or a function of the global step.
        clip_gradients: the greatest norm of all gradients together; None for no limit.
        class_weight: a factor of each class's logits.
        continue_training: whether `fit` goes on from what was learned; otherwise it starts anew.
        config: RunConfig.
        verbose: whether the loss is logged: not if 0.

    Raises:
        ValueError: if there is no optimizer of the name.

    Source: TensorFlow 0.9.
    """

    def __init__(
        self,
        model_fn: Callable[[Any, Any], tuple[Any, Any]] | None,
        n_classes: int,
        batch_size: int = 32,
        steps: int = 200,
        optimizer: Any = "Adagrad",
        learning_rate: Any = 0.1,
        clip_gradients: float | None = 5.0,
        class_weight: Any = None,
        continue_training: bool = False,
        config: Any = None,
        verbose: int = 1,
    ) -> None:
        if isinstance(optimizer, str) and optimizer not in OPTIMIZER_CLS_NAMES:
            raise ValueError(
                f"Optimizer name should be one of [{', '.join(OPTIMIZER_CLS_NAMES)}], "
                f"you provided {optimizer}."
            )
        self.model_fn = model_fn
        self.n_classes = n_classes
        self.batch_size = batch_size
        self.steps = steps
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.clip_gradients = clip_gradients
        self.class_weight = class_weight
        self.continue_training = continue_training
        self.verbose = verbose
        self.config = config or RunConfig()
        self._model_dir = self.config.model_dir or tempfile.mkdtemp()
        self._built: Built | None = None

    # --- what it is -------------------------------------------------------------------------------

    @property
    def model_dir(self) -> str:
        """The folder of checkpoints and summaries."""
        return self._model_dir

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the arguments of the constructor by their names, as scikit-learn asks for them."""
        names = _arguments(type(self))
        return {name: getattr(self, name) for name in names if hasattr(self, name)}

    def set_params(self, **params: Any) -> Self:
        """Change arguments of the constructor.

        Raises:
            ValueError: if there is no argument of a name.
        """
        for name, value in params.items():
            if name not in _arguments(type(self)):
                raise ValueError(f"Invalid parameter {name} for estimator {type(self).__name__}")
            setattr(self, name, value)
        return self

    def _trained(self) -> Built:
        """Return the model.

        Raises:
            NotFittedError: if there is none yet.
        """
        if self._built is None:
            raise NotFittedError("Couldn't find trained model.")
        return self._built

    # --- training ---------------------------------------------------------------------------------

    def fit(
        self,
        x: Any,
        y: Any = None,
        steps: int | None = None,
        monitors: Any = None,
        logdir: Any = None,
    ) -> Self:
        """Train.

        Args:
            x: features: [rows, ...], or an iterator of rows.
            y: labels: [rows, ...], or an iterator of them.
            steps: how many steps to do; those of the constructor if None.
            monitors: monitors and SessionRunHooks.
            logdir: the folder of summaries and checkpoints.

        Raises:
            ValueError: if there is no row.
        """
        return self._fit(x, y, steps, monitors, logdir, anew=not self.continue_training)

    def partial_fit(self, x: Any, y: Any) -> Self:
        """Train from what was learned on; arguments as of `fit`."""
        return self._fit(x, y, None, None, None, anew=False)

    def _fit(
        self, x: Any, y: Any, steps: int | None, monitors: Any, logdir: Any, *, anew: bool
    ) -> Self:
        batches = Batches(x, y, self.n_classes, self.batch_size, seed=self._seed())
        if batches.is_empty:
            raise ValueError("there is nothing to train with: x has no rows")
        if logdir is not None:
            self._model_dir = str(logdir)
        if self._built is None or (anew and self.model_fn is not None):
            self._built = self._build(batches)
        built = self._built
        with built.graph.as_default():
            summary = merge_all()
            writer = None if logdir is None else FileWriter(logdir, built.graph)
            self._train(built, batches, steps or self.steps, monitors, (summary, writer))
            if writer is not None:
                writer.close()
                self.latest_checkpoint()
        return self

    def _train(
        self, built: Built, batches: Batches, steps: int, monitors: Any, shown: tuple[Any, Any]
    ) -> None:
        """Do steps, with monitors and summaries, until the input ends or one asks to stop."""
        summary, writer = shown
        hooks = replace_monitors_with_hooks(monitors, self)
        coordinator, step = Coordinator(), get_global_step(built.graph)
        for hook in hooks:
            hook.begin()
        for hook in hooks:
            hook.after_create_session(built.session, coordinator)
        session = HookedSession(built.session, coordinator, hooks)
        fetches = {"loss": built.loss, "train": built.train_op, "step": step}
        for i, (features, labels) in zip(range(steps), batches, strict=False):
            wanted = dict(fetches)
            if writer is not None and summary is not None and i % _SUMMARY_STEPS == 0:
                wanted["summary"] = summary
            found = session.run(wanted, built.feeds(features, labels, training=True))
            if "summary" in found:
                writer.add_summary(found["summary"], found["step"])
            if self.verbose and i % _SUMMARY_STEPS == 0:
                _LOG.info("Step %d: loss = %s", found["step"], found["loss"])
            if session.should_stop():
                break
        for hook in hooks:
            hook.end(built.session)

    def _seed(self) -> int | None:
        seed: int | None = self.config.tf_random_seed
        return 42 if seed is None else seed

    def _build(self, batches: Batches) -> Built:
        """Build the model for rows as the first ones, and start its variables."""
        assert self.model_fn is not None
        model = Model(
            self.model_fn,
            self.optimizer,
            self.learning_rate,
            self.clip_gradients,
            self.class_weight,
            self._seed(),
        )
        return build(model, batches.features, batches.labels, self.config.session_config)

    # --- predictions ------------------------------------------------------------------------------

    def predict(self, x: Any, axis: int = 1, batch_size: int | None = None) -> Any:
        """Return the class, or the number, of each row.

        Args:
            x: features: [rows, ...], or an iterator of rows.
            axis: the axis of the classes.
            batch_size: how many rows a run takes.

        Raises:
            NotFittedError: if it is not trained.
        """
        found = self.predict_proba(x, batch_size)
        return found.argmax(axis=axis) if self.n_classes > 1 else found

    def predict_proba(self, x: Any, batch_size: int | None = None) -> Any:
        """Return the probabilities of each row's classes, or its number; arguments as of `predict`.

        Raises:
            NotFittedError: if it is not trained.
        """
        built = self._trained()
        batches = Batches(x, None, 0, batch_size or self.batch_size, shuffle=False)
        made = [built.session.run(built.predictions, built.feeds(rows)) for rows, _ in batches]
        return np.concatenate(made) if made else np.zeros([0, *built.predictions.shape[1:]])

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        steps: int | None = None,
        metrics: Mapping[Any, Any] | None = None,
        name: str | None = None,
        hooks: Any = None,
    ) -> dict[str, Any]:
        """Return the mean loss of rows, and metrics.

        Args:
            x: features: [rows, ...], or an iterator of rows.
            y: labels: [rows, ...], or an iterator of them.
            batch_size: how many rows a run takes.
            steps: how many batches to take; all if None.
            metrics: name -> MetricSpec, or a function of predictions and labels.
            name: accepted: nothing is written.
            hooks: accepted: no session is made.

        Raises:
            NotFittedError: if it is not trained.
        """
        built = self._trained()
        size = batch_size or self.batch_size
        batches = Batches(x, y, self.n_classes, size, shuffle=False)
        with built.graph.as_default():
            made = metric_ops(metrics or {}, built.features, built.labels, built.predictions)
            built.session.run(local_variables_initializer())
        wanted = [built.loss, [update for _, update in made.values()]]
        losses: list[Any] = []
        counts: list[int] = []
        for features, labels in itertools.islice(batches, steps):
            losses.append(built.session.run(wanted, built.feeds(features, labels))[0])
            counts.append(len(features))
        values = built.session.run({key: value for key, (value, _) in made.items()})
        step = built.session.run(get_global_step(built.graph))
        return {**values, "loss": np.average(losses, weights=counts), "global_step": step}

    def get_tensor(self, name: str) -> Any:
        """Return a tensor of the model by its name."""
        return self._trained().graph.get_tensor_by_name(name)

    def get_tensor_value(self, name: str, feed_dict: Any = None) -> Any:
        """Return the value of a tensor of the model by its name."""
        return self._trained().session.run(self.get_tensor(name), feed_dict)

    def get_variable_names(self) -> list[str]:
        """Return the names of the model's variables."""
        with self._trained().graph.as_default():
            return [each.op.name for each in get_collection("variables")]

    def get_variable_value(self, name: str) -> Any:
        """Return the value of a variable by its name."""
        return self.get_tensor_value(name if ":" in name else f"{name}:0")

    def latest_checkpoint(self) -> str:
        """Save what is learned to the model's folder, and return the checkpoint's path.

        Raises:
            NotFittedError: if it is not trained.
        """
        return self._save(self._model_dir)

    def save(self, path: Any) -> None:
        """Save the model to a folder.

        Args:
            path: the folder, which is made.

        Raises:
            NotFittedError: if it is not trained.
        """
        built = self._trained()
        self._save(path)
        kept = {
            name: value
            for name, value in self.get_params().items()
            if isinstance(value, (int, float, str, list, tuple))
        }
        text = json.dumps({**kept, "class_name": type(self).__name__})
        Path(path, _DEFINITION).write_text(text, encoding="utf-8")
        write_graph(built.graph.as_graph_def(), path, "graph.pbtxt")

    def _save(self, path: Any) -> str:
        built = self._trained()
        Path(path).mkdir(parents=True, exist_ok=True)
        with built.graph.as_default():
            step = get_global_step(built.graph)
            saved: str = built.saver.save(built.session, str(Path(path, "model")), step)
        return saved

    @classmethod
    def restore(cls, path: Any, config: Any = None) -> TensorFlowEstimator:
        """Return the estimator of a folder.

        Args:
            path: the folder that `save` has written.
            config: RunConfig.

        Raises:
            ValueError: if the folder has no model.
        """
        file = Path(path, _DEFINITION)
        checkpoint = latest_checkpoint(path)
        if not file.exists() or checkpoint is None:
            raise ValueError(f"Restore folder doesn't contain model definition: {path}")
        definition = json.loads(file.read_text(encoding="utf-8"))
        ready = import_module("minitf.contrib.learn.skflow_kinds")  # which imports this one
        kind = getattr(ready, definition.pop("class_name"), TensorFlowEstimator)
        if "model_fn" in _arguments(kind):
            definition["model_fn"] = None
        found = kind(**definition, config=config)
        return found._adopt(checkpoint)  # noqa: SLF001 it is one of this class

    def _adopt(self, checkpoint: str) -> Self:
        """Go on with the graph and the variables of a checkpoint."""
        self._built = read(checkpoint, self.config.session_config)
        self.model_fn = None  # the graph is the model
        return self


def _arguments(kind: type) -> list[str]:
    """Return the names of a class's arguments."""
    return [name for name in inspect.signature(kind).parameters if name != "config"]
