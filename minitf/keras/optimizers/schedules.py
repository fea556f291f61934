"""`tf.keras.optimizers.schedules`: learning rates that fall with the number of steps.

    rate = tf.keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=1000, decay_rate=0.96)
    optimizer = tf.keras.optimizers.SGD(rate)        it calls rate(iterations) at each step

Source: TensorFlow 1.15's classes of the same names; `minitf.train.learning_rate_decay` has the
formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Self

from minitf.api.framework import convert_to_tensor
from minitf.keras.utils.objects import deserialize_keras_object, serialize_keras_object
from minitf.tensor import Tensor
from minitf.train import learning_rate_decay as decay


class LearningRateSchedule:
    """A function from the number of steps to a learning rate, which has a configuration."""

    def __call__(self, step: Any) -> Any:
        """Return the learning rate of a step."""
        raise NotImplementedError("Learning rate schedule must override __call__")

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        raise NotImplementedError("Learning rate schedule must override get_config")

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return the schedule that `get_config` describes."""
        return cls(**config)


class _Formula(LearningRateSchedule):
    """A schedule by one of the formulas of `tf.train`."""

    formula: ClassVar[Callable[..., Tensor]]

    def _set(self, arguments: dict[str, Any]) -> None:
        """Keep the arguments: what `locals()` of the constructor holds."""
        self._arguments = {
            name: value for name, value in arguments.items() if name not in {"self", "__class__"}
        }

    def __call__(self, step: Any) -> Tensor:
        """Return the learning rate of a step."""
        others = dict(self._arguments)
        rate = others.pop("initial_learning_rate")
        name = others.pop("name") or type(self).__name__
        return type(self).formula(rate, convert_to_tensor(step), name=name, **others)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return dict(self._arguments)


class ExponentialDecay(_Formula):
    """rate decay_rate ^ (step / decay_steps).

    Args:
        initial_learning_rate: where it begins.
        decay_steps: after how many steps it is `decay_rate` times as high.
        decay_rate: see above.
        staircase: whether it falls only at multiples of `decay_steps`.
        name: of the operations.
    """

    formula = staticmethod(decay.exponential_decay)

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: Any,
        decay_rate: Any,
        staircase: bool = False,
        name: str | None = None,
    ) -> None:
        self._set(locals())


class InverseTimeDecay(_Formula):
    """rate / (1 + decay_rate step / decay_steps).

    Args:
        initial_learning_rate: where it begins.
        decay_steps: see above.
        decay_rate: see above.
        staircase: whether it falls only at multiples of `decay_steps`.
        name: of the operations.
    """

    formula = staticmethod(decay.inverse_time_decay)

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: Any,
        decay_rate: Any,
        staircase: bool = False,
        name: str | None = None,
    ) -> None:
        self._set(locals())


class PolynomialDecay(_Formula):
    """From one rate to another along (1 - step / decay_steps) ^ power.

    Args:
        initial_learning_rate: where it begins.
        decay_steps: when it ends.
        end_learning_rate: where it ends.
        power: see above.
        cycle: whether it begins again, each time for longer.
        name: of the operations.
    """

    formula = staticmethod(decay.polynomial_decay)

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: Any,
        end_learning_rate: Any = 0.0001,
        power: Any = 1.0,
        cycle: bool = False,
        name: str | None = None,
    ) -> None:
        self._set(locals())


class CosineDecay(_Formula):
    """From a rate to its `alpha`th part along half a cosine; see `tf.train.cosine_decay`.

    Args:
        initial_learning_rate: where it begins.
        decay_steps: when it ends.
        alpha: the part of the rate where it ends.
        name: of the operations.
    """

    formula = staticmethod(decay.cosine_decay)

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: Any,
        alpha: Any = 0.0,
        name: str | None = None,
    ) -> None:
        self._set(locals())


class CosineDecayRestarts(_Formula):
    """Half cosines one after the other; see `tf.train.cosine_decay_restarts`.

    Args:
        initial_learning_rate: where it begins.
        first_decay_steps: when the first one ends.
        t_mul: how many times as long the next one is.
        m_mul: how many times as high it begins.
        alpha: the part of the rate where each ends.
        name: of the operations.
    """

    formula = staticmethod(decay.cosine_decay_restarts)

    def __init__(
        self,
        initial_learning_rate: Any,
        first_decay_steps: Any,
        t_mul: Any = 2.0,
        m_mul: Any = 1.0,
        alpha: Any = 0.0,
        name: str | None = None,
    ) -> None:
        self._set(locals())


class LinearCosineDecay(_Formula):
    """A line times a cosine; see `tf.train.linear_cosine_decay`.

    Args:
        initial_learning_rate: where it begins.
        decay_steps: when it ends.
        num_periods: of the cosine.
        alpha: what is added to the line.
        beta: what is added to the product.
        name: of the operations.
    """

    formula = staticmethod(decay.linear_cosine_decay)

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: Any,
        num_periods: Any = 0.5,
        alpha: Any = 0.0,
        beta: Any = 0.001,
        name: str | None = None,
    ) -> None:
        self._set(locals())


class NoisyLinearCosineDecay(_Formula):
    """A line with noise, times a cosine; see `tf.train.noisy_linear_cosine_decay`.

    Args:
        initial_learning_rate: where it begins.
        decay_steps: when it ends.
        initial_variance: of the noise.
        variance_decay: how fast the noise falls.
        num_periods: of the cosine.
        alpha: what is added to the line.
        beta: what is added to the product.
        name: of the operations.
    """

    formula = staticmethod(decay.noisy_linear_cosine_decay)

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: Any,
        initial_variance: Any = 1.0,
        variance_decay: Any = 0.55,
        num_periods: Any = 0.5,
        alpha: Any = 0.0,
        beta: Any = 0.001,
        name: str | None = None,
    ) -> None:
        self._set(locals())


class PiecewiseConstantDecay(LearningRateSchedule):
    """A rate for each stretch of steps.

    Args:
        boundaries: the last step of each stretch but the last.
        values: the rates, one more than boundaries.
        name: of the operations.

    Raises:
        ValueError: if there is another number of rates.
    """

    def __init__(
        self, boundaries: Sequence[Any], values: Sequence[Any], name: str | None = None
    ) -> None:
        if len(boundaries) != len(values) - 1:
            raise ValueError("The length of boundaries should be 1 less than the length of values")
        self.boundaries = boundaries
        self.values = values
        self.name = name

    def __call__(self, step: Any) -> Tensor:
        """Return the learning rate of a step."""
        name = self.name or "PiecewiseConstant"
        return decay.piecewise_constant(step, list(self.boundaries), list(self.values), name)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {"boundaries": self.boundaries, "values": self.values, "name": self.name}


_CLASSES = {
    each.__name__: each
    for each in (
        CosineDecay,
        CosineDecayRestarts,
        ExponentialDecay,
        InverseTimeDecay,
        LinearCosineDecay,
        NoisyLinearCosineDecay,
        PiecewiseConstantDecay,
        PolynomialDecay,
    )
}


def serialize(learning_rate_schedule: LearningRateSchedule) -> Any:
    """Return the configuration of a schedule."""
    return serialize_keras_object(learning_rate_schedule)


def deserialize(config: Any, custom_objects: Any = None) -> Any:
    """Return the schedule of a configuration.

    Args:
        config: {"class_name": ..., "config": {...}}.
        custom_objects: name -> class, for those of the program.
    """
    return deserialize_keras_object(config, _CLASSES, custom_objects, "decay")


__all__ = [
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "deserialize",
    "serialize",
]
