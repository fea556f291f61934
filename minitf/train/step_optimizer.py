"""StepOptimizer: an optimizer whose update is one op, in four forms.

    ApplyX                      a RefVariable and a whole gradient
    SparseApplyX                a RefVariable and gradients of some rows
    ResourceApplyX, ResourceSparseApplyX        the same for a ResourceVariable

An optimizer says which op, which slots (in the op's order) and which scalars; it makes the slots.
`class Adam(StepOptimizer, Optimizer)`: what is shared stands beside the base class, so that
`Adam.__base__` is `Optimizer`, as programs expect.

Source: OSDI §4.1 (optimizers are user-level code; the ops fuse the common ones).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from minitf import ops
from minitf.api.casting import cast
from minitf.api.constants import constant
from minitf.api.framework import colocate_with
from minitf.composite import IndexedSlices
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType
from minitf.tensor import Tensor
from minitf.variables.resource import ResourceVariable

if TYPE_CHECKING:
    from minitf.train.optimizer import Optimizer as _Beside
else:
    _Beside = object


class StepOptimizer(_Beside):
    """What optimizers that are one op have beside `Optimizer`.

    A scalar is kept under the name that TensorFlow's optimizer has for it, `_learning_rate`, and
    its Tensor under `_learning_rate_tensor`; subclasses of programs read both.

    Args:
        use_locking: accepted for compatibility: an update always excludes others.
        name: of the operations and slots that it adds.
        scalars: the op's scalars by the names that their Tensors get; numbers, Tensors, or
            functions that give one.

    Source: OSDI §4.1.
    """

    STEP = ""  # of ops.apply_<STEP>_op
    SLOTS: tuple[str, ...] = ()
    ENDING = "_tensor"  # of the attribute that holds a scalar's Tensor

    def __init__(self, use_locking: bool, name: str, **scalars: Any) -> None:
        super().__init__(use_locking, name)
        self._scalar_names = list(scalars)
        for scalar, value in scalars.items():
            setattr(self, self._attribute(scalar), value)
        self._tensors: dict[str, Tensor] = {}
        self._flags: dict[str, bool] = {"use_locking": use_locking}

    def _attribute(self, scalar: str) -> str:
        """Return the name of the attribute that holds a scalar."""
        return f"_{scalar}"

    def _prepare(self) -> None:
        attributes = {name: self._attribute(name) for name in self._scalar_names}
        values = {
            name: self._call_if_callable(getattr(self, attribute))
            for name, attribute in attributes.items()
        }
        self._tensors = {name: convert_to_tensor(x, name=name) for name, x in values.items()}
        for name, attribute in attributes.items():
            setattr(self, attribute + self.ENDING, self._tensors[name])

    def _scalars(self, dtype: DType) -> tuple[list[Tensor], list[Tensor]]:
        """Return the scalars that the op takes before and after the gradient."""
        return [cast(each, dtype) for each in self._tensors.values()], []

    def _apply_dense(self, grad: Tensor, var: Any) -> Any:
        return self._apply(var, grad)

    def _resource_apply_dense(self, grad: Tensor, handle: Any) -> Any:
        return self._apply(handle, grad)

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Any:
        return self._apply(var, grad.values, grad.indices)

    def _resource_apply_sparse(self, grad: Tensor, handle: Any, indices: Tensor) -> Any:
        return self._apply(handle, grad, indices)

    def _apply(self, var: Any, *grads: Tensor) -> Any:
        """Add the op that changes a variable by its gradient, or by that of some rows."""
        return self._apply_with(var, *self._scalars(var.dtype.base_dtype), *grads)

    def _apply_with(
        self, var: Any, before: list[Tensor], after: list[Tensor], *grads: Tensor
    ) -> Any:
        """Add the op with these scalars before and after the gradient."""
        variables = [var, *[self.get_slot(var, slot) for slot in self.SLOTS]]
        sparse = "sparse_" if len(grads) == 2 else ""
        if not isinstance(var, ResourceVariable):
            apply = getattr(ops, f"{sparse}apply_{self.STEP}_op")
            return apply(*variables, *before, *grads, *after, **self._flags).op
        handles = [each.handle for each in variables]
        apply = getattr(ops, f"resource_{sparse}apply_{self.STEP}_op")
        return apply(*handles, *before, *grads, *after, **self._flags)


def filled(variable: Any, value: float) -> Tensor:
    """Return a constant of a variable's shape and type, next to it."""
    with colocate_with(variable):
        return constant(value, variable.dtype.base_dtype, variable.get_shape())


def must_be_positive(**numbers: float) -> None:
    """Check arguments that must be above 0.

    Raises:
        ValueError: if one is not.
    """
    for name, value in numbers.items():
        if value <= 0.0:
            raise ValueError(f"{name} must be positive: {value}")
