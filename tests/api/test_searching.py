"""The public functions that find and repeat elements: TensorFlow's graphs, NumPy's results."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from same_graph import assert_same_graph, fed

import minitf

ROWS = np.float32([[1, 2, 2, 4], [0, 1, 5, 6]])
VALUES = np.float32([[2, 9], [3, 1]])


GRAPHS = {
    "searchsorted": lambda tf: tf.searchsorted(fed(tf, ROWS), fed(tf, VALUES)),
    "searchsorted to the right": lambda tf: tf.searchsorted(
        fed(tf, ROWS, [None, 4]), fed(tf, VALUES), "right", tf.int64, name="s"
    ),
    "unravel_index": lambda tf: tf.unravel_index([5, 1], [2, 3]),
    "parallel_stack": lambda tf: tf.parallel_stack([fed(tf, ROWS), ROWS]),
    "where_v2": lambda tf: tf.where_v2([[True], [False]], fed(tf, ROWS), 0.0),
    "where_v2 of a condition": lambda tf: tf.where_v2(fed(tf, ROWS) > 1.0, name="w"),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", GRAPHS)
def test_the_graph_is_tensorflows(name, tensorflow):
    assert_same_graph(tensorflow, GRAPHS[name])


@given(st.data(), st.sampled_from([None, 0, 1, -1]), st.booleans(), st.booleans())
def test_repeat_is_numpys(data, axis, one, hidden):
    size = 6 if axis is None else (2, 3)[axis]
    count = st.integers(0, 3)
    repeats = data.draw(count if one else st.lists(count, min_size=size, max_size=size))
    x = np.arange(6).reshape(2, 3)
    with minitf.Graph().as_default(), minitf.Session() as session:
        fed_x = minitf.placeholder(minitf.int64, None if hidden and axis != -1 else [2, 3])
        found = session.run(minitf.repeat(fed_x, repeats, axis), {fed_x: x})

    np.testing.assert_array_equal(found, np.repeat(x, repeats, axis))


def test_a_scalar_is_repeated_to_a_vector():
    with minitf.Graph().as_default(), minitf.Session() as session:
        unknown = minitf.placeholder(minitf.int32)
        assert session.run(minitf.repeat(7, 3, axis=0)).tolist() == [7, 7, 7]
        assert session.run(minitf.repeat(unknown, 2, axis=0), {unknown: 7}).tolist() == [7, 7]


def test_what_finding_and_repeating_refuse():
    with pytest.raises(ValueError, match="side must be either 'right' or 'left'"):
        minitf.searchsorted(ROWS, VALUES, side="middle")
    with pytest.raises(TypeError, match="repeats must have an integer type"):
        minitf.repeat([1, 2], 1.5)
    with pytest.raises(TypeError, match="axis must be an int"):
        minitf.repeat([1, 2], 1, axis=0.5)
    with pytest.raises(ValueError, match="axis=1 out of bounds"):
        minitf.repeat([1, 2], 1, axis=1)
    with pytest.raises(ValueError, match="x and y must both be non-None or both be None"):
        minitf.where_v2([True], x=[1])
