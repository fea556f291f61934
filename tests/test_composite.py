"""IndexedSlices and SparseTensor: parts that fit, conversion, running and feeding."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.composite import LARGE


def run(fetches, feeds=None):
    with tf.Session() as session:
        return session.run(fetches, feeds)


def slices(rows, indices, shape):
    return tf.IndexedSlices(tf.constant(rows), tf.constant(indices), tf.constant(shape))


@pytest.mark.paper("W-28")
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-8, 8)), max_size=6))
def test_slices_of_one_index_add_up(pairs):
    dense = np.zeros((4, 2), np.float32)
    for index, value in pairs:
        dense[index] += value
    with tf.Graph().as_default():
        made = slices(
            np.array([[value] * 2 for _, value in pairs], np.float32).reshape(-1, 2),
            np.array([index for index, _ in pairs], np.int32),
            [4, 2],
        )

        assert run(tf.convert_to_tensor(made)).tolist() == dense.tolist()


def test_an_op_takes_slices_as_the_tensor_that_they_are():
    made = slices([[1.0, 2.0]], [1], [2, 2])

    assert run(made.values + tf.negative(made)[1]).tolist() == [[0, 0]]
    assert run(-made).values.tolist() == [[-1, -2]]
    assert made.shape.as_list() == [2, 2]


def test_slices_of_an_unknown_shape_cannot_become_dense():
    with pytest.raises(ValueError, match="Tensor conversion requested for IndexedSlices without"):
        tf.convert_to_tensor(tf.IndexedSlices(tf.constant([1.0]), tf.constant([0])))


def test_large_slices_become_dense_with_a_warning():
    unknown = tf.placeholder(tf.int32, [1])
    with pytest.warns(UserWarning, match="to a dense Tensor of unknown shape. This may consume"):
        tf.convert_to_tensor(tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]), unknown))
    with pytest.warns(UserWarning, match=f"to a dense Tensor with {LARGE} elements"):
        tf.convert_to_tensor(slices([1.0], [0], [LARGE]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tf.convert_to_tensor(slices([1.0], [0], [LARGE - 1]))


def test_slices_of_another_type_are_refused():
    with pytest.raises(ValueError, match="requested dtype int32 for IndexedSlices with dtype"):
        tf.convert_to_tensor(slices([1.0], [0], [2]), tf.int32)


@pytest.mark.paper("O-05")
def test_a_sparse_tensor_is_run_and_fed_as_its_parts():
    x = tf.sparse_placeholder(tf.float32, [None, 3], name="x")
    doubled = tf.SparseTensor(x.indices, x.values * 2, x.dense_shape)
    value = tf.SparseTensorValue(np.array([[0, 2]]), np.array([5.0]), np.array([2, 3]))
    got = run(doubled, {x: value})

    assert x.shape.as_list() == [None, 3]
    assert isinstance(got, tf.SparseTensorValue)
    assert got.values.tolist() == [10]
    assert got.dense_shape.tolist() == [2, 3]


def test_a_sparse_tensor_evaluates_itself():
    made = tf.SparseTensor.from_value(tf.SparseTensorValue([[0, 0]], [1.0], [2, 2]))
    with tf.Session():
        assert made.eval().indices.tolist() == [[0, 0]]
    assert made.get_shape().as_list() == [2, 2]
    assert tf.SparseTensor.from_value(made) is made
    with pytest.raises(TypeError, match="Neither a SparseTensor nor SparseTensorValue"):
        tf.SparseTensor.from_value([1])


@pytest.mark.parametrize(
    ("indices", "values", "shape"),
    [([[0, 0]], [1.0, 2.0], [2, 2]), ([[0, 0]], [1.0], [2]), ([0], [1.0], [2])],
)
def test_parts_that_do_not_fit_are_refused(indices, values, shape):
    with pytest.raises(
        ValueError, match=r"Dimensions \d and \d are not compatible|Shape \(1,\) must have rank 2"
    ):
        tf.SparseTensor(indices, values, shape)


@pytest.mark.tensorflow
def test_the_parts_have_tensorflows_names(tensorflow):
    def names(api):
        with api.Graph().as_default() as graph:
            api.SparseTensor([[0, 0]], [1.0], [2, 2])
            api.sparse_placeholder(api.float32, [None, 3], name="known")
            api.sparse_placeholder(api.float32)
            api.string_split(["a b"])
            return sorted(op.name for op in graph.get_operations())

    assert names(tf) == names(tensorflow)


def test_casting_keeps_what_is_sparse():
    cast = tf.cast(tf.SparseTensor([[0]], [1.7], [2]), tf.int32)
    rows = tf.cast(slices([[1.7]], [0], [2, 1]), tf.int32)

    assert run(cast).values.tolist() == [1]
    assert run(rows).values.tolist() == [[1]]
