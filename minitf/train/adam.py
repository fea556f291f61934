"""Adam: along the decaying mean of gradients, each element scaled by its own mean square.

Source: OSDI §4.1; Kingma and Ba 2015, in the form at the end of its section 2.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.casting import cast
from minitf.api.control import group
from minitf.api.elementary import sqrt
from minitf.api.framework import colocate_with, control_dependencies, get_default_graph
from minitf.api.scattering import scatter_add
from minitf.api.state import assign, assign_sub
from minitf.composite import IndexedSlices
from minitf.dtypes import DType
from minitf.tensor import Tensor
from minitf.train.optimizer import Optimizer
from minitf.train.step_optimizer import StepOptimizer
from minitf.variables.resource import ResourceVariable


class AdamOptimizer(StepOptimizer, Optimizer):
    """Adam.

    m += (1 - beta1) * (gradient - m);  v += (1 - beta2) * (gradient^2 - v)
    var -= learning_rate * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)

    With sparse gradients too, all rows of `m`, `v` and the variable are changed.

    Args:
        learning_rate: a number, a Tensor, or a function that gives one.
        beta1: how much of `m` remains, in [0, 1); as `learning_rate`.
        beta2: how much of `v` remains, in [0, 1); as `learning_rate`.
        epsilon: keeps the divisor from 0; as `learning_rate`.
        use_locking: accepted for compatibility: an update always excludes others.
        name: of the operations and slots that it adds.

    Source: OSDI §4.1; Kingma and Ba 2015.
    """

    STEP = "adam"
    ENDING = "_t"
    SLOTS = ("m", "v")
    BETAS: tuple[str, ...] = ("beta1", "beta2")  # those that need their powers

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adam",
    ) -> None:
        super().__init__(
            use_locking,
            name,
            learning_rate=learning_rate,
            beta1=beta1,
            beta2=beta2,
            epsilon=epsilon,
        )

    def _attribute(self, scalar: str) -> str:
        return "_lr" if scalar == "learning_rate" else super()._attribute(scalar)

    def _create_slots(self, var_list: list[Any]) -> None:
        # one place for all, whatever the order of the list: workers must agree about it
        first = min(var_list, key=lambda variable: variable.name)
        for name in self.BETAS:
            start = getattr(self, self._attribute(name))
            self._create_non_slot_variable(start, f"{name}_power", first)
        for variable in var_list:
            self._zeros_slot(variable, "m", self._name)
            self._zeros_slot(variable, "v", self._name)

    def _get_beta_accumulators(self) -> tuple[Any, ...]:
        """Return the variables that hold beta1^t and beta2^t, as TensorFlow's private method."""
        return tuple(self._powers())

    def _powers(self) -> list[Any]:
        graph = get_default_graph()
        return [self._get_non_slot_variable(f"{name}_power", graph) for name in self.BETAS]

    def _scalars(self, dtype: DType) -> tuple[list[Tensor], list[Tensor]]:
        powers = [cast(each, dtype) for each in self._powers()]
        scalars, _ = super()._scalars(dtype)
        return powers + scalars, []

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Any:
        return self._apply_to_rows(grad.values, var, grad.indices)

    def _resource_apply_sparse(self, grad: Tensor, handle: Any, indices: Tensor) -> Any:
        return self._apply_to_rows(grad, handle, indices)

    def _apply_to_rows(self, grad: Tensor, var: Any, indices: Tensor) -> Any:
        scalars, _ = self._scalars(var.dtype.base_dtype)
        beta1_power, beta2_power, rate, beta1, beta2, epsilon = scalars
        rate = rate * sqrt(1 - beta2_power) / (1 - beta1_power)
        m = self._decayed(var, "m", beta1, indices, grad * (1 - beta1))
        v = self._decayed(var, "v", beta2, indices, (grad * grad) * (1 - beta2))
        root = sqrt(v)
        update = assign_sub(var, rate * m / (root + epsilon), use_locking=self._use_locking)
        return group(update, m, v)

    def _decayed(self, var: Any, slot_name: str, beta: Tensor, indices: Any, rows: Tensor) -> Any:
        """Return a slot after all of it has shrunk and some rows have grown."""
        slot = self.get_slot(var, slot_name)
        shrunk = assign(slot, slot * beta, use_locking=self._use_locking)
        with control_dependencies([shrunk]):
            if not isinstance(slot, ResourceVariable):
                return scatter_add(slot, indices, rows, use_locking=self._use_locking)
            with control_dependencies([ops.resource_scatter_add_op(slot.handle, indices, rows)]):
                return slot.value()

    def _finish(self, update_ops: list[Any], name_scope: str) -> Any:
        with control_dependencies(update_ops):
            powers = self._powers()
            with colocate_with(powers[0]):
                updates = [
                    power.assign(power * self._tensors[beta], use_locking=self._use_locking)
                    for power, beta in zip(powers, self.BETAS, strict=True)
                ]
        return group(*update_ops, *updates, name=name_scope)
