"""Columns as TensorFlow's own tests ask them: by the names of 1.4, and with a state manager."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf import feature_column as fc
from minitf.feature_column.columns import Features, transform_features


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default():
        yield


def test_a_column_answers_under_both_names():
    price = fc.numeric_column("price", shape=[2])
    buckets = fc.bucketized_column(price, [0.0, 2.0])
    features = Features({"price": [[1.0, 3.0]]})

    assert price._parse_example_spec == price.parse_example_spec
    assert price._variable_shape == price.variable_shape
    assert price._var_scope_name == "price"
    assert price._get_dense_tensor(features) is features.get(price, None)
    assert price._transform_feature(features).shape == [1, 2]
    assert buckets._num_buckets == buckets.num_buckets == 6
    ids, weights = buckets._get_sparse_tensors(features)
    others = buckets.get_sparse_tensors(features, None)
    assert weights is others.weight_tensor is None
    with tf.Session() as session:
        got, same = session.run([ids, others.id_tensor])
    np.testing.assert_array_equal(got.values, [1, 5])
    np.testing.assert_array_equal(same.values, [1, 5])


def test_columns_transform_features():
    names = fc.categorical_column_with_identity("id", 3)
    words = {"id": tf.SparseTensor([[0, 0]], [2], [1, 1])}
    found = transform_features(words, [names], None)

    assert list(found) == [names]
    with tf.Session() as session:
        assert session.run(found[names]).values == [2]
    sequence = fc.sequence_numeric_column("x")
    steps = Features({"x": tf.SparseTensor([[0, 0], [0, 1]], [1.0, 2.0], [1, 2])})
    numbers, lengths = sequence._get_sequence_dense_tensor(steps)
    with tf.Session() as session:
        assert session.run(lengths).tolist() == [2]
        assert session.run(numbers).ravel().tolist() == [1, 2]
