"""RMSProp: each element's gradients are divided by the root of their decaying mean square.

Source: OSDI §4.1; Hinton, Srivastava and Swersky 2012; Graves 2013 (centered).
"""

from __future__ import annotations

from typing import Any

from minitf.api.constants import ones_like
from minitf.train.optimizer import Optimizer
from minitf.train.step_optimizer import StepOptimizer
from minitf.variables.initializers import Ones


class RMSPropOptimizer(StepOptimizer, Optimizer):
    """Divides gradients by the root of their decaying mean square, and adds them up with decay.

    rms           = decay * rms + (1 - decay) * gradient^2
    momentum slot = momentum * momentum slot + learning_rate * gradient / sqrt(rms + epsilon)
    var          -= momentum slot

    With sparse gradients only the rows that have one are changed.

    Args:
        learning_rate: a number, a Tensor, or a function that gives one.
        decay: how much of the means remains, in [0, 1); as `learning_rate`.
        momentum: how much of the momentum slot remains, in [0, 1); likewise.
        epsilon: keeps the divisor from 0; likewise.
        use_locking: accepted for compatibility: an update always excludes others.
        centered: whether to divide by the standard deviation: sqrt(rms - mean^2 + epsilon).
        name: of the operations and slots that it adds.

    Source: OSDI §4.1.
    """

    STEP = "rms_prop"
    SLOTS: tuple[str, ...] = ("rms", "momentum")

    def __init__(
        self,
        learning_rate: Any,
        decay: Any = 0.9,
        momentum: Any = 0.0,
        epsilon: Any = 1e-10,
        use_locking: bool = False,
        centered: bool = False,
        name: str = "RMSProp",
    ) -> None:
        super().__init__(
            use_locking,
            name,
            learning_rate=learning_rate,
            decay=decay,
            momentum=momentum,
            epsilon=epsilon,
        )
        self._centered = centered
        if centered:
            self.STEP = "centered_rms_prop"
            self.SLOTS = ("mg", "rms", "momentum")

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            dtype, shape = variable.dtype.base_dtype, variable.get_shape()
            start: Any = Ones(dtype)
            if not shape.is_fully_defined():
                start = ones_like(variable)
            self._get_or_make_slot_with_initializer(
                variable, start, shape, dtype, "rms", self._name
            )
            if "mg" in self.SLOTS:
                self._zeros_slot(variable, "mg", self._name)
            self._zeros_slot(variable, "momentum", self._name)
