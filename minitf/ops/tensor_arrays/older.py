"""TensorArrays of old graphs, whose handles are strings: refs of them, then plain ones (V2).

The ops are those on resource handles otherwise.  The second string of a handle is a `Name`, which
leads to the elements, so these live as long as a handle is on its way.  No gradients flow:
TensorFlow's rules make operations on resource handles, which strings are not.

Source: TensorFlow's deprecated ops of these names.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType, resource
from minitf.grammar import Arg
from minitf.op_def import CATALOGUE, OpDef, op
from minitf.ops.tensor_arrays.elements import Elements, NamedHandle, elements_of, names_of
from minitf.ops.tensor_arrays.single import (
    tensor_array_close_v3_op,
    tensor_array_read_v3_op,
    tensor_array_size_v3_op,
    tensor_array_write_v3_op,
)
from minitf.ops.tensor_arrays.together import (
    tensor_array_concat_v3_op,
    tensor_array_gather_v3_op,
    tensor_array_scatter_v3_op,
    tensor_array_split_v3_op,
)
from minitf.shapes import SCALAR, UNKNOWN, Shape
from minitf.symbols import Ref, T, dtype, float32, int32, string

_HANDLE = Shape([2])  # the container and the name
_NO_GRADIENT = "TensorFlow's rule makes operations on resource handles"

# --- TensorArray, TensorArrayV2 -------------------------------------------------------------------


@op("TensorArray", "stateful", deprecated=(16, "Use TensorArrayV3"), outputs=("handle",))
def tensor_array_op(
    size: int32,
    *,
    dtype: DType,
    dynamic_size: bool = False,
    clear_after_read: bool = True,
    tensor_array_name: str = "",
    element_shape: Shape = Shape.unknown(),
) -> Ref[string]:
    """Make a list of arrays, with a ref of strings for its handle.

    Args:
        size: a scalar: how many elements it has at first.
        dtype: of each element.
        dynamic_size: whether writing behind the end makes it longer.
        clear_after_read: whether an element may be read once only, and is freed then.
        tensor_array_name: its name in messages.
        element_shape: of each element, as far as it is known.

    Returns:
        Its handle: two strings.

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
    )
    return NamedHandle(made, "", made.name)


@op("TensorArrayV2", "stateful", deprecated=(26, "Use TensorArrayV3"), outputs=("handle",))
def tensor_array_v2_op(
    size: int32,
    *,
    dtype: DType,
    element_shape: Shape = Shape.unknown(),
    dynamic_size: bool = False,
    clear_after_read: bool = True,
    tensor_array_name: str = "",
) -> string:
    """Make a list of arrays, with strings for its handle.

    Args:
        size: a scalar: how many elements it has at first.
        dtype: of each element.
        element_shape: of each element, as far as it is known.
        dynamic_size: whether writing behind the end makes it longer.
        clear_after_read: whether an element may be read once only, and is freed then.
        tensor_array_name: its name in messages.

    Returns:
        Its handle: two strings.

    Raises:
        InvalidArgumentError: if the size is negative.

    Source: TensorFlow's op.
    """
    made: NamedHandle = tensor_array_op.body(
        size,
        dtype=dtype,
        dynamic_size=dynamic_size,
        clear_after_read=clear_after_read,
        tensor_array_name=tensor_array_name,
        element_shape=element_shape,
    )
    return made.read()


# --- TensorArrayGrad, TensorArrayGradV2 -----------------------------------------------------------


@op(
    "TensorArrayGrad",
    "stateful",
    deprecated=(16, "Use TensorArrayGradV3"),
    outputs=("grad_handle",),
)
def tensor_array_grad_op(handle: string, flow_in: float32, *, source: str) -> Ref[string]:
    """Give the TensorArray to which the gradients of another one's elements are added.

    Args:
        handle: of the other.
        flow_in: orders this behind what was written.
        source: which gradient: calls of the same source give the same TensorArray.

    Returns:
        Its handle: two strings.

    Source: TensorFlow's op.
    """
    made = elements_of(handle).gradient(source)
    return NamedHandle(made, "", made.name)


