"""Examples as tensors: named features of each, of fixed or varying length.

Source: 2015 §4.5 "Input Operations"; TensorFlow's ops of the same names.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf.dtypes import DType, by_numpy, types
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.ops.parsing.columns import (
    Examples,
    check_default,
    check_dense_shape,
    dense,
    ragged,
    sparse,
)
from minitf.ops.strings.arrays import octets
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import (
    B,
    List,
    Ndense,
    Nsparse,
    Tdense,
    TypeList,
    int64,
    n,
    num_sparse,
    ragged_split_types,
    ragged_value_types,
    sparse_types,
    string,
)

Array = np.ndarray[Any, Any]

FEATURES = types("float32", "int64", "string").at_least(0)
SPLITS = types("int32", "int64").at_least(0)


def parsed(
    examples: Examples,
    sparse_keys: list[bytes],
    sparse_types: tuple[DType, ...],
    dense_keys: list[bytes],
    dense_shapes: tuple[Shape, ...],
    defaults: list[Array],
    ragged_keys: Sequence[bytes] = (),
    value_types: tuple[DType, ...] = (),
    split_types: tuple[DType, ...] = (),
) -> Any:
    """Return sparse indices, values and shapes, dense values, ragged values and row splits.

    Raises:
        InvalidArgumentError: if lengths differ, a default does not fit, or an example is malformed,
            or lacks a feature or has it otherwise than it is wanted.
    """
    counts = {
        "sparse": (sparse_keys, sparse_types),
        "dense": (dense_keys, dense_shapes, defaults),
        "ragged": (ragged_keys, value_types, split_types),
    }
    for kind, lists in counts.items():
        if len(set(map(len, lists))) > 1:
            raise invalid(f"Expected one type or shape for each of the {kind} keys", keys=lists[0])
    for number, (shape, default) in enumerate(zip(dense_shapes, defaults, strict=True)):
        check_dense_shape(shape, number)
        check_default(default, shape, number)
    found = examples.columns(
        [
            *((key, dtype, False) for key, dtype in zip(sparse_keys, sparse_types, strict=True)),
            *((k, by_numpy(d.dtype), True) for k, d in zip(dense_keys, defaults, strict=True)),
            *((key, dtype, False) for key, dtype in zip(ragged_keys, value_types, strict=True)),
        ]
    )
    is_single = examples.is_single
    first, second = len(sparse_keys), len(sparse_keys) + len(dense_keys)
    parts = [sparse(column, is_single=is_single) for column in found[:first]]
    wanted = zip(found[first:second], dense_keys, dense_shapes, defaults, strict=True)
    dense_values = [
        dense(column, examples, key, shape, default) for column, key, shape, default in wanted
    ]
    rows = [
        ragged(column, split_type, is_single=is_single)
        for column, split_type in zip(found[second:], split_types, strict=True)
    ]
    return (
        [indices for indices, _, _ in parts],
        [values for _, values, _ in parts],
        [shape for _, _, shape in parts],
        [each[0, ...] for each in dense_values] if is_single else dense_values,
        [values for values, _ in rows],
        [splits for _, splits in rows],
    )


def batch_of(serialized: Array, names: Array, kind: type[Examples] = Examples) -> Examples:
    """Return a vector of examples, or one by itself.

    Raises:
        InvalidArgumentError: if the names are not as many.
    """
    if names.size and names.shape != serialized.shape:
        raise invalid(
            "Expected names have the same shape as serialized: name.shape="
            f"{list(names.shape)}, serialized.shape={list(serialized.shape)}"
        )
    is_single = serialized.ndim == 0
    return kind(serialized.ravel().tolist(), names.ravel().tolist(), is_single)


def _sparse_shapes(rank: int, count: int) -> list[list[Shape]]:
    """Return what is known of the parts of sparse tensors."""
    parts = (Shape([UNKNOWN, rank]), Shape([UNKNOWN]), Shape([rank]))
    return [[part] * count for part in parts]


def _dense_shapes(lead: list[Any], shapes: tuple[Shape, ...]) -> list[Shape]:
    for number, shape in enumerate(shapes):
        check_dense_shape(shape, number)
    return [Shape([*lead, *shape]) for shape in shapes]


# --- ParseExample --------------------------------------------------------------------------------


@op(
    "ParseExample",
    Nsparse=at_least(0),
    Ndense=at_least(0),
    sparse_types=FEATURES,
    Tdense=FEATURES,
    dense_shapes=at_least(0),
    outputs=("sparse_indices", "sparse_values", "sparse_shapes", "dense_values"),
)
def parse_example_op(
    serialized: string[B],
    names: string[n],
    sparse_keys: List[string, Nsparse],
    dense_keys: List[string, Ndense],
    dense_defaults: TypeList[Tdense],
    *,
    sparse_types: tuple[DType, ...],
    dense_shapes: tuple[Shape, ...],
) -> tuple[List[int64, Nsparse], TypeList[sparse_types], List[int64, Nsparse], TypeList[Tdense]]:
    """Read named features of a batch of Examples.

    Args:
        serialized: string[B], each an Example.
        names: string[B], the examples' names for messages; or string[0].
        sparse_keys: string scalars, features whose length varies.
        dense_keys: string scalars, features of a fixed shape.
        dense_defaults: for each dense key a value of its shape for examples that lack it, nothing
            if none may; where the first dimension varies, a scalar that pads.
        sparse_types: the type of each sparse feature.
        dense_shapes: the shape of each dense feature; the first size may be unknown.

    Returns:
        sparse_indices: int64[n, 2] each; sparse_values: [n] each; sparse_shapes: int64[2] each:
        B and the greatest length; dense_values: [B, *shape] each.

    Raises:
        InvalidArgumentError: if an example is malformed, lacks a feature that it must have, or has
            one of another type or number of values.

    Source: 2015 §4.5.
    """
    keys = [key.item() for key in sparse_keys], [key.item() for key in dense_keys]
    return parsed(
        batch_of(serialized, names),
        keys[0],
        sparse_types,
        keys[1],
        dense_shapes,
        dense_defaults,
    )[:4]


@parse_example_op.shape
def parse_example_shape(
    serialized: Shape,
    names: Shape,
    sparse_keys: list[Shape],
    dense_keys: list[Shape],
    dense_defaults: list[Shape],
    *,
    sparse_types: tuple[DType, ...],
    dense_shapes: tuple[Shape, ...],
) -> list[Any]:
    return [*_sparse_shapes(2, len(sparse_types)), _dense_shapes([serialized[0]], dense_shapes)]


parse_example_op.no_gradient("nothing flows to a default", refuse=True)

# --- ParseExampleV2 ------------------------------------------------------------------------------


@op(
    "ParseExampleV2",
    Tdense=FEATURES,
    num_sparse=at_least(0),
    sparse_types=FEATURES,
    ragged_value_types=FEATURES,
    ragged_split_types=SPLITS,
    dense_shapes=at_least(0),
    outputs=(
        "sparse_indices",
        "sparse_values",
        "sparse_shapes",
        "dense_values",
        "ragged_values",
        "ragged_row_splits",
    ),
)
def parse_example_v2_op(
    serialized: string,
    names: string,
    sparse_keys: string,
    dense_keys: string,
    ragged_keys: string,
    dense_defaults: TypeList[Tdense],
    *,
    num_sparse: int,
    sparse_types: tuple[DType, ...],
    ragged_value_types: tuple[DType, ...],
    ragged_split_types: tuple[DType, ...],
    dense_shapes: tuple[Shape, ...],
) -> tuple[
    List[int64, num_sparse],
    TypeList[sparse_types],
    List[int64, num_sparse],
    TypeList[Tdense],
    TypeList[ragged_value_types],
    TypeList[ragged_split_types],
]:
    """Read named features of a batch of Examples, or of one.

    Args:
        serialized: string[B] or string[], each an Example.
        names: as many strings for messages; or string[0].
        sparse_keys: string[num_sparse], features whose length varies.
        dense_keys: string vector, features of a fixed shape.
        ragged_keys: string vector, features whose length varies, wanted as rows.
        dense_defaults: as of ParseExample.
        num_sparse: how many sparse features there are.
        sparse_types: the type of each sparse feature.
        ragged_value_types: the type of each ragged feature.
        ragged_split_types: int32 or int64 for the row splits of each.
        dense_shapes: the shape of each dense feature; the first size may be unknown.

    Returns:
        As ParseExample, then ragged_values: [n] each; ragged_row_splits: [B + 1] each.  Without a
        batch all shapes lack B, and splits are empty.

    Raises:
        InvalidArgumentError: as ParseExample.

    Source: TensorFlow's op of the same name.
    """
    if serialized.ndim > 1:
        raise invalid(f"Expected serialized to be a scalar or vector, got {list(serialized.shape)}")
    return parsed(
        batch_of(serialized, names),
        sparse_keys.ravel().tolist(),
        sparse_types,
        dense_keys.ravel().tolist(),
        dense_shapes,
        dense_defaults,
        ragged_keys.ravel().tolist(),
        ragged_value_types,
        ragged_split_types,
    )


@parse_example_v2_op.shape
def parse_example_v2_shape(
    serialized: Shape,
    names: Shape,
    sparse_keys: Shape,
    dense_keys: Shape,
    ragged_keys: Shape,
    dense_defaults: list[Shape],
    *,
    num_sparse: int,
    sparse_types: tuple[DType, ...],
    ragged_value_types: tuple[DType, ...],
    ragged_split_types: tuple[DType, ...],
    dense_shapes: tuple[Shape, ...],
) -> list[Any]:
    if serialized.rank is not None and serialized.rank > 1:
        raise invalid(f"Shape must be at most rank 1 but is rank {serialized.rank}")
    if serialized.rank is None:
        batch: list[Any] = []
        sparse_parts = [[Shape.unknown(each)] * num_sparse for each in (2, 1, 1)]
        dense_values = [Shape.unknown()] * len(dense_shapes)
        splits = Shape([UNKNOWN])
    else:
        batch = list(serialized)
        sparse_parts = _sparse_shapes(1 + len(batch), num_sparse)
        dense_values = _dense_shapes(batch, dense_shapes)
        splits = Shape([batch[0] + 1]) if batch else Shape([UNKNOWN])
    values = [Shape([UNKNOWN])] * len(ragged_value_types)
    return [*sparse_parts, dense_values, values, [splits] * len(ragged_split_types)]


parse_example_v2_op.no_gradient("nothing flows to a default", refuse=True)

# --- ParseSingleExample --------------------------------------------------------------------------


@op(
    "ParseSingleExample",
    num_sparse=at_least(0),
    sparse_keys=at_least(0),
    dense_keys=at_least(0),
    sparse_types=FEATURES,
    Tdense=FEATURES,
    dense_shapes=at_least(0),
    outputs=("sparse_indices", "sparse_values", "sparse_shapes", "dense_values"),
)
def parse_single_example_op(
    serialized: string[()],
    dense_defaults: TypeList[Tdense],
    *,
    num_sparse: int,
    sparse_keys: tuple[str, ...],
    dense_keys: tuple[str, ...],
    sparse_types: tuple[DType, ...],
    dense_shapes: tuple[Shape, ...],
) -> tuple[
    List[int64, num_sparse], TypeList[sparse_types], List[int64, num_sparse], TypeList[Tdense]
]:
    """Read named features of one Example.

    Args:
        serialized: string scalar, an Example.
        dense_defaults: as of ParseExample.
        num_sparse: how many sparse features there are.
        sparse_keys: features whose length varies.
        dense_keys: features of a fixed shape.
        sparse_types: the type of each sparse feature.
        dense_shapes: the shape of each dense feature; the first size may be unknown.

    Returns:
        sparse_indices: int64[n, 1] each; sparse_values: [n] each; sparse_shapes: int64[1] each;
        dense_values: of their shapes.

    Raises:
        InvalidArgumentError: if the example is malformed, lacks a feature that it must have, or has
            one of another type or number of values.

    Source: 2015 §4.5.
    """
    return parsed(
        Examples([serialized.item()], [], is_single=True),
        list(map(octets, sparse_keys)),
        sparse_types,
        list(map(octets, dense_keys)),
        dense_shapes,
        dense_defaults,
    )[:4]


@parse_single_example_op.shape
def parse_single_example_shape(
    serialized: Shape,
    dense_defaults: list[Shape],
    *,
    num_sparse: int,
    sparse_keys: tuple[str, ...],
    dense_keys: tuple[str, ...],
    sparse_types: tuple[DType, ...],
    dense_shapes: tuple[Shape, ...],
) -> list[Any]:
    return [*_sparse_shapes(1, num_sparse), _dense_shapes([], dense_shapes)]


parse_single_example_op.no_gradient("nothing flows to a default", refuse=True)
