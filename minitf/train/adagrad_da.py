"""Adagrad by dual averaging: to where all gradients so far, and two penalties, balance.

Source: Duchi, Hazan and Singer 2011; TensorFlow 1.15's tf.train.AdagradDAOptimizer.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.api.control import identity
from minitf.api.framework import colocate_with, device
from minitf.dtypes import DType
from minitf.tensor import Tensor
from minitf.train.optimizer import Optimizer
from minitf.train.step_optimizer import StepOptimizer, filled, must_be_positive


class AdagradDAOptimizer(StepOptimizer, Optimizer):
    """var = -lr * shrunk(sum of gradients, step * l1) / (sqrt(sum of squares) + step * lr * l2).

    Where l1 is above 0 weights become exactly 0.  It starts at 0, whatever the variable holds, so
    it suits linear models.

    Args:
        learning_rate: a number, or a Tensor.
        global_step: the variable that counts steps; the update does not change it.
        initial_gradient_squared_accumulator_value: where each sum of squares starts, above 0.
        l1_regularization_strength: weight of the sum of absolute values, >= 0.
        l2_regularization_strength: weight of half the sum of squares, >= 0.
        use_locking: accepted for compatibility: an update always excludes others.
        name: of the operations and slots that it adds.

    Raises:
        ValueError: if the sums of squares do not start above 0.

    Source: Duchi, Hazan and Singer 2011.
    """

    STEP = "adagrad_da"
    SLOTS = ("gradient_accumulator", "gradient_squared_accumulator")

    def __init__(
        self,
        learning_rate: Any,
        global_step: Any,
        initial_gradient_squared_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "AdagradDA",
    ) -> None:
        must_be_positive(
            initial_gradient_squared_accumulator_value=initial_gradient_squared_accumulator_value
        )
        super().__init__(use_locking, name, learning_rate=learning_rate)
        self._initial = initial_gradient_squared_accumulator_value
        self._penalties = (l1_regularization_strength, l2_regularization_strength)
        self._global_step = global_step
        self._next_step: Tensor

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            starts = [filled(variable, value) for value in (0.0, self._initial)]
            for slot, start in zip(self.SLOTS, starts, strict=True):
                self._get_or_make_slot(variable, start, slot, self._name)

    def _prepare(self) -> None:
        super()._prepare()
        # one copy for all: reading the step once spares the task that holds it
        with colocate_with(self._tensors["learning_rate"]):
            self._next_step = identity(self._global_step) + 1

    def _apply(self, var: Any, *grads: Tensor) -> Any:
        with device(var.device):
            self._step_here = identity(self._next_step)
        return super()._apply(var, *grads)

    def _scalars(self, dtype: DType) -> tuple[list[Tensor], list[Tensor]]:
        scalars = [self._tensors["learning_rate"], *self._penalties]
        return [], [*[cast(each, dtype) for each in scalars], self._step_here]
