"""Momentum: along a decaying sum of gradients, which smooths the way down a valley.

Source: OSDI §4.1; Sutskever et al. 2013 (Nesterov's look-ahead).
"""

from __future__ import annotations

from typing import Any

from minitf.dtypes import DType
from minitf.tensor import Tensor
from minitf.train.optimizer import Optimizer
from minitf.train.step_optimizer import StepOptimizer


class MomentumOptimizer(StepOptimizer, Optimizer):
    """accumulation = momentum * accumulation + gradient; var -= learning_rate * accumulation.

    With sparse gradients only the rows that have one are changed.

    Args:
        learning_rate: a number, a Tensor, or a function that gives one.
        momentum: how much of the accumulation remains, in [0, 1); as `learning_rate`.
        use_locking: accepted for compatibility: an update always excludes others.
        name: of the operations and slots that it adds.
        use_nesterov: whether to look ahead: var -= learning_rate * (gradient + momentum *
            accumulation).

    Source: OSDI §4.1.
    """

    STEP = "momentum"
    SLOTS = ("momentum",)

    def __init__(
        self,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "Momentum",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(use_locking, name, learning_rate=learning_rate, momentum=momentum)
        self._use_nesterov = use_nesterov
        self._flags["use_nesterov"] = use_nesterov

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            self._zeros_slot(variable, "momentum", self._name)

    def _scalars(self, dtype: DType) -> tuple[list[Tensor], list[Tensor]]:
        (rate, momentum), _ = super()._scalars(dtype)
        return [rate], [momentum]
