"""SGD, and RMSprop, which divides by the size of recent gradients.

Source: TensorFlow 1.15's `tf.keras.optimizers`; the papers named at each.
"""

from __future__ import annotations

from typing import Any

from minitf.api.control import group
from minitf.api.elementary import sqrt, square
from minitf.api.gathering import gather
from minitf.api.state import assign, assign_add, assign_sub
from minitf.dtypes import DType
from minitf.keras.backend.config import epsilon as default_epsilon
from minitf.keras.optimizers.base import Optimizer
from minitf.keras.optimizers.parts import decayed, scatter_update, scattered
from minitf.tensor import Tensor

State = dict[str, Any]


class SGD(Optimizer):
    """var -= rate g; with momentum: m = momentum m - rate g, var += m.

    Args:
        learning_rate: a number, a Tensor, or a function that gives one; see `Optimizer`.
        momentum: how much of `m` remains.
        nesterov: whether var += momentum m - rate g instead: a step ahead.
        name: of the operations and variables that it adds.
        **kwargs: see `Optimizer`.

    Raises:
        ValueError: if the momentum is not in [0, 1].
    """

    NUMBERS = ("learning_rate", "decay", "momentum")

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: Any = 0.0,
        nesterov: bool = False,
        name: str = "SGD",
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self._numbers["learning_rate"] = kwargs.get("lr", learning_rate)
        self._has_momentum = isinstance(momentum, Tensor) or callable(momentum) or momentum > 0
        if isinstance(momentum, (int, float)) and not 0 <= momentum <= 1:
            raise ValueError("`momentum` must be between [0, 1].")
        self._numbers["momentum"] = momentum
        self.nesterov = nesterov

    def _slot_names(self) -> tuple[str, ...]:
        return ("momentum",) if self._has_momentum else ()

    def _of_type(self, dtype: DType) -> State:
        return {**super()._of_type(dtype), "momentum": self._tensor("momentum", dtype)}

    def _apply(self, grad: Tensor, variable: Any, state: State) -> Any:
        rate = state["rate"]
        if not self._has_momentum:
            return assign_sub(variable, rate * grad)
        held = self.get_slot(variable, "momentum")
        moved = assign(held, held * state["momentum"] - grad * rate)
        ahead = moved * state["momentum"] - grad * rate if self.nesterov else moved
        return assign_add(variable, ahead)

    def _apply_rows(self, rows: Tensor, places: Tensor, variable: Any, state: State) -> Any:
        step = -state["rate"] * rows
        if not self._has_momentum:
            return scattered(variable, places, step)
        held = self.get_slot(variable, "momentum")
        moved = gather(held.read_value(), places) * state["momentum"] + step
        ahead = moved * state["momentum"] + step if self.nesterov else moved
        return group(scatter_update(held, places, moved), scattered(variable, places, ahead))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "nesterov": self.nesterov}


class RMSprop(Optimizer):
    """s = rho s + (1 - rho) g^2; var -= rate g / (sqrt(s) + epsilon).

    Args:
        learning_rate: see `SGD`.
        rho: how much of `s` remains.
        momentum: how much of the last step is made again; with it, epsilon is within the root.
        epsilon: keeps the divisor from 0.
        centered: whether the square of the mean gradient is subtracted from `s`.
        name: of the operations and variables that it adds.
        **kwargs: see `Optimizer`.

    Source: Tieleman and Hinton 2012.
    """

    NUMBERS = ("learning_rate", "decay", "rho", "momentum")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: Any = 0.9,
        momentum: Any = 0.0,
        epsilon: float | None = 1e-7,
        centered: bool = False,
        name: str = "RMSprop",
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self._numbers |= {"learning_rate": kwargs.get("lr", learning_rate), "rho": rho}
        self._has_momentum = isinstance(momentum, Tensor) or callable(momentum) or momentum > 0
        if isinstance(momentum, (int, float)) and not 0 <= momentum <= 1:
            raise ValueError("`momentum` must be between [0, 1].")
        self._numbers["momentum"] = momentum
        self.epsilon = epsilon or default_epsilon()
        self.centered = centered

    def _slot_names(self) -> tuple[str, ...]:
        names = ("rms", "momentum") if self._has_momentum else ("rms",)
        return (*names, "mg") if self.centered else names

    def _of_type(self, dtype: DType) -> State:
        rho, momentum = self._tensor("rho", dtype), self._tensor("momentum", dtype)
        return {**super()._of_type(dtype), "rho": rho, "momentum": momentum}

    def _apply(self, grad: Tensor, variable: Any, state: State) -> Any:
        rho = state["rho"]
        held = self.get_slot(variable, "rms")
        squares = assign(held, rho * held + (1.0 - rho) * square(grad))
        mean = None
        if self.centered:
            held = self.get_slot(variable, "mg")
            mean = assign(held, rho * held + (1.0 - rho) * grad)
        if not self._has_momentum:
            return assign_sub(variable, self._direction(grad, squares, mean, state))
        moved = self.get_slot(variable, "momentum")
        step = assign(
            moved, state["momentum"] * moved + self._direction(grad, squares, mean, state)
        )
        return assign_sub(variable, step)

    def _direction(self, grad: Tensor, squares: Any, mean: Any, state: State) -> Tensor:
        spread = squares if mean is None else squares - square(mean)
        if self._has_momentum:
            return state["rate"] * grad / sqrt(spread + self.epsilon)
        return state["rate"] * grad / (sqrt(spread) + self.epsilon)

    def _apply_rows(self, rows: Tensor, places: Tensor, variable: Any, state: State) -> Any:
        rho = state["rho"]
        if self._has_momentum:
            return self._apply_rows_with_momentum(rows, places, variable, state)
        squares = decayed(self.get_slot(variable, "rms"), rho, places, square(rows) * (1.0 - rho))
        mean = None
        if self.centered:
            mean = decayed(self.get_slot(variable, "mg"), rho, places, rows * (1.0 - rho))
        spread = gather(squares, places)
        mean = None if mean is None else gather(mean, places)
        return scattered(variable, places, -self._direction(rows, spread, mean, state))

    def _apply_rows_with_momentum(
        self, rows: Tensor, places: Tensor, variable: Any, state: State
    ) -> Any:
        """Change only the rows of the slots too, as TensorFlow's operation does."""
        names = self._slot_names()
        held = {name: self.get_slot(variable, name) for name in names}
        of_rows = {name: gather(each.read_value(), places) for name, each in held.items()}
        rho = state["rho"]
        made = {"rms": of_rows["rms"] * rho + square(rows) * (1.0 - rho)}
        if self.centered:
            made["mg"] = of_rows["mg"] * rho + rows * (1.0 - rho)
        direction = self._direction(rows, made["rms"], made.get("mg"), state)
        made["momentum"] = of_rows["momentum"] * state["momentum"] + direction
        return group(
            *(scatter_update(held[name], places, made[name]) for name in names),
            scattered(variable, places, -made["momentum"]),
        )

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "epsilon": self.epsilon, "centered": self.centered}
