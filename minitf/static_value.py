"""Values known while the graph is built: `static_value(tensor)`, without running a kernel.

Whole numbers come as an object array of ints and UNKNOWN, so that `[tf.shape(x)[0], 784]` is known
in part; anything else as an ordinary array; None where nothing is known.  An op takes part by an
`@x.value` rule or `x.value_by_body()`.  Values of more than 1,024 elements are not followed.

Source: 2015 §2 (inference while the graph is built); TensorFlow's constant_value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from minitf.shapes import UNKNOWN, Unknown, known

if TYPE_CHECKING:
    from minitf.operation import Operation
    from minitf.tensor import Tensor

MOST_ELEMENTS = 1024
Value = np.ndarray[Any, Any] | None


def static_value(tensor: Tensor) -> Value:
    """Return what is known of a tensor's value, memoised.

    Whole numbers of known shape and unknown content come as that many UNKNOWNs.
    """
    size = tensor.static_shape.size
    if not isinstance(size, Unknown) and size > MOST_ELEMENTS:
        return None
    memo = _memo(tensor.op)
    if tensor.value_index not in memo:
        _evaluate(tensor)
    value: Value = memo[tensor.value_index]
    if value is None and tensor.dtype.is_integer and tensor.static_shape.is_full:
        sizes: Any = tensor.static_shape.dims
        value = np.full(sizes, UNKNOWN, object)
    return value


def _memo(op: Operation) -> dict[int, Any]:
    if op.static_values is None:
        op.static_values = {}
    return op.static_values


def _evaluate(tensor: Tensor) -> None:
    """Apply value rules to a tensor and before to what it is made of: a chain may be long.

    Rules look at their inputs by `static_value` too, and find them evaluated.
    """
    rest = [tensor]
    entered: set[Operation] = set()
    while rest:
        op, index = rest[-1].op, rest[-1].value_index
        memo = _memo(op)
        if index in memo:
            rest.pop()
        elif op in entered:
            memo[index] = op.definition.static_value(op, index)
        else:
            entered.add(op)
            rest += [each for each in op.inputs if _is_followed(op, each)]


def _is_followed(op: Operation, tensor: Tensor) -> bool:
    """Tell whether a rule may ask for the value of an input; Shape does not ask for floats."""
    rule = op.definition.value_rule
    return rule is not None and (tensor.dtype.is_integer or rule is op.definition.body)


def constant_value(tensor: Tensor) -> Value:
    """Return a tensor's value as an array of its dtype, or None unless all of it is known."""
    if tensor.op.type == "Const":
        return np.asarray(tensor.op.attrs["value"])  # however large
    if tensor.op.type == "Switch":
        return None  # a check of it must wait until its branch is taken
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
