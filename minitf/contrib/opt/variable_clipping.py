"""VariableClippingOptimizer: another optimizer, after which norms of variables are bounded.

Source: TensorFlow 1.15's tf.contrib.opt; Srivastava et al. 2014 (max-norm regularization).
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from minitf.api.clipping import clip_by_norm
from minitf.api.control import group
from minitf.api.framework import colocate_with, control_dependencies, name_scope
from minitf.api.gathering import gather
from minitf.composite import IndexedSlices
from minitf.train.optimizer import Optimizer
from minitf.variables.resource import ResourceVariable


class VariableClippingOptimizer(Optimizer):
    """Trains with `opt` and scales parts of variables down whose norm became too large.

    Of a variable with sparse gradients only the rows that have one are looked at, unless
    dimension 0 is among those of the norm.

    Args:
        opt: the optimizer that trains.
        vars_to_clip_dims: from a variable to the dimensions of its norms; variables
            that are missing are not clipped.
        max_norm: the largest norm: a number.
        use_locking: accepted for compatibility: an update always excludes others.
        colocate_clip_ops_with_vars: whether norms are computed where the variables are.
        name: of the operations that it adds.

    Source: TensorFlow 1.15's tf.contrib.opt.VariableClippingOptimizer.
    """

    def __init__(
        self,
        opt: Optimizer,
        vars_to_clip_dims: Mapping[Any, Sequence[int]],
        max_norm: Any,
        use_locking: bool = False,
        colocate_clip_ops_with_vars: bool = False,
        name: str = "VariableClipping",
    ) -> None:
        super().__init__(use_locking, name)
        self._opt = opt
        self._vars_to_clip_dims = dict(vars_to_clip_dims)
        self._max_norm = max_norm
        self._colocate_clip_ops_with_vars = colocate_clip_ops_with_vars

    def compute_gradients(self, *args: Any, **kwargs: Any) -> Any:
        """Return (gradient, variable) pairs, as `opt` computes them."""
        return self._opt.compute_gradients(*args, **kwargs)

    def get_slot(self, var: Any, name: str) -> Any:
        """Return a slot of `opt`, or None."""
        return self._opt.get_slot(var, name)

    def get_slot_names(self) -> list[str]:
        """Return the names of the kinds of slots of `opt`, sorted."""
        return self._opt.get_slot_names()

    def variables(self) -> list[Any]:
        """Return the variables of `opt`, sorted by name."""
        return self._opt.variables()

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        """Return an operation that changes variables, then bounds their norms."""
        grads_and_vars = list(grads_and_vars)
        with name_scope(name, self._name) as scope:
            update = self._opt.apply_gradients(grads_and_vars, global_step=global_step)
            clips = []
            with control_dependencies([update]):
                for grad, variable in grads_and_vars:
                    if grad is None or variable not in self._vars_to_clip_dims:
                        continue
                    with name_scope(f"clip_{variable.op.name}"):
                        clips.append(self._clipped(grad, variable))
            return group(update, *clips, name=scope)

    def _clipped(self, grad: Any, variable: Any) -> Any:
        """Return what bounds the norms of a variable, or of its rows that have a gradient."""
        dims = list(self._vars_to_clip_dims[variable])
        of_rows = isinstance(grad, IndexedSlices)
        if of_rows and 0 in dims:
            logging.getLogger("tensorflow").warning(
                "Clipping norm across dims %s for %s is inefficient when including sparse "
                "dimension 0.",
                dims,
                variable.op.name,
            )
            of_rows = False
        with colocate_with(variable):
            if not of_rows:
                value = variable.read_value()
            elif isinstance(variable, ResourceVariable):
                value = variable.sparse_read(grad.indices)
            else:
                value = gather(variable.read_value(), grad.indices)
        where = colocate_with(variable) if self._colocate_clip_ops_with_vars else None
        with where or contextlib.nullcontext():
            bounded = clip_by_norm(value, self._max_norm, dims)
        with colocate_with(variable):
            if of_rows:
                return variable.scatter_update(IndexedSlices(bounded, grad.indices))
            return variable.assign(bounded)
