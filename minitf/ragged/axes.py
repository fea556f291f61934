"""What functions of ragged tensors have in common: axes, types of splits, checks.

Source: TensorFlow 1.15's `ragged_util` and `ragged_tensor`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import dtypes, ops
from minitf.api.assertions import assert_equal
from minitf.api.constants import constant
from minitf.api.control import identity
from minitf.api.framework import control_dependencies
from minitf.ragged.tensor import RaggedTensor
from minitf.tensor import Tensor


def positive_axis(axis: Any, rank: int | None, name: str = "axis") -> int:
    """Return an axis counted from the front.

    Raises:
        TypeError: if it is no whole number.
        ValueError: if it is out of bounds, or counted from the back where the rank is not known.
    """
    if not isinstance(axis, int) or isinstance(axis, bool):
        raise TypeError(f"{name} must be an int; got {type(axis).__name__}")
    if rank is None:
        if axis < 0:
            raise ValueError(f"{name}={axis} may only be negative if ndims is statically known.")
        return axis
    if not -rank <= axis < rank:
        raise ValueError(f"{name}={axis} out of bounds: expected {-rank}<={name}<{rank}")
    return axis % rank


def match_row_splits_dtypes(*tensors: Any, return_dtype: bool = False) -> Any:
    """Check that all ragged tensors have splits of one type.

    Args:
        *tensors: RaggedTensors and anything else.
        return_dtype: whether the type is returned too.

    Returns:
        The tensors; or (type, tensors), the type int64 if none is ragged.

    Raises:
        ValueError: if there are both types.
    """
    found = {each.row_splits.dtype for each in tensors if isinstance(each, RaggedTensor)}
    if len(found) > 1:
        raise ValueError(
            "Input RaggedTensors have mismatched row_splits dtypes; use "
            "RaggedTensor.with_row_splits_dtype() to convert them to compatible dtypes."
        )
    dtype = found.pop() if found else dtypes.int64
    return (dtype, tensors) if return_dtype else tensors


def assert_splits_match(nested_splits_lists: Sequence[Sequence[Tensor]]) -> list[Any]:
    """Return operations that check that ragged tensors are cut in the same way.

    Raises:
        ValueError: if they differ in the number of ragged dimensions.
    """
    message = "Inputs must have identical ragged splits"
    first, *others = nested_splits_lists
    if any(len(each) != len(first) for each in others):
        raise ValueError(message)
    pairs = [(a, b) for each in others for a, b in zip(first, each, strict=True) if a is not b]
    return [assert_equal(a, b, message=message) for a, b in pairs]


def checked(checks: Sequence[Any], tensor: Any) -> Any:
    """Return a tensor whose value waits for checks."""
    checks = [each for each in checks if each is not None]
    if not checks:
        return tensor
    with control_dependencies(checks):
        if isinstance(tensor, RaggedTensor):
            return tensor.with_flat_values(identity(tensor.flat_values))
        return identity(tensor)


def lengths_to_splits(lengths: Tensor) -> Tensor:
    """Return where rows of these lengths begin, and the end of the last."""
    zero = constant([0], lengths.dtype)
    splits: Tensor = ops.concat_v2_op([zero, ops.cumsum_op(lengths, 0)], 0)
    return splits
