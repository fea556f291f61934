"""Summaries: values with tags, as messages for TensorBoard.

Source: 2015 §9.1 (summary operations); TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import REAL_NUMBERS
from minitf.errors import invalid
from minitf.op_def import op
from minitf.shapes import SCALAR, Shape
from minitf.symbols import T, string

Array = np.ndarray[Any, Any]

# --- ScalarSummary --------------------------------------------------------------------------------


@op("ScalarSummary", T=REAL_NUMBERS, outputs=("summary",))
def scalar_summary_op(tags: string, values: T) -> string:
    """Write numbers with their tags as a Summary message.

    Args:
        tags: string[...].
        values: T[...] of the same shape, a number for each tag.

    Returns:
        string[], the serialized message.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: TensorFlow's op of the same name.
    """
    from minitf import protos

    if tags.shape != values.shape:
        shapes = [str(Shape(array.shape)).replace(" ", "") for array in (tags, values)]
        tag = f" (tag '{tags.item().decode(errors='replace')}')" if tags.size == 1 else ""
        raise invalid(f"tags and values are not the same shape: {' != '.join(shapes)}{tag}")
    message = protos.Summary()
    for tag, value in zip(tags.flat, values.flat, strict=True):
        message.value.add(tag=tag.decode("utf-8", "replace"), simple_value=np.float32(value))
    return np.array(message.SerializeToString(), object)


@scalar_summary_op.shape
def scalar_summary_shape(tags: Shape, values: Shape) -> Shape:
    return SCALAR


scalar_summary_op.no_gradient("a message has no slope")
