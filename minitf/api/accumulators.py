"""Accumulators: gradients are gathered until there are enough, and leave as their mean or sum.

    accumulator = tf.ConditionalAccumulator(tf.float32, shape=[10])
    apply = accumulator.apply_grad(gradient, local_step=step)       # each worker
    mean = accumulator.take_grad(num_required=8)                    # the chief waits for 8

Source: OSDI §4.4; TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.casting import cast
from minitf.composite import IndexedSlices
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType, as_dtype, int64
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class ConditionalAccumulatorBase:
    """What both kinds of accumulator have in common.

    Args:
        dtype: the gradients' type.
        shape: their shape, None if it is not known.
        accumulator_ref: the handle.

    Source: OSDI §4.4.
    """

    def __init__(self, dtype: Any, shape: Any, accumulator_ref: Tensor) -> None:
        self._dtype = as_dtype(dtype)
        self._shape = TensorShape(shape)
        self._accumulator_ref = accumulator_ref
        self._name = accumulator_ref.op.name.rpartition("/")[-1]

    @property
    def accumulator_ref(self) -> Tensor:
        """The handle."""
        return self._accumulator_ref

    @property
    def name(self) -> str:
        """The last part of the name of the operation that makes it."""
        return self._name

    @property
    def dtype(self) -> DType:
        """The gradients' type."""
        return self._dtype

    def num_accumulated(self, name: str | None = None) -> Tensor:
        """Return how many gradients have come since the last take: an int32 scalar."""
        op = self._op("accumulator_num_accumulated")
        return op(self._accumulator_ref, name=name or f"{self._name}_NumAccumulated")

    def set_global_step(self, new_global_step: Any, name: str | None = None) -> Operation:
        """Return an operation that sets the time: gradients of earlier steps are stale then."""
        step = cast(convert_to_tensor(new_global_step), int64)
        return self._op("accumulator_set_global_step")(self._accumulator_ref, step, name=name)

    def _op(self, verb: str) -> Any:
        """Return the op that takes this kind of handle."""
        prefix = "" if self._accumulator_ref.dtype.is_ref else "resource_"
        return getattr(ops, f"{prefix}{verb}_op")


class ConditionalAccumulator(ConditionalAccumulatorBase):
    """Gathers dense gradients.

    Args:
        dtype: the gradients' type.
        shape: their shape, None if it is not known.
        shared_name: sessions of one target share the accumulator of this name.
        name: name of the operation.
        reduction_type: "MEAN" or "SUM".

    Source: OSDI §4.4.
    """

    def __init__(
        self,
        dtype: Any,
        shape: Any = None,
        shared_name: str | None = None,
        name: str = "conditional_accumulator",
        reduction_type: str = "MEAN",
    ) -> None:
        handle = ops.resource_conditional_accumulator_op(
            dtype=dtype,
            shape=TensorShape(shape),
            shared_name=shared_name or "",
            reduction_type=reduction_type,
            name=name,
        )
        super().__init__(dtype, shape, handle)

    def apply_grad(self, grad: Any, local_step: Any = 0, name: str | None = None) -> Operation:
        """Return an operation that adds a gradient, or drops it if it is stale.

        Args:
            grad: the gradient.
            local_step: the step that it was computed for.
            name: name of the operation.

        Raises:
            ValueError: if its static shape does not fit.
        """
        grad = convert_to_tensor(grad, self._dtype)
        grad.shape.assert_is_compatible_with(self._shape)
        step = cast(convert_to_tensor(local_step), int64)
        return self._op("accumulator_apply_gradient")(self._accumulator_ref, step, grad, name=name)

    def take_grad(self, num_required: Any, name: str | None = None) -> Tensor:
        """Return the mean or sum; a run waits until that many gradients have come.

        Args:
            num_required: how many there must be.
            name: name of the operation.
        """
        op = self._op("accumulator_take_gradient")
        taken: Tensor = op(self._accumulator_ref, num_required, dtype=self._dtype, name=name)
        taken.set_shape(self._shape)
        return taken


class SparseConditionalAccumulator(ConditionalAccumulatorBase):
    """Gathers gradients that are rows of a tensor; the mean of a row is over those that had it.

    Args:
        dtype: the gradients' type.
        shape: the shape of the tensor, None if it is not known.
        shared_name: sessions of one target share the accumulator of this name.
        name: name of the operation.
        reduction_type: "MEAN" or "SUM".

    Source: OSDI §4.4, §4.2.
    """

    def __init__(
        self,
        dtype: Any,
        shape: Any = None,
        shared_name: str | None = None,
        name: str = "sparse_conditional_accumulator",
        reduction_type: str = "MEAN",
    ) -> None:
        handle = ops.sparse_conditional_accumulator_op(
            dtype=dtype,
            shape=TensorShape(shape),
            shared_name=shared_name or "",
            reduction_type=reduction_type,
            name=name,
        )
        super().__init__(dtype, shape, handle)

    def apply_indexed_slices_grad(
        self, grad: IndexedSlices, local_step: Any = 0, name: str | None = None
    ) -> Operation:
        """Return an operation that adds IndexedSlices; arguments as of `apply_grad`."""
        return self.apply_grad(
            grad.indices, grad.values, grad.dense_shape, local_step=local_step, name=name
        )

    def apply_grad(
        self,
        grad_indices: Any,
        grad_values: Any,
        grad_shape: Any = None,
        local_step: Any = 0,
        name: str | None = None,
    ) -> Operation:
        """Return an operation that adds some rows, or drops them if they are stale.

        Args:
            grad_indices: which rows, an int vector.
            grad_values: a row for each.
            grad_shape: the shape of the whole tensor, if it is to be checked.
            local_step: the step that the gradient was computed for.
            name: name of the operation.

        A run raises InvalidArgumentError if the parts do not fit together.
        """
        step = cast(convert_to_tensor(local_step), int64)
        return ops.sparse_accumulator_apply_gradient_op(
            self._accumulator_ref,
            step,
            cast(grad_indices, int64),
            grad_values,
            cast([] if grad_shape is None else grad_shape, int64),
            has_known_shape=grad_shape is not None,
            name=name,
        )

    def take_grad(self, num_required: Any, name: str | None = None) -> Any:
        """Return (indices, values, shape); a run waits until that many gradients have come."""
        return ops.sparse_accumulator_take_gradient_op(
            self._accumulator_ref, num_required, dtype=self._dtype, name=name
        )

    def take_indexed_slices_grad(self, num_required: Any, name: str | None = None) -> IndexedSlices:
        """Return IndexedSlices; a run waits until that many gradients have come."""
        taken = self.take_grad(num_required, name)
        return IndexedSlices(taken.values, taken.indices, taken.shape)
