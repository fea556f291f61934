"""Sparse tensors cut and joined; some of their values picked.

Source: OSDI §3.1; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.api.array import concat, renamed_argument, reshape
from minitf.api.control import identity
from minitf.api.framework import name_scope
from minitf.api.gathering import gather, where
from minitf.api.reductions import reduce_max
from minitf.api.sparse import as_sparse
from minitf.composite import IndexedSlices, SparseTensor
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor


def sparse_concat(
    axis: int | None,
    sp_inputs: Sequence[Any],
    name: str | None = None,
    expand_nonconcat_dim: bool = False,
    concat_dim: int | None = None,
    expand_nonconcat_dims: bool | None = None,
) -> SparseTensor:
    """Join sparse tensors end to end along one dimension.

    Args:
        axis: the dimension.
        sp_inputs: the sparse tensors.
        name: name of the operation.
        expand_nonconcat_dim: give the other dimensions their greatest sizes, if they differ.
        concat_dim: deprecated name of `axis`.
        expand_nonconcat_dims: another name of `expand_nonconcat_dim`.
    """
    if not isinstance(sp_inputs, (list, tuple)):
        raise TypeError("Inputs must be a list or tuple.")
    if expand_nonconcat_dims is None:
        expand_nonconcat_dims = expand_nonconcat_dim
    axis = renamed_argument("axis", axis, "concat_dim", concat_dim)
    parts = [as_sparse(each) for each in sp_inputs]
    if len(parts) == 1:
        return parts[0]
    sizes = [part.dense_shape for part in parts]
    if expand_nonconcat_dims:
        sizes = _expanded(sizes, axis)
    indices, values, shape = ops.sparse_concat_op(
        [part.indices for part in parts],
        [part.values for part in parts],
        sizes,
        concat_dim=axis,
        name=name,
    )
    static = [part.get_shape() for part in parts]
    if all(each.is_fully_defined() for each in static):
        known = np.array([each.as_list() for each in static], np.int64)
        total = known.max(axis=0)
        total[axis] = known[:, axis].sum()
        shape = convert_to_tensor(total)
    return SparseTensor(indices, values, shape)


def _expanded(sizes: list[Tensor], axis: Any) -> list[Tensor]:
    """Return sizes with the greatest of all instead of each, but along `axis`."""
    greatest = reduce_max(concat([reshape(each, [1, -1]) for each in sizes], 0), 0)

    def expanded(own: Tensor) -> Tensor:
        if axis == -1:
            return concat([greatest[:axis], own[-1:], []], 0)
        return concat([greatest[:axis], own[axis : axis + 1], greatest[axis + 1 :]], 0)

    return [expanded(each) for each in sizes]


class _KeywordRequired:
    """The default of a first argument that nobody may give."""

    def __repr__(self) -> str:
        return "KeywordRequired()"


_KEYWORD_REQUIRED = _KeywordRequired()


def sparse_split(
    keyword_required: Any = _KEYWORD_REQUIRED,
    sp_input: Any = None,
    num_split: int | None = None,
    axis: Any = None,
    name: str | None = None,
    split_dim: Any = None,
) -> list[SparseTensor]:
    """Cut a sparse tensor along one dimension into parts that differ by at most 1.

    Args:
        keyword_required: not to be given: arguments are given by name.
        sp_input: the sparse tensor.
        num_split: how many parts.
        axis: the dimension.
        name: name of the operation.
        split_dim: deprecated name of `axis`.

    Raises:
        ValueError: if an argument is missing, or not given by name.
    """
    if not isinstance(keyword_required, _KeywordRequired):
        raise ValueError("Keyword arguments are required for this function.")
    axis = renamed_argument("axis", axis, "split_dim", split_dim)
    for what, given in (("sp_input", sp_input), ("num_split", num_split), ("axis", axis)):
        if given is None:
            raise ValueError(f"{what} is required")
    sp_input = as_sparse(sp_input)
    parts = ops.sparse_split_op(
        axis,
        sp_input.indices,
        sp_input.values,
        sp_input.dense_shape,
        num_split=num_split,
        name=name,
    )
    return [SparseTensor(*each) for each in zip(*parts, strict=True)]


def sparse_slice(sp_input: Any, start: Any, size: Any, name: str | None = None) -> SparseTensor:
    """Cut the box that starts at `start` out of a sparse tensor; it ends where the tensor does."""
    sp_input = as_sparse(sp_input)
    start = convert_to_tensor(start, dtypes.int64)
    size = convert_to_tensor(size, dtypes.int64)
    with name_scope(name, "SparseSlice", [sp_input]) as scope:
        parts = ops.sparse_slice_op(
            sp_input.indices, sp_input.values, sp_input.dense_shape, start, size, name=scope
        )
        return SparseTensor(*parts)


def sparse_retain(sp_input: Any, to_retain: Any) -> SparseTensor:
    """Keep some values of a sparse tensor: those that a vector of bools marks."""
    sp_input = as_sparse(sp_input)
    to_retain = convert_to_tensor(to_retain)
    marks = to_retain.get_shape()
    marks.assert_has_rank(1)
    sp_input.values.get_shape().with_rank(1)[0].assert_is_compatible_with(marks[0])
    kept = reshape(where(to_retain), [-1])
    indices, values = gather(sp_input.indices, kept), gather(sp_input.values, kept)
    return SparseTensor(indices, values, identity(sp_input.dense_shape))


def sparse_mask(a: IndexedSlices, mask_indices: Any, name: str | None = None) -> IndexedSlices:
    """Return slices without those of some indices."""
    with name_scope(name, "sparse_mask", [a, mask_indices]) as scope:
        kept, places = ops.list_diff_op(a.indices, mask_indices)
        return IndexedSlices(gather(a.values, places, name=scope), kept, a.dense_shape)
