"""Look-ups of sparse ids: worked sums of rows, TensorFlow's results, gradients, messages."""

from __future__ import annotations

import numpy as np
import pytest

import minitf

TABLE = np.float32([[0, 0], [1, 10], [2, 20], [3, 30], [4, 40]])


def ids(tf, values=(1, 3, 2)):
    return tf.SparseTensor([[0, 0], [0, 1], [1, 0]], tf.constant(values, tf.int64), [2, 2])


def weights(tf, values=(1.0, 3.0, 2.0)):
    return tf.SparseTensor([[0, 0], [0, 1], [1, 0]], tf.constant(values), [2, 2])


def run(tf, make):
    with tf.Graph().as_default(), tf.Session() as session:
        return session.run(make(tf))


@pytest.mark.parametrize(
    ("combiner", "weighted", "first"),
    [
        ("sum", False, [4, 40]),
        ("mean", False, [2, 20]),
        ("sqrtn", False, [4 / 2**0.5, 40 / 2**0.5]),
        ("sum", True, [10, 100]),
        ("mean", True, [2.5, 25]),
        ("sqrtn", True, [10 / 10**0.5, 100 / 10**0.5]),
    ],
)
def test_the_rows_of_an_example_are_combined(combiner, weighted, first):
    def make(tf):
        return tf.nn.embedding_lookup_sparse(
            TABLE, ids(tf), weights(tf) if weighted else None, combiner=combiner
        )

    np.testing.assert_allclose(run(minitf, make)[0], first, rtol=1e-6)


SAFE = {
    "zeros for empty rows": {},
    "a default for empty rows": {"default_id": 4},
    "weights": {"weighted": True},
    "weights of a sum": {"weighted": True, "combiner": "sum"},
    "a greatest norm": {"max_norm": 5.0},
    "parts": {"parts": 2},
    "parts in turn": {"parts": 2, "partition_strategy": "mod", "combiner": "sqrtn"},
}


@pytest.mark.tensorflow
@pytest.mark.paper("O-08")
@pytest.mark.parametrize("name", SAFE)
def test_safe_look_ups_are_tensorflows(name, tensorflow):
    options = dict(SAFE[name])
    weighted, parts = options.pop("weighted", False), options.pop("parts", 1)
    places = [[0, 0, 0], [0, 0, 1], [1, 1, 0], [1, 2, 0], [1, 2, 1]]

    def make(tf):
        table = [tf.constant(TABLE[:3]), tf.constant(TABLE[3:])] if parts > 1 else TABLE
        sparse = tf.SparseTensor(places, tf.constant([1, 3, -1, 2, 0], tf.int64), [2, 3, 2])
        weight = tf.SparseTensor(places, [1.0, 2.0, 1.0, -1.0, 0.5], [2, 3, 2])
        given = weight if weighted else None
        found = tf.nn.safe_embedding_lookup_sparse(table, sparse, given, **options)
        assert found.shape.as_list() in ([None, None, 2], [2, 3, 2])
        return found

    np.testing.assert_allclose(run(minitf, make), run(tensorflow, make), rtol=1e-6)


@pytest.mark.tensorflow
@pytest.mark.filterwarnings("ignore:Converting sparse IndexedSlices")
@pytest.mark.parametrize("combiner", ["sum", "mean", "sqrtn"])
@pytest.mark.parametrize("weighted", [False, True])
def test_gradients_are_tensorflows(combiner, weighted, tensorflow):
    def make(tf):
        table = tf.constant(TABLE)
        given = weights(tf) if weighted else None
        found = tf.nn.embedding_lookup_sparse(table, ids(tf, (1, 3, 1)), given, combiner=combiner)
        return tf.convert_to_tensor(tf.gradients(found**2, table)[0])

    np.testing.assert_allclose(run(minitf, make), run(tensorflow, make), rtol=1e-5)


def test_arguments_that_do_not_fit_are_said():
    sparse = ids(minitf)
    with pytest.raises(ValueError, match="combiner must be one of 'mean', 'sqrtn' or 'sum'"):
        minitf.nn.embedding_lookup_sparse(TABLE, sparse, None, combiner="max")
    with pytest.raises(TypeError, match="sp_ids must be SparseTensor"):
        minitf.nn.embedding_lookup_sparse(TABLE, [1], None)
    with pytest.raises(TypeError, match="sp_weights must be either None or SparseTensor"):
        minitf.nn.embedding_lookup_sparse(TABLE, sparse, [1.0])
    with pytest.raises(ValueError, match="Missing embedding_weights"):
        minitf.nn.safe_embedding_lookup_sparse([], sparse)
