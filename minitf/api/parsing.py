"""Examples, lines and documents as tensors.

Source: 2015 §4.5 "Input Operations"; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from minitf import ops
from minitf.api.array import expand_dims, squeeze
from minitf.api.array import slice as slice_of
from minitf.api.features import (
    FixedLenFeature,
    FixedLenSequenceFeature,
    SparseFeature,
    VarLenFeature,
    Wanted,
    safe_name,
    wanted_features,
    with_open_rows,
    with_sparse_features,
)
from minitf.api.framework import name_scope
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.dtypes import as_dtype
from minitf.dtypes import string as string_type
from minitf.tensor import Tensor

_KINDS = (VarLenFeature, SparseFeature, FixedLenFeature, FixedLenSequenceFeature)
_CONTEXT = (VarLenFeature, FixedLenFeature)
_LISTS = (VarLenFeature, FixedLenSequenceFeature)

# --- examples ------------------------------------------------------------------------------------


def parse_example(
    serialized: Any,
    features: Mapping[str, Any],
    name: str | None = None,
    example_names: Any = None,
) -> dict[str, Any]:
    """Read features of a batch of Examples.

    Args:
        serialized: string[batch], each an Example.
        features: key -> FixedLenFeature, FixedLenSequenceFeature (Tensors with the batch as first
            dimension), VarLenFeature or SparseFeature (SparseTensors likewise).
        name: name of the operation.
        example_names: string[batch], names for messages.

    Returns:
        key -> Tensor or SparseTensor.

    Raises:
        ValueError: if a feature is not well described.
    """
    if not features:
        raise ValueError(f"Missing: features was {features}.")
    wanted = wanted_features(with_open_rows(features), _KINDS)
    return with_sparse_features(features, _batch(serialized, wanted, name, example_names))


def _batch(serialized: Any, wanted: Wanted, name: str | None, names: Any) -> dict[str, Any]:
    with name_scope(name, "ParseExample", [serialized, names]):
        *parts, values = ops.parse_example_op(
            serialized,
            [] if names is None else names,
            list(wanted.sparse),
            list(wanted.dense),
            wanted.default_tensors(),
            sparse_types=tuple(wanted.sparse.values()),
            dense_shapes=tuple(wanted.dense_shapes),
            name=name,
        )
        return wanted.tensors(parts, values)


def parse_single_example(
    serialized: Any,
    features: Mapping[str, Any],
    name: str | None = None,
    example_names: Any = None,
) -> dict[str, Any]:
    """Read features of one Example.

    Args:
        serialized: string scalar, an Example.
        features: as of `parse_example`; the results lack the dimension of the batch.
        name: name of the operation.
        example_names: string scalar, a name for messages.

    Returns:
        key -> Tensor or SparseTensor.

    Raises:
        ValueError: if a feature is not well described, or `serialized` is no scalar.
    """
    if not features:
        raise ValueError("Missing features.")
    wanted = wanted_features(with_open_rows(features), _KINDS)
    single = _single if example_names is None else _batch_of_one
    return with_sparse_features(features, single(serialized, wanted, name, example_names))


def _single(serialized: Any, wanted: Wanted, name: str | None, _: Any) -> dict[str, Any]:
    with name_scope(name, "ParseSingleExample", [serialized]):
        *parts, values = ops.parse_single_example_op(
            _scalar(serialized, "serialized"),
            wanted.default_tensors(),
            num_sparse=len(wanted.sparse),
            sparse_keys=tuple(wanted.sparse),
            dense_keys=tuple(wanted.dense),
            sparse_types=tuple(wanted.sparse.values()),
            dense_shapes=tuple(wanted.dense_shapes),
            name=name,
        )
        return wanted.tensors(parts, values)


def _batch_of_one(serialized: Any, wanted: Wanted, name: str | None, names: Any) -> dict[str, Any]:
    """Read one example through the op for batches, which knows names."""
    with name_scope(name, "ParseSingleExample", [serialized, names]):
        batch = expand_dims(_scalar(serialized, "serialized"), 0)
        found = _batch(batch, wanted, name, expand_dims(_scalar(names, "names"), 0))
        for key in wanted.dense:
            found[key] = squeeze(found[key], [0], name=f"Squeeze_{safe_name(key)}")
        for key in wanted.sparse:
            indices, shape = found[key].indices, found[key].dense_shape
            found[key] = SparseTensor(
                slice_of(indices, [0, 1], [-1, -1], name=f"Slice_Indices_{safe_name(key)}"),
                found[key].values,
                slice_of(shape, [1], [-1], name=f"Squeeze_Shape_{safe_name(key)}"),
            )
        return found


def _scalar(value: Any, what: str) -> Tensor:
    tensor = convert_to_tensor(value, string_type, what)
    if tensor.static_shape.rank not in (0, None):
        raise ValueError(f"Input {what} must be a scalar")
    return tensor


# --- sequences -----------------------------------------------------------------------------------


def parse_sequence_example(
    serialized: Any,
    context_features: Mapping[str, Any] | None = None,
    sequence_features: Mapping[str, Any] | None = None,
    example_names: Any = None,
    name: str | None = None,
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Read features and feature lists of a batch of SequenceExamples.

    Args:
        serialized: string[batch], each a SequenceExample.
        context_features: key -> FixedLenFeature or VarLenFeature, of the sequence as a whole.
        sequence_features: key -> FixedLenSequenceFeature or VarLenFeature, of each step.
        example_names: string[batch], names for messages.
        name: name of the operation.

    Returns:
        The context, key -> Tensor or SparseTensor; the lists likewise, with batch and steps as
        first dimensions, padded with nothings; the number of steps of each dense list.

    Raises:
        ValueError: if a feature is not well described.
    """
    context, lists = _sequence_features(context_features, sequence_features)
    with name_scope(name, "ParseSequenceExample", [serialized]):
        found = ops.parse_sequence_example_op(
            serialized,
            [] if example_names is None else example_names,
            context.default_tensors(),
            feature_list_dense_missing_assumed_empty=_may_lack(lists),
            context_sparse_keys=tuple(context.sparse),
            context_dense_keys=tuple(context.dense),
            feature_list_sparse_keys=tuple(lists.sparse),
            feature_list_dense_keys=tuple(lists.dense),
            Ncontext_sparse=len(context.sparse),
            Ncontext_dense=len(context.dense),
            Nfeature_list_sparse=len(lists.sparse),
            Nfeature_list_dense=len(lists.dense),
            **_types_and_shapes(context, lists),
            name=name,
        )
        lengths = dict(zip(lists.dense, found[8], strict=True))
        return context.tensors(found[:3], found[3]), lists.tensors(found[4:7], found[7]), lengths


