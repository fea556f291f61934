"""Sums of several arrays of one shape.

Source: 2015 Table 1, row "Element-wise mathematical operations"; §4.1 (partial gradients add up).
"""

from functools import reduce
from typing import Any

import numpy as np

from minitf.dtypes import NUMBERS, types
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.ops.lists.tensor_list import TensorList, sum_of_lists
from minitf.ops.precision import wide
from minitf.shapes import Shape, merge
from minitf.symbols import List, N, T
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]


def _sum_of(inputs: list[Array]) -> Array:
    first = inputs[0]
    if any(each.shape != first.shape for each in inputs):
        shapes = ", ".join(str(list(each.shape)) for each in inputs)
        raise invalid(f"Inputs to operation AddN must have the same size and shape. Got: {shapes}")
    if len(inputs) == 1:
        return first
    total = np.asarray(np.add(wide(first), wide(inputs[1])))
    for each in inputs[2:]:
        np.add(total, wide(each), out=total)
    return total.astype(first.dtype, copy=False)


def _merged(inputs: list[Shape]) -> Shape:
    return reduce(lambda a, b: merge(b, a), reversed(inputs))


# --- AddN --------------------------------------------------------------------------------------


@op(
    "AddN",
    "commutative",
    "aggregate",
    T=NUMBERS | types("variant"),
    N=at_least(1),
    outputs=("sum",),
)
def add_n_op(inputs: List[T, N]) -> T:
    """Add arrays element by element, from the first to the last; no broadcasting.

    Args:
        inputs: N >= 1 arrays of one shape, or lists of as many tensors.

    Returns:
        Their sum.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: 2015 §4.1.
    """
    return sum_of_lists(inputs) if isinstance(inputs[0], TensorList) else _sum_of(inputs)


@add_n_op.shape
def add_n_shape(inputs: list[Shape]) -> Shape:
    return _merged(inputs)


@add_n_op.gradient
def add_n_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [grad] * len(op.inputs)


# --- AccumulateNV2 -----------------------------------------------------------------------------


@op("AccumulateNV2", "commutative", "aggregate", T=NUMBERS, N=at_least(1), outputs=("sum",))
def accumulate_nv2_op(inputs: List[T, N], *, shape: Shape) -> T:
    """Add arrays element by element; the result's shape is stated beforehand.

    Args:
        inputs: N >= 1 arrays of one shape.
        shape: what is known of it.

    Returns:
        Their sum.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: 2015 §4.1.
    """
    return _sum_of(inputs)


@accumulate_nv2_op.shape
def accumulate_nv2_shape(inputs: list[Shape], *, shape: Shape) -> Shape:
    return merge(_merged(inputs), shape)


@accumulate_nv2_op.gradient
def accumulate_nv2_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [grad] * len(op.inputs)
