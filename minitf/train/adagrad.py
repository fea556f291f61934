"""Adagrad: each element's rate shrinks with the squares of the gradients that it has seen.

Source: OSDI §4.1, Figure 1; Duchi, Hazan and Singer 2011.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.api.constants import fill
from minitf.api.sizes import shape as shape_of
from minitf.train.optimizer import Optimizer
from minitf.train.step_optimizer import StepOptimizer, must_be_positive
from minitf.variables.initializers import Constant


class AdagradOptimizer(StepOptimizer, Optimizer):
    """accumulator += gradient^2; var -= learning_rate * gradient / sqrt(accumulator).

    With sparse gradients only the rows that have one are changed.

    Args:
        learning_rate: a number, a Tensor, or a function that gives one.
        initial_accumulator_value: where each accumulator starts, above 0.
        use_locking: accepted for compatibility: an update always excludes others.
        name: of the operations and slots that it adds.

    Raises:
        ValueError: if the accumulators do not start above 0.

    Source: OSDI §4.1; Duchi, Hazan and Singer 2011.
    """

    STEP = "adagrad"
    SLOTS = ("accumulator",)

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        use_locking: bool = False,
        name: str = "Adagrad",
    ) -> None:
        must_be_positive(initial_accumulator_value=initial_accumulator_value)
        super().__init__(use_locking, name, learning_rate=learning_rate)
        self._initial_accumulator_value = initial_accumulator_value

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            dtype, shape = variable.dtype.base_dtype, variable.get_shape()
            start: Any = Constant(self._initial_accumulator_value, dtype=dtype)
            if not shape.is_fully_defined():
                start = self._start_of_open_shape(variable)
            self._get_or_make_slot_with_initializer(
                variable, start, shape, dtype, "accumulator", self._name
            )

    def _start_of_open_shape(self, variable: Any) -> Any:
        """Return an initializer that asks for the variable's shape when it runs."""
        value, dtype = self._initial_accumulator_value, variable.dtype.base_dtype
        return lambda: cast(fill(shape_of(variable), value), dtype)