def parse_single_sequence_example(
    serialized: Any,
    context_features: Mapping[str, Any] | None = None,
    sequence_features: Mapping[str, Any] | None = None,
    example_name: Any = None,
    name: str | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read features and feature lists of one SequenceExample.

    Args:
        serialized: string scalar, a SequenceExample.
        context_features: key -> FixedLenFeature or VarLenFeature, of the sequence as a whole.
        sequence_features: key -> FixedLenSequenceFeature or VarLenFeature, of each step.
        example_name: string scalar, a name for messages.
        name: name of the operation.

    Returns:
        The context, key -> Tensor or SparseTensor; the lists likewise, with steps as the first
        dimension.

    Raises:
        ValueError: if a feature is not well described.
    """
    context, lists = _sequence_features(context_features, sequence_features)
    with name_scope(name, "ParseSingleSequenceExample", [serialized]):
        found = ops.parse_single_sequence_example_op(
            serialized,
            list(_may_lack(lists)),
            list(context.sparse),
            list(context.dense),
            list(lists.sparse),
            list(lists.dense),
            context.default_tensors(),
            "" if example_name is None else example_name,
            **_types_and_shapes(context, lists),
            name=name,
        )
        return context.tensors(found[:3], found[3]), lists.tensors(found[4:7], found[7])


def _sequence_features(
    context_features: Mapping[str, Any] | None, sequence_features: Mapping[str, Any] | None
) -> tuple[Wanted, Wanted]:
    if not (context_features or sequence_features):
        raise ValueError("Missing features.")
    context = wanted_features(context_features, _CONTEXT)
    lists = wanted_features(sequence_features, _LISTS)
    for key, each in lists.dense.items():
        if each.default is not None:
            raise ValueError(f"Value feature_list_dense_defaults[{key}] must be None")
    return context, lists


def _may_lack(lists: Wanted) -> tuple[str, ...]:
    return tuple([key for key, each in lists.dense.items() if each.may_lack])


def _types_and_shapes(context: Wanted, lists: Wanted) -> dict[str, Any]:
    return {
        "context_sparse_types": tuple(context.sparse.values()),
        "feature_list_dense_types": tuple(lists.dense_types),
        "context_dense_shapes": tuple(context.dense_shapes),
        "feature_list_sparse_types": tuple(lists.sparse.values()),
        "feature_list_dense_shapes": tuple(lists.dense_shapes),
    }


# --- lines and documents -------------------------------------------------------------------------


def decode_csv(
    records: Any,
    record_defaults: Any,
    field_delim: str = ",",
    use_quote_delim: bool = True,
    name: str | None = None,
    na_value: str = "",
    select_cols: Sequence[int] | None = None,
) -> list[Tensor]:
    """Read strings as lines of fields, a column each.

    Args:
        records: string[...], a line each.
        record_defaults: for each column what an empty field means, or an empty vector if a field
            must not be empty; its type is the column's.
        field_delim: the character that separates fields.
        use_quote_delim: whether quotation marks may enclose a field.
        name: name of the operation.
        na_value: a field of this text is as good as empty.
        select_cols: numbers of the columns that are wanted, in order; all if None.

    Returns:
        A Tensor of the shape of `records` for each column.

    Raises:
        ValueError: if the numbers of columns do not fit.
    """
    if select_cols is not None:
        if list(select_cols) != sorted(set(select_cols)):
            raise ValueError("select_cols is not strictly increasing.")
        if any(column < 0 for column in select_cols):
            raise ValueError("select_cols contains negative values.")
        if len(select_cols) != len(record_defaults):
            raise ValueError("Length of select_cols and record_defaults do not match.")
    return ops.decode_csv_op(
        records,
        record_defaults,
        field_delim=field_delim,
        use_quote_delim=use_quote_delim,
        na_value=na_value,
        select_cols=tuple(select_cols or ()),
        name=name,
    )


def decode_json_example(json_examples: Any, name: str | None = None) -> Tensor:
    """Read Examples from JSON and write them in protobuf's binary form."""
    return ops.decode_json_example_op(json_examples, name=name)


def parse_tensor(serialized: Any, out_type: Any, name: str | None = None) -> Tensor:
    """Read a tensor of a type from a TensorProto in a string."""
    return ops.parse_tensor_op(serialized, out_type=as_dtype(out_type), name=name)


def serialize_tensor(tensor: Any, name: str | None = None) -> Tensor:
    """Write a tensor as a TensorProto in a string."""
    return ops.serialize_tensor_op(tensor, name=name)


@dispatchable
def decode_compressed(bytes: Any, compression_type: str = "", name: str | None = None) -> Tensor:
    """Decompress strings; the compression is "", "ZLIB" or "GZIP"."""
    return ops.decode_compressed_op(bytes, compression_type=compression_type, name=name)
