"""LARS: each layer has a learning rate of its own, by its weights' and its gradient's norms.

Source: You, Gitman and Ginsburg 2017; TensorFlow 1.15's tf.contrib.opt.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf.api.casting import cast
from minitf.api.comparison import logical_and
from minitf.api.constants import ones_like
from minitf.api.gathering import where
from minitf.api.norms import norm
from minitf.dtypes import DType
from minitf.tensor import Tensor
from minitf.train.optimizer import Optimizer
from minitf.train.step_optimizer import StepOptimizer


class LARSOptimizer(StepOptimizer, Optimizer):
    """Momentum, with each variable's step scaled to its own size.

    ratio         = eeta |var| / (|gradient| + weight_decay |var| + epsilon); 1 if a norm is 0
    accumulation  = momentum * accumulation + learning_rate * ratio * (gradient + decay * var)
    var          -= accumulation

    With sparse gradients it is Momentum, without a ratio and without decay.

    Args:
        learning_rate: a number, a Tensor, or a function that gives one.
        momentum: how much of the accumulation remains, in [0, 1); as `learning_rate`.
        weight_decay: the share of a variable that is added to its gradient; a number.
        eeta: the coefficient of the ratio; a number.
        epsilon: keeps the divisor from 0; a number.
        name: of the operations and slots that it adds.
        skip_list: parts of names; variables in whose name one occurs have no ratio and no decay.
        use_nesterov: whether to look ahead, as of `tf.train.MomentumOptimizer`.

    Source: You, Gitman and Ginsburg 2017.
    """

    STEP = "momentum"
    SLOTS = ("momentum",)

    def __init__(
        self,
        learning_rate: Any,
        momentum: Any = 0.9,
        weight_decay: float = 0.0001,
        eeta: float = 0.001,
        epsilon: float = 0.0,
        name: str = "LARSOptimizer",
        skip_list: Iterable[str] | None = None,
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(False, name, learning_rate=learning_rate, momentum=momentum)
        self._weight_decay = weight_decay
        self._eeta = eeta
        self._epsilon = epsilon
        self._skip_list = skip_list
        self._use_nesterov = use_nesterov
        self._flags["use_nesterov"] = use_nesterov

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            self._zeros_slot(variable, "momentum", self._name)

    def _scalars(self, dtype: DType) -> tuple[list[Tensor], list[Tensor]]:
        (rate, momentum), _ = super()._scalars(dtype)
        return [rate], [momentum]

    def _apply(self, var: Any, *grads: Tensor) -> Any:
        if len(grads) == 2:
            return super()._apply(var, *grads)
        rate, grad = self.compute_lr(grads[0], var)
        _, after = self._scalars(var.dtype.base_dtype)
        # the accumulation holds steps, not gradients, so the op's own rate is 1
        return self._apply_with(var, [ones_like(rate)], after, rate * grad)

    def compute_lr(self, grad: Any, var: Any) -> tuple[Tensor, Tensor]:
        """Return the learning rate of a variable, and the gradient with the decay.

        Args:
            grad: the gradient, dense.
            var: the variable.
        """
        dtype = var.dtype.base_dtype
        rate = cast(self._tensors["learning_rate"], dtype)
        if any(part in var.name for part in self._skip_list or ()):
            return rate, grad
        size, slope = norm(var, ord=2), norm(grad, ord=2)
        ratio = self._eeta * size / (slope + self._weight_decay * size + self._epsilon)
        both = logical_and(size > 0, slope > 0)
        return rate * where(both, ratio, ones_like(ratio)), grad + self._weight_decay * var
