"""Indexing and picking build TensorFlow's graphs; their messages."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, fed

import minitf

X = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
K = np.arange(8, dtype=np.float32).reshape(4, 2)
MASK = np.array([[True, False], [False, True], [True, True], [False, False]])
newaxis = None


def x(tf):
    return fed(tf, X, [None, 3, 4])


def k(tf):
    return fed(tf, K)


def n(tf, value=1, dtype=np.int32):
    return fed(tf, np.array(value, dtype))


def of(make):
    return lambda tf: make(tf, x(tf))


INDICES = {
    "x[0]": lambda a: a[0],
    "x[1:]": lambda a: a[1:],
    "x[..., 0]": lambda a: a[..., 0],
    "x[:, newaxis]": lambda a: a[:, newaxis],
    "x[:, 1:5:2]": lambda a: a[:, 1:5:2],
    "x[::-1, -1]": lambda a: a[::-1, -1],
    "x[:, ::-2, -3:]": lambda a: a[:, ::-2, -3:],
    "x[newaxis, ..., newaxis, 1]": lambda a: a[newaxis, ..., newaxis, 1],
    "x[()]": lambda a: a[()],
    "x[:0]": lambda a: a[:0],
    "x[np.int64(1)]": lambda a: a[np.int64(1)],
}
GRAPHS = {f"{name}": lambda tf, i=index: i(x(tf)) for name, index in INDICES.items()}
GRAPHS |= {
    f"{name} of unknown rank": lambda tf, i=index: i(fed(tf, X, tf.TensorShape(None)))
    for name, index in INDICES.items()
}
GRAPHS |= {
    "x[n]": of(lambda tf, a: a[n(tf)]),
    "x[n, 1]": of(lambda tf, a: a[n(tf), 1]),
    "x[shape - 1]": of(lambda tf, a: a[tf.shape(a)[0] - 1]),
    "x[:, n]": of(lambda tf, a: a[:, n(tf)]),
    "shape[0]": of(lambda tf, a: tf.shape(a)[0]),
    "shape[1:]": of(lambda tf, a: tf.shape(a)[1:]),
    "x[constant]": of(lambda tf, a: a[tf.constant(1)]),
    "k[mask]": lambda tf: k(tf)[fed(tf, MASK)],
    "k[mask of rows]": lambda tf: k(tf)[fed(tf, MASK[:, 0])],
    "k[array of bools]": lambda tf: k(tf)[MASK],
    "strided_slice": of(lambda tf, a: tf.strided_slice(a, [0, 1], [2, 3], [1, 1])),
    "strided_slice with masks": of(
        lambda tf, a: tf.strided_slice(a, [0, 1], [2, 3], begin_mask=2, end_mask=1, name="s")
    ),
    "gather": lambda tf: tf.gather(k(tf), [0, 2]),
    "gather by tensors": lambda tf: tf.gather(k(tf), fed(tf, np.int32([[1, 0]]), [None, 2])),
    "gather along an axis": of(lambda tf, a: tf.gather(a, [[0, 1], [1, 0]], axis=1)),
    "gather along a tensor": of(lambda tf, a: tf.gather(a, [1], axis=n(tf))),
    "gather from the end": of(lambda tf, a: tf.gather(a, [1, 1], axis=-1, name="g")),
    "gather in a batch": lambda tf: tf.gather(k(tf), [[0], [1], [1], [0]], batch_dims=1),
    "gather of unknown rank": lambda tf: tf.gather(fed(tf, X, tf.TensorShape(None)), [1]),
    "gather_nd": lambda tf: tf.gather_nd(k(tf), [[0, 1], [3, 0]]),
    "gather_nd by tensors": of(
        lambda tf, a: tf.gather_nd(a, fed(tf, np.int64([[1, 2]]), [None, 2]))
    ),
    "scatter_nd": lambda tf: tf.scatter_nd([[0], [2], [0]], [1.0, 2.0, 3.0], [4]),
    "scatter_nd of slices": lambda tf: tf.scatter_nd(
        fed(tf, np.int32([[1], [0]]), [None, 1]), fed(tf, K[:2], [None, 2]), [4, 2]
    ),
    "tensor_scatter_update": lambda tf: tf.tensor_scatter_update(k(tf), [[0]], [[9.0, 8.0]]),
    "tensor_scatter_add": lambda tf: tf.tensor_scatter_add(k(tf), [[0], [0]], K[:2]),
    "tensor_scatter_sub": lambda tf: tf.tensor_scatter_sub(k(tf), [[0, 1]], [9.0]),
    "where": lambda tf: tf.where(fed(tf, MASK)),
    "where of a list": lambda tf: tf.where([True, False], name="w"),
    "where chooses": lambda tf: tf.where(fed(tf, MASK), k(tf), -k(tf)),
    "where chooses rows": lambda tf: tf.where(fed(tf, MASK[:, 0], [None]), k(tf), -K),
    "boolean_mask": lambda tf: tf.boolean_mask(k(tf), fed(tf, MASK)),
    "boolean_mask of rows": of(lambda tf, a: tf.boolean_mask(a, fed(tf, MASK[0], [None]))),
    "boolean_mask along an axis": of(
        lambda tf, a: tf.boolean_mask(a, [True, False, True], axis=1, name="b")
    ),
    "unique": lambda tf: tf.unique([3, 1, 3]),
    "unique of an unknown size": lambda tf: tf.unique(fed(tf, K[:, 0], [None]), tf.int64),
    "unique_with_counts": lambda tf: tf.unique_with_counts([3, 1, 3]),
    "setdiff1d": lambda tf: tf.setdiff1d([1, 2, 3], [2]),
    "dynamic_partition": lambda tf: tf.dynamic_partition(k(tf), [0, 1, 0, 1], 2),
    "dynamic_stitch": lambda tf: tf.dynamic_stitch(
        [fed(tf, np.int32([0, 2]), [None]), [1]], [k(tf)[:2], [[7.0, 7.0]]]
    ),
}


@pytest.mark.tensorflow
@pytest.mark.paper("O-02")
@pytest.mark.parametrize("name", GRAPHS)
def test_the_graph_is_tensorflows(name, tensorflow):
    assert_same_graph(tensorflow, GRAPHS[name])


def run(tensor):
    with minitf.Session() as session:
        return session.run(tensor)


def test_tensors_of_two_types_bound_a_slice():
    x = minitf.constant(K)
    start, stop = minitf.constant(1, minitf.int64), minitf.constant(3)

    assert run(x[start:stop]).tolist() == K[1:3].tolist()


def test_dimensions_are_indices():
    x = minitf.placeholder_with_default(K, [4, None])

    assert run(x[: x.shape[0], x.shape[1] :]).tolist() == K.tolist()
    assert run(x[x.shape[0] - 1]).tolist() == K[3].tolist()


def test_a_batch_of_coordinates_picks_from_its_own_member():
    indices = np.array([[[0], [2]], [[1], [1]]], np.int32)
    wanted = np.stack([X[i][indices[i, :, 0]] for i in range(2)])

    assert run(minitf.gather_nd(X, indices, batch_dims=1)).tolist() == wanted.tolist()
    assert run(minitf.batch_gather(X, indices[..., 0])).tolist() == wanted.tolist()


@pytest.mark.parametrize(
    "index", [1.5, "a", [0.5], (0, 1.0), minitf.constant([1, 2]), np.array([1, 2])], ids=str
)
def test_what_is_no_index_is_refused(index):
    x = minitf.zeros([4, 4])
    with pytest.raises(TypeError, match=r"Only integers, slices \(`:`\), ellipsis"):
        x[index]


def test_an_index_that_does_not_fit_is_refused_while_the_graph_is_built():
    x = minitf.zeros([2, 3])
    with pytest.raises(ValueError, match="slice index 2 of dimension 0 out of bounds") as error:
        x[2]
    assert "test_indexing.py" in str(error.value)
    with pytest.raises(ValueError, match="Index out of range using input dim 2"):
        x[0, 0, 0]


def test_what_masks_and_conditions_refuse():
    x = minitf.zeros([2, 3])
    with pytest.raises(ValueError, match="mask cannot be scalar"):
        minitf.boolean_mask(x, True)
    with pytest.raises(ValueError, match="Number of mask dimensions must be specified"):
        minitf.boolean_mask(x, minitf.placeholder(minitf.bool))
    with pytest.raises(ValueError, match=r"Shapes \(2,\) and \(3,\) are incompatible"):
        minitf.boolean_mask(x, [True] * 3)
    with pytest.raises(ValueError, match="x and y must both be non-None or both be None"):
        minitf.where([True], x)


def test_a_row_out_of_range_is_named_with_the_users_line():
    picked = minitf.gather(minitf.constant(K), minitf.constant([0, 9]))
    with pytest.raises(
        minitf.errors.InvalidArgumentError, match=r"indices\[1\] = 9 is not in \[0, 4\)"
    ) as error:
        run(picked)
    assert "picked = minitf.gather" in str(error.value)
