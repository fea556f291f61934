"""Ragged tensors as variants: what datasets and loops carry as one tensor, or one for each row.

Source: TensorFlow's ops of the same names.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from minitf.dtypes import ANY, INDICES, DType, by_numpy, int64
from minitf.errors import invalid
from minitf.grammar import at_least
from minitf.op_def import op
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import (
    RAGGED_RANK,
    List,
    Tsplits,
    Tvalues,
    output_ragged_rank,
    variant,
)

Array = np.ndarray[Any, Any]


class Encoded(NamedTuple):
    """What a variant holds: splits of the dimensions, the outermost first, and flat values."""

    nested_splits: tuple[Array, ...]
    values: Array

    def rows(self) -> int:
        """Return the size of the first dimension."""
        return (self.nested_splits[0].size - 1) if self.nested_splits else len(self.values)


# --- RaggedTensorToVariant -----------------------------------------------------------------------


@op(
    "RaggedTensorToVariant",
    Tvalues=ANY,
    Tsplits=INDICES.default(int64),
    RAGGED_RANK=at_least(0),
    outputs=("encoded_ragged",),
)
def ragged_tensor_to_variant_op(
    rt_nested_splits: List[Tsplits, RAGGED_RANK], rt_dense_values: Tvalues, *, batched_input: bool
) -> variant:
    """Put a ragged tensor into a variant, or each of its rows into one.

    Args:
        rt_nested_splits: the splits of its dimensions, the outermost first; none of a tensor.
        rt_dense_values: its flat values.
        batched_input: whether each row becomes a variant of its own.

    Returns:
        variant[rows] if so, else variant[].

    Raises:
        InvalidArgumentError: if there are rows of a scalar, or splits do not fit the values.

    Source: TensorFlow's op of the same name.
    """
    whole = Encoded(tuple(each.copy() for each in rt_nested_splits), rt_dense_values.copy())
    if not batched_input:
        return _variants([whole]).reshape(())
    if not rt_dense_values.ndim:
        raise invalid("Unbatching a scalar: a batch of ragged tensors has at least one dimension")
    return _variants(list(_rows(whole)))


def _variants(values: list[Encoded]) -> Array:
    made: Array = np.empty(len(values), object)
    for i, each in enumerate(values):
        made[i] = each
    return made


def _rows(whole: Encoded) -> Iterator[Encoded]:
    if not whole.nested_splits:
        yield from (Encoded((), row) for row in whole.values)
        return
    outer, *inner = whole.nested_splits
    for begin, end in zip(outer[:-1].tolist(), outer[1:].tolist(), strict=True):
        first, last, splits = begin, end, []
        for level in inner:
            if last >= level.size:
                raise invalid("Ragged splits must not point past values", splits=outer.tolist())
            splits.append(level[first : last + 1] - level[first])
            first, last = int(level[first]), int(level[last])
        yield Encoded(tuple(splits), whole.values[first:last])


@ragged_tensor_to_variant_op.shape
def ragged_tensor_to_variant_shape(
    rt_nested_splits: list[Shape], rt_dense_values: Shape, *, batched_input: bool
) -> Shape:
    if not batched_input:
        return Shape([])
    if rt_nested_splits:
        outer = rt_nested_splits[0]
        return Shape([UNKNOWN if outer.rank is None else outer[0] - 1])
    return Shape([UNKNOWN if not rt_dense_values.rank else rt_dense_values[0]])


ragged_tensor_to_variant_op.no_gradient("a variant has no slope")

# --- RaggedTensorFromVariant ---------------------------------------------------------------------


@op(
    "RaggedTensorFromVariant",
    Tvalues=ANY,
    Tsplits=INDICES,
    input_ragged_rank=at_least(-1),
    output_ragged_rank=at_least(0),
    outputs=("output_nested_splits", "output_dense_values"),
)
def ragged_tensor_from_variant_op(
    encoded_ragged: variant,
    *,
    input_ragged_rank: int,
    output_ragged_rank: int,
    Tvalues: DType,
    Tsplits: DType = int64,
) -> tuple[List[Tsplits, output_ragged_rank], Tvalues]:
    """Take ragged tensors out of variants, and stack them.

    Args:
        encoded_ragged: variant[...].
        input_ragged_rank: ragged dimensions of each; -1 for those that the others leave.
        output_ragged_rank: ragged dimensions of the result: one more for each dimension of the
            variants.
        Tvalues: the values' type.
        Tsplits: int32 or int64, the type of the splits.

    Returns:
        output_nested_splits, output_dense_values.

    Raises:
        InvalidArgumentError: if numbers of dimensions or types differ.

    Source: TensorFlow's op of the same name.
    """
    dims = encoded_ragged.ndim
    rank = output_ragged_rank - dims if input_ragged_rank == -1 else input_ragged_rank
    if rank < 0 or output_ragged_rank != rank + dims:
        raise invalid(
            "output_ragged_rank must be equal to input_ragged_rank + encoded_ragged.dims(); "
            f"output_ragged_rank: {output_ragged_rank}, input_ragged_rank: {rank}, "
            f"encoded_ragged.dims(): {dims}."
        )
    parts = [_checked(each, rank, Tvalues, Tsplits) for each in encoded_ragged.flat]
    if not dims:
        return list(parts[0].nested_splits), parts[0].values
    sizes = encoded_ragged.shape
    splits = [
        np.arange(int(np.prod(sizes[:axis])) + 1) * sizes[axis] for axis in range(1, len(sizes))
    ]
    splits.append(_joined([np.array([0, each.rows()]) for each in parts]))
    splits += [_joined([each.nested_splits[level] for each in parts]) for level in range(rank)]
    empty = np.zeros(0, Tvalues.numpy)
    values = np.concatenate([each.values for each in parts]) if parts else empty
    return [each.astype(Tsplits.numpy) for each in splits], values


def _checked(value: Any, rank: int, dtype: DType, splits: DType) -> Encoded:
    if not isinstance(value, Encoded):
        raise invalid("Input Variant element at index 0 doesn't hold a RaggedTensorVariant")
    if len(value.nested_splits) != rank:
        raise invalid(
            f"Encoded input RaggedTensorVariant has ragged_rank={len(value.nested_splits)}.  "
            f"Expected ragged_rank={rank}."
        )
    for what, wanted, arrays in (
        ("values", dtype, [value.values]),
        ("row_splits", splits, value.nested_splits),
    ):
        for array in arrays:
            found = by_numpy(np.asarray(array).dtype)
            if found is not wanted:
                raise invalid(f"Expected {what} Tensor dtype: {wanted.name}, found: {found.name}")
    return value


def _joined(splits: Sequence[Array]) -> Array:
    """Return the splits of several ragged dimensions, one behind the other."""
    return np.concatenate([[0], np.cumsum([n for each in splits for n in np.diff(each)])]).astype(
        np.int64
    )


@ragged_tensor_from_variant_op.shape
def ragged_tensor_from_variant_shape(
    encoded_ragged: Shape,
    *,
    input_ragged_rank: int,
    output_ragged_rank: int,
    Tvalues: DType,
    Tsplits: DType,
) -> list[Any]:
    rank = encoded_ragged.rank
    told = input_ragged_rank != -1
    if rank is not None and told and output_ragged_rank != input_ragged_rank + rank:
        raise invalid(
            "output_ragged_rank must be equal to input_ragged_rank + encoded_ragged.dims(); "
            f"output_ragged_rank: {output_ragged_rank}, input_ragged_rank: {input_ragged_rank}, "
            f"encoded_ragged.dims(): {rank}."
        )
    splits = [Shape([UNKNOWN])] * output_ragged_rank
    if rank is not None and rank == 1 and splits:
        splits[0] = Shape([encoded_ragged[0] + 1])
    return [splits, Shape.unknown()]


ragged_tensor_from_variant_op.no_gradient("a variant has no slope")
