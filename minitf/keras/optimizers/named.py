"""Optimizers by name and by configuration, and TensorFlow's own as Keras's.

Source: TensorFlow 1.15's `tf.keras.optimizers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api.gradients import gradients
from minitf.dtypes import int64
from minitf.keras.backend.sessions import track_variable
from minitf.keras.optimizers.adam import Adam, Adamax, Nadam
from minitf.keras.optimizers.adaptive import Adadelta, Adagrad
from minitf.keras.optimizers.base import Optimizer
from minitf.keras.optimizers.descent import SGD, RMSprop
from minitf.keras.optimizers.ftrl import Ftrl
from minitf.keras.utils.objects import deserialize_keras_object
from minitf.trackable.base import Trackable
from minitf.train.optimizer import Optimizer as TrainOptimizer
from minitf.variables.base import Variable


class TFOptimizer(Trackable):
    """An optimizer of `tf.train` in the place of one of Keras.

    Args:
        optimizer: the optimizer.
    """

    def __init__(self, optimizer: Any) -> None:
        self.optimizer = optimizer
        self._iterations: Any = None
        self._track_trackable(optimizer, "optimizer")

    @property
    def iterations(self) -> Any:
        """A variable: how many steps were taken."""
        if self._iterations is None:
            self._iterations = Variable(
                0, dtype=int64, trainable=False, name="iterations", use_resource=True
            )
            track_variable(self._iterations)
            self._track_trackable(self._iterations, "global_step")
        return self._iterations

    def count_by(self, iterations: Any) -> None:
        """Count steps in a variable of the program."""
        self._iterations = iterations

    def get_grads(self, loss: Any, params: Sequence[Any]) -> Any:
        """Return pairs of gradients and variables."""
        return self.optimizer.compute_gradients(loss, params)

    def get_updates(self, loss: Any, params: Sequence[Any]) -> list[Any]:
        """Return the operations of a step along the gradients of a loss."""
        pairs = zip(gradients(loss, list(params)), params, strict=True)
        update = self.optimizer.apply_gradients(list(pairs), global_step=self.iterations)
        for each in self.optimizer.variables():
            track_variable(each)
        return [update]

    @property
    def weights(self) -> list[Any]:
        """Nothing: the state is the wrapped optimizer's.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError("An optimizer of `tf.train` does not show its weights.")

    def get_config(self) -> dict[str, Any]:
        """Refuse: such an optimizer has no configuration.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError("An optimizer of `tf.train` has no configuration.")


_CLASSES = {
    each.__name__.lower(): each
    for each in (Adadelta, Adagrad, Adam, Adamax, Ftrl, Nadam, RMSprop, SGD)
}


def serialize(optimizer: Any) -> dict[str, Any]:
    """Return the configuration of an optimizer."""
    return {"class_name": type(optimizer).__name__, "config": optimizer.get_config()}


def deserialize(config: Any, custom_objects: Any = None) -> Any:
    """Return the optimizer of a configuration.

    Args:
        config: {"class_name": ..., "config": {...}}; the name in small letters will do.
        custom_objects: name -> class, for those of the program.
    """
    name = config["class_name"]
    if name.lower() == "lossscaleoptimizer":
        from minitf.keras.mixed_precision.loss_scale_optimizer import LossScaleOptimizer

        return LossScaleOptimizer.from_config(config["config"], custom_objects)
    if name.lower() in _CLASSES:
        config = {**config, "class_name": name.lower()}
    return deserialize_keras_object(config, _CLASSES, custom_objects, "optimizer")


def get(identifier: Any) -> Any:
    """Return an optimizer by itself, its name or its configuration.

    Raises:
        ValueError: if it is none.
    """
    if isinstance(identifier, (Optimizer, TFOptimizer)):
        return identifier
    if isinstance(identifier, TrainOptimizer):
        return TFOptimizer(identifier)
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return deserialize({"class_name": identifier, "config": {}})
    if hasattr(identifier, "get_updates"):
        return identifier
    raise ValueError("Could not interpret optimizer identifier:", identifier)
