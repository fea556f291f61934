"""SequenceExamples as tensors, also as ragged rows: the op that later TensorFlow makes.

Source: TensorFlow's op of the same name.
"""

from typing import Any

import numpy as np

from minitf.dtypes import DType, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.parsing.sequences import FEATURES, LIMITS, OUTPUTS
from minitf.ops.parsing.steps import (
    context_of,
    lists_of,
    named,
    parse_sequences,
    sequence_shapes,
)
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import (
    List,
    Ncontext_sparse,
    Nfeature_list_dense,
    Nfeature_list_sparse,
    Tcontext_dense,
    TypeList,
    context_ragged_split_types,
    context_ragged_value_types,
    context_sparse_types,
    feature_list_dense_types,
    feature_list_ragged_split_types,
    feature_list_ragged_value_types,
    feature_list_sparse_types,
    int64,
    string,
)
from minitf.symbols import bool as boolean

Array = np.ndarray[Any, Any]

_SPLITS = types("int32", "int64").at_least(0)
_LIMITS = {name: limit for name, limit in LIMITS.items() if name != "Ncontext_dense"}


@op(
    "ParseSequenceExampleV2",
    outputs=(
        *OUTPUTS[:4],
        "context_ragged_values",
        "context_ragged_row_splits",
        *OUTPUTS[4:],
        "feature_list_dense_lengths",
        "feature_list_ragged_values",
        "feature_list_ragged_outer_splits",
        "feature_list_ragged_inner_splits",
    ),
    context_ragged_value_types=FEATURES,
    context_ragged_split_types=_SPLITS,
    feature_list_ragged_value_types=FEATURES,
    feature_list_ragged_split_types=_SPLITS,
    **_LIMITS,
)
def parse_sequence_example_v2_op(
    serialized: string,
    debug_name: string,
    context_sparse_keys: string,
    context_dense_keys: string,
    context_ragged_keys: string,
    feature_list_sparse_keys: string,
    feature_list_dense_keys: string,
    feature_list_ragged_keys: string,
    feature_list_dense_missing_assumed_empty: boolean,
    context_dense_defaults: TypeList[Tcontext_dense],
    *,
    Ncontext_sparse: int = 0,
    context_sparse_types: tuple[DType, ...] = (),
    context_ragged_value_types: tuple[DType, ...] = (),
    context_ragged_split_types: tuple[DType, ...] = (),
    context_dense_shapes: tuple[Shape, ...] = (),
    Nfeature_list_sparse: int = 0,
    Nfeature_list_dense: int = 0,
    feature_list_dense_types: tuple[DType, ...] = (),
    feature_list_sparse_types: tuple[DType, ...] = (),
    feature_list_ragged_value_types: tuple[DType, ...] = (),
    feature_list_ragged_split_types: tuple[DType, ...] = (),
    feature_list_dense_shapes: tuple[Shape, ...] = (),
) -> tuple[
    List[int64, Ncontext_sparse],
    TypeList[context_sparse_types],
    List[int64, Ncontext_sparse],
    TypeList[Tcontext_dense],
    TypeList[context_ragged_value_types],
    TypeList[context_ragged_split_types],
    List[int64, Nfeature_list_sparse],
    TypeList[feature_list_sparse_types],
    List[int64, Nfeature_list_sparse],
    TypeList[feature_list_dense_types],
    List[int64, Nfeature_list_dense],
    TypeList[feature_list_ragged_value_types],
    TypeList[feature_list_ragged_split_types],
    TypeList[feature_list_ragged_split_types],
]:
    """Read named features and feature lists of a batch of SequenceExamples, or of one.

    Args:
        serialized: string[B] or string[], each a SequenceExample.
        debug_name: as many strings for messages; or string[0].
        context_sparse_keys, context_dense_keys, context_ragged_keys, feature_list_sparse_keys,
        feature_list_dense_keys, feature_list_ragged_keys: string vectors, the features.
        feature_list_dense_missing_assumed_empty: bool vector, for each dense list whether an
            example may lack it.
        context_dense_defaults: a value for each dense context feature, nothing if it must be there.
        Ncontext_sparse, Nfeature_list_sparse, Nfeature_list_dense: how many.
        context_sparse_types, context_ragged_value_types, context_ragged_split_types,
        context_dense_shapes, feature_list_dense_types, feature_list_sparse_types,
        feature_list_ragged_value_types, feature_list_ragged_split_types,
        feature_list_dense_shapes: types and shapes of the features.

    Returns:
        As ParseSequenceExample; ragged context features as values [n] and row splits [B + 1];
        ragged lists as values [n], outer splits [B + 1] over steps, inner splits over values.
        Without a batch all shapes lack B, and row splits and outer splits are empty.

    Raises:
        InvalidArgumentError: as ParseSequenceExample.

    Source: TensorFlow's op of the same name.
    """
    if serialized.ndim > 1:
        raise invalid(f"Expected serialized to be a scalar or vector, got {list(serialized.shape)}")
    may_lack = feature_list_dense_missing_assumed_empty.tolist()
    if len(may_lack) != Nfeature_list_dense:
        raise invalid(
            "Expected len(feature_list_dense_missing_assumed_empty to match Nfeature_list_dense"
        )
    outputs: Any = parse_sequences(
        named(serialized, debug_name),
        context_of(
            context_sparse_keys.tolist(),
            context_sparse_types,
            context_dense_keys.tolist(),
            context_dense_shapes,
            context_dense_defaults,
            (context_ragged_keys.tolist(), context_ragged_value_types, context_ragged_split_types),
        ),
        lists_of(
            feature_list_sparse_keys.tolist(),
            feature_list_sparse_types,
            feature_list_dense_keys.tolist(),
            feature_list_dense_types,
            feature_list_dense_shapes,
            may_lack,
            (
                feature_list_ragged_keys.tolist(),
                feature_list_ragged_value_types,
                feature_list_ragged_split_types,
            ),
        ),
    )
    return outputs


@parse_sequence_example_v2_op.shape
def parse_sequence_example_v2_shape(
    serialized: Shape,
    *_: Any,
    Ncontext_sparse: int,
    Nfeature_list_sparse: int,
    context_ragged_value_types: tuple[DType, ...],
    feature_list_ragged_value_types: tuple[DType, ...],
    context_dense_shapes: tuple[Shape, ...],
    feature_list_dense_shapes: tuple[Shape, ...],
    **__: Any,
) -> list[Any]:
    if serialized.rank is not None and serialized.rank > 1:
        raise invalid(f"Shape must be at most rank 1 but is rank {serialized.rank}")
    lead = None if serialized.rank is None else list(serialized)
    known = sequence_shapes(
        lead or [],
        Ncontext_sparse,
        context_dense_shapes,
        Nfeature_list_sparse,
        feature_list_dense_shapes,
    )
    if lead is None:
        ranks = (2, 1, 1, None, 2, 1, 1, None, None)
        known = [[Shape.unknown(rank)] * len(each) for rank, each in zip(ranks, known, strict=True)]
    count, list_count = len(context_ragged_value_types), len(feature_list_ragged_value_types)
    vector = Shape([UNKNOWN])
    splits = Shape([lead[0] + 1]) if lead else vector
    return [
        *known[:4],
        [vector] * count,
        [splits] * count,
        *known[4:],
        [vector] * list_count,
        [splits] * list_count,
        [vector] * list_count,
    ]


parse_sequence_example_v2_op.no_gradient("nothing flows to a default", refuse=True)
