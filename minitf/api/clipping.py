"""Keeping values and norms within bounds, above all those of gradients.

Source: TensorFlow 1.15's functions of the same names; OSDI §4.1 (gradient clipping is user code).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import ops
from minitf.api.array import stack
from minitf.api.casting import cast
from minitf.api.constants import constant, ones_like
from minitf.api.control import identity
from minitf.api.framework import colocate_with, name_scope
from minitf.api.gathering import where
from minitf.api.math import maximum, minimum
from minitf.api.reductions import reduce_sum
from minitf.api.sequences import range as range_
from minitf.api.sizes import rank, size
from minitf.composite import IndexedSlices
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.dtypes import float32
from minitf.tensor import Tensor


@dispatchable
def clip_by_value(t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None) -> Any:
    """Return the nearest value in [clip_value_min, clip_value_max], element by element.

    Args:
        t: a Tensor or IndexedSlices.
        clip_value_min: a scalar, or shaped as `t`; likewise the next.
        clip_value_max: see above.
        name: name of the operation.

    Raises:
        ValueError: if a bound would broadcast `t` to another shape.
    """
    with name_scope(name, "clip_by_value", [t, clip_value_min, clip_value_max]) as scope:
        values = convert_to_tensor(_values(t), name="t")
        below = minimum(values, clip_value_max)
        values.shape.merge_with(below.shape)
        within = maximum(below, clip_value_min, name=scope)
        values.shape.merge_with(within.shape)
        return _like(t, within)


def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None, name: str | None = None) -> Any:
    """Scale a tensor down to a norm, if its own is greater.

    Args:
        t: a Tensor or IndexedSlices.
        clip_norm: the greatest L2 norm.
        axes: along which the norm is taken; all by default.
        name: name of the operation.
    """
    with name_scope(name, "clip_by_norm", [t, clip_norm]) as scope:
        values = convert_to_tensor(_values(t), name="t")
        total = reduce_sum(values * values, axes, keepdims=True)
        positive = total > 0
        # the root of 0 has no finite gradient, so it is taken of 1 there
        root = ops.sqrt_op(where(positive, total, ones_like(total)))
        norm = where(positive, root, total)
        scaled = values * clip_norm
        values.shape.merge_with(scaled.shape)
        return _like(t, identity(scaled / maximum(norm, clip_norm), name=scope))


def clip_by_average_norm(t: Any, clip_norm: Any, name: str | None = None) -> Tensor:
    """Scale a tensor down so that its norm divided by its number of elements is `clip_norm`.

    Args:
        t: the tensor.
        clip_norm: the greatest average norm.
        name: name of the operation.
    """
    with name_scope(name, "clip_by_average_norm", [t, clip_norm]) as scope:
        t = convert_to_tensor(t, name="t")
        count = cast(size(t), float32)
        inverse = ops.rsqrt_op(reduce_sum(t * t, range_(rank(t))))
        scaled = t * clip_norm
        factor = minimum(inverse * count, constant(1.0) / clip_norm)
        return identity(scaled * factor, name=scope)


def global_norm(t_list: Sequence[Any], name: str | None = None) -> Tensor:
    """Return the norm of all elements of several tensors together.

    Args:
        t_list: Tensors, IndexedSlices, or None, which counts nothing.
        name: name scope of the operations.

    Raises:
        TypeError: if `t_list` is no sequence.
    """
    t_list = _checked_list(t_list)
    with name_scope(name, "global_norm", t_list):
        halves = []
        for value in _each_value(t_list):
            if value is not None:
                with colocate_with(value):
                    halves.append(ops.l2_loss_op(value))
        half = reduce_sum(stack(halves))
        return ops.sqrt_op(half * constant(2.0, half.dtype.base_dtype), name="global_norm")


def clip_by_global_norm(
    t_list: Sequence[Any], clip_norm: Any, use_norm: Any = None, name: str | None = None
) -> tuple[list[Any], Tensor]:
    """Scale several tensors by one factor, so that their common norm is at most `clip_norm`.

    Args:
        t_list: Tensors, IndexedSlices, or None.
        clip_norm: the greatest norm.
        use_norm: the common norm, if it is known already.
        name: name scope of the operations.

    Returns:
        The scaled tensors (NaN if the norm is not finite), and the common norm.

    Raises:
        TypeError: if `t_list` is no sequence.
    """
    t_list = _checked_list(t_list)
    norm = global_norm(t_list, name) if use_norm is None else use_norm
    with name_scope(name, "clip_by_global_norm", [*t_list, clip_norm]) as scope:
        dtype = norm.dtype.base_dtype
        factor = clip_norm * minimum(1.0 / norm, constant(1.0, dtype) / clip_norm)
        factor = where(ops.is_finite_op(norm), factor, constant(float("nan"), dtype))
        clipped: list[Any] = []
        for i, (t, value) in enumerate(zip(t_list, _each_value(t_list), strict=True)):
            if value is None:
                clipped.append(None)
                continue
            with colocate_with(value):
                clipped.append(_like(t, identity(value * factor, name=f"{scope}_{i}")))
        return clipped, norm


def _checked_list(t_list: Any) -> list[Any]:
    if not isinstance(t_list, Sequence) or isinstance(t_list, (str, bytes)):
        raise TypeError("t_list should be a sequence")
    return list(t_list)


def _each_value(t_list: list[Any]) -> list[Tensor | None]:
    return [
        None if t is None else convert_to_tensor(_values(t), name=f"t_{i}")
        for i, t in enumerate(t_list)
    ]


def _values(t: Any) -> Any:
    return t.values if isinstance(t, IndexedSlices) else t


def _like(t: Any, values: Tensor) -> Any:
    """Return values in the form of `t`: as IndexedSlices if it is one."""
    return (
        IndexedSlices(values, t.indices, t.dense_shape) if isinstance(t, IndexedSlices) else values
    )
