"""A call of a function of rows that may be joined with others: each is a batch by itself here.

TensorFlow joins what the steps of several threads ask for at once.  A function of rows gives the
same rows whatever they are joined with, so here nothing waits.  A batch is filled up to the next
allowed size with copies of its first row, whose results are dropped.

Source: TensorFlow's op of the same name.
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType
from minitf.errors import invalid
from minitf.grammar import Function
from minitf.op_def import op
from minitf.ops.functions.calls import caller
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import Tcaptured, Tin, Tout, TypeList

Array = np.ndarray[Any, Any]


@op(
    "BatchFunction",
    Tin=ANY.at_least(1),
    Tcaptured=ANY.at_least(0),
    Tout=ANY.at_least(1),
    outputs=("out_tensors",),
)
def batch_function_op(
    in_tensors: TypeList[Tin],
    captured_tensors: TypeList[Tcaptured],
    *,
    f: Function,
    num_batch_threads: int,
    max_batch_size: int,
    batch_timeout_micros: int,
    max_enqueued_batches: int = 10,
    allowed_batch_sizes: tuple[int, ...] = (),
    container: str = "",
    shared_name: str = "",
    batching_queue: str = "",
    Tout: tuple[DType, ...],
    context: Context,
) -> TypeList[Tout]:
    """Call a function of rows.

    Args:
        in_tensors: arrays of as many rows.
        captured_tensors: what the function takes besides.
        f: the function, which gives as many rows as it takes.
        num_batch_threads, batch_timeout_micros, max_enqueued_batches: accepted: no call waits.
        max_batch_size: the most rows.
        allowed_batch_sizes: growing; the last is the most rows.
        container, shared_name, batching_queue: accepted.
        Tout: the types of its results.

    Returns:
        Its results.

    Raises:
        InvalidArgumentError: if there are different numbers of rows, or too many.

    Source: TensorFlow's op of the same name.
    """
    count = _rows_of(in_tensors, max_batch_size, allowed_batch_sizes)
    size = next((each for each in allowed_batch_sizes if each >= count), count) if count else 0
    filled = [_filled(each, size) for each in in_tensors]
    return [each[:count] for each in caller(context, f)(*filled, *captured_tensors)]


def _rows_of(arrays: list[Array], most: int, allowed: tuple[int, ...]) -> int:
    """Return how many rows arrays have."""
    if allowed and (list(allowed) != sorted(set(allowed)) or allowed[-1] != most):
        raise invalid(
            "allowed_batch_sizes entries must be monotonically increasing, and the last one must "
            f"equal max_batch_size: {list(allowed)}, {most}"
        )
    if any(each.ndim == 0 for each in arrays):
        raise invalid("Batching input tensors must have at least one dimension")
    sizes = sorted({each.shape[0] for each in arrays})
    if len(sizes) > 1:
        raise invalid(
            "Batching input tensors supplied in a given op invocation must have equal "
            f"0th-dimension size: {sizes}"
        )
    if sizes[0] > most:
        raise invalid(f"Task size {sizes[0]} is larger than maximum input batch size {most}")
    return int(sizes[0])


def _filled(array: Array, size: int) -> Array:
    """Return an array with copies of its first row up to a size."""
    if size <= len(array):
        return array
    return np.concatenate([array, np.repeat(array[:1], size - len(array), axis=0)])


@batch_function_op.shape
def batch_function_shape(*_: Any, Tout: tuple[DType, ...], **__: Any) -> list[Shape]:
    """Return nothing known: the function decides."""
    return [Shape.unknown()] * len(Tout)


batch_function_op.no_gradient("TensorFlow defines none", refuse=True)