@op(
    "TensorArrayGradV2",
    "stateful",
    deprecated=(26, "Use TensorArrayGradV3"),
    outputs=("grad_handle",),
)
def tensor_array_grad_v2_op(handle: string, flow_in: float32, *, source: str) -> string:
    """Give the TensorArray to which the gradients of another one's elements are added.

    Args:
        handle: of the other.
        flow_in: orders this behind what was written.
        source: which gradient: calls of the same source give the same TensorArray.

    Returns:
        Its handle: two strings.

    Source: TensorFlow's op.
    """
    return names_of(elements_of(handle).gradient(source))


@tensor_array_op.shape
def tensor_array_shape(size: Shape, **_: Any) -> Shape:
    size.with_rank(0)
    return _HANDLE


@tensor_array_grad_op.shape
def tensor_array_grad_shape(handle: Shape, flow_in: Shape, *, source: str) -> Shape:
    return _HANDLE


tensor_array_v2_op.shape(tensor_array_shape)
tensor_array_grad_v2_op.shape(tensor_array_grad_shape)
tensor_array_op.no_gradient("its size is a whole number")
tensor_array_v2_op.no_gradient("its size is a whole number")
tensor_array_grad_op.no_gradient("it makes a place for gradients")
tensor_array_grad_v2_op.no_gradient("it makes a place for gradients")

# --- TensorArrayPack, TensorArrayUnpack -----------------------------------------------------------


@op(
    "TensorArrayPack",
    deprecated=(16, "Use TensorArrayGatherV3 with RangeOp"),
    outputs=("value",),
)
def tensor_array_pack_op(
    handle: Ref[string],
    flow_in: float32,
    *,
    dtype: DType,
    element_shape: Shape = Shape.unknown(),
) -> dtype:
    """Stack all elements along a new first axis.

    Args:
        handle: of the TensorArray.
        flow_in: the flow behind what has to be written before.
        dtype: of the elements.
        element_shape: their shape, needed in full where there are none.

    Returns:
        dtype[n, ...].

    Raises:
        InvalidArgumentError: if an element cannot be read, or shapes differ.
        UnimplementedError: if there are no elements and their shape is not known.

    Source: TensorFlow's op.
    """
    every = np.arange(len(elements_of(handle)), dtype=np.int32)
    return tensor_array_gather_v3_op.body(
        handle, every, flow_in, dtype=dtype, element_shape=element_shape
    )


@tensor_array_pack_op.shape
def tensor_array_pack_shape(
    handle: Shape, flow_in: Shape, *, dtype: DType, element_shape: Shape
) -> Shape:
    return Shape.unknown() if element_shape.dims is None else Shape([UNKNOWN, *element_shape])


tensor_array_pack_op.no_gradient("TensorFlow defines none", refuse=True)


@op(
    "TensorArrayUnpack",
    T=ANY,
    deprecated=(20, "Use TensorArrayScatterV3 with RangeOp"),
    outputs=("flow_out",),
)
def tensor_array_unpack_op(handle: Ref[string], value: T, flow_in: float32) -> float32:
    """Write the rows of an array to the elements, in order.

    Args:
        handle: of the TensorArray.
        value: T[n, ...].
        flow_in: the flow.

    Returns:
        The flow behind the writes.

    Raises:
        InvalidArgumentError: if there are not as many rows as elements, or an element cannot be
            written.

    Source: TensorFlow's op.
    """
    elements = elements_of(handle)
    if np.ndim(value):
        elements.fit(len(value))
    every = np.arange(len(elements), dtype=np.int32)
    return tensor_array_scatter_v3_op.body(handle, every, value, flow_in)


@tensor_array_unpack_op.shape
def tensor_array_unpack_shape(handle: Shape, value: Shape, flow_in: Shape) -> Shape:
    return SCALAR


tensor_array_unpack_op.no_gradient("TensorFlow defines none", refuse=True)

# --- what differs in the handle only --------------------------------------------------------------


