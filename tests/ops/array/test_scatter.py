"""ScatterNd, TensorScatterUpdate, TensorScatterAdd, TensorScatterSub: cases, laws, messages."""

import numpy as np
import pytest
from array_cases import moving
from hypothesis import given
from hypothesis import strategies as st
from ops.array.test_indexing import coordinates
from strategies import real, shapes, whole

from minitf.errors import InvalidArgumentError
from minitf.ops.array.indexing import gather_nd_op
from minitf.ops.array.scatter import scatter_nd_op, tensor_scatter_update_op

TYPES = st.sampled_from([np.int32, np.int64, np.float32, np.float64, np.complex64])


@st.composite
def scatters(draw, *, into=False, unique=False):
    shape = draw(shapes(min_dims=1, max_dims=3, min_side=1))
    indices = draw(coordinates(shape, unique=True) if unique else coordinates(shape))
    size = (*indices.shape[:-1], *shape[indices.shape[-1] :])
    kind = draw(TYPES)
    fill = real if kind is np.float64 and unique else whole
    updates = draw(fill(size, kind))
    oracle = "" if indices.ndim > 1 and indices.shape[-1] else "it wants rows of coordinates"
    if into:
        return moving((draw(fill(shape, kind)), indices, updates), oracle=oracle)
    return moving((indices, updates, np.array(shape, indices.dtype)), oracle=oracle)


CASES = {
    "ScatterNd": scatters(),
    "TensorScatterUpdate": scatters(into=True, unique=True),
    "TensorScatterAdd": scatters(into=True),
    "TensorScatterSub": scatters(into=True),
}


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
    with pytest.raises(InvalidArgumentError, match=r"Must have updates.shape = indices.shape"):
        scatter_nd_op.body(two, np.zeros((2, 2)), np.array([3, 2]))
