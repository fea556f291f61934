"""Sums and greatest values along axes of sparse tensors: worked results, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.errors import InternalError, InvalidArgumentError
from minitf.testing.sparse_cases import sparse

CUBE = (
    np.array([[0, 0, 1], [0, 1, 0], [1, 0, 1], [1, 1, 1]]),
    np.float32([1, 2, 3, 4]),
    np.array([2, 2, 2]),
)


def reduce(kind, axes, parts=CUBE, **attrs):
    op = getattr(ops, f"sparse_reduce_{kind}_op")
    return op.body(*parts, np.array(axes, np.int32), **attrs)


def test_groups_are_summed():
    assert reduce("sum", [0]).tolist() == [[0, 4], [2, 4]]
    assert reduce("sum", [1, 2]).tolist() == [3, 7]
    assert reduce("sum", 1, keep_dims=True).tolist() == [[[2, 1]], [[0, 7]]]
    assert reduce("sum", [0, 1, 2]).tolist() == 10
    assert reduce("sum", [1, -2]).tolist() == [[2, 1], [0, 7]]  # twice the same axis


def test_only_listed_values_take_part():
    one = np.array([[0, 1]]), np.float32([-5]), np.array([2, 2])

    assert reduce("max", [0], one).tolist() == [0, -5]
    assert reduce("max_sparse", [0], one)[1].tolist() == [-5]


def test_a_sparse_result_lists_the_groups_that_have_values():
    indices, values, shape = reduce("sum_sparse", [0])

    assert indices.tolist() == [[0, 1], [1, 0], [1, 1]]
    assert values.tolist() == [4, 2, 4]
    assert shape.tolist() == [2, 2]
    assert reduce("max_sparse", [1], keep_dims=True)[0].tolist() == [
        [0, 0, 0],
        [0, 0, 1],
        [1, 0, 1],
    ]


@given(parts=sparse("int64", (2, 3, 2)), axes=st.sets(st.integers(0, 2)), keep=st.booleans())
def test_a_sum_is_the_sum_of_the_dense_form(parts, axes, keep):
    dense = ops.sparse_to_dense_op.body(parts[0], parts[2], parts[1], np.int64(0))

    np.testing.assert_array_equal(
        reduce("sum", sorted(axes), parts, keep_dims=keep),
        dense.sum(axis=tuple(axes), keepdims=keep),
    )


def test_what_cannot_be_reduced_is_said():
    with pytest.raises(InvalidArgumentError, match="Invalid reduction dimension 3, for input with"):
        reduce("sum", [3])
    with pytest.raises(InvalidArgumentError, match="reduction_axes to be a scalar or a vector"):
        reduce("max", [[0]])
    with pytest.raises(InternalError, match="write index of 7 which is outside of bounds"):
        reduce("sum", [0], (np.array([[0, 7]]), np.float32([1]), np.array([2, 2])))
