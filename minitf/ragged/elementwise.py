"""Functions of single elements, applied to ragged tensors: one by one, or in pairs that broadcast.

Source: TensorFlow 1.15's `tf.ragged.map_flat_values` and its dispatch of elementwise functions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.convert import convert_to_tensor
from minitf.ragged.axes import assert_splits_match, checked, match_row_splits_dtypes
from minitf.ragged.shapes import RaggedTensorDynamicShape, broadcast_dynamic_shape, broadcast_to
from minitf.ragged.tensor import RaggedTensor, as_tensor_or_ragged
from minitf.ragged.value import RaggedTensorValue


def map_flat_values(op: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function with the flat values of ragged tensors, and cut what it gives as they are.

    Args:
        op: returns a tensor whose first size is that of the flat values.
        *args: its arguments; those that are ragged, also in lists, are cut in the same way.
        **kwargs: others by name.

    Returns:
        A RaggedTensor; what `op` returns if nothing is ragged.

    Raises:
        ValueError: if the ragged tensors differ in the number of ragged dimensions, or what `op`
            returns cannot be cut so.
        InvalidArgumentError: if they are cut in different ways.
    """
    found: list[RaggedTensor] = []

    def flat(value: Any) -> Any:
        if isinstance(value, RaggedTensorValue):
            value = as_tensor_or_ragged(value)
        if isinstance(value, RaggedTensor):
            found.append(value)
            return value.flat_values
        if isinstance(value, (list, tuple)):
            return [flat(each) for each in value]
        return value

    inner_args = [flat(each) for each in args]
    inner_kwargs = {name: flat(each) for name, each in kwargs.items()}
    if not found:
        return op(*args, **kwargs)
    match_row_splits_dtypes(*found)
    checks = assert_splits_match([each.nested_row_splits for each in found])
    values = convert_to_tensor(op(*inner_args, **inner_kwargs))
    for each in found:
        if not each.flat_values.shape[:1].is_compatible_with(values.shape[:1]):
            raise ValueError(
                "tf.ragged.map_flat_values requires that the output of `op` have the same "
                "outer-dimension size as flat_values of any ragged inputs. (output shape: "
                f"{values.shape}; expected outer dimension size: {each.flat_values.shape[:1]})"
            )
    return found[0].with_flat_values(checked(checks, values))


def of_one(op: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function of one tensor, the first argument, which is ragged."""
    if args:
        rows = as_tensor_or_ragged(args[0])
        return rows.with_flat_values(op(rows.flat_values, *args[1:], **kwargs))
    return map_flat_values(op, **kwargs)


def of_two(op: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function of two tensors, the first arguments, which broadcast."""
    names = [each for each in kwargs if each != "name"][: max(2 - len(args), 0)]
    x, y = *args[:2], *(kwargs.pop(each) for each in names)
    if isinstance(x, (RaggedTensor, RaggedTensorValue)):
        x = as_tensor_or_ragged(x)
        y = as_tensor_or_ragged(y, preferred_dtype=x.dtype, name="y")
    else:
        y = as_tensor_or_ragged(y)
        x = as_tensor_or_ragged(x, preferred_dtype=y.dtype, name="x")
    x, y = match_row_splits_dtypes(x, y)
    if _must_broadcast(x, y):
        shape = broadcast_dynamic_shape(
            RaggedTensorDynamicShape.from_tensor(x), RaggedTensorDynamicShape.from_tensor(y)
        )
        x = broadcast_to(x, shape, broadcast_inner_dimensions=False)
        y = broadcast_to(y, shape, broadcast_inner_dimensions=False)
    flat = [each.flat_values if isinstance(each, RaggedTensor) else each for each in (x, y)]
    values = op(*flat, *args[2:], **kwargs)
    return (x if isinstance(x, RaggedTensor) else y).with_flat_values(values)


def _must_broadcast(x: Any, y: Any) -> bool:
    """Tell whether tensors are not cut in the same way already, nor one fits an inner value."""
    if isinstance(x, RaggedTensor) and isinstance(y, RaggedTensor):
        mine, theirs = x.nested_row_splits, y.nested_row_splits
        same = len(mine) == len(theirs) and all(map(lambda a, b: a is b, mine, theirs))
        return not same
    rows, tensor = (x, y) if isinstance(x, RaggedTensor) else (y, x)
    inner, rank = rows.flat_values.shape.ndims, tensor.shape.ndims
    return rank != 0 and (inner is None or rank is None or inner <= rank)
