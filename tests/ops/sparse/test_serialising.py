"""Sparse tensors as strings: TensorFlow's bytes, round trips, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import dtypes, ops
from minitf.errors import InvalidArgumentError
from minitf.testing.array_cases import EVERY
from minitf.testing.sparse_cases import sparse

ONE = np.array([[0, 1], [1, 0]]), np.float32([1, 2]), np.array([2, 2])
OTHER = np.array([[0, 4]]), np.float32([7]), np.array([1, 9])


def write(parts, **attrs):
    return ops.serialize_sparse_op.body(*parts, **attrs)


def read(serialized, dtype=dtypes.float32):
    found = ops.deserialize_sparse_op.body(np.array(serialized, object), dtype=dtype)
    return [each.tolist() for each in found]


def test_the_values_are_written_as_tensorflow_writes_them():
    indices, values, shape = write(ONE)

    assert values == b'\x08\x01\x12\x04\x12\x02\x08\x02"\x08\x00\x00\x80?\x00\x00\x00@'
    assert indices.startswith(b'\x08\t\x12\x08\x12\x02\x08\x02\x12\x02\x08\x02" ')
    assert shape.endswith(b'"\x10' + np.array([2, 2]).tobytes())


def test_text_is_written_with_its_lengths_first():
    long = b"x" * 300
    parts = np.array([[0, 1], [1, 0]]), np.array([b"ab", long], object), np.array([2, 2])

    assert write(parts)[1].endswith(b"\x02\xac\x02ab" + long)


def test_sparse_tensors_are_stacked_with_the_greatest_sizes():
    both = [write(ONE), write(OTHER)]

    indices, values, shape = read(both)

    assert indices == [[0, 0, 1], [0, 1, 0], [1, 0, 4]]
    assert values == [1, 2, 7]
    assert shape == [2, 2, 9]
    assert read([both])[2] == [1, 2, 2, 9]


@given(
    parts=st.sampled_from(EVERY).flatmap(lambda name: sparse(name, (3, 2, 2), moved=True)),
    out_type=st.sampled_from([dtypes.string, dtypes.variant]),
)
def test_what_is_written_row_by_row_is_read_again(parts, out_type):
    rows = ops.serialize_many_sparse_op.body(*parts, out_type=out_type)
    kind = dtypes.by_numpy(parts[1].dtype)
    found = ops.deserialize_sparse_op.body(rows, dtype=kind)

    for one, other in zip(found, parts, strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_is_no_sparse_tensor_is_said():
    with pytest.raises(InvalidArgumentError, match="Could not parse serialized proto"):
        read([[b"x", b"y", b"z"]])
    with pytest.raises(InvalidArgumentError, match="should have 3 as the last dimension"):
        read([[b"x", b"y"]])
    with pytest.raises(InvalidArgumentError, match="has a zero dimension"):
        read(np.zeros((0, 3), object))
    with pytest.raises(InvalidArgumentError, match="Requested SparseTensor of type int32 but"):
        read(write(ONE), dtypes.int32)
    vector = np.array([[1]]), np.float32([1]), np.array([3])
    with pytest.raises(InvalidArgumentError, match="Inconsistent shape across SparseTensors"):
        read([write(ONE), write(vector)])


def test_a_batch_has_rows_in_order():
    write_many = ops.serialize_many_sparse_op.body
    with pytest.raises(InvalidArgumentError, match="should be > 1, but saw rank: 1"):
        write_many(np.array([[1]]), np.float32([1]), np.array([3]))
    with pytest.raises(InvalidArgumentError, match="is out of order"):
        write_many(ONE[0][::-1], *ONE[1:])
