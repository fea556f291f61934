"""What goes through the queues of `tf.train.batch` and its like: tensors, sparse ones as handles.

A queue holds dense tensors only.  A sparse tensor is kept in a map before it goes in
(`minitf.ops.sparse.tensors_map`); its number goes through the queue, and behind it a batch of
numbers becomes one sparse tensor again.

`keep_input` drops elements: a bool for the element, or for each of a batch.  A tensor that decides
it when the graph runs makes batches of the elements kept, of one row or none; so nothing branches.

Source: TensorFlow 1.15's `tf.train.batch` and its like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from minitf import ops
from minitf.api.array import concat, expand_dims, reshape, squeeze
from minitf.api.casting import cast
from minitf.api.constants import fill
from minitf.api.control import after
from minitf.api.framework import (
    colocate_with,
    convert_to_tensor,
    convert_to_tensor_or_indexed_slices,
)
from minitf.api.gathering import boolean_mask, dynamic_partition, gather
from minitf.api.reductions import cumsum, reduce_sum
from minitf.api.sizes import shape as shape_of
from minitf.composite import SparseTensor
from minitf.dtypes import DType, int32, int64
from minitf.operation import Operation
from minitf.static_value import constant_value
from minitf.tensor import Tensor

# --- the user's structure -------------------------------------------------------------------------


def as_list(tensors: Any) -> list[Any]:
    """Return the tensors of a list or dict; those of a dict in the order of its keys."""
    if isinstance(tensors, Mapping):
        return [tensors[key] for key in sorted(tensors, key=str)]
    return list(tensors)


def as_lists(tensors_list: Any) -> list[list[Any]]:
    """Return the tensors of several lists or dicts.

    Raises:
        ValueError: if there are none, or dicts of other keys.
    """
    if not tensors_list:
        raise ValueError("Expected at least one set of tensors")
    if isinstance(tensors_list[0], Mapping) and any(
        set(tensors) != set(tensors_list[0]) for tensors in tensors_list
    ):
        raise ValueError("All dictionaries in tensors_list must have the same keys")
    return list(map(as_list, tensors_list))


def in_form_of(tensors: Any, found: Any) -> Any:
    """Return what was dequeued as a dict if that is what was given."""
    if not isinstance(tensors, Mapping):
        return found
    values = found if isinstance(found, list) else [found]
    return dict(zip(sorted(tensors, key=str), values, strict=True))


def converted(tensors: Sequence[Any], what: str) -> list[Any]:
    """Return the elements of a list as tensors, sparse ones as they are.

    Raises:
        ValueError: if there are none.
    """
    if not tensors:
        raise ValueError(f"Expected at least one tensor in {what}().")
    return [
        each if isinstance(each, SparseTensor) else convert_to_tensor_or_indexed_slices(each)
        for each in tensors
    ]


# --- types and shapes -----------------------------------------------------------------------------


def types_of(lists: Sequence[Sequence[Tensor]]) -> list[DType]:
    """Return the type of each component.

    Raises:
        TypeError: if lists differ in them.
    """
    first, *others = [[tensor.dtype.base_dtype for tensor in each] for each in lists]
    for other in others:
        if other != first:
            names = [", ".join(dtype.name for dtype in types) for types in (first, other)]
            raise TypeError(f"Expected types to be consistent: {' vs. '.join(names)}.")
    return first


def shapes_of(lists: Sequence[Sequence[Tensor]], shapes: Any, *, batched: bool) -> Any:
    """Return the shape of each component of an element: what the user says, or what is known.

    Raises:
        ValueError: if a rank is not known, or lists contradict each other.
    """
    if shapes is not None:
        return shapes
    for tensors in lists:
        for tensor in tensors:
            if tensor.shape.rank is None:
                raise ValueError(f"Cannot infer Tensor's rank: {tensor}")
    found = []
    for column in zip(*lists, strict=True):
        known = [t.shape.with_rank_at_least(1)[1:] if batched else t.shape for t in column]
        for other in known[1:]:
            known[0].merge_with(other)
        found.append(known[0].as_list())
    return found


# --- sparse tensors -------------------------------------------------------------------------------


class Stored(NamedTuple):
    """What is known of a component that is sparse: the map that keeps it, and its rank.

    Attributes:
        keeper: the operation whose map it is.
        rank: of an element; None if it is not known.
    """

    keeper: Operation
    rank: int | None


Components = list[Stored | None]  # None for a component that is dense


def stored(
    tensors: Sequence[Any], *, batched: bool, keepers: Sequence[Stored | None] | None = None
) -> tuple[list[Tensor], Components]:
    """Return tensors with the sparse ones replaced by their numbers in a map.

    Args:
        tensors: dense and sparse ones.
        batched: whether their first axis counts elements.
        keepers: the maps of an earlier call, to be used again.
    """
    dense: list[Tensor] = []
    components: Components = []
    for i, tensor in enumerate(tensors):
        if not isinstance(tensor, SparseTensor):
            dense.append(tensor)
            components.append(None)
            continue
        op = ops.add_many_sparse_to_tensors_map_op if batched else ops.add_sparse_to_tensors_map_op
        shared = keepers[i] if keepers is not None else None
        numbers = op(
            tensor.indices,
            tensor.values,
            tensor.dense_shape,
            shared_name="" if shared is None else shared.keeper.name,
        )
        sizes = tensor.dense_shape.shape.with_rank(1).as_list() or [None]
        rank = None if sizes[0] is None else sizes[0] - batched
        dense.append(expand_dims(numbers, [-1]))
        components.append(Stored(numbers.op if shared is None else shared.keeper, rank))
    return dense, components


def stored_lists(
    lists: Sequence[Sequence[Any]], *, batched: bool
) -> tuple[list[list[Tensor]], Components]:
    """Return several lists of tensors with the sparse ones replaced; lists share their maps.

    Raises:
        ValueError: if one list has a sparse tensor where another has none.
    """
    first, components = stored(lists[0], batched=batched)
    found = [first]
    for tensors in lists[1:]:
        kinds = [isinstance(tensor, SparseTensor) for tensor in tensors]
        if kinds != [each is not None for each in components]:
            raise ValueError(f"Inconsistent SparseTensors list: {lists[0]} vs. {tensors}")
        more, others = stored(tensors, batched=batched, keepers=components)
        if any(a and b and not _same_rank(a, b) for a, b in zip(components, others, strict=True)):
            raise ValueError(f"Inconsistent SparseTensors list: {lists[0]} vs. {tensors}")
        found.append(more)
    return found, components


def _same_rank(a: Stored, b: Stored) -> bool:
    return a.rank is None or b.rank is None or a.rank == b.rank


def restored(found: Any, components: Components) -> Any:
    """Return what was dequeued with numbers replaced by the sparse tensors that they stand for.

    Args:
        found: a list, or a single tensor.
        components: what `stored` said.
    """
    parts = found if isinstance(found, list) else [found]
    tensors = [
        part if each is None else _restored(part, each)
        for part, each in zip(parts, components, strict=True)
    ]
    if any(each is not None for each in components):
        # all or nothing: a number that was dequeued must not stay in its map
        values = [each.values if isinstance(each, SparseTensor) else each for each in tensors]
        waited = [each.op for each in values]
        tensors = [_after(waited, each) for each in tensors]
    return tensors if isinstance(found, list) else tensors[0]


def _restored(numbers: Tensor, component: Stored) -> SparseTensor:
    keeper = component.keeper
    with colocate_with(keeper):
        indices, values, sizes = ops.take_many_sparse_from_tensors_map_op(
            squeeze(numbers, [1]),
            dtype=keeper.get_attr("T"),
            container=keeper.get_attr("container"),
            shared_name=keeper.get_attr("shared_name") or keeper.name,
        )
    rank = None if component.rank is None else component.rank + 1
    indices.set_shape([None, rank])
    sizes.set_shape([rank])
    return SparseTensor(indices, values, sizes)


def _after(operations: list[Operation], value: Any) -> Any:
    if not isinstance(value, SparseTensor):
        return after(operations, value)
    parts = [after(operations, part) for part in (value.indices, value.values, value.dense_shape)]
    return SparseTensor(*parts)


# --- keep_input -----------------------------------------------------------------------------------


def checked_keep(keep_input: Any, *, batched: bool) -> Tensor:
    """Return what says whether elements are kept, as a Tensor.

    Raises:
        ValueError: if it is no scalar, and no vector for a batch.
    """
    keep = convert_to_tensor(keep_input)
    rank = keep.shape.rank
    if rank is None:
        raise ValueError("`keep_input` dimensions must be known at graph construction.")
    if not batched and rank == 1:
        raise ValueError("`keep_input` cannot be a vector when `enqueue_many=False`.")
    if rank > 1:
        raise ValueError("`keep_input` must be 0 or 1 dimensions.")
    return keep


def kept(tensors: Sequence[Any], keep: Tensor, *, batched: bool) -> tuple[list[Any], bool]:
    """Return the elements that are kept, and whether their first axis counts elements.

    Args:
        tensors: dense and sparse ones.
        keep: whether to keep the element; for a batch, or for each of it.
        batched: whether the first axis of the tensors counts elements.
    """
    if keep.shape.rank == 0 and constant_value(keep) is not None and constant_value(keep):
        return list(tensors), batched
    rows = tensors if batched else [_one_row(tensor) for tensor in tensors]
    if not batched:
        flags = reshape(keep, [1])
    elif keep.shape.rank == 0:
        first = rows[0]
        sizes = first.dense_shape if isinstance(first, SparseTensor) else shape_of(first)
        flags = fill([sizes[0]], keep)
    else:
        flags = keep
    select = cast(flags, int32)
    return [_kept_rows(each, flags, select) for each in rows], True


def _one_row(tensor: Any) -> Any:
    if not isinstance(tensor, SparseTensor):
        return expand_dims(tensor, 0)
    zeros = fill([shape_of(tensor.indices)[0], 1], convert_to_tensor(0, dtype=int64))
    sizes = concat([[1], tensor.dense_shape], 0)
    rank = tensor.dense_shape.shape.with_rank(1).as_list()[0]
    sizes.set_shape([None if rank is None else rank + 1])
    return SparseTensor(concat([zeros, tensor.indices], 1), tensor.values, sizes)


def _kept_rows(rows: Any, flags: Tensor, select: Tensor) -> Any:
    if not isinstance(rows, SparseTensor):
        return dynamic_partition(rows, select, num_partitions=2)[1]
    row = rows.indices[:, 0]
    mask = gather(flags, row)
    place = gather(cumsum(cast(flags, int64), exclusive=True), row)
    indices = concat([expand_dims(place, 1), rows.indices[:, 1:]], 1)
    sizes = concat([[reduce_sum(cast(flags, int64))], rows.dense_shape[1:]], 0)
    sizes.set_shape(rows.dense_shape.shape)
    return SparseTensor(boolean_mask(indices, mask), boolean_mask(rows.values, mask), sizes)
