"""Optimizer: from a loss to an operation that changes variables so that the loss gets smaller.

    minimize            compute_gradients, then apply_gradients
    compute_gradients   (gradient, variable) pairs; whoever wants may change them on the way
    apply_gradients     slots, one update per variable, the global step last

A subclass says what to do with a gradient, by these methods; all but one of the two pairs may be
left out:

    _create_slots(var_list)                 make the variables that go with others
    _prepare()                              make Tensors of the constructor's arguments
    _apply_dense(grad, var)                 of a RefVariable
    _apply_sparse(grad, var)                its gradient is IndexedSlices with distinct indices
    _resource_apply_dense(grad, var)        of a ResourceVariable
    _resource_apply_sparse(grad, var, indices)
    _finish(update_ops, name_scope)         what comes after all updates

Source: 2015 §4.1; OSDI §4.1 (optimizers are user-level code); TensorFlow 1.15's tf.train.Optimizer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from minitf import dtypes
from minitf.api.control import group
from minitf.api.control import tuple as together
from minitf.api.framework import (
    colocate_with,
    control_dependencies,
    convert_to_tensor_or_indexed_slices,
    get_collection,
    name_scope,
)
from minitf.api.gathering import unique
from minitf.api.gradients import gradients
from minitf.api.segments import unsorted_segment_sum
from minitf.api.sizes import shape as shape_of
from minitf.api.state import assign_add, trainable_variables
from minitf.composite import IndexedSlices
from minitf.default_graph import default_graph
from minitf.dtypes import DType
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor
from minitf.train.no_gradient import why_no_gradients
from minitf.train.slots import Slots
from minitf.variables.base import Variable
from minitf.variables.partitioned import PartitionedVariable
from minitf.variables.resource import ResourceVariable

GradAndVar = tuple[Any, Any]


class Optimizer(Slots):
    """The base of all optimizers; see the module for what a subclass supplies.

    Args:
        use_locking: accepted for compatibility: an update always excludes others.
        name: of the operations that it adds, and of its slots.

    Raises:
        ValueError: if there is no name.

    Source: OSDI §4.1.
    """

    # A slot makes it the `__base__` of its subclasses, also of those with a mixin before it.
    __slots__ = ("_use_locking",)

    GATE_NONE = 0  # gradients are used as they come
    GATE_OP = 1  # all gradients of one operation before any is used
    GATE_GRAPH = 2  # all gradients before any is used

    def __init__(self, use_locking: bool, name: str) -> None:
        super().__init__()
        if not name:
            raise ValueError("Must specify the optimizer name")
        self._use_locking = use_locking
        self._name = name

    def get_name(self) -> str:
        """Return the name."""
        return self._name

    # --- what the user calls ---------------------------------------------------------------------

    def minimize(
        self,
        loss: Any,
        global_step: Any = None,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: Any = None,
    ) -> Any:
        """Return an operation that goes one step towards a smaller loss.

        Args:
            loss: a Tensor, or a function that gives one; its elements are summed.
            global_step: a variable to add one to after the update.
            var_list: the variables to change, one or a list or dict of them; all trainable ones by
                default.
            gate_gradients: GATE_NONE, GATE_OP or GATE_GRAPH.
            aggregation_method: how gradients of one tensor are added, of `tf.AggregationMethod`.
            colocate_gradients_with_ops: place gradients with the operations they belong to.
            name: name of the operation.
            grad_loss: the gradient to start with, instead of ones.

        Raises:
            ValueError: if the loss depends on none of the variables by a path with gradients; the
                message says of each what breaks the path.
        """
        grads_and_vars = self.compute_gradients(
            loss,
            var_list=var_list,
            gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
            grad_loss=grad_loss,
        )
        if all(grad is None for grad, _ in grads_and_vars):
            variables = [variable for _, variable in grads_and_vars]
            raise ValueError(
                "No gradients provided for any variable, check your graph for ops that do not "
                f"support gradients, between variables {[str(v) for v in variables]} and loss "
                f"{loss}.\n{why_no_gradients(loss, variables)}"
            )
        return self.apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def compute_gradients(
        self,
        loss: Any,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        grad_loss: Any = None,
    ) -> list[GradAndVar]:
        """Return (gradient, variable) pairs; the gradient is None where nothing flows.

        Arguments as of `minimize`; but a function may give the loss.  It is called once, and by
        default those variables are changed that it depends on.

        Raises:
            ValueError: if an argument is invalid, or there are no variables.
        """
        is_function = callable(loss) and not isinstance(loss, (Tensor, Variable))
        if is_function:
            loss = loss()
        if gate_gradients not in (self.GATE_NONE, self.GATE_OP, self.GATE_GRAPH):
            raise ValueError(
                "gate_gradients must be one of: Optimizer.GATE_NONE, Optimizer.GATE_OP, "
                f"Optimizer.GATE_GRAPH.  Not {gate_gradients}"
            )
        self._assert_valid_dtypes([loss, *([] if grad_loss is None else [grad_loss])])
        variables = list(flat_variables(_trainable() if var_list is None else var_list))
        for variable in variables:
            if not isinstance(variable, (Variable, Tensor)):
                raise NotImplementedError("Trying to optimize unsupported type ", variable)
        if not variables:
            raise ValueError("No variables to optimize.")
        grads = gradients(
            loss,
            variables,
            grad_ys=grad_loss,
            gate_gradients=gate_gradients == self.GATE_OP,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        if gate_gradients == self.GATE_GRAPH:
            grads = together(grads)
        pairs = list(zip(grads, variables, strict=True))
        if is_function and var_list is None:
            pairs = [(grad, variable) for grad, variable in pairs if grad is not None]
        self._assert_valid_dtypes([v for g, v in pairs if g is not None])
        return pairs

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        """Return an operation that changes variables by their gradients.

        Args:
            grads_and_vars: pairs as `compute_gradients` gives them.
            global_step: a variable to add one to after the update.
            name: name of the operation.

        Raises:
            TypeError: if a gradient is neither a Tensor nor IndexedSlices nor None.
            ValueError: if no variable has a gradient.
        """
        pairs = [(_checked(grad), variable) for grad, variable in grads_and_vars]
        if not pairs:
            raise ValueError("No variables provided.")
        updated = [(grad, variable) for grad, variable in pairs if grad is not None]
        if not updated:
            raise ValueError(
                f"No gradients provided for any variable: {[str(v) for _, v in pairs]}."
            )
        with control_dependencies(None):
            self._create_slots([variable for _, variable in updated])
        with name_scope(name, self._name) as scope:
            self._prepare()
            updates = []
            for grad, variable in updated:
                with name_scope(f"update_{variable.op.name}"), colocate_with(variable):
                    updates.append(self._update(grad, variable))
            if global_step is None:
                done = self._finish(updates, scope)
            else:
                with (
                    control_dependencies([self._finish(updates, "update")]),
                    colocate_with(global_step),
                ):
                    done = assign_add(global_step, 1, name=scope)
        done = getattr(done, "op", done)
        train_ops = default_graph().get_collection_ref(GraphKeys.TRAIN_OP)
        if done not in train_ops:
            train_ops.append(done)
        return done

    def _update(self, grad: Any, variable: Any) -> Any:
        """Add the update of one variable, with its constraint."""
        if not isinstance(variable, Variable):
            raise NotImplementedError("Trying to update a Tensor ", variable)
        if isinstance(grad, IndexedSlices):
            if variable.constraint is not None:
                raise RuntimeError("Cannot use a constraint function on a sparse variable.")
            if isinstance(variable, ResourceVariable):
                return self._resource_apply_sparse_duplicate_indices(
                    grad.values, variable, grad.indices
                )
            return self._apply_sparse_duplicate_indices(grad, variable)
        apply = (
            self._resource_apply_dense
            if isinstance(variable, ResourceVariable)
            else self._apply_dense
        )
        update = apply(grad, variable)
        if variable.constraint is None:
            return update
        with control_dependencies([update]):
            return variable.assign(variable.constraint(variable))

    # --- what a subclass supplies ----------------------------------------------------------------

    def _valid_dtypes(self) -> set[DType]:
        """Return the types of variables and losses that it can handle."""
        return {*dtypes.FLOATS, *dtypes.COMPLEX}

    def _create_slots(self, var_list: list[Any]) -> None:
        """Make the slots of these variables; by default there are none."""

    def _prepare(self) -> None:
        """Make Tensors of the arguments, in the name scope of the update; by default, nothing."""

    def _apply_dense(self, grad: Tensor, var: Any) -> Any:
        """Return the update of a RefVariable."""
        raise NotImplementedError

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Any:
        """Return the update of some rows of a RefVariable; no index occurs twice."""
        raise NotImplementedError

    def _apply_sparse_duplicate_indices(self, grad: IndexedSlices, var: Any) -> Any:
        """Return the update of some rows of a RefVariable; an index may occur twice.

        By default the gradients of one row are added up, for `_apply_sparse`.
        """
        values, indices = summed_by_index(grad.values, grad.indices)
        return self._apply_sparse(IndexedSlices(values, indices, grad.dense_shape), var)

    def _resource_apply_dense(self, grad: Tensor, handle: Any) -> Any:
        """Return the update of a ResourceVariable."""
        raise NotImplementedError

    def _resource_apply_sparse(self, grad: Tensor, handle: Any, indices: Tensor) -> Any:
        """Return the update of some rows of a ResourceVariable; no index occurs twice."""
        raise NotImplementedError

    def _resource_apply_sparse_duplicate_indices(
        self, grad: Tensor, handle: Any, indices: Tensor
    ) -> Any:
        """Return the update of some rows of a ResourceVariable; an index may occur twice.

        By default the gradients of one row are added up, for `_resource_apply_sparse`.
        """
        values, rows = summed_by_index(grad, indices)
        return self._resource_apply_sparse(values, handle, rows)

    def _finish(self, update_ops: list[Any], name_scope: str) -> Any:
        """Return the operation that is done when all updates are."""
        return group(*update_ops, name=name_scope)

    def _call_if_callable(self, param: Any) -> Any:
        """Return an argument, or what it gives if it is a function."""
        return param() if callable(param) and not isinstance(param, (Tensor, Variable)) else param

    def _assert_valid_dtypes(self, tensors: list[Any]) -> None:
        valid = self._valid_dtypes()
        for each in tensors:
            dtype = each.dtype.base_dtype
            if dtype not in valid:
                raise ValueError(f"Invalid type {dtype!r} for {each.name}, expected: {[*valid]}.")


def _trainable() -> list[Any]:
    return trainable_variables() + get_collection(GraphKeys.TRAINABLE_RESOURCE_VARIABLES)


def flat_variables(variables: Any) -> Any:
    """Yield the variables of a list, of a dict by its sorted keys, or of parts; or the one."""
    if isinstance(variables, Mapping):
        variables = [variables[key] for key in sorted(variables)]
    for each in variables if isinstance(variables, (list, tuple)) else [variables]:
        if isinstance(each, (list, tuple, PartitionedVariable)):
            yield from flat_variables(list(each))
        else:
            yield each


def _checked(grad: Any) -> Any:
    if grad is None:
        return None
    try:
        return convert_to_tensor_or_indexed_slices(grad)
    except TypeError:
        raise TypeError(
            f"Gradient must be convertible to a Tensor or IndexedSlices, or None: {grad}"
        ) from None


def summed_by_index(values: Tensor, indices: Tensor) -> tuple[Tensor, Tensor]:
    """Return the sums of the rows that have the same index, and the distinct indices."""
    rows, position = unique(indices)
    return unsorted_segment_sum(values, position, shape_of(rows)[0]), rows
