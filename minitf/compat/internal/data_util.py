"""`tensorflow.python.data.util`: `convert`, `random_seed` and `traverse`.

Source: TensorFlow 1.15's modules of the same names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import ops
from minitf.api.constants import constant
from minitf.api.framework import name_scope
from minitf.api.random import get_seed as seeds_of_graph
from minitf.convert import convert_to_tensor
from minitf.dtypes import int64, variant
from minitf.operation import Operation
from minitf.shapes import as_shape
from minitf.tensor import Tensor

_NOT_BOTH_ZERO = 2**31 - 1


def optional_param_to_tensor(
    argument_name: str,
    argument_value: Any,
    argument_default: Any = 0,
    argument_dtype: Any = int64,
) -> Tensor:
    """Return an argument as a Tensor, or its default if it is None."""
    value = argument_default if argument_value is None else argument_value
    return convert_to_tensor(value, argument_dtype, name=argument_name)


def partial_shape_to_tensor(shape_like: Any) -> Tensor:
    """Return a shape as an int64 vector, in which -1 is an unknown size.

    Raises:
        ValueError: if it is no vector.
        TypeError: if it is of another type.
    """
    if not isinstance(shape_like, Tensor):
        try:
            sizes = as_shape(shape_like).as_list()
        except (TypeError, ValueError):
            sizes = None
        if sizes is not None:
            filled = [-1 if size is None else size for size in sizes]
            return convert_to_tensor(np.array(filled, np.int64), int64)
    made = convert_to_tensor(shape_like, preferred_dtype=int64)
    if made.static_shape.rank not in (None, 1):
        raise ValueError(
            f"The given shape {shape_like} must be a 1-D tensor of tf.int64 values, but the shape "
            f"was {made.shape}."
        )
    if made.dtype is not int64:
        raise TypeError(
            f"The given shape {shape_like} must be a 1-D tensor of tf.int64 values, but the "
            f"element type was {made.dtype.name}."
        )
    return made


def get_seed(seed: Any) -> tuple[Tensor, Tensor]:
    """Return the two seeds of a dataset as Tensors; 0 and 0 if nobody gave any.

    Args:
        seed: a number, a Tensor or None.
    """
    first, second = seeds_of_graph(seed)
    one = constant(0, int64, name="seed") if first is None else convert_to_tensor(first, int64)
    if second is None:
        return one, constant(0, int64, name="seed2")
    with name_scope("seed2"):
        other = convert_to_tensor(second, int64)
        both_zero = ops.logical_and_op(ops.equal_op(one, 0), ops.equal_op(other, 0))
        return one, ops.select_op(both_zero, constant(_NOT_BOTH_ZERO, int64), other)


def obtain_all_variant_tensor_ops(dataset: Any) -> list[Operation]:
    """Return the operations that give the datasets that a dataset is made of, itself first."""
    waiting: list[Operation] = [dataset.variant_tensor.op]
    for operation in waiting:  # grows
        waiting += [each.op for each in operation.inputs if each.op not in waiting]
    return [each for each in waiting if each.outputs and each.outputs[0].dtype is variant]
