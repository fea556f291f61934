"""Optimizers that go farther where a gradient has the sign of its decaying mean.

Source: Bello, Zoph, Vasudevan and Le 2017; TensorFlow 1.15's tf.contrib.opt.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from minitf.api.segments import unsorted_segment_sum
from minitf.api.sizes import shape as shape_of
from minitf.composite import IndexedSlices
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor
from minitf.train.optimizer import Optimizer
from minitf.train.step_optimizer import StepOptimizer


class _SignOptimizer(StepOptimizer, Optimizer):
    """What the two share: the mean of gradients, and a sign that may decay with the step."""

    SLOTS = ("m",)

    def __init__(
        self,
        use_locking: bool,
        name: str,
        sign_decay_fn: Callable[[Any], Any] | None,
        **scalars: Any,
    ) -> None:
        super().__init__(use_locking, name, **scalars)
        self._sign_decay_fn = sign_decay_fn

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        """Return an operation that changes variables by their gradients; see `Optimizer`."""
        if self._sign_decay_fn is not None:
            decay = convert_to_tensor(self._sign_decay_fn(global_step), name="sign_decay")
            if "sign_decay" not in self._scalar_names:
                self._scalar_names.append("sign_decay")
            self._sign_decay = decay
        return super().apply_gradients(grads_and_vars, global_step, name)

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            self._zeros_slot(variable, "m", self._name)

    def _apply_sparse_duplicate_indices(self, grad: IndexedSlices, var: Any) -> Any:
        return self._apply_to_rows(grad.values, var, grad.indices)

    def _resource_apply_sparse_duplicate_indices(
        self, grad: Tensor, handle: Any, indices: Tensor
    ) -> Any:
        return self._apply_to_rows(grad, handle, indices)

    def _apply_to_rows(self, grad: Tensor, var: Any, indices: Tensor) -> Any:
        """Do the dense step: all of `m` shrinks, and where there is no gradient nothing moves."""
        return self._apply(var, unsorted_segment_sum(grad, indices, shape_of(var)[0]))


class AddSignOptimizer(_SignOptimizer):
    """m = beta * m + (1 - beta) * gradient; var -= lr * (alpha + agreement) * gradient.

    The agreement is sign(gradient) * sign(m), times what `sign_decay_fn` says.

    Args:
        learning_rate: a number, a Tensor, or a function that gives one; likewise the next two.
        alpha: how far it goes where `m` says nothing.
        beta: how much of `m` remains, in [0, 1).
        sign_decay_fn: from the global step to how much signs count; always 1 by default.
        use_locking: accepted for compatibility: an update always excludes others.
        name: of the operations and slots that it adds.

    Source: Bello, Zoph, Vasudevan and Le 2017.
    """

    STEP = "add_sign"

    def __init__(
        self,
        learning_rate: Any = 0.1,
        alpha: Any = 1.0,
        beta: Any = 0.9,
        sign_decay_fn: Callable[[Any], Any] | None = None,
        use_locking: bool = False,
        name: str = "AddSignOptimizer",
    ) -> None:
        super().__init__(
            use_locking,
            name,
            sign_decay_fn,
            learning_rate=learning_rate,
            alpha=alpha,
            sign_decay=1.0,
            beta=beta,
        )


class PowerSignOptimizer(_SignOptimizer):
    """m = beta * m + (1 - beta) * gradient; var -= lr * base ^ agreement * gradient.

    The agreement is sign(gradient) * sign(m), times what `sign_decay_fn` says.

    Args:
        learning_rate: a number, a Tensor, or a function that gives one.
        base: how many times as far it goes where the signs agree; a number.
        beta: how much of `m` remains, in [0, 1); as `learning_rate`.
        sign_decay_fn: from the global step to how much signs count; always 1 by default.
        use_locking: accepted for compatibility: an update always excludes others.
        name: of the operations and slots that it adds.

    Source: Bello, Zoph, Vasudevan and Le 2017.
    """

    STEP = "power_sign"

    def __init__(
        self,
        learning_rate: Any = 0.1,
        base: float = math.e,
        beta: Any = 0.9,
        sign_decay_fn: Callable[[Any], Any] | None = None,
        use_locking: bool = False,
        name: str = "PowerSignOptimizer",
    ) -> None:
        super().__init__(
            use_locking,
            name,
            sign_decay_fn,
            learning_rate=learning_rate,
            logbase=math.log(base),
            sign_decay=1.0,
            beta=beta,
        )
