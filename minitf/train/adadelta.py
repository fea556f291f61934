"""AdaDelta: steps of about the size of the last ones, whatever the unit of the gradient.

Source: OSDI §4.1; Zeiler 2012.
"""

from __future__ import annotations

from typing import Any

from minitf.train.optimizer import Optimizer
from minitf.train.step_optimizer import StepOptimizer


class AdadeltaOptimizer(StepOptimizer, Optimizer):
    """Divides gradients by the root of their decaying mean square, times that of the updates.

    accum        = rho * accum + (1 - rho) * gradient^2
    update       = gradient * sqrt(accum_update + epsilon) / sqrt(accum + epsilon)
    accum_update = rho * accum_update + (1 - rho) * update^2
    var         -= learning_rate * update

    With sparse gradients only the rows that have one are changed.

    Args:
        learning_rate: a number, a Tensor, or a function that gives one; the paper has 1.
        rho: how much of the means remains, in [0, 1); as `learning_rate`.
        epsilon: keeps the divisor from 0, and the first steps from being 0; likewise.
        use_locking: accepted for compatibility: an update always excludes others.
        name: of the operations and slots that it adds.

    Source: OSDI §4.1; Zeiler 2012, algorithm 1.
    """

    STEP = "adadelta"
    ENDING = "_t"
    SLOTS = ("accum", "accum_update")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: Any = 0.95,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adadelta",
    ) -> None:
        super().__init__(use_locking, name, lr=learning_rate, rho=rho, epsilon=epsilon)

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            self._zeros_slot(variable, "accum", self._name)
            self._zeros_slot(variable, "accum_update", self._name)
