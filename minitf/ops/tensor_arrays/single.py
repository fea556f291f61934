"""TensorArrays: making one, and reading and writing one element at a time.

An operation that changes a TensorArray takes a `flow`, a float without meaning, and gives one:
whoever needs what was written takes the flow that came out, so flows order reads after writes.

Source: TensorFlow 1.15's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.convert import convert_to_tensor
from minitf.dtypes import ANY, DType
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.tensor_arrays.elements import Elements, elements_of, handle_of
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource, T, dtype, float32, int32
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
NO_FLOW = np.float32(0)

# --- TensorArrayV3 --------------------------------------------------------------------------------


@op("TensorArrayV3", "stateful", outputs=("handle", "flow"))
def tensor_array_v3_op(
    size: int32,
    *,
    dtype: DType,
    element_shape: Shape = Shape.unknown(),
    dynamic_size: bool = False,
    clear_after_read: bool = True,
    identical_element_shapes: bool = False,
    tensor_array_name: str = "",
) -> tuple[Resource, float32]:
    """Make a list of arrays that lives as long as the step needs it.

    Args:
        size: a scalar: how many elements it has at first.
        dtype: of each element.
        element_shape: of each element, as far as it is known.
        dynamic_size: whether writing behind the end makes it longer.
        clear_after_read: whether an element may be read once only, and is freed then.
        identical_element_shapes: whether the first that is written fixes the shape of all.
        tensor_array_name: its name in messages.

    Returns:
        handle: a scalar that names it.
        flow: the first flow.

    Raises:
        InvalidArgumentError: if the size is negative.

    Source: TensorFlow's op.
    """
    made = Elements(
        tensor_array_name,
        dtype,
        int(size),
        element_shape,
        dynamic_size=dynamic_size,
        clear_after_read=clear_after_read,
        identical_shapes=identical_element_shapes,
    )
    return handle_of(made), NO_FLOW


@tensor_array_v3_op.shape
def tensor_array_v3_shape(size: Shape, **_: Any) -> list[Shape]:
    size.with_rank(0)
    return [Shape([2]), SCALAR]  # TensorFlow's handle was a pair of names


tensor_array_v3_op.no_gradient("its size is a whole number")

# --- TensorArrayGradV3, TensorArrayGradWithShape --------------------------------------------------


@op("TensorArrayGradV3", "stateful", outputs=("grad_handle", "flow_out"))
def tensor_array_grad_v3_op(
    handle: Resource, flow_in: float32, *, source: str
) -> tuple[Resource, float32]:
    """Give the TensorArray to which the gradients of another one's elements are added.

    Args:
        handle: of the other.
        flow_in: orders this behind what was written.
        source: which gradient: calls of the same source give the same TensorArray.

    Returns:
        grad_handle: its handle.
        flow_out: the flow.

    Source: TensorFlow's op.
    """
    return handle_of(elements_of(handle).gradient(source)), flow_in


@op("TensorArrayGradWithShape", "stateful", outputs=("grad_handle", "flow_out"))
def tensor_array_grad_with_shape_op(
    handle: Resource, flow_in: float32, shape_to_prepend: int32, *, source: str
) -> tuple[Resource, float32]:
    """Give a TensorArray for gradients whose elements have more dimensions in front.

    Args:
        handle: of the other.
        flow_in: orders this behind what was written.
        shape_to_prepend: a vector of sizes.
        source: which gradient.

    Returns:
        grad_handle: its handle.
        flow_out: the flow.

    Source: TensorFlow's op.
    """
    prefix = tuple(int(size) for size in shape_to_prepend)
    return handle_of(elements_of(handle).gradient(source, prefix)), flow_in


@tensor_array_grad_v3_op.shape
def tensor_array_grad_v3_shape(handle: Shape, flow_in: Shape, *, source: str) -> list[Shape]:
    return [Shape([2]), SCALAR]


@tensor_array_grad_with_shape_op.shape
def tensor_array_grad_with_shape_shape(
    handle: Shape, flow_in: Shape, shape_to_prepend: Shape, *, source: str
) -> list[Shape]:
    return [Shape([2]), SCALAR]


tensor_array_grad_v3_op.no_gradient("it makes a place for gradients")
tensor_array_grad_with_shape_op.no_gradient("it makes a place for gradients")


def gradient_array(handle: Tensor, flow: Tensor, of: Tensor) -> tuple[Tensor, Tensor]:
    """Return handle and flow of the TensorArray that collects the gradients of another one.

    Args:
        handle: of the other.
        flow: orders this.
        of: a gradient, whose name tells which call of `tf.gradients` it is made in.

    Raises:
        ValueError: if it is not made in a call whose name begins with "gradients".
    """
    graph = handle.graph
    with graph.name_scope("TensorArrayGrad"), graph.colocate_with(handle):
        made, _ = ops.tensor_array_grad_v3_op(handle, flow, source=gradient_source(of))
        with graph.control_dependencies([made]):
            return made, ops.identity_op(flow, name="gradient_flow")


def gradient_source(grad: Tensor) -> str:
    """Return the scope of the call of `tf.gradients` that made a tensor."""
    parts = grad.op.name.split("/")
    found = [i for i, part in enumerate(parts) if part.startswith("gradients")]
    if not found:
        raise ValueError(
            "Expected op/tensor name to start with gradients (excluding scope), got: "
            f"{grad.op.name}\n  hint: the gradient of a TensorArray needs a name of tf.gradients "
            "that begins with 'gradients'"
        )
    return "/".join(parts[: found[-1] + 1])


def written_first(op: Operation, flow: Tensor) -> Tensor:
    """Return the flow of a gradient, behind the forward operation that wrote."""
    done = ops.identity_op(op.outputs[0], name="flow_out")
    with op.graph.control_dependencies([done]):
        barrier: Tensor = ops.identity_op(flow, name="write_barrier")
    return barrier


# --- TensorArrayWriteV3 ---------------------------------------------------------------------------


@op("TensorArrayWriteV3", "stateful", T=ANY, outputs=("flow_out",))
def tensor_array_write_v3_op(handle: Resource, index: int32, value: T, flow_in: float32) -> float32:
    """Write an element.

    Args:
        handle: of the TensorArray.
        index: a scalar.
        value: T[...].
        flow_in: the flow.

    Returns:
        The flow behind the write.

    Raises:
        InvalidArgumentError: if the index is outside, the element was written or read, or the value
            does not fit.

    Source: TensorFlow's op.
    """
    elements = elements_of(handle)
    elements.check_value(value)
    elements.write(int(index), np.asarray(value))
    return flow_in


@tensor_array_write_v3_op.shape
def tensor_array_write_v3_shape(handle: Shape, index: Shape, value: Shape, flow_in: Shape) -> Shape:
    index.with_rank(0)
    return SCALAR


@tensor_array_write_v3_op.gradient
def tensor_array_write_v3_gradient(op: Operation, flow: Tensor) -> list[Tensor | None]:
    """Read what was added to the gradient of the element."""
    handle, index, value, _ = op.inputs
    flow = written_first(op, flow)
    array, inner = gradient_array(handle, flow, flow)
    grad = ops.tensor_array_read_v3_op(array, index, inner, dtype=value.dtype.base_dtype)
    return [None, None, grad, flow]


# --- TensorArrayReadV3 ----------------------------------------------------------------------------


@op("TensorArrayReadV3", "stateful", outputs=("value",))
def tensor_array_read_v3_op(
    handle: Resource, index: int32, flow_in: float32, *, dtype: DType
) -> dtype:
    """Read an element.

    Args:
        handle: of the TensorArray.
        index: a scalar.
        flow_in: the flow behind what has to be written before.
        dtype: of the element.

    Returns:
        dtype[...], the element; zeros if it was not written and its shape is known.

    Raises:
        InvalidArgumentError: if the index is outside, the element was cleared, or not written.

    Source: TensorFlow's op.
    """
    elements = elements_of(handle)
    elements.check_dtype(dtype)
    return elements.read(int(index))


@tensor_array_read_v3_op.shape
def tensor_array_read_v3_shape(
    handle: Shape, index: Shape, flow_in: Shape, *, dtype: DType
) -> Shape:
    index.with_rank(0)
    return Shape.unknown()


@tensor_array_read_v3_op.gradient
def tensor_array_read_v3_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    """Add to the gradient of the element."""
    handle, index, flow = op.inputs
    array, inner = gradient_array(handle, flow, grad)
    with op.graph.name_scope("TensorArrayWrite"):
        value = convert_to_tensor(grad, name="value")
        return [None, None, ops.tensor_array_write_v3_op(array, index, value, inner)]


# --- TensorArraySizeV3 ----------------------------------------------------------------------------


@op("TensorArraySizeV3", "stateful", outputs=("size",))
def tensor_array_size_v3_op(handle: Resource, flow_in: float32) -> int32:
    """Tell how many elements a TensorArray has.

    Args:
        handle: of the TensorArray.
        flow_in: the flow behind what may make it longer.

    Returns:
        A scalar.

    Source: TensorFlow's op.
    """
    return np.int32(len(elements_of(handle)))


@tensor_array_size_v3_op.shape
def tensor_array_size_v3_shape(handle: Shape, flow_in: Shape) -> Shape:
    return SCALAR


tensor_array_size_v3_op.no_gradient("a size is a whole number")

# --- TensorArrayCloseV3 ---------------------------------------------------------------------------


@op("TensorArrayCloseV3", "stateful")
def tensor_array_close_v3_op(handle: Resource) -> None:
    """Drop the elements of a TensorArray; nothing can be done with it afterwards.

    Source: TensorFlow's op.
    """
    elements_of(handle).close()


tensor_array_close_v3_op.no_gradient("it has no outputs")
