"""Optimizers of canned models, by name.

Source: TensorFlow 1.15's `tf.estimator`.
"""

from __future__ import annotations

from typing import Any

from minitf.train.adagrad import AdagradOptimizer
from minitf.train.adam import AdamOptimizer
from minitf.train.ftrl import FtrlOptimizer
from minitf.train.gradient_descent import GradientDescentOptimizer
from minitf.train.optimizer import Optimizer
from minitf.train.rmsprop import RMSPropOptimizer

_BY_NAME: dict[str, Any] = {
    "Adagrad": AdagradOptimizer,
    "Adam": AdamOptimizer,
    "Ftrl": FtrlOptimizer,
    "RMSProp": RMSPropOptimizer,
    "SGD": GradientDescentOptimizer,
}


def optimizer_of(optimizer: Any, learning_rate: float) -> Optimizer:
    """Return the optimizer that a canned model's argument means.

    Args:
        optimizer: an Optimizer, a function that returns one, or a name.
        learning_rate: that of an optimizer that is given by name.

    Raises:
        ValueError: if there is no such optimizer.
    """
    if isinstance(optimizer, str):
        if optimizer not in _BY_NAME:
            raise ValueError(
                f"Unsupported optimizer name: {optimizer}. "
                f"Supported names are: {tuple(sorted(_BY_NAME))}"
            )
        made: Optimizer = _BY_NAME[optimizer](learning_rate=learning_rate)
        return made
    if callable(optimizer):
        optimizer = optimizer()
    if not isinstance(optimizer, Optimizer):
        raise ValueError(f"The given object is not an Optimizer instance. Given: {optimizer}")
    return optimizer
