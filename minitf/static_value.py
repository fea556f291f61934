"""Values known while the graph is built: `static_value(tensor)`, without running a kernel.

Whole numbers come as an object array of ints and UNKNOWN, so that `[tf.shape(x)[0], 784]` is known
in part; anything else as an ordinary array; None where nothing is known.  An op takes part by an
`@x.value` rule or `x.value_by_body()`.  Values of more than 1,024 elements are not followed.

Source: 2015 §2 (inference while the graph is built); TensorFlow's constant_value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from minitf.shapes import UNKNOWN, known

if TYPE_CHECKING:
    from minitf.tensor import Tensor

MOST_ELEMENTS = 1024
Value = np.ndarray[Any, Any] | None


def static_value(tensor: Tensor) -> Value:
    """Return what is known of a tensor's value, memoised.

    Whole numbers of known shape and unknown content come as that many UNKNOWNs.
    """
    op = tensor.op
    if op.static_values is None:
        op.static_values = {}
    memo = op.static_values
    index = tensor.value_index
    if index not in memo:
        memo[index] = op.definition.static_value(op, index)
    value: Value = memo[index]
    if value is None and tensor.dtype.is_integer and tensor.static_shape.is_full:
        sizes: Any = tensor.static_shape.dims
        if int(np.prod(sizes)) <= MOST_ELEMENTS:
            value = np.full(sizes, UNKNOWN, object)
    return value


def constant_value(tensor: Tensor) -> Value:
    """Return a tensor's value as an array of its dtype, or None unless all of it is known."""
    value = static_value(tensor)
    if value is None or (value.dtype == object and not known(*value.flat)):
        return None
    return value.astype(tensor.dtype.numpy) if tensor.dtype.is_integer else value


def rule_argument(tensor: Tensor) -> Any:
    """Return a static value as shape rules take it: int, tuple, array, or None."""
    value = static_value(tensor)
    if value is None:
        return None
    if value.ndim == 0:
        item = value.item() if value.dtype != object else value[()]
        return None if item is UNKNOWN else item
    return tuple(value.tolist()) if value.ndim == 1 else value
