"""A function of rows, called for each row of several tensors.

Source: TensorFlow 1.15, `map_defun`.
"""

from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.errors import invalid
from minitf.grammar import Function
from minitf.op_def import op
from minitf.ops.data.batching import stacked
from minitf.ops.data.functional import CAPTURED
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.ops.functions.calls import caller
from minitf.resources import Context
from minitf.shapes import UNKNOWN, Shape, must_equal
from minitf.symbols import Targuments, Tcaptured, TypeList, output_types

Array = np.ndarray[Any, Any]

# --- MapDefun ------------------------------------------------------------------------------------


@op(
    "MapDefun",
    Targuments=TYPES,
    Tcaptured=CAPTURED.default(()),
    output_types=TYPES,
    output_shapes=SHAPES,
)
def map_defun_op(
    arguments: TypeList[Targuments],
    captured_inputs: TypeList[Tcaptured],
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    f: Function,
    max_intra_op_parallelism: int = 1,
    context: Context,
) -> TypeList[output_types]:
    """Call a function for each row of several tensors, and stack what it gives.

    Args:
        arguments: [n, ...] each.
        captured_inputs: what the function gets besides.
        output_types, output_shapes: of what it gives.
        f: gets a row of each.
        max_intra_op_parallelism: accepted for compatibility.

    Returns:
        [n, ...] for each of what it gives.

    Raises:
        InvalidArgumentError: if there are not equally many rows, or what is given differs in shape.

    Source: TensorFlow's op of the same name.
    """
    call = caller(context, f)
    count = len(arguments[0])
    if any(len(each) != count for each in arguments):
        raise invalid("All inputs must have the same dimension 0.")
    rows = [
        tuple(call(*[each[i, ...] for each in arguments], *captured_inputs)) for i in range(count)
    ]
    if rows:
        return list(stacked(rows))
    return [
        np.empty([0, *[0 if size is UNKNOWN else size for size in shape.dims or ()]], dtype.numpy)
        for dtype, shape in zip(output_types, output_shapes, strict=True)
    ]


@map_defun_op.shape
def map_defun_shape(
    arguments: list[Shape],
    captured_inputs: list[Shape],
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    f: Function,
    max_intra_op_parallelism: int,
) -> list[Shape]:
    count: Any = UNKNOWN
    for shape in arguments:
        if shape.dims is None:
            continue
        if not shape.dims:
            raise invalid("All inputs must have rank at least 1")
        count = must_equal(count, shape[0], "Arguments must have the same dimension 0.")
    return [
        Shape.unknown() if shape.dims is None else Shape([count, *shape]) for shape in output_shapes
    ]


map_defun_op.no_gradient("TensorFlow defines none", refuse=True)
