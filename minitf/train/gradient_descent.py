"""Gradient descent: against the gradient, as far as the learning rate says.

Source: 2015 §4.1; OSDI §4.1.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.casting import cast
from minitf.composite import IndexedSlices
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor
from minitf.train.optimizer import Optimizer


class GradientDescentOptimizer(Optimizer):
    """var -= learning_rate * gradient.

    Args:
        learning_rate: a number, a Tensor, or a function that gives one.
        use_locking: accepted for compatibility: an update always excludes others.
        name: of the operations that it adds.

    Source: 2015 §4.1; OSDI §4.1.
    """

    def __init__(
        self, learning_rate: Any, use_locking: bool = False, name: str = "GradientDescent"
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._learning_rate_tensor: Tensor

    def _prepare(self) -> None:
        rate = self._call_if_callable(self._learning_rate)
        self._learning_rate_tensor = convert_to_tensor(rate, name="learning_rate")

    def _apply_dense(self, grad: Tensor, var: Any) -> Any:
        rate = cast(self._learning_rate_tensor, var.dtype.base_dtype)
        return ops.apply_gradient_descent_op(var, rate, grad, use_locking=self._use_locking).op

    def _resource_apply_dense(self, grad: Tensor, handle: Any) -> Any:
        rate = cast(self._learning_rate_tensor, grad.dtype.base_dtype)
        return ops.resource_apply_gradient_descent_op(
            handle.handle, rate, grad, use_locking=self._use_locking
        )

    def _apply_sparse_duplicate_indices(self, grad: IndexedSlices, var: Any) -> Any:
        rate = cast(self._learning_rate_tensor, var.dtype.base_dtype)
        delta = IndexedSlices(grad.values * rate, grad.indices, grad.dense_shape)
        return var.scatter_sub(delta, use_locking=self._use_locking)

    def _resource_apply_sparse_duplicate_indices(
        self, grad: Tensor, handle: Any, indices: Tensor
    ) -> Any:
        rate = self._call_if_callable(self._learning_rate)  # as it is given: a number stays exact
        return ops.resource_scatter_add_op(handle.handle, indices, -grad * rate)