def on_names(name: str, newer: OpDef, version: int, instead: str) -> OpDef:
    """Register the op that does to a handle of strings what `newer` does to a resource.

    Args:
        name: its registry name: with "V2" the strings are plain, else a ref of them.
        newer: the op on resource handles, complete with its rules.
        version: since which version of GraphDefs it is deprecated; 0 if it is not.
        instead: what to use.
    """
    function = newer.body

    def body(*inputs: Any, **attrs: Any) -> Any:
        return function(*inputs, **attrs)

    is_ref = not name.endswith("V2")
    body.__name__ = function.__name__.replace("_v3_op", "_op" if is_ref else "_v2_op")
    body.__doc__ = f"Do as {newer.name}, with strings for a handle.\n\nSource: TensorFlow's op."

    def named(arg: Arg) -> Arg:
        return replace(arg, dtype=string, is_ref=is_ref) if arg.dtype is resource else arg

    made = OpDef(
        name,
        body,
        tuple(map(named, newer.inputs)),
        newer.outputs,
        {attr.name: replace(attr) for attr in newer.attrs.values()},
        takes_context=False,
        deprecated=(version, instead) if version else None,
    )
    if newer.shape_rule is not None:
        made.shape(newer.shape_rule)
    if newer.gradient_rule:
        made.no_gradient(_NO_GRADIENT, refuse=True)
    else:
        made.no_gradient(newer.gradient_reason or "")
    CATALOGUE[name] = made
    return made


tensor_array_write_op = on_names(
    "TensorArrayWrite", tensor_array_write_v3_op, 16, "Use TensorArrayWriteV3"
)
tensor_array_write_v2_op = on_names(
    "TensorArrayWriteV2", tensor_array_write_v3_op, 26, "Use TensorArrayWriteV3"
)
tensor_array_read_op = on_names(
    "TensorArrayRead", tensor_array_read_v3_op, 16, "Use TensorArrayReadV3"
)
tensor_array_read_v2_op = on_names(
    "TensorArrayReadV2", tensor_array_read_v3_op, 26, "Use TensorArrayReadV3"
)
tensor_array_gather_op = on_names(
    "TensorArrayGather", tensor_array_gather_v3_op, 16, "Use TensorArrayGatherV3"
)
tensor_array_gather_v2_op = on_names(
    "TensorArrayGatherV2", tensor_array_gather_v3_op, 26, "Use TensorArrayGatherV3"
)
tensor_array_scatter_op = on_names(
    "TensorArrayScatter", tensor_array_scatter_v3_op, 19, "Use TensorArrayGradV3"
)
tensor_array_scatter_v2_op = on_names(
    "TensorArrayScatterV2", tensor_array_scatter_v3_op, 26, "Use TensorArrayScatterV3"
)
tensor_array_concat_op = on_names(
    "TensorArrayConcat", tensor_array_concat_v3_op, 16, "Use TensorArrayGradV3"
)
tensor_array_concat_v2_op = on_names("TensorArrayConcatV2", tensor_array_concat_v3_op, 0, "")
tensor_array_split_op = on_names(
    "TensorArraySplit", tensor_array_split_v3_op, 16, "Use TensorArraySplitV3"
)
tensor_array_split_v2_op = on_names(
    "TensorArraySplitV2", tensor_array_split_v3_op, 26, "Use TensorArraySplitV3"
)
tensor_array_size_op = on_names(
    "TensorArraySize", tensor_array_size_v3_op, 16, "Use TensorArraySizeV3"
)
tensor_array_size_v2_op = on_names(
    "TensorArraySizeV2", tensor_array_size_v3_op, 26, "Use TensorArraySizeV3"
)
tensor_array_close_op = on_names(
    "TensorArrayClose", tensor_array_close_v3_op, 16, "Use TensorArrayCloseV3"
)
tensor_array_close_v2_op = on_names(
    "TensorArrayCloseV2", tensor_array_close_v3_op, 26, "Use TensorArrayCloseV3"
)
