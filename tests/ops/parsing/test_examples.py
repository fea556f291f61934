"""Examples become tensors: dense, sparse and ragged, with defaults and exact errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import dtypes, protos
from minitf.errors import InvalidArgumentError
from minitf.ops.parsing.examples import (
    parse_example_op,
    parse_example_v2_op,
    parse_single_example_op,
)
from minitf.shapes import UNKNOWN, Shape
from minitf.testing.example_cases import feature_of, scalars, texts

INTS, FLOATS, TEXT = "int64", "float32", "string"
NOTHING = {
    INTS: np.zeros(0, np.int64),
    FLOATS: np.zeros(0, np.float32),
    TEXT: np.zeros(0, object),
}


def example(**features):
    """An Example; each feature is (type, values)."""
    given_features = {key: feature_of(*each) for key, each in features.items()}
    return protos.Example(features=protos.Features(feature=given_features)).SerializeToString()


def batch(serialized, sparse=None, dense=None, names=()):
    """Sparse features by key: a type; dense ones: type, shape, default."""
    sparse, dense = sparse or {}, dense or {}
    defaults = [NOTHING[kind] if value is None else value for kind, _, value in dense.values()]
    return parse_example_op.body(
        texts(serialized),
        texts(names),
        scalars(sparse),
        scalars(dense),
        defaults,
        sparse_types=tuple(dtypes.as_dtype(kind) for kind in sparse.values()),
        dense_shapes=tuple(Shape(shape) for _, shape, _ in dense.values()),
    )


def single(serialized, sparse=None, dense=None):
    sparse, dense = sparse or {}, dense or {}
    defaults = [NOTHING[kind] if value is None else value for kind, _, value in dense.values()]
    return parse_single_example_op.body(
        texts([serialized], ()),
        defaults,
        num_sparse=len(sparse),
        sparse_keys=tuple(sparse),
        dense_keys=tuple(dense),
        sparse_types=tuple(dtypes.as_dtype(kind) for kind in sparse.values()),
        dense_shapes=tuple(Shape(shape) for _, shape, _ in dense.values()),
    )


A = example(i=(INTS, [1, 2]), f=(FLOATS, [0.5]), s=(TEXT, [b"x", b""]))
B = example(i=(INTS, [3, 4]), s=(TEXT, [b"y"]))
C = example()


# --- values --------------------------------------------------------------------------------------


def test_features_of_varying_length_become_sparse():
    indices, values, shapes, _ = batch([A, C, B], sparse={"s": TEXT, "f": FLOATS})

    assert indices[0].tolist() == [[0, 0], [0, 1], [2, 0]]
    assert values[0].tolist() == [b"x", b"", b"y"]
    assert shapes[0].tolist() == [3, 2]
    assert (indices[1].tolist(), values[1].tolist()) == ([[0, 0]], [0.5])
    assert shapes[1].tolist() == [3, 1]


def test_features_of_a_fixed_shape_become_dense_with_defaults_where_they_are_lacking():
    dense = {"i": (INTS, [2, 1], None), "f": (FLOATS, [], np.float32(7))}
    *_, values = batch([A, B], dense=dense)

    assert values[0].tolist() == [[[1], [2]], [[3], [4]]]
    assert values[1].tolist() == [0.5, 7]


def test_rows_are_padded_to_the_longest():
    dense = {"i": (INTS, [UNKNOWN, 2], np.int64(9)), "s": (TEXT, [UNKNOWN], np.array(b"-", object))}
    *_, (numbers, strings) = batch([A, C, B], dense=dense)

    assert numbers.tolist() == [[[1, 2]], [[9, 9]], [[3, 4]]]
    assert strings.tolist() == [[b"x", b""], [b"-", b"-"], [b"y", b"-"]]


def test_an_example_by_itself_has_no_batch():
    dense = {"i": (INTS, [2], None), "q": (FLOATS, [UNKNOWN], np.float32(0))}
    indices, values, shapes, found = single(A, sparse={"s": TEXT}, dense=dense)

    assert (indices[0].tolist(), values[0].tolist()) == ([[0], [1]], [b"x", b""])
    assert shapes[0].tolist() == [2]
    assert [each.tolist() for each in found] == [[1, 2], []]


def test_features_can_be_rows_with_splits():
    found = parse_example_v2_op.body(
        texts([A, C, B]),
        texts([]),
        texts([]),
        texts([]),
        texts(["s"]),
        [],
        num_sparse=0,
        sparse_types=(),
        ragged_value_types=(dtypes.string,),
        ragged_split_types=(dtypes.int32,),
        dense_shapes=(),
    )

    assert found[4][0].tolist() == [b"x", b"", b"y"]
    assert found[5][0].tolist() == [0, 2, 2, 3]
    assert found[5][0].dtype == np.int32


@given(st.lists(st.lists(st.integers(-(1 << 63), (1 << 63) - 1), max_size=5), max_size=5))
def test_sparse_values_are_the_features_row_by_row(rows):
    serialized = [example(i=(INTS, row)) for row in rows]
    (indices,), (values,), (shape,), _ = batch(serialized, sparse={"i": INTS})

    assert [list(each) for each in zip(*indices.T.tolist(), values.tolist(), strict=True)] == [
        [i, j, value] for i, row in enumerate(rows) for j, value in enumerate(row)
    ]
    assert shape.tolist() == [len(rows), max(map(len, rows), default=0)]


# --- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: batch([A, C], dense={"i": (INTS, [2], None)}),
            "Name: <unknown>, Feature: i (data type: int64) is required but could not be found.",
        ),
        (
            lambda: batch([A, C], dense={"i": (INTS, [2], None)}, names=["one", "two"]),
            "Name: two, Feature: i (data type: int64) is required but could not be found.",
        ),
        (
            lambda: single(C, dense={"i": (INTS, [2], None)}),
            "Feature: i (data type: int64) is required but could not be found.",
        ),
        (
            lambda: batch([B, A], dense={"s": (TEXT, [1], None)}),
            (
                "Name: <unknown>, Key: s, Index: 1.  Number of bytes values != expected.  Values "
                "size: 2 but output shape: [1]"
            ),
        ),
        (
            lambda: single(A, dense={"s": (TEXT, [1], None)}),
            "Key: s.  Can't parse serialized Example.",
        ),
        (
            lambda: batch([A], sparse={"i": FLOATS}),
            (
                "Name: <unknown>, Key: i, Index: 0.  Data types don't match. Expected type: float, "
                "Actual type: int64"
            ),
        ),
        (
            lambda: batch([A], dense={"i": (FLOATS, [2], None)}),
            (
                "Name: <unknown>, Key: i, Index: 0.  Data types don't match. Data type: int64 but "
                "expected type: float"
            ),
        ),
        (
            lambda: batch([A, B], dense={"s": (TEXT, [UNKNOWN, 2], np.array(b"", object))}),
            (
                "Name: <unknown>, Key: s, Index: 1.  Number of bytes values is not a multiple of "
                "stride length. Saw 1 values but output shape is: [?,2]"
            ),
        ),
        (
            lambda: single(B, dense={"s": (TEXT, [UNKNOWN, 2], np.array(b"", object))}),
            (
                "Error while parsing feature with key s: number of elements should be divisible by "
                "2, found 1 instead"
            ),
        ),
        (
            lambda: batch([A, b"abc"], sparse={"i": INTS}),
            "Could not parse example input, value: 'abc'",
        ),
        (
            lambda: batch([A], dense={"i": (INTS, [2], np.zeros(3, np.int64))}),
            "def_value[0].shape() == [3] is not compatible with dense_shapes_[0] == [2]",
        ),
        (
            lambda: batch([A], dense={"i": (INTS, [UNKNOWN], None)}),
            (
                "dense_shape[0] is a variable length shape: [?], therefore def_value[0] must "
                "contain a single element (the padding element).  But its shape is: [0]"
            ),
        ),
        (
            lambda: batch([A], dense={"i": (INTS, [UNKNOWN, 0], np.int64(0))}),
            "dense_shapes[0] has rows without values: [?,0]",
        ),
        (
            lambda: batch([A], dense={"i": (INTS, [2, UNKNOWN], None)}),
            "dense_shapes[0] has unknown rank or unknown inner dimensions: [2,?]",
        ),
        (
            lambda: batch([A, B], names=["one"], sparse={"i": INTS}),
            (
                "Expected names have the same shape as serialized: name.shape=[1], "
                "serialized.shape=[2]"
            ),
        ),
    ],
)
def test_what_does_not_fit_is_told_in_tensorflows_words(call, words):
    with pytest.raises(InvalidArgumentError) as told:
        call()

    assert str(told.value).split("\n")[0] == words


def test_a_malformed_feature_is_told_with_its_key_and_place():
    good = example(i=(INTS, [7]))
    cut = good[:-1] + b"\x87"  # the varint goes on, the list does not

    with pytest.raises(InvalidArgumentError, match=r"Key: i, Index: 1\.  Can't parse serialized"):
        batch([good, cut], sparse={"i": INTS})
    with pytest.raises(InvalidArgumentError, match=r"Key: i\.  Can't parse serialized Example"):
        single(cut, sparse={"i": INTS})
    assert batch([cut], sparse={"q": INTS})[2][0].tolist() == [1, 0]


@given(st.binary(max_size=80), st.sampled_from([INTS, FLOATS, TEXT]))
def test_any_bytes_are_read_or_refused(data, kind):
    for serialized in (data, A[: len(data)] + data, data + A):
        for call in (batch, lambda one, **wanted: single(one[0], **wanted)):
            try:
                call([serialized], sparse={"i": kind}, dense={"": (kind, [1], NOTHING[kind])})
            except InvalidArgumentError:
                continue
