"""ScatterNd, TensorScatterUpdate, TensorScatterAdd, TensorScatterSub: cases, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.array.indexing import gather_nd_op
from minitf.ops.array.scatter import scatter_nd_op, tensor_scatter_update_op
from minitf.testing.cases.array.indexing import coordinates
from minitf.testing.strategies import whole


@given(x=whole((3, 4)), data=st.data())
def test_gathering_what_was_scattered_gives_it_back(x, data):
    indices = data.draw(coordinates(x.shape, unique=True))
    updates = gather_nd_op.body(x, indices) + 1

    made = tensor_scatter_update_op.body(x, indices, updates)
    np.testing.assert_array_equal(gather_nd_op.body(made, indices), updates)


def test_updates_of_one_place_add_up():
    indices = np.array([[1], [1], [0]])

    made = scatter_nd_op.body(indices, np.array([1, 2, 3]), np.array([3]))
    assert made.tolist() == [3, 3, 0]


def test_what_scattering_refuses():
    two = np.array([[2]])
    with pytest.raises(
        InvalidArgumentError, match=r"indices\[0\] = \[2\] does not index into shape \[2\]"
    ):
        scatter_nd_op.body(two, np.array([1.0]), np.array([2]))
    with pytest.raises(InvalidArgumentError, match=r"The outer 1 dimensions of indices\.shape="):
        scatter_nd_op.body(two, np.zeros((2, 2)), np.array([3, 2]))
