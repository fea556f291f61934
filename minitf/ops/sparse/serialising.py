"""Sparse tensors as three strings, and batches of them: what queues and batches pass on.

The strings are TensorProtos of the coordinates, the values and the sizes.  A variant holds the
array itself instead.

Source: TensorFlow's ops of the same names.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from google.protobuf import message

from minitf import protos, tensor_proto
from minitf.dtypes import ANY, DType, by_numpy, types
from minitf.dtypes import string as string_type
from minitf.dtypes import variant as variant_type
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.sparse.coordinates import check_in_order, check_parts, known_parts, text
from minitf.shapes import UNKNOWN, Shape, must_equal
from minitf.symbols import N, R, T, Tserialized, dtype, int64, n, out_type, string

Array = np.ndarray[Any, Any]
Parts = tuple[Array, Array, Array]

_FORMS = types("string", "variant")


def _packed(parts: Parts, out_type: DType) -> Array:
    """Return coordinates, values and sizes as three strings, or as three variants."""
    found = np.empty(3, object)
    for i, part in enumerate(parts):
        found[i] = part
        if out_type is not variant_type:
            proto = tensor_proto.encode_content(part, by_numpy(part.dtype))
            found[i] = proto.SerializeToString()
    return found


def _unpacked(row: Array, number: int, dtype: DType) -> Parts:
    indices, values, shape = (_array(each) for each in row)
    check_type(values, number, dtype)
    check_parts(indices, values, shape)
    return indices, values, shape


def check_type(values: Array, number: int, dtype: DType) -> None:
    """Check that a sparse tensor that was kept has the type that is asked for.

    Raises:
        InvalidArgumentError: if not.
    """
    if by_numpy(values.dtype) is not dtype:
        raise invalid(
            f"Requested SparseTensor of type {dtype.name} but "
            f"SparseTensor[{number}].values.dtype() == {by_numpy(values.dtype).name}"
        )


def slices(indices: Array, values: Array, shape: Array) -> list[Parts]:
    """Return the slices of a sparse tensor along its first axis.

    Raises:
        InvalidArgumentError: if the parts do not fit together, there is no other axis, or
            coordinates are out of bounds or out of order.
    """
    check_parts(indices, values, shape)
    if len(shape) < 2:
        raise invalid(f"Rank of input SparseTensor should be > 1, but saw rank: {len(shape)}")
    check_in_order(indices, shape)
    ends = np.searchsorted(indices[:, 0], np.arange(int(shape[0]) + 1)).tolist()
    return [
        (indices[first:last, 1:], values[first:last], shape[1:]) for first, last in pairwise(ends)
    ]


def stacked(found: list[Parts], lead: tuple[int, ...]) -> Parts:
    """Return one sparse tensor of several of equal rank, under leading axes.

    Raises:
        InvalidArgumentError: if ranks differ.
    """
    rank = len(found[0][2])
    for i, (_, _, shape) in enumerate(found):
        if len(shape) != rank:
            raise invalid(
                "Inconsistent shape across SparseTensors: rank prior to "
                f"SparseTensor[{i}] was: {rank} but rank of SparseTensor[{i}] is: {len(shape)}"
            )
    own = np.array(list(np.ndindex(lead)), np.int64)
    outer = np.repeat(own, [len(each) for _, each, _ in found], axis=0)
    indices = np.concatenate([each for each, _, _ in found])
    values = np.concatenate([each for _, each, _ in found])
    sizes = np.max([shape for _, _, shape in found], axis=0)
    shape = np.concatenate([np.array(lead, np.int64), sizes])
    return np.concatenate([outer, indices], axis=1), values, shape


def _array(packed: Any) -> Array:
    if isinstance(packed, np.ndarray):
        return packed
    try:
        proto = protos.TensorProto.FromString(packed)
    except message.DecodeError:
        raise invalid("Could not parse serialized proto") from None
    return tensor_proto.decode(proto)


# --- SerializeSparse ---------------------------------------------------------------------------


@op("SerializeSparse", T=ANY, out_type=_FORMS, outputs=("serialized_sparse",))
def serialize_sparse_op(
    sparse_indices: int64[N, R],
    sparse_values: T[N],
    sparse_shape: int64[R],
    *,
    out_type: DType = string_type,
) -> out_type:
    """Write a sparse tensor as three strings.

    Args:
        sparse_indices: int64[N, R].
        sparse_values: T[N].
        sparse_shape: int64[R].
        out_type: string or variant.

    Returns:
        out_type[3]: coordinates, values, sizes.

    Raises:
        InvalidArgumentError: if the parts do not fit together.

    Source: TensorFlow's op of the same name.
    """
    check_parts(sparse_indices, sparse_values, sparse_shape)
    return _packed((sparse_indices, sparse_values, sparse_shape), out_type)


@serialize_sparse_op.shape
def serialize_sparse_shape(
    sparse_indices: Shape, sparse_values: Shape, sparse_shape: Shape, *, out_type: DType
) -> Shape:
    known_parts(sparse_indices, sparse_values, sparse_shape)
    return Shape([3])


serialize_sparse_op.no_gradient("text has no slope")

# --- SerializeManySparse -----------------------------------------------------------------------


@op("SerializeManySparse", T=ANY, out_type=_FORMS, outputs=("serialized_sparse",))
def serialize_many_sparse_op(
    sparse_indices: int64[N, R],
    sparse_values: T[N],
    sparse_shape: int64[R],
    *,
    out_type: DType = string_type,
) -> out_type:
    """Write each slice of a sparse tensor along its first axis as three strings.

    Args:
        sparse_indices: int64[N, R], in row-major order, R > 1.
        sparse_values: T[N].
        sparse_shape: int64[R].
        out_type: string or variant.

    Returns:
        out_type[sparse_shape[0], 3]: coordinates, values, sizes of each slice.

    Raises:
        InvalidArgumentError: if the parts do not fit together, or coordinates are out of bounds or
            out of order.

    Source: TensorFlow's op of the same name.
    """
    parts = slices(sparse_indices, sparse_values, sparse_shape)
    found = np.empty((len(parts), 3), object)
    for i, each in enumerate(parts):
        found[i] = _packed(each, out_type)
    return found


@serialize_many_sparse_op.shape(values_of=("sparse_shape",))
def serialize_many_sparse_shape(
    sparse_indices: Shape,
    sparse_values: Shape,
    sparse_shape: tuple[Any, ...] | None,
    *,
    out_type: DType,
) -> Shape:
    known_parts(sparse_indices, sparse_values, sparse_shape)
    return Shape([sparse_shape[0] if sparse_shape else UNKNOWN, 3])


serialize_many_sparse_op.no_gradient("text has no slope")

# --- DeserializeSparse, DeserializeManySparse --------------------------------------------------


def _read(serialized: Array, dtype: DType) -> Parts:
    """Return one sparse tensor, with the leading axes of `serialized` before its own."""
    if not serialized.ndim or serialized.shape[-1] != 3:
        raise invalid(
            f"Serialized sparse should have 3 as the last dimension {text(serialized.shape)}"
        )
    lead = serialized.shape[:-1]
    if 0 in lead:
        raise invalid(
            "Serialized sparse should have at least 1 serialized tensor, but has a zero dimension "
            f"{text(serialized.shape)}"
        )
    rows = enumerate(serialized.reshape(-1, 3))
    return stacked([_unpacked(row, i, dtype) for i, row in rows], lead)


@op(
    "DeserializeSparse",
    Tserialized=_FORMS.default(string_type),
    outputs=("sparse_indices", "sparse_values", "sparse_shape"),
)
def deserialize_sparse_op(
    serialized_sparse: Tserialized, *, dtype: DType
) -> tuple[int64, dtype, int64]:
    """Read sparse tensors from triples of strings, and stack them.

    Args:
        serialized_sparse: string[..., 3]: coordinates, values, sizes.
        dtype: the values' type.

    Returns:
        sparse_indices: int64[N, R]; sparse_values: dtype[N]; sparse_shape: int64[R], the leading
        axes of the input, then the greatest sizes of the sparse tensors.

    Raises:
        InvalidArgumentError: if a string is not a tensor's, or types or ranks differ.

    Source: TensorFlow's op of the same name.
    """
    return _read(serialized_sparse, dtype)


@deserialize_sparse_op.shape
def deserialize_sparse_shape(serialized_sparse: Shape, *, dtype: DType) -> list[Shape]:
    if serialized_sparse.rank:
        must_equal(serialized_sparse[-1], 3)
    return [Shape.unknown(2), Shape.unknown(1), Shape.unknown(1)]


deserialize_sparse_op.no_gradient("text has no slope")


@op("DeserializeManySparse", outputs=("sparse_indices", "sparse_values", "sparse_shape"))
def deserialize_many_sparse_op(
    serialized_sparse: string[N, n], *, dtype: DType
) -> tuple[int64, dtype, int64]:
    """Read sparse tensors from rows of three strings, and stack them.

    Args:
        serialized_sparse: string[N, 3]: coordinates, values, sizes.
        dtype: the values' type.

    Returns:
        sparse_indices: int64[V, R]; sparse_values: dtype[V]; sparse_shape: int64[R], N, then the
        greatest sizes of the sparse tensors.

    Raises:
        InvalidArgumentError: if a string is not a tensor's, or types or ranks differ.

    Source: TensorFlow's op of the same name.
    """
    return _read(serialized_sparse, dtype)


@deserialize_many_sparse_op.shape
def deserialize_many_sparse_shape(serialized_sparse: Shape, *, dtype: DType) -> list[Shape]:
    return deserialize_sparse_shape(serialized_sparse, dtype=dtype)


deserialize_many_sparse_op.no_gradient("text has no slope")
