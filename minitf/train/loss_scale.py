"""Loss scales: what a loss is multiplied by, so that small gradients of half precision remain.

    FixedLossScale(128)       always the same
    DynamicLossScale()        smaller after gradients that are not finite, greater after many

Source: Micikevicius 2018; TensorFlow 1.15's `tf.train.experimental`.
"""

from __future__ import annotations

import abc
from typing import Any, Self

from minitf import nest
from minitf.api.comparison import is_finite, logical_and
from minitf.api.control import group, no_op
from minitf.api.framework import convert_to_tensor, get_default_graph
from minitf.api.math import maximum
from minitf.api.reductions import reduce_all
from minitf.api.state import assign
from minitf.composite import IndexedSlices
from minitf.control_flow.cond import cond
from minitf.dtypes import float32, int64
from minitf.tensor import Tensor
from minitf.trackable.base import Trackable, TrackableReference
from minitf.variables.base import Variable


class LossScale(Trackable, metaclass=abc.ABCMeta):
    """What a loss is multiplied by, and how that changes with the gradients.

    Source: TensorFlow 1.15.
    """

    def __init__(self) -> None:
        self._weights: dict[tuple[str, Any], Any] = {}

    @abc.abstractmethod
    def __call__(self) -> Any:
        """Return the scale: float32[]."""

    @abc.abstractmethod
    def update(self, grads: Any) -> tuple[Any, Any]:
        """Return an operation that changes the scale, and whether gradients shall be applied.

        Args:
            grads: the gradients, of the loss itself; a list or another structure.
        """

    @abc.abstractmethod
    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return the loss scale that `get_config` describes."""
        return cls(**config)

    def _add_weight(self, name: str, initial_value: Any, dtype: Any = None) -> Any:
        """Return a variable of the scale in the default graph, made the first time."""
        made = Variable(initial_value, name=name, dtype=dtype, trainable=False, use_resource=True)
        self._weights[name, made.graph] = made
        self._handle_deferred_dependencies(name, made)
        return made

    @property
    def _checkpoint_dependencies(self) -> list[TrackableReference]:
        graph = get_default_graph()
        own = sorted(self._weights.items(), key=lambda item: item[0][0])
        return super()._checkpoint_dependencies + [
            TrackableReference(name, each) for (name, of), each in own if of is graph
        ]

    def _lookup_dependency(self, name: str) -> Any:
        found = super()._lookup_dependency(name)
        return self._weights.get((name, get_default_graph())) if found is None else found


class FixedLossScale(LossScale):
    """A scale that never changes.

    Args:
        loss_scale_value: the scale, an int or a float of at least 1.

    Raises:
        ValueError: if it is something else.

    Source: TensorFlow 1.15.
    """

    def __init__(self, loss_scale_value: float) -> None:
        super().__init__()
        if not isinstance(loss_scale_value, (int, float)):
            raise ValueError("loss_scale_value must be a Python int or float.")
        if loss_scale_value < 1:
            raise ValueError("loss_scale_value must be at least 1.")
        self._loss_scale_value = float(loss_scale_value)
        self._tensor_loss_scale = convert_to_tensor(self._loss_scale_value, dtype=float32)

    def __call__(self) -> Any:
        """Return the scale: float32[]."""
        return self._tensor_loss_scale

    def update(self, grads: Any) -> tuple[Any, Any]:
        """Return an operation that does nothing, and True."""
        del grads
        return no_op(), True

    def __repr__(self) -> str:
        return f"FixedLossScale({self._loss_scale_value})"

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {"loss_scale_value": self._loss_scale_value}


class DynamicLossScale(LossScale):
    """A scale as great as gradients allow.

    Gradients that are not finite divide it by `multiplier`, down to 1, and are not applied; after
    `increment_period` steps without any it is multiplied, unless it would not be finite then.

    Args:
        initial_loss_scale: the first scale.
        increment_period: steps between two increases.
        multiplier: what it changes by.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        initial_loss_scale: float = 2**15,
        increment_period: int = 2000,
        multiplier: float = 2.0,
    ) -> None:
        super().__init__()
        self._initial_loss_scale = float(initial_loss_scale)
        self._increment_period = int(increment_period)
        self._multiplier = float(multiplier)
        self._current_loss_scale = self._add_weight(
            "current_loss_scale", self._initial_loss_scale, float32
        )
        self._num_good_steps = self._add_weight("good_steps", 0, int64)

    @property
    def initial_loss_scale(self) -> float:
        """The first scale."""
        return self._initial_loss_scale

    @property
    def increment_period(self) -> int:
        """Steps between two increases."""
        return self._increment_period

    @property
    def multiplier(self) -> float:
        """What it changes by."""
        return self._multiplier

    def __call__(self) -> Any:
        """Return the scale: float32[]."""
        return self._current_loss_scale

    def update(self, grads: Any) -> tuple[Any, Any]:
        """Return an operation that changes the scale, and whether all gradients are finite."""
        scale, steps = self._current_loss_scale, self._num_good_steps

        def greater() -> Any:
            more = scale * self._multiplier
            value = cond(is_finite(more), lambda: more, scale.read_value)
            return group(assign(scale, value), assign(steps, convert_to_tensor(0, int64)))

        def good() -> Any:
            is_time = steps + 1 >= self._increment_period
            return cond(is_time, greater, lambda: group(steps.assign_add(1)))

        def bad() -> Any:
            less = maximum(scale / self._multiplier, 1.0)
            return group(assign(steps, convert_to_tensor(0, int64)), assign(scale, less))

        finite = all_finite(grads)
        return cond(finite, good, bad), finite

    def __repr__(self) -> str:
        return (
            f"DynamicLossScale(initial_loss_scale={self._initial_loss_scale}, "
            f"increment_period={self._increment_period}, multiplier={self._multiplier})"
        )

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {
            "initial_loss_scale": self._initial_loss_scale,
            "increment_period": self._increment_period,
            "multiplier": self._multiplier,
        }


def all_finite(grads: Any) -> Tensor:
    """Return whether all elements of gradients are finite: bool[]."""
    values = [
        each.values if isinstance(each, IndexedSlices) else each
        for each in nest.flatten(grads)
        if each is not None
    ]
    answer = convert_to_tensor(True)
    for each in values:
        answer = logical_and(answer, reduce_all(is_finite(each)))
    return answer


_CLASSES = {each.__name__: each for each in (FixedLossScale, DynamicLossScale)}


def get(identifier: Any) -> Any:
    """Return a loss scale by itself, a number, "dynamic", a configuration or None.

    Raises:
        ValueError: if it is none of these.
    """
    if identifier is None or isinstance(identifier, LossScale):
        return identifier
    if isinstance(identifier, (int, float)):
        return FixedLossScale(identifier)
    if identifier == "dynamic":
        return DynamicLossScale()
    if isinstance(identifier, dict):
        return _CLASSES[identifier["class_name"]].from_config(identifier["config"])
    raise ValueError(f"Could not interpret loss scale identifier: {identifier}")
