"""The public functions of sparse tensors and of sets build TensorFlow's graphs; their messages."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, fed

import minitf

INDICES = np.array([[0, 0], [0, 2], [1, 1]], np.int64)
VALUES = np.float32([1, -2, 3])
X = np.arange(6, dtype=np.float32).reshape(2, 3)


def a(tf, values=VALUES, shape=(2, 3)):
    """Return a sparse tensor of known shape whose values only the run knows."""
    return tf.SparseTensor(INDICES, fed(tf, values), list(shape))


def u(tf):
    """Return a sparse tensor of unknown shape."""
    shape = fed(tf, np.array([2, 3], np.int64))
    return tf.SparseTensor(fed(tf, INDICES, [None, 2]), fed(tf, VALUES, [None]), shape)


def ids(tf, dtype=np.int64):
    return a(tf, np.array([1, 3, 0], dtype))


def x(tf):
    return fed(tf, X)


def parts(*made):
    """Return the Tensors that some results are made of."""
    found = []
    for each in made:
        is_sparse = hasattr(each, "dense_shape")
        found += [each.indices, each.values, each.dense_shape] if is_sparse else [each]
    return found


GRAPHS = {
    "a sparse tensor": lambda tf: parts(a(tf)),
    "a sparse placeholder": lambda tf: tf.sparse_placeholder(tf.float32, [2, 3]).dense_shape,
    "reorder": lambda tf: parts(tf.sparse.reorder(a(tf))),
    "reorder of unknown shape": lambda tf: parts(tf.sparse_reorder(u(tf), name="r")),
    "transpose": lambda tf: parts(tf.sparse.transpose(a(tf))),
    "transpose of unknown shape": lambda tf: parts(tf.sparse_transpose(u(tf), [1, 0])),
    "reshape": lambda tf: parts(tf.sparse.reshape(a(tf), [3, -1])),
    "reshape of unknown shape": lambda tf: parts(tf.sparse_reshape(u(tf), [3, 2], name="s")),
    "expand_dims": lambda tf: parts(tf.sparse.expand_dims(a(tf), 1)),
    "expand_dims of unknown shape": lambda tf: parts(tf.sparse.expand_dims(u(tf))),
    "reset_shape": lambda tf: parts(tf.sparse.reset_shape(u(tf))),
    "reset_shape to a known one": lambda tf: parts(tf.sparse_reset_shape(a(tf), [2, 9])),
    "concat": lambda tf: parts(tf.sparse.concat(1, [a(tf), a(tf)])),
    "concat of unknown shapes": lambda tf: parts(tf.sparse_concat(0, [u(tf), a(tf)], name="c")),
    "concat of one": lambda tf: parts(tf.sparse_concat(0, [a(tf)])),
    "concat that expands": lambda tf: parts(
        tf.sparse_concat(0, [u(tf), a(tf, shape=(2, 4))], expand_nonconcat_dim=True)
    ),
    "split": lambda tf: parts(*tf.sparse.split(sp_input=a(tf), num_split=2, axis=1)),
    "slice": lambda tf: parts(tf.sparse.slice(a(tf), [0, 1], [2, 2])),
    "retain": lambda tf: parts(tf.sparse.retain(a(tf), [True, False, True])),
    "eye": lambda tf: parts(tf.sparse.eye(2, 3)),
    "from_dense": lambda tf: parts(tf.sparse.from_dense(x(tf))),
    "to_dense": lambda tf: tf.sparse.to_dense(a(tf)),
    "to_dense with a default": lambda tf: tf.sparse_tensor_to_dense(a(tf), 7.0, name="d"),
    "sparse_to_dense": lambda tf: tf.sparse_to_dense([1, 3], [5], 1.0),
    "to_indicator": lambda tf: tf.sparse.to_indicator(ids(tf), 5),
    "to_indicator of int32": lambda tf: tf.sparse_to_indicator(ids(tf, np.int32), 5, name="i"),
    "merge": lambda tf: parts(tf.sparse.merge(ids(tf), a(tf), 5)),
    "merge of several": lambda tf: parts(
        tf.sparse_merge([ids(tf), ids(tf)], a(tf), [5, 6], already_sorted=True)
    ),
    "fill_empty_rows": lambda tf: parts(*tf.sparse.fill_empty_rows(u(tf), 9.0)),
    "serialize_sparse": lambda tf: tf.serialize_sparse(a(tf)),
    "serialize_many_sparse and back": lambda tf: parts(
        tf.io.deserialize_many_sparse(tf.io.serialize_many_sparse(a(tf)), tf.float32, rank=2)
    ),
    "add": lambda tf: parts(tf.sparse.add(a(tf), a(tf))),
    "add of unknown shapes": lambda tf: parts(tf.sparse_add(u(tf), a(tf), threshold=1)),
    "add a dense one": lambda tf: tf.sparse_add(x(tf), a(tf)),
    "matmul": lambda tf: tf.sparse.matmul(a(tf), fed(tf, X.T.copy())),
    "matmul of adjoints": lambda tf: tf.sparse_tensor_dense_matmul(
        a(tf), fed(tf, X[:, :2]), adjoint_a=True, adjoint_b=True
    ),
    "matmul with a dense one first": lambda tf: tf.sparse.sparse_dense_matmul(
        fed(tf, X.T.copy()), a(tf)
    ),
    "sparse_matmul": lambda tf: tf.sparse_matmul(x(tf), x(tf), transpose_b=True, a_is_sparse=True),
    "maximum": lambda tf: parts(tf.sparse.maximum(a(tf), a(tf))),
    "minimum": lambda tf: parts(tf.sparse_minimum(a(tf), u(tf), name="m")),
    "softmax": lambda tf: parts(tf.sparse.softmax(a(tf))),
    "reduce_sum": lambda tf: tf.sparse.reduce_sum(a(tf)),
    "reduce_sum along one": lambda tf: tf.sparse_reduce_sum(u(tf), 1, keepdims=True),
    "reduce_max": lambda tf: tf.sparse.reduce_max(a(tf), [0, 1]),
    "reduce_sum_sparse": lambda tf: parts(tf.sparse.reduce_sum_sparse(a(tf), 0)),
    "reduce_max_sparse": lambda tf: parts(tf.sparse_reduce_max_sparse(a(tf))),
    "times": lambda tf: parts(a(tf) * x(tf)),
    "times with a dense one first": lambda tf: parts(x(tf) * a(tf)),
    "over": lambda tf: parts(a(tf) / 2.0),
    "integers over": lambda tf: parts(ids(tf) / 2),
    "mask": lambda tf: (
        tf.sparse.mask(tf.IndexedSlices(x(tf), tf.constant([4, 7])), tf.constant([7])).values
    ),
    "cross_hashed": lambda tf: parts(tf.sparse.cross_hashed([ids(tf), x(tf)], 100)),
    "cross_hashed of text": lambda tf: parts(
        tf.sparse.cross_hashed([tf.constant([["a"], ["b"]]), ids(tf)], hash_key=7, name="h")
    ),
    "set size": lambda tf: tf.sets.size(ids(tf)),
    "union of dense ones": lambda tf: parts(tf.sets.union([[1, 2]], [[2, 3]])),
    "difference of dense and sparse": lambda tf: parts(
        tf.sets.set_difference(ids(tf), fed(tf, np.array([[1], [2]])))
    ),
    "intersection of sparse ones": lambda tf: parts(tf.sets.intersection(ids(tf), ids(tf))),
}


@pytest.mark.tensorflow
@pytest.mark.paper("O-08")
@pytest.mark.parametrize("name", GRAPHS)
def test_the_graph_is_tensorflows(name, tensorflow):
    assert_same_graph(tensorflow, GRAPHS[name])


# --- gradients -----------------------------------------------------------------------------------


def gradient(tf, make):
    values = fed(tf, VALUES)
    sparse = tf.SparseTensor(INDICES, values, [2, 3])
    dense = x(tf)
    found = tf.gradients(make(tf, sparse, dense), [values, dense])
    return [each for each in found if each is not None]


GRADIENTS = {
    "to_dense": lambda tf, s, d: tf.sparse_tensor_to_dense(s) * d,
    "add": lambda tf, s, d: tf.sparse_add(s, s).values,
    "add a dense one": lambda tf, s, d: tf.sparse_add(s, d) * d,
    "transpose": lambda tf, s, d: tf.sparse.to_dense(tf.sparse.transpose(s)) * tf.transpose(d),
    "slice": lambda tf, s, d: tf.sparse.slice(s, [0, 1], [2, 2]).values ** 2,
    "softmax": lambda tf, s, d: tf.sparse_softmax(s).values ** 2,
    "reduce_sum": lambda tf, s, d: tf.sparse_reduce_sum(s, 0) ** 2,
    "fill_empty_rows": lambda tf, s, d: tf.sparse.fill_empty_rows(s, 1.0)[0].values ** 2,
    "times": lambda tf, s, d: (s * d).values,
    "over": lambda tf, s, d: (s / (d + 1)).values,
    "matmul": lambda tf, s, d: tf.sparse_tensor_dense_matmul(s, tf.transpose(d)) ** 2,
    "matmul of adjoints": lambda tf, s, d: tf.sparse_tensor_dense_matmul(
        s, d[:, :2], adjoint_a=True, adjoint_b=True
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_are_tensorflows(name, tensorflow):
    found = []
    for tf in (minitf, tensorflow):
        with tf.Graph().as_default(), tf.Session() as session:
            grads = gradient(tf, GRADIENTS[name])
            found.append(session.run(grads, dict(tf.get_collection("feeds"))))

    assert len(found[0]) == len(found[1])
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


# --- a user's way through it ---------------------------------------------------------------------


def test_a_sparse_placeholder_takes_a_value_or_a_tuple_and_gives_a_value():
    p = minitf.sparse_placeholder(minitf.float32, [None, 3])
    doubled = p * 2.0
    value = minitf.SparseTensorValue(INDICES, VALUES, [2, 3])
    with minitf.Session() as session:
        for feed in (value, tuple(value)):
            got = session.run(doubled, {p: feed})

            assert isinstance(got, minitf.SparseTensorValue)
            assert got.values.tolist() == [2, -4, 6]
            assert got.dense_shape.tolist() == [2, 3]
        assert doubled.eval({p: value}, session).values.tolist() == [2, -4, 6]
        assert session.run([p.values, {"whole": p}], {p: value})[1]["whole"].values.size == 3


def test_a_sparse_tensor_knows_its_shape_and_its_consumers():
    known, unknown = a(minitf), u(minitf)

    assert known.get_shape().as_list() == known.shape.as_list() == [2, 3]
    assert unknown.shape.as_list() == [None, None]
    assert minitf.SparseTensor.from_value(known) is known
    reduced = minitf.sparse_reduce_sum(known)
    assert known.consumers() == [reduced.op]


def test_a_shape_that_only_the_run_knows_is_checked_in_the_run():
    old = u(minitf)
    wider = minitf.sparse_reset_shape(old, minitf.placeholder_with_default([2, 4], [2]))
    narrower = minitf.sparse_reset_shape(old, minitf.placeholder_with_default([2, 2], [2]))
    feeds = dict(minitf.get_collection("feeds"))
    with minitf.Session() as session:
        assert session.run(wider, feeds).dense_shape.tolist() == [2, 4]
        with pytest.raises(minitf.errors.InvalidArgumentError, match="x <= y"):
            session.run(narrower, feeds)


def test_columns_are_crossed_as_text():
    words = minitf.SparseTensor(INDICES, ["a", "b", "c"], [2, 3])
    with minitf.Session() as session:
        found = session.run(minitf.sparse.cross([words, minitf.constant([[1], [2]])]))

    assert found.values.tolist() == [b"a_X_1", b"b_X_1", b"c_X_2"]
    with pytest.raises(TypeError, match="All inputs must be SparseTensors"):
        minitf.sparse.cross([words, [[1], [2]]])


def test_what_is_not_sparse_is_said():
    dense = minitf.constant([[1.0]])
    with pytest.raises(TypeError, match="Input must be a SparseTensor"):
        minitf.sparse_reorder(dense)
    with pytest.raises(TypeError, match="At least one input should be SparseTensor"):
        minitf.sparse_add(dense, dense)
    with pytest.raises(TypeError, match="Expected `SparseTensor`"):
        minitf.sets.size(minitf.constant([[1]]))
    with pytest.raises(TypeError, match="unsupported operand"):
        a(minitf) + dense
    with pytest.raises(TypeError, match="Neither a SparseTensor nor SparseTensorValue"):
        minitf.SparseTensor.from_value(dense)


def test_arguments_that_do_not_fit_are_said():
    sparse = a(minitf)
    with pytest.raises(ValueError, match="Keyword arguments are required"):
        minitf.sparse_split(1, sparse, 2)
    with pytest.raises(ValueError, match="num_split is required"):
        minitf.sparse_split(sp_input=sparse, axis=0)
    with pytest.raises(ValueError, match="Cannot reshape a tensor with 6 elements"):
        minitf.sparse_reshape(sparse, [4])
    with pytest.raises(ValueError, match="At most one dimension can be inferred"):
        minitf.sparse_reshape(sparse, [-1, -1])
    with pytest.raises(ValueError, match="should have dimension sizes >="):
        minitf.sparse_reset_shape(sparse, [2, 2])
    with pytest.raises(ValueError, match="have to have equal lengths"):
        minitf.sparse_merge([ids(minitf)], sparse, [1, 2])
    with pytest.raises(TypeError, match="Types don't match"):
        minitf.sets.union(minitf.constant([[1]]), ids(minitf))
    with pytest.raises(TypeError, match="invalid dtype"):
        minitf.sets.union([[1.0]], [[2.0]])
