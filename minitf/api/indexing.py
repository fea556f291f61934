"""NumPy's indexing of Tensors: `x[1:, ..., tf.newaxis, i, mask]`.

An index becomes one StridedSlice: each entry gives a place, an end and a step, which may be
Tensors, and bits say what kind of entry it is (`minitf.ops.array.slicing`).

Source: TensorFlow 1.15's Tensor.__getitem__ and tf.strided_slice.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.api.array import stack
from minitf.api.casting import cast
from minitf.api.constants import constant, ones_like
from minitf.api.framework import name_scope
from minitf.api.gathering import boolean_mask
from minitf.dtypes import as_dtype
from minitf.tensor import Tensor, hooks
from minitf.tensor_shape import Dimension

_PLAIN = (int, np.integer, Dimension)


def strided_slice(
    input_: Any,
    begin: Any,
    end: Any,
    strides: Any = None,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
    var: Any = None,
    name: str | None = None,
) -> Tensor:
    """Index as NumPy does, the index packed into vectors and bit masks.

    Args:
        input_: the tensor.
        begin: per entry of the index the first place, or the only one.
        end: per entry the bound, not included.
        strides: per entry the step; 1 by default.
        begin_mask: bit i: entry i begins at the near end.
        end_mask: bit i: entry i runs to the far end.
        ellipsis_mask: bit i: entry i is `...`.
        new_axis_mask: bit i: entry i is a new dimension of size 1.
        shrink_axis_mask: bit i: entry i is the integer begin[i].
        var: the variable whose value `input_` is; the slice of it can then be assigned to.
        name: name of the operation.
    """
    if strides is None:
        strides = ones_like(begin)
    made = ops.strided_slice_op(
        input_,
        begin,
        end,
        strides,
        begin_mask=begin_mask,
        end_mask=end_mask,
        ellipsis_mask=ellipsis_mask,
        new_axis_mask=new_axis_mask,
        shrink_axis_mask=shrink_axis_mask,
        name=name,
    )
    return made if var is None else var.assignable_slice(made)


def getitem(tensor: Tensor, key: Any) -> Tensor:
    """Index as NumPy does.

    Args:
        tensor: the tensor.
        key: an int, slice, `...`, newaxis or scalar integer Tensor, or a tuple of them; or a mask:
            a bool, or an array or Tensor of bools.

    Raises:
        TypeError: if an entry is of another kind.
    """
    if _is_mask(key):
        return boolean_mask(tensor, key)
    entries = list(key) if isinstance(key, (list, tuple)) else [key]
    begin: list[Any] = []
    end: list[Any] = []
    strides: list[Any] = []
    masks = dict.fromkeys(("begin", "end", "ellipsis", "new_axis", "shrink_axis"), 0)
    for i, entry in enumerate(entries):
        bounds, kinds = _entry(entry)
        for bound, vector in zip(bounds, (begin, end, strides), strict=True):
            vector.append(bound)
        for kind in kinds:
            masks[kind] |= 1 << i
    with name_scope(None, "strided_slice", [tensor, *begin, *end, *strides]) as scope:
        return ops.strided_slice_op(
            tensor,
            *_vectors(begin, end, strides),
            name=scope,
            **{f"{kind}_mask": bits for kind, bits in masks.items()},
        )


hooks.fill(getitem=getitem)


def _is_mask(key: Any) -> bool:
    if isinstance(key, (bool, np.bool_)):
        return True
    return isinstance(key, (Tensor, np.ndarray)) and as_dtype(key.dtype).base_dtype.is_bool


def _entry(entry: Any) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """Return the place, end and step of one entry of an index, and which masks name it."""
    if entry is Ellipsis:
        return (0, 0, 1), ("ellipsis",)
    if entry is None:
        return (0, 0, 1), ("new_axis",)
    if not isinstance(entry, slice):
        _check_index(entry)
        return (entry, entry + 1, 1), ("shrink_axis",)
    bounds, kinds = [], []
    for bound, default, kind in (
        (entry.start, 0, "begin"),
        (entry.stop, 0, "end"),
        (entry.step, 1, ""),
    ):
        if bound is None or (isinstance(bound, Dimension) and bound.value is None):
            bounds.append(default)
            kinds.append(kind)
        else:
            _check_index(bound)
            bounds.append(bound)
    return tuple(bounds), tuple(filter(None, kinds))


def _check_index(index: Any) -> None:
    if isinstance(index, _PLAIN):
        return
    dtype = getattr(index, "dtype", None)
    if dtype is not None and as_dtype(dtype).base_dtype in (dtypes.int32, dtypes.int64):
        shape = index.shape
        if (shape.rank if isinstance(index, Tensor) else len(shape)) in (None, 0):
            return
    raise TypeError(
        "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar "
        f"tf.int32/tf.int64 tensors are valid indices, got {index!r}"
    )


def _vectors(*columns: list[Any]) -> list[Tensor]:
    """Return begin, end and strides as vectors of one type: int64 if one of them is."""
    if not columns[0]:
        empty = constant([], dtypes.int32)
        return [empty] * len(columns)
    packed = [stack(column) for column in columns]
    if any(vector.dtype is dtypes.int64 for vector in packed):
        packed = [cast(vector, dtypes.int64) for vector in packed]
    return packed
