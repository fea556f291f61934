"""Adagrad and Adadelta: rates of each element, by all gradients or by recent ones.

Source: TensorFlow 1.15's `tf.keras.optimizers`; the papers named at each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.api.casting import cast
from minitf.api.constants import fill
from minitf.api.elementary import sqrt, square
from minitf.api.framework import control_dependencies
from minitf.api.gathering import gather
from minitf.api.state import assign_add, assign_sub
from minitf.keras.backend.config import epsilon as default_epsilon
from minitf.keras.optimizers.base import Optimizer
from minitf.keras.optimizers.parts import scattered
from minitf.tensor import Tensor

State = dict[str, Any]


class Adagrad(Optimizer):
    """s += g^2; var -= rate g / (sqrt(s) + epsilon).

    Args:
        learning_rate: see `SGD`.
        initial_accumulator_value: what `s` starts as.
        epsilon: keeps the divisor from 0.
        name: of the operations and variables that it adds.
        **kwargs: see `Optimizer`.

    Raises:
        ValueError: if `s` starts negative.

    Source: Duchi, Hazan and Singer 2011.
    """

    SLOTS = ("accumulator",)
    NUMBERS = ("learning_rate", "decay")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float | None = 1e-7,
        name: str = "Adagrad",
        **kwargs: Any,
    ) -> None:
        if initial_accumulator_value < 0.0:
            raise ValueError(
                f"initial_accumulator_value must be non-negative: {initial_accumulator_value}"
            )
        super().__init__(name, **kwargs)
        self._numbers["learning_rate"] = kwargs.get("lr", learning_rate)
        self._initial = initial_accumulator_value
        self.epsilon = epsilon or default_epsilon()

    def _first_value(self, slot: str) -> Callable[..., Any]:
        return lambda sizes, dtype: fill(sizes, cast(self._initial, dtype))

    def _apply(self, grad: Tensor, variable: Any, state: State) -> Any:
        total = assign_add(self.get_slot(variable, "accumulator"), square(grad))
        return assign_sub(variable, state["rate"] * grad / (sqrt(total) + self.epsilon))

    def _apply_rows(self, rows: Tensor, places: Tensor, variable: Any, state: State) -> Any:
        held = self.get_slot(variable, "accumulator")
        with control_dependencies([scattered(held, places, square(rows))]):
            total = gather(held.read_value(), places)
        step = state["rate"] * rows / (sqrt(total) + self.epsilon)
        return scattered(variable, places, -step)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {
            **super().get_config(),
            "initial_accumulator_value": self._initial,
            "epsilon": self.epsilon,
        }


class Adadelta(Optimizer):
    """s = rho s + (1 - rho) g^2; d = g sqrt(u + epsilon) / sqrt(s + epsilon); var -= rate d.

    `u` is the decaying mean of d^2, as `s` is that of g^2.

    Args:
        learning_rate: see `SGD`.
        rho: how much of `s` and `u` remains.
        epsilon: keeps the divisor from 0.
        name: of the operations and variables that it adds.
        **kwargs: see `Optimizer`.

    Source: Zeiler 2012.
    """

    SLOTS = ("accum_grad", "accum_var")
    NUMBERS = ("learning_rate", "decay", "rho")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: Any = 0.95,
        epsilon: float | None = 1e-7,
        name: str = "Adadelta",
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self._numbers |= {"learning_rate": kwargs.get("lr", learning_rate), "rho": rho}
        self.epsilon = epsilon or default_epsilon()

    def _operands(self, variable: Any, state: State) -> tuple[Any, ...]:
        slots = (self.get_slot(variable, name).handle for name in self.SLOTS)
        dtype = variable.dtype.base_dtype
        numbers = (state["rate"], self._tensor("rho", dtype), cast(self.epsilon, dtype))
        return (variable.handle, *slots, *numbers)

    def _apply(self, grad: Tensor, variable: Any, state: State) -> Any:
        return ops.resource_apply_adadelta_op(*self._operands(variable, state), grad)

    def _apply_rows(self, rows: Tensor, places: Tensor, variable: Any, state: State) -> Any:
        return ops.resource_sparse_apply_adadelta_op(*self._operands(variable, state), rows, places)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "epsilon": self.epsilon}
