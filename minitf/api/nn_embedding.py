"""Looking up rows of large tables, whose gradients stay as sparse as the look-up.

A table may be cut into parts, kept on different devices: `ids` are then dealt out to the parts,
looked up beside each, and stitched together again.

    "mod":   row i is row i // parts of part i % parts
    "div":   consecutive rows; the first parts have one more where the rows do not divide evenly

Source: OSDI §4.2 "Sparse embedding layers" (Part, Gather, Stitch); TensorFlow 1.15's function.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import concat, reshape, stack
from minitf.api.casting import cast
from minitf.api.clipping import clip_by_norm
from minitf.api.constants import constant
from minitf.api.control import identity
from minitf.api.framework import colocate_with, device, name_scope
from minitf.api.gathering import dynamic_partition, gather, where
from minitf.api.math import maximum
from minitf.api.reductions import reduce_sum
from minitf.api.sequences import range as range_
from minitf.api.sizes import rank, shape, size
from minitf.convert import convert_to_tensor
from minitf.shapes import Shape, merge
from minitf.tensor import Tensor


def embedding_lookup(
    params: Any,
    ids: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    validate_indices: bool = True,
    max_norm: Any = None,
) -> Tensor:
    """Return the rows of a table that `ids` name.

    Args:
        params: the table: a tensor, a variable, or a list of its parts.
        ids: numbers of rows, of any shape.
        partition_strategy: how rows are dealt out to parts: "mod" or "div".
        name: name of the operation.
        validate_indices: without effect: ids are always checked.
        max_norm: rows of a greater norm are scaled down to it.

    Raises:
        ValueError: if there are no parts, or the strategy is unknown.
    """
    if params is None or (isinstance(params, (list, tuple)) and not params):
        raise ValueError("Need at least one param")
    if hasattr(params, "as_tensor"):  # a PartitionedVariable
        params = list(params)
    parts = list(params) if isinstance(params, (list, tuple)) else [params]
    with name_scope(name, "embedding_lookup", [*parts, ids]) as scope:
        parts = [_table(part, f"params_{i}") for i, part in enumerate(parts)]
        ids = convert_to_tensor(ids, name="ids")
        if len(parts) == 1:
            with colocate_with(parts[0]):
                rows = _clipped(gather(parts[0], ids, name=scope), ids, max_norm)
            return identity(rows)
        found = _looked_up_in_parts(parts, ids, partition_strategy, scope)
        return _clipped(found, ids, max_norm)


def _table(part: Any, name: str) -> Any:
    """Return a part as it is if it is a variable, which reads single rows, else as a Tensor."""
    return part if hasattr(part, "sparse_read") else convert_to_tensor(part, name=name)


def _looked_up_in_parts(parts: list[Any], ids: Tensor, strategy: str, scope: str) -> Tensor:
    """Deal ids out to the parts, look them up, and stitch the rows together in order."""
    flat = reshape(ids, [-1])
    places = range_(size(flat))
    owners, local = _owners(parts, flat, strategy)
    owners = cast(owners, "int32")
    local_ids = dynamic_partition(local, owners, len(parts))
    dealt = dynamic_partition(places, owners, len(parts))
    found = []
    for part, of_part in zip(parts, local_ids, strict=True):
        with device(None), colocate_with(part):
            found.append(gather(part, of_part))
    rows = ops.parallel_dynamic_stitch_op(dealt, found, name=scope)
    static = Shape.unknown()
    for part in parts:
        static = merge(static, _row_shape(part))
    if static.is_full:
        row_sizes: Any = static.as_list()
    else:
        with colocate_with(parts[0]):
            row_sizes = shape(parts[0])[1:]
    result = reshape(rows, concat([shape(ids), row_sizes], 0))
    result.set_shape(ids.shape.concatenate(static))
    return result


def _owners(parts: list[Any], flat: Tensor, strategy: str) -> tuple[Tensor, Tensor]:
    """Return which part has each id, and which of its rows that is."""
    count = len(parts)
    if strategy == "mod":
        return flat % count, flat // count
    if strategy != "div":
        raise ValueError(f"Unrecognized partition strategy: {strategy}")
    total = _number_of_rows(parts, flat)
    each, extra = total // count, total % count
    owners = maximum(flat // (each + 1), (flat - extra) // each)
    local = where(owners < extra, flat % (each + 1), (flat - extra) % each)
    return owners, local


def _number_of_rows(parts: list[Any], flat: Tensor) -> Tensor:
    """Return how many rows all parts have together, in the type of the ids."""
    sizes = [part.get_shape().as_list()[0] for part in parts]
    if all(each is not None for each in sizes):
        return constant(sum(sizes), flat.dtype.base_dtype)
    for i, part in enumerate(parts):
        if sizes[i] is None:
            with colocate_with(part):
                sizes[i] = shape(part)[0]
    return reduce_sum(cast(stack(sizes), flat.dtype))


def _row_shape(part: Any) -> Shape:
    static = part.get_shape().static_shape
    return static if static.rank is None else Shape(static[1:])


def _clipped(rows: Tensor, ids: Tensor, max_norm: Any) -> Tensor:
    """Scale down the rows of a greater norm than `max_norm`."""
    if max_norm is None:
        return rows
    first, last = ids.static_shape.rank, rows.static_shape.rank
    if first and last:
        return clip_by_norm(rows, max_norm, axes=list(range(first, last)))
    return clip_by_norm(rows, max_norm, axes=range_(first or rank(ids), last or rank(rows)))
