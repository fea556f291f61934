"""Gradients at the ends of a backward walk: ones or the given ones at ys, zeros at idle xs.

Source: 2015 §4.1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.autodiff.aggregation import Gradient
from minitf.composite import IndexedSlices
from minitf.static_value import rule_argument
from minitf.tensor import Tensor, hooks


def start(y: Tensor, grad: Gradient | None, number: int) -> Gradient:
    """Return the gradient to start with at y number `number`: the given one, or ones.

    Raises:
        TypeError: if none is given for a complex y, or the kinds of number do not fit.
    """
    if grad is None:
        return _ones(y, number)
    _check(y, grad)
    if isinstance(grad, Tensor):
        return ops.identity_op(grad, name=f"grad_ys_{number}")  # type: ignore[no-any-return]

    def named(part: Any, what: str) -> Any:
        return None if part is None else ops.identity_op(part, name=f"grad_ys_{number}_{what}")

    return IndexedSlices(
        indices=named(grad.indices, "indices"),
        values=named(grad.values, "values"),
        dense_shape=named(grad.dense_shape, "shape"),
    )


def _ones(y: Tensor, number: int) -> Tensor:
    dtype = y.dtype.base_dtype
    if dtype.is_complex:
        raise TypeError(f"Gradients of complex tensors must set grad_ys (y.dtype = {dtype!r})")
    if y.static_shape.is_full:
        shape = hooks.constant(np.array(y.static_shape.dims, np.int32), dtypes.int32, "Shape")
    else:
        shape = ops.shape_op(y)
    one = hooks.constant(np.ones((), dtype.numpy), dtype, f"grad_ys_{number}")
    made: Tensor = ops.fill_op(shape, one)
    return made


def _check(y: Tensor, grad: Gradient) -> None:
    """Raise TypeError unless a gradient given for a y is of a fitting kind of number."""
    have, want = grad.dtype.base_dtype, y.dtype.base_dtype
    if want.is_floating or want.is_integer:
        if not (have.is_floating or have.is_integer):
            raise TypeError(
                f"Gradient type {have.name} generated for real or integer-valued tensor {y} with "
                f"type {want.name} must be real or integer"
            )
    elif want.is_complex:
        if not have.is_complex:
            raise TypeError(
                f"Gradient type {have.name} generated for complex-valued tensor {y} with type "
                f"{want.name} must be real"
            )
    elif want is dtypes.resource:
        if have is dtypes.resource:
            raise TypeError(
                f"Input gradient {grad} for resource tensor {y} should not be a resource"
            )
    elif want is dtypes.variant:
        if have is not dtypes.variant:
            raise TypeError(f"Input gradient {grad} for variant tensor {y} should be a variant")
    else:
        raise TypeError(
            f"Tensor {y} with type {want.name} must be numeric to obtain a default gradient"
        )


def zeros_like(x: Tensor) -> Tensor:
    """Return zeros of the shape of an x; of a resource variable's value for its handle."""
    if x.dtype is not dtypes.resource:
        return ops.zeros_like_op(x, name="zeros_like")  # type: ignore[no-any-return]
    zero = np.zeros((), rule_argument(x).dtype.numpy)
    return ops.fill_op(ops.variable_shape_op(x), zero, name="zeros")  # type: ignore[no-any-return]
