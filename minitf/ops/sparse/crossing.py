"""Crossed features: each combination of one value per column, as text or as a hash.

Source: TensorFlow's op of the same name; Pike, FarmHash (2014), for the fingerprints of text.
"""

import itertools
from typing import Any

import numpy as np

from minitf.dtypes import DType, int64, string, types
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.ops.sparse.coordinates import text
from minitf.ops.strings.fingerprints import MURMUR, WORD, farmhash64
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import List, N, R, S, TypeList, dense_types, out_type, sparse_types
from minitf.symbols import int64 as index

Array = np.ndarray[Any, Any]

_ELEMENTS = types("int64", "string")

# --- SparseCross -------------------------------------------------------------------------------


@op(
    "SparseCross",
    N=at_least(0),
    num_buckets=at_least(0),
    sparse_types=_ELEMENTS.at_least(0),
    dense_types=_ELEMENTS.at_least(0),
    out_type=_ELEMENTS,
    internal_type=_ELEMENTS,
    outputs=("output_indices", "output_values", "output_shape"),
)
def sparse_cross_op(
    indices: List[index[S, R], N],
    values: TypeList[sparse_types],
    shapes: List[index[R], N],
    dense_inputs: TypeList[dense_types],
    *,
    hashed_output: bool,
    num_buckets: int,
    hash_key: int,
    out_type: DType,
    internal_type: DType,
) -> tuple[index, out_type, index]:
    """Combine one value of each column in every way, row by row.

    The columns are the sparse inputs, then the dense ones.  Text is joined by "_X_"; a hash starts
    as `hash_key` and takes one value after the other in.

    Args:
        indices: N times int64[S, 2], in row-major order.
        values: N times int64[S] or string[S].
        shapes: N times int64[2], all with the same number of rows.
        dense_inputs: int64[rows, D] or string[rows, D].
        hashed_output: whether results are hashes, not text.
        num_buckets: hashes are taken mod this, if it is not 0.
        hash_key: where hashes start.
        out_type: int64 for hashes, string for text.
        internal_type: int64 if one of the inputs is.

    Returns:
        output_indices: int64[V, 2]; output_values: out_type[V], the last column's values change
        fastest; output_shape: int64[2]: rows, most combinations of a row.

    Raises:
        InvalidArgumentError: if the parts do not fit together.

    Source: TensorFlow's op of the same name.
    """
    _check(indices, values, shapes, dense_inputs, internal_type)
    count = int(shapes[0][0]) if shapes else len(dense_inputs[0]) if dense_inputs else 0
    columns = [_rows(places, each, count) for places, each in zip(indices, values, strict=True)]
    columns += [each.tolist() for each in dense_inputs]

    def cross(combination: tuple[Any, ...]) -> Any:
        if hashed_output:
            return _hash(combination, hash_key, num_buckets)
        return _joined(combination)

    found: list[Any] = []
    places: list[tuple[int, int]] = []
    for row in range(count):
        combinations = itertools.product(*(column[row] for column in columns))
        for place, combination in enumerate(combinations):
            found.append(cross(combination))
            places.append((row, place))
    widest = max((place + 1 for _, place in places), default=0)
    made = np.empty(len(found), out_type.numpy)
    made[:] = found
    return np.array(places, np.int64).reshape(-1, 2), made, np.array([count, widest], np.int64)


def _check(
    indices: list[Array],
    values: list[Array],
    shapes: list[Array],
    dense_inputs: list[Array],
    internal_type: DType,
) -> None:
    """Check that columns fit together, as TensorFlow does: places beyond the rows are ignored."""
    for i, (places, each, shape) in enumerate(zip(indices, values, shapes, strict=True)):
        if places.ndim != 2 or places.shape[1] != 2:
            raise invalid(f"Expected D2 of index to be 2 got {places.shape[-1]} at position {i}")
        if each.shape != (len(places),):
            raise invalid(
                f"Expected size of values to be {len(places)} got {each.size} at position {i}"
            )
        if shape.shape != (2,):
            raise invalid(f"Size of shape should be 2 but got {shape.size} at position {i}")
        if shape[0] != shapes[0][0]:
            raise invalid(f"Expected batch size {shapes[0][0]} got {shape[0]} at position {i}")
    for i, each in enumerate(dense_inputs):
        if each.ndim != 2:
            raise invalid(
                f"Dense inputs should be a matrix but received shape {text(each.shape)} at "
                f"position {i}"
            )
        size = shapes[0][0] if shapes else len(dense_inputs[0])
        if len(each) != size:
            raise invalid(f"Expected batch size {size} got {len(each)} at dense tensor {i}")
    if internal_type is string and any(each.dtype != object for each in (*values, *dense_inputs)):
        raise invalid(
            f"Input values should be of internal type {string.enum} but received {int64.enum}"
        )


def _rows(places: Array, values: Array, count: int) -> list[list[Any]]:
    rows: list[list[Any]] = [[] for _ in range(count)]
    for row, value in zip(places[:, 0].tolist(), values.tolist(), strict=True):
        if 0 <= row < count:
            rows[row].append(value)
    return rows


def _joined(values: tuple[Any, ...]) -> bytes:
    return b"_X_".join(each if isinstance(each, bytes) else b"%d" % each for each in values)


def _hash(values: tuple[Any, ...], key: int, buckets: int) -> int:
    found = key & WORD
    for each in values:
        word = farmhash64(each) if isinstance(each, bytes) else each & WORD
        found = (found ^ MURMUR ^ _mixed(word * MURMUR) * MURMUR) * MURMUR & WORD
        found = _mixed(_mixed(found) * MURMUR)
    return found % (buckets or int64.max)  # never negative as int64


def _mixed(word: int) -> int:
    word &= WORD
    return word ^ word >> 47


@sparse_cross_op.shape
def sparse_cross_shape(
    indices: list[Shape],
    values: list[Shape],
    shapes: list[Shape],
    dense_inputs: list[Shape],
    *,
    hashed_output: bool,
    num_buckets: int,
    hash_key: int,
    out_type: DType,
    internal_type: DType,
) -> list[Shape]:
    return [Shape([UNKNOWN, 2]), Shape([UNKNOWN]), Shape([2])]


sparse_cross_op.no_gradient("text and hashes have no slope")
