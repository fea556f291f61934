"""SequenceExamples as tensors: features of the whole, and lists of a feature a step.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

from minitf.dtypes import DType, types
from minitf.op_def import at_least, op
from minitf.ops.parsing.steps import (
    context_of,
    lists_of,
    named,
    parse_sequences,
    sequence_shapes,
)
from minitf.ops.strings.arrays import octets
from minitf.shapes import Shape
from minitf.symbols import (
    B,
    List,
    Ncontext_dense,
    Ncontext_sparse,
    Nfeature_list_dense,
    Nfeature_list_sparse,
    Tcontext_dense,
    TypeList,
    context_sparse_types,
    feature_list_dense_types,
    feature_list_sparse_types,
    int64,
    n,
    string,
)

FEATURES = types("float32", "int64", "string").at_least(0)
_COUNT = at_least(0, default=0)
LIMITS: dict[str, Any] = {
    "Ncontext_sparse": _COUNT,
    "Ncontext_dense": _COUNT,
    "Nfeature_list_sparse": _COUNT,
    "Nfeature_list_dense": _COUNT,
    "context_sparse_types": FEATURES,
    "Tcontext_dense": FEATURES.default(()),
    "feature_list_dense_types": FEATURES,
    "context_dense_shapes": at_least(0),
    "feature_list_sparse_types": FEATURES,
    "feature_list_dense_shapes": at_least(0),
}
OUTPUTS = (
    "context_sparse_indices",
    "context_sparse_values",
    "context_sparse_shapes",
    "context_dense_values",
    "feature_list_sparse_indices",
    "feature_list_sparse_values",
    "feature_list_sparse_shapes",
    "feature_list_dense_values",
)
_LENGTHS = "feature_list_dense_lengths"
_NO_RAGGED = (slice(0, 4), slice(6, 11))  # the outputs of parse_sequences without ragged ones


# --- ParseSingleSequenceExample ------------------------------------------------------------------


@op("ParseSingleSequenceExample", outputs=OUTPUTS, **LIMITS)
def parse_single_sequence_example_op(
    serialized: string[()],
    feature_list_dense_missing_assumed_empty: string,
    context_sparse_keys: List[string, Ncontext_sparse],
    context_dense_keys: List[string, Ncontext_dense],
    feature_list_sparse_keys: List[string, Nfeature_list_sparse],
    feature_list_dense_keys: List[string, Nfeature_list_dense],
    context_dense_defaults: TypeList[Tcontext_dense],
    debug_name: string[()],
    *,
    context_sparse_types: tuple[DType, ...] = (),
    feature_list_dense_types: tuple[DType, ...] = (),
    context_dense_shapes: tuple[Shape, ...] = (),
    feature_list_sparse_types: tuple[DType, ...] = (),
    feature_list_dense_shapes: tuple[Shape, ...] = (),
) -> tuple[
    List[int64, Ncontext_sparse],
    TypeList[context_sparse_types],
    List[int64, Ncontext_sparse],
    TypeList[Tcontext_dense],
    List[int64, Nfeature_list_sparse],
    TypeList[feature_list_sparse_types],
    List[int64, Nfeature_list_sparse],
    TypeList[feature_list_dense_types],
]:
    """Read named features and feature lists of one SequenceExample.

    Args:
        serialized: string scalar, a SequenceExample.
        feature_list_dense_missing_assumed_empty: string vector, the keys of lists that it may lack.
        context_sparse_keys: string scalars, context features whose length varies.
        context_dense_keys: string scalars, context features of a fixed shape.
        feature_list_sparse_keys: string scalars, lists whose steps have values of varying number.
        feature_list_dense_keys: string scalars, lists whose steps have a fixed shape.
        context_dense_defaults: a value for each dense context feature, nothing if it must be there.
        debug_name: string scalar, the example's name for messages.
        context_sparse_types, feature_list_dense_types, context_dense_shapes,
        feature_list_sparse_types, feature_list_dense_shapes: types and shapes of the features.

    Returns:
        Of the context what ParseSingleExample gives.  Of the lists, with T steps:
        feature_list_sparse_indices: int64[n, 2] each; feature_list_sparse_values: [n] each;
        feature_list_sparse_shapes: int64[2] each: T and the greatest number;
        feature_list_dense_values: [T, *shape] each.

    Raises:
        InvalidArgumentError: if the example is malformed, lacks what it must have, or has a feature
            of another type or number of values.

    Source: TensorFlow's op of the same name.
    """
    keys = [
        [key.item() for key in each]
        for each in (
            context_sparse_keys,
            context_dense_keys,
            feature_list_sparse_keys,
            feature_list_dense_keys,
        )
    ]
    may_lack = set(feature_list_dense_missing_assumed_empty.ravel().tolist())
    found = parse_sequences(
        named(serialized, debug_name),
        context_of(
            keys[0], context_sparse_types, keys[1], context_dense_shapes, context_dense_defaults
        ),
        lists_of(
            keys[2],
            feature_list_sparse_types,
            keys[3],
            feature_list_dense_types,
            feature_list_dense_shapes,
            [key in may_lack for key in keys[3]],
        ),
    )
    return _without_ragged(found)[:8]


def _without_ragged(outputs: tuple[Any, ...]) -> Any:
    return [each for part in _NO_RAGGED for each in outputs[part]]


@parse_single_sequence_example_op.shape
def parse_single_sequence_example_shape(
    *_: Any,
    context_sparse_types: tuple[DType, ...],
    feature_list_dense_types: tuple[DType, ...],
    context_dense_shapes: tuple[Shape, ...],
    feature_list_sparse_types: tuple[DType, ...],
    feature_list_dense_shapes: tuple[Shape, ...],
) -> list[Any]:
    return sequence_shapes(
        [],
        len(context_sparse_types),
        context_dense_shapes,
        len(feature_list_sparse_types),
        feature_list_dense_shapes,
    )[:8]


parse_single_sequence_example_op.no_gradient("nothing flows to a default", refuse=True)

# --- ParseSequenceExample ------------------------------------------------------------------------


@op(
    "ParseSequenceExample",
    outputs=(*OUTPUTS, _LENGTHS),
    feature_list_dense_missing_assumed_empty=at_least(0),
    context_sparse_keys=at_least(0),
    context_dense_keys=at_least(0),
    feature_list_sparse_keys=at_least(0),
    feature_list_dense_keys=at_least(0),
    **LIMITS,
)
def parse_sequence_example_op(
    serialized: string[B],
    debug_name: string[n],
    context_dense_defaults: TypeList[Tcontext_dense],
    *,
    feature_list_dense_missing_assumed_empty: tuple[str, ...],
    context_sparse_keys: tuple[str, ...],
    context_dense_keys: tuple[str, ...],
    feature_list_sparse_keys: tuple[str, ...],
    feature_list_dense_keys: tuple[str, ...],
    Ncontext_sparse: int = 0,
    Ncontext_dense: int = 0,
    Nfeature_list_sparse: int = 0,
    Nfeature_list_dense: int = 0,
    context_sparse_types: tuple[DType, ...] = (),
    feature_list_dense_types: tuple[DType, ...] = (),
    context_dense_shapes: tuple[Shape, ...] = (),
    feature_list_sparse_types: tuple[DType, ...] = (),
    feature_list_dense_shapes: tuple[Shape, ...] = (),
) -> tuple[
    List[int64, Ncontext_sparse],
    TypeList[context_sparse_types],
    List[int64, Ncontext_sparse],
    TypeList[Tcontext_dense],
    List[int64, Nfeature_list_sparse],
    TypeList[feature_list_sparse_types],
    List[int64, Nfeature_list_sparse],
    TypeList[feature_list_dense_types],
    List[int64, Nfeature_list_dense],
]:
    """Read named features and feature lists of a batch of SequenceExamples.

    Args:
        serialized: string[B], each a SequenceExample.
        debug_name: string[B], the examples' names for messages; or string[0].
        context_dense_defaults: a value for each dense context feature, nothing if it must be there.
        feature_list_dense_missing_assumed_empty: the keys of lists that an example may lack.
        context_sparse_keys, context_dense_keys, feature_list_sparse_keys, feature_list_dense_keys:
            the features, as of ParseSingleSequenceExample.
        Ncontext_sparse, Ncontext_dense, Nfeature_list_sparse, Nfeature_list_dense: how many.
        context_sparse_types, feature_list_dense_types, context_dense_shapes,
        feature_list_sparse_types, feature_list_dense_shapes: their types and shapes.

    Returns:
        As ParseSingleSequenceExample, with B as the first dimension; dense lists are padded with
        zeros or empty strings to the longest one.  Then feature_list_dense_lengths: int64[B] each.

    Raises:
        InvalidArgumentError: as ParseSingleSequenceExample.

    Source: TensorFlow's op of the same name.
    """
    list_keys = list(map(octets, feature_list_dense_keys))
    may_lack = set(map(octets, feature_list_dense_missing_assumed_empty))
    found = parse_sequences(
        named(serialized, debug_name),
        context_of(
            list(map(octets, context_sparse_keys)),
            context_sparse_types,
            list(map(octets, context_dense_keys)),
            context_dense_shapes,
            context_dense_defaults,
        ),
        lists_of(
            list(map(octets, feature_list_sparse_keys)),
            feature_list_sparse_types,
            list_keys,
            feature_list_dense_types,
            feature_list_dense_shapes,
            [key in may_lack for key in list_keys],
        ),
    )
    return _without_ragged(found)


@parse_sequence_example_op.shape
def parse_sequence_example_shape(
    serialized: Shape,
    *_: Any,
    Ncontext_sparse: int,
    Nfeature_list_sparse: int,
    context_dense_shapes: tuple[Shape, ...],
    feature_list_dense_shapes: tuple[Shape, ...],
    **__: Any,
) -> list[Any]:
    return sequence_shapes(
        [serialized[0]],
        Ncontext_sparse,
        context_dense_shapes,
        Nfeature_list_sparse,
        feature_list_dense_shapes,
    )


parse_sequence_example_op.no_gradient("nothing flows to a default", refuse=True)
