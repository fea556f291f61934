"""MixedPrecisionLossScaleOptimizer: an optimizer whose loss is scaled and whose gradients are not.

Source: Micikevicius 2018; TensorFlow 1.15's `tf.train.experimental`.
"""

from __future__ import annotations

from typing import Any, NoReturn

from minitf.api.casting import cast
from minitf.api.control import group, no_op
from minitf.composite import IndexedSlices
from minitf.dtypes import DType
from minitf.layers.utils import smart_cond
from minitf.tensor import Tensor
from minitf.train import loss_scale as loss_scales
from minitf.train.optimizer import GradAndVar, Optimizer
from minitf.variables.base import Variable


class MixedPrecisionLossScaleOptimizer(Optimizer):
    """An optimizer that multiplies the loss by a scale, and divides the gradients by it.

    A step whose gradients are not finite changes no variable, if the scale is dynamic.

    Args:
        opt: the optimizer that does the steps.
        loss_scale: a LossScale, a number or "dynamic".

    Raises:
        ValueError: if either is something else.

    Source: TensorFlow 1.15.
    """

    def __init__(self, opt: Any, loss_scale: Any) -> None:
        if not isinstance(opt, Optimizer):
            raise ValueError(f'"opt" must be an instance of Optimizer, but got: {type(opt)}')
        super().__init__(opt._use_locking, opt.get_name())  # noqa: SLF001 one of us
        self._optimizer = opt
        self._loss_scale = loss_scales.get(loss_scale)
        if self._loss_scale is None:
            raise ValueError("loss_scale cannot be None")
        self._track_trackable(self._optimizer, "base_optimizer")
        self._track_trackable(self._loss_scale, "loss_scale")

    def compute_gradients(
        self,
        loss: Any,
        var_list: Any = None,
        gate_gradients: int = Optimizer.GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        grad_loss: Any = None,
    ) -> list[GradAndVar]:
        """Return (gradient, variable) pairs of the loss itself; see `Optimizer`."""
        pairs = self._optimizer.compute_gradients(
            self._scale_loss(loss),
            var_list=var_list,
            gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
            grad_loss=grad_loss,
        )
        reciprocal = 1 / self._loss_scale()
        return [(scaled(grad, reciprocal), variable) for grad, variable in pairs]

    def _scale_loss(self, loss: Any) -> Any:
        scale = self._loss_scale()
        if callable(loss) and not isinstance(loss, (Tensor, Variable)):
            return lambda: scaled(loss(), scale)
        return scaled(loss, scale)

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        """Return an operation that changes variables by their gradients, and the scale.

        Arguments as of `Optimizer`; `global_step` counts the steps that are not left out.
        """
        pairs = list(grads_and_vars)
        update, is_good = self._loss_scale.update([grad for grad, _ in pairs])

        def applied() -> Any:
            return group(self._optimizer.apply_gradients(pairs, global_step, name))

        return group(smart_cond(is_good, applied, no_op), update)

    # --- what the wrapped optimizer does ----------------------------------------------------------

    def get_slot(self, var: Any, name: str) -> Any:
        """Return nothing: the slots are the wrapped optimizer's, as in TensorFlow."""
        del var, name

    def get_slot_names(self) -> list[str]:
        """Return the names of the wrapped optimizer's kinds of slots."""
        return self._optimizer.get_slot_names()

    def variables(self) -> list[Any]:
        """Return the variables of the wrapped optimizer."""
        return self._optimizer.variables()

    def _valid_dtypes(self) -> set[DType]:
        return self._optimizer._valid_dtypes()  # noqa: SLF001 one of us

    def _never(self) -> NoReturn:
        raise RuntimeError("This function should never be called")

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        self._never()

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        self._never()

    def _resource_apply_dense(self, grad: Any, handle: Any) -> Any:
        self._never()

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        self._never()


def scaled(value: Any, scale: Any) -> Any:
    """Return a tensor or IndexedSlices multiplied; None stays None."""
    if value is None:
        return None
    if isinstance(value, IndexedSlices):
        values = value.values * cast(scale, value.values.dtype)
        return IndexedSlices(values, value.indices, dense_shape=value.dense_shape)
    return value * cast(scale, value.dtype.base_dtype)
