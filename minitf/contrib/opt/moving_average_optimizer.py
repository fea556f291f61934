"""MovingAverageOptimizer: another optimizer, and averages of the variables that it changes.

Source: TensorFlow 1.15's tf.contrib.opt.MovingAverageOptimizer.
"""

from __future__ import annotations

from typing import Any

from minitf.api.control import group
from minitf.api.framework import control_dependencies
from minitf.api.state import global_variables
from minitf.train.moving_averages import ExponentialMovingAverage
from minitf.train.optimizer import Optimizer
from minitf.train.saveable import by_names
from minitf.train.saver import Saver
from minitf.variables.partitioned import PartitionedVariable


class MovingAverageOptimizer(Optimizer):
    """Trains with `opt` and keeps a moving average of each variable that has a gradient.

    The averages are what is saved under the variables' names by `swapping_saver`, so that a program
    which evaluates restores them by an ordinary Saver.

    Args:
        opt: the optimizer that trains.
        average_decay: how much of an average remains at each update.
        num_updates: as of `tf.train.ExponentialMovingAverage`.
        sequential_update: whether averages are updated after the variables; else at the same time.

    Source: TensorFlow 1.15's tf.contrib.opt.MovingAverageOptimizer.
    """

    def __init__(
        self,
        opt: Optimizer,
        average_decay: Any = 0.9999,
        num_updates: Any = None,
        sequential_update: bool = True,
    ) -> None:
        super().__init__(use_locking=False, name=opt.get_name())
        self._optimizer = opt
        self._ema = ExponentialMovingAverage(average_decay, num_updates=num_updates)
        self._swapped: dict[str, str] | None = None
        self._sequential_update = sequential_update

    def compute_gradients(self, *args: Any, **kwargs: Any) -> Any:
        """Return (gradient, variable) pairs, as `opt` computes them."""
        return self._optimizer.compute_gradients(*args, **kwargs)

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        """Return an operation that changes variables, then moves their averages."""
        grads_and_vars = list(grads_and_vars)
        train_op = self._optimizer.apply_gradients(grads_and_vars, global_step, name)
        variables = [variable for grad, variable in grads_and_vars if grad is not None]
        after = [train_op] if self._sequential_update else []
        with control_dependencies(after):
            averages_op = self._ema.apply(variables)
        self._swapped = {}
        for variable in variables:
            pair = variable.op.name, self._ema.average(variable).op.name
            self._swapped[pair[0]], self._swapped[pair[1]] = pair[1], pair[0]
        return group(train_op, averages_op, name="train_with_avg")

    def get_slot(self, var: Any, name: str) -> Any:
        """Return a slot of `opt`, or None."""
        return self._optimizer.get_slot(var, name)

    def get_slot_names(self) -> list[str]:
        """Return the names of the kinds of slots of `opt`, sorted."""
        return self._optimizer.get_slot_names()

    def variables(self) -> list[Any]:
        """Return the variables of `opt`, sorted by name."""
        return self._optimizer.variables()

    def swapping_saver(
        self, var_list: Any = None, name: str = "swapping_saver", **kwargs: Any
    ) -> Saver:
        """Return a Saver that saves averages under the variables' names, and the reverse.

        Args:
            var_list: what to save, as of `tf.train.Saver`; all global variables by default.
            name: name of the Saver.
            kwargs: other arguments of `tf.train.Saver`.

        Raises:
            RuntimeError: if there are no averages yet.
            ValueError: if `var_list` lacks the average of a variable, or the reverse.
        """
        if self._swapped is None:
            raise RuntimeError(
                "Must call apply_gradients or minimize before creating the swapping_saver"
            )
        items = global_variables() if var_list is None else var_list
        by_name = dict(items) if isinstance(items, dict) else by_names(items)
        own_names: dict[str, Any] = {}  # parts of a variable are swapped one by one
        for key, item in by_name.items():
            parts = list(item) if isinstance(item, (list, PartitionedVariable)) else []
            own_names |= {part.op.name: part for part in parts} or {key: item}
        swapped = {
            key: [self._partner(own_names, part.op.name) for part in item]
            if isinstance(item, (list, PartitionedVariable))
            else self._partner(own_names, key)
            for key, item in by_name.items()
        }
        return Saver(swapped, name=name, **kwargs)

    def _partner(self, own_names: dict[str, Any], name: str) -> Any:
        assert self._swapped is not None
        partner = self._swapped.get(name, name)
        if partner not in own_names:
            raise ValueError(
                f"Variable to swap {partner} is not part of variables to save. "
                "This breaks MovingAverageOptimizer."
            )
        return own_names[partner]
