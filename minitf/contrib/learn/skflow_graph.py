"""The graph of a TensorFlowEstimator: how it is built, and read from a checkpoint.

Source: TensorFlow 0.8's `tf.contrib.learn.TensorFlowEstimator`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from minitf.api.constants import constant, placeholder, placeholder_with_default
from minitf.api.framework import add_to_collection, get_collection
from minitf.api.random import set_random_seed
from minitf.api.state import (
    global_variables_initializer,
    local_variables_initializer,
    tables_initializer,
)
from minitf.contrib.layers.optimizers import optimize_loss
from minitf.contrib.learn.ops.networks import IS_TRAINING
from minitf.dtypes import as_dtype, string
from minitf.graph import Graph
from minitf.session.session import Session
from minitf.train.meta_graph_import import import_meta_graph
from minitf.train.saver import Saver
from minitf.train.training_util import create_global_step

_ENDS = "skflow_ends"


class NotFittedError(ValueError, AttributeError):
    """An estimator was used before it was trained."""


class Built(NamedTuple):
    """A model, its session, and its ends: what is fed, and what is fetched."""

    graph: Graph
    session: Any
    saver: Any
    features: Any
    labels: Any
    is_training: Any
    predictions: Any
    loss: Any
    train_op: Any

    def feeds(self, features: Any, labels: Any = None, *, training: bool = False) -> dict[Any, Any]:
        """Return what a run of some rows is fed."""
        fed = {self.features: features, self.is_training: training}
        return fed if labels is None else {**fed, self.labels: labels}


class Model(NamedTuple):
    """What a graph is built of; see the arguments of TensorFlowEstimator."""

    function: Callable[[Any, Any], tuple[Any, Any]]
    optimizer: Any
    learning_rate: Any
    clip_gradients: float | None
    class_weight: Any
    seed: int | None


def build(model: Model, features: Any, labels: Any, session_config: Any) -> Built:
    """Return the graph of a model, in a session whose variables have their first values.

    Args:
        model: the model.
        features: an array as those that it is fed.
        labels: likewise; None for a model without.
        session_config: ConfigProto.
    """
    with Graph().as_default() as graph:
        set_random_seed(model.seed)
        step = create_global_step(graph)
        x = _placeholder(features, "input")
        y = None if labels is None else _placeholder(labels, "output")
        is_training = placeholder_with_default(False, [], name="is_training")
        add_to_collection(IS_TRAINING, is_training)
        if model.class_weight is not None:
            constant(np.asarray(model.class_weight, np.float32), name="class_weight")
        predictions, loss = model.function(x, y)
        rate = model.learning_rate
        train_op = optimize_loss(
            loss,
            step,
            learning_rate=rate(step) if callable(rate) else rate,
            optimizer=model.optimizer,
            clip_gradients=model.clip_gradients,
        )
        ends = [x, x if y is None else y, is_training, predictions, loss, train_op]
        for each in ends:
            add_to_collection(_ENDS, each)
        start = [global_variables_initializer(), local_variables_initializer()]
        start.append(tables_initializer())
        saver = Saver()
    session = Session(graph=graph, config=session_config)
    session.run(start)
    return Built(graph, session, saver, *ends)


def read(checkpoint: str, session_config: Any) -> Built:
    """Return the graph and the variables of a checkpoint.

    Args:
        checkpoint: its path.
        session_config: ConfigProto.
    """
    with Graph().as_default() as graph:
        saver = import_meta_graph(f"{checkpoint}.meta")
        ends = get_collection(_ENDS)
        tables = tables_initializer()
    assert saver is not None  # a model has variables
    session = Session(graph=graph, config=session_config)
    session.run(tables)
    saver.restore(session, checkpoint)
    return Built(graph, session, saver, *ends)


def _placeholder(rows: Any, name: str) -> Any:
    kind = string if rows.dtype == object else as_dtype(rows.dtype)
    return placeholder(kind, [None, *rows.shape[1:]], name=name)
