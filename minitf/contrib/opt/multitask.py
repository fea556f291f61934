"""Optimizers of losses of which each step has only one: slots of the other variables rest.

Source: TensorFlow 1.15's tf.contrib.opt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from minitf.api.clipping import clip_by_global_norm, global_norm
from minitf.api.comparison import equal
from minitf.api.control import group, no_op
from minitf.api.reductions import count_nonzero
from minitf.composite import IndexedSlices
from minitf.control_flow.cond import cond
from minitf.tensor import Tensor
from minitf.train.optimizer import Optimizer

_UPDATES = (
    *("_apply_dense", "_resource_apply_dense"),
    *("_apply_sparse_duplicate_indices", "_resource_apply_sparse_duplicate_indices"),
)


class MultitaskOptimizerWrapper:
    """An optimizer that leaves a variable and its slots alone where its gradient is all zeros.

        optimizer = tf.contrib.opt.MultitaskOptimizerWrapper(tf.train.MomentumOptimizer(0.1, 0.9))

    A step in which a task has no examples gives its variables gradients of zeros; means of
    gradients would shrink by them, and the variables move on.  The methods are those of `opt`,
    which is changed.

    Args:
        opt: the optimizer.

    Raises:
        TypeError: if it is none.

    Source: TensorFlow 1.15's tf.contrib.opt.MultitaskOptimizerWrapper.
    """

    def __init__(self, opt: Optimizer) -> None:
        if not isinstance(opt, Optimizer):
            raise TypeError(
                "Supplied optimizer must be an instance of tf.train.Optimizer, "
                f"not {type(opt).__name__}: {opt}"
            )
        self._opt = opt
        for name in _UPDATES:
            setattr(opt, name, _unless_zeros(getattr(opt, name)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._opt, name)


def _unless_zeros(update: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of updates that does nothing where its first argument is all zeros."""

    def careful(grad: Any, *others: Any) -> Any:
        values = grad.values if isinstance(grad, IndexedSlices) else grad
        is_zeros = equal(count_nonzero(values), 0)
        return cond(is_zeros, no_op, lambda: group(update(grad, *others)))

    return careful


def clip_gradients_by_global_norm(
    gradients_variables: Iterable[tuple[Any, Any]], clip_norm: Any = 20.0
) -> tuple[list[tuple[Any, Any]], Tensor]:
    """Scale gradients down together if their norm is too large; zeros add nothing to the norm.

    Args:
        gradients_variables: pairs as `compute_gradients` gives them.
        clip_norm: the largest norm.

    Returns:
        The pairs with clipped gradients, and the norm before.
    """
    gradients, variables = zip(*gradients_variables, strict=True)
    norm = global_norm(gradients)
    clipped, _ = clip_by_global_norm(gradients, clip_norm, use_norm=norm)
    return list(zip(clipped, variables, strict=True)), norm
