"""Adam that asks the global step how often it has run, instead of keeping powers of its betas.

Source: Kingma and Ba 2015; TensorFlow 1.15's tf.contrib.opt.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.api.control import group
from minitf.api.math import pow as pow_
from minitf.contrib.opt.adam_variants import LazyAdamOptimizer
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor
from minitf.train.adam import AdamOptimizer


class AdamGSOptimizer(AdamOptimizer):
    """Adam whose t is the global step and one, so that its powers are no variables.

    Workers then have nothing to agree about but the step.

    Args:
        global_step: how many steps there were: a number, a Tensor or variable, or a function that
            gives one.
        learning_rate: as of `tf.train.AdamOptimizer`, and so are the others.
        beta1: see there.
        beta2: see there.
        epsilon: see there.
        use_locking: see there.
        name: see there.

    Source: Kingma and Ba 2015; TensorFlow 1.15's tf.contrib.opt.AdamGSOptimizer.
    """

    def __init__(
        self,
        global_step: Any = 0,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adam",
    ) -> None:
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)
        self._global_step = global_step

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            for slot in self.SLOTS:
                self._zeros_slot(variable, slot, self._name)

    def _prepare(self) -> None:
        super()._prepare()
        step = convert_to_tensor(self._call_if_callable(self._global_step), name="global_step")
        betas: list[Tensor] = [self._tensors[name] for name in self.BETAS]
        self._beta_powers = [pow_(beta, cast(step + 1, beta.dtype)) for beta in betas]

    def _powers(self) -> list[Any]:
        return self._beta_powers

    def _finish(self, update_ops: list[Any], name_scope: str) -> Any:
        return group(*update_ops, name=name_scope)


class LazyAdamGSOptimizer(LazyAdamOptimizer, AdamGSOptimizer):
    """Adam by the global step that leaves rows alone that have no gradient.

    Arguments as of `AdamGSOptimizer`.

    Source: TensorFlow 1.15's tf.contrib.opt.LazyAdamGSOptimizer; OSDI §4.2 (sparse updates).
    """
