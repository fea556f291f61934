"""Optimizers that vary Adam: by its norm, by a look ahead, by leaving rows alone.

Source: Kingma and Ba 2015 (AdaMax); Dozat 2016 (Nadam); TensorFlow 1.15's tf.contrib.opt.
"""

from __future__ import annotations

from typing import Any

from minitf.api.control import group
from minitf.api.elementary import sqrt
from minitf.api.gathering import gather
from minitf.api.math import abs, maximum
from minitf.composite import IndexedSlices
from minitf.tensor import Tensor
from minitf.train.adam import AdamOptimizer


class NadamOptimizer(AdamOptimizer):
    """Adam with Nesterov's look ahead: beta1 * m + (1 - beta1) * gradient in the place of m.

    With sparse gradients all rows of `m` and `v` shrink; only rows that have a gradient move.
    Arguments as of `tf.train.AdamOptimizer`.

    Source: Dozat 2016.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adam",
    ) -> None:
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)
        self._flags["use_nesterov"] = True

    def _apply_to_rows(self, grad: Tensor, var: Any, indices: Tensor) -> Any:
        (power1, power2, rate, beta1, beta2, epsilon), _ = self._scalars(var.dtype.base_dtype)
        rate = rate * sqrt(1 - power2) / (1 - power1)
        share = grad * (1 - beta1)
        m = self._decayed(var, "m", beta1, indices, share)
        v = self._decayed(var, "v", beta2, indices, (grad * grad) * (1 - beta2))
        ahead = share + beta1 * gather(m, indices)
        step = rate * ahead / (sqrt(gather(v, indices)) + epsilon)
        return group(var.scatter_sub(IndexedSlices(step, indices)), m, v)


class LazyAdamOptimizer(AdamOptimizer):
    """Adam that leaves rows alone that have no gradient: their `m` and `v` do not shrink.

    So a step costs what its rows cost, however large the table is.  Arguments as of
    `tf.train.AdamOptimizer`.

    Source: TensorFlow 1.15's tf.contrib.opt.LazyAdamOptimizer; OSDI §4.2 (sparse updates).
    """

    def _apply_to_rows(self, grad: Tensor, var: Any, indices: Tensor) -> Any:
        (power1, power2, rate, beta1, beta2, epsilon), _ = self._scalars(var.dtype.base_dtype)
        rate = rate * sqrt(1 - power2) / (1 - power1)
        slot_m, slot_v = self.get_slot(var, "m"), self.get_slot(var, "v")
        m = beta1 * gather(slot_m, indices) + (1 - beta1) * grad
        v = beta2 * gather(slot_v, indices) + (1 - beta2) * (grad * grad)
        step = rate * m / (sqrt(v) + epsilon)
        return group(
            var.scatter_sub(IndexedSlices(step, indices)),
            slot_m.scatter_update(IndexedSlices(m, indices)),
            slot_v.scatter_update(IndexedSlices(v, indices)),
        )


class AdaMaxOptimizer(AdamOptimizer):
    """Adam with the decaying maximum of gradients in the place of their root mean square.

    m    += (1 - beta1) * (gradient - m)
    v     = max(beta2 * v, |gradient|)
    var  -= learning_rate / (1 - beta1^t) * m / (v + epsilon)

    With sparse gradients only the rows that have one are changed.  Arguments as of
    `tf.train.AdamOptimizer`.

    Source: Kingma and Ba 2015, section 7.1.
    """

    STEP = "ada_max"
    BETAS = ("beta1",)

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "AdaMax",
    ) -> None:
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)

    def _apply_to_rows(self, grad: Tensor, var: Any, indices: Tensor) -> Any:
        (power, rate, beta1, beta2, epsilon), _ = self._scalars(var.dtype.base_dtype)
        slot_m, slot_v = self.get_slot(var, "m"), self.get_slot(var, "v")
        m = gather(slot_m, indices) * beta1 + grad * (1 - beta1)
        v = maximum(gather(slot_v, indices) * beta2, abs(grad))
        step = rate / (1 - power) * (m / (v + epsilon))
        return group(
            var.scatter_sub(IndexedSlices(step, indices)),
            slot_m.scatter_update(IndexedSlices(m, indices)),
            slot_v.scatter_update(IndexedSlices(v, indices)),
        )
