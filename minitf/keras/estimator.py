"""`tf.keras.estimator`: a compiled model as an Estimator.

    model.compile("adam", "mse")
    estimator = tf.keras.estimator.model_to_estimator(model, model_dir="runs/1")
    estimator.train(lambda: dataset, steps=1000)    # of (features, labels)

Each call of the Estimator builds the model anew in a graph of its own: layers of the same
configuration, whose variables begin with the values of the model that was given.

**Departures**: a model that is known only by its `call` is refused, and so is
`checkpoint_format="checkpoint"`; values of the optimizer's slots are not taken over.

Source: TensorFlow 1.15, `tf.keras.estimator`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from minitf.api.control import group
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.state import global_variables_initializer
from minitf.errors import UnimplementedError
from minitf.estimator.arguments import complete_config
from minitf.estimator.estimators import Estimator
from minitf.estimator.model_spec import EstimatorSpec, ModeKeys
from minitf.estimator.outputs import PredictOutput
from minitf.estimator.warm_starting import WarmStartSettings
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys
from minitf.keras import models, optimizers
from minitf.keras.backend.sessions import batch_get_value
from minitf.keras.engine.input_layer import Input
from minitf.keras.engine.training import Model
from minitf.keras.mixed_precision.loss_scale_optimizer import LossScaleOptimizer
from minitf.layers.phase import set_learning_phase
from minitf.saved_model.signature_constants import DEFAULT_SERVING_SIGNATURE_DEF_KEY
from minitf.session.session import Session
from minitf.train import loss_scale
from minitf.train.saver import Saver
from minitf.train.training_util import get_or_create_global_step


def model_to_estimator(
    keras_model: Any = None,
    keras_model_path: Any = None,
    custom_objects: Any = None,
    model_dir: Any = None,
    config: Any = None,
    checkpoint_format: str = "saver",
) -> Estimator:
    """Return an Estimator of a compiled model.

    Args:
        keras_model: the model.
        keras_model_path: the path of a file with one, instead.
        custom_objects: classes and functions of the program, by the names in the file.
        model_dir: the folder of checkpoints and summaries; a temporary one by default.
        config: a RunConfig.
        checkpoint_format: "saver", checkpoints by the names of variables.

    Raises:
        ValueError: if there is no model or there are two, or it is not compiled or known only by
            its `call`.
        UnimplementedError: if checkpoints of objects are asked for.
    """
    if (keras_model is None) == (keras_model_path is None):
        raise ValueError(
            "Either `keras_model` or `keras_model_path` needs to be provided."
            if keras_model is None
            else "Please specity either `keras_model` or `keras_model_path`, but not both."
        )
    if checkpoint_format not in ("saver", "checkpoint"):
        raise ValueError(
            "Received unsupported checkpoint_format. Expected one of 'saver' or 'checkpoint', got "
            f"{checkpoint_format!r}"
        )
    if checkpoint_format == "checkpoint":
        raise UnimplementedError(
            None, None, "model_to_estimator writes checkpoints by the names of variables only"
        )
    if keras_model is None:
        keras_model = models.load_model(keras_model_path, custom_objects)
    if getattr(keras_model, "optimizer", None) is None:
        raise ValueError(
            "The given keras model has not been compiled yet. Please compile the model with "
            "`model.compile()` before calling `model_to_estimator()`."
        )
    make_optimizer = _maker_of(keras_model.optimizer)
    config = complete_config(config, model_dir)
    settings = _first_checkpoint(keras_model, Path(config.model_dir))

    def keras_model_fn(features: Any, labels: Any, mode: str) -> EstimatorSpec:
        return _spec(keras_model, make_optimizer, features, labels, mode)

    return Estimator(keras_model_fn, config=config, warm_start_from=settings)


def _first_checkpoint(model: Model, folder: Path) -> WarmStartSettings | None:
    """Write the values of a model as a checkpoint; return how to begin with them."""
    weights = model.weights
    if not weights:
        return None
    values = batch_get_value(weights)
    path = folder / "keras" / "keras_model.ckpt"
    with Graph().as_default() as graph:
        copy = models.clone_model(model)
        names = [each.op.name for each in copy.weights]
        with Session(graph=graph) as session:
            session.run(global_variables_initializer())
            for variable, value in zip(copy.weights, values, strict=True):
                variable.load(value, session)
            path.parent.mkdir(parents=True, exist_ok=True)
            saver = Saver({each.op.name: each for each in copy.weights})
            saver.save(session, str(path), write_meta_graph=False)
    return WarmStartSettings(str(path), [f"^{re.escape(each)}:" for each in names])


def _spec(
    model: Model, make_optimizer: Callable[[], Any], features: Any, labels: Any, mode: str
) -> EstimatorSpec:
    """Build the model in the default graph."""
    set_learning_phase(int(mode == ModeKeys.TRAIN))
    given = _in_order(features, model.input_names, "features")
    begins = [
        Input(tensor=each, name=name) for each, name in zip(given, model.input_names, strict=True)
    ]
    copy = models.clone_model(model, begins)
    predictions = dict(zip(copy.output_names, copy.outputs or (), strict=True))
    if mode == ModeKeys.PREDICT:
        served = {DEFAULT_SERVING_SIGNATURE_DEF_KEY: PredictOutput(predictions)}
        return EstimatorSpec(mode, predictions, export_outputs=served)
    arguments = {key: each for key, each in model.compiled_with().items() if each is not None}
    targets = None if labels is None else _in_order(labels, copy.output_names, "labels")
    copy.compile(make_optimizer(), target_tensors=targets, **arguments)
    metrics, results = copy.measured_parts()
    for each in metrics:
        for variable in each.weights:
            variable.graph.add_to_collections(
                [GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES], variable
            )
    measured = {
        each.name: (each.result(), result) for each, result in zip(metrics, results, strict=True)
    }
    train_op = None
    if mode == ModeKeys.TRAIN:
        step = get_or_create_global_step()
        copy.optimizer.count_by(step)
        with name_scope("training"):
            updates = copy.optimizer.get_updates(copy.total_loss, copy.trainable_weights)
            updates += copy.get_updates_for(None) + copy.get_updates_for(copy.inputs)
            train_op = group(*updates)
    return EstimatorSpec(
        mode, predictions, copy.total_loss, train_op=train_op, eval_metric_ops=measured
    )


def _in_order(given: Any, names: list[str], what: str) -> list[Any]:
    """Return tensors in the order of names.

    Raises:
        KeyError: if a dict lacks one.
        ValueError: if there is another number of them.
    """
    if isinstance(given, Mapping):
        missing = [each for each in names if each not in given]
        if missing:
            raise KeyError(
                f"The dictionary passed into {what} does not have the expected keys defined in the "
                f"keras model.\n\tExpected keys: {set(names)}\n\t{what} keys: {set(given)}\n\t"
                f"Difference: {set(missing)}"
            )
        several = [given[each] for each in names]
    else:
        several = list(given) if isinstance(given, (list, tuple)) else [given]
    if len(several) != len(names):
        raise ValueError(
            f"The model has {len(names)} {what}, but the input function gave {len(several)}: "
            f"{several}"
        )
    return [convert_to_tensor(each) for each in several]


def _maker_of(optimizer: Any) -> Callable[[], Any]:
    """Return what makes an optimizer like one, in any graph."""
    if isinstance(optimizer, optimizers.TFOptimizer):
        return lambda: optimizer.optimizer
    if isinstance(optimizer, LossScaleOptimizer):
        make_inner = _maker_of(optimizer._optimizer)  # noqa: SLF001 one of us
        scale = optimizer.get_config()["loss_scale"]
        return lambda: LossScaleOptimizer(make_inner(), loss_scale.get(scale))
    return partial(type(optimizer).from_config, optimizer.get_config())


__all__ = ["model_to_estimator"]
