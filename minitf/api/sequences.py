"""Arrays that a rule describes: sequences, grids, masks, one-hot rows, identity matrices.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.api.array import concat, expand_dims, reshape, stack
from minitf.api.casting import cast
from minitf.api.constants import constant, ones, zeros
from minitf.api.diagonals import matrix_diag, matrix_set_diag
from minitf.api.framework import name_scope
from minitf.api.sizes import size
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.dtypes import as_dtype
from minitf.tensor import Tensor

_RANGE_TYPES = [dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64]


def range(
    start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str = "range"
) -> Tensor:
    """Count from `start` in steps of `delta`, stopping before `limit`.

    Args:
        start: the first number; if `limit` is None, the bound, and counting begins at 0.
        limit: the bound, not included.
        delta: the step.
        dtype: the type; by default the widest of the three.
        name: name of the operation.
    """
    if limit is None:
        start, limit = 0, start
    with name_scope(name, "Range", [start, limit, delta]) as scope:
        bounds = [
            convert_to_tensor(each, dtype if not isinstance(each, Tensor) else None, what)
            for each, what in ((start, "start"), (limit, "limit"), (delta, "delta"))
        ]
        if dtype is None:
            dtype = max((each.dtype.base_dtype for each in bounds), key=_RANGE_TYPES.index)
        return ops.range_op(*[cast(each, dtype) for each in bounds], name=scope)


def lin_space(start: Any, stop: Any, num: Any, name: str | None = None) -> Tensor:
    """Return `num` evenly spaced numbers from `start` to `stop`, both included."""
    return ops.lin_space_op(start, stop, num, name=name)


linspace = lin_space


def meshgrid(*args: Any, **kwargs: Any) -> list[Tensor]:
    """Return coordinates of the points of a grid: one array per axis.

    Args:
        args: the coordinates along each axis.
        kwargs: `indexing`: "xy" (the first axis is the second dimension) or "ij"; `name`.
    """
    indexing = kwargs.pop("indexing", "xy")
    name = kwargs.pop("name", "meshgrid")
    if kwargs:
        raise TypeError(f"'{next(iter(kwargs))}' is an invalid keyword argument for this function")
    if indexing not in ("xy", "ij"):
        raise ValueError("indexing parameter must be either 'xy' or 'ij'")
    with name_scope(name, "meshgrid", args):
        count = len(args)
        if not count:
            return []
        axes = [
            reshape(stack(x), (1,) * i + (-1,) + (1,) * (count - 1 - i)) for i, x in enumerate(args)
        ]
        sizes = [size(x) for x in args]
        dtype = convert_to_tensor(args[0]).dtype.base_dtype
        if indexing == "xy" and count > 1:
            axes[0] = reshape(axes[0], (1, -1) + (1,) * (count - 2))
            axes[1] = reshape(axes[1], (-1, 1) + (1,) * (count - 2))
            sizes[:2] = sizes[1], sizes[0]
        whole = ones(sizes, dtype)
        return [x * whole for x in axes]


def sequence_mask(
    lengths: Any, maxlen: Any = None, dtype: Any = dtypes.bool_, name: str | None = None
) -> Tensor:
    """Mark the first `lengths[i]` places of row i.

    Args:
        lengths: whole numbers.
        maxlen: length of the rows; by default the greatest of `lengths`.
        dtype: type of the marks.
        name: name of the scope.
    """
    with name_scope(name, "SequenceMask", [lengths, maxlen]):
        lengths = convert_to_tensor(lengths)
        if maxlen is None:
            longest = ops.max_op(lengths, _all_axes(lengths))
            maxlen = ops.maximum_op(constant(0, longest.dtype), longest)
        maxlen = convert_to_tensor(maxlen)
        if maxlen.static_shape.rank not in (None, 0):
            raise ValueError("maxlen must be scalar for sequence_mask")
        places = ops.range_op(constant(0, maxlen.dtype), maxlen, constant(1, maxlen.dtype))
        ends = ops.cast_op(expand_dims(lengths, -1), DstT=maxlen.dtype)
        mask = ops.less_op(places, ends)
        wanted = dtypes.bool_ if dtype is None else as_dtype(dtype)
        return mask if wanted is dtypes.bool_ else ops.cast_op(mask, DstT=wanted)


def _all_axes(x: Tensor) -> Tensor:
    if x.static_shape.rank is None:
        return ops.range_op(0, ops.rank_op(x), 1)
    return constant(np.arange(x.static_shape.rank, dtype=np.int32))


@dispatchable
def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: int | None = None,
    dtype: Any = None,
    name: str | None = None,
) -> Tensor:
    """Return for each index a row with `on_value` in that place and `off_value` elsewhere.

    Args:
        indices: whole numbers; one outside [0, depth) gets a row of `off_value`.
        depth: length of the rows.
        on_value: 1 by default.
        off_value: 0 by default.
        axis: the dimension along which the rows lie; the last by default.
        dtype: the type; by default that of the values, else float32.
        name: name of the operation.

    Raises:
        TypeError: if the values' types differ from each other or from `dtype`.
    """
    with name_scope(name, "one_hot", [indices, depth, on_value, off_value]) as scope:
        wanted = None if dtype is None else as_dtype(dtype).base_dtype
        given = {}
        for what, value in (("on_value", on_value), ("off_value", off_value)):
            if value is not None:
                given[what] = convert_to_tensor(value, preferred_dtype=wanted)
        for what, value in given.items():
            if wanted is not None and value.dtype.base_dtype is not wanted:
                raise TypeError(
                    f"dtype {value.dtype.base_dtype} of {what} does not match dtype parameter "
                    f"{wanted}"
                )
        found = [value.dtype.base_dtype for value in given.values()]
        if len(set(found)) > 1:
            raise TypeError(
                f"dtype {found[0]} of on_value does not match dtype {found[1]} of off_value"
            )
        kind = wanted or (found[0] if found else dtypes.float32)
        on, off = (
            given[what] if what in given else convert_to_tensor(default, kind, what)
            for what, default in (("on_value", 1), ("off_value", 0))
        )
        place = -1 if axis is None else axis
        return ops.one_hot_op(indices, depth, on, off, axis=place, name=scope)


def eye(
    num_rows: Any,
    num_columns: Any = None,
    batch_shape: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """Return an identity matrix, or a batch of them.

    Args:
        num_rows: how many rows.
        num_columns: how many columns; as many by default.
        batch_shape: sizes of the batch, if there is one.
        dtype: its type.
        name: name of the scope.
    """
    with name_scope(name, "eye", [num_rows, num_columns, batch_shape]):
        square = num_columns is None
        columns = num_rows if square else num_columns
        batch = [] if batch_shape is None else batch_shape
        if isinstance(num_rows, Tensor) or isinstance(columns, Tensor):
            side = ops.minimum_op(num_rows, columns)
        else:
            side = min(int(num_rows), int(columns))
            square = int(num_rows) == int(columns)
        dynamic = isinstance(batch, Tensor) or isinstance(side, Tensor)
        if not dynamic:
            diagonal = ones([*batch, side], dtype)
            if square:
                return matrix_diag(diagonal)
            return matrix_set_diag(zeros([*batch, num_rows, columns], dtype), diagonal)
        batch = convert_to_tensor(batch, dtypes.int32, "shape")
        diagonal = ones(concat((batch, [side]), 0), dtype)
        if square:
            return matrix_diag(diagonal)
        return matrix_set_diag(zeros(concat((batch, [num_rows, columns]), 0), dtype), diagonal)
