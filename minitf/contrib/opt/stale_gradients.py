"""DropStaleGradientOptimizer: a worker's gradient is not used if the others are far ahead.

Source: OSDI §4.4 (asynchronous training); TensorFlow 1.15's tf.contrib.opt.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import reshape
from minitf.api.casting import cast
from minitf.api.constants import constant
from minitf.api.control import identity
from minitf.api.framework import colocate_with, control_dependencies
from minitf.composite import IndexedSlices
from minitf.control_flow.cond import cond
from minitf.dtypes import float32
from minitf.summary import scalar
from minitf.tensor import Tensor
from minitf.train.optimizer import Optimizer
from minitf.train.training_util import get_global_step
from minitf.variables.initializers import Zeros
from minitf.variables.sharing import get_variable


class DropStaleGradientOptimizer(Optimizer):
    """Trains with `opt`, but for gradients that were begun too many steps ago.

    A variable `stale_counter` counts those that were dropped; a summary tells their share.

    Args:
        opt: the optimizer that trains.
        staleness: by how many steps a gradient may be late.
        use_locking: accepted for compatibility: an update always excludes others.
        name: of the optimizer.

    Source: TensorFlow 1.15's tf.contrib.opt.DropStaleGradientOptimizer.
    """

    def __init__(
        self,
        opt: Optimizer,
        staleness: int,
        use_locking: bool = False,
        name: str = "DropStaleGradient",
    ) -> None:
        super().__init__(use_locking, name)
        self._opt = opt
        self._staleness = staleness
        self._local_step: Tensor | None = None

    def compute_gradients(self, loss: Any, *args: Any, **kwargs: Any) -> Any:
        """Return (gradient, variable) pairs as `opt` computes them, after the step is looked up."""
        with colocate_with(loss):
            self._local_step = get_global_step() + 0
        with control_dependencies([self._local_step]):
            return self._opt.compute_gradients(identity(loss), *args, **kwargs)

    def get_slot(self, *args: Any, **kwargs: Any) -> Any:
        """Return a slot of `opt`, or None."""
        return self._opt.get_slot(*args, **kwargs)

    def get_slot_names(self, *args: Any, **kwargs: Any) -> list[str]:
        """Return the names of the kinds of slots of `opt`, sorted."""
        return self._opt.get_slot_names(*args, **kwargs)

    def variables(self) -> list[Any]:
        """Return the variables of `opt`, sorted by name."""
        return self._opt.variables()

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        """Return what changes variables if the gradients are not stale: the number of stale ones.

        Args:
            grads_and_vars: pairs as `compute_gradients` gives them.
            global_step: the variable that counts steps, whose growth makes gradients stale.
            name: name of the operation of `opt`.

        Raises:
            ValueError: if there is no `global_step`, or `compute_gradients` was not called.
        """
        if global_step is None:
            raise ValueError("DropStaleGradientOptimizer needs the global_step it counts by")
        if self._local_step is None:
            raise ValueError("Must call compute_gradients or minimize before apply_gradients")
        grads_and_vars = list(grads_and_vars)
        with colocate_with(global_step):
            counter = get_variable("stale_counter", [], initializer=Zeros(), trainable=False)

        def accept() -> Tensor:
            applied = self._opt.apply_gradients(grads_and_vars, global_step=global_step, name=name)
            with control_dependencies([applied]):
                return constant(0.0)

        ready = [
            grad.op if isinstance(grad, IndexedSlices) else grad
            for grad, _ in grads_and_vars
            if grad is not None
        ]
        with control_dependencies(ready), colocate_with(global_step):
            late = reshape(global_step.read_value() - self._local_step, [])
        fresh = late <= self._staleness
        stale = counter.assign_add(cond(fresh, accept, lambda: constant(1.0)))
        scalar("Gradient staleness percentage", stale / cast(global_step.read_value() + 1, float32))
        return stale
