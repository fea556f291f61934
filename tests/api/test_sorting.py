"""tf.sort and tf.argsort: TensorFlow's graphs, NumPy's results, messages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from same_graph import assert_same_graph, fed

import minitf
from minitf.testing.strategies import whole

X = np.float32([[3, 1, 2], [0, 5, 4]])

GRAPHS = {
    "sort": lambda tf: tf.sort(fed(tf, X)),
    "sort of integers": lambda tf: tf.sort(fed(tf, X.astype(np.int32)), name="s"),
    "sort of the first dimension": lambda tf: tf.sort(fed(tf, X), 0, "DESCENDING"),
    "sort of unknown rank": lambda tf: tf.sort(fed(tf, X, tf.TensorShape(None)), axis=-2),
    "argsort": lambda tf: tf.argsort(fed(tf, X, [None, 3]), axis=0),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", GRAPHS)
def test_the_graph_is_tensorflows(name, tensorflow):
    assert_same_graph(tensorflow, GRAPHS[name])


@given(x=whole((2, 3, 2)), axis=st.integers(-3, 2), kind=st.sampled_from([np.int8, np.float32]))
def test_sorting_is_numpys(x, axis, kind):
    x = x.astype(kind)
    with minitf.Graph().as_default(), minitf.Session() as session:
        ascending, order = session.run([minitf.sort(x, axis), minitf.argsort(x, axis)])
        descending = session.run(minitf.sort(x, axis, "DESCENDING"))

    np.testing.assert_array_equal(ascending, np.sort(x, axis))
    np.testing.assert_array_equal(descending, np.flip(np.sort(x, axis), axis))
    np.testing.assert_array_equal(order, np.argsort(x, axis, kind="stable"))


@pytest.mark.parametrize("kind", [np.int8, np.uint8])
def test_the_least_integer_keeps_its_place(kind):
    limits = np.iinfo(kind)
    with minitf.Session() as session:
        made = session.run(minitf.sort(np.array([limits.max, limits.min, 1], kind)))

    assert made.tolist() == sorted([limits.min, 1, limits.max])


def test_what_sorting_refuses():
    with pytest.raises(ValueError, match="should be one of ASCENDING, DESCENDING"):
        minitf.sort(X, direction="UP")
    with pytest.raises(ValueError, match="axis must be a constant scalar"):
        minitf.argsort(X, axis=[0])
