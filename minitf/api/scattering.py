"""Public functions that write some rows or elements of a variable.

Source: 2015 Table 1; OSDI §4.2; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import concat, expand_dims, reshape
from minitf.api.constants import ones_like
from minitf.api.framework import name_scope
from minitf.api.sequences import range as counting
from minitf.api.sizes import shape as shape_of
from minitf.composite import IndexedSlices
from minitf.convert import convert_to_tensor


def scatter_update(
    ref: Any, indices: Any, updates: Any, use_locking: bool = True, name: str | None = None
) -> Any:
    """Add an operation that replaces rows of a variable.

    Args:
        ref: the variable, or a ref Tensor.
        indices: which rows: a Tensor of whole numbers, of any shape.
        updates: a row for each index, or a scalar for all.
        use_locking: accepted for compatibility: a write always excludes others.

    Returns:
        What stands for the variable's value after the write.
    """
    return _scatter("scatter_update", ref, indices, updates, use_locking, name)


def scatter_add(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Add an operation that adds to rows of a variable; arguments as of `scatter_update`."""
    return _scatter("scatter_add", ref, indices, updates, use_locking, name)


def scatter_sub(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Add an operation that subtracts from rows of a variable; arguments as above."""
    return _scatter("scatter_sub", ref, indices, updates, use_locking, name)


def scatter_mul(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Add an operation that multiplies rows of a variable; arguments as above."""
    return _scatter("scatter_mul", ref, indices, updates, use_locking, name)


def scatter_div(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Add an operation that divides rows of a variable; arguments as above."""
    return _scatter("scatter_div", ref, indices, updates, use_locking, name)


def scatter_min(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Add an operation that takes the lesser of rows and updates; arguments as above."""
    return _scatter("scatter_min", ref, indices, updates, use_locking, name)


def scatter_max(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Add an operation that takes the greater of rows and updates; arguments as above."""
    return _scatter("scatter_max", ref, indices, updates, use_locking, name)


def _scatter(
    kind: str, ref: Any, indices: Any, updates: Any, use_locking: bool, name: str | None
) -> Any:
    if ref.dtype.is_ref:
        op = getattr(ops, f"{kind}_op")
        return op(ref, indices, updates, use_locking=use_locking, name=name)
    rows = IndexedSlices(convert_to_tensor(updates, ref.dtype), indices)
    return getattr(ref, kind)(rows, use_locking=use_locking, name=name)


def scatter_nd_update(
    ref: Any, indices: Any, updates: Any, use_locking: bool = True, name: str | None = None
) -> Any:
    """Add an operation that replaces the parts of a variable that index vectors name.

    Args:
        ref: the variable, or a ref Tensor.
        indices: int[..., k]: each vector names an element, or a part, of the variable.
        updates: a part for each vector.
        use_locking: accepted for compatibility: a write always excludes others.
    """
    return _scatter_nd("scatter_nd_update", ref, indices, updates, use_locking, name)


def scatter_nd_add(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Add an operation that adds to parts of a variable; arguments as of `scatter_nd_update`."""
    return _scatter_nd("scatter_nd_add", ref, indices, updates, use_locking, name)


def scatter_nd_sub(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Any:
    """Add an operation that subtracts from parts of a variable; arguments as above."""
    return _scatter_nd("scatter_nd_sub", ref, indices, updates, use_locking, name)


def _scatter_nd(
    kind: str, ref: Any, indices: Any, updates: Any, use_locking: bool, name: str | None
) -> Any:
    if ref.dtype.is_ref:
        op = getattr(ops, f"{kind}_op")
        return op(ref, indices, updates, use_locking=use_locking, name=name)
    return getattr(ref, kind)(indices, updates, name=name)


def batch_scatter_update(
    ref: Any, indices: Any, updates: Any, use_locking: bool = True, name: str | None = None
) -> Any:
    """Add an operation that replaces rows of each matrix of a batch.

    ref[b..., indices[b..., i]] = updates[b..., i]

    Args:
        ref: the variable.
        indices: which rows; its rank must be known.
        updates: a row for each index.
        use_locking: accepted for compatibility: a write always excludes others.

    Raises:
        ValueError: if the rank of `indices` is not known.
    """
    with name_scope(name):
        indices = convert_to_tensor(indices, name="indices")
        rank = indices.static_shape.rank
        if rank is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        rows = expand_dims(indices, -1)
        sizes = shape_of(indices, out_type=indices.dtype)
        coordinates = []
        for axis in range(rank - 1):
            shape = [-1 if i == axis else 1 for i in range(rank + 1)]
            coordinates.append(reshape(counting(sizes[axis]), shape) * ones_like(rows))
        points = concat([*coordinates, rows], -1)
        return scatter_nd_update(ref, points, updates, use_locking=use_locking)
