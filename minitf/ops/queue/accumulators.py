"""Conditional accumulators of dense gradients.

Source: OSDI §4.4 (synchronous replica coordination); TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import NUMBERS, DType
from minitf.op_def import op
from minitf.ops.handles import ref_twin
from minitf.ops.precision import wide
from minitf.ops.queue.gathering import (
    Accumulator,
    Gathered,
    Reduction,
    accumulator_handle,
    check_type,
    shape_mismatch,
)
from minitf.ops.queue.sharing import behind
from minitf.resources import Context
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource, dtype, int32, int64

Array = np.ndarray[Any, Any]


class DenseAccumulator(Accumulator):
    """Gathers gradients that are arrays.

    Source: OSDI §4.4.
    """

    def check(self, gradient: Array) -> None:
        """Check that a gradient has the type and shape of the others."""
        check_type(self, gradient.dtype)
        shape = self.shape if self.total is None else Shape(self.total.shape)
        if not shape.accepts(gradient.shape):
            raise shape_mismatch(shape, gradient.shape)

    def first(self, gradient: Array) -> Array:
        """Return a copy, 16-bit floats as float32."""
        return np.array(wide(gradient))

    def added(self, total: Array, gradient: Array) -> Array:
        """Add in place."""
        return np.add(total, gradient, out=total)

    def reduced(self, gathered: Gathered) -> Array:
        """Return the mean or the sum."""
        total = gathered.total / gathered.number if self.is_mean else gathered.total
        return np.asarray(total).astype(self.dtype.numpy)


# --- ResourceConditionalAccumulator, ConditionalAccumulator ---------------------------------------


@op("ResourceConditionalAccumulator", "stateful", dtype=NUMBERS, outputs=("handle",))
def resource_conditional_accumulator_op(
    *,
    dtype: DType,
    shape: Shape,
    container: str = "",
    shared_name: str = "",
    reduction_type: Reduction = "MEAN",
    context: Context,
) -> Resource:
    """Give the handle of an accumulator of gradients.

    Args:
        dtype: their type.
        shape: their shape; may be unknown.
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" for one of this session and operation alone.
        reduction_type: whether a take gives the mean or the sum.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if a shared one of that name differs.

    Source: OSDI §4.4.
    """
    spec = dtype, shape, reduction_type
    return accumulator_handle(context, container, shared_name, DenseAccumulator, spec)


@resource_conditional_accumulator_op.shape
def resource_conditional_accumulator_shape(**attrs: Any) -> Shape:
    return Shape((2,))  # TensorFlow's, of the ref handle that it replaces


resource_conditional_accumulator_op.no_gradient("it has no inputs")
conditional_accumulator_op = ref_twin("ConditionalAccumulator", resource_conditional_accumulator_op)

# --- ResourceAccumulatorApplyGradient, ResourceAccumulatorTakeGradient ----------------------------


@op("ResourceAccumulatorApplyGradient", "stateful", dtype=NUMBERS)
def resource_accumulator_apply_gradient_op(
    handle: Resource, local_step: int64[()], gradient: dtype
) -> None:
    """Add a gradient to an accumulator; one that is stale is dropped.

    Args:
        handle: the accumulator's handle.
        local_step: the step that it was computed for.
        gradient: dtype[...].

    Raises:
        InvalidArgumentError: if its type or shape differs.

    Source: OSDI §4.4.
    """
    behind(handle, DenseAccumulator).apply(int(local_step), gradient)


@op(
    "ResourceAccumulatorTakeGradient",
    "stateful",
    "asynchronous",
    dtype=NUMBERS,
    outputs=("average",),
)
def resource_accumulator_take_gradient_op(
    handle: Resource, num_required: int32[()], *, dtype: DType
) -> dtype:
    """Give the mean or sum of the gradients of an accumulator; wait until there are enough.

    Args:
        handle: the accumulator's handle.
        num_required: how many there must be at least.
        dtype: their type.

    Returns:
        dtype[...]; the accumulator is empty then, and its step one higher.

    Raises:
        InvalidArgumentError: if none is required, or the type differs.

    Source: OSDI §4.4.
    """
    accumulator = behind(handle, DenseAccumulator)
    check_type(accumulator, dtype.numpy)
    return accumulator.take(int(num_required))


@resource_accumulator_take_gradient_op.shape
def resource_accumulator_take_gradient_shape(
    handle: Shape, num_required: Shape, *, dtype: DType
) -> Shape:
    return Shape.unknown()


resource_accumulator_apply_gradient_op.no_gradient("it has no outputs")
resource_accumulator_take_gradient_op.no_gradient("what it holds is no function of its handle")
accumulator_apply_gradient_op = ref_twin(
    "AccumulatorApplyGradient", resource_accumulator_apply_gradient_op
)
accumulator_take_gradient_op = ref_twin(
    "AccumulatorTakeGradient", resource_accumulator_take_gradient_op
)

# --- ResourceAccumulatorNumAccumulated, ResourceAccumulatorSetGlobalStep --------------------------


@op("ResourceAccumulatorNumAccumulated", "stateful", outputs=("num_accumulated",))
def resource_accumulator_num_accumulated_op(handle: Resource) -> int32:
    """Count the gradients that an accumulator holds.

    Args:
        handle: its handle.

    Returns:
        int32[].

    Source: TensorFlow's op.
    """
    return np.array(behind(handle, Accumulator).count, np.int32)


@resource_accumulator_num_accumulated_op.shape
def resource_accumulator_num_accumulated_shape(handle: Shape) -> Shape:
    return SCALAR


@op("ResourceAccumulatorSetGlobalStep", "stateful")
def resource_accumulator_set_global_step_op(handle: Resource, new_global_step: int64[()]) -> None:
    """Tell an accumulator the time: gradients of earlier steps are stale from here on.

    Args:
        handle: its handle.
        new_global_step: the step.

    Source: OSDI §4.4.
    """
    behind(handle, Accumulator).set_step(int(new_global_step))


resource_accumulator_num_accumulated_op.no_gradient("a count has no slope")
resource_accumulator_set_global_step_op.no_gradient("it has no outputs")
accumulator_num_accumulated_op = ref_twin(
    "AccumulatorNumAccumulated", resource_accumulator_num_accumulated_op
)
accumulator_set_global_step_op = ref_twin(
    "AccumulatorSetGlobalStep", resource_accumulator_set_global_step_op
)
