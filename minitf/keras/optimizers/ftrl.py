"""Ftrl: the optimizer of sparse linear models on many rare features.

Source: TensorFlow 1.15's `tf.keras.optimizers.Ftrl`; McMahan et al. 2013.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.api.casting import cast
from minitf.api.constants import fill, zeros
from minitf.dtypes import DType
from minitf.keras.optimizers.base import Optimizer
from minitf.tensor import Tensor

State = dict[str, Any]
_STRENGTHS = (
    "l1_regularization_strength",
    "l2_regularization_strength",
    "l2_shrinkage_regularization_strength",
)


class Ftrl(Optimizer):
    """As `tf.train.FtrlOptimizer`; with gradients of some rows only these change.

    Args:
        learning_rate: see `SGD`.
        learning_rate_power: how the rate falls with the sum of squares, <= 0; 0 keeps it.
        initial_accumulator_value: where each sum of squares starts, >= 0.
        l1_regularization_strength: weight of the sum of absolute values, >= 0.
        l2_regularization_strength: weight of the sum of squares in what is minimised, >= 0.
        name: of the operations and variables that it adds.
        l2_shrinkage_regularization_strength: weight of the sum of squares in each loss, >= 0.
        **kwargs: see `Optimizer`.

    Raises:
        ValueError: if a number is out of its bounds.

    Source: McMahan et al. 2013.
    """

    SLOTS = ("accumulator", "linear")
    NUMBERS = (
        "learning_rate",
        "decay",
        "learning_rate_power",
        "l1_regularization_strength",
        "l2_regularization_strength",
    )

    def __init__(
        self,
        learning_rate: Any = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        name: str = "Ftrl",
        l2_shrinkage_regularization_strength: float = 0.0,
        **kwargs: Any,
    ) -> None:
        if learning_rate_power > 0.0:
            raise ValueError(
                f"learning_rate_power {learning_rate_power:f} needs to be negative or zero"
            )
        strengths = {
            "l1_regularization_strength": l1_regularization_strength,
            "l2_regularization_strength": l2_regularization_strength,
        }
        shrinkage = {"l2_shrinkage_regularization_strength": l2_shrinkage_regularization_strength}
        numbers = {"initial_accumulator_value": initial_accumulator_value, **strengths, **shrinkage}
        for argument, value in numbers.items():
            if value < 0.0:
                raise ValueError(f"{argument} {value:f} needs to be positive or zero")
        super().__init__(name, **kwargs)
        self._numbers |= {
            "learning_rate": kwargs.get("lr", learning_rate),
            "learning_rate_power": learning_rate_power,
            **strengths,
        }
        self._initial = initial_accumulator_value
        self._shrinkage = l2_shrinkage_regularization_strength

    def _first_value(self, slot: str) -> Callable[..., Any]:
        if slot == "linear":
            return zeros
        return lambda sizes, dtype: fill(sizes, cast(self._initial, dtype))

    def _of_type(self, dtype: DType) -> State:
        state = super()._of_type(dtype)
        state |= {name: self._tensor(name, dtype) for name in self.NUMBERS[2:]}
        return state | {_STRENGTHS[2]: cast(self._shrinkage, dtype)}

    def _apply(self, grad: Tensor, variable: Any, state: State) -> Any:
        return self._step_of("resource_apply_ftrl", variable, state, grad)

    def _apply_rows(self, rows: Tensor, places: Tensor, variable: Any, state: State) -> Any:
        return self._step_of("resource_sparse_apply_ftrl", variable, state, rows, places)

    def _step_of(self, kind: str, variable: Any, state: State, *grads: Tensor) -> Any:
        strengths = _STRENGTHS if self._shrinkage > 0.0 else _STRENGTHS[:2]
        apply = getattr(ops, f"{kind}_v2_op" if self._shrinkage > 0.0 else f"{kind}_op")
        return apply(
            variable.handle,
            *(self.get_slot(variable, slot).handle for slot in self.SLOTS),
            *grads,
            state["rate"],
            *(state[name] for name in strengths),
            state["learning_rate_power"],
        )

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {
            **super().get_config(),
            "initial_accumulator_value": self._initial,
            _STRENGTHS[2]: self._shrinkage,
        }
