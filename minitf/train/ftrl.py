"""FTRL: to the minimum of all linear losses so far, two penalties, and the way gone so far.

Source: McMahan et al. 2013; TensorFlow 1.15's tf.train.FtrlOptimizer.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.dtypes import DType
from minitf.tensor import Tensor
from minitf.train.optimizer import Optimizer
from minitf.train.step_optimizer import StepOptimizer, filled


class FtrlOptimizer(StepOptimizer, Optimizer):
    """The optimizer of sparse linear models on many rare features.

    With sparse gradients only the rows that have one are changed.

    Args:
        learning_rate: a number, or a Tensor.
        learning_rate_power: how the rate falls with the sum of squares, <= 0; 0 keeps it.
        initial_accumulator_value: where each sum of squares starts, >= 0.
        l1_regularization_strength: weight of the sum of absolute values, >= 0.
        l2_regularization_strength: weight of the sum of squares in what is minimised, >= 0.
        use_locking: accepted for compatibility: an update always excludes others.
        name: of the operations that it adds.
        accum_name: of the slots that hold the sums of squares; `name` by default.
        linear_name: of the slots that hold the linear losses; `name` by default.
        l2_shrinkage_regularization_strength: weight of the sum of squares in each loss, >= 0.

    Raises:
        ValueError: if a number is out of its bounds.

    Source: McMahan et al. 2013.
    """

    STEP = "ftrl"
    SLOTS = ("accum", "linear")

    def __init__(
        self,
        learning_rate: Any,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "Ftrl",
        accum_name: str | None = None,
        linear_name: str | None = None,
        l2_shrinkage_regularization_strength: float = 0.0,
    ) -> None:
        if learning_rate_power > 0.0:
            raise ValueError(
                f"learning_rate_power {learning_rate_power:f} needs to be negative or zero"
            )
        strengths = {
            "l1_regularization_strength": l1_regularization_strength,
            "l2_regularization_strength": l2_regularization_strength,
            "l2_shrinkage_regularization_strength": l2_shrinkage_regularization_strength,
        }
        numbers = {"initial_accumulator_value": initial_accumulator_value, **strengths}
        for argument, value in numbers.items():
            if value < 0.0:
                raise ValueError(f"{argument} {value:f} needs to be positive or zero")
        super().__init__(
            use_locking,
            name,
            learning_rate=learning_rate,
            **strengths,
            learning_rate_power=learning_rate_power,
        )
        self._initial_accumulator_value = initial_accumulator_value
        self._slot_names = (accum_name or name, linear_name or name)
        if l2_shrinkage_regularization_strength > 0.0:
            self.STEP = "ftrl_v2"

    def _create_slots(self, var_list: list[Any]) -> None:
        accum_name, linear_name = self._slot_names
        for variable in var_list:
            start = filled(variable, self._initial_accumulator_value)
            self._get_or_make_slot(variable, start, "accum", accum_name)
            self._zeros_slot(variable, "linear", linear_name)

    def _scalars(self, dtype: DType) -> tuple[list[Tensor], list[Tensor]]:
        tensors = dict(self._tensors)
        if self.STEP == "ftrl":
            del tensors["l2_shrinkage_regularization_strength"]
        return [], [cast(each, dtype) for each in tensors.values()]
