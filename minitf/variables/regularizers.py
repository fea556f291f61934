"""Regularizers: functions that make of a variable's value a loss to be added to the others.

Source: TensorFlow 1.15's `tf.contrib.layers.l1_regularizer` and its kin.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.framework import name_scope
from minitf.api.math import abs as absolute
from minitf.api.math import add_n, multiply
from minitf.api.reductions import reduce_sum
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor

Regularizer = Callable[[Any], Tensor | None]


def no_regularizer(_: Any) -> None:
    """Give no loss: a scope with this regularizer shields its variables from an outer one."""


def l1_regularizer(scale: float, scope: str | None = None) -> Regularizer:
    """Return a function that gives `scale * sum(|w|)`; 0 gives no loss.

    Args:
        scale: the factor, >= 0.
        scope: name of the loss's scope.

    Raises:
        ValueError: if `scale` is a whole number or negative.
    """
    scale = _checked(scale)
    if scale == 0.0:
        return lambda _: None

    def loss(weights: Any) -> Tensor:
        with name_scope(scope, "l1_regularizer", [weights]) as name:
            weights = convert_to_tensor(weights)
            return multiply(_like(scale, weights), reduce_sum(absolute(weights)), name=name)

    return loss


def l2_regularizer(scale: float, scope: str | None = None) -> Regularizer:
    """Return a function that gives `scale * sum(w^2) / 2`; 0 gives no loss.

    Args:
        scale: the factor, >= 0.
        scope: name of the loss's scope.

    Raises:
        ValueError: if `scale` is a whole number or negative.
    """
    scale = _checked(scale)
    if scale == 0.0:
        return lambda _: None

    def loss(weights: Any) -> Tensor:
        from minitf import ops

        with name_scope(scope, "l2_regularizer", [weights]) as name:
            weights = convert_to_tensor(weights)
            return multiply(_like(scale, weights), ops.l2_loss_op(weights), name=name)

    return loss


def l1_l2_regularizer(
    scale_l1: float = 1.0, scale_l2: float = 1.0, scope: str | None = None
) -> Regularizer:
    """Return a function that gives the sum of both; a scale may be 0.

    Raises:
        ValueError: if a scale is negative or a whole number by its type.
    """
    _check_is_no_integer(scale_l1, "scale_l1")
    _check_is_no_integer(scale_l2, "scale_l2")
    scope = scope or "l1_l2_regularizer"
    if scale_l1 == 0.0:
        return l2_regularizer(scale_l2, scope)
    if scale_l2 == 0.0:
        return l1_regularizer(scale_l1, scope)
    both = sum_regularizer([l1_regularizer(scale_l1), l2_regularizer(scale_l2)], scope)
    assert both is not None
    return both


def sum_regularizer(
    regularizer_list: Sequence[Regularizer | None], scope: str | None = None
) -> Regularizer | None:
    """Return a function that gives the sum of the losses of several; None if there are none."""
    regularizers = [each for each in regularizer_list if each is not None]
    if not regularizers:
        return None

    def loss(weights: Any) -> Tensor | None:
        with name_scope(scope, "sum_regularizer", [weights]) as name:
            losses = [each for each in (make(weights) for make in regularizers) if each is not None]
            return add_n(losses, name=name) if losses else None

    return loss


def _check_is_no_integer(scale: float, name: str = "scale") -> None:
    if isinstance(scale, numbers.Integral):
        raise ValueError(f"{name} cannot be an integer: {scale}")


def _checked(scale: float) -> float:
    _check_is_no_integer(scale)
    if not math.isfinite(scale) or scale < 0.0:
        raise ValueError(f"Setting a scale less than 0 on a regularizer: {scale:g}")
    return float(scale)


def _like(scale: float, weights: Tensor) -> Tensor:
    return convert_to_tensor(scale, weights.dtype.base_dtype, name="scale")
