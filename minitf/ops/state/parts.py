"""Writing parts of a variable: what a slice or index vectors name.

Each op does to a variable what an op on arrays does to an array: StridedSlice's view is written to,
TensorScatterAdd's result becomes the next version.

Source: 2015 Table 1 row "Stateful operations"; TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES, NUMBERS, DType
from minitf.errors import invalid
from minitf.op_def import OpDef, op
from minitf.operation import Operation
from minitf.ops.array.indexing import gather_nd_op, gather_nd_shape
from minitf.ops.array.scatter import (
    tensor_scatter_add_op,
    tensor_scatter_sub_op,
    tensor_scatter_update_op,
    tensor_scatter_update_shape,
)
from minitf.ops.array.slicing import strided_slice_op, strided_slice_shape
from minitf.ops.state.resource_variables import shape_behind
from minitf.ops.state.twins import resource_twin
from minitf.resources import Variable, VariableSpec, updating, variable_of
from minitf.shapes import Shape, broadcast
from minitf.symbols import Index, Ref, Resource, T, Tindices, dtype, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- StridedSliceAssign --------------------------------------------------------------------------


@op("StridedSliceAssign", T=ANY, Index=INDICES, outputs=("output_ref",))
def strided_slice_assign_op(
    ref: Ref[T],
    begin: Index[n],
    end: Index[n],
    strides: Index[n],
    value: T,
    *,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
) -> Ref[T]:
    """Write into a slice of a variable, in one atomic step.

    Args:
        ref: the variable.
        begin: as StridedSlice's.
        end: as StridedSlice's.
        strides: as StridedSlice's.
        value: T[...], of the slice's shape, or broadcast to it.
        begin_mask: as StridedSlice's.
        end_mask: as StridedSlice's.
        ellipsis_mask: as StridedSlice's.
        new_axis_mask: as StridedSlice's.
        shrink_axis_mask: as StridedSlice's.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if the index is out of range, or the value does not fit the slice.

    Source: TensorFlow's op of the same name.
    """
    masks = {
        "begin_mask": begin_mask,
        "end_mask": end_mask,
        "ellipsis_mask": ellipsis_mask,
        "new_axis_mask": new_axis_mask,
        "shrink_axis_mask": shrink_axis_mask,
    }

    def write(array: Array) -> None:
        view = strided_slice_op.body(array, begin, end, strides, **masks)
        view[...] = value

    shape = strided_slice_op.body(ref.read(), begin, end, strides, **masks).shape
    if broadcast(Shape(shape), Shape(value.shape)) != Shape(shape):
        raise invalid(
            f"Expected value of shape {Shape(shape)} for the slice, got {Shape(value.shape)}",
            variable=f"{ref.name} of shape {ref.present_shape}",
        )
    ref.modify(write)
    return ref


@strided_slice_assign_op.shape(values_of=("begin", "end", "strides"))
def strided_slice_assign_shape(
    ref: Shape, begin: Any, end: Any, strides: Any, value: Shape, **masks: int
) -> Shape:
    part = strided_slice_shape(ref, begin, end, strides, **masks)
    if part.is_full and broadcast(part, value).rank not in (None, part.rank):
        raise invalid(f"Expected value of shape {part} for the slice, got {value}")
    return ref


strided_slice_assign_op.no_gradient("a write is no function of the value that it leaves behind")
resource_strided_slice_assign_op = resource_twin(
    "ResourceStridedSliceAssign", strided_slice_assign_op
)

# --- ScatterNdUpdate, ScatterNdAdd, ScatterNdSub -------------------------------------------------


@op("ScatterNdUpdate", T=ANY, Tindices=INDICES, outputs=("output_ref",))
def scatter_nd_update_op(
    ref: Ref[T],
    indices: Tindices,
    updates: T,
    *,
    use_locking: bool = True,
) -> Ref[T]:
    """Replace the parts of a variable that index vectors name, in one atomic step.

    Args:
        ref: the variable.
        indices: int[..., k]: each vector names the part ref[i1, ..., ik].
        updates: T[..., rest of the shape], a part for each vector.
        use_locking: accepted for compatibility: an update always excludes others.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if a part does not exist, or the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    return _scattered(tensor_scatter_update_op, ref, indices, updates)


@op("ScatterNdAdd", T=NUMBERS, Tindices=INDICES, outputs=("output_ref",))
def scatter_nd_add_op(
    ref: Ref[T],
    indices: Tindices,
    updates: T,
    *,
    use_locking: bool = False,
) -> Ref[T]:
    """Add to the parts of a variable that index vectors name, in one atomic step.

    Arguments, result and errors as ScatterNdUpdate's; a part that is named twice gets both sums.

    Source: TensorFlow's op of the same name.
    """
    return _scattered(tensor_scatter_add_op, ref, indices, updates)


@op("ScatterNdSub", T=NUMBERS, Tindices=INDICES, outputs=("output_ref",))
def scatter_nd_sub_op(
    ref: Ref[T],
    indices: Tindices,
    updates: T,
    *,
    use_locking: bool = False,
) -> Ref[T]:
    """Subtract from the parts of a variable that index vectors name, in one atomic step.

    Arguments, result and errors as ScatterNdUpdate's; a part that is named twice loses both.

    Source: TensorFlow's op of the same name.
    """
    return _scattered(tensor_scatter_sub_op, ref, indices, updates)


def _scattered(scatter: OpDef, variable: Variable, indices: Array, updates: Array) -> Variable:
    with updating(variable) as ((old, out),):
        out[...] = scatter.body(old, indices, updates)
    return variable


@scatter_nd_update_op.shape
@scatter_nd_add_op.shape
@scatter_nd_sub_op.shape
def scatter_nd_update_shape(ref: Shape, indices: Shape, updates: Shape, **_: Any) -> Shape:
    return tensor_scatter_update_shape(ref, indices, updates)


for _op in (scatter_nd_update_op, scatter_nd_add_op, scatter_nd_sub_op):
    _op.no_gradient("a write is no function of the value that it leaves behind")

resource_scatter_nd_update_op = resource_twin("ResourceScatterNdUpdate", scatter_nd_update_op)
resource_scatter_nd_add_op = resource_twin(
    "ResourceScatterNdAdd", scatter_nd_add_op, T=ANY, use_locking=True
)
resource_scatter_nd_sub_op = resource_twin(
    "ResourceScatterNdSub", scatter_nd_sub_op, T=ANY, use_locking=True
)

# --- ResourceGatherNd ----------------------------------------------------------------------------


@op("ResourceGatherNd", "stateful", dtype=ANY, Tindices=INDICES)
def resource_gather_nd_op(resource: Resource, indices: Tindices, *, dtype: DType) -> dtype:
    """Give the parts of a variable that index vectors name.

    Args:
        resource: its handle.
        indices: int[..., k]: each vector names the part variable[i1, ..., ik].
        dtype: type of its elements.

    Returns:
        dtype[..., rest of the shape].

    Raises:
        InvalidArgumentError: if a part does not exist.

    Source: TensorFlow's op of the same name.
    """
    return gather_nd_op.body(variable_of(resource).read(), indices)


@resource_gather_nd_op.shape(values_of=("resource",))
def resource_gather_nd_shape(
    resource: VariableSpec | None, indices: Shape, *, dtype: DType
) -> Shape:
    return gather_nd_shape(shape_behind(resource, dtype), indices)


@resource_gather_nd_op.gradient
def resource_gather_nd_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    handle, indices = op.inputs
    shape = ops.variable_shape_op(handle, out_type=indices.dtype)
    return [ops.scatter_nd_op(indices, grad, shape), None]
