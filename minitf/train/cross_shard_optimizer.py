"""CrossShardOptimizer: another optimizer, whose gradients are summed over the cores of a TPU.

MiniTF has no TPU system yet: gradients are computed, but to apply them raises.

Source: TensorFlow 1.15's `tf.tpu.CrossShardOptimizer`.
"""

from __future__ import annotations

import logging
from typing import Any

from minitf.api.losses import Reduction
from minitf.api.tpu import cross_replica_sum, get_tpu_context
from minitf.train.optimizer import Optimizer

_LOG = logging.getLogger("tensorflow")
_REDUCTIONS = Reduction.SUM, Reduction.MEAN


class CrossShardOptimizer(Optimizer):
    """Applies gradients that are summed, or averaged, over the cores of a TPU.

    Args:
        opt: the optimizer that applies them.
        reduction: that of the loss: Reduction.SUM or MEAN.
        name: its name.
        group_assignment: which cores belong together: lists of numbers.

    Raises:
        ValueError: if the reduction is another one.
        TypeError: if `opt` is no Optimizer.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        opt: Optimizer,
        reduction: str = Reduction.MEAN,
        name: str = "CrossShardOptimizer",
        group_assignment: Any = None,
    ) -> None:
        if reduction not in _REDUCTIONS:
            raise ValueError(
                f"Argument `reduction` should be one of {_REDUCTIONS}. Received: {reduction}"
            )
        if not isinstance(opt, Optimizer):
            raise TypeError(
                "CrossShardOptimizer only works with tf.training.Optimizer and not Optimizer_v2 or "
                f"Keras Optimizer. Received: {opt}"
            )
        super().__init__(use_locking=False, name=name)
        self._opt = opt
        self._reduction = reduction
        self._group_assignment = group_assignment

    def compute_gradients(  # type: ignore[override]  # TensorFlow's arguments
        self, loss: Any, var_list: Any = None, **kwargs: Any
    ) -> Any:
        """Return (gradient, variable) pairs, as `opt` computes them of a core's part of the loss.

        Args:
            loss: scalar.
            var_list: the variables; all trainable ones if None.
            **kwargs: as of `opt`.
        """
        shards = get_tpu_context().number_of_shards
        if shards is None:
            _LOG.warning(
                "CrossShardOptimizer should be used within a tpu_shard_context, but got unset "
                "number_of_shards. Assuming 1."
            )
        elif shards > 1 and self._reduction == Reduction.MEAN:
            loss *= 1.0 / shards
        return self._opt.compute_gradients(loss, var_list=var_list, **kwargs)

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        """Sum gradients over cores, and let `opt` apply them.

        Raises:
            UnimplementedError: if there is a gradient: there is no TPU.
        """
        summed = [
            (grad if grad is None else cross_replica_sum(grad, self._group_assignment), variable)
            for grad, variable in grads_and_vars
        ]
        return self._opt.apply_gradients(summed, global_step, name)

    def get_slot(self, var: Any, name: str) -> Any:
        """Return a slot of `opt`, or None."""
        return self._opt.get_slot(var, name)

    def get_slot_names(self) -> list[str]:
        """Return the names of the kinds of slots of `opt`, sorted."""
        return self._opt.get_slot_names()

    def variables(self) -> list[Any]:
        """Return the variables of `opt`."""
        return self._opt.variables()
