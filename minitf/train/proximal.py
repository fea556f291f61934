"""Proximal optimizers: a step against the gradient, then towards 0 as far as penalties ask for.

Source: Duchi and Singer 2009; TensorFlow 1.15's optimizers of these names.
"""

from __future__ import annotations

from typing import Any

from minitf.train.optimizer import Optimizer
from minitf.train.step_optimizer import StepOptimizer, filled, must_be_positive


class ProximalGradientDescentOptimizer(StepOptimizer, Optimizer):
    """Gradient descent on a loss with penalties, which makes weights exactly 0.

    ahead = var - learning_rate * gradient
    var   = sign(ahead) * max(|ahead| - learning_rate * l1, 0) / (1 + learning_rate * l2)

    With sparse gradients only the rows that have one are changed.

    Args:
        learning_rate: a number, or a Tensor.
        l1_regularization_strength: weight of the sum of absolute values, >= 0.
        l2_regularization_strength: weight of half the sum of squares, >= 0.
        use_locking: accepted for compatibility: an update always excludes others.
        name: of the operations that it adds.

    Source: Duchi and Singer 2009.
    """

    STEP = "proximal_gradient_descent"

    def __init__(
        self,
        learning_rate: Any,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "ProximalGradientDescent",
    ) -> None:
        super().__init__(
            use_locking,
            name,
            learning_rate=learning_rate,
            l1_regularization_strength=l1_regularization_strength,
            l2_regularization_strength=l2_regularization_strength,
        )


class ProximalAdagradOptimizer(StepOptimizer, Optimizer):
    """As ProximalGradientDescentOptimizer, with the rates of Adagrad.

    Args:
        learning_rate: a number, or a Tensor.
        initial_accumulator_value: where each sum of squares starts, above 0.
        l1_regularization_strength: weight of the sum of absolute values, >= 0.
        l2_regularization_strength: weight of half the sum of squares, >= 0.
        use_locking: accepted for compatibility: an update always excludes others.
        name: of the operations and slots that it adds.

    Raises:
        ValueError: if the sums of squares do not start above 0.

    Source: Duchi, Hazan and Singer 2011.
    """

    STEP = "proximal_adagrad"
    SLOTS = ("accumulator",)

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "ProximalAdagrad",
    ) -> None:
        must_be_positive(initial_accumulator_value=initial_accumulator_value)
        super().__init__(
            use_locking,
            name,
            learning_rate=learning_rate,
            l1_regularization_strength=l1_regularization_strength,
            l2_regularization_strength=l2_regularization_strength,
        )
        self._initial_accumulator_value = initial_accumulator_value

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            start = filled(variable, self._initial_accumulator_value)
            self._get_or_make_slot(variable, start, "accumulator", self._name)
