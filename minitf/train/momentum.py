"""Momentum: along a decaying sum of gradients, which smooths the way down a valley.

Source: OSDI §4.1; Sutskever et al. 2013 (Nesterov's look-ahead).
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.casting import cast
from minitf.composite import IndexedSlices
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor
from minitf.train.optimizer import Optimizer


class MomentumOptimizer(Optimizer):
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

    def __init__(
        self,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "Momentum",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._momentum = momentum
        self._options = {"use_locking": use_locking, "use_nesterov": use_nesterov}
        self._rate: Tensor
        self._decay: Tensor

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            self._zeros_slot(variable, "momentum", self._name)

    def _prepare(self) -> None:
        rate = self._call_if_callable(self._learning_rate)
        self._rate = convert_to_tensor(rate, name="learning_rate")
        decay = self._call_if_callable(self._momentum)
        self._decay = convert_to_tensor(decay, name="momentum")

    def _apply_dense(self, grad: Tensor, var: Any) -> Any:
        dtype = var.dtype.base_dtype
        return ops.apply_momentum_op(
            var,
            self.get_slot(var, "momentum"),
            cast(self._rate, dtype),
            grad,
            cast(self._decay, dtype),
            **self._options,
        ).op

    def _resource_apply_dense(self, grad: Tensor, handle: Any) -> Any:
        dtype = grad.dtype.base_dtype
        return ops.resource_apply_momentum_op(
            handle.handle,
            self.get_slot(handle, "momentum").handle,
            cast(self._rate, dtype),
            grad,
            cast(self._decay, dtype),
            **self._options,
        )

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Any:
        dtype = var.dtype.base_dtype
        return ops.sparse_apply_momentum_op(
            var,
            self.get_slot(var, "momentum"),
            cast(self._rate, dtype),
            grad.values,
            grad.indices,
            cast(self._decay, dtype),
            **self._options,
        ).op

    def _resource_apply_sparse(self, grad: Tensor, handle: Any, indices: Tensor) -> Any:
        dtype = grad.dtype.base_dtype
        return ops.resource_sparse_apply_momentum_op(
            handle.handle,
            self.get_slot(handle, "momentum").handle,
            cast(self._rate, dtype),
            grad,
            indices,
            cast(self._decay, dtype),
            **self._options,
        )
