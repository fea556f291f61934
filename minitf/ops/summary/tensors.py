"""Summaries of whole tensors, and several summaries as one.

Source: 2015 §9.1; TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import protos, tensor_proto
from minitf.dtypes import ANY, by_numpy
from minitf.dtypes import string as string_type
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.ops.summary.messages import MESSAGE, serialized, tag_of
from minitf.resources import Context
from minitf.shapes import SCALAR, Shape
from minitf.symbols import List, N, T, string

Array = np.ndarray[Any, Any]

# --- TensorSummary, TensorSummaryV2 ---------------------------------------------------------------


@op("TensorSummary", T=ANY, outputs=("summary",))
def tensor_summary_op(
    tensor: T,
    *,
    description: str = "",
    labels: tuple[str, ...] = (),
    display_name: str = "",
    context: Context,
) -> string:
    """Write a tensor as a Summary message that tells the operation's name.

    Args:
        tensor: T[...].
        description: a SummaryDescription as JSON, for who reads the graph.
        labels: not used.
        display_name: not used.

    Returns:
        string[], the serialized message.

    Source: TensorFlow's op of the same name.
    """
    value = protos.Summary.Value(node_name=context.node_name, tensor=_proto(tensor))
    return serialized(protos.Summary(value=[value]))


@tensor_summary_op.shape
def tensor_summary_shape(tensor: Shape, **_: Any) -> Shape:
    return SCALAR


tensor_summary_op.no_gradient(MESSAGE)


@op("TensorSummaryV2", T=ANY, outputs=("summary",))
def tensor_summary_v2_op(tag: string, tensor: T, serialized_summary_metadata: string) -> string:
    """Write a tensor as a Summary message, for the plugin of TensorBoard that the metadata names.

    Args:
        tag: string scalar.
        tensor: T[...].
        serialized_summary_metadata: string scalar, a SummaryMetadata; one that cannot be read is
            taken for an empty one.

    Returns:
        string[], the serialized message.

    Raises:
        InvalidArgumentError: if the tag or the metadata are no scalars.

    Source: TensorFlow's op of the same name.
    """
    from google.protobuf.message import DecodeError

    name = tag_of(tag, "tag must be scalar")
    if serialized_summary_metadata.ndim:
        raise invalid("serialized_summary_metadata must be scalar")
    try:
        metadata = protos.SummaryMetadata.FromString(serialized_summary_metadata.item())
    except DecodeError:
        metadata = protos.SummaryMetadata()
    value = protos.Summary.Value(tag=name, tensor=_proto(tensor), metadata=metadata)
    return serialized(protos.Summary(value=[value]))


def _proto(tensor: Array) -> Any:
    """Return a tensor as a message: strings one by one, all else as bytes."""
    dtype = by_numpy(tensor.dtype)
    encode = tensor_proto.encode if dtype is string_type else tensor_proto.encode_content
    return encode(tensor, dtype)


@tensor_summary_v2_op.shape
def tensor_summary_v2_shape(tag: Shape, tensor: Shape, metadata: Shape) -> Shape:
    return SCALAR


tensor_summary_v2_op.no_gradient(MESSAGE)

# --- MergeSummary ---------------------------------------------------------------------------------


@op("MergeSummary", N=at_least(1), outputs=("summary",))
def merge_summary_op(inputs: List[string, N]) -> string:
    """Join Summary messages to one.

    Args:
        inputs: string[...] each, serialized messages.

    Returns:
        string[], the message with all their values.

    Raises:
        InvalidArgumentError: if an input is no Summary, or a tag comes twice.

    Source: TensorFlow's op of the same name.
    """
    from google.protobuf.message import DecodeError

    merged, tags = protos.Summary(), set()
    for text in (text for array in inputs for text in array.flat):
        try:
            values = protos.Summary.FromString(text).value
        except DecodeError:
            raise invalid("Could not parse one of the summary inputs") from None
        for value in values:
            if value.tag and value.tag in tags:
                raise invalid(f"Duplicate tag {value.tag} found in summary inputs")
            tags.add(value.tag)
        merged.value.extend(values)
    return serialized(merged)


@merge_summary_op.shape
def merge_summary_shape(inputs: list[Shape]) -> Shape:
    return SCALAR


merge_summary_op.no_gradient(MESSAGE)
